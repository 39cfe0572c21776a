"""Transforms of vectors and matrices: simplexes, Cholesky factors."""

from __future__ import annotations

import math
from typing import Any

from ..limits import finfo
from ..ops.activation import logsigmoid, softplus
from ..ops.linalg import cholesky
from ..ops.padding import pad
from ..ops.sequences import eye
from ..size import Size
from ..tensor import Tensor
from . import constraints
from .transform import Plain, Transform
from .utils import tril_matrix_to_vec, vec_to_tril_matrix


def clipped_sigmoid(x: Tensor) -> Tensor:
    """σ(x), kept off 0 and 1."""
    limits = finfo(x.dtype)
    return x.sigmoid().clamp(min=limits.tiny, max=1.0 - limits.eps)


def vector_shape(shape: Any) -> Size:
    """A shape of at least one dimension."""
    if len(shape) < 1:
        raise ValueError("Too few dimensions on input")
    return Size(shape)


class CorrCholeskyTransform(Transform):
    """x (*, n (n - 1) / 2) -> L (*, n, n), rows of length 1

    tanh x are shares of what is left of each row's length (LKJ, 2009).
    """

    domain = constraints.real_vector
    codomain = constraints.corr_cholesky
    bijective = True

    def _call(self, x: Tensor) -> Tensor:
        eps = finfo(x.dtype).eps
        r = vec_to_tril_matrix(x.tanh().clamp(min=-1 + eps, max=1 - eps), -1)
        left = (1 - r ** 2).sqrt().cumprod(-1)
        r = r + eye(r.shape[-1], dtype=r.dtype)
        return r * pad(left[..., :-1], [1, 0], value=1)

    def _inverse(self, y: Tensor) -> Tensor:
        left = 1 - (y * y).cumsum(-1)
        left = pad(left[..., :-1], [1, 0], value=1)
        t = tril_matrix_to_vec(y, -1) / tril_matrix_to_vec(left, -1).sqrt()
        return (t.log1p() - (-t).log1p()) / 2

    def log_abs_det_jacobian(self, x: Tensor, y: Tensor,
                             intermediates: Any = None) -> Tensor:
        left = tril_matrix_to_vec(1 - (y * y).cumsum(-1), -2)
        slope = -2 * (x + softplus(-2 * x) - math.log(2.0)).sum(-1)
        return 0.5 * left.log().sum(-1) + slope

    def forward_shape(self, shape: Any) -> Any:
        shape = vector_shape(shape)
        entries = shape[-1]
        n = round((0.25 + 2 * entries) ** 0.5 + 0.5)
        if n * (n - 1) // 2 != entries:
            raise ValueError(
                "Input is not a flattened lower-diagonal number")
        return shape[:-1] + (n, n)

    def inverse_shape(self, shape: Any) -> Any:
        if len(shape) < 2:
            raise ValueError("Too few dimensions on input")
        if shape[-2] != shape[-1]:
            raise ValueError("Input is not square")
        n = shape[-1]
        return Size(shape[:-2]) + (n * (n - 1) // 2,)


class SoftmaxTransform(Plain):
    """y = e^x / Σ e^x: the inverse, log y, is one of many"""

    domain = constraints.real_vector
    codomain = constraints.simplex

    def _call(self, x: Tensor) -> Tensor:
        y = (x - x.max(-1, keepdim=True)[0]).exp()
        return y / y.sum(-1, keepdim=True)

    def _inverse(self, y: Tensor) -> Tensor:
        return y.log()

    def forward_shape(self, shape: Any) -> Any:
        return vector_shape(shape)

    inverse_shape = forward_shape


class StickBreakingTransform(Plain):
    """x (*, K - 1) -> shares y (*, K): each σ(x) breaks off what is left"""

    domain = constraints.real_vector
    codomain = constraints.simplex
    bijective = True

    def _call(self, x: Tensor) -> Tensor:
        z = clipped_sigmoid(x - pieces(x).log())
        left = (1 - z).cumprod(-1)
        return pad(z, [0, 1], value=1) * pad(left, [1, 0], value=1)

    def _inverse(self, y: Tensor) -> Tensor:
        y = y[..., :-1]
        left = (1 - y.cumsum(-1)).clamp(min=finfo(y.dtype).tiny)
        return y.log() - left.log() + pieces(y).log()

    def log_abs_det_jacobian(self, x: Tensor, y: Tensor) -> Tensor:
        x = x - pieces(x).log()
        return (-x + logsigmoid(x) + y[..., :-1].log()).sum(-1)

    def forward_shape(self, shape: Any) -> Any:
        shape = vector_shape(shape)
        return shape[:-1] + (shape[-1] + 1,)

    def inverse_shape(self, shape: Any) -> Any:
        shape = vector_shape(shape)
        return shape[:-1] + (shape[-1] - 1,)


def pieces(x: Tensor) -> Tensor:
    """K - 1 … 1: into how many the rest of the stick is still to break."""
    n = x.shape[-1]
    return n + 1 - x.new_ones(n).cumsum(-1)


class LowerCholeskyTransform(Plain):
    """The diagonal e^x, what is above it 0"""

    domain = constraints.independent(constraints.real, 2)
    codomain = constraints.lower_cholesky

    def _call(self, x: Tensor) -> Tensor:
        return x.tril(-1) + x.diagonal(
            dim1=-2, dim2=-1).exp().diag_embed()

    def _inverse(self, y: Tensor) -> Tensor:
        return y.tril(-1) + y.diagonal(
            dim1=-2, dim2=-1).log().diag_embed()


class PositiveDefiniteTransform(Plain):
    """A = L Lᵀ, L of LowerCholeskyTransform"""

    domain = constraints.independent(constraints.real, 2)
    codomain = constraints.positive_definite

    def _call(self, x: Tensor) -> Tensor:
        y = LowerCholeskyTransform()(x)
        return y @ y.mT

    def _inverse(self, y: Tensor) -> Tensor:
        return LowerCholeskyTransform().inv(cholesky(y))
