"""Parametrizations that are ready: norms and orthogonal matrices."""

from __future__ import annotations

from typing import Any

from ...modes import no_grad
from ...ops.matmul import mv, vdot
from ...tensor import Tensor
from .. import functional as F
from ..module import Module
from ._orthogonal import MAPS, _Orthogonal
from .parametrize import register_parametrization
from .spectral_norm import as_matrix, output_dim
from .weight_norm import lengthened, norm_except_dim

__all__ = ["orthogonal", "spectral_norm", "weight_norm"]


class _WeightNorm(Module):
    """w = g v / ‖v‖ (Salimans & Kingma, 2016)"""

    def __init__(self, dim: int | None = 0):
        super().__init__()
        self.dim = -1 if dim is None else dim

    def forward(self, weight_g: Tensor, weight_v: Tensor) -> Tensor:
        return lengthened(weight_v, weight_g, self.dim)

    def right_inverse(self, weight: Tensor) -> tuple[Tensor, Tensor]:
        """Length and direction of a weight."""
        return norm_except_dim(weight, 2, self.dim), weight


def weight_norm(module: Any, name: str = "weight", dim: int = 0) -> Any:
    """The module with w = g v / ‖v‖, a norm for each index of `dim`

    original0 is g, original1 is v; dim=None: one norm for all.
    """
    register_parametrization(module, name, _WeightNorm(dim), unsafe=True)

    def rename(state_dict: dict, prefix: str, *rest: Any) -> None:
        """States of nn.utils.weight_norm are read, too."""
        old = [f"{prefix}{name}_g", f"{prefix}{name}_v"]
        if all(key in state_dict for key in old):
            for i, key in enumerate(old):
                new = f"{prefix}parametrizations.{name}.original{i}"
                state_dict[new] = state_dict.pop(key)

    module._register_load_state_dict_pre_hook(rename)
    return module


class _SpectralNorm(Module):
    """w / σ(w), σ the greatest singular value (Miyato et al., 2018)

    σ ≈ uᵀ W v; in training u and v come nearer with every look.
    """

    _u: Tensor
    _v: Tensor

    def __init__(self, weight: Tensor, n_power_iterations: int = 1,
                 dim: int = 0, eps: float = 1e-12):
        super().__init__()
        ndim = weight.ndim
        if not -ndim <= dim < ndim:
            raise IndexError(
                "Dimension out of range (expected to be in range of "
                f"[-{ndim}, {ndim - 1}] but got {dim})")
        if n_power_iterations <= 0:
            raise ValueError(
                "Expected n_power_iterations to be positive, but got "
                f"n_power_iterations={n_power_iterations}")
        self.dim, self.eps = dim % ndim, eps
        if ndim > 1:
            self.n_power_iterations = n_power_iterations
            matrix = as_matrix(weight, self.dim)
            u, v = (matrix.new_empty(n).normal_(0, 1) for n in matrix.shape)
            self.register_buffer("_u", F.normalize(u, dim=0, eps=eps))
            self.register_buffer("_v", F.normalize(v, dim=0, eps=eps))
            self._power_method(matrix, 15)

    def _power_method(self, matrix: Tensor, n_power_iterations: int) -> None:
        """u ← W v / ‖·‖,  v ← Wᵀ u / ‖·‖"""
        with no_grad():
            for _ in range(n_power_iterations):
                self._u.copy_(F.normalize(
                    mv(matrix, self._v), dim=0, eps=self.eps))
                self._v.copy_(F.normalize(
                    mv(matrix.mH, self._u), dim=0, eps=self.eps))

    def forward(self, weight: Tensor) -> Tensor:
        if weight.ndim == 1:
            return F.normalize(weight, dim=0, eps=self.eps)
        matrix = as_matrix(weight, self.dim)
        if self.training:
            self._power_method(matrix, self.n_power_iterations)
        u, v = self._u.clone(), self._v.clone()
        return weight / vdot(u, mv(matrix, v))

    def right_inverse(self, value: Tensor) -> Tensor:
        """The weight itself."""
        return value


def spectral_norm(module: Any, name: str = "weight",
                  n_power_iterations: int = 1, eps: float = 1e-12,
                  dim: int | None = None) -> Any:
    """The module with its weight divided by its greatest singular value"""
    weight = getattr(module, name, None)
    if not isinstance(weight, Tensor):
        raise ValueError(f"Module '{module}' has no parameter or buffer with "
                         f"name '{name}'")
    return register_parametrization(module, name, _SpectralNorm(
        weight, n_power_iterations, output_dim(module, dim), eps))


def orthogonal(module: Any, name: str = "weight",
               orthogonal_map: str | None = None, *,
               use_trivialization: bool = True) -> Any:
    """The module with a weight of orthonormal columns (rows if it is wide)

    orthogonal_map: "matrix_exp" (default of square and complex weights),
        "cayley" or "householder" (default of others): see _orthogonal.py
    use_trivialization: the map starts from the weight itself, kept as `base`
        (Lezcano-Casado, 2019)
    """
    weight = getattr(module, name, None)
    if not isinstance(weight, Tensor):
        raise ValueError(f"Module '{module}' has no parameter or buffer with "
                         f"name '{name}'")
    if weight.ndim < 2:
        raise ValueError("Expected a matrix or batch of matrices. Got a "
                         f"tensor of {weight.ndim} dimensions.")
    if orthogonal_map is None:
        square = weight.shape[-2] == weight.shape[-1]
        orthogonal_map = "matrix_exp" if square or weight.is_complex() else (
            "householder")
    if orthogonal_map not in MAPS:
        raise ValueError(
            'orthogonal_map has to be one of "matrix_exp", "cayley", '
            f'"householder". Got: {orthogonal_map}')
    register_parametrization(module, name, _Orthogonal(
        weight, orthogonal_map, use_trivialization=use_trivialization),
        unsafe=True)
    return module
