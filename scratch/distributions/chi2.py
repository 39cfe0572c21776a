"""Chi2: the sum of the squares of so many normal numbers."""

from __future__ import annotations

from typing import Any

from ..tensor import Tensor
from . import constraints
from .gamma import Gamma


class Chi2(Gamma):
    """Gamma with concentration = df / 2 and rate = ½"""

    arg_constraints = {"df": constraints.positive}

    def __init__(self, df: Any, validate_args: bool | None = None):
        super().__init__(0.5 * df, 0.5, validate_args=validate_args)

    def expand(self, batch_shape: Any, _instance: Any = None) -> Chi2:
        twin = self._get_checked_instance(Chi2, _instance)
        return super().expand(batch_shape, twin)  # type: ignore[return-value]

    @property
    def df(self) -> Tensor:
        """The degrees of freedom: how many normal numbers."""
        return self.concentration * 2
