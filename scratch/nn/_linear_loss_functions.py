"""Cross entropy of a linear map's outcomes, in one call."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from .. import dtypes
from ..ops.linear import linear
from ..ops.operands import check_tensor
from ..tensor import Tensor
from ._loss_functions import cross_entropy

POLICIES = ("auto", "accurate", "compact")
FLOATS = (None, dtypes.float16, dtypes.float32, dtypes.float64)


@dataclass(slots=True, frozen=True)
class LinearCrossEntropyOptions:
    """How torch may cut the batch into pieces, to need less memory.

    The options are checked and kept; here the loss of the whole batch is
    computed at once, whichever they are, and its value is the same.
    """

    allow_retain_graph: bool = False
    batch_chunk_size: int | None = None
    chunking_method: str | None = "auto"
    acc_policy: str = "auto"
    acc_dtype: Any = None

    def __post_init__(self) -> None:
        size, method = self.batch_chunk_size, self.chunking_method
        if size is not None and (not isinstance(size, int) or size <= 0):
            raise ValueError("batch_chunk_size must be positive int or None, "
                             f"got {size}")
        if method not in (None, "auto") and not re.fullmatch(
                r"aspect_ratio(:[1-9]\d*)?", f"{method}"):
            raise ValueError(f"invalid chunking_method: '{method}'")
        if self.acc_policy not in POLICIES:
            told = ", ".join(f"'{word}'" for word in POLICIES)
            raise ValueError(f"invalid acc_policy: '{self.acc_policy}'; "
                             f"expected one of {told}")
        if self.acc_dtype not in FLOATS:
            raise ValueError(
                "acc_dtype must be one of {None, torch.float16, "
                "torch.bfloat16, torch.float32, torch.float64}, got "
                f"{self.acc_dtype}. Pass acc_dtype=None to let the op pick "
                "automatically.")


def linear_cross_entropy(
        input: Tensor, linear_weight: Tensor, target: Tensor, *,
        linear_bias: Tensor | None = None, weight: Tensor | None = None,
        reduction: str = "mean", ignore_index: int | None = None,
        label_smoothing: float = 0.0,
        options: LinearCrossEntropyOptions | None = None) -> Tensor:
    """cross_entropy(x Wᵀ + b, y)

    x (N, I) or (I), W (C, *, I), b (C, *), y (N, *) or (N, C, *)
    """
    x, w = input, linear_weight
    check_factors(x, w, linear_bias)
    outcomes = w.shape[:-1]
    size = (*x.shape[:-1], *outcomes)
    if target.shape == size and ignore_index is not None:
        raise RuntimeError("ignore_index cannot be specified when target "
                           "contains probabilities")
    if len(outcomes) > 1:
        w = w.reshape(-1, w.shape[-1])
        linear_bias = None if linear_bias is None else (
            linear_bias.reshape(-1))
    return cross_entropy(
        linear(x, w, linear_bias).reshape(size), target, weight=weight,
        reduction=reduction, label_smoothing=label_smoothing,
        ignore_index=-100 if ignore_index is None else ignore_index)


def check_factors(x: Tensor, w: Tensor, b: Tensor | None) -> None:
    """x (N, I) or (I), W (C, *, I) and b (C, *) fit each other."""
    check_tensor(x, "linear_cross_entropy")
    check_tensor(w, "linear_cross_entropy", "linear_weight", 2)
    if not 1 <= x.dim() <= 2:
        raise RuntimeError(
            f"expected input with dimensionality 1 or 2, got {x.dim()}")
    if w.dim() < 2:
        raise RuntimeError("expected linear_weight with dimensionality at "
                           f"least 2, got {w.dim()}")
    if x.shape[-1] != w.shape[-1]:
        raise RuntimeError(
            "expected equal input and linear_weight last dimensions "
            f"(in_features), got {x.shape[-1]} and {w.shape[-1]}, "
            "respectively")
    outcomes = tuple(w.shape[:-1])
    if b is not None and tuple(b.shape) != outcomes:
        raise RuntimeError(f"expected linear_bias shape {outcomes}, got "
                           f"{tuple(b.shape)}")
    if len(outcomes) > 1 and x.dim() == 1:
        raise RuntimeError(
            "K-dimensional loss defined by linear_weight shape "
            f"{tuple(w.shape)} requires batched input, (N, {x.shape[-1]}), "
            f"got unbatched input with shape {tuple(x.shape)}")
