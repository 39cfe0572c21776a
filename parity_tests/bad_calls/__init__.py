"""One table of calls that torch refuses, by chapters.

A call is a line of text, run once in each library. `setup ;; call` prepares
something first. Names in it: torch, nn, F, optim, data; r (randn), k
(tensor); and the things that `judge.names` makes.
"""

from __future__ import annotations

from parity_tests.bad_calls import (
    further,
    layers,
    misuse,
    operations,
    training,
    words,
)
from parity_tests.bad_calls.judge import fault, refusal

__all__ = ["IN_ITS_WORDS", "TABLE", "fault", "refusal"]
TABLE: dict[str, list[str]] = {
    **operations.TABLE, **layers.TABLE, **training.TABLE, **misuse.TABLE,
    **further.TABLE, **words.TABLE}
IN_ITS_WORDS = set(words.TABLE)  # here the messages are compared as well
