"""Every public name that the product owes, written out by chapter."""

from __future__ import annotations

from . import layers, methods, operations, spaces

PREFIXED = {**spaces.NAMES, **layers.NAMES, **methods.NAMES}
NAMES: list[str] = [
    *(word for words in operations.NAMES.values() for word in words.split()),
    *(
        prefix + word
        for prefix, words in PREFIXED.items()
        for word in words.split()
    ),
]
