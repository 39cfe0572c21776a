"""What distributions of a coin share: p itself, or its log odds, is given."""

from __future__ import annotations

from typing import Any

from ..size import Size
from ..tensor import Tensor
from .utils import (
    batch_of,
    broadcast_all,
    lazy_property,
    logits_to_probs,
    one_of,
    probs_to_logits,
)


class Odds:
    """probs or logits is an attribute; the other one follows from it."""

    def _set_odds(self, probs: Any, logits: Any) -> Size:
        """Keep the one that is given; its shape is the batch."""
        one_of(probs, logits)
        name, given = (("probs", probs) if logits is None
                       else ("logits", logits))
        (p,) = broadcast_all(given)
        setattr(self, name, p)
        return batch_of(p, given)

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

    def _set_count(self, total_count: Any, probs: Any, logits: Any) -> Size:
        """Keep the number of throws too, in the shape of the odds."""
        one_of(probs, logits)
        if probs is not None:
            n, self.probs = broadcast_all(total_count, probs)
        else:
            n, self.logits = broadcast_all(total_count, logits)
        self.total_count = n.type_as(self._param)
        return self._param.shape

    @property
    def _param(self) -> Tensor:
        return vars(self)["probs" if "probs" in vars(self) else "logits"]

    @property
    def param_shape(self) -> Size:
        """The shape of probs and logits."""
        return self._param.shape
