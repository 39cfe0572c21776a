"""Tensors put together and taken apart; each way is the other's adjoint."""

from __future__ import annotations

from itertools import accumulate
from typing import Any

import numpy as np

from ..graph import record, view
from ..kernels.memory import in_row_order, is_last
from ..tensor import Tensor
from ..unseen import as_it_lies, unseen
from .kinds import is_int, is_ints, refusal, typed
from .lift import atleast_1d, atleast_2d, atleast_3d
from .operands import check_tensor, dim_of, named, result_type, torch_name

__all__ = [
    "cat", "concat", "concatenate", "stack", "hstack", "vstack", "dstack",
    "column_stack", "row_stack", "split", "split_with_sizes",
    "tensor_split", "chunk", "unbind", "hsplit", "vsplit", "dsplit",
    "narrow", "narrow_copy", "select",
]
METHODS = (
    "split split_with_sizes tensor_split chunk unbind hsplit vsplit "
    "dsplit narrow narrow_copy select"
).split()
IN_PLACE: list[str] = []


def cat(tensors: Any, dim: int = 0, *, out: Any = None) -> Tensor:
    """One tensor after another along `dim`."""
    xs = list_of_tensors(tensors, "cat")
    if not xs:
        raise ValueError("torch.cat(): expected a non-empty list of Tensors")
    for i, x in enumerate(xs):
        if not x.ndim:
            raise RuntimeError(f"zero-dimensional tensor (at position {i}) "
                               "cannot be concatenated")
    if any(x.lies is not None for x in xs):
        looks = [as_it_lies(x) for x in xs]
        joined = cat([x for x, _ in looks], dim)
        return unseen(joined) if all(free for _, free in looks) else joined
    # torch: empty vectors may join tensors of any shape
    full = [x for x in xs if x.array.shape != (0,)] or xs
    d = dim_of(dim, full[0].array.ndim)
    check_cat(full, d)
    number = result_type(*xs).numpy
    y = np.concatenate([x.array for x in full], d, dtype=number)
    if y.ndim < 4 or not all(is_last(x.array) for x in full):
        y = in_row_order(y)
    ends = list(accumulate(x.array.shape[d] for x in full))
    rest = [(x, lambda g: g.new_zeros(0)) for x in xs
            if x.array.shape == (0,) and len(full) < len(xs)]
    return record(y, *[(x, piece_rule(d, end - x.array.shape[d], end))
                       for x, end in zip(full, ends)], *rest,
                  name="CatBackward0")


def piece_rule(d: int, first: int, end: int) -> Any:
    return lambda g: g.narrow(d, first, end - first)


def check_cat(xs: list, d: int) -> None:
    shape = xs[0].array.shape
    for i, x in enumerate(xs):
        other = x.array.shape
        if len(other) != len(shape):
            raise RuntimeError(
                "Tensors must have same number of dimensions: got "
                f"{len(shape)} and {len(other)}")
        if other[:d] + other[d + 1:] != shape[:d] + shape[d + 1:]:
            off = next(k for k in range(len(shape))
                       if k != d and shape[k] != other[k])
            raise RuntimeError(
                "Sizes of tensors must match except in dimension "
                f"{d}. Expected size {shape[off]} but got size {other[off]} "
                f"for tensor number {i} in the list.")


def list_of_tensors(tensors: Any, caller: str) -> list:
    if not isinstance(tensors, (tuple, list)):
        raise TypeError(
            f"{caller}(): argument 'tensors' (position 1) must be tuple of "
            f"Tensors, not {type(tensors).__name__}")
    for i, x in enumerate(tensors):
        if not isinstance(x, Tensor):
            raise TypeError(
                f"expected Tensor as element {i} in argument 0, but got "
                f"{type(x).__name__}")
    return list(tensors)


def check_some(xs: list, caller: str) -> None:
    if not xs:
        raise RuntimeError(f"{caller} expects a non-empty TensorList")


def some_tensors(tensors: Any, caller: str) -> list:
    """A list of one tensor or more."""
    xs = list_of_tensors(tensors, caller)
    check_some(xs, caller)
    return xs


