"""What all distributions share: shapes, checks, and their parameters."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property
from numbers import Number
from typing import Any

from ..dtypes import get_default_dtype
from ..limits import finfo
from ..modes import enable_grad, no_grad
from ..ops.creation import tensor
from ..ops.lift import broadcast_tensors
from ..size import Size
from ..tensor import Tensor
from .constraints import Constraint


class Distribution:
    """Independent draws: batch_shape many events of shape event_shape.

    sample(s): s + batch_shape + event_shape;  log_prob: without the event.
    """

    has_rsample = False
    has_enumerate_support = False
    arg_constraints: Any = {}
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

    def _check_parameters(self) -> None:
        for name, constraint in self.arg_constraints.items():
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

    def _expanded(self, batch_shape: Any, event_shape: Any = (),
                  **attributes: Any) -> Any:
        """A twin with these attributes, unchecked."""
        twin = object.__new__(type(self))
        vars(twin).update(attributes)
        Distribution.__init__(twin, batch_shape, event_shape, False)
        twin._validate_args = self._validate_args
        return twin

    def _extended_shape(self, sample_shape: Any = ()) -> Size:
        return Size((*sample_shape, *self._batch_shape, *self._event_shape))

    # ---- what a distribution tells

    @property
    def support(self) -> Constraint:
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
        if not self.support.check(value).all():
            raise ValueError(
                f"Expected value argument ({type(value).__name__} of shape "
                f"{tuple(value.shape)}) to be within the support "
                f"({self.support!r}) of the distribution {self!r}, but found "
                f"invalid values:\n{value}")

    def __repr__(self) -> str:
        given = {name: vars(self)[name] for name in self.arg_constraints
                 if name in vars(self)}
        shown = [f"{name}: {p if p.numel() == 1 else p.size()}"
                 for name, p in given.items()]
        return f"{type(self).__name__}({', '.join(shown)})"


def lazy(rule: Callable[[Any], Tensor]) -> Any:
    """A parameter that is worked out when first asked for."""

    def worked_out(self: Any) -> Tensor:
        with enable_grad():
            return rule(self)

    worked_out.__doc__ = rule.__doc__
    return cached_property(worked_out)


def broadcast_all(*values: Any) -> tuple[Tensor, ...]:
    """Parameters as tensors of one shape; numbers follow the first tensor."""
    if not all(isinstance(v, (Tensor, Number)) for v in values):
        raise ValueError(
            "Input arguments must all be instances of Number, torch.Tensor "
            "or objects implementing __torch_function__.")
    kinds = [v.dtype for v in values if isinstance(v, Tensor)]
    kind = kinds[0] if kinds else get_default_dtype()
    return tuple(broadcast_tensors(
        *[v if isinstance(v, Tensor) else tensor(v, dtype=kind)
          for v in values]))


def batch_of(parameter: Tensor, *given: Any) -> Size:
    """() if only numbers were given, else the shape of the parameter."""
    plain = all(isinstance(v, Number) for v in given)
    return Size() if plain else parameter.shape


def clamp_probs(probs: Tensor) -> Tensor:
    """Probabilities kept off 0 and 1, so that their logarithms are finite."""
    eps = finfo(probs.dtype).eps
    return probs.clamp(min=eps, max=1 - eps)


def sum_rightmost(x: Tensor, dims: int) -> Tensor:
    """The sum over the last `dims` dimensions."""
    if dims == 0:
        return x
    return x.reshape(*x.shape[:-dims], -1).sum(-1)
