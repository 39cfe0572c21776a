"""One way to time: two sides in turn, warm, undisturbed, and equal.

Both sides run in one process in alternating blocks. A block warms up, then
calls for a while; its figure is the median call. Two neighbouring blocks are
a pair, and its ratio is what counts: what slows both leaves it alone. A pair
during which other processes used the processor is thrown away and run again.
Before anything is timed, the two sides' values are compared: a wrong answer
is fast.
"""

import math
import os
import platform
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from statistics import median
from typing import NamedTuple

import numpy as np

# glibc gives large arrays back to the system and fetches them again, page by
# page, at every step; so held, both libraries keep what they have.
TUNED_MALLOC = {
    "MALLOC_MMAP_THRESHOLD_": "4294967296",
    "MALLOC_TRIM_THRESHOLD_": "17179869184",
    "MALLOC_TOP_PAD_": "67108864",
}
# Each of these holds one library to some processor's instructions. Without
# them every library chooses by the processor that it finds.
PINS = (
    "OPENBLAS_CORETYPE",
    "OPENBLAS_L2_SIZE",
    "MKL_ENABLE_INSTRUCTIONS",
    "MKL_DEBUG_CPU_TYPE",
    "ONEDNN_MAX_CPU_ISA",
    "ATEN_CPU_CAPABILITY",
)
# These bound a library's threads; `set_threads` does that for both.
THREADS = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")
DISTURBED = 0.12  # cores that others may use during a pair
TRIES = 3  # how often a disturbed pair is run, before it must do
WARM = 0.035  # seconds: the other side's idle threads go on waiting so long
Call = Callable[[], object]


class Sides(NamedTuple):
    """Two programs that do the same, and the check that they do."""

    ours: Call
    theirs: Call
    check: Callable[[], float] | None = None


@dataclass
class Timing:
    """Seconds of one call, in pairs of neighbouring blocks."""

    name: str
    ours: list[float] = field(default_factory=list)
    theirs: list[float] = field(default_factory=list)
    others: list[float] = field(default_factory=list)  # cores, of each pair
    rejected: int = 0
    error: float | None = None  # what the check found

    @property
    def ratios(self) -> list[float]:
        """Our time over theirs, of each pair."""
        return [a / b for a, b in zip(self.ours, self.theirs)]

    @property
    def ratio(self) -> float:
        """The median pair's."""
        return median(self.ratios)

    @property
    def interval(self) -> tuple[float, float]:
        """Where the ratio lies with 90 % confidence."""
        return interval(self.ratios)

    @property
    def disturbed(self) -> bool:
        """Whether others were at work in most of the pairs."""
        return median(self.others) > DISTURBED if self.others else False

    def __str__(self) -> str:
        low, high = self.interval
        note = "" if self.error is None else f"  E {self.error:.1e}"
        note += "  DISTURBED" if self.disturbed else ""
        return (
            f"{self.name:24} ours {median(self.ours) * 1e3:9.3f} ms"
            f"  theirs {median(self.theirs) * 1e3:9.3f} ms"
            f"  ratio {self.ratio:5.2f} ({low:.2f} to {high:.2f})"
            f"  pairs {len(self.ours)}, rejected {self.rejected}{note}"
        )


def interval(values: Sequence[float], sure: float = 0.9) -> tuple[float, float]:
    """An interval of the median, whatever the distribution: as many values
    fall below the median as heads in as many throws of a coin. Of fewer
    than eight values (at 90 %) it is the least and the greatest."""
    n, ordered = len(values), sorted(values)
    cut, left = 0, 0.5**n
    while left <= (1 - sure) / 2:  # the chance that no more lie below
        cut += 1
        left += math.comb(n, cut) * 0.5**n
    cut = max(cut - 1, 0)
    return ordered[cut], ordered[n - 1 - cut]


def compare(
    name: str,
    ours: Call,
    theirs: Call,
    check: Callable[[], float] | None = None,
    pairs: int = 5,
    seconds: float = 0.5,
) -> Timing:
    """Time two programs that do the same.

    `check` runs first, in this process; it returns the largest relative
    error that it found and raises where that is too large.
    """
    found = Timing(name)
    if check is not None:
        found.error = check()
    for i in range(pairs):
        add_pair(found, ours, theirs, seconds, turned=i % 2 == 1)
    return found


class Patience:
    """How many pairs in a row stayed disturbed: a neighbour that is always
    there is told of, not waited for."""

    lost = 0


def add_pair(
    found: Timing, ours: Call, theirs: Call, seconds: float, turned: bool
) -> None:
    """One pair more; `turned` lets theirs go first."""
    for attempt in range(TRIES):
        sides = (theirs, ours) if turned else (ours, theirs)
        pair = [run_block(side, seconds) for side in sides]
        first, second = pair[::-1] if turned else pair
        others = max(block.others for block in pair)
        quiet = others <= DISTURBED
        if quiet or attempt == TRIES - 1 or Patience.lost >= TRIES:
            break
        found.rejected += 1
    Patience.lost = 0 if quiet else Patience.lost + 1
    found.ours.append(first.call)
    found.theirs.append(second.call)
    found.others.append(others)


