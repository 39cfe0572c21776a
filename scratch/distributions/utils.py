"""What distributions share: parameters of one shape, probabilities, logits."""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import cached_property
from numbers import Number
from typing import Any

from ..dtypes import get_default_dtype
from ..limits import finfo
from ..modes import enable_grad
from ..ops.creation import empty, tensor, zeros
from ..ops.lift import broadcast_tensors
from ..ops.sequences import arange
from ..ops.softmax import softmax
from ..size import Size
from ..tensor import Tensor


def lazy_property(rule: Callable[[Any], Any]) -> Any:
    """A parameter that is worked out when first asked for."""

    def worked_out(self: Any) -> Any:
        with enable_grad():
            return rule(self)

    worked_out.__doc__ = rule.__doc__
    return cached_property(worked_out)


def broadcast_all(*values: Any) -> tuple[Tensor, ...]:
    """Parameters as tensors of one shape; numbers follow the first tensor."""
    if not all(isinstance(v, (Tensor, Number)) for v in values):
        raise ValueError(
            "Input arguments must all be instances of Number, torch.Tensor "
            "or objects implementing __torch_function__.")
    kinds = [v.dtype for v in values if isinstance(v, Tensor)]
    kind = kinds[0] if kinds else get_default_dtype()
    return tuple(broadcast_tensors(
        *[v if isinstance(v, Tensor) else tensor(v, dtype=kind)
          for v in values]))


def batch_of(parameter: Tensor, *given: Any) -> Size:
    """() if only numbers were given, else the shape of the parameter."""
    plain = all(isinstance(v, Number) for v in given)
    return Size() if plain else parameter.shape


def over_batch(values: Tensor, batch_shape: Size, expand: bool) -> Tensor:
    """Values (n,) along dimension 0, with or without the batch behind."""
    values = values.view(-1, *(1 for _ in batch_shape))
    return values.expand(-1, *batch_shape) if expand else values


def one_of(probs: Any, logits: Any) -> None:
    """Refuse both or neither."""
    if (probs is None) == (logits is None):
        raise ValueError(
            "Either `probs` or `logits` must be specified, but not both.")


def clamp_probs(probs: Tensor) -> Tensor:
    """Probabilities kept off 0 and 1, so that their logarithms are finite."""
    eps = finfo(probs.dtype).eps
    return probs.clamp(min=eps, max=1 - eps)


def logits_to_probs(logits: Tensor, is_binary: bool = False) -> Tensor:
    """σ(logits) of a coin, else softmax over the last dimension."""
    return logits.sigmoid() if is_binary else softmax(logits, dim=-1)


def probs_to_logits(probs: Tensor, is_binary: bool = False) -> Tensor:
    """log p - log(1 - p) of a coin, else log p."""
    p = clamp_probs(probs)
    return p.log() - (-p).log1p() if is_binary else p.log()


def standard_normal(shape: Any, like: Tensor) -> Tensor:
    """N(0, 1) in the dtype of another tensor."""
    return _standard_normal(shape, like.dtype, like.device)


def _standard_normal(shape: Any, dtype: Any, device: Any) -> Tensor:
    """The same in a given dtype: what other people's distributions call."""
    return empty(shape, dtype=dtype, device=device).normal_()


def sum_rightmost(value: Tensor, dim: int) -> Tensor:
    """The sum over the last `dim` dimensions."""
    if dim == 0:
        return value
    return value.reshape(*value.shape[:-dim], -1).sum(-1)


_sum_rightmost = sum_rightmost  # torch's name of it


def tril_matrix_to_vec(mat: Tensor, diag: int = 0) -> Tensor:
    """The entries below and on a diagonal: (*, n, n) -> (*, entries)"""
    n = mat.shape[-1]
    if not -n <= diag < n:
        raise ValueError(
            f"diag ({diag}) provided is outside [{-n}, {n - 1}].")
    return mat[..., lower(n, diag)]


def vec_to_tril_matrix(vec: Tensor, diag: int = 0) -> Tensor:
    """The opposite of tril_matrix_to_vec: zeros above."""
    # entries = n (n + 1) / 2 + … of diag, solved for n
    b = 1 + 2 * diag
    n = (-b + math.sqrt(b * b + 8 * vec.shape[-1]
                        + 4 * abs(diag) * (diag + 1))) / 2
    if round(n) - n > finfo(vec.dtype).eps:
        raise ValueError(
            f"The size of last dimension is {vec.shape[-1]} which cannot be "
            "expressed as the lower triangular part of a square D x D "
            "matrix.")
    size = round(n)
    mat = zeros((*vec.shape[:-1], size, size), dtype=vec.dtype)
    mat[..., lower(size, diag)] = vec
    return mat


def lower(n: int, diag: int) -> Tensor:
    """Which of n × n places lie below or on a diagonal."""
    i = arange(n)
    return i < i.view(-1, 1) + (diag + 1)
