"""How the result of an elementwise operation on several arrays lies in memory.

NumPy and torch both look for the order of dimensions in which the operands
lie. Where the operands do not agree, torch follows the first one that has
steps along both dimensions in question, and NumPy falls back to rows.
"""

from __future__ import annotations

from typing import Any

import numpy as np

Sizes = tuple[int, ...]


def lined_up(*arrays: np.ndarray) -> tuple[np.ndarray, ...]:
    """The arrays, copied where NumPy's result would lie otherwise than
    torch's; they broadcast to one shape."""
    known = [a for a in arrays if any(a.strides)]
    if all(0 not in a.strides and a.strides == known[0].strides
           and a.shape == known[0].shape for a in known):
        return arrays  # NumPy and torch agree
    shape = np.broadcast_shapes(*[a.shape for a in arrays])
    if 0 in shape or len(shape) < 2:
        return arrays
    steps = [steps_in(a, shape) for a in arrays]
    order = fastest_first(shape, steps)
    if numpys_order(shape, steps) == order:
        return arrays
    first = laid(arrays[0], shape, order)
    return first, *(
        a if is_in(order, s) else laid(a, shape, order)
        for a, s in zip(arrays[1:], steps[1:]))


def in_line(*arrays: np.ndarray) -> tuple[np.ndarray, ...]:
    """The arrays for a formula of several steps, each of which shall lie as
    torch's one step: copied, unless all lie row by row."""
    if all(a.flags.c_contiguous for a in arrays):
        return arrays
    shape = np.broadcast_shapes(*[a.shape for a in arrays])
    if 0 in shape or len(shape) < 2:
        return arrays
    steps = [steps_in(a, shape) for a in arrays]
    order = fastest_first(shape, steps)
    return tuple([
        a if not a.ndim or a.shape == shape and all(s) and is_in(order, s)
        else laid(a, shape, order) for a, s in zip(arrays, steps)])


def cast_as_it_lies(a: np.ndarray, number: np.dtype) -> Any:
    """a in a dtype; what repeats itself in memory still does."""
    if 0 not in a.strides or a.dtype == number:
        return a.astype(number, copy=False)
    once = a[tuple([slice(None) if step else slice(1) for step in a.strides])]
    return np.broadcast_to(once.astype(number), a.shape)


def steps_in(a: np.ndarray, shape: Sizes) -> Sizes:
    """The step along each dimension of `shape`; 0 where a is repeated."""
    missing = len(shape) - a.ndim
    return (0,) * missing + tuple(
        0 if n == 1 < whole else step
        for n, whole, step in zip(a.shape, shape[missing:], a.strides))


def fastest_first(shape: Sizes, steps: list[Sizes]) -> list[int]:
    """The dimensions in torch's order, the one with the smallest steps
    first: those are swapped that an operand has the other way round."""
    order = list(range(len(shape)))[::-1]
    for i in range(1, len(order)):
        here = i
        for there in range(i - 1, -1, -1):
            way = compared(order[there], order[here], shape, steps)
            if way > 0:
                order[there], order[here] = order[here], order[there]
                here = there
            elif way < 0:
                break
    return order


def compared(d: int, e: int, shape: Sizes, steps: list[Sizes]) -> int:
    """1 if d has the greater steps, -1 if e has, 0 if nobody knows."""
    for s in steps:
        if s[d] and s[e]:
            if s[d] != s[e]:
                return 1 if s[d] > s[e] else -1
            if shape[d] > shape[e]:
                return 1
    return 0


def numpys_order(shape: Sizes, steps: list[Sizes]) -> list[int]:
    """The same as NumPy has it: rows where the operands disagree, and a
    dimension is moved past all others that have smaller steps."""
    order = list(range(len(shape)))[::-1]
    for i in range(1, len(order)):
        d, place = order[i], i
        for there in range(i - 1, -1, -1):
            known, moved = numpys_way(order[there], d, shape, steps)
            if known and not moved:
                break
            if known:
                place = there
        order.insert(place, order.pop(i))
    return order


def numpys_way(d: int, e: int, shape: Sizes, steps: list[Sizes]
               ) -> tuple[bool, bool]:
    """Whether any operand tells d's steps from e's; whether all that do have
    the greater along d."""
    known = [abs(s[d]) > abs(s[e]) for s in steps
             if s[d] and s[e] and shape[d] > 1 and shape[e] > 1]
    return bool(known), bool(known) and all(known)


def is_in(order: list[int], steps: Sizes) -> bool:
    """Whether the steps of an array grow along the order."""
    known = [steps[d] for d in order if steps[d]]
    return all(s <= t for s, t in zip(known, known[1:]))


def laid(a: np.ndarray, shape: Sizes, order: list[int]) -> Any:
    """A copy of a, stretched to `shape`, that lies in this order."""
    slowest = order[::-1]
    whole = np.empty([shape[d] for d in slowest], a.dtype)
    copy = whole.transpose(np.argsort(slowest))
    copy[...] = a
    return copy