class Block(NamedTuple):
    call: float  # seconds, the median call
    others: float  # cores that other processes used meanwhile


def run_block(call: Call, seconds: float) -> Block:
    """Warm up for a quarter of the time, then call until it is over."""
    until = time.perf_counter() + max(seconds / 4, WARM)
    call()
    while time.perf_counter() < until:
        call()
    times = []
    begin, own, busy = time.perf_counter(), time.process_time(), busy_time()
    while not times or time.perf_counter() - begin < seconds:
        start = time.perf_counter()
        call()
        times.append(time.perf_counter() - start)
    wall = time.perf_counter() - begin
    others = busy_time() - busy - (time.process_time() - own)
    # the kernel counts in ticks: less than two of them say nothing
    return Block(median(times), max(others - 2 * TICK, 0) / wall)


TICK = 1 / os.sysconf("SC_CLK_TCK") if hasattr(os, "sysconf") else 0.01


def busy_time() -> float:
    """Seconds for which any processor was busy, by anybody; 0 if unknown."""
    try:
        with open("/proc/stat") as stat:
            user, nice, system, _, _, irq, soft, steal = map(
                int, stat.readline().split()[1:9]
            )
    except OSError:
        return 0.0
    return (user + nice + system + irq + soft + steal) * TICK


def largest_error(
    ours: Sequence[np.ndarray], exact: Sequence[np.ndarray]
) -> float:
    """E = max|y - y64| / max|y64|, the worst of several arrays."""
    worst = 0.0
    for y, y64 in zip(ours, exact, strict=True):
        if y.shape != y64.shape:
            raise AssertionError(f"shapes {y.shape} and {y64.shape} differ")
        most = np.abs(y64).max(initial=0)
        gap = np.abs(y.astype(np.float64) - y64).max(initial=0)
        worst = max(worst, float(gap / most) if most else float(gap))
    return worst


def require(error: float, limit: float, what: str) -> float:
    """The error, or a refusal to time what is wrong."""
    if not error <= limit:
        raise AssertionError(f"{what}: error {error:.1e} is above {limit:.1e}")
    return error


def distance(ours: Sequence[np.ndarray], exact: Sequence[np.ndarray]) -> float:
    """The L2 distance of all arrays together, over their length."""
    pairs = list(zip(ours, exact, strict=True))
    gap = sum(float(np.square(a.astype(float) - b).sum()) for a, b in pairs)
    return (gap / sum(float(np.square(b).sum()) for _, b in pairs)) ** 0.5


def environment(tuned: bool = True) -> dict[str, str]:
    """The variables of a process in which both sides are in their best
    state: the allocator tuned (unless `tuned` is False), no library pinned
    to some instructions, none bound to fewer threads."""
    drop = {*PINS, *THREADS, *TUNED_MALLOC}
    state = {k: v for k, v in os.environ.items() if k not in drop}
    return state | TUNED_MALLOC if tuned else state


def run_tuned(arguments: Sequence[str], tuned: bool = True) -> int:
    """Run this Python with `arguments`, both sides in their best state; what
    was changed is printed."""
    dropped = [f"{k}={os.environ[k]}" for k in PINS if k in os.environ]
    print("allocator:", "tuned" if tuned else "as the system has it")
    if dropped:
        print("not passed on:", ", ".join(dropped))
    sys.stdout.flush()
    command = [sys.executable, *arguments]
    return subprocess.run(command, env=environment(tuned)).returncode


def is_tuned() -> bool:
    return all(os.environ.get(k) == v for k, v in TUNED_MALLOC.items())


def set_threads(number: int) -> None:
    """The same number of threads on both sides."""
    import torch

    from scratch.kernels import threads

    torch.set_num_threads(number)
    threads.set_num_threads(number)


def conditions() -> dict[str, str]:
    """What a figure depends on."""
    import torch

    from scratch.kernels import threads

    held = [f"{k}={os.environ[k]}" for k in PINS if k in os.environ]
    return {
        "processor": processor(),
        "cores": str(threads.cores()),
        "threads": f"ours {threads.get_num_threads()}, "
        f"torch {torch.get_num_threads()}",
        "versions": f"python {platform.python_version()}, "
        f"numpy {np.__version__}, torch {torch.__version__}",
        "torch's capability": torch.backends.cpu.get_cpu_capability(),
        "allocator": "tuned" if is_tuned() else "as the system has it",
        "pinned": ", ".join(held) or "nothing",
    }


def told(facts: dict[str, str]) -> str:
    """One line each."""
    return "\n".join(f"{name:20}{value}" for name, value in facts.items())


def processor() -> str:
    try:
        with open("/proc/cpuinfo") as info:
            for line in info:
                if line.startswith("model name"):
                    return line.split(":", 1)[1].strip()
    except OSError:
        pass
    return platform.processor() or platform.machine()
