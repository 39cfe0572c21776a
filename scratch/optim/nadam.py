"""NAdam: Adam that looks ahead, as Nesterov's momentum does."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from scratch.optim.arithmetic import (
    add_ratio,
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


class NAdam(Elementwise):
    """μₜ = β₁(1 - ½ · 0.96^(tψ))    m, v and v̂ as in Adam
    m̂ = μₜ₊₁ m / (1 - μ₁…μₜ₊₁) + (1 - μₜ) g / (1 - μ₁…μₜ)
    θ ← θ - γ m̂ / (√v̂ + ε)

    γ lr, ψ momentum_decay; weight decay λ as in Adam, decoupled if asked.
    Dozat, 2016.
    """

    def __init__(
        self,
        params: Iterable,
        lr: float | Tensor = 2e-3,
        betas: tuple[float, float] = (0.9, 0.999),
        eps: float = 1e-8,
        weight_decay: float = 0,
        momentum_decay: float = 4e-3,
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
        check(0.0 <= momentum_decay, "momentum_decay value", momentum_decay)
        check_switches(differentiable)
        super().__init__(params, dict(
            lr=lr, betas=betas, eps=eps, weight_decay=weight_decay,
            momentum_decay=momentum_decay,
            decoupled_weight_decay=decoupled_weight_decay, maximize=maximize,
            foreach=foreach, capturable=capturable,
            differentiable=differentiable))

    def begin(self, p: Tensor, group: dict[str, Any]) -> dict[str, Tensor]:
        return {
            "step": scalar(),
            "mu_product": scalar(1.0),
            "exp_avg": zeros_like(p),
            "exp_avg_sq": zeros_like(p),
        }

    def advance(
        self, state: dict[str, Tensor], options: dict[str, Any]
    ) -> dict[str, Any]:
        """μₜ, μₜ₊₁ and the product μ₁…μₜ"""
        step = super().advance(state, options)["step"]
        beta1, decay = options["betas"][0], options["momentum_decay"]
        mu = beta1 * (1.0 - 0.5 * 0.96 ** (step * decay))
        mu_next = beta1 * (1.0 - 0.5 * 0.96 ** ((step + 1) * decay))
        state["mu_product"].array *= mu
        product = state["mu_product"].array.item()
        return dict(step=step, mu=mu, mu_next=mu_next, mu_product=product)

    def update(
        self, param, grad, state, *, step, mu, mu_next, mu_product, lr, betas,
        eps, weight_decay, decoupled_weight_decay, **_
    ):
        beta1, beta2 = betas
        if weight_decay and decoupled_weight_decay:
            param *= 1 - lr * weight_decay
        elif weight_decay:
            grad = plus_scaled(grad, weight_decay, param)
        m, v = state["exp_avg"], state["exp_avg_sq"]
        lerp(m, grad, 1 - beta1)
        mean_of_squares(v, grad, beta2)
        root = root_of(ratio_of(v, 1 - beta2**step, "root"))
        root += eps
        now = -lr * (1.0 - mu) / (1.0 - mu_product)
        add_ratio(param, now, grad, root)
        ahead = -lr * mu_next / (1.0 - mu_product * mu_next)
        add_ratio(param, ahead, m, root)
