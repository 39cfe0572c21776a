"""The incomplete gamma functions: shares below and above x."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..graph import record
from ..kernels.incomplete import lower_and_upper
from ..tensor import Tensor
from .operands import check_tensor, operands, refuse
from .special import lgamma

__all__ = ["igamma", "igammac"]
METHODS = IN_PLACE = __all__


def igamma(input: Tensor, other: Tensor) -> Tensor:
    """P(a, x) = 1/Γ(a) ∫₀ˣ t^(a - 1) e^-t dt"""
    return share(input, other, 0, "igamma")


def igammac(input: Tensor, other: Tensor) -> Tensor:
    """Q(a, x) = 1 - P(a, x)"""
    return share(input, other, 1, "igammac")


def share(a: Tensor, x: Tensor, which: int, name: str) -> Tensor:
    """The lower (which = 0) or upper part of Γ(a), over the whole"""
    check_tensor(a, name)
    check_tensor(x, name, "other", 2)
    a, x, *arrays = operands(a, x)
    refuse(arrays[0], "biuc", name + "_cpu")
    both = np.broadcast_arrays(*arrays)
    wide = [np.atleast_1d(z.astype(np.float64)) for z in both]
    y = lower_and_upper(*wide)[which].reshape(both[0].shape)
    y = y.astype(both[0].dtype)
    sign = 1 - 2 * which

    def density(g: Tensor) -> Tensor:
        z, n = x.double(), a.double()  # large terms that cancel
        return sign * g * ((n - 1) * z.log() - z - lgamma(n)).exp()

    def refused(g: Tensor) -> Any:
        raise NotImplementedError(
            f"the derivative for '{name}: input' is not implemented.")

    title = name.capitalize() + "Backward0"
    return record(y, (a, refused), (x, density, a, x), name=title)