def concat(tensors: Any, dim: int = 0, *, out: Any = None) -> Tensor:
    """cat by another name."""
    return cat(tensors, dim)


def concatenate(tensors: Any, dim: int = 0, *, out: Any = None) -> Tensor:
    """cat by another name."""
    return cat(tensors, dim)


def stack(tensors: Any, dim: int = 0, *, out: Any = None) -> Tensor:
    """Tensors of one shape, side by side along a new dimension."""
    xs = list_of_tensors(tensors, "stack")
    check_some(xs, "stack")
    shape = xs[0].array.shape
    for i, x in enumerate(xs):
        if x.array.shape != shape:
            raise RuntimeError(
                "stack expects each tensor to be equal size, but got "
                f"{[*shape]} at entry 0 and {[*x.array.shape]} at entry {i}")
    d = dim_of(dim, len(shape) + 1)
    number = result_type(*xs).numpy
    y = in_row_order(np.stack([x.array for x in xs], d, dtype=number))
    return record(y, *[(x, select_rule(d, i)) for i, x in enumerate(xs)],
                  name="StackBackward0")


def select_rule(d: int, i: int) -> Any:
    return lambda g: g.select(d, i)


def hstack(tensors: Any, *, out: Any = None) -> Tensor:
    """Side by side: along columns (vectors end to end)."""
    xs = atleast_1d(some_tensors(tensors, "hstack"))
    return cat(xs, 0 if xs[0].array.ndim == 1 else 1)


def vstack(tensors: Any, *, out: Any = None) -> Tensor:
    """One over the other, as rows."""
    return cat(atleast_2d(some_tensors(tensors, "vstack")), 0)


row_stack = vstack


def dstack(tensors: Any, *, out: Any = None) -> Tensor:
    """One behind the other, along the third dimension."""
    return cat(atleast_3d(some_tensors(tensors, "dstack")), 2)


def column_stack(tensors: Any, *, out: Any = None) -> Tensor:
    """Vectors as the columns of a matrix."""
    xs = [x.reshape(-1, 1) if x.array.ndim < 2 else x
          for x in some_tensors(tensors, "column_stack")]
    return cat(xs, 1)


def narrow(input: Tensor, dim: int, start: Any, length: int) -> Tensor:
    """A view of `length` entries along `dim`, from `start`."""
    x = input
    if isinstance(start, Tensor) and (
            start.array.ndim or start.array.dtype.kind not in "iu"):
        raise RuntimeError("start must be an 0-dim integral Tensor.")
    for place, (name, n) in enumerate((("start", start),
                                       ("length", length)), 2):
        if not is_int(n):
            raise refusal(f"narrow(): argument '{name}' (position {place})",
                          "int", n)
    d = check_has_dims(x, dim, "narrow()")
    n, start = x.array.shape[d], int(start)
    if length < 0:
        raise RuntimeError("narrow(): length must be non-negative.")
    if not -n <= start <= n:
        raise IndexError(
            "start out of range (expected to be in range of "
            f"[{-n}, {n}], but got {start})")
    start += n if start < 0 else 0
    if start + length > n:
        raise RuntimeError(f"start ({start}) + length ({length}) exceeds "
                           f"dimension size ({n}).")
    return sliced(x, d, start, length)


def sliced(x: Tensor, d: int, start: int, length: int,
           name: str = "SliceBackward0", forbids: str = "") -> Tensor:
    """A part of x along one dimension, as a view."""
    n = x.array.shape[d]
    y = x.array[(slice(None),) * d + (slice(start, start + length),)]
    return view(x, y, lambda g: pad_dim(g, d, start, n),
                lambda b: sliced(b, d, start, length), name=name,
                forbids=forbids)


def pad_dim(y: Tensor, d: int, start: int, n: int) -> Tensor:
    """The adjoint of sliced: y from `start` on, zeros elsewhere up to n."""
    a = y.array
    x = np.zeros((*a.shape[:d], n, *a.shape[d + 1:]), a.dtype)
    length = a.shape[d]
    x[(slice(None),) * d + (slice(start, start + length),)] = a
    return record(x, (y, lambda g: sliced(g, d, start, length)),
                  name="SliceBackward0")


