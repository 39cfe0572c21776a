"""Muon: momentum whose matrix is made orthogonal before each step."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from typing import Any

import torch

from torchref.optim.optimizer import Optimizer, loss_of


class Muon(Optimizer):
    """B ← μB + (1 - μ)g    O = NewtonSchulz((1 - μ)g + μB)
    θ ← θ - γλθ    θ ← θ - γ r O

    For matrices (N, M) only. γ lr, λ weight_decay, μ momentum; without
    nesterov O is of B. ns_coefficients (a, b, c) and ns_steps: from X of
    norm 1, X ← aX + (bXXᵀ + c(XXᵀ)²)X takes all singular values near to 1.
    adjust_lr_fn: r is √max(1, N/M) ("original", None), 0.2 √max(N, M)
    ("match_rms_adamw") or √(N/M) ("spectral_unclamped").
    Jordan et al., 2024; Liu et al., 2025.
    """

    def __init__(
        self,
        params: Iterable,
        lr: float = 1e-3,
        weight_decay: float = 0.1,
        momentum: float = 0.95,
        nesterov: bool = True,
        ns_coefficients: tuple[float, float, float] = (3.4445, -4.775, 2.0315),
        eps: float = 1e-7,
        ns_steps: int = 5,
        adjust_lr_fn: str | None = None,
    ):
        super().__init__(params, dict(
            lr=lr, weight_decay=weight_decay, momentum=momentum,
            nesterov=nesterov, ns_coefficients=ns_coefficients, eps=eps,
            ns_steps=ns_steps, adjust_lr_fn=adjust_lr_fn))

    @torch.no_grad()
    def step(self, closure: Callable | None = None) -> Any:
        """Change the parameters once, by their gradients."""
        loss = loss_of(closure)
        for group in self.param_groups:
            for p in group["params"]:
                if p.grad is not None:
                    state = self.state.setdefault(p, {})
                    state.setdefault("momentum_buffer", torch.zeros_like(p))
                    update(p, p.grad, state["momentum_buffer"], **group)
        return loss


def update(param: torch.Tensor, grad: torch.Tensor, mean: torch.Tensor, *,
           lr: float, weight_decay: float, momentum: float, nesterov: bool,
           ns_coefficients: tuple, eps: float, ns_steps: int,
           adjust_lr_fn: str | None, **_: Any) -> None:
    """Write one step into param and the mean of its gradients."""
    mean.lerp_(grad, 1 - momentum)
    ahead = grad.lerp(mean, momentum) if nesterov else mean
    step = orthogonal(ahead, ns_coefficients, ns_steps, eps)
    ratio = adjusted(adjust_lr_fn, *param.shape)
    param *= 1 - lr * weight_decay
    param -= lr * ratio * step.to(param.dtype)


def adjusted(adjust_lr_fn: str | None, rows: int, columns: int) -> float:
    """r: how far a matrix of this size goes"""
    if adjust_lr_fn == "match_rms_adamw":
        return 0.2 * math.sqrt(max(rows, columns))
    if adjust_lr_fn == "spectral_unclamped":
        return math.sqrt(rows / columns)
    return math.sqrt(max(1, rows / columns))


def orthogonal(matrix: torch.Tensor, coefficients: tuple, steps: int,
               eps: float) -> torch.Tensor:
    """U Vᵀ of matrix = U S Vᵀ, about: its singular values go near to 1"""
    a, b, c = coefficients
    x = matrix.to(torch.bfloat16)
    tall = x.shape[0] > x.shape[1]
    x = x.T if tall else x
    x = x / x.norm().clamp(min=eps)
    for _ in range(steps):
        gram = x @ x.T
        x = a * x + torch.addmm(gram, gram, gram, beta=b, alpha=c) @ x
    return x.T if tall else x
