"""python -m parity_tests.robustness [WORD]: run the long checks, count.

A word picks the checks whose names hold it. The exit code tells failures.
"""

import sys
import time
import traceback

from parity_tests.robustness import (
    checkpoints,
    disks,
    memory,
    readers,
    training,
)

# each has CHECKS: a name -> a function
PARTS = (checkpoints, disks, training, memory, readers)


def main(words: list[str]) -> int:
    """Run the checks, one line each; the number that failed."""
    checks = {k: check for part in PARTS for k, check in part.CHECKS.items()}
    names = [name for name in checks if all(word in name for word in words)]
    if not names:
        raise SystemExit(f"{__doc__}\n" + "\n".join(checks))
    failed = 0
    for name in names:
        start = time.perf_counter()
        try:
            line = checks[name]()
        except AssertionError:
            failed += 1
            line = "FAILED\n" + traceback.format_exc()
        seconds = time.perf_counter() - start
        print(f"{name}: {line}  ({seconds:.1f} s)", flush=True)
    return failed


if __name__ == "__main__":
    sys.exit(min(main(sys.argv[1:]), 100))
