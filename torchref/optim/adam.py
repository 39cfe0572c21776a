"""Adam: a mean of the gradients over the root of a mean of their squares."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import torch

from torchref.optim.arithmetic import lerp, mean_of_squares
from torchref.optim.elementwise import Elementwise


class Adam(Elementwise):
    """m ← β₁m + (1 - β₁)g    v ← β₂v + (1 - β₂)g²
    m̂ = m / (1 - β₁ᵗ)    v̂ = v / (1 - β₂ᵗ)    θ ← θ - γ m̂ / (√v̂ + ε)

    γ lr; the hats undo the pull of the zeros that m and v began with.
    weight_decay λ adds λθ to g first; decoupled, it shrinks θ by γλ instead
    (AdamW). amsgrad takes the largest v so far in place of v.
    Kingma & Ba, 2014; Reddi, Kale & Kumar, 2018 (amsgrad).
    """

    def __init__(
        self,
        params: Iterable,
        lr: float = 1e-3,
        betas: tuple[float, float] = (0.9, 0.999),
        eps: float = 1e-8,
        weight_decay: float = 0,
        amsgrad: bool = False,
        *,
        maximize: bool = False,
        decoupled_weight_decay: bool = False,
    ):
        super().__init__(
            params,
            dict(
                lr=lr,
                betas=betas,
                eps=eps,
                weight_decay=weight_decay,
                amsgrad=amsgrad,
                maximize=maximize,
                decoupled_weight_decay=decoupled_weight_decay,
            ),
        )

    def begin(self, p: torch.Tensor, group: dict[str, Any]) -> dict[str, Any]:
        state = {
            "step": torch.tensor(0.0),
            "exp_avg": torch.zeros_like(p),
            "exp_avg_sq": torch.zeros_like(p),
        }
        if group["amsgrad"]:
            state["max_exp_avg_sq"] = torch.zeros_like(p)
        return state

    def update(
        self,
        param,
        grad,
        state,
        *,
        step,
        lr,
        betas,
        eps,
        weight_decay,
        amsgrad,
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
        if amsgrad:
            largest = state["max_exp_avg_sq"]
            v = largest.copy_(torch.maximum(largest, v))
        root = v.sqrt() / (1 - beta2**step) ** 0.5 + eps
        param -= lr / (1 - beta1**step) * m / root
