"""Two runs agree on every verdict; what became slower is named."""

import json
import math
import random
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks import growth, memory, report, rounds, suite, verdicts
from benchmarks.verdicts import (
    BANDS,
    DEAD,
    NONE,
    Before,
    decide,
    joined,
    pooled,
    touched,
)

ROOT = Path(__file__).resolve().parents[2]
RATIO = st.floats(0.1, 10)
WIDTH = st.floats(1.0, DEAD)


def line(
    ratios: list[float], others: float = 0.0, name: str = "x"
) -> dict[str, Any]:
    n = len(ratios)
    return dict(table="operations", row=name, ours=list(ratios),
                theirs=[1.0] * n, others=[others] * n)  # fmt: skip


def row(low: float, high: float, middle: float, **more: Any) -> dict:
    found = dict(low=low, high=high, disturbed=False)
    return found | dict(processes=[low, middle, high]) | more


@given(RATIO)
def test_every_ratio_has_a_verdict(ratio: float) -> None:
    assert decide(row(ratio, ratio, ratio))[0] in BANDS


@given(RATIO, WIDTH, WIDTH, st.floats(0, 1), st.floats(0, 1))
def test_two_runs_of_the_same_program_agree(
    ratio: float, first: float, second: float, a: float, b: float
) -> None:
    """Both intervals hold the true ratio, wherever in them it lies."""
    rows = []
    for width, part in ((first, a), (second, b)):
        low = ratio / width**part
        rows.append(row(low, low * width, low * width**0.5))
    before, _ = decide(rows[0])
    assert decide(rows[1], Before(before, []))[0] == before


@given(
    st.lists(RATIO, min_size=3, max_size=5),
    st.lists(RATIO, min_size=3, max_size=5),
)
def test_a_run_as_long_as_the_last_takes_nothing_back(
    first: list[float], second: list[float]
) -> None:
    """However far the machine moved between two runs of the same code."""
    old = pooled([line([ratio]) for ratio in first])
    before = Before(decide(old)[0], old["processes"])
    now = joined(pooled([line([ratio]) for ratio in second]), before)
    assert now["processes"] == first + second
    assert decide(now, before)[0] == before.verdict


@given(st.sampled_from([(0.5, 1.0), (1.0, 0.5), (1.5, 0.7), (0.5, 2.0)]))
def test_many_runs_take_a_wrong_verdict_back(ratios: tuple) -> None:
    old = pooled([line([ratios[0]])] * 3)
    before = Before(decide(old)[0], old["processes"])
    for _ in range(10):
        now = joined(pooled([line([ratios[1]])] * 5), before)
        before = Before(decide(now, before)[0], now["processes"])
    assert before.verdict == touched(ratios[1], ratios[1])[0]


@given(RATIO, st.sampled_from([*BANDS, NONE]))
def test_what_has_clearly_changed_gets_another_verdict(
    ratio: float, before: str
) -> None:
    found = row(ratio / 1.01, ratio * 1.01, ratio)
    said, _ = decide(found, Before(before, []))
    if len(touched(ratio / 1.12, ratio * 1.12)) == 1:
        assert said == touched(ratio, ratio)[0]


def test_a_disturbed_row_has_no_verdict() -> None:
    found = pooled([line([0.5] * 4, others=1.0)])
    assert found["disturbed"] and decide(found)[0] == NONE
    found = pooled([line([0.5] * 4), line([3.0], others=1.0)])
    assert not found["disturbed"] and found["disturbed_pairs"] == 1
    assert decide(found)[0] == "faster" and found["high"] == 0.5


def test_a_disturbed_row_leaves_what_was_said() -> None:
    before = Before("faster", [0.5, 0.6, 0.7])
    now = joined(pooled([line([3.0] * 4, others=1.0)]), before)
    assert decide(now, before) == ("faster", False)
    assert now["processes"] == before.processes and now["high"] == 0.7


def test_a_wide_interval_over_a_boundary_gives_no_verdict() -> None:
    assert decide(row(0.7, 1.3, 0.95))[0] == NONE
    assert decide(row(0.2, 0.8, 0.5))[0] == "faster"  # wide, but all of it
    assert verdicts.unsettled(row(0.85, 0.95, 0.9))
    before = Before("level", [])
    assert not verdicts.unsettled(row(0.85, 0.95, 0.9), before)


def test_a_row_that_failed_says_so() -> None:
    found = pooled([line([1.0]), dict(row="x", failed="AssertionError: no")])
    assert found["failed"] == "AssertionError: no"
    assert verdicts.growth(found, found) is None


# ---- whole runs, on a clock of our own

