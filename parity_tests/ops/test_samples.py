"""Slopes, histograms, reduced slices and looks at memory: what is refused,
and the corners that their rows do not draw."""

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

import scratch
from parity_tests.nn.tools import complaint
from parity_tests.parity import assert_parity
from parity_tests.strategies import normal, seeds

REFUSALS = """
torch.gradient(r(2, 3), spacing=(1, 2, 3))
torch.gradient(r(2, 3), spacing=(1, 2, 3), dim=1)
torch.gradient(r(2, 3), spacing=(r(2), r(3, 1)))
torch.gradient(r(2, 3), edge_order=2)
torch.gradient(r(5), edge_order=3)
torch.gradient(r(2, 3), dim=(0, 0))
torch.gradient(r(2, 3), dim=2)
torch.gradient(torch.ones(3, dtype=torch.uint8))
torch.gradient(r(1))
torch.gradient(1.)
torch.histogram(k([1, 2]), 4)
torch.histogram(r(4), 0)
torch.histogram(r(4), 3, range=(3, 1))
torch.histogram(r(4), 3, range=(float('inf'), 2))
torch.histogram(r(4), 3, range=(1, 2, 3))
torch.histogram(k([1., float('nan')]), 3)
torch.histogram(r(4), r(3, 1))
torch.histogram(r(4), r(1))
torch.histogram(r(4), r(0))
torch.histogram(r(4), torch.ones(2, dtype=torch.float64))
torch.histogram(r(4), 3, weight=r(3))
torch.histogram(r(4), 3, weight=torch.ones(4, dtype=torch.float64))
torch.histogram(torch.ones(2, dtype=torch.float16), 3)
torch.histogramdd(r(3, 2), bins=[3])
torch.histogramdd(r(3, 2), bins=[2, 2], range=[0., 1., 0.])
torch.histogramdd(r(3), bins=[2])
torch.index_reduce(r(3), 0, k([0, 0]), r(2), 'sum')
torch.index_reduce(r(3), 0, k([0, 0]), r(3), 'mean')
torch.index_reduce(r(3), 0, k([0, 3]), r(2), 'mean')
torch.index_reduce(r(3), 0, k([0, -1]), r(2), 'mean')
torch.index_reduce(r(3), 0, k([[0, 1]]), r(2), 'mean')
torch.index_reduce(r(3), 0, k([0., 1]), r(2), 'mean')
torch.index_reduce(r(2, 3), 0, k([0, 1]), r(2), 'mean')
torch.index_reduce(k([True]), 0, k([0]), k([True]), 'amax')
r(10).as_strided([2, 2], [1, 2], 9)
r(10).as_strided([2, 2], [1, -2])
r(10).as_strided([2, 2], [1])
r(10).as_strided([2, 2], [1, 2], -1)
r(10).as_strided([-1], [1])
torch.as_strided_scatter(r(10), r(2, 3), [2, 2], [1, 2])
torch.empty_permuted((2, 3, 4), (0, 1))
torch.empty_permuted((2, 3, 4), (0, 1, 1))
torch.empty_permuted((2, 3, 4), (0, 1, 3))
torch.fill(r(2), r(2))
torch.fill(k([1, 2]), 1j)
r(2).float_power_(2)
torch.ones(2, dtype=torch.complex64).abs_()
torch.istft(r(5, 3), 8, window=r(8))
torch.istft(torch.ones(5, 0, dtype=torch.complex64), 8, window=r(8))
torch.istft(r(5, 21) + 0j, 10, window=r(10))
torch.istft(r(5, 21) + 0j, 8, window=r(8), onesided=False)
torch.istft(r(5, 21) + 0j, 8, 9, window=r(8))
torch.istft(r(5, 21) + 0j, 8, win_length=9, window=r(8))
torch.istft(r(5, 21) + 0j, 8, window=r(7))
torch.istft(r(5, 21) + 0j, 8, window=r(8), return_complex=True)
torch.istft(r(5, 21) + 0j, 8, window=r(8) + 0j)
torch.istft(r(5, 21) + 0j, 8, window=torch.hann_window(8), center=False)
torch.istft(torch.ones(1, 1, 8, 5, dtype=torch.complex64), 8, window=r(8))
""".strip().split("\n")


@pytest.mark.parametrize("call", REFUSALS)
def test_what_they_refuse(call: str) -> None:
    said = complaint(call, torch)
    assert said is not None and complaint(call, scratch) == said


@given(seed=seeds, row=st.integers(0, 2), first=st.integers(0, 6),
       turned=st.booleans())
def test_a_step_through_the_memory_under_a_view(seed, row, first, turned):
    """The offset counts from the owner; the gradient comes to the view."""
    def call(x):
        y = x * 1
        part = (y.t() if turned else y)[row:]
        return [part.as_strided((2, 3), (1, 2), first), part.as_strided(
            (2, 2), (3, 1)) if row < 2 else part]

    assert_parity(call, call, normal(seed, 3, 4))


@given(seed=seeds, turned=st.booleans(), first=st.integers(0, 3))
def test_a_part_reached_by_steps_is_changed_in_place(seed, turned, first):
    def call(x, v):
        y = (x * 1).t() if turned else x * 1
        y.as_strided((2, 2), (1, 4), first).mul_(v)
        return y.exp()

    assert_parity(call, call, normal(seed, 3, 4), normal(seed + 1, 2, 2))


def test_a_histogram_of_nothing_and_of_one_number() -> None:
    for call in ("torch.histogram(torch.tensor([]), 3)",
                 "torch.histogram(torch.tensor([2., 2.]), 3)",
                 "torch.histogram(torch.tensor([1., 2, 1, 3]), 3)",
                 "torch.histogram(torch.tensor([1., float('nan')]), 3, "
                 "range=(0, 3))",
                 "torch.histogram(torch.tensor([1., 2]).requires_grad_(), 2)",
                 "torch.histogramdd(torch.ones(2, 3, 2), [2, 2])",
                 "torch.gradient(torch.tensor(1.))",
                 "torch.gradient(torch.arange(5), spacing=2)"):
        a, b = (str(eval(call, {"torch": lib})) for lib in (scratch, torch))
        assert a == b
