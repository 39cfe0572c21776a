"""Sums of products over named dimensions: tensordot and einsum."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any

from ..tensor import Tensor
from .matmul import bmm, mm
from .operands import dim_of, result_type

__all__ = ["tensordot", "einsum"]
METHODS: list[str] = []
IN_PLACE: list[str] = []


def tensordot(a: Tensor, b: Tensor, dims: Any = 2, *,
              out: Any = None) -> Tensor:
    """Σ over the last `dims` of a and first of b, or over listed ones

    A dimension of size 1 is repeated to the size of its partner.
    """
    on_a, on_b = contracted(a, b, dims)
    for d, e in zip(on_a, on_b):
        if b.array.shape[e] == 1:  # Σ aᵢ b = (Σ aᵢ) b
            a = a.sum(d, True, dtype=a.dtype)
        elif a.array.shape[d] == 1:
            b = b.sum(e, True, dtype=b.dtype)
        elif a.array.shape[d] != b.array.shape[e]:
            raise RuntimeError(
                "contracted dimensions need to match, but first has size "
                f"{a.array.shape[d]} in dim {d} and second has size "
                f"{b.array.shape[e]} in dim {e}")
    free_a = [d for d in range(a.array.ndim) if d not in on_a]
    free_b = [d for d in range(b.array.ndim) if d not in on_b]
    inner = math.prod(a.array.shape[d] for d in on_a)
    shape_a = [a.array.shape[d] for d in free_a]
    shape_b = [b.array.shape[d] for d in free_b]
    left = a.permute(free_a + on_a).reshape(math.prod(shape_a), inner)
    right = b.permute(on_b + free_b).reshape(inner, math.prod(shape_b))
    return mm(left, right).reshape(shape_a + shape_b)


def contracted(a: Tensor, b: Tensor, dims: Any) -> tuple[list, list]:
    """Which dimensions of a and of b are summed over, in pairs."""
    if isinstance(dims, Tensor):
        dims = dims.tolist()
    if isinstance(dims, int):
        if dims < 0:
            raise RuntimeError(
                f"tensordot expects dims >= 0, but got dims={dims}")
        if dims > min(a.array.ndim, b.array.ndim):
            raise RuntimeError(
                "tensordot expects dims < ndim_a or ndim_b, but got dims="
                f"{dims}")
        n = a.array.ndim
        dims = [*range(n - dims, n)], [*range(dims)]
    on_a = [dim_of(d, a.array.ndim) for d in listed(dims[0])]
    on_b = [dim_of(d, b.array.ndim) for d in listed(dims[1])]
    if len(on_a) != len(on_b):
        raise RuntimeError(
            "both dimension lists should have same length, got "
            f"{len(on_a)} and {len(on_b)}")
    return on_a, on_b


def listed(dims: Any) -> list:
    """One dimension, or several, as a list."""
    return [dims] if isinstance(dims, int) else list(dims)


def einsum(equation: Any, *operands: Any) -> Tensor:
    """Sums of products by index letters: "ij,jk->ik" is a matrix product"""
    if not operands:
        raise ValueError(
            "einsum(): must specify the equation string and at least one "
            "operand, or at least one operand and its subscripts list")
    if not isinstance(equation, str):
        equation, operands = from_sublists((equation, *operands))
    if len(operands) == 1 and isinstance(operands[0], (tuple, list)):
        operands = tuple(operands[0])
    terms, result = letters(equation, operands)
    xs = [diagonals(x, term) for x, term in zip(operands, terms)]
    tensors, names = [x for x, _ in xs], [name for _, name in xs]
    check_sizes(tensors, names)
    left, known = tensors[0], names[0]
    for i in range(1, len(tensors)):
        later = set(result).union(*names[i + 1:])
        left, known = contract(left, known, tensors[i], names[i], later)
    left, known = sum_out(left, known, set(result))
    return left.permute([known.index(c) for c in result]) if result else left


def from_sublists(parts: tuple) -> tuple:
    """einsum(x, [0, 1], y, [1, 2], [0, 2]) as an equation."""
    def word(sublist: Any) -> str:
        return "".join("..." if i is Ellipsis else LETTERS[i]
                       for i in sublist)
    n = len(parts) // 2 * 2
    equation = ",".join(word(parts[i]) for i in range(1, n, 2))
    if len(parts) % 2:
        equation += "->" + word(parts[-1])
    return equation, parts[0:n:2]


LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
SPARE = "αβγδεζηθικλμ"  # letters for the dimensions under an ellipsis


def letters(equation: str, operands: tuple) -> tuple:
    """The index letters of every operand and of the result."""
    left, arrow, right = equation.partition("->")
    check_operands(left, len(operands))
    terms = left.replace(" ", "").split(",")
    spare = SPARE[:hidden(terms, operands)]
    full = [spelled(term, x, spare) for term, x in zip(terms, operands)]
    counts = "".join(terms).replace("...", "")
    if arrow:
        check_result(right, len(left) + 2, counts)
        result = right.replace(" ", "").replace("...", spare)
    else:
        result = spare + "".join(sorted(
            c for c in set(counts) if counts.count(c) == 1))
    return full, result


def check_operands(left: str, count: int) -> None:
    """Refuse what is no letter or ellipsis, and another number of terms."""
    start = 0
    for n, term in enumerate(left.split(",")):
        if n == count:
            raise RuntimeError("einsum(): fewer operands were provided than "
                               "specified in the equation")
        for _ in scan(term, start, f"operand {n}"):
            pass
        start += len(term) + 1
    if n + 1 < count:
        raise RuntimeError("einsum(): more operands were provided than "
                           "specified in the equation")


def scan(term: str, start: int, where: str) -> Iterator[str]:
    """The letters of a term that begins at `start`; refuse what is none."""
    dots = term.find("...")
    output = where == "output"
    for i, c in enumerate(term):
        if c in LETTERS:
            yield c
        elif c == ".":
            if 0 <= dots < i - 2:
                raise RuntimeError(
                    f"einsum(): found '.' for {where} "
                    f"{'but' if output else 'for which'} an ellipsis "
                    f"{'(...) ' * output}was already found")
            if dots < 0 or i < dots:
                raise RuntimeError(
                    f"einsum(): found '.' for {where} that is not part of "
                    f"any ellipsis{' (...)' * output}")
        elif c != " ":
            raise RuntimeError(
                f"einsum(): invalid subscript given at index {start + i} in "
                "the equation string, subscripts must be in [a-zA-Z]")


def spelled(term: str, x: Tensor, spare: str) -> str:
    """A term with letters for its ellipsis: the last ones, as they align."""
    under = x.array.ndim - len(term.replace("...", ""))
    return term.replace("...", spare[len(spare) - under:])


def hidden(terms: list[str], operands: tuple) -> int:
    """How many dimensions an ellipsis stands for, at the most."""
    wide = 0
    for i, (term, x) in enumerate(zip(terms, operands)):
        named = len(term.replace("...", ""))
        free = "..." in term
        if named > x.array.ndim or named < x.array.ndim and not free:
            raise RuntimeError(
                f"einsum(): the number of subscripts in the equation ("
                f"{named}) {'is more than' if free else 'does not match'} the "
                f"number of dimensions ({x.array.ndim}) for operand {i}"
                f"{'' if free else ' and no ellipsis was given'}")
        if free:
            wide = max(wide, x.array.ndim - named)
    return wide


def check_result(right: str, start: int, known: str) -> None:
    """Refuse letters of the result that are new, or stand there twice."""
    seen = ""
    for c in scan(right, start, "output"):
        if c not in known:
            raise RuntimeError(
                f"einsum(): output subscript {c} does not appear in the "
                "equation for any input operand")
        if c in seen:
            raise RuntimeError(
                f"einsum(): output subscript {c} appears more than once in "
                "the output")
        seen += c


def diagonals(x: Tensor, term: str) -> tuple[Tensor, str]:
    """A letter that repeats within a term means a diagonal."""
    for c in term:
        while term.count(c) > 1:
            i, j = term.index(c), term.rindex(c)
            if x.array.shape[i] != x.array.shape[j]:
                raise RuntimeError(
                    f"einsum(): subscript {c} is repeated for an operand "
                    f"but the sizes don't match, {x.array.shape[j]} != "
                    f"{x.array.shape[i]}")
            x = x.diagonal(0, i, j)
            term = term[:i] + term[i + 1:j] + term[j + 1:] + c
    return x, term


def check_sizes(xs: list, names: list) -> None:
    """Refuse a letter of several sizes; one of 1 fits all."""
    sizes: dict = {}
    for i, (x, name) in enumerate(zip(xs, names)):
        for c, n in zip(name, x.array.shape):
            if sizes.setdefault(c, n) != n and 1 not in (n, sizes[c]):
                raise RuntimeError(
                    f"einsum(): subscript {c} has size {n} for operand {i} "
                    "which does not broadcast with previously seen size "
                    f"{sizes[c]}")
            sizes[c] = max(sizes[c], n) if n != 1 else sizes[c]


def sum_out(x: Tensor, name: str, keep: set) -> tuple[Tensor, str]:
    """Sum over the letters that nobody needs any more."""
    gone = [i for i, c in enumerate(name) if c not in keep]
    if gone:
        x = x.sum(gone)
        name = "".join(c for c in name if c in keep)
    return x, name


def contract(x: Tensor, a: str, y: Tensor, b: str,
             later: set) -> tuple[Tensor, str]:
    """Two operands as one batched matrix product."""
    x, a = sum_out(x, a, later | set(b))
    y, b = sum_out(y, b, later | set(a))
    if (x.dtype is not y.dtype and x.array.dtype.kind in "biu"
            and y.array.dtype.kind in "biu"):  # their sums are int64
        kind = result_type(x, y)
        x, y = x.to(kind), y.to(kind)
    both = [c for c in a if c in b]
    size_x, size_y = (dict(zip(n, t.array.shape)) for n, t in (
        (a, x), (b, y)))
    if any(size_x[c] != size_y[c] for c in both):
        return stretched_product(x, a, y, b, later)
    batch = [c for c in both if c in later]
    inner = [c for c in both if c not in later]
    rows = [c for c in a if c not in b]
    cols = [c for c in b if c not in a]

    def size(letters: list) -> int:
        return math.prod(size_x.get(c, size_y.get(c, 1)) for c in letters)

    left = x.permute([a.index(c) for c in batch + rows + inner]).reshape(
        size(batch), size(rows), size(inner))
    right = y.permute([b.index(c) for c in batch + inner + cols]).reshape(
        size(batch), size(inner), size(cols))
    names = batch + rows + cols
    shape = [size([c]) for c in names]
    return bmm(left, right).reshape(shape), "".join(names)


def stretched_product(x: Tensor, a: str, y: Tensor, b: str,
                      later: set) -> tuple[Tensor, str]:
    """Where a side of 1 is broadcast: a product, then a sum."""
    names = a + "".join(c for c in b if c not in a)
    x = x.reshape((*x.shape, *(1 for c in names[len(a):])))
    order = [b.index(c) for c in names if c in b]
    shape = [y.array.shape[b.index(c)] if c in b else 1 for c in names]
    product = x * y.permute(order).reshape(shape)
    return sum_out(product, names, later)
