"""Make data/fashion-mnist-sample: every tenth image of each class, in order.

    python tools/sample.py /usr/share/datasets/fashion-mnist
"""

import sys
from pathlib import Path

import numpy as np

from scratch.vision.finder import SAMPLE
from scratch.vision.idx import read_idx, write_idx


def every_tenth_of_each_class(labels: np.ndarray) -> np.ndarray:
    """Positions that keep each class's share and the data set's order."""
    picked = [np.flatnonzero(labels == c)[::10] for c in np.unique(labels)]
    return np.sort(np.concatenate(picked))


def main(source: Path) -> None:
    """Write the four files of the sample, and say how large they are."""
    SAMPLE.mkdir(parents=True, exist_ok=True)
    for part in ("train", "t10k"):
        names = f"{part}-images-idx3-ubyte.gz", f"{part}-labels-idx1-ubyte.gz"
        images, labels = (read_idx(source / name) for name in names)
        keep = every_tenth_of_each_class(labels)
        for name, items in zip(names, (images, labels)):
            write_idx(SAMPLE / name, items[keep])
            size = (SAMPLE / name).stat().st_size
            print(f"{size:9,d} bytes  {len(keep):,d} items  {SAMPLE / name}")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
