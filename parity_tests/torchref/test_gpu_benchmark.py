"""The GPU benchmark and the scaling model run anywhere, and say what is so."""

import json
import subprocess
import time
from pathlib import Path
from typing import Any

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from benchmarks import (
    gpu,
    gpu_report,
    gpu_targets,
    roofline,
    scaling_model,
)
from benchmarks.scaling_model import (
    Machine,
    epoch,
    modelled,
    simulated,
    work_of,
)
from torchref import steps, summary
from torchref.networks import NETWORKS


def layers(name: str) -> list[summary.Layer]:
    with torch.device("meta"):
        return summary.layers(NETWORKS[name](), (1, 28, 28))


def test_the_benchmark_runs_at_toy_size(tmp_path: Path) -> None:
    asked = "--quick --device cpu --networks softmax_regression,mlp --seeds 1"
    given_ = [*asked.split(), "--output", str(tmp_path), "--minutes", "3"]
    assert gpu.main(given_) == 0
    log = tmp_path / "on-cpu-quick.jsonl"
    lines = gpu.lines_of(log)
    assert set(lines) == set(gpu.tasks(gpu.arguments(given_)))
    assert not [line for line in lines.values() if "error" in line]
    found = json.loads(log.with_suffix(".json").read_text())
    assert 0 < found["mlp"]["speed"]["share"] < 1
    assert found["mlp"]["repeated"]["same_bits"]
    page = log.with_suffix(".md").read_text()
    assert "Toy size" in page and "unmeasured" in page
    assert "holds" not in page and "missed" not in page
    assert "- everything at full size" in page
    assert "- speed: dropout_mlp, lenet, " in page
    assert "training: softmax_regression (seed 1 2), " in page
    assert "](on-cpu-quick-ceiling.svg)" in page


def test_a_task_that_fails_is_told_and_the_rest_goes_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(task: gpu.Task, *_: Any) -> Any:
        if task[0] == "eager":
            raise RuntimeError("no such luck")
        return {"rates": {}, "facts": {}}

    monkeypatch.setattr(gpu, "measure", fails)
    monkeypatch.setattr(gpu_report, "brief", lambda *_: "")
    log, now = tmp_path / "a.jsonl", tmp_path / "a.now"
    asked = gpu.arguments(
        ["--networks", "mlp", "--parts", "eager,alone", "--work", str(now)]
    )
    assert gpu.work(asked, log, end=float("inf")) == 0
    lines = gpu.lines_of(log)
    assert len(lines) == 3
    assert "no such luck" in lines["eager", "mlp", 0]["error"]
    assert "error" not in lines["alone", "mlp", 0]
    before = log.read_text()
    gpu.work(asked, log, end=float("inf"))
    assert log.read_text() == before  # what is measured is not done again


def test_what_matters_most_comes_first() -> None:
    found = gpu.tasks(gpu.arguments([]))
    assert found[0] == ("ceilings", "", 0)
    assert len(found) == len(set(found))
    late = [i for i, task in enumerate(found) if task[0] in gpu.LATER]
    assert late == list(range(late[0], len(found)))
    for name in gpu.NETWORKS:  # each is compiled once, then trained
        where = [i for i, t in enumerate(found[: late[0]]) if t[1] == name]
        assert where == list(range(where[0], where[-1] + 1))
        seeds = 6 if name in gpu.MORE_SEEDS else 3
        assert ("training", name, seeds - 1) in found
        assert ("training", name, seeds) not in found


