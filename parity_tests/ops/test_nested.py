"""Numbers in nested sequences, and memory that others have."""

from __future__ import annotations

import array
import collections
import decimal
from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import example, given
from hypothesis import strategies as st

import scratch
from parity_tests.nn.tools import complaint

LIBS = scratch, torch
KINDS = "float16 float32 float64 int8 uint8 int64 bool complex64".split()


def number(lib: Any, kind: str, value: float) -> Any:
    """A number as it may stand in a list: Python's, NumPy's, a tensor."""
    form, _, dtype = kind.partition(" ")
    if form == "numpy":
        return np.dtype(dtype).type(value)
    if form == "tensor":
        return lib.tensor(value).to(getattr(lib, dtype))
    if form == "one":
        return lib.tensor([[value]]).to(getattr(lib, dtype))
    return {"int": int, "float": float, "bool": bool,
            "complex": complex}[form](value)


FORMS = ["int", "float", "bool", "complex"] + [
    f"{form} {kind}" for form in ("numpy", "tensor", "one") for kind in KINDS
    if (form, kind) != ("numpy", "bool")]  # torch: not among whole numbers


def nest(values: list, size: list[int], outer: type) -> Any:
    """The values in lists of these sizes."""
    for n in size[:0:-1]:
        values = [values[i:i + n] for i in range(0, len(values), n)]
    return outer(values)


def read(lib: Any, case: tuple, dtype: str | None) -> Any:
    size, outer, parts = case
    values = [number(lib, kind, value) for kind, value in parts]
    kind = None if dtype is None else getattr(lib, dtype)
    try:
        x = lib.tensor(nest(values, size, outer), dtype=kind)
    except (TypeError, ValueError, RuntimeError) as error:
        return type(error), str(error)
    return str(x.dtype).split(".")[1], tuple(x.shape), x.tolist()


@st.composite
def cases(draw: Any) -> tuple:
    size = draw(st.lists(st.integers(1, 3), min_size=1, max_size=3))
    forms = draw(st.lists(st.sampled_from(FORMS), min_size=1, max_size=3))
    count = int(np.prod(size))
    part = st.tuples(st.sampled_from(forms), st.integers(0, 3))
    return size, draw(st.sampled_from([list, tuple])), draw(
        st.lists(part, min_size=count, max_size=count))


@pytest.mark.filterwarnings("ignore")  # a complex number made real
@given(case=cases(), given_dtype=st.booleans())
@example(([2], list, [("numpy float64", 1), ("int", 2)]), False)
@example(([2], list, [("numpy int8", 1), ("bool", 2)]), False)
@example(([2], list, [("one float32", 1), ("one int64", 2)]), False)
def test_what_rows_of_numbers_become(case: tuple, given_dtype: bool) -> None:
    dtype = "float64" if given_dtype else None
    if dtype and any("complex64" in kind for kind, _ in case[2]):
        return  # torch looks at the parts of some, not of others
    assert read(scratch, case, dtype) == read(torch, case, dtype)


class Row:
    """A sequence that is no list."""

    def __len__(self) -> int:
        return 2

    def __getitem__(self, i: int) -> float:
        if i > 1:
            raise IndexError
        return i * 1.5


@pytest.mark.parametrize("data", [
    range(3), [range(2), [3, 4]], array.array("f", [1, 2]),
    collections.deque([1, 2]), Row(), [Row(), (1, 2)], bytearray(b"ab"),
    [np.ones(2), np.zeros(2)], [np.ones(2, np.float32), [3, 4]],
    [np.ones((0, 3))], [], [[], []], [[[]]], (), [[], [1]], [[], [1j]],
    np.float64(3), np.int8(3)], ids=lambda data: type(data).__name__)
@pytest.mark.filterwarnings("ignore:Creating a tensor from a list of")
def test_what_else_is_a_row(data: Any) -> None:
    ours, theirs = scratch.tensor(data), torch.tensor(data)
    assert ours.tolist() == theirs.tolist()
    assert ours.shape == theirs.shape
    assert str(ours.dtype).split(".")[1] == str(theirs.dtype).split(".")[1]


def test_numbers_that_are_none_of_pythons() -> None:
    for lib in LIBS:
        half = decimal.Decimal("0.5")
        assert lib.tensor([half], dtype=lib.float64).item() == 0.5
        assert lib.tensor(half, dtype=lib.float32).item() == 0.5
        with pytest.raises(RuntimeError, match="Could not infer dtype"):
            lib.tensor(half)


