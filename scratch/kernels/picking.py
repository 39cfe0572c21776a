"""What arrays of indices and masks pick out of an array, as torch does it:
numbers, slices and None are looked at first, then the arrays pick.

NumPy counts a number beside arrays as one of them, so that a[0, :, i] has
the dimensions of i in front; torch looks at a[0] and picks [:, i] there.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NoReturn

import numpy as np

from scratch.kernels.scatter import add_rows, place_rows

WHOLE = slice(None)


def look(a: np.ndarray, where: tuple) -> tuple[np.ndarray, tuple]:
    """The part of a that basic indices leave, and what picks from it:
    whole slices, and arrays with at least one dimension."""
    if all(
        part.ndim
        if isinstance(part, np.ndarray)
        else (isinstance(part, slice) and part == WHOLE)
        for part in where
    ):
        return a, where
    rest = a.ndim - sum(width(part) for part in where)
    if rest < 0:
        raise IndexError(f"too many indices for tensor of dimension {a.ndim}")
    basic: list = []
    picks: list = []
    for part in where:
        if not isinstance(part, np.ndarray):
            basic.append(part)
            if not isinstance(part, int):
                picks += [WHOLE] * (rest if part is Ellipsis else 1)
        elif part.ndim:
            basic += [WHOLE] * width(part)
            picks.append(part)
        else:  # one truth: a new dimension, taken once or not at all
            basic.append(None)
            picks.append(np.zeros(int(part), np.int64))
    return seen(a, tuple(basic)), tuple(picks)


def seen(a: np.ndarray, where: tuple) -> np.ndarray:
    """The view by numbers, slices, None and an Ellipsis.

    torch: the step of a new dimension spans the dimension behind it.
    """
    y = a[where]
    if None not in where:
        return y
    rest = a.ndim - sum(map(width, where))
    steps, d, k = list(y.strides), 0, 0
    for part in where:
        if part is None:
            steps[d] = left_of(a, k)
            d += 1
        elif part is Ellipsis:
            d, k = d + rest, k + rest
        else:
            d, k = d + isinstance(part, slice), k + 1
    return stepped(y, y.shape, steps)


def left_of(a: np.ndarray, d: int) -> int:
    """The step of a new dimension in front of d, in bytes."""
    return a.shape[d] * a.strides[d] if d < a.ndim else a.itemsize


def stepped(a: np.ndarray, shape: Sequence[int],
            steps: Sequence[int]) -> np.ndarray:
    """a as one of this shape, with these steps in bytes."""
    if a.flags.c_contiguous:
        return np.ndarray(shape, a.dtype, a, 0, steps)
    return np.lib.stride_tricks.as_strided(a, shape, steps)


def lifted(a: np.ndarray, d: int) -> np.ndarray:
    """A view with a new dimension in front of d."""
    steps = [*a.strides]
    steps.insert(d, left_of(a, d))
    return stepped(a, [*a.shape[:d], 1, *a.shape[d:]], steps)


def width(part: object) -> int:
    """How many dimensions a part of an index is for."""
    if isinstance(part, np.ndarray):
        return part.ndim if part.dtype == bool else 1
    return int(part is not None and part is not Ellipsis)


def pick(a: np.ndarray, where: tuple) -> np.ndarray:
    """a[where], of its own, with dimensions that lie as torch's do."""
    a, picks = look(a, where)
    check_masks(a, picks)
    at = [d for d, part in enumerate(picks) if isinstance(part, np.ndarray)]
    one = picks[at[0]]
    simple = len(at) == 1 and a.ndim and a.size and one.dtype != bool
    try:
        if simple and a.flags.c_contiguous and one.flags.c_contiguous:
            return a.take(one, at[0])  # the same, sooner, and row by row
        return laid_out(a[picks], a, picks)
    except IndexError as error:
        refuse(a, picks, error)


def put(a: np.ndarray, where: tuple, value: np.ndarray) -> None:
    """a[where] = value."""
    a, picks = look(a, where)
    check_masks(a, picks)
    try:
        a[picks] = value
    except IndexError as error:
        refuse(a, picks, error)
    except (TypeError, ValueError):
        shape = np.broadcast_to(np.empty(()), a.shape)[picks].shape
        raise RuntimeError(
            f"shape mismatch: value tensor of shape {[*value.shape]} cannot "
            f"be broadcast to indexing result of shape {[*shape]}"
        ) from None


def add(a: np.ndarray, where: tuple, value: np.ndarray) -> None:
    """a[where] += value, as often as where names a place."""
    a, picks = look(a, where)
    np.add.at(a, picks, value)


def placed(value: np.ndarray, where: tuple, shape: tuple) -> np.ndarray:
    """Zeros of this shape, the value added where it was picked."""
    d = lone(where)
    if d is None or value.dtype not in ("f4", "f8"):
        x = np.zeros(shape, value.dtype)
        add(x, where, value)
        return x
    index, n = where[d].reshape(-1), shape[d]
    slices = value.reshape(*shape[:d], index.size, *shape[d + 1 :])
    index = np.where(index < 0, index + n, index)
    rows = place_rows(np.moveaxis(slices, d, 0), index, n)
    return np.ascontiguousarray(np.moveaxis(rows, 0, d))


def add_slices(
    a: np.ndarray, d: int, index: np.ndarray, value: np.ndarray
) -> np.ndarray:
    """a with the slices of value added to those that the index names."""
    into, values = np.moveaxis(a, d, 0), np.moveaxis(value, d, 0)
    rows = add_rows(into, values, index, a.shape[d])
    return np.ascontiguousarray(np.moveaxis(rows, 0, d))


