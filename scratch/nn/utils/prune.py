"""Pruning: a mask of zeros and ones over a weight.

module.weight = weight_orig · weight_mask, computed anew before every forward;
weight_orig is what is learned. Pruned again, what was zero stays zero.
"""

from __future__ import annotations

from collections.abc import Iterable
from numbers import Integral, Real
from typing import Any

from ...layouts import contiguous_format
from ...ops.creation import ones_like, zeros_like
from ...ops.norms import matrix_norm, vector_norm
from ...ops.sampling import rand, rand_like
from ...ops.sorting import kthvalue, topk
from ...tensor import Tensor
from ._pruning import BasePruningMethod, PruningContainer, hooks_of
from .convert_parameters import parameters_to_vector

__all__ = [
    "BasePruningMethod", "PruningContainer", "Identity",
    "RandomUnstructured", "L1Unstructured", "RandomStructured",
    "LnStructured", "CustomFromMask", "identity", "random_unstructured",
    "l1_unstructured", "random_structured", "ln_structured",
    "global_unstructured", "custom_from_mask", "remove", "is_pruned",
]


class Identity(BasePruningMethod):
    """Nothing is pruned: the mask is all ones."""

    PRUNING_TYPE = "unstructured"

    def compute_mask(self, t: Tensor, default_mask: Tensor) -> Tensor:
        """The mask as it is."""
        return default_mask


class Amount(BasePruningMethod):
    """A method that prunes so much: a count, or a fraction in [0, 1]."""

    def __init__(self, amount: Any):
        if not isinstance(amount, Real):
            raise TypeError(f"Invalid type for amount: {amount}. Must be int "
                            "or float.")
        whole = isinstance(amount, Integral)
        if float(amount) < 0 or (not whole and float(amount) > 1.0):
            raise ValueError(
                f"amount={amount} should either be a float in the range "
                "[0, 1] or a non-negative integer")
        self.amount = amount

    def count(self, size: int) -> int:
        """How many of `size` units are pruned."""
        if not isinstance(self.amount, Integral):
            return round(float(self.amount) * size)
        if int(self.amount) > size:
            raise ValueError(f"amount={self.amount} should be smaller than "
                             f"the number of parameters to prune={size}")
        return int(self.amount)


class Unstructured(Amount):
    """Prunes single numbers: those that `score` puts at one end."""

    PRUNING_TYPE = "unstructured"
    largest = False

    def score(self, t: Tensor) -> Tensor:
        """What the numbers are chosen by."""
        raise NotImplementedError

    def compute_mask(self, t: Tensor, default_mask: Tensor) -> Tensor:
        """Zero at the chosen numbers."""
        k = self.count(t.nelement())
        mask = default_mask.clone(memory_format=contiguous_format)
        if k:
            chosen = topk(self.score(t).view(-1), k=k, largest=self.largest)
            mask.view(-1)[chosen.indices] = 0
        return mask


class RandomUnstructured(Unstructured):
    """Prunes numbers at random."""

    largest = True

    def score(self, t: Tensor) -> Tensor:
        """Random numbers."""
        return rand_like(t)


class L1Unstructured(Unstructured):
    """Prunes the numbers of least |tᵢ|."""

    def score(self, t: Tensor) -> Tensor:
        """|tᵢ|"""
        return t.abs()


class Structured(Amount):
    """Prunes whole slices of one dimension."""

    PRUNING_TYPE = "structured"

    def __init__(self, amount: Any, dim: int = -1):
        super().__init__(amount)
        self.dim = dim

    def keep(self, t: Tensor, k: int, size: int) -> Tensor:
        """Which slices stay when k of them are pruned: an index."""
        raise NotImplementedError

    def compute_mask(self, t: Tensor, default_mask: Tensor) -> Tensor:
        """Zero in the chosen slices."""
        if t.dim() <= 1:
            raise ValueError(
                "Structured pruning can only be applied to multidimensional "
                f"tensors. Found tensor of shape {t.shape} with {t.dim()} "
                "dims")
        if self.dim >= t.dim():
            raise IndexError(
                f"Invalid index {self.dim} for tensor of size {t.shape}")
        size = t.shape[self.dim]
        k = self.count(size)
        # torch: a norm that is none is refused even where nothing is pruned
        kept = self.keep(t, k, size) if k or isinstance(
            self, LnStructured) else None
        if not k:
            return default_mask
        where: list = [slice(None)] * t.dim()
        where[self.dim] = kept
        mask = zeros_like(t)
        mask[tuple(where)] = 1
        mask *= default_mask.to(dtype=mask.dtype)
        return mask


class RandomStructured(Structured):
    """Prunes slices at random."""

    def keep(self, t: Tensor, k: int, size: int) -> Tensor:
        """Those with the greater random numbers."""
        chance = rand(size)
        return chance > kthvalue(chance, k=k).values


