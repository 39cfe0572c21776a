"""What a run needs to go on where it stopped, in one file."""

from pathlib import Path
from typing import Any

import scratch as torch
from scratch.serialization.files import replacing


def save(path: Path, state: Any) -> None:
    """All of the new file or all of the old one."""
    path.parent.mkdir(parents=True, exist_ok=True)
    torch.save(state, path)


def write(path: Path, text: str) -> None:
    """A text file, all of the new one or all of the old one."""
    with replacing(path) as put:
        put(text.encode())


def load(path: Path) -> Any:
    """Tensors and plain containers only: a file that holds code is refused."""
    if not path.is_file():
        raise FileNotFoundError(f"no checkpoint at {path}: nothing to resume")
    return torch.load(path)
