"""RMSprop: the gradient in units of its own recent size."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import torch

from torchref.optim.arithmetic import lerp, mean_of_squares
from torchref.optim.elementwise import Elementwise


class RMSprop(Elementwise):
    """v ← αv + (1 - α)g²    b ← μb + g / (√v + ε)    θ ← θ - γb

    γ lr, μ momentum. Centered: v less the square of the mean gradient, an
    estimate of the variance. weight_decay λ adds λθ to g first.
    Tieleman & Hinton, 2012 (lecture 6.5); centered: Graves, 2013.
    """

    def __init__(
        self,
        params: Iterable,
        lr: float = 1e-2,
        alpha: float = 0.99,
        eps: float = 1e-8,
        weight_decay: float = 0,
        momentum: float = 0,
        centered: bool = False,
        *,
        maximize: bool = False,
    ):
        super().__init__(
            params,
            dict(
                lr=lr,
                momentum=momentum,
                alpha=alpha,
                eps=eps,
                centered=centered,
                weight_decay=weight_decay,
                maximize=maximize,
            ),
        )

    def begin(self, p: torch.Tensor, group: dict[str, Any]) -> dict[str, Any]:
        state = {"step": torch.tensor(0.0), "square_avg": torch.zeros_like(p)}
        if group["momentum"] > 0:
            state["momentum_buffer"] = torch.zeros_like(p)
        if group["centered"]:
            state["grad_avg"] = torch.zeros_like(p)
        return state

    def update(
        self,
        param,
        grad,
        state,
        *,
        lr,
        alpha,
        eps,
        weight_decay,
        momentum,
        centered,
        **_,
    ):
        if weight_decay:
            grad = grad.add(param, alpha=weight_decay)
        v = state["square_avg"]
        mean_of_squares(v, grad, alpha)
        if centered:
            mean = state["grad_avg"]
            lerp(mean, grad, 1 - alpha)
            root = v.addcmul(mean, mean, value=-1).sqrt()
        else:
            root = v.sqrt()
        root += eps
        if momentum > 0:
            b = state["momentum_buffer"]
            b *= momentum
            b += grad / root
            param.add_(b, alpha=-lr)
        else:
            param -= lr * grad / root
