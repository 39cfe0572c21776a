"""Training under attack: kill -9 at random moments, then resume.

Each check raises AssertionError at the first failure and returns what it
did in one line.
"""

import json
import math
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

import torch

SETTINGS = ["data=fashion_mnist_sample", "batch=64", "optimizer.lr=0.1"]
SAVING = {
    "scratch": ["--save-every", "5"],
    "torchref": ["--set", "options.save_every=5", "--device", "cpu"],
}


def command(side: str, network: str, settings: list[str]) -> list[str]:
    """The command that trains a network, with a checkpoint every 5 steps."""
    changes = [part for s in settings for part in ("--set", s)]
    words = [sys.executable, "-u", "-m", side, "train", network]
    return [*words, *changes, *SAVING[side], "--name"]


def start(words: list[str], folder: Path) -> subprocess.Popen:
    """The command at work, once it has said that it trains."""
    root = Path(__file__).parents[2]
    process = subprocess.Popen(
        [*words, "--runs", str(folder)],
        cwd=root,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    assert process.stdout is not None
    line = process.stdout.readline()
    assert "seed 0 on" in line, line + process.stdout.read()
    return process


def finish(process: subprocess.Popen) -> None:
    """Let it run to its end."""
    text, _ = process.communicate(timeout=900)
    assert process.returncode == 0, text


def killed(
    side: str,
    network: str = "lenet",
    times: int = 10,
    epochs: int = 6,
    examples: int = 0,
    seed: int = 0,
) -> str:
    """One run killed so many times and resumed each time has the weights of
    a run that was left alone, bit for bit, and its whole record."""
    settings = [*SETTINGS, f"epochs={epochs}", f"examples={examples}"]
    words = command(side, network, settings)
    rng = random.Random(seed)
    steps = math.ceil((examples or 6000) / 64)  # of an epoch
    moments = sorted(rng.sample(range(epochs * steps - 40), times))
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        state = folder / "broken" / "state.pt"
        finish(start([*words, "whole"], folder))
        resume: list[str] = []
        stood = []
        for moment in moments:
            process = start([*words, "broken", *resume], folder)
            reach(process, state, moment, steps)
            time.sleep(rng.uniform(0, 0.1))
            process.kill()
            process.communicate()
            assert process.returncode == -signal.SIGKILL, "it was done before"
            resume = ["--resume"]
            stood.append("{}:{}".format(*progress(state)))
        finish(start([*words, "broken", "--resume"], folder))
        same(folder / "whole", folder / "broken", epochs)
    return f"killed {len(stood)} times, at steps {', '.join(stood)}: same bits"


def reach(
    process: subprocess.Popen, state: Path, moment: int, steps: int
) -> None:
    """Wait for a checkpoint that this process wrote at that step or later."""
    before = written(state)
    while process.poll() is None:
        now = written(state)
        if now != before:
            epoch, step = progress(state)
            if epoch * steps + step >= moment:
                return
            before = now
        time.sleep(0.002)


def written(state: Path) -> int:
    """When the file was written; 0 if it is not there."""
    return state.stat().st_mtime_ns if state.is_file() else 0


def progress(state: Path) -> tuple[int, int]:
    """Epochs done and steps of the next, as the file says."""
    found = torch.load(state, weights_only=True)["progress"]
    return found["epoch"], found["step"]


def same(whole: Path, broken: Path, epochs: int) -> None:
    """Equal weights bit for bit; a line of the record for every epoch."""
    a, b = (
        torch.load(folder / "model.pt", weights_only=True)
        for folder in (whole, broken)
    )
    assert list(a) == list(b)
    for key in a:
        assert torch.equal(a[key], b[key]), f"{key} differs"
    records = []
    for folder in (whole, broken):
        lines = (folder / "metrics.jsonl").read_text().splitlines()
        records.append([json.loads(line) for line in lines])
    assert [x["epoch"] for x in records[1]] == [*range(1, epochs + 1)]
    for key in ("loss", "test_loss", "accuracy", "test_accuracy"):
        pair = [[line[key] for line in record] for record in records]
        assert pair[0] == pair[1], f"the records of {key} differ"


CHECKS: dict[str, Callable[[], str]] = {
    "LeNet in scratch killed at ten moments": partial(killed, "scratch"),
    "LeNet in torch killed at ten moments": partial(killed, "torchref"),
}
