"""Segments of neighbours: what is refused, empty ones, and the slopes of
several largest (values by the parity row of segment_reduce)."""

from __future__ import annotations

import pytest
import torch

import scratch
from parity_tests.nn.tools import complaint

LIBS = scratch, torch
REFUSALS = """
torch.segment_reduce(r(6), 'sum')
torch.segment_reduce(r(6), 'most', lengths=k([6]))
torch.segment_reduce(r(6), 'sum', lengths=k([2, -4]))
torch.segment_reduce(r(6), 'sum', lengths=k([2, 3]))
torch.segment_reduce(r(6), 'sum', lengths=torch.tensor([2.0, 4]))
torch.segment_reduce(r(6), 'sum', offsets=k([0, 4, 2, 6]))
torch.segment_reduce(r(6), 'sum', indices=k([0, 4]))
torch.segment_reduce(r(2, 3), 'sum', lengths=k([1, 2]), axis=1)
torch.segment_reduce(k([1, 2]), 'sum', lengths=k([1, 1]))
""".strip().split("\n")


@pytest.mark.parametrize("call", REFUSALS)
def test_what_is_refused(call: str) -> None:
    said = complaint(call, torch)
    assert said is not None and complaint(call, scratch) == said


@pytest.mark.parametrize("reduce", "sum mean prod max min amax amin".split())
@pytest.mark.parametrize("initial", [None, 2.5])
@pytest.mark.parametrize("numbers", [
    [1.0, 3, 3, 0, 2, 2], [float("nan"), 1, 5, 1, float("nan"), 0]],
    ids=["ties", "nan"])
def test_segments_that_are_empty_or_tied(reduce: str, initial: float | None,
                                         numbers: list) -> None:
    found = []
    for lib in LIBS:
        x = lib.tensor(numbers, requires_grad=True)
        y = lib.segment_reduce(x, reduce, lengths=lib.tensor([3, 0, 2]),
                               initial=initial, unsafe=True)
        assert y.grad_fn.name() == "SegmentReduceBackward0"
        if numbers[0] == 1:
            y.nan_to_num(0.0, 0.0, 0.0).sum().backward()
        found.append(repr([y.tolist(), x.grad]))
    assert found[0] == found[1]
