"""Stochastic gradient descent, with momentum if asked."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import torch

from torchref.optim.elementwise import Elementwise


class SGD(Elementwise):
    """g ← ∇f(θ) + λθ    b ← μb + (1 - τ)g    θ ← θ - γb

    γ lr, μ momentum, τ dampening, λ weight_decay. Without momentum b is g;
    nesterov steps down g + μb, where b is about to lead.
    Robbins & Monro, 1951; Sutskever et al., 2013.
    """

    def __init__(
        self,
        params: Iterable,
        lr: float = 1e-3,
        momentum: float = 0,
        dampening: float = 0,
        weight_decay: float = 0,
        nesterov: bool = False,
        *,
        maximize: bool = False,
    ):
        super().__init__(
            params,
            dict(
                lr=lr,
                momentum=momentum,
                dampening=dampening,
                weight_decay=weight_decay,
                nesterov=nesterov,
                maximize=maximize,
            ),
        )

    def begin(self, p: torch.Tensor, group: dict[str, Any]) -> dict[str, Any]:
        if not group["momentum"]:
            return {}
        return {"momentum_buffer": torch.zeros_like(p)}

    def advance(self, state: Any, options: Any) -> dict[str, Any]:
        return {}

    def update(
        self,
        param,
        grad,
        state,
        *,
        lr,
        momentum,
        dampening,
        weight_decay,
        nesterov,
        first,
        **_,
    ):
        if weight_decay:
            grad = grad.add(param, alpha=weight_decay)
        if momentum:
            b = state["momentum_buffer"]
            b *= momentum
            b.add_(grad, alpha=1 if first else 1 - dampening)
            grad = grad.add(b, alpha=momentum) if nesterov else b
        param.add_(grad, alpha=-lr)
