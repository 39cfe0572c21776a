"""Instance normalization: every channel of every image by itself."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..tensor import Tensor
from .kinds import typed
from .normalization import batch_norm

__all__ = ["instance_norm"]
METHODS: list[str] = []
IN_PLACE: list[str] = []


@typed(input="Tensor", weight="Tensor?", bias="Tensor?",
       running_mean="Tensor?", running_var="Tensor?", use_input_stats="bool",
       momentum="float", eps="float")
def instance_norm(input: Tensor, weight: Tensor | None, bias: Tensor | None,
                  running_mean: Tensor | None, running_var: Tensor | None,
                  use_input_stats: bool, momentum: float, eps: float,
                  cudnn_enabled: bool = False) -> Tensor:
    """Each channel of each image of x (N, C, *) over *: a batch_norm whose
    channels are N · C (Ulyanov et al., 2016)."""
    x = input
    n, c = x.array.shape[:2]
    check_instances(n, running_mean, running_var, weight, bias)

    def repeated(t: Tensor | None) -> Any:
        return None if t is None else t.reshape(1, -1).expand(
            n, -1).reshape(-1)

    def own(t: Tensor | None, cast: bool) -> Any:
        """No longer the memory of n images at once."""
        if t is None:
            return None
        return repeated(t).to(x.dtype if cast else t.dtype, copy=True)

    # torch: running statistics may be of another dtype than x, but the
    # variance not where there is a weight or a bias
    wide = x.array.dtype != np.float16
    means = own(running_mean, wide)
    variances = own(running_var, wide and weight is None and bias is None)
    y = batch_norm(x.reshape(1, n * c, *x.array.shape[2:]), repeated(weight),
                   repeated(bias), means, variances, use_input_stats,
                   momentum, eps)
    for running, t in ((running_mean, means), (running_var, variances)):
        if running is not None and use_input_stats:
            running.array[...] = t.array.reshape(n, c).mean(0)
            running.version[0] += 1
    return y.reshape(x.array.shape)


def check_instances(n: int, mean: Any, var: Any, w: Any, b: Any) -> None:
    """Vectors, one number a channel; averages move by some image."""
    if any(t is not None and t.array.ndim > 1 for t in (mean, var, w, b)):
        raise RuntimeError(
            "Number of dimensions of repeat dims can not be smaller than "
            "number of dimensions of tensor")
    if not n and mean is not None:
        raise IndexError("select(): index 0 out of range for tensor of size "
                         "[0] at dimension 0")
