"""The sums of arithmetic.py in recorded operations: differentiable=True.

A step that is recorded can be differentiated: by the gradients, by the
parameters before it, by a learning rate that is a tensor. What is written to
again in the next step is copied where a derivative will read it.
"""

from __future__ import annotations

from typing import Any

from scratch.tensor import Tensor


def lerp(mean: Tensor, x: Tensor, weight: Any) -> None:
    """mean ← mean + w (x - mean)"""
    mean.lerp_(x, weight)


def mean_of_squares(mean: Tensor, x: Tensor, beta: Any) -> None:
    """mean ← β mean + (1 - β) x²"""
    mean.mul_(beta).add_(x * x * (1 - beta))


def add_scaled(y: Tensor, a: Any, x: Tensor) -> None:
    """y ← y + a x"""
    y.add_(x.clone() * a if isinstance(a, Tensor) else x * a)


def plus_scaled(x: Tensor, a: Any, y: Tensor) -> Tensor:
    """x + a y"""
    return x + (y.clone() * a if isinstance(a, Tensor) else y * a)


def add_ratio(y: Tensor, a: Any, x: Tensor, z: Tensor) -> None:
    """y ← y + a x / z"""
    y.add_(x.clone() / z.clone() * a)


def root_of(x: Tensor) -> Tensor:
    """√x, a copy of its own: it is changed in place"""
    return x.clone().sqrt().clone()


def larger(y: Tensor, x: Tensor) -> Tensor:
    """y ← max(y, x)"""
    return y.copy_(y.clone().maximum(x.clone()))
