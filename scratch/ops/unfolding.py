"""Unfolding: every window of an image as a column, and its adjoint.

x (N, C, *S) -> y (N, C ∏K, ∏P); fold adds the columns up where they came
from.
"""

from __future__ import annotations

from math import prod
from typing import Any

import numpy as np

from ..graph import record
from ..kernels import windows as kernels
from ..kernels.windows import Geometry, Sizes
from ..tensor import Tensor
from .geometry import per_axis
from .kinds import typed
from .operands import check_tensor, refuse

__all__: list[str] = []
METHODS: list[str] = []
IN_PLACE: list[str] = []


# ---- the linear pair

def columns(x: Tensor, kernel: Sizes, geo: Geometry) -> Tensor:
    """y[n, c·k, p] = x[n, c, where tap k of window p stands]"""
    a, size = x.array, x.array.shape[2:]
    cols = kernels.windows(kernels.pad(a, geo), kernel, geo)
    n, c, *rest = cols.shape
    places = len(size)
    order = (0, 1, *range(2 + places, 2 + 2 * places), *range(2, 2 + places))
    y = np.ascontiguousarray(cols.transpose(order)).reshape(
        n, c * prod(kernel), prod(rest[:places]))
    return record(y, (x, lambda g: images(g, kernel, geo, size)),
                  name="Im2ColBackward0")


def images(y: Tensor, kernel: Sizes, geo: Geometry, size: Sizes) -> Tensor:
    """The adjoint of columns: every column is added to its window."""
    a = y.array
    n, c = a.shape[0], a.shape[1] // prod(kernel)
    count = kernels.places(size, kernel, geo)
    cols = a.reshape(n, c, *kernel, *count)
    x = kernels.canvas((n, c), size, geo, cols)
    for tap in kernels.taps(kernel):
        at: Any = (slice(None), slice(None), *tap)
        x[kernels.tap_slices(tap, count, geo)] += cols[at]
    return record(kernels.unpad(x, size, geo),
                  (y, lambda g: columns(g, kernel, geo)),
                  name="Col2ImBackward0")


# ---- the public door

def two(value: Any, name: str) -> Sizes:
    """A number, or two, for the two axes."""
    if isinstance(value, Tensor):
        value = tuple(value)
    if isinstance(value, (tuple, list)) and len(value) != 2:
        raise RuntimeError(
            f"It is expected {name} equals to 2, but got size {len(value)}")
    return per_axis(value, 2, name, "unfold")


def checked(kernel_size: Any, dilation: Any, padding: Any,
            stride: Any) -> tuple[Sizes, Geometry]:
    """The kernel and its walk."""
    k, d = two(kernel_size, "kernel_size"), two(dilation, "dilation")
    p, s = two(padding, "padding"), two(stride, "stride")
    for name, short, values, least in (
            ("kernel size", "kernel", k, 1), ("dilation", "dilation", d, 1),
            ("padding", "pad", p, 0), ("stride", "stride", s, 1)):
        if min(values) < least:
            kind = "greater than zero" if least else "non-negative"
            raise RuntimeError(
                f"{name} should be {kind}, but got {short}_height: "
                f"{values[0]} {short}_width: {values[1]}")
    return k, kernels.geometry(2, s, p, d)


@typed(input="Tensor", kernel_size="ints", dilation="ints", padding="ints",
       stride="ints")
def unfold(input: Tensor, kernel_size: Any, dilation: Any = 1,
           padding: Any = 0, stride: Any = 1) -> Tensor:
    """x (N, C, H, W) -> y (N, C·K·L, P·Q)"""
    x = input
    check_tensor(x, "im2col")
    refuse(x.array, "iu", "im2col_out_cpu")
    kernel, geo = checked(kernel_size, dilation, padding, stride)
    shape = x.array.shape
    if x.array.ndim not in (3, 4) or 0 in shape[x.array.ndim - 3:]:
        x.size(2)
        raise RuntimeError(
            "Expected 3D or 4D (batch mode) tensor with possibly 0 batch "
            f"size and other non-zero dimensions for input, but got: "
            f"{[*shape]}")
    count = kernels.places(shape[-2:], kernel, geo)
    if min(count) < 1:
        sides = tuple(a for a, _ in geo.padding)
        raise RuntimeError(
            f"Given input with spatial size {pair(shape[-2:])}, kernel_size="
            f"{pair(kernel)}, dilation={pair(geo.dilation)}, padding="
            f"{pair(sides)}, calculated shape of the array of sliding blocks"
            f" as {pair(count)}, but its components must be at least one.")
    if x.array.ndim == 4:
        return columns(x, kernel, geo)
    return columns(x.unsqueeze(0), kernel, geo).squeeze(0)


def pair(values: Any) -> str:
    return "(" + ", ".join(str(v) for v in values) + ")"


@typed(input="Tensor", output_size="ints", kernel_size="ints",
       dilation="ints", padding="ints", stride="ints")
def fold(input: Tensor, output_size: Any, kernel_size: Any,
         dilation: Any = 1, padding: Any = 0, stride: Any = 1) -> Tensor:
    """y (N, C·K·L, P·Q) -> x (N, C, *output_size)"""
    y = input
    check_tensor(y, "col2im")
    refuse(y.array, "iu", "col2im_out_cpu")
    size = two(output_size, "output_size")
    kernel, geo = checked(kernel_size, dilation, padding, stride)
    shape, ndim = y.array.shape, y.array.ndim
    if ndim not in (2, 3) or 0 in shape[ndim - 2:]:
        raise RuntimeError(
            "Expected 2D or 3D (batch mode) tensor for input with possibly 0"
            " batch size and non-zero dimensions for input, but got: "
            f"{[*shape]}")
    if shape[-2] % prod(kernel):
        raise RuntimeError(
            "Expected size of input's dimension 1 to be divisible by the "
            f"product of kernel_size, but got input.size(1)={shape[-2]} and "
            f"kernel_size={pair(kernel)}.")
    count = kernels.places(size, kernel, geo)
    if shape[-1] != prod(count):
        sides = tuple(a for a, _ in geo.padding)
        raise RuntimeError(
            f"Given output_size={pair(size)}, kernel_size={pair(kernel)}, "
            f"dilation={pair(geo.dilation)}, padding={pair(sides)}, stride="
            f"{pair(geo.stride)}, expected size of input's dimension 2 to "
            f"match the calculated number of sliding blocks {count[0]} * "
            f"{count[1]} = {prod(count)}, but got input.size(2)={shape[-1]}.")
    if ndim == 3:
        return images(y, kernel, geo, size)
    return images(y.unsqueeze(0), kernel, geo, size).squeeze(0)
