"""Whole numbers that overflow, sizes without end, arrays of all kinds."""

from __future__ import annotations

import warnings
from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

import scratch

WHOLE = "uint8 int8 int16 int32 int64".split()
KINDS = [*WHOLE, "float16", "float32", "float64", "bool", "complex64"]
EDGES = st.sampled_from([
    0, 1, -1, 2, 7, -8, 63, 64, -64, 127, 128, -128, 255, 256, -255, 300,
    2**15, 2**31 - 1, 2**31, -2**31, 2**62, 2**63 - 1, -2**63])
NUMBERS = EDGES | st.sampled_from([
    0.5, -0.5, 1e4, 65504.0, 7e4, 255.9, 256.5, -128.5, 3.4e38, 3.5e38,
    1e300, float("inf"), float("-inf"), float("nan"), True, 1j, 2 + 0j])


def told(lib: Any, call: Any) -> Any:
    """The dtype and the numbers that a call gives, or its error."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            y = call(lib)
    except Exception as error:
        kind = next(k for k in type(error).__mro__
                    if k.__module__ == "builtins")
        return kind.__name__, str(error)
    return str(y.dtype), y.tolist()


def same(call: Any, words: bool = True) -> None:
    """Both answer alike; an error has the same class, and words if told."""
    ours, theirs = told(scratch, call), told(torch, call)
    ours, theirs = (  # torch has unsigned dtypes that we do not promise
        repr(found).replace("uint64, uint32, uint16, ", "")
        if "np.ndarray" in repr(found) else found for found in (
            ours, theirs))
    if not words and ours[0].endswith("Error"):
        ours, theirs = ours[:1], theirs[:1]
    assert repr(ours) == repr(theirs)


# ---- arithmetic of whole numbers

BINARY = {
    "add": lambda x, y: x + y, "sub": lambda x, y: x - y,
    "mul": lambda x, y: x * y, "floor": lambda x, y: x // y,
    "remainder": lambda x, y: x % y,
    "truncated": lambda x, y: x.div(y, rounding_mode="trunc"),
    "divided": lambda x, y: x / y, "fmod": lambda x, y: x.fmod(y),
    "power": lambda x, y: x ** y, "and": lambda x, y: x & y,
    "less": lambda x, y: x < y, "larger": lambda x, y: x.maximum(y),
}


def within(n: int, kind: str) -> int:
    """n as that kind holds it, in NumPy's wrapping around."""
    return int(np.array([n]).astype(kind)[0])


@pytest.mark.parametrize("name", BINARY)
@given(x=st.lists(EDGES, min_size=1, max_size=3), y=EDGES,
       kind=st.sampled_from(WHOLE), alone=st.booleans())
def test_whole_numbers_wrap_around(
    name: str, x: list[int], y: int, kind: str, alone: bool
) -> None:
    """And a division by 0, a negative power are refused in torch's words."""
    xs, one = [within(n, kind) for n in x], within(y, kind)
    if name in ("floor", "remainder", "truncated", "fmod") and one == -1:
        one = 3  # the smallest by -1: a processor's trap, not a number

    def call(lib: Any) -> Any:
        a = lib.tensor(xs, dtype=getattr(lib, kind))
        b = one if alone and name != "larger" else lib.tensor(
            one, dtype=getattr(lib, kind))
        return BINARY[name](a, b)

    same(call)


@given(x=EDGES, by=st.sampled_from([0, 1, 7, 8, 31, 63, 64, 70, -1, -70]),
       kind=st.sampled_from(WHOLE), left=st.booleans())
def test_shifts_beyond_the_width(
    x: int, by: int, kind: str, left: bool
) -> None:
    def call(lib: Any) -> Any:
        a = lib.tensor([within(x, kind)], dtype=getattr(lib, kind))
        b = lib.tensor([within(by, kind)], dtype=getattr(lib, kind))
        return a << b if left else a >> b

    same(call)


@given(x=st.lists(EDGES, max_size=3), kind=st.sampled_from(WHOLE),
       into=st.sampled_from([None, *WHOLE]),
       name=st.sampled_from(["sum", "prod", "cumsum", "cumprod"]))
def test_sums_and_products_in_a_narrow_dtype(
    x: list[int], kind: str, into: str | None, name: str
) -> None:
    def call(lib: Any) -> Any:
        a = lib.tensor([within(n, kind) for n in x],
                       dtype=getattr(lib, kind))
        return getattr(a, name)(0, dtype=into and getattr(lib, into))

    same(call)


# ---- numbers that a dtype cannot hold

@given(value=NUMBERS, kind=st.sampled_from(KINDS),
       way=st.sampled_from(["full", "fill_", "full_like"]))
def test_filling_with_what_does_not_fit(
    value: Any, kind: str, way: str
) -> None:
    def call(lib: Any) -> Any:
        dtype = getattr(lib, kind)
        if way == "full":
            return lib.full((2,), value, dtype=dtype)
        x = lib.zeros(2, dtype=dtype)
        return x.fill_(value) if way == "fill_" else lib.full_like(x, value)

    same(call)


