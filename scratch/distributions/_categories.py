"""What vectors over K categories share: a Categorical that they look at."""

from __future__ import annotations

from typing import Any

from ..size import Size
from ..tensor import Tensor
from . import constraints
from .categorical import Categorical
from .distribution import Distribution


class Categories(Distribution):
    """Events (K,);  probs, logits (*batch, K) are those of a Categorical."""

    arg_constraints = {"probs": constraints.simplex,
                       "logits": constraints.real_vector}

    def __init__(self, probs: Tensor | None = None,
                 logits: Tensor | None = None,
                 validate_args: bool | None = None):
        self._categorical = Categorical(probs, logits)
        super().__init__(self._categorical.batch_shape,
                         self._categorical.param_shape[-1:], validate_args)

    def _repeat(self, cls: type, batch_shape: Any, _instance: Any = None,
                **attributes: Any) -> Any:
        return super()._repeat(
            cls, batch_shape, _instance,
            _categorical=self._categorical.expand(batch_shape), **attributes)

    @property
    def _param(self) -> Tensor:
        return self._categorical._param

    @property
    def probs(self) -> Tensor:
        """The probability of each category."""
        return self._categorical.probs

    @property
    def logits(self) -> Tensor:
        """log probs"""
        return self._categorical.logits

    @property
    def param_shape(self) -> Size:
        """(*batch, K)"""
        return self._categorical.param_shape
