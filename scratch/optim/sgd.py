"""Stochastic gradient descent, with momentum if asked."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from scratch.optim.arithmetic import add_scaled, is_tensor, plus_scaled
from scratch.optim.checks import (
    check_not_negative,
    check_one_number,
    check_switches,
)
from scratch.optim.elementwise import Elementwise
from scratch.optim.state import zeros_like
from scratch.tensor import Tensor


class SGD(Elementwise):
    """g ← ∇f(θ) + λθ    b ← μb + (1 - τ)g    θ ← θ - γb

    γ lr, μ momentum, τ dampening, λ weight_decay. Without momentum b is g;
    nesterov steps down g + μb, where b is about to lead.
    Robbins & Monro, 1951; Sutskever et al., 2013.
    """

    def __init__(
        self,
        params: Iterable,
        lr: float | Tensor = 1e-3,
        momentum: float = 0,
        dampening: float = 0,
        weight_decay: float | Tensor = 0,
        nesterov: bool = False,
        *,
        maximize: bool = False,
        foreach: bool | None = None,
        differentiable: bool = False,
        fused: bool | None = None,
    ):
        check_one_number(lr)
        check_not_negative("learning rate", lr)
        check_not_negative("momentum value", momentum)
        check_not_negative("weight_decay value", weight_decay)
        if nesterov and (momentum <= 0 or dampening != 0):
            raise ValueError(
                "Nesterov momentum requires a momentum and zero dampening"
            )
        check_switches(differentiable, foreach, fused)
        super().__init__(params, dict(
            lr=lr, momentum=momentum, dampening=dampening,
            weight_decay=weight_decay, nesterov=nesterov, maximize=maximize,
            foreach=foreach, differentiable=differentiable, fused=fused))

    def begin(self, p: Tensor, group: dict[str, Any]) -> dict[str, Tensor]:
        return {"momentum_buffer": zeros_like(p)} if group["momentum"] else {}

    def advance(self, state: Any, options: Any) -> dict[str, Any]:
        return {}

    def update(
        self, param, grad, state, *, lr, momentum, dampening, weight_decay,
        nesterov, first, **_
    ):
        if weight_decay:
            grad = plus_scaled(grad, weight_decay, param)
        if momentum:
            b = state["momentum_buffer"]
            b *= momentum
            # torch: the first gradient is not dampened, nor is it recorded
            start = grad.detach() if first and is_tensor(grad) else grad
            add_scaled(b, 1 if first else 1 - dampening, start)
            grad = plus_scaled(grad, momentum, b) if nesterov else b
        add_scaled(param, -lr, grad)
