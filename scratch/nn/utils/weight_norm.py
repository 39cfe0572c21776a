"""Weight normalization: length and direction are learned apart."""

from __future__ import annotations

import warnings
from typing import Any, TypeVar

from ...ops.operands import dim_of, named
from ...tensor import Tensor
from ..module import Module
from ..parameter import Parameter

__all__ = ["WeightNorm", "weight_norm", "remove_weight_norm"]

Some = TypeVar("Some", bound=Module)


def norm_except_dim(v: Tensor, pow: float = 2, dim: int = 0) -> Tensor:
    """The norm over all dimensions but one (-1: over all)"""
    if dim == -1:
        return v.norm(pow)
    kept = dim_of(dim, v.ndim)
    others = [d for d in range(v.ndim) if d != kept]
    return v.norm(pow, others, True) if others else v.abs()


def lengthened(v: Tensor, g: Tensor, dim: int) -> Tensor:
    """w = g v / ‖v‖"""
    y = v * (g / norm_except_dim(v, 2, dim))
    return named(y, "WeightNormInterfaceBackward0") if dim in (
        0, v.ndim - 1) else y


class WeightNorm:
    """Called before forward: w = g v / ‖v‖ (Salimans & Kingma, 2016)"""

    def __init__(self, name: str, dim: int | None):
        self.name, self.dim = name, -1 if dim is None else dim

    def compute_weight(self, module: Any) -> Tensor:
        """The weight of its length and its direction."""
        return lengthened(getattr(module, self.name + "_v"),
                          getattr(module, self.name + "_g"), self.dim)

    @staticmethod
    def apply(module: Any, name: str, dim: int | None) -> WeightNorm:
        """Replace the weight by its length `_g` and its direction `_v`."""
        warnings.warn(
            "`torch.nn.utils.weight_norm` is deprecated in favor of "
            "`torch.nn.utils.parametrizations.weight_norm`.",
            FutureWarning, stacklevel=3)
        for hook in module._forward_pre_hooks.values():
            if isinstance(hook, WeightNorm) and hook.name == name:
                raise RuntimeError("Cannot register two weight_norm hooks on "
                                   f"the same parameter {name}")
        norm = WeightNorm(name, dim)
        weight = getattr(module, name)
        del module._parameters[name]
        module.register_parameter(name + "_g", Parameter(
            norm_except_dim(weight, 2, norm.dim).data))
        module.register_parameter(name + "_v", Parameter(weight.data))
        setattr(module, name, norm.compute_weight(module))
        module.register_forward_pre_hook(norm)
        return norm

    def remove(self, module: Any) -> None:
        """The weight becomes a parameter again."""
        weight = self.compute_weight(module)
        delattr(module, self.name)
        for end in ("_g", "_v"):
            del module._parameters[self.name + end]
        setattr(module, self.name, Parameter(weight.data))

    def __call__(self, module: Any, inputs: Any) -> None:
        setattr(module, self.name, self.compute_weight(module))


def weight_norm(module: Some, name: str = "weight", dim: int = 0) -> Some:
    """w = g v / ‖v‖, a norm for each index of `dim` (None: one for all)"""
    WeightNorm.apply(module, name, dim)
    return module


def remove_weight_norm(module: Some, name: str = "weight") -> Some:
    """The weight becomes a parameter again."""
    for key, hook in module._forward_pre_hooks.items():
        if isinstance(hook, WeightNorm) and hook.name == name:
            hook.remove(module)
            del module._forward_pre_hooks[key]
            return module
    raise ValueError(f"weight_norm of '{name}' not found in {module}")
