"""Adadelta: steps in the parameter's own units, without a rate to choose."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from scratch.optim.arithmetic import (
    add_scaled,
    mean_of_squares,
    plus_scaled,
    ratio_of,
    root_of,
    sum_of,
)
from scratch.optim.checks import check, check_lr, check_switches
from scratch.optim.elementwise import Elementwise
from scratch.optim.state import scalar, zeros_like
from scratch.tensor import Tensor


class Adadelta(Elementwise):
    """v ← ρv + (1 - ρ)g²    δ = √(u + ε) / √(v + ε) · g
    u ← ρu + (1 - ρ)δ²    θ ← θ - γδ

    γ lr; weight_decay λ adds λθ to g first.
    Zeiler, 2012.
    """

    def __init__(
        self,
        params: Iterable,
        lr: float | Tensor = 1.0,
        rho: float = 0.9,
        eps: float = 1e-6,
        weight_decay: float = 0,
        foreach: bool | None = None,
        *,
        capturable: bool = False,
        maximize: bool = False,
        differentiable: bool = False,
    ):
        check_lr(lr)
        check(0.0 <= rho <= 1.0, "rho value", rho)
        check(0.0 <= eps, "epsilon value", eps)
        check(0.0 <= weight_decay, "weight_decay value", weight_decay)
        check_switches(differentiable)
        super().__init__(params, dict(
            lr=lr, rho=rho, eps=eps, weight_decay=weight_decay,
            maximize=maximize, capturable=capturable, foreach=foreach,
            differentiable=differentiable))

    def begin(self, p: Tensor, group: dict[str, Any]) -> dict[str, Tensor]:
        return {
            "step": scalar(),
            "square_avg": zeros_like(p),
            "acc_delta": zeros_like(p),
        }

    def update(
        self, param, grad, state, *, lr, rho, eps, weight_decay, **_
    ):
        if weight_decay:
            grad = plus_scaled(grad, weight_decay, param)
        v, u = state["square_avg"], state["acc_delta"]
        mean_of_squares(v, grad, rho)
        root = root_of(sum_of(v, eps, "root"))
        delta = root_of(sum_of(u, eps, "delta"), "delta")
        delta = ratio_of(delta, root, "delta")
        delta *= grad
        mean_of_squares(u, delta, rho)
        add_scaled(param, -lr, delta)
