"""Averaged SGD: a mean of the parameters on the way."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import torch

from torchref.optim.elementwise import Elementwise


class ASGD(Elementwise):
    """θ ← (1 - λη)θ - ηg    a ← a + μ(θ - a)
    η ← γ / (1 + λγt)^α    μ ← 1 / max(1, t - t₀)

    γ lr, λ lambd; the mean a is kept in state["ax"]. weight_decay adds its
    share of θ to g first.
    Polyak & Juditsky, 1992.
    """

    def __init__(
        self,
        params: Iterable,
        lr: float = 1e-2,
        lambd: float = 1e-4,
        alpha: float = 0.75,
        t0: float = 1e6,
        weight_decay: float = 0,
        *,
        maximize: bool = False,
    ):
        super().__init__(
            params,
            dict(
                lr=lr,
                lambd=lambd,
                alpha=alpha,
                t0=t0,
                weight_decay=weight_decay,
                maximize=maximize,
            ),
        )

    def begin(self, p: torch.Tensor, group: dict[str, Any]) -> dict[str, Any]:
        return {
            "step": torch.tensor(0.0),
            "eta": torch.tensor(float(group["lr"])),
            "mu": torch.tensor(1.0),
            "ax": torch.zeros_like(p),
        }

    def advance(
        self, state: dict[str, Any], options: dict[str, Any]
    ) -> dict[str, Any]:
        """η and μ of this step; those of the next are put in their place."""
        step = super().advance(state, options)["step"]
        lr, lambd = options["lr"], options["lambd"]
        eta, mu = state["eta"], state["mu"]
        now = {"eta": eta.item(), "mu": mu.item()}
        eta.fill_(lr / (1 + lambd * lr * step) ** options["alpha"])
        mu.fill_(1 / max(1, step - options["t0"]))
        return now

    def update(self, param, grad, state, *, eta, mu, lambd, weight_decay, **_):
        if weight_decay:
            grad = grad.add(param, alpha=weight_decay)
        param *= 1 - lambd * eta
        param.add_(grad, alpha=-eta)
        mean = state["ax"]
        if mu == 1:
            mean.copy_(param)
        else:
            mean += mu * (param - mean)
