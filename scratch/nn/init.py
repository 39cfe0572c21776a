"""Initialisation: how weights start, with torch's draws from one seed.

Each function fills the tensor in place, outside the graph, and returns it.
fan_in counts the inputs of one output, fan_out the outputs of one input.
"""

from __future__ import annotations

import functools
import math
import warnings
from typing import Any

import numpy as np

from ..modes import no_grad
from ..ops.kinds import is_float
from ..ops.operands import torch_name
from ..random import Generator, default_generator
from ..tensor import Tensor

__all__ = [
    "calculate_gain", "uniform_", "normal_", "trunc_normal_", "constant_",
    "ones_", "zeros_", "eye_", "dirac_", "xavier_uniform_",
    "xavier_normal_", "kaiming_uniform_", "kaiming_normal_", "orthogonal_",
    "sparse_", "uniform", "normal", "constant", "eye", "dirac",
    "xavier_uniform", "xavier_normal", "kaiming_uniform", "kaiming_normal",
    "orthogonal", "sparse",
]

LINEAR = ("linear", "conv1d", "conv2d", "conv3d", "conv_transpose1d",
          "conv_transpose2d", "conv_transpose3d")


def calculate_gain(nonlinearity: str, param: float | None = None) -> float:
    """The factor that keeps the variance through a nonlinearity."""
    if nonlinearity in LINEAR or nonlinearity == "sigmoid":
        return 1
    if nonlinearity == "tanh":
        return 5.0 / 3
    if nonlinearity == "relu":
        return math.sqrt(2.0)
    if nonlinearity == "selu":
        return 3.0 / 4
    if nonlinearity != "leaky_relu":
        raise ValueError(f"Unsupported nonlinearity {nonlinearity}")
    if param is None:
        param = 0.01
    elif isinstance(param, bool) or not isinstance(param, (int, float)):
        raise ValueError(f"negative_slope {param} not a valid number")
    return math.sqrt(2.0 / (1 + param**2))


# ---- plain distributions

def uniform_(tensor: Tensor, a: float = 0.0, b: float = 1.0,
             generator: Generator | None = None) -> Tensor:
    """U(a, b)"""
    if a > b:
        raise RuntimeError(
            "uniform_ expects to return a [from, to) range, but found from="
            f"{a:g} > to={b:g}")
    return drawn(tensor, "uniform", generator, a, b)


def normal_(tensor: Tensor, mean: float = 0.0, std: float = 1.0,
            generator: Generator | None = None) -> Tensor:
    """N(mean, std²)"""
    for name, number in (("mean", mean), ("std", std)):
        if not is_float(number):
            raise TypeError(f"normal_(): argument '{name}' must be float, "
                            f"not {type(number).__name__}")
    mean, std = float(mean), float(std)
    if std < 0:
        raise RuntimeError(
            f"normal expects std >= 0.0, but found std {std:g}")
    # torch: memory that is not contiguous takes the numbers in pairs
    kind = "normal" if tensor.array.flags.c_contiguous else "normal_pairs"
    return drawn(tensor, kind, generator, mean, std)


# torch's names of what draws, for what it cannot fill
KERNELS = {"uniform": "check_uniform_bounds", "normal": "normal_kernel_cpu",
           "normal_pairs": "normal_kernel_cpu",
           "trunc_normal": "normal_kernel_cpu"}


def drawn(tensor: Tensor, kind: str, generator: Generator | None,
          *parameters: float) -> Tensor:
    """Fill the tensor with a generator's numbers, in memory order."""
    a = tensor.array
    if a.dtype.kind not in "fc":
        raise NotImplementedError(
            f"\"{KERNELS[kind]}\" not implemented for "
            f"'{torch_name(tensor.dtype)}'")
    draw = getattr(generator or default_generator, kind)
    order = sorted(range(a.ndim), key=lambda d: -a.strides[d])
    dense = a.transpose(order).flags.c_contiguous
    memory = a.transpose(order) if dense else a
    memory[...] = draw(memory.shape, *parameters, a.dtype)
    tensor.version[0] += 1
    return tensor


