"""Adamax: Adam with the largest recent gradient in place of the root."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import torch

from torchref.optim.arithmetic import lerp
from torchref.optim.elementwise import Elementwise


class Adamax(Elementwise):
    """m ← β₁m + (1 - β₁)g    u ← max(β₂u, |g| + ε)
    θ ← θ - γ / (1 - β₁ᵗ) · m / u

    γ lr; weight_decay λ adds λθ to g first.
    Kingma & Ba, 2014, section 7.
    """

    def __init__(
        self,
        params: Iterable,
        lr: float = 2e-3,
        betas: tuple[float, float] = (0.9, 0.999),
        eps: float = 1e-8,
        weight_decay: float = 0,
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
                maximize=maximize,
            ),
        )

    def begin(self, p: torch.Tensor, group: dict[str, Any]) -> dict[str, Any]:
        return {
            "step": torch.tensor(0.0),
            "exp_avg": torch.zeros_like(p),
            "exp_inf": torch.zeros_like(p),
        }

    def update(
        self, param, grad, state, *, step, lr, betas, eps, weight_decay, **_
    ):
        beta1, beta2 = betas
        if weight_decay:
            grad = grad.add(param, alpha=weight_decay)
        m, u = state["exp_avg"], state["exp_inf"]
        lerp(m, grad, 1 - beta1)
        size = grad.abs() + eps
        u.copy_(torch.maximum(beta2 * u, size))
        param -= lr / (1 - beta1**step) * m / u
