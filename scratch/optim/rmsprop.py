"""RMSprop: the gradient in units of its own recent size."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from scratch.optim.arithmetic import (
    add_ratio,
    add_scaled,
    lerp,
    mean_of_squares,
    minus_square,
    plus_scaled,
    root_of,
)
from scratch.optim.checks import check, check_lr, check_switches
from scratch.optim.elementwise import Elementwise
from scratch.optim.state import scalar, zeros_like
from scratch.tensor import Tensor


class RMSprop(Elementwise):
    """v ← αv + (1 - α)g²    b ← μb + g / (√v + ε)    θ ← θ - γb

    γ lr, μ momentum. Centered: v less the square of the mean gradient, an
    estimate of the variance. weight_decay λ adds λθ to g first.
    Tieleman & Hinton, 2012 (lecture 6.5); centered: Graves, 2013.
    """

    def __init__(
        self,
        params: Iterable,
        lr: float | Tensor = 1e-2,
        alpha: float = 0.99,
        eps: float = 1e-8,
        weight_decay: float = 0,
        momentum: float = 0,
        centered: bool = False,
        capturable: bool = False,
        foreach: bool | None = None,
        maximize: bool = False,
        differentiable: bool = False,
    ):
        check_lr(lr)
        check(0.0 <= eps, "epsilon value", eps)
        check(0.0 <= momentum, "momentum value", momentum)
        check(0.0 <= weight_decay, "weight_decay value", weight_decay)
        check(0.0 <= alpha, "alpha value", alpha)
        check_switches(differentiable)
        super().__init__(params, dict(
            lr=lr, momentum=momentum, alpha=alpha, eps=eps, centered=centered,
            weight_decay=weight_decay, capturable=capturable, foreach=foreach,
            maximize=maximize, differentiable=differentiable))

    def begin(self, p: Tensor, group: dict[str, Any]) -> dict[str, Tensor]:
        state = {"step": scalar(), "square_avg": zeros_like(p)}
        if group["momentum"] > 0:
            state["momentum_buffer"] = zeros_like(p)
        if group["centered"]:
            state["grad_avg"] = zeros_like(p)
        return state

    def update(
        self, param, grad, state, *, lr, alpha, eps, weight_decay, momentum,
        centered, **_
    ):
        if weight_decay:
            grad = plus_scaled(grad, weight_decay, param, once=centered)
        v = state["square_avg"]
        # v - mean² may lose most digits: the rest must be those of torch
        mean_of_squares(v, grad, alpha, once=centered)
        if centered:
            mean = state["grad_avg"]
            lerp(mean, grad, 1 - alpha, once=True)
            v = minus_square(v, mean)
        root = root_of(v)
        root += eps
        if momentum > 0:
            b = state["momentum_buffer"]
            b *= momentum
            add_ratio(b, 1, grad, root)
            add_scaled(param, -lr, b)
        else:
            add_ratio(param, -lr, grad, root)
