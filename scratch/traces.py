"""What anomaly mode remembers of a step: the lines that led to its call."""

from __future__ import annotations

import os
import traceback
import warnings
from typing import Any

from .modes import modes

_here = os.path.dirname(__file__)
INSIDE = tuple(os.path.join(_here, name) for name in (
    "ops", "autograd", "graph.py", "methods.py", "misfits.py", "node.py",
    "overriding.py", "traces.py"))


class Trace:
    """Where a step was called, in anomaly mode.

    lines: the calls that led there, as Python prints them.
    cause: the step whose backward recorded this one, if one did.
    places: which of its inputs need a gradient, where some do not.
    """

    __slots__ = ("lines", "cause", "places")

    def __init__(self) -> None:
        frames = traceback.extract_stack()
        while frames and frames[-1].filename.startswith(INSIDE):
            frames.pop()  # how the operation is made of others says nothing
        self.lines = "".join(traceback.format_list(frames))
        self.cause = modes.visited
        self.places: Any = None


def tell(node: Any) -> None:
    """Warn of the forward call of a step whose backward failed."""
    trace = node.trace
    if trace is None:
        warnings.warn(
            f"Error detected in {node.name()}. No forward pass information "
            "available. Enable detect anomaly during forward pass for more "
            "information.", stacklevel=2)
        return
    warnings.warn(
        f"Error detected in {node.name()}. Traceback of forward call that "
        f"caused the error:\n{trace.lines}", stacklevel=2)
    while trace is not None and trace.cause is not None:
        cause, trace = trace.cause, trace.cause.trace
        lines = "no forward pass information" if trace is None else (
            trace.lines)
        warnings.warn(
            f"\n\nPrevious calculation was induced by {cause.name()}. "
            "Traceback of forward call that induced the previous "
            f"calculation:\n{lines}", stacklevel=2)
