"""Normalization: numbers shifted to mean 0 and scaled to variance 1.

ĥ = (x - mean) / √(var + ε),  y = w ĥ + b.  What differs is over what the
mean is taken: the batch, a layer, a group of channels, one image.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from ..graph import record
from ..kernels import norm as kernels
from ..kernels import rows
from ..kernels.memory import in_row_order
from ..modes import modes
from ..tensor import Tensor, wrap
from ..unseen import any_order
from .kinds import is_ints, refusal, typed
from .normalizing import (
    affine_gradients,
    composed,
    given,
    inputs,
    normalize,
    over_groups,
    over_rows,
    scaled,
    vector_of,
)
from .operands import check_tensor, refuse, torch_name

__all__ = ["batch_norm", "layer_norm", "group_norm", "rms_norm"]
METHODS: list[str] = []
IN_PLACE: list[str] = []


# ---- over the batch

@any_order
@typed(input="Tensor", weight="Tensor?", bias="Tensor?",
       running_mean="Tensor?", running_var="Tensor?", training="bool",
       momentum="float", eps="float")
def batch_norm(input: Tensor, weight: Tensor | None, bias: Tensor | None,
               running_mean: Tensor | None, running_var: Tensor | None,
               training: bool, momentum: float, eps: float,
               cudnn_enabled: bool = False) -> Tensor:
    """Each channel of x (N, C, *) over N and *.

    In training the running mean and (unbiased) variance move towards those
    of the batch by `momentum`; otherwise they are used in their place.
    """
    x = input
    check_tensor(x, "batch_norm")
    if x.array.shape == (0,):
        return unseen_channels(x, weight, bias)
    n = x.array.shape[1] if x.array.ndim > 1 else 0
    check_batch_norm(x, n, weight, bias, running_mean, running_var, training)
    x.size(1)  # torch: an IndexError without channels, but only here
    axes = (0, *range(2, x.array.ndim))
    shape = (1, n, *[1] * (x.array.ndim - 2))
    if not training:
        return fixed_norm(x, weight, bias, running_mean, running_var, eps,
                          shape)
    y, mean, var = over_batch(x, weight, bias, eps, axes, shape)
    count = x.array.size // n if n else 0
    if running_mean is not None and count:
        move(running_mean, mean, momentum)
    if running_var is not None and count:
        move(running_var, var * (count / max(count - 1, 1)) if count > 1
             else var * np.nan, momentum)
    return y


def unseen_channels(x: Tensor, w: Tensor | None, b: Tensor | None
                    ) -> Tensor:
    """torch: of nothing, w₀ x + b₀; it need not have channels."""
    y = x.clone()
    y = y if w is None else y * w[0]
    return y if b is None else y + b[0]


def over_batch(x: Tensor, w: Tensor | None, b: Tensor | None, eps: float,
               axes: tuple, shape: tuple) -> tuple[Tensor, Any, Any]:
    """y, mean and variance by the kernels made for channels.

    A gradient that is itself recorded is composed of operations.
    """
    a = x.array
    name = "NativeBatchNormBackward0"
    if a.dtype == np.float16 or not a.size:
        return normalize(x, w, b, eps, a.shape, axes, shape, name)
    mean, var = kernels.moments(a)
    scale = 1 / np.sqrt(var + a.dtype.type(eps))

    def rule(g: Tensor) -> tuple:
        if modes.recording:
            return composed(g, x, w, b, eps, a.shape, axes, shape)
        return gradients(kernels.standardize_input(
            g.array, a, mean, scale, vector_of(w)), w, b)

    y = kernels.standardize(a, mean, scale, vector_of(w), vector_of(b))
    return record(y, (inputs(x, w, b), rule, x, *(
        [] if w is None else [w])), name=name), mean, var


def gradients(found: tuple, w: Tensor | None, b: Tensor | None) -> tuple:
    """Those of x, w and b as tensors, as far as there are w and b."""
    gx, gw, gb = found
    return (wrap(gx), *(wrap(g.reshape(t.array.shape)) for t, g in (
        (w, gw), (b, gb)) if t is not None))


def move(running: Tensor, now: np.ndarray, momentum: float) -> None:
    """running ← (1 - momentum) running + momentum now"""
    a = running.array
    a[...] = (1 - momentum) * a + momentum * now.reshape(a.shape)
    running.version[0] += 1


def fixed_norm(x: Tensor, w: Tensor | None, b: Tensor | None, mean: Any,
               var: Any, eps: float, shape: tuple) -> Tensor:
    """w (x - mean) / √(var + ε) + b for a given mean and variance"""
    a, scale = x.array, 1 / np.sqrt(var.array + var.array.dtype.type(eps))
    m, r = wrap(mean.array.reshape(shape)), wrap(scale.reshape(shape))
    known = a, mean.array.reshape(-1), scale.reshape(-1), vector_of(w)
    whole = kernels.fast(a) and a.dtype == scale.dtype
    y = kernels.standardize(*known, vector_of(b)) if whole else scaled(
        (a - m.array) * r.array, w, b, shape)

    def rule(g: Tensor) -> tuple:
        if whole and not modes.recording:
            return gradients(kernels.scale_input(g.array, *known), w, b)
        gx = g * r if w is None else g * (w.reshape(shape) * r)
        return (gx, *affine_gradients(g, (x - m) * r, w, b, shape))

    return record(y.astype(x.array.dtype, copy=False),
                  (inputs(x, w, b), rule, x, *([] if w is None else [w])),
                  name="NativeBatchNormBackward0")


def check_batch_norm(x: Tensor, n: int, w: Any, b: Any, mean: Any, var: Any,
                     training: bool) -> None:
    """Refuse statistics, weight and bias that are not n numbers each."""
    if not training:
        for name, t in (("mean", mean), ("var", var)):
            if t is None:
                raise RuntimeError(
                    f"running_{name} must be defined in evaluation mode")
    refuse(x.array, "biuc", "batch_norm")
    if (mean is None) != (var is None):
        raise ValueError("running_mean and running_var must either both be "
                         "None or neither be None")
    if any(t is not None and t.array.ndim != 1 for t in (mean, var)):
        raise RuntimeError("running_mean and running_var must be vectors")
    for name, t in (("running_mean", mean), ("running_var", var),
                    ("weight", w), ("bias", b)):
        if t is None:
            continue
        if t.array.size != n:
            raise RuntimeError(
                f"{name} should contain {n} elements not {t.array.size}")
        if t.array.dtype != x.array.dtype and not (
                x.array.dtype.itemsize == 2):
            raise RuntimeError(
                "mixed dtype (CPU): expect parameter to have scalar type of "
                f"{torch_name(x.dtype)}")


# ---- over a layer, a group

@typed(input="Tensor", weight="Tensor?", bias="Tensor?", eps="float")
def layer_norm(input: Tensor, normalized_shape: Any,
               weight: Tensor | None = None, bias: Tensor | None = None,
               eps: float = 1e-05, cudnn_enable: bool = True) -> Tensor:
    """Every entry of x (*, *normalized_shape) over its last dimensions
    (Ba et al., 2016)."""
    x = input
    check_tensor(x, "layer_norm")
    inner = inner_shape(normalized_shape, weight, bias)
    check_inner(x, inner)
    check_same(x, weight, bias)
    refuse(x.array, "biuc", "LayerNormKernelImpl")
    lead = x.array.ndim - len(inner)
    axes = tuple(range(lead, x.array.ndim))
    if rows.fits(x.array, *given(weight, bias)):
        return over_rows(x, weight, bias, eps, inner)
    y = normalize(x, weight, bias, eps, x.array.shape, axes,
                  (*[1] * lead, *inner), "NativeLayerNormBackward0")[0]
    y.array = in_row_order(y.array)
    return y


def check_same(x: Tensor, *others: Tensor | None) -> None:
    """Weight and bias have the dtype of x, or are wider than half x's."""
    for t in others:
        if t is not None and t.array.dtype != x.array.dtype and not (
                x.array.dtype.itemsize == 2 and t.array.dtype == np.float32):
            raise RuntimeError(
                "mixed dtype (CPU): expect parameter to have scalar type of "
                f"{torch_name(x.dtype)}, but found {torch_name(t.dtype)}")


