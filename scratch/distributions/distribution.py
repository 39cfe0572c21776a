"""What all distributions share: shapes, checks, and their parameters."""

from __future__ import annotations

import warnings
from functools import cached_property
from typing import Any

from ..modes import no_grad
from ..size import Size
from ..tensor import Tensor
from ._constraint import Constraint, is_dependent


class Distribution:
    """Independent draws: batch_shape many events of shape event_shape.

    sample(s): s + batch_shape + event_shape;  log_prob: without the event.
    """

    has_rsample = False
    has_enumerate_support = False
    _validate_args = __debug__

    @staticmethod
    def set_default_validate_args(value: bool) -> None:
        """Whether new distributions check parameters and values."""
        if value not in [True, False]:
            raise ValueError
        Distribution._validate_args = value

    def __init__(self, batch_shape: Any = (), event_shape: Any = (),
                 validate_args: bool | None = None):
        self._batch_shape = Size(batch_shape)
        self._event_shape = Size(event_shape)
        if validate_args is not None:
            self._validate_args = validate_args
        if self._validate_args:
            self._check_parameters()
        super().__init__()  # a distribution may be a Module, too

    def _check_parameters(self) -> None:
        try:
            named = self.arg_constraints
        except NotImplementedError:
            named = {}
            warnings.warn(
                f"{self.__class__} does not define `arg_constraints`. Please "
                "set `arg_constraints = {}` or initialize the distribution "
                "with `validate_args=False` to turn off validation.",
                stacklevel=3)
        for name, constraint in named.items():
            if is_dependent(constraint):
                continue
            if name not in vars(self) and isinstance(
                    getattr(type(self), name, None), cached_property):
                continue  # follows from the parameter that was given
            value = getattr(self, name)
            if not constraint.check(value).all():
                raise ValueError(
                    f"Expected parameter {name} ({type(value).__name__} of "
                    f"shape {tuple(value.shape)}) of distribution {self!r} "
                    f"to satisfy the constraint {constraint!r}, but found "
                    f"invalid values:\n{value}")

    # ---- shapes

    @property
    def batch_shape(self) -> Size:
        """The shape of the parameters: one distribution for each."""
        return self._batch_shape

    @property
    def event_shape(self) -> Size:
        """The shape of one draw."""
        return self._event_shape

    def expand(self, batch_shape: Any, _instance: Any = None) -> Any:
        """The same distribution, its parameters repeated to batch_shape."""
        raise NotImplementedError

    def _repeat(self, cls: type, batch_shape: Any, _instance: Any = None,
                **attributes: Any) -> Any:
        """A twin whose parameters are repeated, unchecked.

        The attributes are taken as they are.
        """
        twin = self._get_checked_instance(cls, _instance)
        shape = Size(batch_shape)
        for name, constraint in self.arg_constraints.items():
            if name in vars(self):
                p = vars(self)[name]
                event = p.shape[p.ndim - constraint.event_dim:]
                setattr(twin, name, p.expand(shape + event))
        vars(twin).update(attributes)
        Distribution.__init__(twin, shape, self.event_shape, False)
        twin._validate_args = self._validate_args
        return twin

    def _get_checked_instance(self, cls: type, _instance: Any = None) -> Any:
        """The unfinished twin that expand fills."""
        made = type(self).__init__ is not cls.__init__  # type: ignore[misc]
        if _instance is None and made:
            raise NotImplementedError(
                f"Subclass {type(self).__name__} of {cls.__name__} that "
                "defines a custom __init__ method must also define a custom "
                ".expand() method.")
        return object.__new__(type(self)) if _instance is None else _instance

    def _extended_shape(self, sample_shape: Any = ()) -> Size:
        return Size((*sample_shape, *self._batch_shape, *self._event_shape))

    # ---- what a distribution tells

    @property
    def arg_constraints(self) -> dict[str, Constraint]:
        """What every parameter has to be, by name."""
        raise NotImplementedError

    @property
    def support(self) -> Any:
        """Where the draws lie."""
        raise NotImplementedError

    @property
    def mean(self) -> Tensor:
        """E[x]"""
        raise NotImplementedError

    @property
    def mode(self) -> Tensor:
        """The most likely x."""
        raise NotImplementedError(
            f"{self.__class__} does not implement mode")

    @property
    def variance(self) -> Tensor:
        """E[(x - E[x])²]"""
        raise NotImplementedError

    @property
    def stddev(self) -> Tensor:
        """√variance"""
        return self.variance.sqrt()

    def sample(self, sample_shape: Any = ()) -> Tensor:
        """Draws, outside the graph."""
        with no_grad():
            return self.rsample(sample_shape)

    def rsample(self, sample_shape: Any = ()) -> Tensor:
        """Draws as a function of the parameters, with gradients."""
        raise NotImplementedError

    def sample_n(self, n: int) -> Tensor:
        """torch: the old name of sample((n,))."""
        warnings.warn("`sample_n(n)` will be deprecated. Use `sample((n,))` "
                      "instead.", FutureWarning, stacklevel=2)
        return self.sample((n,))

    def log_prob(self, value: Tensor) -> Tensor:
        """The logarithm of the density, or of the probability, at x."""
        raise NotImplementedError

    def cdf(self, value: Tensor) -> Tensor:
        """P(draw ≤ x)"""
        raise NotImplementedError

    def icdf(self, value: Tensor) -> Tensor:
        """The x whose cdf is this."""
        raise NotImplementedError

    def entropy(self) -> Tensor:
        """-E[log p(x)]"""
        raise NotImplementedError

    def perplexity(self) -> Tensor:
        """e^entropy"""
        return self.entropy().exp()

    def enumerate_support(self, expand: bool = True) -> Tensor:
        """Every value of a discrete distribution, along dimension 0."""
        raise NotImplementedError

    # ---- checks

    def _validate_sample(self, value: Any) -> None:
        """Refuse a value that no draw can be."""
        if not self._validate_args:
            return
        if not isinstance(value, Tensor):
            raise ValueError(
                "The value argument to log_prob must be a Tensor")
        start = value.ndim - len(self._event_shape)
        if tuple(value.shape[start:]) != tuple(self._event_shape):
            raise ValueError(
                "The right-most size of value must match event_shape: "
                f"{value.shape} vs {self._event_shape}.")
        whole = self._extended_shape()
        for i, j in zip(reversed(value.shape), reversed(whole)):
            if i != 1 and j != 1 and i != j:
                raise ValueError(
                    "Value is not broadcastable with batch_shape+event_shape:"
                    f" {value.shape} vs {whole}.")
        try:
            support = self.support
        except NotImplementedError:
            warnings.warn(
                f"{self.__class__} does not define `support` to enable "
                "sample validation. Please initialize the distribution with "
                "`validate_args=False` to turn off validation.",
                stacklevel=3)
            return
        if not support.check(value).all():
            raise ValueError(
                f"Expected value argument ({type(value).__name__} of shape "
                f"{tuple(value.shape)}) to be within the support "
                f"({support!r}) of the distribution {self!r}, but found "
                f"invalid values:\n{value}")

    def __repr__(self) -> str:
        given = {name: vars(self)[name] for name in self.arg_constraints
                 if name in vars(self)}
        shown = [f"{name}: {p if p.numel() == 1 else p.size()}"
                 for name, p in given.items()]
        return f"{type(self).__name__}({', '.join(shown)})"
