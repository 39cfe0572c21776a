"""Rows: distances of all pairs of vectors."""

from __future__ import annotations

from typing import Any

from ..registry import pick, real, row, ties


@row("cdist", "pdist")
def apart(lib: Any, rng: Any, name: str) -> tuple:
    p = pick(rng, 1.0, 2.0, 3.0, 2.5)
    if name == "pdist":
        return lambda x: lib.pdist(x, p), (real(rng, 4, 3),)
    a, b = pick(rng, ((3, 2), (4, 2)), ((2, 1, 3, 2), (2, 4, 2)))
    return lambda x, y: lib.cdist(x, y, p), (real(rng, *a), real(rng, *b))


@row("cdist", "pdist", order=1, examples=30)
def together(lib: Any, rng: Any, name: str) -> tuple:
    """Equal entries, equal vectors, and p where slopes have corners."""
    p = pick(rng, 0.0, 0.5, 1.0, 1.5, 2.0, 3.0, float("inf"))
    if p == float("inf"):  # of several largest entries torch picks by place
        return (lambda x: lib.pdist(x, p) if name == "pdist" else
                lib.cdist(x, x, p)), (real(rng, 3, 3),)
    if name == "pdist":
        return lambda x: lib.pdist(x, p), (ties(rng, 4, 2),)
    return lambda x, y: lib.cdist(x, y, p), (ties(rng, 3, 2), ties(rng, 4, 2))
