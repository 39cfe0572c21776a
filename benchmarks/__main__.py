"""python -m benchmarks: the CPU; python -m benchmarks gpu: the GPU."""

import argparse
import os
import sys
from pathlib import Path

from benchmarks import timing


def main() -> int:
    """Start the benchmarks, in a process with a tuned allocator."""
    if sys.argv[1:2] == ["gpu"]:
        from benchmarks import gpu

        return gpu.main(sys.argv[2:])
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--quick", action="store_true",
                       help="a few rows of each table, in two minutes")
    asked.add_argument("--compare", type=Path, help="an earlier result")
    asked.add_argument("--plain", action="store_true",
                       help="leave the allocator as the system has it")
    given = asked.parse_args()
    if "BENCHMARK_CHILD" not in os.environ:
        os.environ["BENCHMARK_CHILD"] = "1"
        return timing.run_tuned(["-m", "benchmarks", *sys.argv[1:]],
                                tuned=not given.plain)
    from benchmarks import suite

    return suite.main(given.quick, given.compare)


if __name__ == "__main__":
    sys.exit(main())
