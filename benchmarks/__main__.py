"""python -m benchmarks: the CPU. Beside it: gpu, scaling, readme."""

import argparse
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]


def main() -> int:
    """Start what the first word names; without one, the CPU benchmarks."""
    word = sys.argv[1] if len(sys.argv) > 1 else ""
    if word == "gpu":
        from benchmarks import gpu

        return gpu.main(sys.argv[2:])
    if word == "scaling":
        from benchmarks import scaling_model

        return scaling_model.main(sys.argv[2:])
    from benchmarks import report, suite

    if word == "readme":
        latest = [*suite.results(quick=False), *map(Path, sys.argv[2:])][-1]
        report.update_readme(ROOT / "README.md", latest)
        return 0
    asked = argparse.ArgumentParser(
        "benchmarks",
        description=__doc__,
        epilog="gpu: every network at a GPU's speed; scaling: from 1 to 1,024 "
        "devices, by a model; readme [RESULT]: its section on performance.",
    )
    add = asked.add_argument
    add("--quick", action="store_true", help="a part of each, in two minutes")
    add("--compare", type=Path, help="tell what is slower than in this result")
    add("--plain", action="store_true", help="the allocator as the system's")
    add("--fresh", action="store_true", help="forget the verdicts of before")
    given = asked.parse_args()
    return suite.main(given.quick, given.compare, not given.plain, given.fresh)


if __name__ == "__main__":
    sys.exit(main())
