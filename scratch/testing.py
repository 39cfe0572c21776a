"""torch.testing: whether what was computed is close to what was expected."""

from __future__ import annotations

import cmath
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np

from . import dtypes
from .ops.comparison import isclose
from .ops.creation import as_tensor
from .tensor import Tensor

__all__ = ["assert_close"]

# (rtol, atol) by dtype; what is not listed must be equal
TOLERANCES = {
    dtypes.float16: (1e-3, 1e-5), dtypes.bfloat16: (1.6e-2, 1e-5),
    dtypes.float32: (1.3e-6, 1e-5), dtypes.complex64: (1.3e-6, 1e-5),
    dtypes.float64: (1e-7, 1e-7), dtypes.complex128: (1e-7, 1e-7)}
NUMBERS = {float: dtypes.float64, complex: dtypes.complex128,
           int: dtypes.int64}


class Wishes(NamedTuple):
    """What the caller wants compared, and how closely."""

    rtol: float | None
    atol: float | None
    equal_nan: bool
    allow_subclasses: bool
    check_dtype: bool
    check_stride: bool

    def tolerances(self, *kinds: Any) -> tuple[float, float]:
        """rtol, atol: those asked for, or the widest of the dtypes'."""
        if self.rtol is not None and self.atol is not None:
            return self.rtol, self.atol
        found = [TOLERANCES.get(kind, (0.0, 0.0)) for kind in kinds]
        return max(r for r, _ in found), max(a for _, a in found)


def assert_close(actual: Any, expected: Any, *, allow_subclasses: bool = True,
                 rtol: float | None = None, atol: float | None = None,
                 equal_nan: bool = False, check_device: bool = True,
                 check_dtype: bool = True, check_layout: bool = True,
                 check_stride: bool = False,
                 msg: str | Callable[[str], str] | None = None) -> None:
    """|actual - expected| ≤ atol + rtol |expected|, everywhere

    Tensors, arrays and numbers, and sequences and mappings of them; an
    AssertionError tells how many differ, and by how much at most.
    """
    if (rtol is None) != (atol is None):
        missing = "rtol" if rtol is None else "atol"
        raise ValueError(
            "Both 'rtol' and 'atol' must be either specified or omitted, but "
            f"got no {missing}.")
    wishes = Wishes(rtol, atol, equal_nan, allow_subclasses, check_dtype,
                    check_stride)
    fault = first_fault(actual, expected, wishes)
    if fault is not None:
        raise AssertionError(
            fault if msg is None else msg(fault) if callable(msg) else msg)


class Unlike(Exception):
    """Containers that do not hold the same places."""


def first_fault(actual: Any, expected: Any, wishes: Wishes) -> str | None:
    """What differs first, in words; None where nothing does."""
    try:
        # torch: what cannot be compared is told before what differs
        pairs = list(pairs_of(actual, expected, wishes, ""))
    except Unlike as fault:
        return str(fault)
    for compare, a, e, place in pairs:
        words = compare(a, e, wishes)
        if words is not None:
            return words + told(place)
    return None


def pairs_of(actual: Any, expected: Any, wishes: Wishes,
             place: str) -> Iterator[tuple]:
    """Each pair of things that hold no others: (how to compare them, both,
    where they stand)."""
    keys: Iterable
    if is_kind(Sequence, actual, expected):
        if len(actual) != len(expected):
            raise Unlike("The length of the sequences mismatch: "
                         f"{len(actual)} != {len(expected)}" + told(place))
        keys = range(len(actual))
    elif is_kind(Mapping, actual, expected):
        if set(actual) != set(expected):
            raise Unlike(unlike_keys(actual, expected) + told(place))
        keys = list(expected)
    else:
        yield comparison(actual, expected, wishes), actual, expected, place
        return
    for key in keys:
        yield from pairs_of(actual[key], expected[key], wishes,
                            f"{place}[{key!r}]")


def is_kind(kind: Any, *values: Any) -> bool:
    """Whether all are containers of a kind (text is none)."""
    return all(isinstance(v, kind) and not isinstance(v, str)
               for v in values)


def told(place: str) -> str:
    """Where in a container it was found."""
    return f"\n\nThe failure occurred for item {place}" if place else ""


def unlike_keys(actual: Mapping, expected: Mapping) -> str:
    """Which keys one mapping has and the other has not."""
    missing = sorted(set(expected) - set(actual))
    added = sorted(set(actual) - set(expected))
    return ("The keys of the mappings do not match:\n"
            f"Missing keys in the actual mapping: {missing}\n"
            f"Additional keys in the actual mapping: {added}")


