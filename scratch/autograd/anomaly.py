"""Anomaly detection: which operation made the first NaN, and where.

Every step recorded meanwhile remembers the lines that led to it; where its
backward fails or makes a NaN, these are shown as a warning.
"""

from __future__ import annotations

import warnings
from typing import Any

from ..modes import modes


class detect_anomaly:
    """Inside, backward stops at the first NaN and names its operation."""

    def __init__(self, check_nan: bool = True):
        self.mode = True, check_nan
        warnings.warn(
            "Anomaly Detection has been enabled. This mode will increase the "
            "runtime and should only be enabled for debugging.",
            stacklevel=2)

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