@given(value=NUMBERS.filter(lambda n: not isinstance(n, complex)),
       kind=st.sampled_from(["int64", "int32", "float32", "float64",
                             "float16", "bool", None]))
def test_tensors_of_what_does_not_fit(value: Any, kind: str | None) -> None:
    same(lambda lib: lib.tensor([value], dtype=kind and getattr(lib, kind)),
         words=False)


# ---- sequences

ENDS = st.sampled_from([0, 1, -3, 5, 2**31, 2**53, 0.5, -2.5, 1e30, 1e-300,
                        float("inf"), float("nan")])


@given(start=ENDS, end=ENDS, step=st.sampled_from([
    1, -1, 0, 2**61, 0.25, 1e-300, float("inf")]))
def test_arange_from_end_to_end(start: Any, end: Any, step: Any) -> None:
    try:
        long = abs((end - start) / step) > 1000
    except ZeroDivisionError:
        long = False
    if long and 1000 < abs((end - start) / step) < 2**63:
        return  # more than can be held: see the sizes below
    same(lambda lib: lib.arange(start, end, step, dtype=lib.float64),
         words=False)


@given(start=ENDS, end=ENDS, steps=st.sampled_from([-1, 0, 1, 2, 5]))
def test_linspace_from_end_to_end(start: Any, end: Any, steps: int) -> None:
    def call(lib: Any) -> Any:
        y = lib.linspace(start, end, steps, dtype=lib.float64)
        return y.nan_to_num(-7.0) if abs(start) < 2 and abs(
            end) < 1e31 else y.isfinite()

    same(call)


# ---- sizes

SIZES = ["(-1,)", "(2**62, 2**62)", "(2**63,)", "(2**60,)", "(2**50,)",
         "(2**31, 0)", "(2**62, 2**62, 0)", "(2**40, 2**10)", "(3, -2)"]


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("make", [
    "torch.zeros({})", "torch.ones({}, dtype=torch.int8)", "torch.empty({})",
    "torch.full({}, 1.0)", "torch.zeros(3).new_zeros({})"])
def test_sizes_that_no_memory_holds(size: str, make: str) -> None:
    """An error that says how much was asked for; never a kill."""
    found = [told(lib, lambda lib: eval(make.format(size), {"torch": lib})
                  .sum()) for lib in (scratch, torch)]
    assert found[0][0] == found[1][0]
    if "allocate" in str(found[1][1]):
        ours = found[0][1]
        assert ours.split("allocate")[-1].strip(" .") in found[1][1]
        with pytest.raises(MemoryError):  # Python's own name for it as well
            eval(make.format(size), {"torch": scratch})


# ---- arrays

ARRAYS = {
    "backwards": lambda: np.arange(4)[::-1],
    "every other": lambda: np.arange(8)[::2],
    "turned": lambda: np.arange(6).reshape(2, 3).T,
    "objects": lambda: np.array([None, 1]),
    "text": lambda: np.array(["a"]),
    "times": lambda: np.zeros(2, "M8[s]"),
    "records": lambda: np.zeros(2, "u1,u1"),
    "the other byte order": lambda: np.arange(3, dtype=">i4"),
    "the other byte order, floats": lambda: np.arange(3, dtype=">f8"),
    "long doubles": lambda: np.zeros(2, np.longdouble),
    "between the elements": lambda: np.lib.stride_tricks.as_strided(
        np.zeros(8), (2,), (3,)),
    "nothing": lambda: np.zeros((2, 0)),
    "one": lambda: np.array(3.5),
    "repeated": lambda: np.broadcast_to(np.float32(2), (3,)).copy(),
    "a number": lambda: np.float64(3),
    "a list": lambda: [1, 2],
}


@pytest.mark.parametrize("name", ARRAYS)
@pytest.mark.parametrize("way", ["from_numpy", "tensor", "as_tensor"])
def test_arrays_of_all_kinds(name: str, way: str) -> None:
    same(lambda lib: getattr(lib, way)(ARRAYS[name]()))


@pytest.mark.parametrize("lib", [scratch, torch])
def test_an_array_that_may_not_be_written_to_is_warned_of(lib: Any) -> None:
    a = np.arange(3.0)
    a.flags.writeable = False
    with warnings.catch_warnings(record=True) as seen:
        warnings.simplefilter("always")
        x = lib.from_numpy(a)
        lib.tensor(a)  # a copy: nothing to warn of
    assert x.tolist() == [0, 1, 2]
    if lib is scratch or seen:  # torch warns once in a program
        assert len(seen) == 1
        assert "is not writable" in str(seen[0].message)


@given(rows=st.lists(st.lists(st.integers(0, 3), max_size=3), min_size=1,
                     max_size=3))
def test_rows_of_different_lengths_are_refused_in_torchs_words(
    rows: list
) -> None:
    same(lambda lib: lib.tensor(rows))
    same(lambda lib: lib.tensor([rows, rows]))
