"""Timers count as torch's, on a clock that is held still or jumps."""

from __future__ import annotations

from typing import Any

import pytest
import torch
import torch.utils.benchmark as theirs
from hypothesis import given
from hypothesis import strategies as st

import scratch
import scratch.utils.benchmark as ours

SIDES: list[Any] = [ours, theirs]
SPECS = [
    dict(stmt="x + 1", setup="x = 2"),
    dict(stmt="x + 1", setup="pass", label="add", num_threads=2),
    dict(stmt="a\nb", setup="c\nd", sub_label="two", description="lines"),
    dict(stmt="y", setup="", label="l", sub_label="s", description="d"),
]  # fmt: skip
times = st.lists(st.floats(1e-8, 10), min_size=1, max_size=9)


@pytest.mark.parametrize("spec", SPECS, ids=str)
@given(times, st.integers(1, 1000))
def test_measurements_say_the_same(spec: dict, raw: list, runs: int) -> None:
    told = []
    for side in SIDES:
        m = side.Measurement(runs, raw, side.TaskSpec(**spec))
        told.append([
            repr(m).split("\n")[1:], m.title, m.as_row_name, m.stmt,
            m.significant_figures, m.has_warnings, m.num_threads,
            m.meets_confidence(), *(pytest.approx(t, 1e-6) for t in (
                m.median, m.mean, m.iqr, *m.times))])
        with pytest.raises(AttributeError):
            m.nothing  # noqa: B018
    for a, b in zip(*told, strict=True):
        if isinstance(a, str | int | bool | list):
            assert a == b
        else:
            assert a.expected == b


@given(st.lists(st.tuples(st.sampled_from("ab"), times), max_size=4))
def test_measurements_of_one_task_are_merged(parts: list) -> None:
    told = []
    for side in SIDES:
        every = [side.Measurement(2, raw, side.TaskSpec(name, "pass"))
                 for name, raw in parts]
        told.append([(m.stmt, m.number_per_run, m.times)
                     for m in side.Measurement.merge(every)])
    assert told[0] == told[1]


class Clock:
    """Each look costs 1 µs; each run of the code what it says."""

    def __init__(self, cost: float):
        self.now, self.cost = 0.0, cost

    def __call__(self) -> float:
        self.now += 1e-6
        return self.now

    def work(self) -> None:
        self.now += self.cost


@given(st.floats(1e-5, 0.1), st.sampled_from(["blocked", "adaptive", "once"]))
def test_a_timer_counts_as_torchs(cost: float, how: str) -> None:
    told = []
    for side in SIDES:
        clock, calls = Clock(cost), []
        t = side.Timer("clock.work()", timer=clock, globals={"clock": clock},
                       num_threads=1)  # fmt: skip
        if how == "once":
            m = t.timeit(5)
        elif how == "blocked":
            m = t.blocked_autorange(lambda n, s, to=calls: to.append(n), 0.05)
        else:
            m = t.adaptive_autorange(0.2, max_run_time=0.5)
        told.append((m.number_per_run, len(m.raw_times), calls,
                     pytest.approx(m.median, 1e-6)))
    assert told[0][:3] == told[1][:3]
    assert told[0][3].expected == told[1][3]


def test_code_sees_its_names_and_torch() -> None:
    seen: list = []
    timer = ours.Timer(
        """
        x = torch.ones(3)
        seen.append(x.sum().item() + y)
        """, setup="y = 2", globals={"seen": seen})  # fmt: skip
    before = scratch.get_num_threads()
    assert timer.timeit(3).number_per_run == 3
    assert set(seen) == {5.0} and scratch.get_num_threads() == before
    assert timer.blocked_autorange(min_run_time=0.01).median > 0


@given(st.floats(1e-9, 100), st.integers(1, 5))
def test_units_and_digits(t: float, n: int) -> None:
    assert ours.select_unit(t)[1] <= t * 1000 or t < 1e-9
    if not abs(t * 1e9 / 1000 - 1) < 1e-6:
        assert ours.unit_to_english(ours.select_unit(t)[0]).endswith("second")
    assert ours.trim_sigfig(t, n) == pytest.approx(t, 10.0 ** (1 - n))
    assert ours.ordered_unique([n, 1, n]) == theirs.ordered_unique([n, 1, n])


@pytest.mark.parametrize("call", [
    lambda b: b.Timer(3), lambda b: b.Timer("x", language="cobol"),
    lambda b: b.Timer("x", global_setup="y"), lambda b: b.Timer("x").repeat(),
    lambda b: b.Timer("x").autorange(), lambda b: b.trim_sigfig(1.0, 1.5),
])  # fmt: skip
def test_bad_calls(call: Any) -> None:
    said = []
    for side in SIDES:
        with pytest.raises(Exception) as caught:
            call(side)
        said.append((caught.type, str(caught.value)[:16]))
    assert said[0] == said[1]
    assert torch.__version__


# torch: its numbers have float32's seven digits, so a table of ours may show
# more of them where times lie farther apart than these
near = st.lists(st.floats(2e-6, 1e-2), min_size=1, max_size=9)
tasks = st.tuples(st.sampled_from(["one", "other", None]),
                  st.sampled_from(["a", "longer", None]),
                  st.sampled_from(["x", "a column"]),
                  st.sampled_from(["e", "env"]), st.sampled_from([1, 2]),
                  near)  # fmt: skip


@given(st.lists(tasks, max_size=7), st.booleans(), st.booleans(),
       st.booleans(), st.sampled_from([None, False, True]))
def test_tables_are_torchs(found: list, envs: bool, trim: bool, warn: bool,
                           rowwise: bool | None) -> None:
    told = []
    for side in SIDES:
        table = side.Compare([])
        for label, sub, column, env, threads, raw in found:
            spec = side.TaskSpec("code", "pass", "", label, sub, column,
                                 env if envs else None, threads)
            table.extend_results([side.Measurement(1, raw, spec)])
        if trim:
            table.trim_significant_figures()
        if warn:
            table.highlight_warnings()
        if rowwise is not None:
            table.colorize(rowwise)
        told.append(str(table))
    assert told[0] == told[1]


def test_only_measurements_are_compared(capsys: Any) -> None:
    for side in SIDES:
        with pytest.raises(ValueError, match="Expected an instance of"):
            side.Compare([3])
        spec = side.TaskSpec("x", "pass", description="d")
        side.Compare([side.Measurement(1, [2.0], spec)]).print()
        assert "Times are in seconds (s)." in capsys.readouterr().out