REFUSALS = """
k([[1, 2], [3]])
k([[[1], [2]], [[3]]])
k([[1, 2], 3])
k([1, [2, 3]])
k([[1, 2], [3, [4]]])
k(['a'])
k('a')
k([1, 'a'])
k([[1, 2], 'ab'])
k([b'a'])
k([1, None])
k([[1], None])
k({})
k([k([])])
k([k([1, 2]), k([3, 4])])
k([k([1.0, 2]), k([3, 4])])
k([k([1.5])], dtype=torch.int64)
k([2**63])
k([300], dtype=torch.uint8)
k([-300], dtype=torch.uint8)
k([300.0], dtype=torch.uint8)
k([2.0**63], dtype=torch.int64)
k([float('nan')], dtype=torch.int64)
k(1j, dtype=torch.float32)
k([1j], dtype=torch.int64)
k([None], dtype=torch.float32)
torch.asarray([1, 2], copy=False)
torch.asarray(3, copy=False)
torch.asarray(k([1, 2]), dtype=torch.float64, copy=False)
torch.asarray(k([1, 2]).numpy(), dtype=torch.float64, copy=False)
torch.asarray(bytearray(3), dtype=torch.int16)
torch.tril_indices(-1, 2)
torch.triu_indices(2, 2, dtype=torch.float32)
torch.arange(2, dtype=torch.complex64)
torch.arange(2j)
torch.range(5)
torch.vander(k([1, 2]), N=-1)
torch.empty(2, memory_format=torch.preserve_format)
torch.complex(r(2), r(3))
torch.polar(r(2), r(3))
torch.addr(r(2, 2), r(2), r(()))
torch.outer(r(()), r(2))
torch.mv(r(2, 2), r(()))
torch.meshgrid(r(2), k([1]), indexing='ij')
torch.masked_select(r(2), k([1, 0]))
torch.masked_fill(r(2), k([1, 0]), 1)
torch.masked_scatter(r(2), k([True, True]), r(1))
torch.masked_scatter(r(2), k([True, True]), k([1, 2]))
""".strip().split("\n")


@pytest.mark.parametrize("call", REFUSALS)
def test_what_is_refused(call: str) -> None:
    said = complaint(call, torch)
    assert said is not None and complaint(call, scratch) == said


def test_arange_by_its_names() -> None:
    for lib in LIBS:
        assert lib.arange(end=3).tolist() == [0, 1, 2]
        assert lib.arange(start=1, end=3).tolist() == [1, 2]


# ---- memory that others have

@pytest.mark.parametrize("make", [
    lambda: bytearray(b"abcd"), lambda: array.array("f", [1, 2]),
    lambda: memoryview(bytearray(4)).cast("i"), lambda: np.arange(3.)],
    ids=["bytearray", "array", "memoryview", "ndarray"])
def test_asarray_shares_what_shows_its_memory(make: Any) -> None:
    for copy in None, False, True:
        kept = []
        for lib in LIBS:
            memory = make()
            x = lib.asarray(memory, copy=copy)
            before = x.tolist()
            x[0] = 7
            kept.append((str(x.dtype).split(".")[1], before, [*memory]))
        assert kept[0] == kept[1]


def test_asarray_of_a_tensor_keeps_its_place_in_the_graph() -> None:
    x = scratch.ones(2, requires_grad=True)
    y = x * 2
    assert scratch.asarray(y) is y
    assert scratch.asarray(y, dtype=scratch.float64).requires_grad
    assert scratch.asarray(y, copy=True).requires_grad
    assert not scratch.asarray(y, requires_grad=False).requires_grad
    assert scratch.asarray(scratch.ones(2), requires_grad=True).is_leaf


# ---- the steps of new dimensions

@given(size=st.lists(st.integers(1, 3), min_size=1, max_size=3),
       turn=st.randoms(use_true_random=False), cut=st.booleans())
def test_the_step_of_a_new_dimension(size: list, turn: Any, cut: bool
                                     ) -> None:
    order = turn.sample(range(len(size)), len(size))
    steps = []
    for lib in LIBS:
        x = lib.zeros(size).permute(order)
        x = x[..., :1] if cut else x
        steps.append([x.unsqueeze(d).stride() for d in range(x.ndim + 1)]
                     + [x[None, :, None].stride(), x[..., None].stride()])
    assert steps[0] == steps[1]
