"""Constraints: which numbers a parameter or a sample may be."""

from __future__ import annotations

from typing import Any

from ..tensor import Tensor


class Constraint:
    """A region of numbers, or of arrays of numbers.

    check(x) tells of every event, the last event_dim dimensions of x,
    whether it lies inside.
    """

    is_discrete = False
    event_dim = 0

    def check(self, value: Tensor) -> Tensor:
        raise NotImplementedError

    def __repr__(self) -> str:
        name = type(self).__name__.removeprefix("_")
        # torch: the ready-made ones print as calls
        if not vars(self):
            return f"{name}()"
        shown = [f"{key}={value}" for key, value in vars(self).items()]
        return f"{name}({', '.join(shown)})"


class _Real(Constraint):
    """Any number but NaN."""

    def check(self, value: Tensor) -> Tensor:
        return value == value


class _Boolean(Constraint):
    """0 or 1."""

    is_discrete = True

    def check(self, value: Tensor) -> Tensor:
        return (value == 0) | (value == 1)


class _GreaterThan(Constraint):
    """x > lower_bound"""

    def __init__(self, lower_bound: Any):
        self.lower_bound = lower_bound

    def check(self, value: Tensor) -> Tensor:
        return self.lower_bound < value


class _GreaterThanEq(Constraint):
    """x ≥ lower_bound"""

    def __init__(self, lower_bound: Any):
        self.lower_bound = lower_bound

    def check(self, value: Tensor) -> Tensor:
        return self.lower_bound <= value


class _LessThan(Constraint):
    """x < upper_bound"""

    def __init__(self, upper_bound: Any):
        self.upper_bound = upper_bound

    def check(self, value: Tensor) -> Tensor:
        return value < self.upper_bound


class _Interval(Constraint):
    """lower_bound ≤ x ≤ upper_bound"""

    def __init__(self, lower_bound: Any, upper_bound: Any):
        self.lower_bound, self.upper_bound = lower_bound, upper_bound

    def check(self, value: Tensor) -> Tensor:
        return (self.lower_bound <= value) & (value <= self.upper_bound)


class _IntegerInterval(_Interval):
    """A whole number between the bounds."""

    is_discrete = True

    def check(self, value: Tensor) -> Tensor:
        return (value % 1 == 0) & super().check(value)


class _Simplex(Constraint):
    """Shares: x ≥ 0, Σx = 1 over the last dimension."""

    event_dim = 1

    def check(self, value: Tensor) -> Tensor:
        near = (value.sum(-1) - 1).abs() < 1e-6
        return (value >= 0).all(-1) & near


class _Multinomial(Constraint):
    """Counts: x ≥ 0, Σx ≤ upper_bound over the last dimension."""

    is_discrete = True
    event_dim = 1

    def __init__(self, upper_bound: int):
        self.upper_bound = upper_bound

    def check(self, value: Tensor) -> Tensor:
        return (value >= 0).all(-1) & (value.sum(-1) <= self.upper_bound)

    def __repr__(self) -> str:
        return "Multinomial()"


class _IndependentConstraint(Constraint):
    """A constraint that holds for a whole event of several dimensions."""

    def __init__(self, base_constraint: Constraint,
                 reinterpreted_batch_ndims: int):
        self.base_constraint = base_constraint
        self.reinterpreted_batch_ndims = reinterpreted_batch_ndims
        self.is_discrete = base_constraint.is_discrete
        self.event_dim = base_constraint.event_dim + reinterpreted_batch_ndims

    def check(self, value: Tensor) -> Tensor:
        inside, n = self.base_constraint.check(value), (
            self.reinterpreted_batch_ndims)
        if inside.ndim < n:
            raise ValueError(f"Expected value.dim() >= {self.event_dim} but "
                             f"got {value.ndim}")
        return inside.reshape(*inside.shape[:inside.ndim - n], -1).all(-1)

    def __repr__(self) -> str:
        return (f"IndependentConstraint({self.base_constraint!r}, "
                f"{self.reinterpreted_batch_ndims})")


real = _Real()
boolean = _Boolean()
positive = _GreaterThan(0.0)
nonnegative = _GreaterThanEq(0.0)
unit_interval = _Interval(0.0, 1.0)
simplex = _Simplex()
greater_than = _GreaterThan
greater_than_eq = _GreaterThanEq
less_than = _LessThan
interval = _Interval
integer_interval = _IntegerInterval
multinomial = _Multinomial
independent = _IndependentConstraint
real_vector = independent(real, 1)