class LnStructured(Structured):
    """Prunes the slices of least norm ‖·‖ₙ."""

    def __init__(self, amount: Any, n: Any, dim: int = -1):
        super().__init__(amount, dim)
        self.n = n

    def keep(self, t: Tensor, k: int, size: int) -> Tensor:
        """Those of greatest norm."""
        others = list(range(t.dim()))
        others.remove(others[self.dim] if self.dim < 0 else self.dim)
        matrices = len(others) == 2
        if self.n == "nuc" or (self.n == "fro" and matrices):
            norm = matrix_norm(t, ord=self.n,
                               dim=others if matrices else (-2, -1))
        else:
            norm = vector_norm(t, ord=2 if self.n == "fro" else self.n,
                               dim=others)
        return topk(norm, k=size - k, largest=True).indices


class CustomFromMask(BasePruningMethod):
    """Prunes by a mask that is given."""

    PRUNING_TYPE = "global"

    def __init__(self, mask: Tensor):
        self.mask = mask

    def compute_mask(self, t: Tensor, default_mask: Tensor) -> Tensor:
        """The masks' product."""
        if default_mask.shape != self.mask.shape:
            raise AssertionError(
                f"default_mask shape {default_mask.shape} must match "
                f"self.mask shape {self.mask.shape}")
        return default_mask * self.mask.to(dtype=default_mask.dtype)


# ---- as functions: the module is changed and returned


def identity(module: Any, name: str) -> Any:
    """A mask of ones: the names are those of a pruned module."""
    Identity.apply(module, name)
    return module


def random_unstructured(module: Any, name: str, amount: Any) -> Any:
    """Prune `amount` numbers (or that fraction) at random."""
    RandomUnstructured.apply(module, name, amount=amount)
    return module


def l1_unstructured(module: Any, name: str, amount: Any,
                    importance_scores: Tensor | None = None) -> Any:
    """Prune the `amount` numbers of least |wᵢ| (or of least |score|)."""
    L1Unstructured.apply(module, name, amount=amount,
                         importance_scores=importance_scores)
    return module


def random_structured(module: Any, name: str, amount: Any, dim: int) -> Any:
    """Prune `amount` slices of dimension `dim` at random."""
    RandomStructured.apply(module, name, amount=amount, dim=dim)
    return module


def ln_structured(module: Any, name: str, amount: Any, n: Any, dim: int,
                  importance_scores: Tensor | None = None) -> Any:
    """Prune the `amount` slices of dimension `dim` of least n-norm."""
    LnStructured.apply(module, name, amount=amount, n=n, dim=dim,
                       importance_scores=importance_scores)
    return module


def custom_from_mask(module: Any, name: str, mask: Tensor) -> Any:
    """Prune what a given mask of zeros and ones says."""
    CustomFromMask.apply(module, name, mask=mask)
    return module


def global_unstructured(parameters: Any, pruning_method: Any,
                        importance_scores: dict | None = None,
                        **kwargs: Any) -> None:
    """Prune several parameters as if they were one.

    parameters: (module, name), …;  pruning_method: a class, called with
    kwargs;  importance_scores: (module, name) -> scores
    """
    if not isinstance(parameters, Iterable):
        raise TypeError("global_unstructured(): parameters is not an Iterable")
    given = {} if importance_scores is None else importance_scores
    if not isinstance(given, dict):
        raise TypeError(
            "global_unstructured(): importance_scores must be of type dict")
    parameters = list(parameters)
    weights = [getattr(module, name) for module, name in parameters]
    scores = parameters_to_vector([
        given.get(pair, w) for pair, w in zip(parameters, weights)])
    masks = parameters_to_vector([
        getattr(module, name + "_mask", ones_like(w))
        for (module, name), w in zip(parameters, weights)])
    method = pruning_method(**kwargs)
    if method.PRUNING_TYPE != "unstructured":
        raise TypeError(
            'Only "unstructured" PRUNING_TYPE supported for the '
            f"`pruning_method`. Found method {pruning_method} of type "
            f"{method.PRUNING_TYPE}")
    method._tensor_name = "all of them"
    mask = PruningContainer(method).compute_mask(scores, masks)
    parts = mask.split([w.numel() for w in weights])
    for (module, name), w, part in zip(parameters, weights, parts):
        custom_from_mask(module, name, mask=part.view_as(w))


def remove(module: Any, name: str) -> Any:
    """Make the pruned weight a parameter; the zeros stay."""
    for key, hook in hooks_of(module, name)[:1]:
        hook.remove(module)
        del module._forward_pre_hooks[key]
        return module
    raise ValueError(f"Parameter '{name}' of module {module} has to be pruned"
                     " before pruning can be removed")


def is_pruned(module: Any) -> bool:
    """Whether a parameter of the module or of one inside it is pruned."""
    return any(isinstance(hook, BasePruningMethod)
               for inner in module.modules()
               for hook in inner._forward_pre_hooks.values())
