"""Padding: a border of a constant, or of the image's own entries.

`pad` lists (before, after) of the last axis first, then of the one before
it, and so on. A negative number crops.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from ..graph import record
from ..kernels import borrowing
from ..tensor import Tensor
from .kinds import is_index, typed
from .masks import level, spot, twice
from .numbers import number_in
from .operands import check_tensor, torch_name

__all__ = ["constant_pad_nd"]
METHODS: list[str] = []
IN_PLACE: list[str] = []

NAMES = {"reflect": "reflection", "replicate": "replication",
         "circular": "circular"}


# ---- a constant border; its adjoint crops

@typed(input="Tensor", value="Scalar")
def constant_pad_nd(input: Tensor, pad: Any, value: float = 0) -> Tensor:
    """x in a border of `value`"""
    x = input
    if len(pad) % 2:
        raise RuntimeError("Length of pad must be even but instead it equals "
                           f"{len(pad)}")
    sides = pairs(pad, x.array.ndim)
    before = x.array.shape
    shape = tuple(n + a + b for n, (a, b) in zip(before, sides))
    if any(n + min(a, 0) + min(b, 0) < 0
           for n, (a, b) in zip(before, sides)):
        raise RuntimeError("narrow(): length must be non-negative.")
    y = np.full(shape, number_in(value, x.array.dtype))
    inner = tuple(slice(max(a, 0), n - max(b, 0))
                  for n, (a, b) in zip(shape, sides))
    outer = tuple(slice(max(-a, 0), n - max(-b, 0))
                  for n, (a, b) in zip(before, sides))
    y[inner] = x.array[outer]
    back = [-p for p in pad]
    return record(y, (x, lambda g: constant_pad_nd(g, back)),
                  name="ConstantPadNdBackward0")


def pairs(pad: Any, ndim: int) -> list[tuple[int, int]]:
    """(before, after) of every axis, first axis first."""
    given = list(zip(pad[::2], pad[1::2]))[::-1]
    return [(0, 0)] * (ndim - len(given)) + given


# ---- a border of the image's own entries

def borrow(x: Tensor, sources: list[np.ndarray], name: str,
           reads: bool = False) -> Tensor:
    """y[…, i, j] = x[…, sources₀[i], sources₁[j]] for the last axes

    reads: torch's rule reads x, so its slope in x is 0 and not missing.
    """
    size = x.array.shape[x.array.ndim - len(sources):]
    y = borrowing.borrow(x.array, sources)
    if not reads:
        return record(y, (x, lambda g: give_back(g, sources, size)),
                      name=name)
    at = spot(x)
    return record(y, (x, lambda g: level(
        give_back(g, sources, size), at, twice(name))), name=name)


def give_back(y: Tensor, sources: list[np.ndarray], size: tuple) -> Tensor:
    """The adjoint of borrow: every entry is added where it came from."""
    return record(borrowing.give_back(y.array, sources, size),
                  (y, lambda g: borrow(g, sources, "GiveBackBackward0")))


def source(n: int, before: int, after: int, mode: str) -> np.ndarray:
    """For each place of a padded axis, the entry that stands there."""
    at = np.arange(-before, n + after)
    if mode == "replicate":
        return at.clip(0, n - 1)
    if mode == "reflect":
        return n - 1 - np.abs(n - 1 - np.abs(at))
    first, last = max(-before, 0), n - max(-after, 0)  # what is not cropped
    return first + (at - first) % max(last - first, 1)


# ---- the public door

@typed(input="Tensor", mode="str", value="float?")
def pad(input: Tensor, pad: Any, mode: str = "constant",
        value: float | None = None) -> Tensor:
    """x (*, S) -> y (*, before + S + after), any number of last axes"""
    x = input
    check_tensor(x, "pad")
    sizes = checked_pad(pad, x.array.ndim)
    if isinstance(mode, bytes):
        mode = mode.decode()
    if mode == "constant":
        return constant_pad_nd(x, sizes, float(value or 0))
    if mode not in NAMES:
        raise NotImplementedError(f"Unrecognised padding mode {mode}")
    if value is not None and value != 0:
        raise RuntimeError(
            f"Padding mode \"{mode}\" doesn't take in value argument")
    axes = len(sizes) // 2
    if x.array.ndim not in (axes + 1, axes + 2) or axes > 3:
        raise NotImplementedError(
            f"Padding size {len(sizes)} is not supported for "
            f"{x.array.ndim}D input tensor.\n" + COMBINATIONS)
    sides = pairs(sizes, x.array.ndim)[-axes:]
    check_border(x, sides, mode)
    size = x.array.shape[-axes:]
    sources = [source(n, a, b, mode) for n, (a, b) in zip(size, sides)]
    name = "CopySlices" if mode == "circular" else (
        f"{NAMES[mode].capitalize()}Pad{axes}DBackward0")
    return borrow(x, sources, name, reads=mode != "circular")


COMBINATIONS = (
    "Supported combinations for non-constant padding:\n"
    "  - 2D or 3D input: padding size = 2 (pads last dimension)\n"
    "  - 3D or 4D input: padding size = 4 (pads last 2 dimensions)\n"
    "  - 4D or 5D input: padding size = 6 (pads last 3 dimensions)")


def checked_pad(pad: Any, ndim: int) -> list[int]:
    """The padding as integers, two for each padded axis."""
    for i, p in enumerate(pad, 1):
        if isinstance(p, bool) or not is_index(p):
            raise TypeError(
                f"pad(): argument 'pad' failed to unpack the object at pos "
                f"{i} with error \"type must be tuple of ints,but got "
                f"{type(p).__name__}\"")
    if len(pad) % 2:
        raise RuntimeError("Padding length must be divisible by 2")
    if len(pad) > 2 * ndim:
        raise RuntimeError(
            "Padding length should be less than or equal to two times the "
            f"input dimension but got padding length {len(pad)} and input of"
            f" dimension {ndim}")
    return [int(p) for p in pad]


def check_border(x: Tensor, sides: list[tuple[int, int]],
                 mode: str) -> None:
    """Refuse borders wider than what they are made of."""
    axes, shape = len(sides), x.array.shape
    if mode != "circular":
        if 0 in shape[x.array.ndim - axes - 1:]:
            raise RuntimeError(
                f"Expected {axes + 1}D or {axes + 2}D (batch mode) tensor "
                "with possibly 0 batch size and other non-zero dimensions "
                f"for input, but got: {[*shape]}")
        if x.array.dtype.kind == "b":
            raise NotImplementedError(
                f"\"{NAMES[mode]}_pad{axes}d\" not implemented for "
                f"'{torch_name(x.dtype)}'")
    for k, (n, (a, b)) in enumerate(zip(shape[::-1], sides[::-1])):
        if mode == "circular" and max(a, b) > n:
            raise RuntimeError(
                "Padding value causes wrapping around more than once.")
        if mode == "reflect" and max(a, b) >= n:
            raise RuntimeError(
                f"Argument #{4 + 2 * k}: Padding size should be less than "
                f"the corresponding input dimension, but got: padding ({a}, "
                f"{b}) at dimension {x.array.ndim - 1 - k} of input "
                f"{[*shape]}")
    done = [n + a + b for n, (a, b) in zip(shape[-axes:], sides)]
    if mode == "circular" and min(done) < 1:
        raise RuntimeError(
            "Negative padding value is resulting in an empty dimension")
    if min(done) < 1:
        letters = "DHW"[-axes:]
        before = " ".join(f"{c}: {n}" for c, n in zip(letters, shape[-axes:]))
        after = " ".join(f"{c}: {n}" for c, n in zip(letters, done))
        raise RuntimeError(
            f"input ({before}) is too small. Calculated output {after}")
