"""nn.functional's ctc_loss: lengths in any form, one text or a batch."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..ops.alignment import ctc_losses
from ..ops.operands import check_tensor, combination
from ..tensor import Tensor, wrap


def ctc_loss(log_probs: Tensor, targets: Tensor, input_lengths: Any,
             target_lengths: Any, blank: int = 0, reduction: str = "mean",
             zero_infinity: bool = False) -> Tensor:
    """-log P(text) of log-probabilities x (T, N, C) or (T, C), the times
    of the letters unknown (Graves et al., 2006)

    targets (N, S), or (Σ lengths) one after the other; the mean is over
    the texts, each loss divided by the length of its text.
    """
    if reduction not in ("none", "mean", "sum"):
        raise ValueError(f"{reduction} is not a valid value for reduction")
    check_tensor(log_probs, "ctc_loss", "log_probs")
    check_tensor(targets, "ctc_loss", "targets", 2)
    if isinstance(input_lengths, Tensor) is not isinstance(
            target_lengths, Tensor):
        raise combination("ctc_loss", log_probs, targets, input_lengths,
                          target_lengths)
    x, lone = log_probs, log_probs.dim() == 2
    times = listed(input_lengths, "input_lengths")
    lengths = listed(target_lengths, "target_lengths")
    y = ctc_losses(x.unsqueeze(1) if lone else x, targets, times, lengths,
                   blank, zero_infinity)
    if reduction == "mean":
        long = [max(n, 1) for n in lengths]
        return (y / wrap(np.array(long, y.array.dtype))).mean()
    if reduction == "sum":
        return y.sum()
    return y.squeeze(0) if lone else y


def listed(lengths: Any, name: str) -> list[int]:
    """Lengths as a list of integers."""
    if not isinstance(lengths, Tensor):
        if not isinstance(lengths, (tuple, list)):
            raise TypeError(f"ctc_loss(): argument '{name}' must be tuple of "
                            f"ints, not {type(lengths).__name__}")
        return [int(n) for n in lengths]
    if lengths.array.dtype.kind not in "iu":
        raise RuntimeError(f"{name} must be integral")
    return [int(n) for n in lengths.array.reshape(-1)]
