"""Threads: how many work side by side, and the split of a kernel's loop.

A loop is cut into equal parts by the number of threads, so a result depends
on that number but never on which of them comes first. NumPy lets another
thread run only inside its calls: a loop of short calls gains nothing here.
"""

import os
import sys
import threading
from collections.abc import Callable

from scratch.kernels.blas import blas
from scratch.kernels.settled import settle

Part = Callable[[int, int], None]


def cores() -> int:
    """How many cores this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


class Worker(threading.Thread):
    """A thread that waits for one task after another."""

    def __init__(self) -> None:
        super().__init__(daemon=True, name="scratch-kernel")
        self.ready, self.finished = threading.Lock(), threading.Lock()
        self.ready.acquire()
        self.finished.acquire()
        self.task: Callable[[], None] | None = None
        self.error: BaseException | None = None
        self.start()

    def run(self) -> None:
        settle()
        while True:
            self.ready.acquire()
            try:
                assert self.task is not None
                self.task()
            except BaseException as error:  # handed to the caller by `wait`
                self.error = error
            self.task = None
            self.finished.release()

    def begin(self, task: Callable[[], None]) -> None:
        self.task = task
        self.ready.release()

    def wait(self) -> BaseException | None:
        self.finished.acquire()
        error, self.error = self.error, None
        return error


workers: list[Worker] = []
busy = threading.Lock()  # held while the workers have a loop to share
wanted = blas.get() if blas.get else cores()


def get_num_threads() -> int:
    """How many threads an operation may use."""
    return wanted


def set_num_threads(number: int) -> None:
    """Let operations use `number` threads, but no more than there are cores."""
    global wanted
    if isinstance(number, bool) or not isinstance(number, int):
        raise RuntimeError(  # torch: no TypeError here
            "set_num_threads expects an int, but got " + type(number).__name__
        )
    if number <= 0:
        raise RuntimeError("set_num_threads expects a positive integer")
    wanted = number
    if blas.set:
        blas.set(min(number, cores()))


def parts(count: int, grain: int = 1, each: int = 1) -> list[tuple[int, int]]:
    """range(count) cut into `each` parts a thread, none below `grain`."""
    most = min(get_num_threads(), cores()) if blas.set else 1
    most *= each if most > 1 else 1
    number = max(1, min(most, count // max(grain, 1)))
    cuts = [count * i // number for i in range(number + 1)]
    return list(zip(cuts[:-1], cuts[1:], strict=True))


def share(work: Part, count: int, grain: int = 1, each: int = 1) -> None:
    """Call work(start, stop) on all parts of range(count) side by side.

    With more than one part for `each` thread, a thread that is done takes the
    next one. The parts must not write to the same memory. BLAS uses one
    thread inside each. When the workers are taken, by a loop around this one
    or another thread's, the same parts run one after another.
    """
    cut = parts(count, grain, each)
    with blas.single():
        if len(cut) == 1 or not busy.acquire(blocking=False):
            for start, stop in cut:
                work(start, stop)
            return
        try:
            run_together(work, cut)
        finally:
            busy.release()


def run_together(work: Part, cut: list[tuple[int, int]]) -> None:
    """The parts shared out over the threads; the first error is raised."""
    team = min(len(cut), get_num_threads(), cores())
    while len(workers) < team - 1:
        workers.append(Worker())
    left = iter(cut)  # each part goes to the thread that asks first

    def some() -> None:
        for start, stop in left:
            work(start, stop)

    helpers = workers[: team - 1]
    for worker in helpers:
        worker.begin(some)
    try:
        some()
    finally:
        errors = [worker.wait() for worker in helpers]
    for error in errors:
        if error is not None:
            raise error


def forget_workers() -> None:
    """A forked process has none of its parent's threads."""
    global busy
    workers.clear()
    busy = threading.Lock()


if hasattr(os, "register_at_fork") and sys.platform != "win32":
    os.register_at_fork(after_in_child=forget_workers)
