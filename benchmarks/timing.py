"""One way to time: two sides in turn, warm, undisturbed, and equal.

Both sides run in one process in alternating blocks. A block warms up, then
calls for a while; its figure is the median call. A block during which other
processes used the processor is thrown away and run again. Before anything
is timed, the two sides' values are compared: a wrong answer is fast.
"""

import os
import platform
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from statistics import median

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
DISTURBED = 0.12  # cores that others may use during a block
TRIES = 4  # times the wanted blocks, before the disturbed ones must do


@dataclass
class Timing:
    """Seconds of one call: the median of each accepted block."""

    name: str
    ours: list[float] = field(default_factory=list)
    theirs: list[float] = field(default_factory=list)
    rejected: int = 0
    disturbed: bool = False  # no quiet blocks were to be had
    error: float | None = None  # what the check found

    @property
    def ratio(self) -> float:
        """Our time over theirs."""
        return median(self.ours) / median(self.theirs)

    @property
    def spread(self) -> tuple[float, float]:
        """The least and the largest ratio of neighbouring blocks."""
        ratios = [a / b for a, b in zip(self.ours, self.theirs)]
        return min(ratios), max(ratios)

    def __str__(self) -> str:
        low, high = self.spread
        note = "" if self.error is None else f"  E {self.error:.1e}"
        note += "  DISTURBED" if self.disturbed else ""
        return (
            f"{self.name:24} ours {median(self.ours) * 1e3:9.3f} ms"
            f"  theirs {median(self.theirs) * 1e3:9.3f} ms"
            f"  ratio {self.ratio:5.2f} ({low:.2f} to {high:.2f})"
            f"  blocks {len(self.ours)}, rejected {self.rejected}{note}"
        )


def compare(
    name: str,
    ours: Callable[[], object],
    theirs: Callable[[], object],
    check: Callable[[], float] | None = None,
    blocks: int = 5,
    seconds: float = 0.5,
) -> Timing:
    """Time two programs that do the same.

    `check` runs first, in this process; it returns the largest relative
    error that it found and raises where that is too large.
    """
    found = Timing(name)
    if check is not None:
        found.error = check()
    for attempt in range(TRIES * blocks):
        found.disturbed = attempt >= (TRIES - 1) * blocks
        pair = [run_block(side, seconds) for side in (ours, theirs)]
        if not found.disturbed and any(b.others > DISTURBED for b in pair):
            found.rejected += 1
            continue
        found.ours.append(pair[0].call)
        found.theirs.append(pair[1].call)
        if len(found.ours) == blocks:
            break
    return found


@dataclass
class Block:
    call: float  # seconds, the median call
    others: float  # cores that other processes used meanwhile


def run_block(call: Callable[[], object], seconds: float) -> Block:
    """Warm up for a quarter of the time, then call until it is over."""
    until = time.perf_counter() + seconds / 4
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


def run_tuned(arguments: Sequence[str], tuned: bool = True) -> int:
    """Run this Python with `arguments`, both sides in their best state.

    The allocator is tuned (unless `tuned` is False) and no variable pins a
    library's instructions; what was changed is printed.
    """
    state = {k: v for k, v in os.environ.items() if k not in PINS}
    dropped = [f"{k}={os.environ[k]}" for k in PINS if k in os.environ]
    if tuned:
        state |= TUNED_MALLOC
    else:
        for name in TUNED_MALLOC:
            state.pop(name, None)
    print("allocator:", "tuned" if tuned else "as the system has it")
    if dropped:
        print("not passed on:", ", ".join(dropped))
    sys.stdout.flush()
    return subprocess.run([sys.executable, *arguments], env=state).returncode


def is_tuned() -> bool:
    return all(os.environ.get(k) == v for k, v in TUNED_MALLOC.items())


def set_threads(number: int) -> None:
    """The same number of threads on both sides."""
    import torch

    from scratch.kernels import threads

    torch.set_num_threads(number)
    threads.set_num_threads(number)


def conditions() -> str:
    """What a figure depends on, in a few lines."""
    import torch

    from scratch.kernels import threads

    held = [k for k in PINS if k in os.environ]
    lines = {
        "processor": processor(),
        "cores": threads.cores(),
        "threads": f"ours {threads.get_num_threads()}, "
        f"torch {torch.get_num_threads()}",
        "versions": f"python {platform.python_version()}, "
        f"numpy {np.__version__}, torch {torch.__version__}",
        "torch's capability": torch.backends.cpu.get_cpu_capability(),
        "allocator": "tuned" if is_tuned() else "as the system has it",
        "pinned": ", ".join(f"{k}={os.environ[k]}" for k in held) or "nothing",
    }
    return "\n".join(f"{name:20}{value}" for name, value in lines.items())


def processor() -> str:
    try:
        with open("/proc/cpuinfo") as info:
            for line in info:
                if line.startswith("model name"):
                    return line.split(":", 1)[1].strip()
    except OSError:
        pass
    return platform.processor() or platform.machine()
