"""Adagrad: a step for each parameter, smaller where slopes were steep."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import torch

from torchref.optim.elementwise import Elementwise
from torchref.optim.optimizer import full_like


class Adagrad(Elementwise):
    """s ← s + g²    θ ← θ - γ / (1 + (t - 1)η) · g / (√s + ε)

    γ lr, η lr_decay; weight_decay λ adds λθ to g first.
    Duchi, Hazan & Singer, 2011.
    """

    def __init__(
        self,
        params: Iterable,
        lr: float = 1e-2,
        lr_decay: float = 0,
        weight_decay: float = 0,
        initial_accumulator_value: float = 0,
        eps: float = 1e-10,
        *,
        maximize: bool = False,
    ):
        super().__init__(
            params,
            dict(
                lr=lr,
                lr_decay=lr_decay,
                eps=eps,
                weight_decay=weight_decay,
                initial_accumulator_value=initial_accumulator_value,
                maximize=maximize,
            ),
        )

    def begin(self, p: torch.Tensor, group: dict[str, Any]) -> dict[str, Any]:
        start = group["initial_accumulator_value"]
        return {"step": torch.tensor(0.0), "sum": full_like(p, start)}

    def update(
        self, param, grad, state, *, step, lr, lr_decay, weight_decay, eps, **_
    ):
        if weight_decay:
            grad = grad.add(param, alpha=weight_decay)
        s = state["sum"]
        s.addcmul_(grad, grad)
        root = s.sqrt() + eps
        param -= lr / (1 + (step - 1) * lr_decay) * grad / root
