"""Saving where nothing more can be written: full disks, folders that are
no folders, Ctrl-C. What was saved before stands, and nothing else is left.

Each check raises AssertionError at the first failure and returns what it
did in one line.
"""

import contextlib
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

from parity_tests.robustness.checkpoints import checkpoint, in_a_child
from scratch.serialization import load, save

ROOT = Path(__file__).parents[2]
SIZE = 256  # KiB of the small disk


@contextlib.contextmanager
def small_disk(size: int = SIZE) -> Iterator[Path | None]:
    """A disk of its own, of so many KiB; None where none may be mounted."""
    with tempfile.TemporaryDirectory() as name:
        words = ["mount", "-t", "tmpfs", "-o", f"size={size}k", "none", name]
        try:
            done = subprocess.run(words, capture_output=True).returncode == 0
        except FileNotFoundError:
            done = False
        try:
            yield Path(name) if done else None
        finally:
            if done:
                subprocess.run(["umount", "-l", name], check=True)


def full() -> str:
    """A disk that is really full: ENOSPC, and the old file stands alone."""
    try:
        save(checkpoint(), "/dev/full")
    except OSError as error:
        assert "No space left on device" in str(error)
    else:
        raise AssertionError("saved into /dev/full")
    refused = saved = 0
    with small_disk() as folder:
        if folder is None:
            return "no disk may be mounted here; /dev/full was refused"
        path, n = folder / "checkpoint.pt", 8
        while refused < 20:
            try:
                save(checkpoint(n), path)
            except OSError as error:
                assert "No space left on device" in str(error), error
                refused += 1
            else:
                saved, good = saved + 1, n
            assert os.listdir(folder) == [path.name], os.listdir(folder)
            assert load(path)["net"]["w"].shape == (good, good)
            n += 8
    return (f"a disk of {SIZE} KiB: {saved} checkpoints fitted beside the "
            f"one before, {refused} did not; the last good one always stood")


def full_while_training(side: str = "scratch") -> str:
    """A run on a disk that holds one checkpoint, not two, ends with one
    line; the first checkpoint is whole."""
    with small_disk(1200) as folder:
        if folder is None:
            return "no disk may be mounted here"
        process = subprocess.run(
            train(side, folder, 1), cwd=ROOT, capture_output=True, text=True,
            timeout=300)
        said = process.stderr.strip().splitlines()
        assert process.returncode == 1, process.stderr
        assert len(said) == 1 and said[0].startswith("error: "), said
        if side == "scratch":
            assert "No space left on device" in said[0], said
        assert load(folder / "run" / "state.pt")["progress"]["step"] == 1
        left = os.listdir(folder / "run")
        assert sorted(left) == ["config.toml", "state.pt"], left
    return f"the run ended with: {said[0]}"


def train(side: str, folder: Path, every: int, epochs: int = 2) -> list[str]:
    """The command that trains an MLP on a few pictures, for long."""
    sets = ["data=fashion_mnist_sample", "batch=64", f"epochs={epochs}",
            "examples=2000"]
    more = ["--save-every", str(every)]
    if side == "torchref":
        sets.append(f"options.save_every={every}")
        more = ["--device", "cpu"]
    return [sys.executable, "-u", "-m", side, "train", "mlp",
            *(word for s in sets for word in ("--set", s)), *more,
            "--name", "run", "--runs", str(folder)]


# ---- places that are none

