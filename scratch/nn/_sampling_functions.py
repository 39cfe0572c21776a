"""Draws that gradients pass through."""

from __future__ import annotations

import warnings

from ..ops.creation import empty, zeros_like
from ..ops.operands import check_tensor
from ..tensor import Tensor


def gumbel_softmax(logits: Tensor, tau: float = 1, hard: bool = False,
                   eps: float = 1e-10, dim: int = -1) -> Tensor:
    """softmax((x + γ) / τ), γ = -log(-log u), u ~ U(0, 1): nearly a draw
    of one class by softmax(x), the nearer the lower τ (Jang et al., 2017)

    hard: exactly one class, with the gradient of the soft draw.
    """
    check_tensor(logits, "gumbel_softmax", "logits")
    if eps != 1e-10:
        warnings.warn("`eps` parameter is deprecated and has no effect.",
                      stacklevel=3)
    gumbels = -empty(  # drawn row by row, however x lies in memory
        logits.shape, dtype=logits.dtype).exponential_().log()
    soft = ((logits + gumbels) / tau).softmax(dim)
    if not hard:
        return soft
    best = soft.max(dim, keepdim=True)[1]
    one = zeros_like(logits).detach().scatter(dim, best, 1.0)
    return one - soft.detach() + soft
