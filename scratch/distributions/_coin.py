"""What distributions of a coin share: p itself, or its log odds, is given."""

from __future__ import annotations

from ..size import Size
from ..tensor import Tensor
from .utils import lazy_property, logits_to_probs, probs_to_logits


class Odds:
    """probs or logits is an attribute; the other one follows from it."""

    @lazy_property
    def logits(self) -> Tensor:
        """log p - log(1 - p)"""
        return probs_to_logits(self.probs, is_binary=True)

    @lazy_property
    def probs(self) -> Tensor:
        """p = σ(logits)"""
        return logits_to_probs(self.logits, is_binary=True)


class Coin(Odds):
    """Odds that tell the shape of the parameter that was given."""

    @property
    def _param(self) -> Tensor:
        return vars(self)["probs" if "probs" in vars(self) else "logits"]

    @property
    def param_shape(self) -> Size:
        """The shape of probs and logits."""
        return self._param.shape
