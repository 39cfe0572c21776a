"""Spectral normalization: a weight over its greatest singular value."""

from __future__ import annotations

from typing import Any, TypeVar

from ...modes import no_grad
from ...ops.matmul import dot, mv
from ...tensor import Tensor
from .. import functional as F
from ..conv import ConvTranspose1d, ConvTranspose2d, ConvTranspose3d
from ..module import Module
from ..parameter import Parameter

__all__ = ["SpectralNorm", "spectral_norm", "remove_spectral_norm"]

Some = TypeVar("Some", bound=Module)


def output_dim(module: Module, dim: int | None) -> int:
    """The dimension that counts outputs: 1 for transposed convolutions"""
    if dim is not None:
        return dim
    return int(isinstance(
        module, (ConvTranspose1d, ConvTranspose2d, ConvTranspose3d)))


def as_matrix(weight: Tensor, dim: int) -> Tensor:
    """The weight as a matrix of `dim` by all the others"""
    if dim != 0:
        others = [d for d in range(weight.dim()) if d != dim]
        weight = weight.permute(dim, *others)
    return weight.reshape(weight.shape[0], -1)


class SpectralNorm:
    """Called before forward: w / σ(w) (Miyato et al., 2018)

    σ ≈ uᵀ W v; in training u and v come nearer with every call.
    """

    _version = 1

    def __init__(self, name: str = "weight", n_power_iterations: int = 1,
                 dim: int = 0, eps: float = 1e-12):
        if n_power_iterations <= 0:
            raise ValueError(
                "Expected n_power_iterations to be positive, but got "
                f"n_power_iterations={n_power_iterations}")
        self.name, self.dim, self.eps = name, dim, eps
        self.n_power_iterations = n_power_iterations

    def reshape_weight_to_matrix(self, weight: Tensor) -> Tensor:
        """The weight as a matrix of `dim` by all the others."""
        return as_matrix(weight, self.dim)

    def compute_weight(self, module: Any,
                       do_power_iteration: bool) -> Tensor:
        """w / σ(w), after steps v ← Wᵀ u / ‖·‖, u ← W v / ‖·‖"""
        weight = getattr(module, self.name + "_orig")
        u, v = (getattr(module, self.name + end) for end in ("_u", "_v"))
        matrix = as_matrix(weight, self.dim)
        with no_grad():
            for _ in range(do_power_iteration * self.n_power_iterations):
                v.copy_(F.normalize(mv(matrix.t(), u), dim=0, eps=self.eps))
                u.copy_(F.normalize(mv(matrix, v), dim=0, eps=self.eps))
        return weight / dot(u.clone(), mv(matrix, v.clone()))

    @staticmethod
    def apply(module: Any, name: str, n_power_iterations: int, dim: int,
              eps: float) -> SpectralNorm:
        """Replace the weight by `_orig` and the vectors `_u` and `_v`."""
        for hook in module._forward_pre_hooks.values():
            if isinstance(hook, SpectralNorm) and hook.name == name:
                raise RuntimeError("Cannot register two spectral_norm hooks "
                                   f"on the same parameter {name}")
        norm = SpectralNorm(name, n_power_iterations, dim, eps)
        weight = module._parameters[name]
        if weight is None:
            raise ValueError("`SpectralNorm` cannot be applied as parameter "
                             f"`{name}` is None")
        with no_grad():
            rows, columns = as_matrix(weight, dim).shape
            u, v = (F.normalize(weight.new_empty(n).normal_(0, 1), dim=0,
                                eps=eps) for n in (rows, columns))
        delattr(module, name)
        module.register_parameter(name + "_orig", weight)
        setattr(module, name, weight.data)
        module.register_buffer(name + "_u", u)
        module.register_buffer(name + "_v", v)
        module.register_forward_pre_hook(norm)
        module._register_state_dict_hook(VersionNote(norm))
        return norm

    def remove(self, module: Any) -> None:
        """The weight becomes a parameter again."""
        with no_grad():
            weight = self.compute_weight(module, False)
        for end in ("", "_u", "_v", "_orig"):
            delattr(module, self.name + end)
        module.register_parameter(self.name, Parameter(weight.detach()))

    def __call__(self, module: Any, inputs: Any) -> None:
        setattr(module, self.name,
                self.compute_weight(module, module.training))


class VersionNote:
    """Called by state_dict: notes the version of these entries, as torch."""

    def __init__(self, norm: SpectralNorm):
        self.norm = norm

    def __call__(self, module: Any, state_dict: dict, prefix: str,
                 local_metadata: dict) -> None:
        notes = local_metadata.setdefault("spectral_norm", {})
        notes[self.norm.name + ".version"] = self.norm._version


def spectral_norm(module: Some, name: str = "weight",
                  n_power_iterations: int = 1, eps: float = 1e-12,
                  dim: int | None = None) -> Some:
    """The module with its weight divided by σ, its greatest singular value"""
    SpectralNorm.apply(module, name, n_power_iterations,
                       output_dim(module, dim), eps)
    return module


def remove_spectral_norm(module: Some, name: str = "weight") -> Some:
    """The weight becomes a parameter again."""
    for key, hook in module._forward_pre_hooks.items():
        if isinstance(hook, SpectralNorm) and hook.name == name:
            hook.remove(module)
            del module._forward_pre_hooks[key]
            break
    else:
        raise ValueError(f"spectral_norm of '{name}' not found in {module}")
    for key, hook in module._state_dict_hooks.items():
        if isinstance(hook, VersionNote) and hook.norm.name == name:
            del module._state_dict_hooks[key]
            break
    return module