def no_places() -> str:
    """A missing parent, a folder, a file as a folder: refused, as in torch,
    saying where; nothing appears."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "file").write_text("old")
        (folder / "folder").mkdir()
        cases = {
            folder / "missing" / "x.pt": (RuntimeError, "does not exist"),
            folder / "folder": (RuntimeError, "cannot"),
            folder / "file" / "x.pt": (RuntimeError, "does not exist"),
        }
        for path, (kind, words) in cases.items():
            try:
                save(checkpoint(), path)
            except kind as error:
                assert words in str(error), error
                assert str(path) in str(error) or str(
                    path.parent) in str(error), error
            else:
                raise AssertionError(f"saved to {path}")
        for path in (folder / "missing.pt", folder / "folder"):
            try:
                load(path)
            except OSError as error:
                assert str(path) in str(error)
            else:
                raise AssertionError(f"loaded {path}")
        assert sorted(os.listdir(folder)) == ["file", "folder"]
        assert (folder / "file").read_text() == "old"
        unreadable(folder)
    return f"{len(cases)} places that are none: refused; nothing appeared"


def unreadable(folder: Path) -> None:
    """A file that may not be read is a PermissionError with its name."""
    path = folder / "file"
    os.chmod(folder, 0o755)
    path.chmod(0)

    def work() -> None:
        if os.geteuid() == 0:
            os.seteuid(65534)
        try:
            load(path)
        except PermissionError as error:
            assert str(path) in str(error)
        else:
            raise AssertionError("read what may not be read")

    in_a_child(work)


# ---- Ctrl-C

def interrupted_saves(count: int = 200, seed: int = 0) -> str:
    """SIGINT at random moments of saving: KeyboardInterrupt, the file is
    the old one or the new one, and nothing lies beside it."""
    draw, hit = random.Random(seed), 0
    with tempfile.TemporaryDirectory() as name:
        path = Path(name, "checkpoint.pt")
        save(checkpoint(64), path)

        def interrupt(delay: float) -> None:
            signal.signal(signal.SIGINT, signal.default_int_handler)
            n = 0
            try:
                signal.setitimer(signal.ITIMER_REAL, delay)
                while True:
                    n += 1
                    save(checkpoint(64, n), path)
            except KeyboardInterrupt:
                pass  # it holds what it interrupted: look when it is gone
            assert load(path)["at"] in (n - 1, n), "not whole"
            assert os.listdir(name) == [path.name], os.listdir(name)

        for _ in range(count):
            delay = draw.uniform(1e-3, 0.02)

            def work(delay: float = delay) -> None:
                signal.signal(signal.SIGALRM, lambda *_: os.kill(
                    os.getpid(), signal.SIGINT))
                save(checkpoint(64), path)
                interrupt(delay)

            in_a_child(work)
            hit += 1
    return f"{hit} saves interrupted: old or new, whole, alone"


def heeding() -> None:
    """Let Ctrl-C count, also where the tests run in the background."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


def interrupted_training(side: str = "scratch") -> str:
    """Ctrl-C in a run: one line that says how to go on, exit code 130, and
    it does go on."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        words = train(side, folder, 2, epochs=20)  # it must not end before
        process = subprocess.Popen(
            words, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
            text=True, preexec_fn=heeding)
        state = folder / "run" / "state.pt"
        deadline = time.monotonic() + 120
        while not state.exists() and time.monotonic() < deadline:
            time.sleep(0.01)
        process.send_signal(signal.SIGINT)
        _, said = process.communicate(timeout=60)
        assert process.returncode == 130, (process.returncode, said)
        assert "Traceback" not in said and "--resume" in said, said
        before = load(state)["progress"]
        left = [file for file in os.listdir(folder / "run")
                if file.endswith(".saving")]
        assert not left, left
        again = subprocess.run([*words, "--resume"], cwd=ROOT, text=True,
                               capture_output=True, timeout=300)
        assert again.returncode == 0, again.stderr
    return (f"interrupted in epoch {before['epoch']}, step "
            f"{before['step']}: exit code 130, {said.strip()!r}")


CHECKS: dict[str, Callable[[], str]] = {
    "a disk that is really full": full,
    "a full disk while training": full_while_training,
    "places that are none": no_places,
    "a full disk while torchref trains": partial(
        full_while_training, "torchref"),
    "Ctrl-C while saving": interrupted_saves,
    "Ctrl-C while training": interrupted_training,
    "Ctrl-C while torchref trains": partial(
        interrupted_training, "torchref"),
}
