"""The Kullback-Leibler divergence: KL(p ‖ q) = E_p[log p(x) - log q(x)].

Here is how the rule for two types is found; the rules are in kl_within
(two of one family), kl_across (of two families) and kl_gaussian.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable

from ..tensor import Tensor
from .distribution import Distribution

RULES: dict[tuple[type, type], Callable] = {}


def register_kl(type_p: type, type_q: type) -> Callable:
    """Decorator: this function computes KL for these two types."""
    for kind in (type_p, type_q):
        if not isinstance(kind, type):  # torch: any class will do
            raise TypeError("issubclass() arg 1 must be a class")

    def registered(rule: Callable) -> Callable:
        RULES[type_p, type_q] = rule
        return rule

    return registered


def kl_divergence(p: Distribution, q: Distribution) -> Tensor:
    """KL(p ‖ q), of shape batch_shape."""
    pairs = [(type_p, type_q) for type_p in type(p).__mro__
             for type_q in type(q).__mro__ if (type_p, type_q) in RULES]
    if not pairs:
        raise NotImplementedError(
            f"No KL(p || q) is implemented for p type {type(p).__name__} "
            f"and q type {type(q).__name__}")
    # the nearest ancestors of p's type, then of q's, that have a rule
    nearest = pairs[0]
    order = type(q).__mro__
    other = min(pairs, key=lambda pair: order.index(pair[1]))
    if RULES[nearest] is not RULES[other]:
        warnings.warn(
            f"Ambiguous kl_divergence({type(p).__name__}, "
            f"{type(q).__name__}). Please register_kl({nearest[0].__name__}, "
            f"{other[1].__name__})", RuntimeWarning, stacklevel=2)
    return RULES[nearest](p, q)
