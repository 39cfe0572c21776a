"""The parent's side of worker processes: requests out, batches in, in order.

Each worker has a pipe of its own, whose far end only that worker holds: when
a worker dies, even in the middle of a message, the parent reads the end of
the pipe and says so.
"""

from __future__ import annotations

import itertools
import multiprocessing
import os
import signal
import weakref
from collections.abc import Iterator
from multiprocessing.connection import Connection, wait
from typing import Any, NoReturn

from scratch.utils.data.worker import AGAIN, STOP, End, Failure, Task, work

GRACE = 2.0  # seconds that a worker has to end by itself


class Pool:
    """The workers of one pass, or with `persistent_workers` of all."""

    def __init__(self, loader: Any, task: Task, base_seed: int):
        if loader.prefetch_factor == 0:
            raise AssertionError("prefetch_factor must be greater than 0")
        context = loader.multiprocessing_context or multiprocessing
        count = loader.num_workers
        self.timeout = loader.timeout
        self.in_order = loader.in_order
        self.persistent = loader.persistent_workers
        self.most = loader.prefetch_factor * count  # requests under way
        self.workers: list = []
        self.links: list[Connection] = []
        for place in range(count):
            near, far = context.Pipe()
            self.links.append(near)
            forked = context.get_start_method() == "fork"
            inherited = list(self.links) if forked else []
            seeds = base_seed, place, count
            init = loader.worker_init_fn
            worker = context.Process(
                target=work,
                args=(task, far, inherited, seeds, init),
                daemon=True,
            )
            worker.start()
            far.close()
            self.workers.append(worker)
        self.close = weakref.finalize(
            self, _end, self.workers, self.links, os.getpid()
        )

    def begin(self, indices: Iterator, again: bool = False) -> None:
        """Start a pass: the first requests go out before any is answered."""
        self.indices = indices
        self.turns = itertools.cycle(range(len(self.workers)))
        if again:
            self._begin_again()
        self.asked = self.given = 0
        self.owner: dict[int, int] = {}  # request -> worker, until answered
        self.early: dict[int, Any] = {}  # answers that are not yet due
        self.active = set(range(len(self.workers)))
        for _ in range(self.most):
            self._ask()

    def _begin_again(self) -> None:
        """Every worker drops what is left of the last pass."""
        waiting = set(range(len(self.workers)))
        for place in waiting:
            self._send(place, (None, AGAIN))
        while waiting:
            place, number, _ = self._answer()
            if number is None:
                waiting.discard(place)

    def next(self) -> Any:
        """The next batch; StopIteration when all have been given."""
        while self.owner or self.early:
            due = self._due()
            if due is not None:
                return self._give(self.early.pop(due))
            place, number, result = self._answer()
            if number not in self.owner:
                continue  # asked of a stream that had come to its end
            if isinstance(result, End):  # this worker's stream is at its end
                self.active.discard(place)
                self.owner = {n: w for n, w in self.owner.items() if w != place}
                self._ask()
                continue
            del self.owner[number]
            self.early[number] = result
        if not self.persistent:
            self.close()
        raise StopIteration

    def _due(self) -> int | None:
        """The answer to give now, if it is here."""
        if not self.early:
            return None
        first = min(self.early)
        blocked = self.in_order and any(n < first for n in self.owner)
        return None if blocked else first

    def _give(self, result: Any) -> Any:
        self._ask()
        if isinstance(result, Failure):
            result.reraise()
        return result

    def _ask(self) -> None:
        """Send the next request to the worker whose turn it is."""
        try:
            index = next(self.indices)
        except StopIteration:
            return
        if not self.active:
            return
        place = next(turn for turn in self.turns if turn in self.active)
        self.owner[self.asked] = place
        self._send(place, (self.asked, index))
        self.asked += 1

    def _send(self, place: int, message: Any) -> None:
        try:
            self.links[place].send(message)
        except ConnectionError:
            self._mourn(place)

    def _answer(self) -> tuple[int, int, Any]:
        """Wait for any worker's answer: (worker, request, result)."""
        links = wait(self.links, self.timeout or None)
        if not links:
            raise RuntimeError(
                f"DataLoader timed out after {self.timeout} seconds"
            )
        place = self.links.index(links[0])  # type: ignore[arg-type]
        try:
            number, result = self.links[place].recv()
        except (EOFError, OSError):  # also in the middle of a message
            self._mourn(place)
        return place, number, result

    def _mourn(self, place: int) -> NoReturn:
        """Say how a worker died, and end the others."""
        worker = self.workers[place]
        worker.join(GRACE)
        code = worker.exitcode
        how = f"with exit code {code}"
        if code is not None and code < 0:
            how = f"killed by signal {signal.Signals(-code).name}"
        self.close()
        self.owner, self.early = {}, {}
        raise RuntimeError(
            f"DataLoader worker (pid(s) {worker.pid}) exited unexpectedly, "
            + how
        )


def _end(workers: list, links: list[Connection], owner: int) -> None:
    """Tell the workers to stop; end those that do not."""
    if os.getpid() != owner:
        return  # a forked copy of the pool: not its own workers
    for link in links:
        try:
            link.send((None, STOP))
        except (OSError, ValueError):
            pass  # that one is gone
    for link in links:
        link.close()
    for worker in workers:
        for end in (lambda: None, worker.terminate, worker.kill):
            end()
            worker.join(GRACE)
            if not worker.is_alive():
                break
