"""Two processes give what one gives, and outlive each other."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch import nn

from parity_tests.torchref import worker
from torchref.distributed import SyncBatchNorm, World, synchronised
from torchref.options import Options
from torchref.recipes import Recipe
from torchref.training import fit

ROOT = Path(__file__).resolve().parents[2]


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return found.getsockname()[1]


def start(
    command: list[str], size: int, folder: Path
) -> list[subprocess.Popen]:
    """So many processes of one run, as torchrun would start them."""
    port = str(free_port())
    processes = []
    for rank in range(size):
        place = dict(
            RANK=str(rank),
            LOCAL_RANK=str(rank),
            WORLD_SIZE=str(size),
            MASTER_ADDR="127.0.0.1",
            MASTER_PORT=port,
            OMP_NUM_THREADS="1",
            PYTHONPATH=str(ROOT),
        )
        processes.append(
            subprocess.Popen(
                [sys.executable, "-m", *command],
                cwd=folder,
                env={**os.environ, **place},
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                text=True,
            )
        )
    return processes


def finish(processes: list[subprocess.Popen]) -> None:
    for process in processes:
        _, errors = process.communicate(timeout=600)
        assert process.returncode == 0, errors[-2000:]


def assert_two_are_one(folder: Path, cases: dict[str, Recipe]) -> None:
    """The weights that two processes left, against one with the batches of
    both."""
    for name, recipe in cases.items():
        net = worker.start(recipe)
        double = Options(precision="float64")
        *_, last = fit(net, recipe, *worker.data(recipe), double, seed=1)
        one = dict(net.state_dict(), loss=last.loss)
        for path in folder.glob(f"{name}-*.pt"):
            two = torch.load(path, weights_only=True)
            for key, value in one.items():
                torch.testing.assert_close(
                    two[key],
                    value,
                    rtol=1e-10,
                    atol=1e-10,
                    msg=f"{path.name}: {key} differs",
                )
    assert len(list(folder.glob("*.pt"))) == len(cases) + 1


def test_two_processes_give_the_weights_of_one(tmp_path: Path) -> None:
    finish(start(["parity_tests.torchref.worker", "."], 2, tmp_path))
    assert_two_are_one(tmp_path, worker.CASES)


@pytest.mark.intense
@pytest.mark.timeout(900)
def test_two_processes_give_the_weights_of_one_for_every_recipe(
    tmp_path: Path,
) -> None:
    finish(start(["parity_tests.torchref.worker", ".", "all"], 2, tmp_path))
    assert_two_are_one(tmp_path, worker.ALL)


TRAIN = (
    "torchref train lenet_bn --quick --device cpu --set batch=16 "
    "--set options.precision=float64 --set options.sync_bn=true "
    "--set options.save_every=3 --set epochs=20 --name"
).split()


def weights(folder: Path, name: str) -> dict[str, torch.Tensor]:
    path = folder / "runs" / name / "model.pt"
    return torch.load(path, weights_only=True)


def wait_for(path: Path, lines: int, seconds: float = 60) -> None:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if path.is_file() and len(path.read_text().splitlines()) >= lines:
            return
        time.sleep(0.02)
    pytest.fail(f"{path} has not {lines} lines after {seconds} s")


def test_a_lost_process_ends_the_run_which_any_number_resumes(
    tmp_path: Path,
) -> None:
    finish(start([*TRAIN, "whole"], 2, tmp_path))
    pair = start([*TRAIN, "cut"], 2, tmp_path)
    wait_for(tmp_path / "runs" / "cut" / "metrics.jsonl", 2)
    pair[1].send_signal(signal.SIGKILL)
    killed = time.monotonic()
    _, errors = pair[0].communicate(timeout=60)
    assert time.monotonic() - killed < 60
    assert pair[0].returncode not in (0, None)
    assert "another process of the run ended" in errors
    assert "Traceback" not in errors
    pair[1].communicate()
    shutil.copytree(tmp_path / "runs" / "cut", tmp_path / "runs" / "one")
    finish(start([*TRAIN, "cut", "--resume"], 2, tmp_path))
    finish(start([*TRAIN, "one", "--resume"], 1, tmp_path))
    for key, value in weights(tmp_path, "whole").items():
        assert torch.equal(weights(tmp_path, "cut")[key], value), key
        other = weights(tmp_path, "one")[key]
        torch.testing.assert_close(other, value, rtol=1e-10, atol=1e-10)


@pytest.mark.intense
def test_torchrun_starts_a_broken_run_again(tmp_path: Path) -> None:
    finish(start([*TRAIN, "whole"], 2, tmp_path))
    launcher = "torch.distributed.run --standalone --nproc-per-node 2"
    command = [*launcher.split(), "--max-restarts", "2", "-m"]
    (run,) = start([*command, *TRAIN, "cut"], 1, tmp_path)
    wait_for(tmp_path / "runs" / "cut" / "metrics.jsonl", 2)
    for child in psutil.Process(run.pid).children(recursive=True):
        if child.environ().get("LOCAL_RANK") == "1":
            child.kill()
    finish([run])
    for key, value in weights(tmp_path, "whole").items():
        assert torch.equal(weights(tmp_path, "cut")[key], value), key


@given(st.integers(0, 40), st.integers(1, 9))
def test_shares_are_even_and_together_the_batch(n: int, size: int) -> None:
    rows = torch.randperm(n)
    shares = [World(rank, size).share(rows) for rank in range(size)]
    assert torch.equal(torch.cat(shares), rows)
    lengths = [len(share) for share in shares]
    assert max(lengths) - min(lengths) <= 1


def test_synchronising_keeps_names_and_parameters() -> None:
    net = nn.Sequential(
        nn.Conv2d(1, 2, 3), nn.BatchNorm2d(2), nn.Sequential(nn.BatchNorm1d(3))
    )
    before = {k: v.data_ptr() for k, v in net.state_dict().items()}
    twin = synchronised(net)
    assert isinstance(twin[1], SyncBatchNorm)
    assert isinstance(twin[2][0], SyncBatchNorm)
    assert {k: v.data_ptr() for k, v in twin.state_dict().items()} == before
    x = torch.randn(4, 1, 3, 4)
    plain = nn.BatchNorm2d(2).eval()
    y = twin[0](x)
    assert torch.equal(twin.eval()[1](y), plain(y))
