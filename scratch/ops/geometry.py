"""How a kernel walks: the arguments of convolutions, checked."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from ..kernels.windows import Geometry, Sizes, geometry, places, reach
from ..tensor import Tensor
from .kinds import is_index
from .operands import check_tensor, in_c, refuse


def per_axis(value: Any, axes: int, name: str, caller: str = "") -> Sizes:
    """One number for every axis, from a number or a sequence."""
    values: Any = (value,) if is_index(value) else value
    if isinstance(values, (str, float)) or not all(map(is_index, values)):
        kind = type(value).__name__
        raise TypeError(f"{caller}() received an invalid combination of "
                        f"arguments: {name} must be an int or a tuple of "
                        f"ints, but got {kind}")
    values = tuple(int(v) for v in values)
    return values * axes if len(values) == 1 else values


def each_axis(value: Any, axes: int) -> tuple:
    """A number for every axis, or the given sequence as a tuple."""
    if isinstance(value, Iterable):
        return tuple(value)
    return (value,) * axes


# ---- convolution

def conv_axes(value: Any, axes: int, name: str, caller: str,
              door: int = 0) -> Sizes:
    """As per_axis, refusing another number of axes in torch's words.

    door: for how many axes the caller writes a number out
    """
    if door and is_index(value):
        value = (value,) * door
    values = per_axis(value, axes, name, caller)
    if len(values) != axes:
        raise RuntimeError(
            f"expected {name} to be a single integer value or a list of "
            f"{axes} values to match the convolution dimensions, but got "
            f"{name}={[*values]}")
    return values


def conv_geometry(caller: str, door: int, kernel: Sizes, stride: Any,
                  padding: Any, dilation: Any, groups: int,
                  extra: Any = 0) -> Geometry:
    """The walk of a convolution: numbers, or padding "same" or "valid"."""
    axes = len(kernel)
    stride = conv_axes(stride, axes, "stride", caller, door)
    if isinstance(padding, str):
        dilation = conv_axes(dilation, axes, "dilation", caller, door)
        padding = named_padding(padding, kernel, stride, dilation)
    else:
        padding = conv_axes(padding, axes, "padding", caller, door)
        dilation = conv_axes(dilation, axes, "dilation", caller, door)
        if min(padding) < 0:
            raise RuntimeError("negative padding is not supported")
    if min(conv_axes(extra, axes, "output_padding", caller, door)) < 0:
        raise RuntimeError("negative output_padding is not supported")
    if min(stride) <= 0:
        raise RuntimeError("non-positive stride is not supported")
    if min(dilation) < 0:
        raise RuntimeError("dilation should be greater than zero")
    return geometry(axes, stride, padding, dilation, groups)


def named_padding(padding: str, kernel: Sizes, stride: Sizes,
                  dilation: Sizes) -> Any:
    """"same": what keeps the size, the odd one behind; "valid": none."""
    if padding == "valid":
        return (0,) * len(kernel)
    if any(s != 1 for s in stride):
        raise RuntimeError(
            "padding='same' is not supported for strided convolutions")
    missing = [d * (k - 1) for k, d in zip(kernel, dilation)]
    if min(missing) < 0:
        raise RuntimeError("negative padding is not supported")
    return tuple((m // 2, m - m // 2) for m in missing)


def check_conv(caller: str, axes: int, x: Tensor, w: Tensor,
               b: Tensor | None, stride: Any, padding: Any, dilation: Any,
               groups: int, extra: Any = None) -> tuple[bool, Geometry]:
    """Whether x has a batch dimension, and the walk, all checked in torch's
    order; extra: the output_padding of a transposed convolution."""
    transposed = extra is not None
    check_fits(caller, axes, x, w, padding)
    if groups <= 0:
        raise RuntimeError("non-positive groups is not supported")
    geo = conv_geometry(caller, axes, w.array.shape[2:], stride, padding,
                        dilation, groups, extra or 0)
    check_same_ndim(x, w, axes, " ")
    check_channels(x, w, b, axes, groups, transposed)
    check_kinds(x, w, b, transposed)
    if min(geo.dilation) <= 0:
        raise RuntimeError("non-positive dilation is not supported")
    return x.array.ndim == axes + 2, geo


def check_fits(caller: str, axes: int, x: Tensor, w: Tensor,
               padding: Any) -> None:
    """Tensors with as many dimensions as there must be, a known word."""
    check_tensor(x, caller)
    check_tensor(w, caller, "weight", 2)
    if x.array.ndim not in (axes + 1, axes + 2):
        raise RuntimeError(
            f"Expected {axes + 1}D (unbatched) or {axes + 2}D (batched) "
            f"input to {caller}, but got input of size: {[*x.shape]}")
    if isinstance(padding, str) and padding not in ("same", "valid"):
        raise RuntimeError(f"Invalid padding string: '{padding}'")
    if w.array.ndim < 3:
        raise RuntimeError("weight should have at least three dimensions")
    if padding == "same":
        check_same_ndim(x, w, axes, "")


def check_same_ndim(x: Tensor, w: Tensor, axes: int, gap: str) -> None:
    """w has as many dimensions as x with a batch."""
    n, shape = w.array.ndim, x.array.shape
    if n == axes + 2:
        return
    shown = shape if len(shape) == axes + 2 else (1, *shape)
    raise RuntimeError(
        f"Expected {n}-dimensional input for {n}-dimensional weight{gap}"
        f"{[*w.array.shape]}, but got {axes + 2}-dimensional input of size "
        f"{[*shown]} instead")


def check_channels(x: Tensor, w: Tensor, b: Tensor | None, axes: int,
                   groups: int, transposed: bool) -> None:
    """Channels and groups of x (N, C, *S), w (O, C/G, *K), b (O)."""
    what = f"Given transposed={transposed:d}" if transposed else (
        f"Given groups={groups}")
    size = [*w.shape]
    first, each = size[:2]
    if first < groups:
        raise RuntimeError(
            f"Given groups={groups}, expected weight to be at least {groups}"
            f" at dimension 0, but got weight of size {size} instead")
    if first % groups:
        raise RuntimeError(
            f"Given groups={groups}, expected weight to be divisible by "
            f"{groups} at dimension 0, but got weight of size [{size}] "
            "instead")
    channels = x.array.shape[-axes - 1]
    wanted = first if transposed else each * groups
    if channels != wanted:
        shown = [*x.shape] if x.array.ndim > axes + 1 else [1, *x.shape]
        raise RuntimeError(
            f"{what}, weight of size {size}, expected input{shown} to have "
            f"{wanted} channels, but got {channels} channels instead")
    out = each * groups if transposed else first
    if b is not None and b.array.shape != (out,):
        raise RuntimeError(
            f"Given {'transposed=1, ' if transposed else ''}weight of size "
            f"{size}, expected bias to be 1-dimensional with {out} elements,"
            f" but got bias of size {[*b.shape]} instead")


def check_kinds(x: Tensor, w: Tensor, b: Tensor | None,
                transposed: bool) -> None:
    """x, w and b have one dtype, and are no bools."""
    if transposed or b is None or b.array.dtype == bool:
        refuse(x.array, "b", "slow_conv_transpose" if transposed
               else "slow_conv")
    words = {"float16": "Half", "float32": "Float", "float64": "Double"}
    kinds = [words.get(t.dtype.name, t.dtype.name.capitalize())
             for t in (x, w)]
    if kinds[0] != kinds[1]:
        raise RuntimeError(
            f"Input type (torch.{kinds[0]}Tensor) and weight type (torch."
            f"{kinds[1]}Tensor) should be the same or input should be a "
            "MKLDNN tensor and weight is a dense tensor")
    if b is not None and b.array.dtype != x.array.dtype:
        raise RuntimeError(f"Input type ({in_c(x.dtype)}) and bias type "
                           f"({in_c(b.dtype)}) should be the same")


def check_reach(size: Sizes, kernel: Sizes, geo: Geometry) -> None:
    """The kernel stands somewhere on the padded image."""
    if 0 in kernel:
        raise RuntimeError(f"Kernel size: ({times(kernel)}). A kernel has at"
                           " least one entry along every axis")
    if min(places(size, kernel, geo), default=1) >= 1:
        return
    padded = [n + a + b for n, (a, b) in zip(size, geo.padding)]
    spans = [d * (k - 1) + 1 for k, d in zip(kernel, geo.dilation)]
    raise RuntimeError(
        f"Calculated padded input size per channel: ({times(padded)}). "
        f"Kernel size: ({times(spans)}). Kernel size can't be greater than "
        "actual input size")


def times(sizes: Any) -> str:
    """6 x 6"""
    return " x ".join(str(n) for n in sizes)


def transposed_size(size: Sizes, kernel: Sizes, geo: Geometry,
                    output_padding: Sizes) -> Sizes:
    """S = (P - 1) · stride + span - padding + output_padding, checked."""
    for extra, s, d in zip(output_padding, geo.stride, geo.dilation):
        if extra >= s and extra >= d:
            names = ("depth", "height", "width")[-len(kernel):]
            if len(kernel) == 1:
                names = ("height", "width")
            told = " ".join(
                f"{kind}_{name}: {n}" for kind, values in (
                    ("output_padding", output_padding),
                    ("stride", geo.stride), ("dilation", geo.dilation))
                for name, n in zip(names, (1,) * (len(names) - len(values))
                                   + tuple(values)))
            raise RuntimeError(
                "output padding must be smaller than either stride or "
                f"dilation, but got {told}")
    whole = tuple(n + e for n, e in zip(reach(size, kernel, geo),
                                        output_padding))
    if min(whole) < 1:
        raise RuntimeError(
            f"Given input size per channel: ({times(size)}). Calculated "
            f"output size per channel: ({times(whole)}). Output size is too "
            "small")
    return whole