def trunc_normal_(tensor: Tensor, mean: float = 0.0, std: float = 1.0,
                  a: float = -2.0, b: float = 2.0,
                  generator: Generator | None = None) -> Tensor:
    """N(mean, std²), what lies outside [a, b] drawn again"""
    if mean < a - 2 * std or mean > b + 2 * std:
        warnings.warn(
            "mean is more than 2 std from [a, b] in nn.init.trunc_normal_. "
            "The distribution of values may be incorrect.", stacklevel=2)
    if a > b:
        raise RuntimeError(
            "uniform_ expects to return a [from, to) range, but found from="
            f"{a:g} > to={b:g}")
    return drawn(tensor, "trunc_normal", generator, mean, std, a, b)


def constant_(tensor: Any, val: float) -> Any:
    """val everywhere"""
    with no_grad():
        return tensor.fill_(val)


def ones_(tensor: Tensor) -> Tensor:
    """1 everywhere"""
    return constant_(tensor, 1.0)


def zeros_(tensor: Any) -> Any:
    """0 everywhere"""
    with no_grad():
        return tensor.zero_()


def eye_(tensor: Tensor) -> Tensor:
    """The identity matrix"""
    if tensor.ndim != 2:
        raise ValueError("Only tensors with 2 dimensions are supported")
    tensor.array[...] = np.eye(*tensor.shape)
    tensor.version[0] += 1
    return tensor


