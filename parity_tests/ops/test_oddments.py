"""The next number, capped rows, sums to a shape: what is refused."""

import subprocess
import sys
import warnings

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

import scratch
from parity_tests.nn.tools import complaint

REFUSALS = """
torch.nextafter(k([1]), k([2]))
torch.nextafter(1, r(2))
torch.nextafter(r(2), 1.)
torch.nextafter(r(2), r(3))
torch.renorm(r(3), 2, 0, 1.)
torch.renorm(r(2, 3), 0, 0, 1.)
torch.renorm(r(2, 3), 2, 0, -1.)
torch.renorm(r(2, 3), 2, 2, 1.)
torch.renorm(k([[1, 2]]), 2, 0, 1.)
r(2, 3).sum_to_size(2, 2)
r(2, 3).sum_to_size(1, 2, 3)
r(2, 3).sum_to_size()
torch.empty(k(1) > 0)
torch.zeros((k(1) > 0, 2))
torch.roll(r(2), [])
torch.roll(k(1), 0, 0)
torch.narrow(r(3), 0, r(1), 1)
torch.narrow(r(3), 0, k([1]), 1)
torch.masked_fill(r(2), r(2) > 0, 1j)
torch.masked_fill(r(2), r(2) > 0, 1e300)
torch.masked_fill(k([2]), k([2]) > 0, k(1) * 1j)
torch.masked_fill(r(2).half(), r(2) > 0, -1e9)
torch.masked_scatter(r(2), r(2), r(2))
torch.scatter(r(3, 5), 0, k([[0]]), r(2, 2, 2))
torch.scatter(r(3, 5), 0, k([[[0]]]), r(2, 2))
torch.scatter(r(3, 2), 0, k([[0, 1, 2]]), r(2, 2))
torch.scatter(r(3, 2), 0, k([[0, 1, 2]]), 1.5)
torch.scatter_add(r(3, 2), 0, k([[0]]), 1.5)
torch.scatter_add(r(3, 2), 0, k([[0]]), k([[1]]))
torch.unravel_index(k([1.]), (3, 2))
torch.unravel_index(k([1]), (-1,))
torch.frombuffer(bytearray(7), dtype=torch.float32)
torch.frombuffer(bytearray(8), dtype=torch.float32, count=3)
torch.frombuffer(bytearray(8), dtype=torch.float32, offset=8)
torch.frombuffer(bytearray(8), dtype=torch.float32, count=0)
torch.frombuffer(bytearray(0), dtype=torch.float32)
torch.frombuffer(3, dtype=torch.float32)
torch.searchsorted(r(3), r(2), sorter=k([0, 1, 7]))
r(3, 4).index_add(0, k([0, 4]), r(2, 4))
r(3, 4).index_add(0, k([0]).short(), r(1, 4))
r(3, 4).index_fill(1, k([-5]), 9)
r(3, 4).index_fill(1, k([0]).int(), 9)
r(3, 4).index_copy(1, k([-1]), r(3, 1))
r(3, 4).index_copy(1, k([0]).int(), r(3, 1))
r(3, 4).index_select(0, k([5]))
r(3, 4).index_select(0, r(1))
torch.searchsorted(r(3), r(2), sorter=k([0, 1]))
torch.searchsorted(r(3), r(2), sorter=r(3))
torch.trapezoid(r(2, 3), r(2))
torch.trapezoid(r(2, 3), r(3), dim=0)
torch.trapezoid(r(()))
torch.cumulative_trapezoid(r(2, 3), r(2))
torch.linalg.cond(r(2, 2), 'foo')
torch.linalg.cond(r(2, 2), 3.0)
torch.linalg.solve_triangular(r(3, 3), r(2, 3), upper=True)
torch.linalg.solve_triangular(r(3, 3), r(3, 2), upper=True, left=False)
torch.matrix_power(k([[1, 2, 3]]), 2)
torch.matrix_power(k([[1, 2], [3, 4]]), -1)
torch.mvlgamma(r(2), 0)
torch.view_as_real(r(2))
torch.einsum('ij', r(2, 2), r(2, 2))
torch.einsum('ij,ij', r(2, 3), r(2, 2))
torch.einsum('ij,jk', r(2, 2))
""".strip().split("\n")


@pytest.mark.parametrize("call", REFUSALS)
def test_what_they_refuse(call: str) -> None:
    said = complaint(call, torch)
    assert said is not None and complaint(call, scratch) == said


def test_bytes_that_cannot_be_written_are_read_with_a_warning() -> None:
    room = np.arange(3.0).tobytes()
    with pytest.warns(UserWarning, match="not writable"):
        x = scratch.frombuffer(room, dtype=scratch.float64)
    assert x.tolist() == [0, 1, 2]
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert len(scratch.frombuffer(
            bytearray(room), dtype=scratch.int16)) == 12


def test_sizes_of_a_sum_in_any_form() -> None:
    for lib in (scratch, torch):
        x = lib.ones(2, 3)
        for size in (((1, 3),), (1, 3), ([1, 3],), (lib.Size([1, 3]),)):
            assert x.sum_to_size(*size).tolist() == [[2, 2, 2]]


def test_a_number_that_takes_no_gradient_along_is_told_of_once() -> None:
    program = """
import subprocess
import sys
import warnings
import NAME as torch
x = torch.ones((), requires_grad=True)
with warnings.catch_warnings(record=True) as said:
    warnings.simplefilter("always")
    bool(x), x.item(), f"{x:.2f}", x.tolist(), float(x.detach())
    with torch.no_grad():
        float(x)
    quiet = len(said)
    complex(x * 2), int(x), float(x)
print(quiet, [str(w.message).split(" (Trigg")[0] for w in said])
"""
    said = [subprocess.run(
        [sys.executable, "-c", program.replace("NAME", name)], check=True,
        capture_output=True, text=True).stdout
        for name in ("scratch", "torch")]
    assert said[0] == said[1]


@given(st.sampled_from(["float16", "float32", "float64", "uint8", "int64",
                        "bool", "complex64"]),
       st.sampled_from([(), (0,), (3,), (2, 3)]), st.booleans(),
       st.sampled_from(["array", "tensor", "capsule"]))
def test_memory_is_handed_over(kind: str, shape: tuple[int, ...],
                               turned: bool, way: str) -> None:
    a = np.ones(shape, kind)
    a = a.T if turned else a
    for lib in (scratch, torch):
        held = a if way == "array" else lib.from_numpy(a)
        if way == "capsule":
            held = lib.utils.dlpack.to_dlpack(held)
        x = lib.from_dlpack(held)
        assert str(x.dtype) == "torch." + kind
        assert tuple(x.shape) == a.shape
        x.zero_()
        assert not a.any()
        a[...] = 1
        if way != "capsule":
            lib.from_dlpack(held, copy=True).zero_()
            assert a.all()


@pytest.mark.parametrize("call", [
    "torch.from_dlpack(3)", "torch.from_dlpack([1.])",
    "torch.from_dlpack(torch.ones(2, requires_grad=True))"])
def test_what_no_memory_is_taken_from(call: str) -> None:
    said = complaint(call, torch)
    assert said is not None and complaint(call, scratch) == said
