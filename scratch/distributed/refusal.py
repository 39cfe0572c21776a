"""The one answer to what needs a group of processes."""

from __future__ import annotations

from typing import Any


def no_group(*given: Any, **named: Any) -> Any:
    """Refused: no group was made."""
    raise ValueError(
        "Default process group has not been initialized, please make sure "
        "to call init_process_group.")
