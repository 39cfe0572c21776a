"""The dtype of a result of two dtypes, of tensors with dimensions, tensors
without and plain numbers; and what has no such numbers at all."""

from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

import scratch

LIBS = (scratch, torch)
DTYPES = ("bool", "uint8", "int8", "int16", "int32", "int64", "float16",
          "float32", "float64", "complex64", "complex128")
NUMBERS: dict = {"a truth": True, "a whole": 2, "a real": 1.5,
                 "a complex": 1.5 + 1j}
BINARY = ("add", "sub", "mul", "div", "pow", "maximum", "fmin", "atan2",
          "eq", "logical_and", "bitwise_and", "copysign", "xlogy",
          "floor_divide", "remainder", "result_type", "dist", "where",
          "hypot", "outer", "matmul", "clamp", "isin", "searchsorted",
          "cross", "addcmul", "full", "index_fill", "cat", "iadd")
SCALARS = ("add", "sub", "mul", "div", "eq", "floor_divide", "result_type",
           "full", "iadd", "index_fill")

sides = st.tuples(st.sampled_from(DTYPES), st.booleans())


def tensor(lib: Any, side: tuple) -> Any:
    dtype, number = side
    if side[0] in NUMBERS:
        return NUMBERS[side[0]]
    values = 1 if number else [1, 2, 3]
    return lib.tensor(values, dtype=getattr(lib, dtype))


def computed(lib: Any, name: str, x: Any, y: Any) -> Any:
    if name == "where":
        return lib.where(lib.tensor([True, False, True]), x, y)
    if name in ("clamp", "addcmul"):
        return getattr(lib, name)(x, y, y)
    if name == "cross":
        return lib.cross(x, y, dim=0)
    if name == "full":
        return lib.full((2,), y)
    if name == "index_fill":
        return x.index_fill(0, lib.tensor([0]), y)
    if name == "cat":
        return lib.cat([x, y])
    if name == "iadd":
        z = x.clone()
        z += y
        return z
    return getattr(lib, name)(x, y)


def kind(lib: Any, name: str, first: tuple, second: tuple) -> str:
    """The dtype of what comes of it, or the class of the refusal."""
    try:
        y = computed(lib, name, tensor(lib, first), tensor(lib, second))
    except Exception as error:
        return type(error).__name__
    return str(getattr(y, "dtype", y))


def same_kind(name: str, first: tuple, second: tuple) -> None:
    ours, theirs = (kind(lib, name, first, second) for lib in LIBS)
    halves = "float16" in (first[0], second[0]) and (
        "complex" in first[0] + second[0])
    if not halves:  # torch: complex32, which NumPy does not have
        assert ours == theirs


@pytest.mark.filterwarnings("ignore:An output with one or more")
@pytest.mark.parametrize("name", BINARY)
@given(first=sides, second=sides)
def test_two_tensors(name: str, first: tuple, second: tuple) -> None:
    same_kind(name, first, second)


@pytest.mark.parametrize("name", SCALARS)
@given(first=sides, number=st.sampled_from(list(NUMBERS)))
def test_a_tensor_and_a_number(name: str, first: tuple, number: str) -> None:
    same_kind(name, first, (number, True))


@given(first=sides, second=sides, third=sides)
def test_three_operands(first: tuple, second: tuple, third: tuple) -> None:
    kinds = {lib: lib.result_type(tensor(lib, first), tensor(lib, second))
             for lib in LIBS}
    assert str(kinds[scratch]) == str(kinds[torch]) or (
        "float16" in (first[0], second[0]))
    x = scratch.promote_types(*(getattr(scratch, s[0])
                                for s in (second, third)))
    y = torch.promote_types(*(getattr(torch, s[0]) for s in (second, third)))
    assert str(x) == str(y)


@pytest.mark.parametrize("call", (
    "torch.trace(b[None])", "torch.trapezoid(b)", "torch.mv(b[None], b)",
    "b[None] @ b[:, None]", "b[None, None] @ b[None, :, None]", "b @ b",
    "torch.bmm(b[None, None], b[None, :, None])", "torch.bucketize(b, b)",
    "torch.clamp(z, z)", "torch.clamp(z, f, f)", "torch.clamp(f, z, z)",
    "torch.clamp(f, max=z)", "float(z[0])", "int(z[0])", "float(z[1])",
    "int(z[1])", "torch.isin(b, 1)", "torch.isin(z, 1)"))
def test_kinds_that_an_operation_does_not_take(call: str) -> None:
    found = []
    for lib in LIBS:
        names = {"torch": lib, "b": lib.tensor([True, False]),
                 "z": lib.tensor([1 + 1j, 2]), "f": lib.tensor([1.0, 2.0])}
        try:
            found.append(eval(call, names))
        except Exception as error:
            found.append((type(error).__name__, str(error)))
    assert found[0] == found[1]


def test_numbers_of_numpy_and_numbers_without_dimensions() -> None:
    for lib in LIBS:
        assert lib.full((2,), lib.tensor(2, dtype=lib.uint8)).dtype is (
            lib.int64)
        assert (lib.ones(2) + np.float64(1)).dtype is lib.float32
        with pytest.raises(TypeError, match="must be Number, not Tensor"):
            lib.full((2,), lib.ones(2))
