"""Times are taken in pairs, and a neighbour at work is noticed."""

import math
import subprocess
import sys
import time
from statistics import median

import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks import timing
from benchmarks.timing import Timing, interval

TIMES = st.lists(st.floats(1e-6, 1), min_size=1, max_size=30)


@given(TIMES)
def test_an_interval_holds_the_median_and_is_even(values: list[float]) -> None:
    low, high = interval(values)
    assert min(values) <= low <= median(values) <= high <= max(values)
    assert interval([-v for v in values]) == (-high, -low)


@pytest.mark.parametrize("n", range(5, 40))
def test_an_interval_is_missed_in_one_of_ten_runs(n: int) -> None:
    low, _ = interval(range(n))  # how many values lie below it

    def tail(cut: int) -> float:
        """The chance that the median lies below so many and one more."""
        return sum(math.comb(n, i) for i in range(cut + 1)) / 2**n

    assert tail(int(low)) <= 0.05 < tail(int(low) + 1)


def test_pairs_alternate_and_are_told_in_order() -> None:
    called: list[str] = []

    def ours() -> None:
        called.append("ours")

    def theirs() -> None:
        called.append("theirs")
        time.sleep(0.002)

    found = timing.compare("sleep", ours, theirs, pairs=2, seconds=0.004)
    assert len(found.ours) == len(found.theirs) == len(found.others) == 2
    assert all(0 < a < b for a, b in zip(found.ours, found.theirs))
    turns = [a for a, b in zip(called, ["", *called]) if a != b]
    assert turns[0] == "ours" and turns[-1] == "ours"


def test_what_is_wrong_is_not_timed() -> None:
    def check() -> float:
        return timing.require(0.5, 1e-5, "sum")

    with pytest.raises(AssertionError, match="sum: error 5.0e-01"):
        timing.compare("sum", lambda: 1, lambda: 1, check)


SPIN = """
import time
end = time.time() + 20
while time.time() < end:
    pass
"""


@pytest.mark.skipif(not timing.busy_time(), reason="no /proc/stat here")
def test_a_busy_neighbour_is_noticed() -> None:
    from scratch.kernels.threads import cores

    spin = [sys.executable, "-c", SPIN]
    neighbours = [subprocess.Popen(spin) for _ in range(cores())]
    try:
        time.sleep(0.3)
        numbers = list(range(2000))
        found = timing.compare(
            "sum", lambda: sum(numbers), lambda: sum(numbers), None, 3, 0.2
        )
    finally:
        for neighbour in neighbours:
            neighbour.kill()
            neighbour.wait()
        timing.Patience.lost = 0
    assert found.disturbed
    assert found.rejected <= timing.TRIES**2  # it is told, not waited for


def test_a_timing_says_what_it_holds() -> None:
    found = Timing("x", [1e-3] * 3, [2e-3] * 3, [0.0, 1.0, 0.0])
    assert not found.disturbed and found.ratio == 0.5
    assert "ratio  0.50 (0.50 to 0.50)" in str(found)
    found.others = [1.0, 1.0, 0.0]
    assert "DISTURBED" in str(found)


@pytest.mark.parametrize("tuned", [True, False])
def test_no_variable_holds_a_library_back(
    tuned: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in (*timing.PINS, *timing.THREADS, *timing.TUNED_MALLOC):
        monkeypatch.setenv(name, "1")
    state = timing.environment(tuned)
    assert not set(state) & {*timing.PINS, *timing.THREADS}
    held = {k: v for k, v in state.items() if k in timing.TUNED_MALLOC}
    assert held == (timing.TUNED_MALLOC if tuned else {})
