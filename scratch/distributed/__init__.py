"""torch.distributed: one process computes here; a group is refused."""

from __future__ import annotations

from typing import Any

from . import nn
from .refusal import no_group

__all__ = [
    "all_gather", "all_reduce", "barrier", "broadcast",
    "destroy_process_group", "get_rank", "get_world_size",
    "init_process_group", "is_available", "is_initialized",
    "is_torchelastic_launched", "nn", "reduce"]


def is_available() -> bool:
    """Whether processes can work as a group: no."""
    return False


def is_initialized() -> bool:
    """Whether a group was made: no."""
    return False


def is_torchelastic_launched() -> bool:
    """Whether torchrun started this process: no."""
    return False


def init_process_group(backend: Any = None, init_method: Any = None,
                       **options: Any) -> None:
    """Refused: there are no groups of processes."""
    raise RuntimeError(
        "init_process_group: this library computes in one process; "
        "is_available() tells so. torchref trains in several")


def get_rank(group: Any = None) -> int:
    """Refused: no group was made."""
    return no_group()


def get_world_size(group: Any = None) -> int:
    """Refused: no group was made."""
    return no_group()


def destroy_process_group(group: Any = None) -> None:
    """Refused: no group was made."""
    raise AssertionError("no group was made, so none can be destroyed")


all_reduce = all_gather = broadcast = reduce = barrier = no_group
