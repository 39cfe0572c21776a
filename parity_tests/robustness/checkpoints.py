"""Saved files under attack: flipped bits, cut ends, hostile hands, kill -9.

Each check raises AssertionError at the first failure and returns what it
did in one line.
"""

import io
import os
import random
import resource
import select
import signal
import sys
import tempfile
import time
import tracemalloc
from collections import OrderedDict
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import numpy as np
import torch

from parity_tests.robustness import hostile
from parity_tests.robustness.watch import watched
from parity_tests.serialization.ways import plain, saved
from scratch.nn.parameter import Parameter
from scratch.serialization import LoadError, load, save
from scratch.tensor import wrap


def checkpoint(n: int = 3, number: int = 0) -> dict[str, Any]:
    """What a training run saves: weights, an optimizer's state, a place."""
    weight = np.arange(n * n, dtype=np.float32).reshape(n, n) + number
    state = OrderedDict(w=Parameter(wrap(weight)), b=wrap(weight[0] / 3))
    state["mask"] = wrap(weight > 2)
    vars(state)["_metadata"] = {"": {"version": 1}}
    group = {"lr": 0.1, "betas": (0.9, 0.999), "params": [0, 1]}
    return {"net": state, "optimizer": {"param_groups": [group]}, "at": number}


def examples() -> dict[str, bytes]:
    """A small checkpoint as each side writes it."""
    theirs = {"w": torch.arange(6.0).reshape(2, 3).T, "at": 3, "e": []}
    return {
        "scratch": saved(checkpoint()),
        "torch": saved(theirs, torch.save),
    }


# ---- damage


def damage(raw: bytes, damaged: Iterable[bytes]) -> str:
    """No damaged file loads as something else."""
    good = plain(load(io.BytesIO(raw)))
    done = refused = 0
    for file in damaged:
        done += 1
        try:
            found = load(io.BytesIO(file))
        except LoadError as error:
            assert str(error), "an empty message"
            refused += 1
        else:
            assert plain(found) == good, "loaded as other numbers"
    return f"{done} damaged: {refused} refused, {done - refused} loaded whole"


def flipped(raw: bytes, bit: int) -> bytes:
    file = bytearray(raw)
    file[bit // 8] ^= 1 << bit % 8
    return bytes(file)


def flips(every: int = 1) -> str:
    """Each bit of a small checkpoint, or every so many-th, flipped."""
    lines = []
    for side, raw in examples().items():
        bits = range(0, len(raw) * 8, every)
        line = damage(raw, (flipped(raw, bit) for bit in bits))
        lines.append(f"by {side}: {line}")
    return "; ".join(lines)


def random_flips(count: int = 10_000) -> str:
    """Random bits of a checkpoint of 300 KB flipped, one to three a file."""
    raw, draw = saved(checkpoint(256)), random.Random(0)

    def damaged() -> Iterable[bytes]:
        for _ in range(count):
            file = raw
            for _ in range(draw.choice((1, 1, 2, 3))):
                file = flipped(file, draw.randrange(len(raw) * 8))
            yield file

    return damage(raw, damaged())


def truncations(every: int = 1) -> str:
    """The file cut at each length, or at every so many-th."""
    lines = []
    for side, raw in examples().items():
        cut = (raw[:n] for n in range(0, len(raw), every))
        line = damage(raw, cut)
        assert line.endswith("0 loaded whole"), line
        lines.append(f"by {side}: {line}")
    return "; ".join(lines)


# ---- hostility


def hostile_files(limit: int = 64 << 20) -> str:
    """All refused, no canary, no code, no more memory than the file asks."""
    with tempfile.TemporaryDirectory() as folder:
        canary = os.path.join(folder, "canary")
        found = hostile.files(canary)
        tracemalloc.start()
        for name, raw in found.items():
            tracemalloc.reset_peak()
            begin = tracemalloc.get_traced_memory()[0]
            with watched() as events:
                try:
                    load(io.BytesIO(raw))
                except LoadError as error:
                    assert str(error), f"{name}: an empty message"
                else:
                    raise AssertionError(f"{name}: loaded")
            assert not events, f"{name}: {events}"
            peak = tracemalloc.get_traced_memory()[1] - begin
            assert peak < limit, f"{name}: took {peak >> 20} MiB"
        tracemalloc.stop()
        assert os.listdir(folder) == [], f"{os.listdir(folder)} appeared"
    return f"{len(found)} hostile files: all refused, nothing ran"


# ---- interruption


def killed(count: int = 1000, seed: int = 0) -> str:
    """kill -9 at random moments of saving: newest or previous loads whole."""
    draw = random.Random(seed)
    left = newest = 0
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "checkpoint.pt")
        save(checkpoint(64), path)
        for _ in range(count):
            told = kill_one(path, newest + 1, draw.uniform(0, 0.02))
            found = load(path)
            n = found["at"]
            assert plain(found) == plain(checkpoint(64, n)), "not whole"
            assert n in (max(told, newest), max(told, newest) + 1), (n, told)
            newest = n
        for file in Path(folder).glob(".*.saving"):
            left += 1
            os.utime(file, (0, 0))
        save(checkpoint(64), path)
        assert os.listdir(folder) == [path.name], os.listdir(folder)
    return (
        f"{count} kills, {newest} checkpoints saved between them: always "
        f"whole; {left} unfinished files swept away by the next save"
    )


