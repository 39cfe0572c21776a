"""Transforms of the parts of a tensor, each by its own."""

from __future__ import annotations

from typing import Any

from ..ops.combine import cat, stack
from ..tensor import Tensor
from . import constraints
from .transform import Transform
from .utils import lazy_property, sum_rightmost


class _Parts(Transform):
    """What Cat and Stack share: the transforms, the dimension, checks."""

    def __init__(self, tseq: Any, dim: int, cache_size: int):
        if not all(isinstance(t, Transform) for t in tseq):
            raise AssertionError(
                "All elements of tseq must be Transform instances")
        if cache_size:
            tseq = [t.with_cache(cache_size) for t in tseq]
        super().__init__(cache_size)
        self.transforms, self.dim = list(tseq), dim

    @property
    def bijective(self) -> bool:  # type: ignore[override]
        return all(t.bijective for t in self.transforms)

    def _check(self, x: Tensor, size: int, what: str,
               name: str = "x") -> None:
        """Refuse a tensor that has not these parts."""
        if not -x.ndim <= self.dim < x.ndim:
            raise AssertionError(f"dim {self.dim} out of range for {name} "
                                 f"with {x.ndim} dimensions")
        if x.shape[self.dim] != size:
            raise AssertionError(f"x.size({self.dim}) = {x.shape[self.dim]} "
                                 f"must equal {what} {size}")


class CatTransform(_Parts):
    """Parts of these lengths, one after another along `dim`."""

    def __init__(self, tseq: Any, dim: int = 0, lengths: Any = None,
                 cache_size: int = 0):
        super().__init__(tseq, dim, cache_size)
        n = len(self.transforms)
        self.lengths = list([1] * n if lengths is None else lengths)
        if len(self.lengths) != n:
            raise AssertionError(f"lengths ({len(self.lengths)}) must match "
                                 f"transforms ({n})")

    @lazy_property
    def event_dim(self) -> int:  # type: ignore[override]
        return max(t.event_dim for t in self.transforms)

    @lazy_property
    def length(self) -> int:
        """The size of all parts together."""
        return sum(self.lengths)

    def _remade(self, cache_size: int) -> Transform:
        return CatTransform(self.transforms, self.dim, self.lengths,
                            cache_size)

    def _parts(self, x: Tensor, name: str = "tensor") -> list[Tensor]:
        self._check(x, self.length, "length", name)
        return list(x.split(self.lengths, self.dim))

    def _call(self, x: Tensor) -> Tensor:
        return cat([t(part) for t, part
                    in zip(self.transforms, self._parts(x))], self.dim)

    def _inverse(self, y: Tensor) -> Tensor:
        return cat([t.inv(part) for t, part
                    in zip(self.transforms, self._parts(y))], self.dim)

    def log_abs_det_jacobian(self, x: Tensor, y: Tensor) -> Tensor:
        terms = []
        for t, a, b in zip(self.transforms, self._parts(x, "x"),
                           self._parts(y, "y")):
            terms.append(sum_rightmost(t.log_abs_det_jacobian(a, b),
                                       self.event_dim - t.event_dim))
        dim = self.dim - (x.ndim if self.dim >= 0 else 0) + self.event_dim
        if dim < 0:
            return cat(terms, dim)
        return sum(terms)  # type: ignore[return-value]

    @constraints.dependent_property
    def domain(self) -> Any:
        return constraints.cat([t.domain for t in self.transforms],
                               self.dim, self.lengths)

    @constraints.dependent_property
    def codomain(self) -> Any:
        return constraints.cat([t.codomain for t in self.transforms],
                               self.dim, self.lengths)


class StackTransform(_Parts):
    """Slices along `dim`, each by its own transform."""

    def __init__(self, tseq: Any, dim: int = 0, cache_size: int = 0):
        super().__init__(tseq, dim, cache_size)

    def _remade(self, cache_size: int) -> Transform:
        return StackTransform(self.transforms, self.dim, cache_size)

    def _parts(self, x: Tensor, name: str = "tensor") -> tuple[Tensor, ...]:
        self._check(x, len(self.transforms), "len(transforms)", name)
        return x.unbind(self.dim)

    def _call(self, x: Tensor) -> Tensor:
        return stack([t(part) for t, part
                      in zip(self.transforms, self._parts(x))], self.dim)

    def _inverse(self, y: Tensor) -> Tensor:
        return stack([t.inv(part) for t, part
                      in zip(self.transforms, self._parts(y))], self.dim)

    def log_abs_det_jacobian(self, x: Tensor, y: Tensor) -> Tensor:
        return stack([t.log_abs_det_jacobian(a, b) for t, a, b in zip(
            self.transforms, self._parts(x, "x"), self._parts(y, "y"))],
            self.dim)

    @constraints.dependent_property
    def domain(self) -> Any:
        return constraints.stack([t.domain for t in self.transforms],
                                 self.dim)

    @constraints.dependent_property
    def codomain(self) -> Any:
        return constraints.stack([t.codomain for t in self.transforms],
                                 self.dim)
