"""What a run leaves: a folder with its settings, record, curves, model."""

import contextlib
import json
import sys
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any

from scratch import checkpoint, nn
from scratch.config import toml
from scratch.curves import curves
from scratch.training import Epoch


class Run:
    """runs/<name>/: config.toml, metrics.jsonl, curves.svg, model.pt (the
    weights), state.pt (to resume)."""

    def __init__(self, folder: Path, settings: dict[str, Any]):
        self.folder = folder
        folder.mkdir(parents=True, exist_ok=True)
        checkpoint.write(folder / "config.toml", toml(settings))

    @property
    def state(self) -> Path:
        return self.folder / "state.pt"

    def lines(self) -> list[dict[str, Any]]:
        """The record so far, an epoch a line."""
        path = self.folder / "metrics.jsonl"
        if not path.is_file():
            return []
        text = path.read_text(encoding="utf-8")
        return [json.loads(line) for line in text.splitlines()]

    def record(self, epoch: Epoch) -> None:
        """Add an epoch to the record (a resumed run may come by it twice),
        and draw the curves anew."""
        lines = [x for x in self.lines() if x["epoch"] < epoch.epoch]
        lines.append(
            {k: v if v == v else None for k, v in asdict(epoch).items()}
        )
        text = "".join(json.dumps(line) + "\n" for line in lines)
        checkpoint.write(self.folder / "metrics.jsonl", text)
        x = [line["epoch"] for line in lines]
        shown = {
            name: (
                x,
                [float("nan" if y[key] is None else y[key]) for y in lines],
            )
            for name, key in (
                ("loss", "loss"),
                ("training accuracy", "accuracy"),
                ("test accuracy", "test_accuracy"),
            )
        }
        drawing = curves(shown, title=self.folder.name)
        checkpoint.write(self.folder / "curves.svg", drawing)

    def finish(self, net: nn.Module) -> None:
        """Keep the weights alone, for others to load."""
        weights = {k: v.cpu() for k, v in net.state_dict().items()}
        checkpoint.save(self.folder / "model.pt", weights)


def choose(root: Path, name: str, given: bool, resume: bool) -> Path:
    """The folder of a new run, numbered where the name is taken, or of the
    latest run of that name."""
    taken = [root / name] if (root / name).exists() else []
    number = 2
    while (root / f"{name}-{number}").exists():
        taken.append(root / f"{name}-{number}")
        number += 1
    if resume:
        if not taken:
            raise FileNotFoundError(f"no run {root / name} to resume")
        return root / name if given else taken[-1]
    if given and taken:
        raise FileExistsError(
            f"{root / name} is there: give another --name, or --resume"
        )
    return root / f"{name}-{number}" if taken else root / name


@contextlib.contextmanager
def stoppable() -> Iterator[None]:
    """Ctrl-C ends a run with one line: what it last saved stands."""
    try:
        yield
    except KeyboardInterrupt:
        print("interrupted: --resume goes on", file=sys.stderr)
        sys.exit(130)
