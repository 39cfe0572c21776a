"""Clipping: gradients made smaller where they are too large."""

from __future__ import annotations

import types
import warnings
from collections.abc import Iterable
from typing import Any

import numpy as np

from ...tensor import Tensor, wrap

__all__ = ["clip_grad_norm", "clip_grad_norm_", "clip_grad_value_",
           "clip_grads_with_norm_", "get_total_norm"]


def norm(a: np.ndarray, p: float) -> np.ndarray:
    """‖a‖ₚ = (Σ |aᵢ|ᵖ)^(1/p), summed in float32 or wider"""
    wide = np.abs(a.astype(np.float32) if a.dtype == np.float16 else a)
    if p == np.inf:
        total = wide.max(initial=0)
    elif p == -np.inf:
        total = wide.min(initial=np.inf)
    elif p == 0:
        total = np.count_nonzero(wide)
    elif p == 2:
        total = np.sqrt((wide * wide).sum())
    else:
        total = (wide**p).sum() ** (1 / p)
    return np.asarray(total).astype(a.dtype)


def get_total_norm(tensors: Any, norm_type: float = 2.0,
                   error_if_nonfinite: bool = False,
                   foreach: bool | None = None) -> Tensor:
    """The norm of all tensors as one vector: the norm of their norms."""
    tensors = listed(tensors)
    norm_type = float(norm_type)
    if not tensors:
        return wrap(np.zeros((), np.float32))
    norms = [norm(x.array, norm_type) for x in tensors]
    total = norm(np.stack(norms), norm_type)
    if error_if_nonfinite and not np.isfinite(total):
        raise RuntimeError(
            f"The total norm of order {norm_type} for gradients from "
            "`parameters` is non-finite, so it cannot be clipped. To disable"
            " this error and scale the gradients by the non-finite norm "
            "anyway, set `error_if_nonfinite=False`")
    return wrap(total)


def clip_grads_with_norm_(parameters: Any, max_norm: float,
                          total_norm: Tensor,
                          foreach: bool | None = None) -> None:
    """g ← g · min(1, max_norm / (total_norm + 10⁻⁶))"""
    total = total_norm.array
    number = total.dtype.type
    scale = number(max_norm) / (total + number(1e-6))
    scale = np.minimum(scale, number(1))
    for g in gradients(listed(parameters)):
        g.array[...] = g.array * scale.astype(g.array.dtype)
        g.version[0] += 1


def clip_grad_norm_(parameters: Any, max_norm: float, norm_type: float = 2.0,
                    error_if_nonfinite: bool = False,
                    foreach: bool | None = None) -> Tensor:
    """Scale all gradients so that their norm together is ≤ max_norm.

    Returns the norm that they had.
    """
    generated = isinstance(parameters, types.GeneratorType)
    parameters = listed(parameters)
    if generated and not parameters:
        warnings.warn("`parameters` is an empty generator, no gradient "
                      "clipping will occur.", stacklevel=2)
    total = get_total_norm(gradients(parameters), norm_type,
                           error_if_nonfinite, foreach)
    clip_grads_with_norm_(parameters, max_norm, total, foreach)
    return total


def clip_grad_norm(parameters: Any, max_norm: float, norm_type: float = 2.0,
                   error_if_nonfinite: bool = False,
                   foreach: bool | None = None) -> Tensor:
    """clip_grad_norm_ by its old name"""
    warnings.warn("`torch.nn.utils.clip_grad_norm` is now deprecated in favor"
                  " of `torch.nn.utils.clip_grad_norm_`.", FutureWarning,
                  stacklevel=2)
    return clip_grad_norm_(parameters, max_norm, norm_type,
                           error_if_nonfinite, foreach)


def clip_grad_value_(parameters: Any, clip_value: float,
                     foreach: bool | None = None) -> None:
    """Every gᵢ ← min(max(gᵢ, -clip_value), clip_value)"""
    value = float(clip_value)
    for g in gradients(listed(parameters)):
        np.clip(g.array, -value, value, out=g.array)
        g.version[0] += 1


def listed(tensors: Tensor | Iterable[Tensor]) -> list[Tensor]:
    return [tensors] if isinstance(tensors, Tensor) else list(tensors)


def gradients(parameters: list[Tensor]) -> list[Tensor]:
    return [p.grad for p in parameters if p.grad is not None]
