"""Anomaly detection: which operation made the first NaN, and where."""

from __future__ import annotations

from typing import Any

from ..modes import modes


class detect_anomaly:
    """Inside, backward stops at the first NaN and names its operation."""

    def __init__(self, check_nan: bool = True):
        self.mode = True, check_nan

    def __enter__(self) -> None:
        self.before = modes.anomaly, modes.check_nan
        modes.anomaly, modes.check_nan = self.mode

    def __exit__(self, *error: Any) -> None:
        modes.anomaly, modes.check_nan = self.before


class set_detect_anomaly(detect_anomaly):
    """Switch detection on or off at once; as a context, also back."""

    def __init__(self, mode: bool, check_nan: bool = True):
        self.before = modes.anomaly, modes.check_nan
        self.mode = mode, check_nan
        modes.anomaly, modes.check_nan = self.mode

    def __enter__(self) -> None:
        pass


def is_anomaly_enabled() -> bool:
    """Whether anomaly detection is on."""
    return modes.anomaly