def test_what_takes_longer_than_is_left_is_not_begun(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    log, now = tmp_path / "a.jsonl", tmp_path / "a.now"
    words = ["--networks", "mlp,lenet", "--parts", "training", "--seeds", "2"]
    asked = gpu.arguments([*words, "--no-quick", "--work", str(now)])
    gpu.write(log, ("training", "mlp", 0), {"failed": ""}, seconds=100)
    done: list[gpu.Task] = []
    monkeypatch.setattr(
        gpu, "measure", lambda task, *_: done.append(task) or {}
    )
    monkeypatch.setattr(gpu_report, "brief", lambda *_: "")
    gpu.work(asked, log, end=time.time() + 90)
    assert ("training", "mlp", 1) not in done
    assert ("training", "lenet", 1) in done


def test_a_process_that_does_nothing_ends_the_run(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    states: list[dict] = []

    def nothing(*_: Any, env: dict, **__: Any) -> Any:
        states.append(env)
        return subprocess.CompletedProcess([], 0)

    monkeypatch.setattr(gpu.subprocess, "run", nothing)
    monkeypatch.setattr(gpu_report, "report", lambda *_: None)
    words = ["--device", "cpu", "--networks", "mlp", "--output", str(tmp_path)]
    assert gpu.main(words) == 0
    assert "what is left takes longer" in capsys.readouterr().out
    assert [s["CUBLAS_WORKSPACE_CONFIG"] for s in states] == [":4096:8"]


def test_without_a_gpu_it_is_toy_size(
    capsys: pytest.CaptureFixture[str],
) -> None:
    toy = gpu.arguments(["--device", "cpu"])
    assert toy.quick and toy.output == gpu.TOYS
    whole = gpu.arguments(["--device", "cpu", "--no-quick"])
    assert not whole.quick and whole.output == gpu.RESULTS
    for wrong in ("abacus", "cuda:99"):
        with pytest.raises(SystemExit):
            gpu.arguments(["--device", wrong])
        assert wrong in capsys.readouterr().err


def test_a_first_training_is_not_begun_too_late(tmp_path: Path) -> None:
    log, task = tmp_path / "a.jsonl", ("training", "lenet", 0)
    assert gpu.expected(log, task, quick=False) == gpu.UNKNOWN
    gpu.write(log, ("speed", "lenet", 0), FAST)
    foreseen = gpu.expected(log, task, quick=False)
    assert foreseen == pytest.approx(20 + 1.2 * 10 * 63_333 / 2e6)
    assert gpu.expected(log, task, quick=True) == 0
    gpu.write(log, ("training", "lenet", 1), {}, seconds=7)
    assert gpu.expected(log, task, quick=False) == 7
    assert len(gpu.commits(log)) == 1


FAST: dict = dict(examples_per_second=2e6, ready=20.0, share=0.6)


def test_aims_say_what_holds_what_misses_and_what_is_unmeasured() -> None:
    epochs = [dict(loss=0.5, test_accuracy=a) for a in (0.1, 0.73, 0.74, 0.77)]
    wild = dict(epochs=[dict(loss=2.3, test_accuracy=0.1)], failed="")
    lines: dict = {
        ("ceilings", "", 0): dict(facts=dict(cuda="13"), rates={}),
        ("speed", "lenet", 0): FAST,
        ("eager", "lenet", 0): dict(examples_per_second=5e4),
        ("speed", "nin", 0): {**FAST, "share": 0.4},
        ("training", "lenet", 0): dict(epochs=epochs, failed=""),
        ("training", "lenet", 1): wild,
    }
    found = {(a.network, a.what): a.verdict for a in gpu_targets.aims(lines)}
    assert found["lenet", "loss"] == "holds"  # the bad run does not count
    assert found["lenet", "test accuracy"] == "holds"
    assert found["lenet", "examples/s"] == "holds"
    assert found["lenet", "× plain loop"] == "missed"
    assert found["nin", "share of the ceiling"] == "missed"
    assert found["mlp", "loss"] == "unmeasured"
    lines["training", "lenet", 1] = dict(epochs=epochs[:1], failed="")
    del lines["ceilings", "", 0]  # on a CPU no speed is aimed at
    found = {(a.network, a.what): a.verdict for a in gpu_targets.aims(lines)}
    assert found["lenet", "test accuracy"] == "missed"
    assert found["lenet", "examples/s"] == "unmeasured"


def test_an_unknown_part_is_refused() -> None:
    with pytest.raises(SystemExit, match="speeed"):
        gpu.tasks(gpu.arguments(["--parts", "speeed"]))


def test_a_ceiling_counts_what_a_hand_counts() -> None:
    rates = {"float32": 1e9, "bytes": 1e12}
    limit = roofline.ceiling(layers("mlp"), 10, "float32", rates)
    # the first layer has no gradient of its input
    products = 2 * (2 * 784 * 256 + 3 * 256 * 10)
    assert limit.flops == 10 * products
    numbers = 2 * 784 + 3 * 256 + 3 * 256 + 3 * 10
    assert limit.bytes == 4 * 10 * numbers + 203_530 * 24
    assert limit.whole == limit.flops / 1e9
    assert limit.layered == pytest.approx(limit.whole)


@given(st.floats(1e6, 1e15), st.floats(1e6, 1e13), st.integers(1, 512))
def test_layers_one_by_one_are_no_faster_than_all_at_once(
    rate: float, bandwidth: float, batch: int
) -> None:
    rates = {"bf16": rate, "bytes": bandwidth}
    limit = roofline.ceiling(layers("lenet_bn"), batch, "bf16", rates)
    assert limit.layered >= limit.whole * (1 - 1e-9)


MACHINES = st.builds(
    Machine,
    inside=st.floats(1e9, 1e12),
    between=st.floats(1e8, 1e12),
    latency=st.floats(0, 1e-3),
    overhead=st.floats(0, 1e-3),
)


@given(MACHINES, st.integers(0, 10), st.floats(1e-5, 1))
def test_the_formula_stays_near_the_simulation(
    machine: Machine, power: int, compute: float
) -> None:
    work = work_of("alexnet")
    by_hand = modelled(work, compute, 2**power, machine)
    by_events = simulated(work, compute, 2**power, machine)
    # between them lie where the weights are, and each bucket's own latency
    buckets = len(work.layers)
    slack = buckets * 2 * power * machine.latency + 1e-9
    assert by_events >= machine.overhead + compute - 1e-9
    assert by_hand <= by_events * 2 + slack
    assert by_events <= by_hand * 2 + slack


@pytest.mark.parametrize("name", ["alexnet", "resnet18"])
def test_one_device_communicates_nothing(name: str) -> None:
    machine, work = Machine(), work_of(name)
    alone = epoch(work, 1, machine, grows=True)
    assert alone["communication"] == 0
    assert alone["seconds"] == pytest.approx(alone["simulated"])
    many = epoch(work, 1024, machine, grows=True)
    assert many["seconds"] < alone["seconds"]


def test_the_model_is_drawn() -> None:
    drawn = scaling_model.plot(scaling_model.table(["resnet18"], Machine()))
    assert drawn.startswith("<svg") and "1.02e+03" in drawn


class Tape:
    """A stand-in for a CUDA graph: remembers work, replays it."""

    recording = False

    def __init__(self) -> None:
        self.work: list = []

    def replay(self) -> None:
        for one in self.work:
            one()


@given(st.lists(st.sampled_from([1, 3]), max_size=20))
def test_every_block_runs_once_recorded_or_not(sizes: list[int]) -> None:
    import contextlib

    made: list[Tape] = []
    ran: list[list[int]] = []

    @contextlib.contextmanager
    def record(tape: Tape, stream: object = None):
        made.append(tape)
        Tape.recording = True
        yield
        Tape.recording = False

    def work(block: torch.Tensor) -> None:
        if Tape.recording:
            made[-1].work.append(lambda: ran.append(block.flatten().tolist()))
        else:
            ran.append(block.flatten().tolist())

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(torch.cuda, "CUDAGraph", Tape)
        patch.setattr(torch.cuda, "graph", record)
        recorded = steps.Recorded(work, torch.device("cuda"), 3)
        patch.setattr(recorded, "beside", contextlib.nullcontext)
        wanted = []
        for i, size in enumerate(sizes):
            block = torch.full((size, 2), i)
            wanted.append(block.flatten().tolist())
            recorded(block)
    assert ran == wanted
    assert len(made) == (1 if sizes.count(3) > 3 else 0)
