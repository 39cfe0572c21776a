"""What distributions with a centre and a width share."""

from __future__ import annotations

from typing import Any

from . import constraints
from .distribution import Distribution
from .utils import batch_of, broadcast_all


class LocationScale(Distribution):
    """x = loc + scale · z: z alone tells the shape of the curve."""

    arg_constraints = {"loc": constraints.real, "scale": constraints.positive}
    support = constraints.real
    has_rsample = True

    def __init__(self, loc: Any, scale: Any,
                 validate_args: bool | None = None):
        self.loc, self.scale = broadcast_all(loc, scale)
        super().__init__(batch_of(self.loc, loc, scale),
                         validate_args=validate_args)