def inner_shape(normalized_shape: Any, w: Tensor | None,
                b: Tensor | None = None) -> tuple:
    """normalized_shape as a tuple that fits w and b."""
    if isinstance(normalized_shape, int):
        raise TypeError(
            "layer_norm(): argument 'normalized_shape' (position 2) must be "
            "tuple of ints, not int")
    if not is_ints(normalized_shape):
        raise refusal("layer_norm(): argument 'normalized_shape' (position "
                      "2)", "tuple of ints", normalized_shape)
    inner = tuple(int(n) for n in normalized_shape)
    if not inner:
        raise RuntimeError(
            "Expected normalized_shape to be at least 1-dimensional, i.e., "
            "containing at least one element, but got normalized_shape = []")
    for name, t in (("weight", w), ("bias", b)):
        if t is not None and t.array.shape != inner:
            raise RuntimeError(
                f"Expected {name} to be of same shape as normalized_shape, "
                f"but got {name} of shape {[*t.shape]} and normalized_shape "
                f"= {[*inner]}")
    return inner


def check_inner(x: Tensor, inner: tuple) -> None:
    """The last dimensions of x are those to normalize over."""
    if x.array.shape[-len(inner):] != inner:
        listed = ", ".join(str(n) for n in inner)
        raise RuntimeError(
            f"Given normalized_shape={[*inner]}, expected input with shape "
            f"[*, {listed}], but got input of size{[*x.shape]}")


