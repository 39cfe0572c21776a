"""Functions of every entry on its own, in blocks that stay in the cache.

Each fast form does what its textbook line says (`forms.textbook` runs that).
"""

from collections.abc import Callable
from functools import cache
from typing import Any

import numpy as np

from scratch.kernels import threads
from scratch.kernels.blocks import pad
from scratch.kernels.forms import forms
from scratch.kernels.memory import copied_as, is_last, last, order_of

# entries that are worked on at once: long calls, since two threads whose
# calls are short wait for each other
BLOCK = 1 << 18
GRAIN = 1 << 18  # entries that make a thread worth it, of a few passes
HEAVY = 1 << 16  # the same where a pass is an exponential, or there are many
BITS: dict[int, np.dtype] = {n: np.dtype(f"i{n}") for n in (2, 4, 8)}
WHOLE = {n: np.dtype(f"u{n}") for n in (4, 8)}


def relu(x: np.ndarray) -> np.ndarray:
    """max(x, 0); NaN stays"""
    if forms.textbook or x.dtype.kind != "f":
        return np.maximum(x, 0)

    def step(y: np.ndarray, x: np.ndarray) -> None:
        # far faster than against a number
        np.maximum(x, pad.zeros(x.shape, x.dtype), out=y)

    return each(step, x)


def relu_input(g: np.ndarray, y: np.ndarray) -> np.ndarray:
    """g where relu's result y is not 0 (torch: so where it is NaN), else 0

    y is never below 0, nor -0: as a whole number its bits are 0 only where
    it is. So the smaller of them and 1, times the bits of g, are g's or 0.
    """
    bits = WHOLE.get(y.dtype.itemsize)
    if forms.textbook or bits is None or g.dtype != y.dtype:
        return keep(g, y, np.not_equal, 0)

    def step(out: np.ndarray, g: np.ndarray, y: np.ndarray) -> None:
        out, g, y = (a.view(bits) for a in (out, g, y))
        np.minimum(y, ones(y.size, bits), out=out)
        np.multiply(out, g, out=out)

    return each(step, g, y)


def ones(size: int, dtype: np.dtype) -> np.ndarray:
    """Ones that nobody may write to: far faster than the number 1."""
    return held_ones(1 << size.bit_length(), dtype)[:size]


@cache
def held_ones(size: int, dtype: np.dtype) -> np.ndarray:
    held = np.ones(size, dtype)
    held.flags.writeable = False
    return held


def keep(
    g: np.ndarray, y: np.ndarray, compare: Callable, bound: float
) -> np.ndarray:
    """g where compare(y, bound), else exactly 0, whatever g is there"""
    if forms.textbook or g.dtype != y.dtype or g.dtype.kind != "f":
        return np.where(compare(y, bound), g, np.zeros((), g.dtype))

    def step(out: np.ndarray, g: np.ndarray, y: np.ndarray) -> None:
        mask = pad.take("mask", y.shape, np.dtype(bool))
        masked(g, compare(y, bound, out=mask), out)

    return each(step, g, y)


def kept(a: np.ndarray, mask: np.ndarray) -> np.ndarray:
    """a where the mask (of a's shape) holds, else exactly 0"""

    def step(out: np.ndarray, a: np.ndarray, mask: np.ndarray) -> None:
        masked(a, mask, out)

    return each(step, a, mask)


def masked(g: np.ndarray, mask: np.ndarray, out: np.ndarray) -> np.ndarray:
    """g where mask, else 0, as bits: a mask of all ones or none.

    np.where takes many times as long, and g · mask makes NaN of ∞ · 0.
    """
    bits = BITS[g.dtype.itemsize]
    ones = all_ones(mask, bits, out.view(bits))
    np.bitwise_and(g.view(bits), ones, out=ones)
    return out


def all_ones(
    mask: np.ndarray, bits: np.dtype, out: np.ndarray | None = None
) -> np.ndarray:
    """A number of all ones where the mask holds, else 0."""
    ones = pad.take("ones", mask.shape, bits) if out is None else out
    small = pad.take("small", mask.shape, np.dtype("i1"))
    # widened last: half the time
    ones[...] = np.negative(mask.view("i1"), out=small)
    return ones


def chosen(a: np.ndarray, b: np.ndarray, mask: np.ndarray) -> np.ndarray:
    """a where the mask holds, else b, as bits: b ^ ((a ^ b) & mask)

    A tenth of the time that np.where takes.
    """
    bits = BITS[a.dtype.itemsize]

    def step(out: np.ndarray, *rest: np.ndarray) -> None:
        a, b, mask = rest
        a, b, out = a.view(bits), b.view(bits), out.view(bits)
        np.bitwise_xor(a, b, out=out)
        np.bitwise_and(out, all_ones(mask, bits), out=out)
        np.bitwise_xor(out, b, out=out)

    return each(step, a, b, mask)


