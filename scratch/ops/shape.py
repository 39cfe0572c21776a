"""Other shapes of the same numbers, each beside its adjoint.

Where memory allows, the result is a view of the input, as in torch.
"""

from __future__ import annotations

import math
import warnings
from operator import index
from typing import Any

import numpy as np

from .. import dtypes
from ..graph import record, view
from ..kernels.picking import lifted
from ..layouts import contiguous_format, laid, preserve_format
from ..size import Size
from ..tensor import Tensor
from .kinds import typed
from .operands import dim_of, dims_of, each_dim
from .retyping import view_dtype

__all__ = [
    "reshape", "permute", "transpose", "t", "squeeze", "unsqueeze",
    "flatten", "clone", "broadcast_to", "movedim", "moveaxis", "swapaxes",
    "swapdims", "ravel", "unflatten", "adjoint",
]
METHODS = (
    "reshape permute transpose t expand expand_as broadcast_to squeeze "
    "unsqueeze flatten clone contiguous movedim moveaxis swapaxes "
    "swapdims ravel unflatten adjoint reshape_as view_as"
).split()
IN_PLACE: list[str] = []
IDENTITY = "This function is the identity in these cases."
CONJUGATE = "Consider using x.conj()."


def sizes(shape: tuple, named: Any = None) -> tuple:
    """Sizes given as reshape(2, 3), reshape((2, 3)) or by their name."""
    if named is not None:
        shape = (named,)
    if len(shape) == 1 and not isinstance(shape[0], (int, np.integer)):
        first = shape[0]
        if not isinstance(first, Tensor):
            if isinstance(first, (str, float)) or not hasattr(
                    first, "__iter__"):
                raise not_sizes(first)
            shape = tuple(first)
    if bool in map(type, shape):  # torch: only the first is looked at
        if type(shape[0]) is bool:
            raise not_sizes(shape)
        shape = tuple([int(n) if n is True or n is False else n
                       for n in shape])
    if Tensor in map(type, shape):
        refuse_truths(shape)
    try:
        return tuple([index(n) for n in shape])
    except TypeError:
        raise not_sizes(shape) from None


def refuse_truths(shape: tuple) -> None:
    """Refuse a tensor that says true or false for a size."""
    if any(isinstance(n, Tensor) and n.array.dtype == bool for n in shape):
        raise RuntimeError(
            "Expected scalar.isIntegral( false) to be true, but got false.  "
            "(Could this error message be improved?  If so, please report an"
            " enhancement request to PyTorch.)")


def not_sizes(given: Any) -> TypeError:
    """What sizes should have been."""
    kind = type(given).__name__
    if isinstance(given, tuple):
        kind = "tuple of (" + ", ".join(
            type(n).__name__ for n in given) + ")"
    return TypeError(f"argument 'size' must be tuple of ints, not {kind}")


