"""Constraints of matrices: triangular, symmetric, positive definite."""

from __future__ import annotations

from ..dtypes import bool as boolean
from ..limits import finfo
from ..ops.comparison import isclose
from ..ops.creation import full
from ..ops.decompositions import eigvalsh
from ..ops.linalg import cholesky_ex
from ..ops.norms import vector_norm
from ..tensor import Tensor
from ._constraint import Constraint


class _LowerTriangular(Constraint):
    """Nothing above the diagonal."""

    event_dim = 2

    def check(self, value: Tensor) -> Tensor:
        return (value.tril() == value).flatten(-2).all(-1)


class _LowerCholesky(_LowerTriangular):
    """Lower triangular, the diagonal positive."""

    def check(self, value: Tensor) -> Tensor:
        lower = super().check(value)
        return lower & (value.diagonal(dim1=-2, dim2=-1) > 0).all(-1)


class _CorrCholesky(_LowerCholesky):
    """A Cholesky factor of a correlation matrix: rows of length 1."""

    def check(self, value: Tensor) -> Tensor:
        allowed = finfo(value.dtype).eps * value.size(-1) * 10
        length = vector_norm(value.detach(), dim=-1)
        near = (length - 1).abs() <= allowed
        return super().check(value) & near.all(-1)


class _Square(Constraint):
    """As many rows as columns."""

    event_dim = 2

    def check(self, value: Tensor) -> Tensor:
        return full(value.shape[:-2], value.shape[-2] == value.shape[-1],
                    dtype=boolean)


class _Symmetric(_Square):
    """A = Aᵀ"""

    def check(self, value: Tensor) -> Tensor:
        fits = super().check(value)
        if not fits.all():
            return fits
        return isclose(value, value.mT, atol=1e-6).all(-2).all(-1)


class _PositiveSemidefinite(_Symmetric):
    """xᵀAx ≥ 0"""

    def check(self, value: Tensor) -> Tensor:
        fits = super().check(value)
        return (eigvalsh(value) >= 0).all(-1) if fits.all() else fits


class _PositiveDefinite(_Symmetric):
    """xᵀAx > 0 for x ≠ 0: there is a Cholesky factor"""

    def check(self, value: Tensor) -> Tensor:
        fits = super().check(value)
        return cholesky_ex(value).info == 0 if fits.all() else fits
