"""Operators that write their left side, and what Python asks of a series."""

import operator
from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

import scratch

ARITHMETIC = ("iadd", "isub", "imul", "ifloordiv", "imod")
BITS = ("iand", "ior", "ixor")
SHIFTS = ("ilshift", "irshift")
KINDS = ("bool", "uint8", "int8", "int16", "int32", "int64")
SHAPES = ((), (0,), (1,), (5,), (2, 3))


def changed(lib: Any, word: str, x: np.ndarray, y: Any, turned: bool) -> Any:
    """What x, a name of the same tensor and its base are afterwards."""
    base = lib.tensor(x)
    left = base.T if turned and x.ndim == 2 else base
    other = lib.tensor(y) if isinstance(y, np.ndarray) else y
    result = getattr(operator, word)(left, other)
    return result is left, str(result.dtype), result.tolist(), base.tolist()


@given(st.sampled_from(BITS + SHIFTS + ARITHMETIC), st.sampled_from(KINDS),
       st.sampled_from(SHAPES), st.booleans(), st.booleans(),
       st.integers(0, 2**32 - 1))
def test_the_left_side_is_written(word: str, kind: str,
                                  shape: tuple[int, ...], number: bool,
                                  turned: bool, seed: int) -> None:
    rng = np.random.default_rng(seed)
    if kind == "bool" and word not in BITS:
        kind = "int64"
    x = rng.integers(0, 2 if kind == "bool" else 100, shape).astype(kind)
    far = {"bool": 2, "ilshift": 2, "irshift": 7}.get(
        kind if kind == "bool" else word, 100)
    y: Any = rng.integers(1, far, () if number else shape[-1:]).astype(kind)
    if number:
        y = y.item()
    if turned and x.ndim == 2 and not number:
        y = y[:1]
    assert changed(scratch, word, x, y, turned) == changed(
        torch, word, x, y, turned)


@pytest.mark.parametrize("word", BITS + SHIFTS)
@pytest.mark.parametrize("x, y", [([1.5], 1), ([1], 1.5), ([1], [True, False]),
                                  ([True], 2), ([1], "1")])
def test_what_is_refused_stays_as_it_was(word: str, x: list, y: Any) -> None:
    said = []
    for lib in (torch, scratch):
        left, kind = lib.tensor(x), None
        try:
            getattr(operator, word)(
                left, lib.tensor(y) if isinstance(y, list) else y)
        except (RuntimeError, TypeError) as error:
            kind = isinstance(error, RuntimeError)
        said.append((kind, left.tolist()))
    assert said[0] == said[1]


@pytest.mark.parametrize("shape", SHAPES)
def test_reversed(shape: tuple[int, ...]) -> None:
    x = np.arange(np.prod(shape, dtype=int)).reshape(shape)
    results = [list(lib.tensor(x).__reversed__()) if shape
               else [lib.tensor(x).__reversed__()] for lib in (scratch, torch)]
    assert [[part.tolist() for part in r] for r in results][0] == [
        part.tolist() for part in results[1]]


@given(st.sampled_from(SHAPES[1:]), st.integers(1, 4), st.booleans())
def test_a_method_names_the_size_of_a_piece(shape: tuple[int, ...], size: int,
                                            several: bool) -> None:
    x = np.arange(np.prod(shape, dtype=int)).reshape(shape)
    size_of = [1] * shape[-1] if several and shape[-1] else size
    ours, theirs = (
        [part.tolist() for part in lib.tensor(x).split(split_size=size_of,
                                                       dim=-1)]
        for lib in (scratch, torch))
    assert ours == theirs
