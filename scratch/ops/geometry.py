"""How a kernel walks: the arguments of convolutions and pools, checked."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from ..kernels.windows import Geometry, Sizes, geometry, places, reach
from ..tensor import Tensor
from .kinds import is_index
from .operands import check_tensor, refuse


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

def conv_axes(value: Any, axes: int, name: str, caller: str) -> Sizes:
    """As per_axis, refusing another number of axes in torch's words."""
    values = per_axis(value, axes, name, caller)
    if len(values) != axes:
        raise RuntimeError(
            f"expected {name} to be a single integer value or a list of "
            f"{axes} values to match the convolution dimensions, but got "
            f"{name}={[*values]}")
    return values


def conv_geometry(caller: str, kernel: Sizes, stride: Any, padding: Any,
                  dilation: Any, groups: int) -> Geometry:
    """The walk of a convolution: numbers, or padding "same" or "valid"."""
    axes = len(kernel)
    stride = conv_axes(stride, axes, "stride", caller)
    dilation = conv_axes(dilation, axes, "dilation", caller)
    if isinstance(padding, str):
        padding = named_padding(padding, kernel, stride, dilation)
    else:
        padding = conv_axes(padding, axes, "padding", caller)
        if min(padding) < 0:
            raise RuntimeError("negative padding is not supported")
    if min(stride) <= 0:
        raise RuntimeError("non-positive stride is not supported")
    if min(dilation) <= 0:
        raise RuntimeError("non-positive dilation is not supported")
    if groups <= 0:
        raise RuntimeError("non-positive groups is not supported")
    return geometry(axes, stride, padding, dilation, groups)


def named_padding(padding: str, kernel: Sizes, stride: Sizes,
                  dilation: Sizes) -> Any:
    """"same": what keeps the size, the odd one behind; "valid": none."""
    if padding == "valid":
        return (0,) * len(kernel)
    if padding != "same":
        raise RuntimeError(f"Invalid padding string: '{padding}'")
    if any(s != 1 for s in stride):
        raise RuntimeError(
            "padding='same' is not supported for strided convolutions")
    missing = [d * (k - 1) for k, d in zip(kernel, dilation)]
    return tuple((m // 2, m - m // 2) for m in missing)


def check_conv(caller: str, x: Tensor, w: Tensor, b: Tensor | None,
               axes: int, groups: int, transposed: bool = False) -> bool:
    """Refuse arrays that do not fit; whether x has a batch dimension."""
    check_tensor(x, caller)
    check_tensor(w, caller, "weight", 2)
    if x.array.ndim not in (axes + 1, axes + 2):
        raise RuntimeError(
            f"Expected {axes + 1}D (unbatched) or {axes + 2}D (batched) "
            f"input to {caller}, but got input of size: {[*x.shape]}")
    if w.array.ndim != axes + 2:
        raise RuntimeError(
            "expected stride to be a single integer value or a list of "
            f"{w.array.ndim - 2} values to match the convolution dimensions,"
            f" but got stride={[1] * axes}")
    check_channels(x, w, b, axes, groups, transposed)
    check_kinds(x, w, b, transposed)
    return x.array.ndim == axes + 2


def check_channels(x: Tensor, w: Tensor, b: Tensor | None, axes: int,
                   groups: int, transposed: bool) -> None:
    """Channels and groups of x (N, C, *S), w (O, C/G, *K), b (O)."""
    what = f"Given transposed={transposed:d}" if transposed else (
        f"Given groups={groups}")
    size = [*w.shape]
    first, each = size[:2]
    if groups <= 0:
        raise RuntimeError("non-positive groups is not supported")
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
        named = {"float16": "c10::Half", "float32": "float",
                 "float64": "double"}
        a, c = (named.get(t.dtype.name, t.dtype.name) for t in (x, b))
        raise RuntimeError(
            f"Input type ({a}) and bias type ({c}) should be the same")


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
    if min(output_padding) < 0:
        raise RuntimeError("negative output_padding is not supported")
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


# ---- pooling

def pool_axes(value: Any, axes: int, name: str, caller: str) -> Sizes:
    """As per_axis, refusing another number of axes in torch's words."""
    values = per_axis(value, axes, name, caller)
    if len(values) == axes:
        return values
    if caller == "max_pool1d":
        raise RuntimeError(
            f"max_pool1d() {name} must be an int, list of ints or tuple of "
            f"ints of size 1 but got size {len(values)}")
    if axes == 1:
        raise RuntimeError(
            f"{caller}() argument '{name}' should contain one int (got "
            f"{len(values)})")
    raise RuntimeError(
        f"{caller}: {name} must either be a single int, or a tuple of "
        f"{('', 'one', 'two', 'three')[axes]} ints")


def walk(caller: str, axes: int, kernel_size: Any, stride: Any,
         padding: Any, dilation: Any = 1) -> tuple[Sizes, Geometry]:
    """The kernel and the walk of a pool, checked."""
    kernel = pool_axes(kernel_size, axes, "kernel_size", caller)
    if stride is None or stride == () or stride == []:
        stride = kernel
    stride = pool_axes(stride, axes, "stride", caller)
    padding = pool_axes(padding, axes, "padding", caller)
    dilation = pool_axes(dilation, axes, "dilation", caller)
    if caller == "max_pool1d":
        check_walk_1d(kernel[0], stride[0], padding[0], dilation[0])
    if min(stride) == 0:
        raise RuntimeError("stride should not be zero")
    if min(kernel) <= 0 or min(stride) < 0:
        raise RuntimeError(
            "kernel size should be greater than zero, but got "
            f"kernel_size: {[*kernel]} stride: {[*stride]}")
    if min(dilation) <= 0:
        told = " ".join(f"dilation{n}: {d}"
                        for n, d in zip("THW"[-axes:], dilation))
        raise RuntimeError(
            f"dilation should be greater than zero, but got {told}")
    for p, k, d in zip(padding, kernel, dilation):
        if p < 0:
            raise RuntimeError(f"pad must be non-negative, but got pad: {p}")
        if p > ((k - 1) * d + 1) // 2:
            raise RuntimeError(
                "pad should be at most half of effective kernel size, but "
                f"got pad={p}, kernel_size={k} and dilation={d}")
    return kernel, geometry(axes, stride, padding, dilation)


def check_walk_1d(kernel: int, stride: int, padding: int,
                  dilation: int) -> None:
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


def check_pooled(caller: str, x: Tensor, axes: int) -> None:
    """x has channels and axes, none of them empty; the batch may be."""
    check_tensor(x, caller)
    ndim, shape = x.array.ndim, x.array.shape
    if ndim in (axes + 1, axes + 2) and 0 not in shape[ndim - axes - 1:]:
        return
    if axes == 1 and caller != "max_pool1d" and ndim not in (2, 3):
        raise RuntimeError(
            f"Expected 2 to 3 dimensions, but got {ndim}-dimensional tensor "
            f"for argument #1 'self' (while checking arguments for {caller})")
    if caller == "avg_pool2d":
        x.size(-3)  # torch: an IndexError without that dimension
    lead = "max_pool1d: " if caller == "max_pool1d" else ""
    raise RuntimeError(
        f"{lead}Expected {axes + 1}D or {axes + 2}D (batch mode) tensor with"
        f" optional 0 dim batch size for input, but got:{[*x.shape]}")


def check_count(caller: str, shape: tuple, count: Sizes) -> None:
    """At least one window fits."""
    if min(count) >= 1:
        return
    if caller == "max_pool1d":
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