KEYS = [("operations", f"op {i}") for i in range(30)]
KEYS += [("layers", name) for name in ("a y", "a x", "a w")]
KEYS += [("steps", "mlp"), ("epochs", "mlp, fit"), ("peers", "mlp / jax")]
KEYS += [("optimizers", "SGD")]


class Machine:
    """Ratios that differ a little between pairs and between processes."""

    def __init__(self, seed: int, noise: float):
        self.truth = random.Random(seed)
        self.ratios = {key: 10 ** self.truth.uniform(-0.5, 0.5) for key in KEYS}
        self.noise, self.planted = noise, {}
        self.draw = random.Random(seed + 1)
        self.others, self.pace = 0.0, 1.0
        self.state = dict.fromkeys(KEYS, 1.0)

    def drift(self, width: float, pace: float) -> None:
        """Another hour: all is `pace` times as slow, ratios have moved."""
        self.pace = pace
        self.state = {k: math.exp(self.draw.gauss(0, width)) for k in KEYS}

    def run(self, plan: dict[str, Any], _: bool = True) -> list[dict]:
        lines: list[dict] = [{"peak": 1e11}]
        for key in map(tuple, plan["keys"]):
            if plan["side"] != "both":
                lines.append(dict(table=key[0], row=key[1], call=0.1))
                continue
            process = self.draw.gauss(0, self.noise / 2)
            ratios = [
                self.ratios[key] * self.planted.get(key, 1.0) * self.state[key]
                * (1 + process + self.draw.gauss(0, self.noise))
                for _ in range(2)
            ]  # fmt: skip
            one = line(ratios, self.others, key[1]) | {"table": key[0]}
            for side in ("ours", "theirs"):
                one[side] = [self.pace * seconds for seconds in one[side]]
            lines.append(one)
        facts = dict(processor="p", cores="2", versions="v", allocator="tuned")
        return [*lines, {"conditions": facts, "others": self.others}]


STUDY = dict(sizes=[1, 10], scratch=[0.1, 0.2], torch=[0.1, 0.3], mib=[1, 2],
             exponent=0.3, torch_exponent=0.5, memory_exponent=0.3,
             scratch_microseconds=1.0, torch_microseconds=1.0)  # fmt: skip
SIDE = dict(resident=1.0, traced=1.0, kept=1.0)


def pretend(patch: pytest.MonkeyPatch, machine: Machine, folder: Path) -> None:
    facts = machine.run(dict(keys=[], side="both"))[-1]["conditions"]
    patch.setattr(rounds, "run", machine.run)
    patch.setattr(rounds, "rows", lambda quick: KEYS)
    patch.setattr(suite.layers, "operations", lambda row: 1e9)
    patch.setattr(suite.timing, "conditions", lambda: dict(facts))
    patch.setattr(suite.timing, "set_threads", lambda n: None)
    patch.setattr(memory, "measure", lambda n: dict(scratch=SIDE, torch=SIDE))
    patch.setattr(growth, "measure", lambda quick: {"graph nodes": STUDY})
    patch.setattr(suite, "RESULTS", folder)


def results(folder: Path) -> list[dict]:
    return [json.loads(p.read_text()) for p in suite.results(False, folder)]


def said_by_a_run(
    minute: int, folder: Path, patch: pytest.MonkeyPatch
) -> dict[str, str]:
    """The verdicts of one more run, by row."""
    stamp = f"2026-01-01 0:0{minute}"
    patch.setattr(suite.time, "strftime", lambda _: stamp)
    assert suite.main(quick=False, compare=None) == 0
    tables = results(folder)[-1]["tables"].values()
    return {row["name"]: row["verdict"] for rows in tables for row in rows}


