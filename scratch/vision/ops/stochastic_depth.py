"""Stochastic depth: branches of a network left out at random."""

from __future__ import annotations

from scratch import nn
from scratch.ops.creation import empty
from scratch.tensor import Tensor


def stochastic_depth(
    input: Tensor, p: float, mode: str, training: bool = True
) -> Tensor:
    """x · keep / (1 - p), keep = 0 with probability p

    mode: one draw for the "batch", or one for each "row" (picture) of it.
    Huang et al., 2016.
    """
    if p < 0.0 or p > 1.0:
        raise ValueError(
            f"drop probability has to be between 0 and 1, but got {p}"
        )
    if mode not in ("batch", "row"):
        raise ValueError(
            f"mode has to be either 'batch' or 'row', but got {mode}"
        )
    if not training or p == 0.0:
        return input
    rows = input.shape[0] if mode == "row" else 1
    size = [rows, *[1] * (input.ndim - 1)] if input.ndim else []
    keep = empty(size, dtype=input.dtype).bernoulli_(1.0 - p)
    if p < 1.0:
        keep.div_(1.0 - p)
    return input * keep


class StochasticDepth(nn.Module):
    """stochastic_depth in training, nothing in evaluation"""

    def __init__(self, p: float, mode: str):
        super().__init__()
        self.p, self.mode = p, mode

    def forward(self, input: Tensor) -> Tensor:
        return stochastic_depth(input, self.p, self.mode, self.training)

    def __repr__(self) -> str:
        return f"{type(self).__name__}(p={self.p}, mode={self.mode})"