@typed(input="Tensor", num_groups="int", weight="Tensor?", bias="Tensor?",
       eps="float")
def group_norm(input: Tensor, num_groups: int, weight: Tensor | None = None,
               bias: Tensor | None = None, eps: float = 1e-05,
               cudnn_enabled: bool = True) -> Tensor:
    """Each group of C/G channels of x (N, C, *), image by image
    (Wu & He, 2018)."""
    x = input
    check_tensor(x, "group_norm")
    if x.array.ndim < 2:
        raise RuntimeError(
            "Expected at least 2 dimensions for input tensor but received "
            f"{x.array.ndim}")
    n, c, *size = x.array.shape
    if num_groups <= 0:
        raise RuntimeError(
            "Expected num groups to be greater than 0, got "
            f"{num_groups}")
    if c % num_groups:
        raise RuntimeError(
            "Expected number of channels in input to be divisible by "
            f"num_groups, but got input of shape {[*x.shape]} and "
            f"num_groups={num_groups}")
    for name, t in (("weight", weight), ("bias", bias)):
        if t is not None and t.array.shape != (c,):
            raise RuntimeError(
                f"Expected {name} to be a vector of size equal to the number"
                f" of channels in input, but got {name} of shape "
                f"{[*t.shape]} and input of shape {[*x.shape]}")
    if not c:
        raise RuntimeError(
            "Expected number of channels to be greater than 0, got 0")
    check_same(x, weight, bias)
    refuse(x.array, "biuc", "GroupNormKernelImpl")
    if 0 in size:
        raise RuntimeError("Expected HxW to be greater than 0, got "
                           f"{[*size]}")
    seen = (n, num_groups, c // num_groups, *size)
    if rows.fits(x.array, *given(weight, bias)):
        return over_groups(x, weight, bias, eps, seen)
    shape = (1, num_groups, c // num_groups, *[1] * len(size))
    return normalize(x, weight, bias, eps, seen, tuple(range(2, len(seen))),
                     shape, "NativeGroupNormBackward0")[0]


@typed(input="Tensor", weight="Tensor?", eps="float?")
def rms_norm(input: Tensor, normalized_shape: Any,
             weight: Tensor | None = None,
             eps: float | None = None) -> Tensor:
    """y = w x / √(mean(x²) + ε) over the last dimensions; ε is the
    smallest step of the dtype if not given (Zhang & Sennrich, 2019)."""
    x = input
    inner = inner_shape(normalized_shape, weight)
    if x.array.ndim < len(inner):
        raise ValueError(f"Input tensor must have at least {len(inner)} "
                         f"dimensions, but got {x.array.ndim}")
    check_inner(x, inner)
    refuse(x.array, "biu", "rms_norm")
    wide = x.float() if x.array.dtype == np.float16 else x
    if eps is None:
        eps = float(np.finfo(wide.array.dtype).eps)
    axes = tuple(range(x.array.ndim - len(inner), x.array.ndim))
    wide = wide.contiguous()
    y = wide * (wide.square().mean(axes, True) + eps).rsqrt()
    return (y if weight is None else y * weight).to(x.dtype)
