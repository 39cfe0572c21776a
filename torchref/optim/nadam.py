"""NAdam: Adam that looks ahead, as Nesterov's momentum does."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import torch

from torchref.optim.arithmetic import lerp, mean_of_squares
from torchref.optim.elementwise import Elementwise


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
        lr: float = 2e-3,
        betas: tuple[float, float] = (0.9, 0.999),
        eps: float = 1e-8,
        weight_decay: float = 0,
        momentum_decay: float = 4e-3,
        decoupled_weight_decay: bool = False,
        *,
        maximize: bool = False,
    ):
        super().__init__(
            params,
            dict(
                lr=lr,
                betas=betas,
                eps=eps,
                weight_decay=weight_decay,
                momentum_decay=momentum_decay,
                maximize=maximize,
                decoupled_weight_decay=decoupled_weight_decay,
            ),
        )

    def begin(self, p: torch.Tensor, group: dict[str, Any]) -> dict[str, Any]:
        return {
            "step": torch.tensor(0.0),
            "mu_product": torch.tensor(1.0),
            "exp_avg": torch.zeros_like(p),
            "exp_avg_sq": torch.zeros_like(p),
        }

    def advance(
        self, state: dict[str, Any], options: dict[str, Any]
    ) -> dict[str, Any]:
        """μₜ, μₜ₊₁ and the product μ₁…μₜ"""
        step = super().advance(state, options)["step"]
        beta1, decay = options["betas"][0], options["momentum_decay"]
        mu = beta1 * (1.0 - 0.5 * 0.96 ** (step * decay))
        mu_next = beta1 * (1.0 - 0.5 * 0.96 ** ((step + 1) * decay))
        state["mu_product"] *= mu
        product = state["mu_product"].item()
        return dict(step=step, mu=mu, mu_next=mu_next, mu_product=product)

    def update(
        self,
        param,
        grad,
        state,
        *,
        step,
        mu,
        mu_next,
        mu_product,
        lr,
        betas,
        eps,
        weight_decay,
        decoupled_weight_decay,
        **_,
    ):
        beta1, beta2 = betas
        if weight_decay and decoupled_weight_decay:
            param *= 1 - lr * weight_decay
        elif weight_decay:
            grad = grad.add(param, alpha=weight_decay)
        m, v = state["exp_avg"], state["exp_avg_sq"]
        lerp(m, grad, 1 - beta1)
        mean_of_squares(v, grad, beta2)
        root = (v / (1 - beta2**step)).sqrt() + eps
        param -= lr * (1 - mu) / (1 - mu_product) * grad / root
        param -= lr * mu_next / (1 - mu_product * mu_next) * m / root
