"""What a run needs to go on where it stopped, in one file."""

import os
from pathlib import Path
from typing import Any

import torch

from torchref.distributed import World


def save(path: Path, state: Any) -> None:
    """All of the new file or all of the old one: written beside, brought to
    the disk, then renamed."""
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_suffix(".part")
    try:
        with beside.open("wb") as file:
            torch.save(state, file)
            file.flush()
            os.fsync(file.fileno())
        os.replace(beside, path)
    except BaseException:
        beside.unlink(missing_ok=True)
        raise


def write(path: Path, text: str) -> None:
    """A text file, all of the new one or all of the old one."""
    beside = path.with_suffix(".part")
    beside.write_text(text, encoding="utf-8")
    os.replace(beside, path)


def load(path: Path, device: torch.device | str = "cpu") -> Any:
    """Tensors and plain containers only: a file that holds code is refused."""
    if not path.is_file():
        raise FileNotFoundError(f"no checkpoint at {path}: nothing to resume")
    return torch.load(path, map_location=device, weights_only=True)


def generators(world: World) -> list[Any]:
    """Where every process's random numbers stand."""
    mine = [torch.get_rng_state()]
    if world.device.type == "cuda":
        mine.append(torch.cuda.get_rng_state(world.device))
    return world.gather(mine)


def set_generators(states: list[Any], world: World, seed: int) -> None:
    """Back to where they stood; a process that was not there starts anew."""
    if world.rank >= len(states):
        torch.manual_seed(seed + 1000 * world.rank)
        return
    mine = states[world.rank]
    torch.set_rng_state(mine[0].cpu())
    if len(mine) > 1 and world.device.type == "cuda":
        torch.cuda.set_rng_state(mine[1].cpu(), world.device)