def lone(where: tuple) -> int | None:
    """The dimension of which an array of numbers picks, beside whole ones;
    None if there is more to it."""
    at = [d for d, part in enumerate(where) if isinstance(part, np.ndarray)]
    whole = [isinstance(part, slice) and part == WHOLE for part in where]
    if len(at) != 1 or len(where) != 1 + sum(whole):
        return None
    one = where[at[0]]
    return at[0] if one.ndim and one.dtype.kind == "i" else None


# ---- the order in memory


def laid_out(y: np.ndarray, a: np.ndarray, picks: tuple) -> np.ndarray:
    """y = a[picks] in the order in memory that torch gives it."""
    arrays = [part for part in picks if isinstance(part, np.ndarray)]
    if a.flags.c_contiguous and all(part.flags.c_contiguous for part in arrays):
        return np.ascontiguousarray(y)
    order = tuple(order_of(y.shape, walks(a, picks, y.shape)))
    return np.ascontiguousarray(y.transpose(order)).transpose(np.argsort(order))


def walks(a: np.ndarray, picks: tuple, shape: tuple) -> list[tuple]:
    """The steps in memory of a, and of each index, along the dimensions of
    a[picks], which has that shape; 0 along those that the others have."""
    picks += (WHOLE,) * (a.ndim - sum(width(part) for part in picks))
    at = [k for k, part in enumerate(picks) if isinstance(part, np.ndarray)]
    arrays: list[np.ndarray] = []
    steps: list[int] = []
    d = 0
    for part in picks:
        if isinstance(part, np.ndarray):
            arrays += np.nonzero(part) if part.dtype == bool else [part]
        else:
            steps.append(a.strides[d] or step_over(a, d))
        d += width(part)
    front = at[0] if at[-1] - at[0] < len(at) else 0  # side by side, or not
    chosen = np.broadcast_arrays(*arrays)
    ones = (1,) * front, (1,) * (len(steps) - front)
    seen = [(*steps[:front], *[0] * chosen[0].ndim, *steps[front:])]
    for index in chosen:
        index = index.reshape(ones[0] + index.shape + ones[1])
        seen.append(
            tuple(
                [
                    step if n == m else 0
                    for step, n, m in zip(index.strides, index.shape, shape)
                ]
            )
        )
    return seen


def step_over(a: np.ndarray, d: int) -> int:
    """The step along a new dimension: over all of the next one, as in
    torch; 0 along one that repeats."""
    if a.shape[d] != 1:
        return 0
    if d + 1 == a.ndim:
        return a.itemsize
    return a.shape[d + 1] * (a.strides[d + 1] or step_over(a, d + 1))


def order_of(shape: tuple, walks: list[tuple]) -> list[int]:
    """The dimensions from the longest step to the shortest, by the first
    operand that walks along both; else as they are (TensorIterator)."""
    order = [*reversed(range(len(shape)))]
    for i in range(1, len(order)):
        here = i
        for j in range(i - 1, -1, -1):
            sign = longer(order[j], order[here], shape, walks)
            if sign < 0:
                break
            if sign > 0:
                order[j], order[here], here = order[here], order[j], j
    return order[::-1]


def longer(d: int, e: int, shape: tuple, walks: list[tuple]) -> int:
    """1 where a step along d is longer than one along e, -1 where it is
    shorter, 0 where no operand tells."""
    for steps in walks:
        if steps[d] and steps[e]:
            if steps[d] != steps[e]:
                return 1 if steps[d] > steps[e] else -1
            if shape[d] > shape[e]:
                return 1
    return 0


# ---- refusals


def check_masks(a: np.ndarray, picks: tuple) -> None:
    """Masks of the shape of the dimensions that they are for."""
    d = 0
    for part in picks:
        if isinstance(part, np.ndarray) and part.dtype == bool:
            for k, n in enumerate(part.shape):
                if d + k < a.ndim and n != a.shape[d + k]:
                    raise IndexError(
                        f"The shape of the mask {[*part.shape]} at index {k}"
                        " does not match the shape of the indexed tensor "
                        f"{[*a.shape]} at index {d + k}"
                    )
        d += width(part)


def refuse(a: np.ndarray, picks: tuple, error: IndexError) -> NoReturn:
    """NumPy's refusal in torch's words."""
    words = str(error)
    if words.startswith("too many indices"):
        words = f"too many indices for tensor of dimension {a.ndim}"
    elif words.startswith("shape mismatch"):
        shapes = ", ".join(str([*shape]) for shape in shapes_of(picks))
        words = (
            "shape mismatch: indexing tensors could not be broadcast "
            f"together with shapes {shapes}"
        )
    elif not a.size:
        words = "index is out of bounds for dimension with size 0"
    found = re.search(r"axis (\d+)", words)
    if found:  # torch: counts the dimensions that arrays pick from
        d, count = 0, 0
        for part in picks:
            if d == int(found[1]):
                break
            count += width(part) * isinstance(part, np.ndarray)
            d += width(part)
        words = words.replace(found[0], f"dimension {count}")
    raise IndexError(words) from None


def shapes_of(picks: tuple) -> list[tuple]:
    """The shapes of the indices; of a mask, of those of its truths."""
    shapes: list[tuple] = []
    for part in picks:
        if isinstance(part, np.ndarray):
            shapes += (
                [(int(part.sum()),)] * part.ndim
                if (part.dtype == bool)
                else [part.shape]
            )
    return shapes