def dirac_(tensor: Tensor, groups: int = 1) -> Tensor:
    """Kernels that pass their channel on: 1 at the centre"""
    w = tensor.array
    if w.ndim not in (3, 4, 5):
        raise ValueError(
            "Only tensors with 3, 4, or 5 dimensions are supported")
    if len(w) % groups:
        raise ValueError("dim 0 must be divisible by groups")
    each = len(w) // groups
    centre = tuple(n // 2 for n in w.shape[2:])
    w[...] = 0
    for g in range(groups):
        for d in range(min(each, w.shape[1])):
            w[(g * each + d, d, *centre)] = 1
    tensor.version[0] += 1
    return tensor


# ---- by the number of inputs and outputs

def _calculate_fan_in_and_fan_out(tensor: Tensor) -> tuple[int, int]:
    """(inputs of an output, outputs of an input) of w (O, C, *K)"""
    if tensor.ndim < 2:
        raise ValueError("Fan in and fan out can not be computed for tensor "
                         "with fewer than 2 dimensions")
    taps = math.prod(tensor.shape[2:])
    return tensor.shape[1] * taps, tensor.shape[0] * taps


def _calculate_correct_fan(tensor: Tensor, mode: str) -> int:
    mode = mode.lower()
    modes = ["fan_in", "fan_out"]
    if mode not in modes:
        raise ValueError(
            f"Mode {mode} not supported, please use one of {modes}")
    return _calculate_fan_in_and_fan_out(tensor)[modes.index(mode)]


def glorot(tensor: Tensor, gain: float) -> float:
    """The deviation gain √(2 / (fan_in + fan_out))"""
    fan_in, fan_out = _calculate_fan_in_and_fan_out(tensor)
    return gain * math.sqrt(2.0 / float(fan_in + fan_out))


def he(tensor: Tensor, a: float, mode: str,
       nonlinearity: str) -> float | None:
    """The deviation gain / √fan; None for an empty tensor, as torch warns"""
    if 0 in tensor.shape:
        warnings.warn("Initializing zero-element tensors is a no-op",
                      stacklevel=3)
        return None
    fan = _calculate_correct_fan(tensor, mode)
    return calculate_gain(nonlinearity, a) / math.sqrt(fan)


def xavier_uniform_(tensor: Tensor, gain: float = 1.0,
                    generator: Generator | None = None) -> Tensor:
    """U(±gain √(6 / (fan_in + fan_out))) (Glorot & Bengio, 2010)"""
    a = math.sqrt(3.0) * glorot(tensor, gain)
    return uniform_(tensor, -a, a, generator)


def xavier_normal_(tensor: Tensor, gain: float = 1.0,
                   generator: Generator | None = None) -> Tensor:
    """N(0, gain² · 2 / (fan_in + fan_out)) (Glorot & Bengio, 2010)"""
    return normal_(tensor, 0.0, glorot(tensor, gain), generator)


def kaiming_uniform_(tensor: Tensor, a: float = 0, mode: str = "fan_in",
                     nonlinearity: str = "leaky_relu",
                     generator: Generator | None = None) -> Tensor:
    """U(±gain √(3 / fan)) (He et al., 2015)"""
    std = he(tensor, a, mode, nonlinearity)
    if std is None:
        return tensor
    bound = math.sqrt(3.0) * std
    return uniform_(tensor, -bound, bound, generator)


def kaiming_normal_(tensor: Tensor, a: float = 0, mode: str = "fan_in",
                    nonlinearity: str = "leaky_relu",
                    generator: Generator | None = None) -> Tensor:
    """N(0, gain² / fan) (He et al., 2015)"""
    std = he(tensor, a, mode, nonlinearity)
    return tensor if std is None else normal_(tensor, 0, std, generator)


# ---- by structure

def orthogonal_(tensor: Tensor, gain: float = 1,
                generator: Generator | None = None) -> Tensor:
    """gain · Q of a random matrix: rows or columns orthonormal
    (Saxe et al., 2013)"""
    w = tensor.array
    if w.ndim < 2:
        raise ValueError(
            "Only tensors with 2 or more dimensions are supported")
    if w.size == 0:
        return tensor
    if w.dtype.kind not in "fc":
        raise NotImplementedError(
            "\"normal_kernel_cpu\" not implemented for "
            f"'{torch_name(tensor.dtype)}'")
    rows, cols = len(w), w.size // len(w)
    draw = (generator or default_generator).normal
    a = draw((rows, cols), 0, 1, w.dtype)
    q, r = np.linalg.qr(a.T if rows < cols else a)
    q = q * np.sign(np.diag(r))
    w[...] = (q.T if rows < cols else q).reshape(w.shape)
    w *= gain
    tensor.version[0] += 1
    return tensor


def sparse_(tensor: Tensor, sparsity: float, std: float = 0.01,
            generator: Generator | None = None) -> Tensor:
    """N(0, std²), a share `sparsity` of each column set to 0"""
    if tensor.ndim != 2:
        raise ValueError("Only tensors with 2 dimensions are supported")
    rows, columns = tensor.shape
    zeros = math.ceil(sparsity * rows)
    normal_(tensor, 0, std, generator)
    for column in range(columns):
        # torch: the rows come from the default generator
        tensor.array[default_generator.randperm(rows)[:zeros], column] = 0
    return tensor


def _old(function: Any) -> Any:
    """The name without its underscore, which torch has given up."""
    new = function.__name__
    name = new[:-1]

    @functools.wraps(function)
    def old(*args: Any, **kwargs: Any) -> Any:
        warnings.warn(
            f"`nn.init.{name}` is now deprecated in favor of `nn.init.{new}"
            "`.", FutureWarning, stacklevel=2)
        return function(*args, **kwargs)

    old.__name__ = name
    return old


uniform, normal, constant, eye, dirac = map(_old, (
    uniform_, normal_, constant_, eye_, dirac_))
xavier_uniform, xavier_normal, kaiming_uniform, kaiming_normal = map(_old, (
    xavier_uniform_, xavier_normal_, kaiming_uniform_, kaiming_normal_))
orthogonal, sparse = _old(orthogonal_), _old(sparse_)
