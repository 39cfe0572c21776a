"""Worker processes: torch's seeds and order, and never a hang."""

import multiprocessing
import os
import random
import signal
import time

import numpy as np
import pytest

import scratch
import scratch.utils.data as ours
from parity_tests.utils.sides import Stream, refused, same


class Dice(ours.Dataset):
    """Samples that show every source of random numbers."""

    def __init__(self, library):
        self.library = library

    def __getitem__(self, index):
        drawn = self.library.rand(2).tolist()
        return index, random.random(), np.random.rand(), drawn

    def __len__(self):
        return 9


@pytest.mark.parametrize("workers", [0, 2])
def test_workers_seed_every_source_of_numbers_as_torch_does(workers):
    random.seed(0)
    np.random.seed(0)
    if workers:
        same(
            lambda library, data: data.DataLoader(
                Dice(library), 2, num_workers=workers
            )
        )


@pytest.mark.parametrize("size", [None, 3])
@pytest.mark.parametrize("drop_last", [False, True])
@pytest.mark.parametrize("workers", [0, 1])
def test_a_stream_is_read_to_its_end(size, drop_last, workers):
    same(
        lambda library, data: data.DataLoader(
            Stream(data),
            size,
            drop_last=drop_last and size is not None,
            num_workers=workers,
        )
    )


def test_two_workers_share_a_stream():
    loader = ours.DataLoader(Stream(ours), None, num_workers=2)
    assert sorted(int(x) for x in loader) == list(range(11))


def test_streams_one_after_the_other():
    same(
        lambda library, data: data.DataLoader(
            data.ChainDataset([Stream(data), Stream(data)]), 4
        )
    )


class Broken(ours.Dataset):
    """A sample that raises."""

    def __init__(self, error):
        self.error = error

    def __getitem__(self, index):
        if index == 3:
            raise self.error
        return index

    def __len__(self):
        return 6


class Fussy(Exception):
    """Cannot be made of a message alone."""

    def __init__(self, one, two):
        super().__init__(one, two)


@pytest.mark.parametrize("error", [ValueError("bad"), KeyError("key")])
def test_an_exception_in_a_worker_is_raised_here_with_its_trace(error):
    text = refused(
        lambda library, data: list(
            data.DataLoader(Broken(error), num_workers=1)
        ),
        type(error),
    )
    assert "in DataLoader worker process 0" in text
    assert "raise self.error" in text and "Traceback" in text


def test_an_exception_that_cannot_be_rebuilt_is_told_as_runtime_error():
    loader = ours.DataLoader(Broken(Fussy(1, 2)), num_workers=1)
    with pytest.raises(RuntimeError, match="Caught Fussy in DataLoader worker"):
        list(loader)


def test_after_an_exception_the_other_batches_still_come():
    batches = iter(ours.DataLoader(Broken(ValueError("x")), num_workers=2))
    seen = []
    for _ in range(6):
        try:
            seen.append(int(next(batches)))
        except ValueError:
            seen.append(-1)
    assert seen == [0, 1, 2, -1, 4, 5]


def test_a_failing_start_is_told():
    def start(place):
        raise OSError(f"no disk for {place}")

    loader = ours.DataLoader(range(4), num_workers=1, worker_init_fn=start)
    with pytest.raises(OSError, match="no disk for 0"):
        list(loader)


class Deadly(ours.Dataset):
    """A sample that ends the process, as the system's memory killer does."""

    def __init__(self, end):
        self.end = end

    def __getitem__(self, index):
        if index == 5:
            self.end()
        return np.zeros(100_000)

    def __len__(self):
        return 8


def killed():
    os.kill(os.getpid(), signal.SIGKILL)


@pytest.mark.parametrize(
    "end, how", [(killed, "SIGKILL"), (lambda: os._exit(3), "exit code 3")]
)
def test_a_worker_that_dies_is_an_error_and_never_a_hang(end, how):
    began = time.monotonic()
    loader = ours.DataLoader(Deadly(end), num_workers=2)
    with pytest.raises(RuntimeError, match=f"exited unexpectedly.*{how}"):
        list(loader)
    assert time.monotonic() - began < 10


def test_a_worker_killed_from_outside_is_an_error():
    before = set(multiprocessing.active_children())
    batches = iter(ours.DataLoader(range(10**6), 10, num_workers=2))
    next(batches)
    worker = (set(multiprocessing.active_children()) - before).pop()
    os.kill(worker.pid, signal.SIGKILL)
    with pytest.raises(RuntimeError, match="SIGKILL"):
        for _ in batches:
            pass
    assert list(batches) == []


def test_a_slow_worker_runs_into_the_timeout():
    loader = ours.DataLoader(
        Deadly(lambda: time.sleep(5)), num_workers=1, timeout=0.3
    )
    with pytest.raises(RuntimeError, match="timed out after 0.3 seconds"):
        list(loader)


def test_workers_end_with_the_loop_that_is_left_early():
    before = set(multiprocessing.active_children())
    began = time.monotonic()
    for _ in ours.DataLoader(Deadly(killed), num_workers=2):
        break
    assert set(multiprocessing.active_children()) <= before
    assert time.monotonic() - began < 3


def test_large_requests_and_large_batches_do_not_block_each_other():
    rows = scratch.zeros(60_000, 20)
    indices = [list(range(60_000))] * 5
    loader = ours.DataLoader(
        ours.TensorDataset(rows), batch_sampler=indices, num_workers=1
    )
    assert [len(batch) for (batch,) in loader] == [60_000] * 5
