"""How a pool walks: its arguments, checked in torch's order and words."""

from __future__ import annotations

from typing import Any

from ..kernels.windows import Geometry, Sizes, geometry
from ..tensor import Tensor
from .geometry import per_axis
from .operands import check_tensor

# torch: with indices, one axis is seen as the last of two
SEEN_AS_TWO = ("avg_pool1d", "max_pool1d_with_indices")
MOST = 2**63 - 1


def pool_axes(value: Any, axes: int, name: str, caller: str) -> Sizes:
    """As per_axis, refusing another number of axes in torch's words."""
    values = per_axis(value, axes, name, caller)
    if len(values) == axes:
        return values
    if caller == "max_pool1d":
        none = "None, " if name == "stride" else ""
        comma = "," if name in ("stride", "padding") else ""
        raise RuntimeError(
            f"max_pool1d() {name} must be {none}an int, list of ints{comma} "
            f"or tuple of ints of size 1 but got size {len(values)}")
    if axes == 1:
        raise RuntimeError(
            f"{caller.removesuffix('_with_indices')}() argument '{name}' "
            f"should contain one int (got {len(values)})")
    some = "omitted, a single int" if name == "stride" else "a single int"
    raise RuntimeError(
        f"{caller}: {name} must {'' if caller == 'avg_pool3d' else 'either '}"
        f"be {some}, or a tuple of {('', 'one', 'two', 'three')[axes]} ints")


def walk(caller: str, axes: int, x: Tensor, kernel_size: Any, stride: Any,
         padding: Any, dilation: Any = 1) -> tuple[Sizes, Geometry]:
    """The kernel and the walk of a pool over x, checked."""
    check_tensor(x, caller)
    kernel = pool_axes(kernel_size, axes, "kernel_size", caller)
    if stride is None or stride == () or stride == []:
        stride = kernel
    stride = pool_axes(stride, axes, "stride", caller)
    padding = pool_axes(padding, axes, "padding", caller)
    dilation = pool_axes(dilation, axes, "dilation", caller)
    if caller == "max_pool1d":
        check_walk_1d(kernel[0], stride[0], padding[0], dilation[0])
    else:
        check_dimensions(caller, x, axes)
        check_walk(caller, kernel, stride, padding, dilation)
    check_pooled(caller, x, axes)
    return kernel, geometry(axes, stride, padding, dilation)


def check_walk_1d(kernel: int, stride: int, padding: int,
                  dilation: int) -> None:
    """Refuse a window, step or border that is none."""
    for name, n in (("kernel_size", kernel), ("stride", stride),
                    ("dilation", dilation)):
        if n <= 0:
            raise RuntimeError(
                f"max_pool1d() {name} must be greater than zero, but got {n}")
    if padding < 0:
        raise RuntimeError(
            f"max_pool1d() padding must be non-negative, but got {padding}")
    if padding > kernel // 2:
        raise RuntimeError(
            "max_pool1d() padding should be at most half of kernel size, but"
            f" got padding={padding} and kernel_size={kernel}")
    if (kernel - 1) * dilation + 1 > MOST:
        raise RuntimeError("effective kernel size overflows, but got "
                           f"kernel_size={kernel} and dilation={dilation}")


def check_walk(caller: str, kernel: Sizes, stride: Sizes, padding: Sizes,
               dilation: Sizes) -> None:
    """Numbers with which windows can be counted, then with which they can
    be walked."""
    if max(*kernel, *stride, *padding, *dilation) >= 2**31:
        raise RuntimeError(
            "value cannot be converted to type int without overflow")
    if 0 in stride:
        raise RuntimeError("stride should not be zero")
    for p, k, d in zip(padding, kernel, dilation):
        if p < 0:
            raise RuntimeError(f"pad must be non-negative, but got pad: {p}")
        if p > int(((k - 1) * d + 1) / 2):
            raise RuntimeError(
                "pad should be at most half of effective kernel size, but "
                f"got pad={p}, kernel_size={k} and dilation={d}")
    for name, letter, values in (
            ("kernel size", "k", kernel), ("stride", "d", stride),
            ("dilation", "dilation", dilation)):
        if min(values) <= 0:
            lead = (1,) if caller in SEEN_AS_TWO else ()
            told = " ".join(f"{letter}{axis}: {n}" for axis, n in zip(
                "THW"[-len(values + lead):], lead + values))
            raise RuntimeError(
                f"{name} should be greater than zero, but got {told}")


