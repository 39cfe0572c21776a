"""Rows of numbers: cut off as torch does it, and what is refused."""

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

import scratch
from parity_tests.nn.tools import complaint

ends = st.one_of(st.integers(-20, 20), st.floats(-20, 20, width=32))
KINDS = ("float16", "float32", "float64", "uint8", "int8", "int16", "int32",
         "int64", "complex64", "complex128")
REFUSALS = """
torch.linspace(0, 3, 5, dtype=torch.bool)
torch.logspace(0, 3, 5, dtype=torch.bool)
torch.linspace(0, 3 + 1j, 5, dtype=torch.float32)
torch.linspace(0, 300, 5, dtype=torch.uint8)
torch.logspace(3, 0, 1, dtype=torch.uint8)
torch.logspace(300, 0, 1, dtype=torch.float32)
torch.linspace(300, 0, 1, dtype=torch.uint8)
torch.linspace(0, 3, -1)
torch.logspace(0, 3, -1)
torch.linspace(r(2), r(2), 3)
torch.linspace(0, r(2), 3)
torch.logspace(r(2), 1, 3)
""".strip().split("\n")


@pytest.mark.parametrize("call", REFUSALS)
def test_what_they_refuse(call: str) -> None:
    said = complaint(call, torch)
    assert said is not None and complaint(call, scratch) == said


@given(start=ends, end=ends, step=st.floats(0.25, 3, width=32),
       kind=st.sampled_from(KINDS[:8]))
def test_arange_of_fractions(start, end, step, kind):
    start, end = sorted((start, end))
    if kind == "uint8":
        start, end = abs(start), abs(start) + end - start
    a, b = (lib.arange(start, end, step, dtype=getattr(lib, kind))
            for lib in (scratch, torch))
    assert a.shape == b.shape
    near = {"float16": 0.02, "float32": 1e-5, "float64": 1e-12}.get(kind, 0)
    assert (b - torch.from_numpy(a.numpy())).abs().sum() <= near * len(b)


@pytest.mark.parametrize("name", ["linspace", "logspace"])
@given(start=ends, end=ends, steps=st.integers(0, 9),
       kind=st.sampled_from(KINDS))
def test_steps_between(name, start, end, steps, kind):
    if name == "logspace":
        start, end = abs(start) / 8, abs(end) / 8
    if kind == "uint8":
        start, end = abs(start), abs(end)
    a, b = (getattr(lib, name)(start, end, steps, dtype=getattr(lib, kind))
            for lib in (scratch, torch))
    assert a.shape == b.shape and str(a.dtype) == str(b.dtype)
    if b.dtype.is_floating_point or b.is_complex():
        near = {"float16": 2e-3, "float32": 1e-5, "complex64": 1e-5}.get(
            kind, 1e-12)
        far = (b - torch.from_numpy(a.numpy())).abs().double()
        assert (far <= near * (1 + b.abs().double())).all()
    else:
        assert a.tolist() == b.tolist()


@pytest.mark.parametrize("call", [
    "torch.logspace(0.375, 0, 1, dtype=torch.uint8)",
    "torch.logspace(2.5, 300, 1, dtype=torch.int8, base=2)",
    "torch.logspace(-0.5, 300, 1, dtype=torch.int64)",
    "torch.linspace(2.5, 300, 1, dtype=torch.int8)",
    "torch.linspace(-3, 5, 1, dtype=torch.uint8)",
    "torch.linspace(300, -300, 0, dtype=torch.uint8)",
    "torch.logspace(float('nan'), 3, 0, dtype=torch.int32)"])
def test_one_step_or_none_asks_nothing_of_the_end(call: str) -> None:
    a, b = (eval(call, {"torch": lib}) for lib in (scratch, torch))
    assert a.tolist() == b.tolist() and str(a.dtype) == str(b.dtype)


def test_ends_may_be_complex_or_tensors() -> None:
    for call in ("torch.linspace(0, 3 + 1j, 5)",
                 "torch.linspace(torch.tensor(0.), torch.tensor(1j), 5)",
                 "torch.logspace(torch.tensor(2), 1, 4)"):
        a, b = (eval(call, {"torch": lib}) for lib in (scratch, torch))
        assert str(a) == str(b).replace("torch.", "torch.")
