"""What is timed: every convolution, equal peers, traced memory."""

import json
import math
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import scratch
from benchmarks import (
    epochs,
    growth,
    kernels_steps,
    layers,
    memory,
    operations,
    peers,
    rounds,
    timing,
)
from scratch.kernels import unfold

ROOT = Path(__file__).resolve().parents[2]


def test_every_convolution_of_every_network_has_its_rows() -> None:
    found = layers.layers()
    kinds = {layer[1:] for layer in found.values()}
    assert (1, 6, 28, 5, 1, 2, 1) in kinds  # LeNet's first
    assert (512, 512, 3, 3, 1, 1, 1) in kinds  # ResNet-18's last
    assert len(found) == len(set(found.values())) > 100
    rows = layers.rows(quick=False)
    images = [name for name in found if f" {1}>" in name]
    assert len(rows) == 3 * len(found) - len(images)
    assert set(layers.rows(quick=True)) < set(rows)


def test_operations_of_a_layer_are_counted_by_hand() -> None:
    # 256 images, 28 x 28 places, 6 kernels of 25 numbers, two each
    row = "lenet 1>6 5x5 at 28 y"
    assert layers.operations(row) == 2 * 256 * 28**2 * 6 * 25
    row = "separable 64>64 3x3 at 56 in 64 groups w"
    assert layers.operations(row) == 2 * 16 * 56**2 * 64 * 9


@pytest.mark.parametrize(
    "row", ["lenet 6>16 5x5 at 14 x", "densenet 184>32 3x3 at 3 y"]
)
def test_the_form_that_is_told_is_one_of_those_timed(row: str) -> None:
    names = ["unfold", *(f"winograd {m}" for m in (2, 3, 4))]
    assert set(layers.forms(row).values()) <= set(names)


@pytest.mark.parametrize("name", operations.OPERATIONS)
def test_an_operation_is_the_same_on_both_sides(name: str) -> None:
    check = operations.sides(name).check
    assert check is not None and check() < 1e-4


@pytest.mark.parametrize("row", ["mlp, fit", "lenet_relu, DataLoader"])
def test_an_epoch_is_the_same_on_both_sides(row: str) -> None:
    check = epochs.sides(row).check
    assert check is not None and check() < 1e-3


@pytest.mark.filterwarnings("ignore")  # a peer's own
@pytest.mark.parametrize(
    "row",
    [
        pytest.param(
            row, marks=pytest.mark.intense if "lenet / a" in row else ()
        )
        for row in peers.rows(quick=False)
    ],
)
def test_a_peer_takes_the_same_steps(row: str) -> None:
    if why := peers.missing(row):
        pytest.skip(why)
    if row == "lenet / autograd":
        pytest.importorskip("autograd.scipy.signal")  # needs SciPy
    check = peers.sides(row).check
    assert check is not None and check() < 1e-4


def test_a_peer_that_is_not_there_is_named(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(peers.importlib.util, "find_spec", lambda name: None)
    assert peers.missing("mlp / jax") == "jax is not installed"
    assert "peers" not in {table for table, _ in rounds.rows(quick=True)}


def test_a_wrong_kernel_is_not_timed(monkeypatch: pytest.MonkeyPatch) -> None:
    right = unfold.conv
    monkeypatch.setattr(unfold, "conv", lambda *args: right(*args) * 1.001)
    layers.kernels_of.cache_clear()
    plan = dict(check=True, pairs=1, side="both")
    line = rounds.line_of(("layers", "lenet 6>16 5x5 at 14 y"), plan)
    assert "error 1.0e-03" in line["failed"] and "ours" not in line


def test_a_row_that_fails_is_told_and_the_next_is_measured() -> None:
    plan = dict(check=False, pairs=1, side="both")
    line = rounds.line_of(("steps", "no such"), plan)
    assert line["failed"] == "KeyError: 'no such'"


@pytest.mark.parametrize("late", [False, True])
def test_a_round_that_dies_names_its_row(
    late: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    said = b'{"peak": 1.0}\n{"row": "a"}\n'

    def run(*_: object, timeout: float, **__: object) -> object:
        if late:
            raise subprocess.TimeoutExpired([], timeout, said)
        return subprocess.CompletedProcess([], -9, said)

    monkeypatch.setattr(rounds.subprocess, "run", run)
    plan = dict(keys=[("steps", "a"), ("steps", "b")], side="both")
    last = rounds.run(plan)[-1]
    why = "longer than" if late else "ended with -9"
    assert last["row"] == "b" and why in last["failed"]


def test_what_the_graph_keeps_is_counted() -> None:
    w = scratch.nn.Parameter(scratch.zeros(250_000))
    x = scratch.ones(250_000)

    def forward() -> scratch.Tensor:
        return (w.exp() * x).sum()

    found = memory.traced_arrays(lambda: forward().backward(), forward)
    number = 1e6 / 2**20  # MiB of one such array
    assert found["kept"] == pytest.approx(number, rel=0.1)  # exp's result
    assert found["traced"] >= 2 * number


@given(
    st.floats(-2, 3), st.lists(st.integers(1, 1000), min_size=4, unique=True)
)
def test_an_exponent_is_found(power: float, sizes: list[int]) -> None:
    sizes = sorted(sizes)
    costs = [7.0 * n**power for n in sizes]
    assert growth.exponent(sizes, costs) == pytest.approx(power, abs=1e-6)
    assert math.isnan(growth.exponent(sizes, [math.nan] * len(sizes)))


@pytest.mark.intense
def test_15_percent_planted_in_a_kernel_are_told_from_noise(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """On the real clock; the neighbours must be quiet meanwhile."""
    from benchmarks import verdicts

    keys = [("layers", f"lenet 6>16 5x5 at 14 {what}") for what in "yxw"]
    keys += [("operations", "exp"), ("operations", "x @ y, 512")]

    def measured() -> dict:
        plan = dict(check=False, pairs=12, side="both")
        layers.kernels_of.cache_clear()
        return {key: verdicts.pooled([rounds.line_of(key, plan)])
                for key in keys}  # fmt: skip

    before, right = measured(), unfold.conv_weight

    def slow(*args: object) -> np.ndarray:
        begin = scratch_clock()
        result = right(*args)  # type: ignore[arg-type]
        spent = scratch_clock() - begin
        while scratch_clock() < begin + 1.15 * spent:
            pass
        return result

    scratch_clock = timing.time.perf_counter
    monkeypatch.setattr(unfold, "conv_weight", slow)
    now = measured()
    named = [k for k in keys if verdicts.growth(now[k], before[k])]
    assert named == [("layers", "lenet 6>16 5x5 at 14 w")]


def test_the_micro_benchmarks_run() -> None:
    command = [sys.executable, "-m", "pytest", "-q", "-x", "benchmarks/micro"]
    command += ["--benchmark-disable", "-p", "no:cacheprovider"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout[-2000:]


def test_a_step_is_measured_alone_too() -> None:
    plan = dict(check=False, pairs=1, side="theirs")
    line = rounds.line_of(("steps", "mlp"), plan)
    assert line["call"] > 0 and json.dumps(line)
    assert set(kernels_steps.STEPS) >= set(rounds.QUICK_STEPS)
