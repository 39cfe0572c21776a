"""torch.utils.benchmark: how long a piece of code takes, and how surely.

    Timer("x @ x", globals={"x": x}).blocked_autorange()
"""

from .compare import Colorize, Compare
from .measurement import (
    Measurement,
    TaskSpec,
    ordered_unique,
    select_unit,
    trim_sigfig,
    unit_to_english,
)
from .timer import Timer, set_torch_threads, timer

__all__ = ["Colorize", "Compare", "Measurement", "TaskSpec", "Timer",
           "ordered_unique", "select_unit", "set_torch_threads", "timer",
           "trim_sigfig", "unit_to_english"]  # fmt: skip
