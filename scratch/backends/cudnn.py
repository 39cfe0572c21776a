"""cuDNN: its switches may be set; without a GPU they change nothing."""

from __future__ import annotations

import sys
from typing import Any

from .flags import switched

enabled = True
benchmark = False
benchmark_limit = 10
deterministic = False
allow_tf32 = True
fp32_precision = "none"


def is_available() -> bool:
    """Whether it can be used here: no."""
    return False


def version() -> None:
    """None: it is not here."""


def is_acceptable(tensor: Any) -> bool:
    """Whether it could compute with this tensor: no."""
    return False


def set_flags(
    _enabled: bool | None = None,
    _benchmark: bool | None = None,
    _benchmark_limit: int | None = None,
    _deterministic: bool | None = None,
    _allow_tf32: bool | None = None,
    _fp32_precision: str = "none",
) -> tuple:
    """Set the switches that are given; returns all as they were."""
    given = {
        "enabled": _enabled,
        "benchmark": _benchmark,
        "benchmark_limit": _benchmark_limit,
        "deterministic": _deterministic,
        "allow_tf32": _allow_tf32,
    }
    here = globals()
    before = tuple(here[name] for name in given)
    here.update(
        {name: value for name, value in given.items() if value is not None}
    )
    return (*before, fp32_precision)


def flags(
    enabled: bool = False,
    benchmark: bool = False,
    benchmark_limit: int = 10,
    deterministic: bool = False,
    allow_tf32: bool = True,
    fp32_precision: str = "none",
) -> Any:
    """with flags(…): the switches so, for a block of code."""
    return switched(
        sys.modules[__name__],
        enabled=enabled,
        benchmark=benchmark,
        benchmark_limit=benchmark_limit,
        deterministic=deterministic,
        allow_tf32=allow_tf32,
        fp32_precision=fp32_precision,
    )