def kill_one(path: Path, first: int, delay: float) -> int:
    """Kill a process that saves first, first + 1, …; the last that it told."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            os.close(reading)
            for n in range(first, sys.maxsize):
                save(checkpoint(64, n), path)
                os.write(writing, n.to_bytes(8, "little"))
        finally:
            os._exit(1)
    os.close(writing)
    time.sleep(delay)
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    told = first - 1
    while select.select([reading], [], [], 0)[0]:
        data = os.read(reading, 8)
        if not data:
            break
        told = int.from_bytes(data, "little")
    os.close(reading)
    return told


def in_a_child(work: Callable[[], None]) -> None:
    """Run in a process of its own, which may lower its own limits."""
    child = os.fork()
    if child == 0:
        code = 1
        try:
            work()
            code = 0
        finally:
            os._exit(code)
    assert os.waitpid(child, 0)[1] == 0, "failed in the child process"


def full_disk(sizes: Iterable[int] = range(0, 4000, 97)) -> str:
    """A disk that is full after n bytes: the old file stands alone."""
    sizes = [*sizes]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "checkpoint.pt")
        save("old", path)

        def work() -> None:
            signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
            for size in sizes:
                resource.setrlimit(resource.RLIMIT_FSIZE, (size, size_limit))
                try:
                    save(checkpoint(32), path)
                except OSError:
                    assert load(path) == "old"
                    assert os.listdir(folder) == [path.name]
                else:
                    raise AssertionError(f"saved into {size} bytes")

        size_limit = resource.getrlimit(resource.RLIMIT_FSIZE)[1]
        in_a_child(work)
        assert load(path) == "old"
    return f"{len(sizes)} full disks: the old file stood"


def read_only() -> str:
    """A folder that may not be written to: an error, the old file stands."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "checkpoint.pt")
        save("old", path)
        os.chmod(path, 0o644)
        os.chmod(folder, 0o555)

        def work() -> None:
            if os.geteuid() == 0:
                os.seteuid(65534)  # root may write everywhere
            try:
                save(checkpoint(), path)
            except PermissionError:
                assert load(path) == "old"
            else:
                raise AssertionError("saved into a read-only folder")

        in_a_child(work)
        os.chmod(folder, 0o755)
        assert os.listdir(folder) == [path.name]
    return "1 read-only folder: refused, the old file stood"


CHECKS: dict[str, Callable[[], str]] = {
    "every flipped bit of a small checkpoint": flips,
    "random flips of a larger one": random_flips,
    "every truncation": truncations,
    "hostile files": hostile_files,
    "kill -9 while saving": killed,
    "a full disk": full_disk,
    "a read-only folder": read_only,
}