def sigmoid(x: np.ndarray) -> np.ndarray:
    """1 / (1 + e⁻ˣ) = (1 + tanh(x/2)) / 2"""
    if forms.textbook or x.dtype.kind != "f":
        return textbook_sigmoid(x)

    def step(y: np.ndarray, x: np.ndarray) -> None:
        np.negative(x, out=y)
        np.exp(y, out=y)
        np.add(y, 1, out=y)
        np.divide(1, y, out=y)  # half of np.reciprocal's time

    with np.errstate(over="ignore"):
        return each(step, x, grain=HEAVY)


def textbook_sigmoid(x: np.ndarray) -> np.ndarray:
    with np.errstate(over="ignore"):
        return 1 / (1 + np.exp(-x))


def sigmoid_input(g: np.ndarray, y: np.ndarray) -> np.ndarray:
    """g · y · (1 - y), from the sigmoid's result y"""
    if forms.textbook or g.dtype != y.dtype or g.dtype.kind != "f":
        return g * y * (1 - y)

    def step(out: np.ndarray, g: np.ndarray, y: np.ndarray) -> None:
        np.subtract(1, y, out=out)
        np.multiply(out, y, out=out)
        np.multiply(out, g, out=out)

    return each(step, g, y)


def plus_product(a: np.ndarray, b: np.ndarray, c: np.ndarray) -> np.ndarray:
    """a + b c of float32, c of their shape or one number; rounded once"""

    def step(out: np.ndarray, a: np.ndarray, b: np.ndarray, *c: Any) -> None:
        wide = pad.take("wide", b.shape, np.dtype(np.float64))
        np.multiply(b, *c or (one,), out=wide, dtype=np.float64)
        np.add(wide, a, out=wide)
        out[...] = wide

    one = c
    return each(step, a, b, *[c] * bool(np.ndim(c)), grain=HEAVY)


def silu(x: np.ndarray) -> np.ndarray:
    """x σ(x) = x / (1 + e⁻ˣ)"""

    def step(y: np.ndarray, x: np.ndarray) -> None:
        np.negative(x, out=y)
        np.exp(y, out=y)
        np.add(y, 1, out=y)
        np.divide(x, y, out=y)

    return each(step, x, grain=HEAVY)


def silu_input(g: np.ndarray, x: np.ndarray) -> np.ndarray:
    """g σ (1 + x (1 - σ)),  σ = σ(x)"""

    def step(out: np.ndarray, g: np.ndarray, x: np.ndarray) -> None:
        s = pad.take("sigmoid", x.shape, x.dtype)
        np.negative(x, out=s)
        np.exp(s, out=s)
        np.add(s, 1, out=s)
        np.divide(1, s, out=s)
        np.subtract(1, s, out=out)
        np.multiply(out, x, out=out)
        np.add(out, 1, out=out)
        np.multiply(out, s, out=out)
        np.multiply(out, g, out=out)

    return each(step, g, x, grain=HEAVY)


def each(
    step: Callable[..., None],
    *arrays: np.ndarray,
    block: int = BLOCK,
    grain: int | None = None,
) -> np.ndarray:
    """A new array, filled block by block by step(out, *blocks).

    It lies as those arrays do that are in one piece, if possible last.
    """
    if arrays[0].size <= BLOCK // 8 and alike(arrays):
        out = np.empty_like(arrays[0])
        step(out.reshape(-1), *[x.reshape(-1) for x in arrays])
        return out
    whole = [x for x in arrays if in_one_piece(x)]
    order = () if whole else memory_order(arrays[0])
    if order != (*range(len(order)),):  # transposed, it lies in rows
        turned = (a.transpose(order) for a in arrays)
        out = each(step, *turned, block=block, grain=grain)
        return out.transpose([order.index(axis) for axis in range(out.ndim)])
    model = max(whole, key=is_last, default=np.empty(arrays[0].shape, bool))
    arrays = tuple(aligned(x, model) for x in arrays)
    x = arrays[0]
    out = np.empty_like(x)
    lines = [line(a) for a in (out, *arrays)]

    def part(start: int, stop: int) -> None:
        for first in range(start, stop, block):
            cut = slice(first, min(first + block, stop))
            step(*(a[cut] for a in lines))

    threads.share(part, x.size, grain=grain or GRAIN)
    return out


def alike(arrays: tuple[np.ndarray, ...]) -> bool:
    """Whether all are of one shape and lie row after row."""
    shape = arrays[0].shape
    return all(x.flags.c_contiguous and x.shape == shape for x in arrays)


def memory_order(x: np.ndarray) -> tuple[int, ...]:
    """The axes as a copy of x has them in memory, the slowest first."""
    steps = np.empty_like(x, order=order_of(x)).strides
    return tuple(sorted(range(x.ndim), key=lambda axis: -steps[axis]))


def in_one_piece(x: np.ndarray) -> bool:
    return x.flags.c_contiguous or is_last(x)


def aligned(y: np.ndarray, x: np.ndarray) -> np.ndarray:
    """y, copied where it does not lie as x does."""
    alike = x.flags.c_contiguous and y.flags.c_contiguous
    if x.shape == y.shape and (alike or is_last(x) and is_last(y)):
        return y
    return copied_as(x, y)


def line(x: np.ndarray) -> np.ndarray:
    """The entries in the order in which they lie: a view."""
    return (x if x.flags.c_contiguous else last(x)).reshape(-1)
