"""Muon: momentum whose matrix is made orthogonal before each step."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from typing import Any

import numpy as np

from scratch.modes import no_grad
from scratch.optim.checks import check_one_number
from scratch.optim.optimizer import Optimizer, loss_of
from scratch.optim.state import plain, zeros_like
from scratch.tensor import Tensor

ADJUSTMENTS = ("original", "match_rms_adamw", "spectral_unclamped")


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
        lr: float | Tensor = 1e-3,
        weight_decay: float = 0.1,
        momentum: float = 0.95,
        nesterov: bool = True,
        ns_coefficients: tuple[float, float, float] = (3.4445, -4.775, 2.0315),
        eps: float = 1e-7,
        ns_steps: int = 5,
        adjust_lr_fn: str | None = None,
    ):
        check_one_number(lr)
        for words, value in (("Learning rate", lr), ("momentum", momentum),
                             ("weight decay", weight_decay)):  # fmt: skip
            if not 0.0 <= value:
                raise ValueError(f"{words} should be >= 0 but is: {value}")
        if adjust_lr_fn is not None and adjust_lr_fn not in ADJUSTMENTS:
            raise ValueError(
                f"Adjust learning rate function {adjust_lr_fn} is not supported"
            )
        super().__init__(params, dict(
            lr=lr, weight_decay=weight_decay, momentum=momentum,
            nesterov=nesterov, ns_coefficients=ns_coefficients, eps=eps,
            ns_steps=ns_steps, adjust_lr_fn=adjust_lr_fn))
        for p in (p for group in self.param_groups for p in group["params"]):
            if p.ndim != 2:
                raise ValueError(
                    "Muon only supports 2D parameters whereas we found a "
                    f"parameter with size: {p.size()}"
                )

    @no_grad()
    def step(self, closure: Callable | None = None) -> Any:
        """Change the parameters once, by their gradients."""
        loss = loss_of(closure)
        for group in self.param_groups:
            options = {k: plain(v) for k, v in group.items() if k != "params"}
            params = [p for p in group["params"] if p.grad is not None]
            if any(p.is_complex() for p in params):
                raise RuntimeError("Muon does not support complex parameters")
            for p in params:
                state = self.state[p]
                if "momentum_buffer" not in state:
                    state["momentum_buffer"] = zeros_like(p)
                with np.errstate(all="ignore"):
                    update(p.array, p.grad.array,
                           state["momentum_buffer"].array, **options)
                p.version[0] += 1
        return loss


def update(param: np.ndarray, grad: np.ndarray, mean: np.ndarray, *,
           lr: float, weight_decay: float, momentum: float, nesterov: bool,
           ns_coefficients: tuple, eps: float, ns_steps: int,
           adjust_lr_fn: str | None, **_: Any) -> None:
    """Write one step into param and the mean of its gradients."""
    number = param.dtype.type
    mean += number(1 - momentum) * (grad - mean)
    ahead = grad + number(momentum) * (mean - grad) if nesterov else mean
    step = orthogonal(ahead, ns_coefficients, ns_steps, eps)
    ratio = adjusted(adjust_lr_fn, *param.shape)
    param *= number(1 - lr * weight_decay)
    param -= number(lr * ratio) * step.astype(param.dtype)


def adjusted(adjust_lr_fn: str | None, rows: int, columns: int) -> float:
    """r: how far a matrix of this size goes"""
    if adjust_lr_fn == "match_rms_adamw":
        return 0.2 * math.sqrt(max(rows, columns))
    if adjust_lr_fn == "spectral_unclamped":
        return math.sqrt(rows / columns)
    return math.sqrt(max(1, rows / columns))


def orthogonal(matrix: np.ndarray, coefficients: tuple, steps: int,
               eps: float) -> np.ndarray:
    """U Vᵀ of matrix = U S Vᵀ, about: its singular values go near to 1"""
    if steps >= 100:
        raise ValueError("Number of steps must be less than 100 for "
                         "computational efficiency")
    if len(coefficients) != 3:
        raise ValueError("Coefficients must be a tuple of exactly 3 values")
    a, b, c = map(np.float32, coefficients)
    x = short(matrix.astype(np.float32))
    tall = x.shape[0] > x.shape[1]
    x = x.T if tall else x
    norm = short(np.sqrt(np.square(x).sum(dtype=np.float32)))
    x = short(x / np.maximum(norm, np.float32(eps)))
    for _ in range(steps):
        gram = short(x @ x.T)
        x = short(a * x + short(b * gram + c * (gram @ gram)) @ x)
    return x.T if tall else x


def short(x: np.ndarray) -> np.ndarray:
    """float32 numbers rounded to bfloat16, in which torch iterates here"""
    bits = np.ascontiguousarray(x, np.float32).view(np.uint32)
    even = (bits >> np.uint32(16)) & np.uint32(1)
    rounded = (bits + np.uint32(0x7FFF) + even) & np.uint32(0xFFFF0000)
    return np.where(np.isnan(x), x, rounded.view(np.float32)).reshape(
        np.shape(x))