def whole(shape: tuple, count: int) -> tuple:
    """A shape for `count` elements, its one -1 filled in."""
    known, unknown = 1, None
    for axis, n in enumerate(shape):
        if n >= 0:
            known *= n
        elif n < -1:
            raise RuntimeError(f"invalid shape dimension {n} at index {axis}"
                               f" of shape {[*shape]}")
        elif unknown is not None:
            raise RuntimeError("only one dimension can be inferred")
        else:
            unknown = axis
    if unknown is not None and known == 0 and count == 0:
        raise RuntimeError(
            "cannot reshape tensor of 0 elements into shape "
            f"{[*shape]} because the unspecified dimension size -1 can be "
            "any value and is ambiguous")
    if unknown is None and known == count:
        return shape
    if unknown is None or known == 0 or count % known:
        raise RuntimeError(
            f"shape '{[*shape]}' is invalid for input of size {count}")
    return (*shape[:unknown], count // known, *shape[unknown + 1:])


def reshape(input: Tensor, *sides: Any, shape: Any = None) -> Tensor:
    """The same numbers, row by row, in another shape."""
    x, before = input, input.array.shape
    after = whole(sizes(sides, shape), x.array.size)
    y = x.array.reshape(after)
    if x.array.size and not np.may_share_memory(x.array, y):
        return record(y, (x, lambda g: g.reshape(before)),
                      name="UnsafeViewBackward0")
    return view(x, y, lambda g: g.reshape(before),
                lambda b: b.reshape(after), name="ViewBackward0")


def view_(input: Tensor, *shape: Any, size: Any = None,
          dtype: Any = None) -> Tensor:
    """As reshape, but only where no number has to move."""
    if len(shape) == 1 and isinstance(shape[0], dtypes.dtype):
        dtype = shape[0]
    if dtype is not None:
        return view_dtype(input, dtype)
    y = reshape(input, *shape, shape=size)
    if y._view is None:
        raise RuntimeError(
            "view size is not compatible with input tensor's size and stride"
            " (at least one dimension spans across two contiguous "
            "subspaces). Use .reshape(...) instead.")
    return y


def permute(input: Tensor, *order: Any, dims: Any = None) -> Tensor:
    """y[i₀, i₁, …] = x with its dimensions in the order `dims`"""
    x = input
    order = sizes(order, dims)
    if len(order) != x.array.ndim:
        raise RuntimeError(
            "permute(sparse_coo): number of dimensions in the tensor input "
            "does not match the length of the desired ordering of dimensions"
            f" i.e. input.dim() = {x.array.ndim} is not equal to len(dims) ="
            f" {len(order)}")
    order = tuple(dim_of(d, x.array.ndim) for d in order)
    if len(set(order)) != len(order):
        raise RuntimeError("permute(): duplicate dims are not allowed.")
    back = tuple(sorted(range(len(order)), key=order.__getitem__))
    return view(x, x.array.transpose(order), lambda g: g.permute(back),
                lambda b: b.permute(order), name="PermuteBackward0")


def transpose(input: Tensor, dim0: int, dim1: int) -> Tensor:
    """x with two dimensions exchanged."""
    x = input
    d0, d1 = dim_of(dim0, x.array.ndim), dim_of(dim1, x.array.ndim)
    if x.array.ndim == 0:
        return view(x, x.array.view(), lambda g: g, lambda b: b.transpose(
            0, 0), name="TransposeBackward0")
    return view(x, x.array.swapaxes(d0, d1), lambda g: g.transpose(d0, d1),
                lambda b: b.transpose(d0, d1), name="TransposeBackward0")


def t(input: Tensor) -> Tensor:
    """The transpose of a matrix; vectors and numbers stay."""
    if input.array.ndim > 2:
        raise RuntimeError(
            "t() expects a tensor with <= 2 dimensions, but self is "
            f"{input.array.ndim}D")
    return view(input, input.array.T, lambda g: g.t(), lambda b: b.t(),
                name="TBackward0")


def mT(input: Tensor) -> Tensor:
    """The last two dimensions exchanged."""
    return exchanged(input, "mT", "Tensor.mT", IDENTITY)


def H(input: Tensor) -> Tensor:
    """The conjugate transpose of a matrix."""
    if input.array.ndim not in (0, 2):
        raise RuntimeError(
            "tensor.H is only supported on matrices (2-D tensors). Got "
            f"{input.array.ndim}-D tensor."
            + " For batches of matrices, consider using tensor.mH" * (
                input.array.ndim > 2))
    return exchanged(input, "H", "Tensor.H", CONJUGATE).conj()


def mH(input: Tensor) -> Tensor:
    """The conjugate of the last two dimensions exchanged."""
    return exchanged(input, "mH", "Tensor.mH", CONJUGATE).conj()


def exchanged(x: Tensor, word: str, full: str, instead: str) -> Tensor:
    """The last two dimensions exchanged; torch: a number as it is"""
    if x.array.ndim >= 2:
        return transpose(x, -2, -1)
    if x.array.ndim:
        raise RuntimeError(f"tensor.{word} is only supported on matrices or "
                           "batches of matrices. Got 1-D tensor.")
    warnings.warn(f"{full} is deprecated on 0-D tensors. {instead}",
                  UserWarning, stacklevel=3)
    return x


def T(input: Tensor) -> Tensor:
    """The dimensions in reverse."""
    return permute(input, tuple(range(input.array.ndim))[::-1])


def expand(input: Tensor, *shape: Any, size: Any = None,
           implicit: bool = False) -> Tensor:
    """x repeated along dimensions of size 1, without copying."""
    x = input
    wanted = sizes(shape, size)
    extra = len(wanted) - x.array.ndim
    if extra < 0:
        raise RuntimeError(
            f"expand(torch.FloatTensor{{{[*x.shape]}}}, size={[*wanted]}): "
            f"the number of sizes provided ({len(wanted)}) must be greater "
            "or equal to the number of dimensions in the tensor "
            f"({x.array.ndim})")
    after: list[Any] = []
    for axis, n in enumerate(wanted):
        old = x.array.shape[axis - extra] if axis >= extra else None
        if n == -1 and old is None:
            raise RuntimeError(
                "The expanded size of the tensor (-1) isn't allowed in a "
                f"leading, non-existing dimension {axis}")
        if old not in (None, 1, n) and n != -1:
            raise RuntimeError(
                f"The expanded size of the tensor ({n}) must match the "
                f"existing size ({old}) at non-singleton dimension {axis}.  "
                f"Target sizes: {[*wanted]}.  Tensor sizes: {[*x.shape]}")
        after.append(old if n == -1 else n)
    if min(after, default=0) < 0 or math.prod(after) >= 2 ** 63:
        raise RuntimeError("numel: integer multiplication overflow")
    return view(x, stretched(x.array, tuple(after)), lambda g: g,
                lambda b: b.expand(after), name="ExpandBackward0")


def stretched(a: np.ndarray, shape: tuple) -> np.ndarray:
    """np.broadcast_to, three times as fast, and writable memory stays so."""
    extra = len(shape) - a.ndim
    strides = (0,) * extra + tuple([
        0 if n != m else s
        for n, m, s in zip(a.shape, shape[extra:], a.strides)])
    if a.flags.c_contiguous and a.size:
        return np.ndarray(shape, a.dtype, a, 0, strides)
    return np.lib.stride_tricks.as_strided(a, shape, strides)


def expand_as(input: Tensor, other: Tensor) -> Tensor:
    """x expanded to the shape of the other."""
    return expand(input, other.array.shape)


def broadcast_to(input: Tensor, size: Any) -> Tensor:
    """x expanded to a shape."""
    return expand(input, size)


def squeeze(input: Tensor, dim: Any = None) -> Tensor:
    """Without its dimensions of size 1 (all of them, or the named)."""
    x = input
    n = x.array.ndim
    none = isinstance(dim, (tuple, list)) and not dim
    dims = () if none else dims_of(dim, n)
    before = x.array.shape
    after = tuple(s for d, s in enumerate(before)
                  if s != 1 or d not in dims)
    return view(x, x.array.reshape(after), lambda g: g.reshape(before),
                lambda b: b.squeeze(dim),
                name=f"SqueezeBackward{0 if dim is None else 1}")


def unsqueeze(input: Tensor, dim: int) -> Tensor:
    """With a new dimension of size 1 at `dim`."""
    x = input
    where = dim_of(dim, x.array.ndim + 1)
    before = x.array.shape
    return view(x, lifted(x.array, where),
                lambda g: g.reshape(before),
                lambda b: b.unsqueeze(where), name="UnsqueezeBackward0")


@typed(input="Tensor", start_dim="int", end_dim="int")
def flatten(input: Tensor, start_dim: int = 0, end_dim: int = -1) -> Tensor:
    """Dimensions start_dim … end_dim as one."""
    x, n = input, input.array.ndim
    first, last = dim_of(start_dim, n), dim_of(end_dim, n)
    if first > last:
        raise RuntimeError(
            "flatten() has invalid args: start_dim cannot come after end_dim")
    if n == 0:
        return reshape(x, 1)
    if first == last:
        return x
    shape = x.array.shape
    middle = Size(shape[first:last + 1]).numel()
    return reshape(x, (*shape[:first], middle, *shape[last + 1:]))


def clone(input: Tensor, *, memory_format: Any = None) -> Tensor:
    """A copy in memory of its own, within the graph."""
    return record(laid(input.array, memory_format, fresh=True),
                  (input, lambda g: g))


def contiguous(input: Tensor, memory_format: Any = contiguous_format
               ) -> Tensor:
    """x itself if its memory is in row order, else a copy that is.

    memory_format: channels_last for channels side by side instead.
    """
    if memory_format is preserve_format and not (
            input.array.flags.c_contiguous):
        raise RuntimeError("preserve memory format is unsupported by the "
                           "contiguous operator")
    y = laid(input.array, memory_format)
    if y is input.array:
        return input
    return record(y, (input, lambda g: g), name="CloneBackward0")


def movedim(input: Tensor, source: Any, destination: Any) -> Tensor:
    """Dimensions `source` at the places `destination`, the rest in order."""
    x, n = input, input.array.ndim
    given = [[*g] if isinstance(g, (tuple, list)) else [g]
             for g in (source, destination)]
    src, dst = ([*each_dim(g, n)] for g in given)
    if len(src) != len(dst):
        raise RuntimeError(
            "movedim: Invalid source or destination dims: source "
            f"({given[0]} dims) should contain the same number of dims as "
            f"destination ({given[1]} dims)")
    for name, dims, said in zip(("source", "destination"), (src, dst), given):
        if len(set(dims)) != len(dims):
            raise RuntimeError(f"movedim: repeated dim in `{name}` ({said})")
    rest = iter([d for d in range(n) if d not in src])
    at = dict(zip(dst, src))
    order = [at[d] if d in at else next(rest) for d in range(n)]
    return permute(x, order)


def swapaxes(input: Tensor, axis0: int, axis1: int) -> Tensor:
    """x with two dimensions exchanged: transpose by another name."""
    return transpose(input, axis0, axis1)


def swapdims(input: Tensor, dim0: int, dim1: int) -> Tensor:
    """x with two dimensions exchanged: transpose by another name."""
    return transpose(input, dim0, dim1)


moveaxis = movedim


def ravel(input: Tensor) -> Tensor:
    """All numbers in one dimension."""
    return reshape(contiguous(input), -1)


@typed(dim="int", sizes="ints")
def unflatten(input: Tensor, dim: int, sizes: Any) -> Tensor:
    """Dimension `dim` as several, of the given sizes."""
    x = input
    d = dim_of(dim, x.array.ndim)
    if len(sizes) == 0:
        raise RuntimeError("unflatten: sizes must be non-empty")
    n = x.array.shape[d]
    try:
        parts = whole(tuple(int(k) for k in sizes), n)
    except RuntimeError:
        raise RuntimeError(
            f"unflatten: Provided sizes {[*sizes]} don't multiply up to the "
            f"size of dim {d} ({n}) in the input tensor") from None
    shape = x.array.shape
    return reshape(x, (*shape[:d], *parts, *shape[d + 1:]))


def adjoint(input: Tensor) -> Tensor:
    """The conjugate of the last two dimensions exchanged."""
    return exchanged(input, "adjoint()", "adjoint()", CONJUGATE).conj()


def reshape_as(input: Tensor, other: Tensor) -> Tensor:
    """x in the shape of the other."""
    return reshape(input, other.array.shape)


def view_as(input: Tensor, other: Tensor) -> Tensor:
    """A view of x in the shape of the other."""
    return view_(input, other.array.shape)
