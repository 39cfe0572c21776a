"""Averaged SGD: a mean of the parameters on the way."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from scratch.optim.arithmetic import add_scaled, plus_scaled, sum_of
from scratch.optim.checks import check, check_lr, check_switches
from scratch.optim.elementwise import Elementwise
from scratch.optim.state import plain, scalar, zeros_like
from scratch.tensor import Tensor


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
        lr: float | Tensor = 1e-2,
        lambd: float = 1e-4,
        alpha: float = 0.75,
        t0: float = 1e6,
        weight_decay: float = 0,
        foreach: bool | None = None,
        maximize: bool = False,
        differentiable: bool = False,
        capturable: bool = False,
    ):
        check_lr(lr)
        check(0.0 <= lambd, "lambd value", lambd)
        check(0.0 <= alpha, "alpha value", alpha)
        check(0.0 <= weight_decay, "weight_decay value", weight_decay)
        check_switches(differentiable)
        super().__init__(params, dict(
            lr=lr, lambd=lambd, alpha=alpha, t0=t0, weight_decay=weight_decay,
            foreach=foreach, maximize=maximize, differentiable=differentiable,
            capturable=capturable))

    def begin(self, p: Tensor, group: dict[str, Any]) -> dict[str, Tensor]:
        return {
            "step": scalar(),
            "eta": scalar(plain(group["lr"])),
            "mu": scalar(1.0),
            "ax": zeros_like(p),
        }

    def advance(
        self, state: dict[str, Tensor], options: dict[str, Any]
    ) -> dict[str, Any]:
        """η and μ of this step; those of the next are put in their place."""
        step = super().advance(state, options)["step"]
        lr, lambd = plain(options["lr"]), options["lambd"]
        eta, mu = state["eta"].array, state["mu"].array
        now = {"eta": eta.item(), "mu": mu.item()}
        following = lr / (1 + lambd * lr * step) ** options["alpha"]
        # torch: rounded to the default dtype on the way
        eta[...] = scalar(following).array
        mu[...] = scalar(1 / max(1, step - options["t0"])).array
        return now

    def update(
        self, param, grad, state, *, eta, mu, lambd, weight_decay, **_
    ):
        if weight_decay:
            grad = plus_scaled(grad, weight_decay, param)
        param *= 1 - lambd * eta
        add_scaled(param, -eta, grad)
        mean = state["ax"]
        if mu == 1:
            mean[...] = param
        else:
            gap = sum_of(param, -mean, "gap")
            gap *= mu
            mean += gap
