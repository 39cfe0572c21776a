"""A worker process: it fetches the batches that it is asked for, in order.

Two threads, so that neither side ever waits for the other to read: this one
receives and fetches, the second sends what is ready.
"""

from __future__ import annotations

import os
import queue
import random
import threading
import traceback
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from multiprocessing.connection import Connection
from typing import Any

import numpy as np

from scratch.random import manual_seed
from scratch.utils.data.collate import default_collate
from scratch.utils.data.dataset import IterableDataset

PATIENCE = 5.0  # seconds between two looks whether the other side still lives
AGAIN, STOP = "again", "stop"  # asked in place of a batch, with number None


@dataclass(frozen=True)
class WorkerInfo:
    """Which worker this is: its place, its seed, its copy of the data set."""

    id: int
    num_workers: int
    seed: int
    dataset: Any
    rng: Any = None
    worker_method: str | None = "multiprocessing"


@dataclass(frozen=True)
class End:
    """A stream has come to its end in this worker."""


class Failure:
    """An exception on its way to the parent, its traceback as text."""

    def __init__(self, error: BaseException, where: str):
        self.kind, self.where = type(error), where
        self.text = "".join(traceback.format_exception(error))

    def reraise(self) -> None:
        """Raise the same class with the whole story as its message."""
        story = (
            f"Caught {self.kind.__name__} {self.where}.\nOriginal {self.text}"
        )
        if self.kind is KeyError:
            story = _Plain(story)
        try:
            error = self.kind(story)
        except Exception:  # a class that wants other arguments
            error = RuntimeError(story)
        raise error from None


class _Plain(str):
    """KeyError prints its argument's repr: here that is the text itself."""

    def __repr__(self) -> str:
        return str(self)


@dataclass
class Task:
    """What a loader does, apart from choosing indices: it goes to workers."""

    dataset: Any
    batched: bool
    collate_fn: Callable
    drop_last: bool

    @property
    def streams(self) -> bool:
        """Whether samples come one after the other, not by index."""
        return isinstance(self.dataset, IterableDataset)

    def fetcher(self) -> Callable[[Any], Any]:
        """A function from an index, or a list of them, to what is yielded."""
        if self.streams:
            return _stream(iter(self.dataset), self)
        if not self.batched:
            return lambda index: self.collate_fn(self.dataset[index])
        return self._batch

    def _batch(self, indices: Sequence) -> Any:
        if self.collate_fn is default_collate and indices:
            gather = getattr(self.dataset, "_gather_batch", None)
            if gather and (batch := gather(indices)) is not None:
                return batch
        if getattr(self.dataset, "__getitems__", None):
            return self.collate_fn(self.dataset.__getitems__(indices))
        return self.collate_fn([self.dataset[index] for index in indices])


def _stream(samples: Iterator, task: Task) -> Callable[[Any], Any]:
    """Fetch from a stream: an index only says how many samples."""
    ended = False

    def fetch(indices: Any) -> Any:
        nonlocal ended
        if ended:
            raise StopIteration
        if not task.batched:
            return task.collate_fn(next(samples))
        batch = [sample for _, sample in zip(indices, samples)]
        ended = len(batch) < len(indices)
        if not batch or (ended and task.drop_last):
            raise StopIteration
        return task.collate_fn(batch)

    return fetch


_worker_info: WorkerInfo | None = None


def get_worker_info() -> WorkerInfo | None:
    """In a worker, which one it is; None in the main process."""
    return _worker_info


def work(
    task: Task,
    link: Connection,
    inherited: list[Connection],
    seeds: tuple[int, int, int],
    worker_init_fn: Callable[[int], None] | None,
) -> None:
    """The life of a worker: seed, then answer until it is told to stop.

    seeds: the base seed, this worker's place, how many workers there are.
    inherited: the parent's ends, to close, so that a pipe ends with its owner.
    """
    for end in inherited:
        end.close()
    ready: queue.SimpleQueue = queue.SimpleQueue()
    sender = threading.Thread(target=_send, args=(link, ready), daemon=True)
    sender.start()
    try:
        where = f"in DataLoader worker process {seeds[1]}"
        fetch = _prepared(task, seeds, worker_init_fn, where)
        for number, index in _asked(link):
            if number is None:  # a new pass over the data
                ready.put((None, AGAIN))
                fetch = _prepared(task, None, None, where)
            else:
                ready.put((number, fetch(index)))
    except (KeyboardInterrupt, EOFError, ConnectionError):
        pass  # the parent tells the story, or is gone
    finally:
        ready.put(None)
        sender.join(PATIENCE)


def _prepared(
    task: Task, seeds: tuple[int, int, int] | None, init: Any, where: str
) -> Callable[[Any], Any]:
    """The fetcher, in a new worker after seeding; or why there is none."""
    try:
        if seeds is not None:
            _introduce(task.dataset, *seeds)
            if init is not None:
                init(seeds[1])
        return _guarded(task.fetcher(), task, where)
    except Exception as error:
        failure = Failure(error, where)
        return lambda index: failure


def _guarded(
    fetch: Callable, task: Task, where: str
) -> Callable[[Any], Any]:
    """The same fetcher, its exceptions being results."""

    def result(index: Any) -> Any:
        try:
            return fetch(index)
        except Exception as error:
            if isinstance(error, StopIteration) and task.streams:
                return End()
            return Failure(error, where)

    return result


def _introduce(dataset: Any, base_seed: int, place: int, of: int) -> None:
    """Seed every source of random numbers as torch does."""
    global _worker_info
    seed = base_seed + place
    random.seed(seed)
    manual_seed(seed)
    words = [place, base_seed & 0xFFFFFFFF, base_seed >> 32, 0]
    np.random.seed(np.random.SeedSequence(words).generate_state(4))
    _worker_info = WorkerInfo(place, of, seed, dataset)


def _asked(link: Connection) -> Iterator[tuple[int | None, Any]]:
    """The requests, until the parent says stop or dies."""
    parent = os.getppid()
    while True:
        if not link.poll(PATIENCE):
            if os.getppid() != parent:
                return
            continue
        number, index = link.recv()
        if number is None and index == STOP:
            return
        yield number, index


def _send(link: Connection, ready: queue.SimpleQueue) -> None:
    """Send what is ready, in order."""
    while (answer := ready.get()) is not None:
        try:
            link.send(answer)
        except ConnectionError:
            return
        except Exception as error:  # a batch that cannot be pickled
            link.send((answer[0], Failure(error, "while a batch was sent")))
