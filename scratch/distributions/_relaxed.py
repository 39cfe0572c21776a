"""What soft draws of a category or a coin share: the look through."""

from __future__ import annotations

from ..tensor import Tensor
from .transformed_distribution import TransformedDistribution


class Relaxed(TransformedDistribution):
    """y = f(x): the parameters are those of x."""

    has_rsample = True

    @property
    def temperature(self) -> Tensor:
        """Near 0: nearly the hard draw."""
        return self.base_dist.temperature

    @property
    def logits(self) -> Tensor:
        """The parameter of x: log odds of a coin, else log probs."""
        return self.base_dist.logits

    @property
    def probs(self) -> Tensor:
        """The probability of 1, or of each category."""
        return self.base_dist.probs
