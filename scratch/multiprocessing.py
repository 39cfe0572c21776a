"""torch.multiprocessing: Python's own; tensors are sent as copies."""

from __future__ import annotations

import multiprocessing
from multiprocessing import *  # noqa: F403

__all__ = [  # noqa: PLE0604
    *multiprocessing.__all__, "get_all_sharing_strategies",
    "get_sharing_strategy", "set_sharing_strategy"]


def get_all_sharing_strategies() -> set[str]:
    """How tensors can be shared between processes: by a copy in a pipe."""
    return {"file_descriptor", "file_system"}


def set_sharing_strategy(new_strategy: str) -> None:
    """Tensors are copied, whatever was wished."""
    if new_strategy not in get_all_sharing_strategies():
        raise AssertionError(f"unknown sharing strategy {new_strategy!r}")
    _strategy[0] = new_strategy


def get_sharing_strategy() -> str:
    """What was wished; tensors are copied always."""
    return _strategy[0]


_strategy = ["file_descriptor"]
