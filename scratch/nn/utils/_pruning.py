"""What every way of pruning shares: a mask, a hook, one after another."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator
from typing import Any

from ...layouts import contiguous_format
from ...ops.creation import ones_like
from ...tensor import Tensor


class BasePruningMethod(ABC):
    """A way to choose a mask, and the hook that applies it.

    A subclass writes compute_mask(t, default_mask) and says in PRUNING_TYPE
    whether it looks at single numbers ("unstructured"), at whole slices of
    one dimension `dim` ("structured") or at everything ("global").
    """

    PRUNING_TYPE: str
    _tensor_name: Any

    def __call__(self, module: Any, inputs: Any) -> None:
        setattr(module, self._tensor_name, self.apply_mask(module))

    @abstractmethod
    def compute_mask(self, t: Tensor, default_mask: Tensor) -> Tensor:
        """The mask for t, zero wherever default_mask is."""

    def apply_mask(self, module: Any) -> Tensor:
        """The weight times its mask."""
        if self._tensor_name is None:
            raise AssertionError(f"Module {module} has to be pruned")
        mask = getattr(module, self._tensor_name + "_mask")
        orig = getattr(module, self._tensor_name + "_orig")
        return mask.to(dtype=orig.dtype) * orig

    @classmethod
    def apply(cls, module: Any, name: str, *args: Any,
              importance_scores: Tensor | None = None, **kwargs: Any) -> Any:
        """Prune a parameter by cls(*args, **kwargs), which is returned.

        importance_scores: numbers by which to choose instead of the weight's
        """
        before = hooks_of(module, name)
        method = joined(cls(*args, **kwargs), name, before)
        orig = getattr(module, name)
        scores = orig if importance_scores is None else importance_scores
        check_scores(scores, orig, f"parameter {name} of {module}")
        first = not isinstance(method, PruningContainer)
        if first:
            module.register_parameter(name + "_orig", orig)
            del module._parameters[name]
            default_mask = ones_like(orig)
        else:
            default_mask = getattr(module, name + "_mask").detach().clone(
                memory_format=contiguous_format)
        try:
            mask = method.compute_mask(scores, default_mask=default_mask)
            module.register_buffer(name + "_mask", mask)
            setattr(module, name, method.apply_mask(module))
        except Exception:
            if first:
                module.register_parameter(name, orig)
                del module._parameters[name + "_orig"]
            raise
        for key, _ in before:
            del module._forward_pre_hooks[key]
        module.register_forward_pre_hook(method)
        return method

    def prune(self, t: Tensor, default_mask: Tensor | None = None,
              importance_scores: Tensor | None = None) -> Tensor:
        """t pruned, without a module."""
        scores = t if importance_scores is None else importance_scores
        check_scores(scores, t, "tensor t")
        mask = ones_like(t) if default_mask is None else default_mask
        return t * self.compute_mask(scores, default_mask=mask)

    def remove(self, module: Any) -> None:
        """Make the pruned weight a parameter: nothing comes back."""
        name = self._tensor_name
        if name is None:
            raise AssertionError(f"Module {module} has to be pruned before "
                                 "pruning can be removed")
        weight = self.apply_mask(module)
        if hasattr(module, name):
            delattr(module, name)
        orig = module._parameters.pop(name + "_orig")
        orig.data = weight.data
        del module._buffers[name + "_mask"]
        setattr(module, name, orig)


def hooks_of(module: Any, name: str) -> list:
    """(key, method) of every pruning of a module's parameter."""
    return [(key, hook) for key, hook in module._forward_pre_hooks.items()
            if isinstance(hook, BasePruningMethod)
            and hook._tensor_name == name]


def joined(method: Any, name: str, before: list) -> Any:
    """The method; together with those that prune this weight already."""
    method._tensor_name = name
    if not before:
        return method
    if len(before) > 1:
        raise AssertionError(
            "Avoid adding multiple pruning hooks to the same tensor "
            f"{name}. Use a PruningContainer.")
    ((_, old),) = before
    several = isinstance(old, PruningContainer)
    container = PruningContainer(*(old if several else (old,)))
    container.add_pruning_method(method)
    return container


def check_scores(scores: Tensor, t: Tensor, whose: str) -> None:
    if scores.shape != t.shape:
        raise AssertionError(
            f"importance_scores should have the same shape as {whose}, got "
            f"{scores.shape} vs {t.shape}")


class PruningContainer(BasePruningMethod):
    """Methods one after the other: each prunes what the earlier ones left."""

    def __init__(self, *args: BasePruningMethod):
        self._pruning_methods: tuple = ()
        if args:
            self._tensor_name = args[0]._tensor_name
        for method in args:
            self.add_pruning_method(method)

    def add_pruning_method(self, method: Any) -> None:
        """Append a method for the same parameter."""
        if not isinstance(method, BasePruningMethod) and method is not None:
            raise TypeError(
                f"{type(method)} is not a BasePruningMethod subclass")
        if method is not None and self._tensor_name != method._tensor_name:
            raise ValueError(
                "Can only add pruning methods acting on the parameter named "
                f"'{self._tensor_name}' to PruningContainer {self}. Found "
                f"'{method._tensor_name}'")
        self._pruning_methods += (method,)

    def __len__(self) -> int:
        return len(self._pruning_methods)

    def __iter__(self) -> Iterator:
        return iter(self._pruning_methods)

    def __getitem__(self, idx: Any) -> Any:
        return self._pruning_methods[idx]

    def compute_mask(self, t: Tensor, default_mask: Tensor) -> Tensor:
        """The last method's mask, over what default_mask has left."""
        method = self._pruning_methods[-1]
        left = what_is_left(method, t, default_mask)
        mask = default_mask.to(dtype=t.dtype)
        part = method.compute_mask(t[left], default_mask=default_mask[left])
        mask[left] = part.to(dtype=mask.dtype)
        return mask


def what_is_left(method: Any, t: Tensor, mask: Tensor) -> Any:
    """The index of the numbers among which a method chooses."""
    if method.PRUNING_TYPE == "unstructured":
        return mask == 1
    everything = [slice(None)] * t.dim()
    if method.PRUNING_TYPE == "global":
        return tuple(everything)
    if method.PRUNING_TYPE != "structured":
        raise ValueError(f"Unrecognized PRUNING_TYPE {method.PRUNING_TYPE}")
    if not hasattr(method, "dim"):
        raise AttributeError(
            'Pruning methods of PRUNING_TYPE "structured" need to have the '
            "attribute `dim` defined.")
    dim = method.dim + t.dim() if method.dim < 0 else method.dim
    if dim < 0:
        raise IndexError("Index is out of bounds for tensor with dimensions "
                         f"{t.dim()}")
    others = [d for d in range(t.dim()) if d != dim]
    everything[dim] = mask.sum(dim=others) != 0  # type: ignore[call-overload]
    return tuple(everything)