def check_dimensions(caller: str, x: Tensor, axes: int) -> None:
    """As many dimensions as there must be, where torch counts them first"""
    ndim = x.array.ndim
    if ndim in (axes + 1, axes + 2):
        return
    if axes == 1:
        raise RuntimeError(
            f"Expected 2 to 3 dimensions, but got {ndim}-dimensional tensor "
            "for argument #1 'self' (while checking arguments for "
            f"{caller.removesuffix('_with_indices')})")
    if caller != "avg_pool2d":
        raise RuntimeError(f"non-empty {axes + 1}D or {axes + 2}D (batch "
                           "mode) tensor expected for input")


def check_pooled(caller: str, x: Tensor, axes: int) -> None:
    """x has channels and axes, none of them empty; the batch may be."""
    ndim, shape = x.array.ndim, [*x.array.shape]
    right = ndim in (axes + 1, axes + 2)
    if right and 0 not in shape[ndim - axes - 1:]:
        return
    if axes == 3:
        long = "max_pool3d_with_indices_out_cpu_template"
        empty = shape.index(0, ndim - axes - 1)
        raise RuntimeError(
            f"{caller if 'avg' in caller else long}(): Expected input to "
            "have non-zero size for non-batch dimensions, but input has "
            f"sizes {shape} with dimension {empty} being empty")
    if caller == "avg_pool2d":
        x.size(-3)  # torch: an IndexError without that dimension
    if caller in SEEN_AS_TWO:
        axes, shape = 2, [*shape[:-1], 1, shape[-1]]
    lead = "max_pool1d: " if caller == "max_pool1d" else ""
    raise RuntimeError(
        f"{lead}Expected {axes + 1}D or {axes + 2}D (batch mode) tensor with"
        f" optional 0 dim batch size for input, but got:{shape}")


def check_count(caller: str, shape: tuple, count: Sizes,
                indices: bool = False) -> None:
    """At least one window fits."""
    if min(count) >= 1:
        return
    if caller == "max_pool1d" and not indices:
        raise RuntimeError(
            f"max_pool1d() Invalid computed output size: {count[0]}")
    channels, size = shape[1], shape[2:]
    if len(size) == 1:
        size, count = (1, *size), (1, *count)
    before = "x".join(str(n) for n in (channels, *size))
    after = "x".join(str(n) for n in (channels, *count))
    raise RuntimeError(
        f"Given input size: ({before}). Calculated output size: ({after}). "
        "Output size is too small")


def check_unpooled_input(axes: int, x: Tensor) -> None:
    """x (N, C, *P) or (C, *P); torch: one axis is seen as the first of two"""
    ndim, seen = x.array.ndim + (axes == 1), max(axes, 2)
    if ndim not in (seen + 1, seen + 2):
        raise RuntimeError(
            f"Input to max_unpooling{seen}d should be a {seen + 1}d or "
            f"{seen + 2}d Tensor, but got a tensor with {ndim} dimensions.")
    shape = [*x.array.shape] + [1] * (axes == 1)
    for d in range(1, ndim):
        if shape[d] == 0:
            raise RuntimeError(
                f"max_unpooling{seen}d_forward_out_cpu(): Expected input to "
                "have non-zero size for non-batch dimensions, but input has "
                f"sizes {shape} with dimension {d} being empty")
