"""Connectionist temporal classification: a text without its times."""

from __future__ import annotations

import math

import torch
from torch import Tensor

__all__ = ["ctc_loss"]


def ctc_loss(x: Tensor, text: list[int], blank: int = 0) -> Tensor:
    """-log Σ P of the paths of a text, x (T, C) log-probabilities
    (Graves et al., 2006)

    αₜ[s] = log yₜ[s] + log(e^αₜ₋₁[s] + e^αₜ₋₁[s-1] + e^αₜ₋₁[s-2]), the last
    where letter s is neither blank nor that before it
    """
    letters = [blank]
    for letter in text:
        letters += [letter, blank]
    never = x.new_full((), -math.inf)
    a = [x[0, k] if s < 2 else never for s, k in enumerate(letters)]
    for t in range(1, len(x)):
        new = []
        for s, k in enumerate(letters):
            ways = a[max(s - 1, 0):s + 1]
            if s > 1 and k != blank and k != letters[s - 2]:
                ways = a[s - 2:s + 1]
            new.append(x[t, k] + log_total(ways))
        a = new
    return -log_total(a[-2:])


def log_total(ways: list[Tensor]) -> Tensor:
    """log Σ eˣ over those that are possible"""
    open_ways = [a for a in ways if a > -math.inf]
    if not open_ways:
        return ways[0].detach()
    return torch.stack(open_ways).exp().sum().log()
