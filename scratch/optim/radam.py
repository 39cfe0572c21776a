"""RAdam: Adam that waits until its mean of squares can be trusted."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from scratch.optim.arithmetic import (
    lerp,
    mean_of_squares,
    plus_scaled,
    ratio_of,
    root_of,
)
from scratch.optim.checks import check, check_betas, check_lr, check_switches
from scratch.optim.elementwise import Elementwise
from scratch.optim.state import scalar, zeros_like
from scratch.tensor import Tensor


class RAdam(Elementwise):
    """ρ∞ = 2 / (1 - β₂) - 1    ρₜ = ρ∞ - 2t β₂ᵗ / (1 - β₂ᵗ)
    r = √((ρₜ - 4)(ρₜ - 2) ρ∞ / ((ρ∞ - 4)(ρ∞ - 2) ρₜ))
    θ ← θ - γ m̂ r / √v̂ once ρₜ > 5, before that θ ← θ - γ m̂

    m̂ and v̂ as in Adam, weight decay too; γ lr. ρₜ counts the samples in
    the mean of squares.
    Liu et al., 2019.
    """

    def __init__(
        self,
        params: Iterable,
        lr: float | Tensor = 1e-3,
        betas: tuple[float, float] = (0.9, 0.999),
        eps: float = 1e-8,
        weight_decay: float = 0,
        decoupled_weight_decay: bool = False,
        *,
        foreach: bool | None = None,
        maximize: bool = False,
        capturable: bool = False,
        differentiable: bool = False,
    ):
        check_lr(lr)
        check(0.0 <= eps, "epsilon value", eps)
        check_betas(betas)
        check(0.0 <= weight_decay, "weight_decay value", weight_decay)
        check_switches(differentiable)
        super().__init__(params, dict(
            lr=lr, betas=betas, eps=eps, weight_decay=weight_decay,
            maximize=maximize, foreach=foreach, capturable=capturable,
            decoupled_weight_decay=decoupled_weight_decay,
            differentiable=differentiable))

    def begin(self, p: Tensor, group: dict[str, Any]) -> dict[str, Tensor]:
        return {
            "step": scalar(),
            "exp_avg": zeros_like(p),
            "exp_avg_sq": zeros_like(p),
        }

    def update(
        self, param, grad, state, *, step, lr, betas, eps, weight_decay,
        decoupled_weight_decay, **_
    ):
        beta1, beta2 = betas
        if weight_decay and decoupled_weight_decay:
            param *= 1 - lr * weight_decay
        elif weight_decay:
            grad = plus_scaled(grad, weight_decay, param)
        m, v = state["exp_avg"], state["exp_avg_sq"]
        lerp(m, grad, 1 - beta1)
        mean_of_squares(v, grad, beta2)
        bias_correction2 = 1 - beta2**step
        rho_inf = 2 / (1 - beta2) - 1
        rho = rho_inf - 2 * step * beta2**step / bias_correction2
        change = ratio_of(m, 1 - beta1**step, "product")
        change *= lr
        if rho > 5.0:
            root = root_of(v)
            root += eps
            change *= bias_correction2**0.5 / root
            change *= rectification(rho, rho_inf)
        param -= change


def rectification(rho: float, rho_inf: float) -> float:
    """r = √((ρₜ - 4)(ρₜ - 2) ρ∞ / ((ρ∞ - 4)(ρ∞ - 2) ρₜ))"""
    above = (rho - 4) * (rho - 2) * rho_inf
    below = (rho_inf - 4) * (rho_inf - 2) * rho
    return (above / below) ** 0.5