def comparison(a: Any, e: Any, wishes: Wishes) -> Callable:
    """How to compare two things that hold no others."""
    if a is None or e is None:
        return fault_of_none
    if are((bool, np.bool_), a, e):
        return fault_of_booleans
    if are((int, float, complex, np.number), a, e):
        return fault_of_numbers
    if are((Tensor, np.ndarray), a, e) and related(
            type(a), type(e), wishes.allow_subclasses):
        return fault_of_tensors
    raise TypeError(
        "No comparison pair was able to handle inputs of type "
        f"{type(a)} and {type(e)}.")


def fault_of_none(a: Any, e: Any, wishes: Wishes) -> str | None:
    """None is None alone."""
    return None if a is e else f"None mismatch: {a} is not {e}"


def fault_of_booleans(a: Any, e: Any, wishes: Wishes) -> str | None:
    """Two booleans are the same or not."""
    same = bool(a) is bool(e)
    return None if same else f"Booleans mismatch: {a} is not {e}"


def related(a: type, e: type, subclasses: bool) -> bool:
    """Whether one kind is the other, or comes from it."""
    return a is e or subclasses and (issubclass(a, e) or issubclass(e, a))


def are(kind: Any, *values: Any) -> bool:
    """Whether all values are of a kind."""
    return all(isinstance(v, kind) for v in values)


def plain(x: Any) -> Any:
    """A number of NumPy's as one of Python's."""
    return x.item() if isinstance(x, np.number) else x


def fault_of_numbers(a: Any, e: Any, wishes: Wishes) -> str | None:
    """What differs between two numbers."""
    a, e = plain(a), plain(e)
    if wishes.check_dtype and type(a) is not type(e):
        return f"The (d)types do not match: {type(a)} != {type(e)}."
    rtol, atol = wishes.tolerances(NUMBERS[type(a)], NUMBERS[type(e)])
    if a == e or (wishes.equal_nan and cmath.isnan(a) and cmath.isnan(e)):
        return None
    gap = abs(a - e)
    if cmath.isfinite(gap) and gap <= atol + rtol * abs(e):
        return None
    return scalars_differ(a, e, rtol, atol)


def scalars_differ(a: Any, e: Any, rtol: float, atol: float) -> str:
    """The words for one number that differs."""
    gap = abs(a - e)
    part = gap / abs(e) if e else cmath.inf
    return (f"Scalars are not {closeness(rtol, atol)}!\n\n"
            f"Expected {e} but got {a}.\n"
            f"Absolute difference: {gap}{allowed(atol, rtol)}\n"
            f"Relative difference: {part}{allowed(rtol, atol)}")


def closeness(rtol: float, atol: float) -> str:
    """Equal, where nothing else is allowed."""
    return "close" if rtol or atol else "equal"


def allowed(tolerance: float, other: float) -> str:
    """How large a difference may be, where any is allowed."""
    return f" (up to {tolerance} allowed)" if tolerance or other else ""


def fault_of_tensors(a: Any, e: Any, wishes: Wishes) -> str | None:
    """What differs between two tensors or arrays."""
    a, e = as_tensor(a).detach(), as_tensor(e).detach()
    facts = [("shape", a.shape, e.shape, True),
             ("dtype", a.dtype, e.dtype, wishes.check_dtype),
             ("stride()", a.stride(), e.stride(), wishes.check_stride)]
    for name, ours, wanted, matters in facts:
        if matters and ours != wanted:
            return (f"The values for attribute '{name}' do not match: "
                    f"{ours} != {wanted}.")
    rtol, atol = wishes.tolerances(a.dtype, e.dtype)
    kind = dtypes.promote_types(a.dtype, e.dtype)
    if not (kind.is_floating_point or kind.is_complex):
        kind = dtypes.int64
    a, e = a.to(kind), e.to(kind)
    close = isclose(a, e, rtol, atol, wishes.equal_nan).array
    if close.all():
        return None
    if a.ndim == 0:
        return scalars_differ(a.item(), e.item(), rtol, atol)
    return arrays_differ(a.array, e.array, close, rtol, atol)


def arrays_differ(a: np.ndarray, e: np.ndarray, close: np.ndarray,
                  rtol: float, atol: float) -> str:
    """The words for numbers of which some differ."""
    wrong = int(close.size - close.sum())
    gap = np.where(close, 0, abs(a - e))
    share = abs(e).astype(np.float32) if e.dtype.kind == "i" else abs(e)
    part = np.where(close, 0, gap.astype(share.dtype) / share)
    return (f"Tensor-likes are not {closeness(rtol, atol)}!\n\n"
            f"Mismatched elements: {wrong} / {close.size} "
            f"({wrong / close.size:.1%})\n"
            f"Greatest absolute difference: {largest(gap)}"
            f"{allowed(atol, rtol)}\n"
            f"Greatest relative difference: {largest(part)}"
            f"{allowed(rtol, atol)}")


def largest(x: np.ndarray) -> str:
    """The largest number and where it stands."""
    index = tuple(int(i) for i in np.unravel_index(x.argmax(), x.shape))
    return f"{x[index].item()} at index {index}"