@pytest.mark.parametrize("seed", range(5))
def test_two_runs_give_the_same_verdict_in_every_row(
    seed: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    machine = Machine(seed, noise=0.03)
    pretend(monkeypatch, machine, tmp_path)
    said = said_by_a_run(1, tmp_path, monkeypatch)
    assert said == said_by_a_run(2, tmp_path, monkeypatch)
    assert NONE not in said.values()
    machine.drift(0.3, 1.5)
    assert said == said_by_a_run(3, tmp_path, monkeypatch)


def test_changed_code_is_judged_by_its_own_processes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    machine = Machine(0, noise=0.01)
    machine.ratios["steps", "mlp"] = 2.0
    pretend(monkeypatch, machine, tmp_path)
    assert said_by_a_run(1, tmp_path, monkeypatch)["mlp"] == "slower"
    machine.planted["steps", "mlp"] = 0.25
    assert said_by_a_run(2, tmp_path, monkeypatch)["mlp"] == "slower"
    monkeypatch.setattr(suite, "code", lambda: "changed")
    assert said_by_a_run(3, tmp_path, monkeypatch)["mlp"] == "faster"
    machine.planted["steps", "mlp"] = 0.43  # near the boundary
    monkeypatch.setattr(suite, "code", lambda: "changed again")
    assert said_by_a_run(4, tmp_path, monkeypatch)["mlp"] == "faster"
    machine.planted["steps", "mlp"] = 0.47
    monkeypatch.setattr(suite, "code", lambda: "changed once more")
    assert said_by_a_run(5, tmp_path, monkeypatch)["mlp"] == "level"


def test_the_digest_of_the_code_tells_every_change(tmp_path: Path) -> None:
    page = tmp_path / "page.py"
    seen = set()
    for text in ("x = 1\n", "x = 2\n"):
        page.write_text(text)
        seen |= {suite.code((tmp_path,)), suite.code((tmp_path,))}
    page.rename(tmp_path / "other.py")
    assert len(seen | {suite.code((tmp_path,))}) == 3


@pytest.mark.parametrize("seed", range(5))
def test_a_kernel_slower_by_15_percent_is_named_alone(
    seed: int,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    machine = Machine(seed, noise=0.03)
    pretend(monkeypatch, machine, tmp_path)
    assert suite.main(quick=False, compare=None) == 0
    (before,) = suite.results(False, tmp_path)
    assert suite.main(quick=False, compare=before) == 0
    assert "nothing is slower" in capsys.readouterr().out
    machine.planted["layers", "a w"] = 1.15
    assert suite.main(quick=False, compare=before) == 1
    told = capsys.readouterr().out.split("slower than before: ")[1:]
    assert len(told) == 1 and told[0].startswith("layers: a w: 1.")


def test_what_the_machine_itself_did_is_not_called_slower(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    machine = Machine(1, noise=0.03)
    pretend(monkeypatch, machine, tmp_path)
    suite.main(quick=False, compare=None)
    (before,) = suite.results(False, tmp_path)
    machine.drift(0.1, 1.5)
    machine.planted["layers", "a w"] = 2.5
    assert suite.main(quick=False, compare=before) == 1
    told = capsys.readouterr().out
    assert "took 1.50 times as long" in told
    assert told.count("slower than before: ") == 1
    assert "slower than before: layers: a w" in told


def test_a_disturbed_run_says_so(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    machine = Machine(0, noise=0.03)
    machine.others = 1.0
    pretend(monkeypatch, machine, tmp_path)
    assert suite.main(quick=False, compare=None) == 2
    assert "DISTURBED: other programs" in capsys.readouterr().out
    (last,) = results(tmp_path)
    rows = [r for rows in last["tables"].values() for r in rows]
    assert {r["verdict"] for r in rows} == {NONE}


def test_a_result_of_another_machine_decides_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pretend(monkeypatch, Machine(0, noise=0.03), tmp_path)
    suite.main(quick=False, compare=None)
    (last,) = results(tmp_path)
    facts = dict(last["conditions"])
    assert suite.verdicts_before(False, facts, tmp_path)
    facts["processor"] = "another"
    assert not suite.verdicts_before(False, facts, tmp_path)


# ---- the README


def test_the_readme_tells_the_newest_result() -> None:
    newest = suite.results(quick=False)
    if not newest:
        pytest.skip("no result is committed yet")
    told = json.loads(newest[-1].read_text())
    assert not report.is_disturbed(told) and not report.failures(told)
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    assert report.put_into(text, report.section(told, newest[-1].name)) == text


def test_the_readme_says_where_the_other_is_faster(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    machine = Machine(0, noise=0.01)
    machine.ratios["steps", "mlp"] = 1.7
    machine.ratios["layers", "a y"] = 9.0
    pretend(monkeypatch, machine, tmp_path)
    suite.main(quick=False, compare=None)
    readme = tmp_path / "README.md"
    readme.write_text("# x\n\n## Performance\n\nold\n\n## Next\n\nend\n")
    report.update_readme(readme, suite.results(False, tmp_path)[0])
    text = readme.read_text()
    assert text.startswith("# x\n\n## Performance\n\nOn 2 cores of")
    assert text.endswith("\n\n## Next\n\nend\n") and "old" not in text
    assert "Torch or the peer is faster on: mlp (1.7" in text
    assert "furthest ahead in a y (9.0)" in text or "a y (" in text
    with pytest.raises(ValueError, match="## Performance"):
        report.put_into("# x\n", "")
