"""Adadelta: steps in the parameter's own units, without a rate to choose."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import torch

from torchref.optim.arithmetic import mean_of_squares
from torchref.optim.elementwise import Elementwise


class Adadelta(Elementwise):
    """v ← ρv + (1 - ρ)g²    δ = √(u + ε) / √(v + ε) · g
    u ← ρu + (1 - ρ)δ²    θ ← θ - γδ

    γ lr; weight_decay λ adds λθ to g first.
    Zeiler, 2012.
    """

    def __init__(
        self,
        params: Iterable,
        lr: float = 1.0,
        rho: float = 0.9,
        eps: float = 1e-6,
        weight_decay: float = 0,
        *,
        maximize: bool = False,
    ):
        super().__init__(
            params,
            dict(
                lr=lr,
                rho=rho,
                eps=eps,
                weight_decay=weight_decay,
                maximize=maximize,
            ),
        )

    def begin(self, p: torch.Tensor, group: dict[str, Any]) -> dict[str, Any]:
        return {
            "step": torch.tensor(0.0),
            "square_avg": torch.zeros_like(p),
            "acc_delta": torch.zeros_like(p),
        }

    def update(self, param, grad, state, *, lr, rho, eps, weight_decay, **_):
        if weight_decay:
            grad = grad.add(param, alpha=weight_decay)
        v, u = state["square_avg"], state["acc_delta"]
        mean_of_squares(v, grad, rho)
        root = (v + eps).sqrt()
        delta = (u + eps).sqrt() / root * grad
        mean_of_squares(u, delta, rho)
        param.add_(delta, alpha=-lr)