def check_has_dims(x: Tensor, dim: int, caller: str) -> int:
    if not x.array.ndim:
        raise RuntimeError(f"{caller} cannot be applied to a 0-dim tensor.")
    return dim_of(dim, x.array.ndim)


def narrow_copy(input: Tensor, dim: int, start: int, length: int) -> Tensor:
    """As narrow, in memory of its own."""
    check_tensor(input, "narrow_copy")
    ndim = input.array.ndim
    if ndim and is_int(dim) and dim >= ndim:  # torch: what it says itself
        raise RuntimeError(
            "Expected dim < static_cast<int64_t>(self_sizes.size()) to be "
            "true, but got false.  (Could this error message be improved?  "
            "If so, please report an enhancement request to PyTorch.)")
    if ndim and is_int(length) and length < 0:
        raise RuntimeError(
            f"start ({start}) + length ({length}) exceeds dimension size "
            f"({input.array.shape[dim]}).")
    return named(narrow(input, dim, start, length).clone(),
                 "NarrowCopyBackward0")


def select(input: Tensor, dim: int, index: int) -> Tensor:
    """The slice at `index` along `dim`: one dimension less."""
    x = input
    if isinstance(index, bool):
        raise refusal("select(): argument 'index' (position 2)", "int", index)
    if not x.array.ndim:
        raise IndexError("select() cannot be applied to a 0-dim tensor.")
    d = dim_of(dim, x.array.ndim)
    n, i = x.array.shape[d], int(index)
    if not -n <= i < n:
        raise IndexError(
            f"select(): index {i} out of range for tensor of size "
            f"{[*x.shape]} at dimension {d}")
    return selected(x, d, i % n)


def selected(x: Tensor, d: int, i: int, name: str = "SelectBackward0",
             forbids: str = "") -> Tensor:
    n = x.array.shape[d]
    y = x.array[(slice(None),) * d + (i,)]
    return view(x, np.asarray(y) if x.array.ndim > 1 else x.array[i, ...],
                lambda g: pad_dim(g.unsqueeze(d), d, i, n),
                lambda b: selected(b, d, i), name=name, forbids=forbids)


def split(tensor: Tensor, split_size_or_sections: Any,
          dim: int = 0) -> tuple:
    """Pieces of a size (the last may be shorter), or of given sizes."""
    x, size = tensor, split_size_or_sections
    if not is_ints(size):
        raise refusal("split_with_sizes(): argument 'split_sizes' (position "
                      "2)", "tuple of ints", size)
    if isinstance(size, (tuple, list)):
        return split_with_sizes(x, size, dim)
    size = int(size)
    if not x.array.ndim:
        raise RuntimeError("split expects at least a 1-dimensional tensor")
    d = dim_of(dim, x.array.ndim)
    n = x.array.shape[d]
    if size < 0 or (size == 0 and n):
        raise RuntimeError(
            "split expects split_size be non-negative, but got split_size="
            f"{size}" if size < 0 else "split_size can only be 0 if "
            f"dimension size is 0, but got dimension size of {n}")
    lengths = [min(size, n - at) for at in range(0, n, size or 1)] or [0]
    return pieces(x, lengths, d, "SplitBackward0")


def split_with_sizes(input: Tensor, split_sizes: Any, dim: int = 0) -> tuple:
    """Pieces of the given sizes."""
    x = input
    if not x.array.ndim:
        raise RuntimeError(
            "split_with_sizes expects at least a 1-dimensional tensor")
    d = dim_of(dim, x.array.ndim)
    lengths = [int(n) for n in split_sizes]
    n = x.array.shape[d]
    if any(k < 0 for k in lengths):
        raise RuntimeError(
            "split_with_sizes expects split_sizes have only non-negative "
            f"entries, but got split_sizes={lengths}")
    if sum(lengths) != n:
        raise RuntimeError(
            "split_with_sizes expects split_sizes to sum exactly to "
            f"{n} (input tensor's size at dimension {d}), but got "
            f"split_sizes={lengths}")
    return pieces(x, lengths, d, "SplitWithSizesBackward0")


