"""Two runs agree on every verdict; what became slower is named."""

import json
import random
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks import growth, memory, report, rounds, suite, verdicts
from benchmarks.verdicts import BANDS, DEAD, NONE, decide, pooled, touched

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
    return dict(low=low, high=high, ratio=middle, disturbed=False) | more


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
    assert decide(rows[1], before)[0] == before


@given(RATIO, st.sampled_from([*BANDS, NONE]))
def test_what_has_clearly_changed_gets_another_verdict(
    ratio: float, before: str
) -> None:
    found = row(ratio / 1.01, ratio * 1.01, ratio)
    said, _ = decide(found, before)
    if len(touched(ratio / 1.12, ratio * 1.12)) == 1:
        assert said == touched(ratio, ratio)[0]


def test_a_disturbed_row_has_no_verdict() -> None:
    found = pooled([line([0.5] * 4, others=1.0)])
    assert found["disturbed"] and decide(found)[0] == NONE
    found = pooled([line([0.5] * 4), line([3.0], others=1.0)])
    assert not found["disturbed"] and found["disturbed_pairs"] == 1
    assert decide(found)[0] == "faster" and found["high"] == 0.5


def test_a_wide_interval_over_a_boundary_gives_no_verdict() -> None:
    assert decide(row(0.7, 1.3, 0.95))[0] == NONE
    assert decide(row(0.2, 0.8, 0.5))[0] == "faster"  # wide, but all of it
    assert verdicts.unsettled(row(0.85, 0.95, 0.9))
    assert not verdicts.unsettled(row(0.85, 0.95, 0.9), "level")


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
        self.others = 0.0

    def run(self, plan: dict[str, Any], _: bool = True) -> list[dict]:
        lines: list[dict] = [{"peak": 1e11}]
        for key in map(tuple, plan["keys"]):
            if plan["side"] != "both":
                lines.append(dict(table=key[0], row=key[1], call=0.1))
                continue
            process = self.draw.gauss(0, self.noise / 2)
            ratios = [
                self.ratios[key] * self.planted.get(key, 1.0)
                * (1 + process + self.draw.gauss(0, self.noise))
                for _ in range(2)
            ]  # fmt: skip
            one = line(ratios, self.others, key[1]) | {"table": key[0]}
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


@pytest.mark.parametrize("seed", range(5))
def test_two_runs_give_the_same_verdict_in_every_row(
    seed: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pretend(monkeypatch, Machine(seed, noise=0.03), tmp_path)
    said = []
    for minute in ("2026-01-01 0:01", "2026-01-01 0:02"):
        monkeypatch.setattr(suite.time, "strftime", lambda _, m=minute: m)
        assert suite.main(quick=False, compare=None) == 0
        last = results(tmp_path)[-1]
        rows = [r for rows in last["tables"].values() for r in rows]
        said.append([r["verdict"] for r in rows])
    assert said[0] == said[1] and NONE not in said[0]


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
