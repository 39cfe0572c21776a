"""Which transform leads from all real numbers to a constraint."""

from __future__ import annotations

from collections.abc import Callable
from numbers import Number
from typing import Any

from . import constraints, transforms
from .transforms import Transform


class ConstraintRegistry:
    """Factories of transforms, by the type of the constraint."""

    def __init__(self) -> None:
        self._registry: dict[type, Callable] = {}

    def register(self, constraint: Any, factory: Any = None) -> Any:
        """Register a factory; without one: a decorator."""
        if factory is None:
            return lambda factory: self.register(constraint, factory)
        kind = type(constraint) if isinstance(
            constraint, constraints.Constraint) else constraint
        if not isinstance(kind, type) or not issubclass(
                kind, constraints.Constraint):
            raise TypeError("Expected constraint to be either a Constraint "
                            f"subclass or instance, but got {constraint}")
        self._registry[kind] = factory
        return factory

    def __call__(self, constraint: Any) -> Transform:
        """The transform into this constraint."""
        factory = self._registry.get(type(constraint))
        if factory is None:
            raise NotImplementedError(
                f"Cannot transform {type(constraint).__name__} constraints")
        return factory(constraint)


biject_to = ConstraintRegistry()  # invertible, with a log-determinant
transform_to = ConstraintRegistry()  # perhaps more parameters than needed


def both(*kinds: Any) -> Callable:
    """Decorator: the factory serves both registries."""

    def registered(factory: Callable) -> Callable:
        for kind in kinds:
            biject_to.register(kind, factory)
            transform_to.register(kind, factory)
        return factory

    return registered


@both(constraints.real)
def to_real(constraint: Any) -> Transform:
    return transforms.identity_transform


@both(constraints.greater_than, constraints.greater_than_eq,
      constraints.positive, constraints.nonnegative)
def to_above(constraint: Any) -> Transform:
    """lower_bound + e^x"""
    return transforms.ComposeTransform([
        transforms.ExpTransform(),
        transforms.AffineTransform(constraint.lower_bound, 1)])


@both(constraints.less_than)
def to_below(constraint: Any) -> Transform:
    """upper_bound - e^x"""
    return transforms.ComposeTransform([
        transforms.ExpTransform(),
        transforms.AffineTransform(constraint.upper_bound, -1)])


@both(constraints.interval, constraints.half_open_interval)
def to_interval(constraint: Any) -> Transform:
    """low + (high - low) σ(x)"""
    low, high = constraint.lower_bound, constraint.upper_bound
    plain = isinstance(low, Number) and isinstance(high, Number)
    if plain and low == 0 and high == 1:
        return transforms.SigmoidTransform()
    return transforms.ComposeTransform([
        transforms.SigmoidTransform(),
        transforms.AffineTransform(low, high - low)])


@both(constraints.corr_cholesky)
def to_corr_cholesky(constraint: Any) -> Transform:
    return transforms.CorrCholeskyTransform()


@biject_to.register(constraints.simplex)
def biject_to_simplex(constraint: Any) -> Transform:
    return transforms.StickBreakingTransform()


@transform_to.register(constraints.simplex)
def to_simplex(constraint: Any) -> Transform:
    return transforms.SoftmaxTransform()


@transform_to.register(constraints.lower_cholesky)
def to_lower_cholesky(constraint: Any) -> Transform:
    return transforms.LowerCholeskyTransform()


@transform_to.register(constraints.positive_definite)
@transform_to.register(constraints.positive_semidefinite)
def to_positive_definite(constraint: Any) -> Transform:
    return transforms.PositiveDefiniteTransform()


def register_parts(registry: ConstraintRegistry) -> None:
    """Constraints made of others: their transforms are so too."""

    @registry.register(constraints.independent)
    def independent(constraint: Any) -> Transform:
        return transforms.IndependentTransform(
            registry(constraint.base_constraint),
            constraint.reinterpreted_batch_ndims)

    @registry.register(constraints.cat)
    def cat(constraint: Any) -> Transform:
        return transforms.CatTransform(
            [registry(c) for c in constraint.cseq], constraint.dim,
            constraint.lengths)

    @registry.register(constraints.stack)
    def stack(constraint: Any) -> Transform:
        return transforms.StackTransform(
            [registry(c) for c in constraint.cseq], constraint.dim)


register_parts(biject_to)
register_parts(transform_to)