def pieces(x: Tensor, lengths: list, d: int, name: str) -> tuple:
    ends = accumulate(lengths)
    return tuple(sliced(x, d, end - n, n, name, "several")
                 for n, end in zip(lengths, ends))


@typed(chunks="int")
def chunk(input: Tensor, chunks: int, dim: int = 0) -> tuple:
    """At most `chunks` pieces of one size (the last may be shorter)."""
    x = input
    if not x.array.ndim:
        raise RuntimeError("chunk expects at least a 1-dimensional tensor")
    if chunks <= 0:
        raise RuntimeError(
            f"chunk expects `chunks` to be greater than 0, got: {chunks}")
    d = dim_of(dim, x.array.ndim)
    n = x.array.shape[d]
    if n == 0:
        return pieces(x, [0] * chunks, d, "SplitWithSizesBackward0")
    return split(x, -(-n // int(chunks)), d)


def tensor_split(input: Tensor, indices_or_sections: Any,
                 dim: int = 0) -> tuple:
    """Pieces between the given indices, or so many that differ by one."""
    x = input
    if not x.array.ndim:
        raise RuntimeError("tensor_split expected at least a 1-dimensional "
                           "tensor, but got a tensor with 0 dims")
    d = dim_of(dim, x.array.ndim)
    n = x.array.shape[d]
    where = indices_or_sections
    if isinstance(where, Tensor):
        if where.array.dtype != np.int64:
            raise RuntimeError(
                "tensor_split expected tensor_indices_or_sections to have "
                f"dtype of long, but got {torch_name(where.dtype)}")
        where = where.tolist()
    elif not is_ints(where):
        raise refusal("tensor_split(): argument 'indices_or_sections' "
                      "(position 2)", "tuple of ints", where)
    if isinstance(where, int):
        if where <= 0:
            raise RuntimeError(
                f"number of sections must be larger than 0, got {where}")
        small, more = divmod(n, where)
        ends = list(accumulate(small + (i < more) for i in range(where)))
    else:
        ends = [range(n)[:i].stop if i >= 0 else max(n + i, 0)
                for i in where] + [n]
    starts = [0, *ends[:-1]]
    return tuple(sliced(x, d, a, max(b - a, 0)) for a, b in zip(starts, ends))


def hsplit(input: Tensor, indices_or_sections: Any) -> tuple:
    """tensor_split along columns."""
    if input.array.ndim < 1:
        raise RuntimeError("torch.hsplit requires a tensor with at least 1 "
                           "dimension, but got a tensor with 0 dimensions!")
    return even_split(input, indices_or_sections,
                      0 if input.array.ndim == 1 else 1, "hsplit")


def vsplit(input: Tensor, indices_or_sections: Any) -> tuple:
    """tensor_split along rows."""
    if input.array.ndim < 2:
        raise RuntimeError(
            "torch.vsplit requires a tensor with at least 2 dimension, but "
            f"got a tensor with {input.array.ndim} dimensions!")
    return even_split(input, indices_or_sections, 0, "vsplit")


def dsplit(input: Tensor, indices_or_sections: Any) -> tuple:
    """tensor_split along the third dimension."""
    if input.array.ndim < 3:
        raise RuntimeError(
            "torch.dsplit requires a tensor with at least 3 dimension, but "
            f"got a tensor with {input.array.ndim} dimensions!")
    return even_split(input, indices_or_sections, 2, "dsplit")


def even_split(x: Tensor, sections: Any, d: int, caller: str) -> tuple:
    n = x.array.shape[d]
    if isinstance(sections, int) and (sections <= 0 or n % sections):
        raise RuntimeError(
            f"torch.{caller} attempted to split along dimension {d}, but "
            f"the size of the dimension {n} is not divisible by the "
            f"split_size {sections}!")
    return tensor_split(x, sections, d)


def unbind(input: Tensor, dim: int = 0) -> tuple:
    """The slices along `dim`, one by one."""
    x = input
    if not x.array.ndim:
        raise IndexError(
            "Dimension specified as 0 but tensor has no dimensions")
    d = dim_of(dim, x.array.ndim)
    return tuple([selected(x, d, i, "UnbindBackward0", "several")
                  for i in range(x.array.shape[d])])
