"""Adamax: Adam with the largest recent gradient in place of the root."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from scratch.optim.arithmetic import (
    add_ratio,
    larger,
    lerp,
    plus_scaled,
    sum_of,
)
from scratch.optim.checks import check, check_betas, check_lr, check_switches
from scratch.optim.elementwise import Elementwise
from scratch.optim.state import scalar, zeros_like
from scratch.tensor import Tensor


class Adamax(Elementwise):
    """m ← β₁m + (1 - β₁)g    u ← max(β₂u, |g| + ε)
    θ ← θ - γ / (1 - β₁ᵗ) · m / u

    γ lr; weight_decay λ adds λθ to g first.
    Kingma & Ba, 2014, section 7.
    """

    def __init__(
        self,
        params: Iterable,
        lr: float | Tensor = 2e-3,
        betas: tuple[float, float] = (0.9, 0.999),
        eps: float = 1e-8,
        weight_decay: float = 0,
        foreach: bool | None = None,
        *,
        maximize: bool = False,
        differentiable: bool = False,
        capturable: bool = False,
    ):
        check_lr(lr)
        check(0.0 <= eps, "epsilon value", eps)
        check_betas(betas)
        check(0.0 <= weight_decay, "weight_decay value", weight_decay)
        check_switches(differentiable)
        super().__init__(params, dict(
            lr=lr, betas=betas, eps=eps, weight_decay=weight_decay,
            foreach=foreach, maximize=maximize, differentiable=differentiable,
            capturable=capturable))

    def begin(self, p: Tensor, group: dict[str, Any]) -> dict[str, Tensor]:
        return {
            "step": scalar(),
            "exp_avg": zeros_like(p),
            "exp_inf": zeros_like(p),
        }

    def update(
        self, param, grad, state, *, step, lr, betas, eps, weight_decay, **_
    ):
        beta1, beta2 = betas
        if weight_decay:
            grad = plus_scaled(grad, weight_decay, param)
        m, u = state["exp_avg"], state["exp_inf"]
        lerp(m, grad, 1 - beta1)
        u *= beta2
        larger(u, sum_of(abs(grad), eps, "size"))
        add_ratio(param, -(lr / (1 - beta1**step)), m, u)
