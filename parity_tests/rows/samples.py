"""Rows: slopes from samples, histograms, slices reduced into others, and
looks at memory with their copies."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..registry import outcome, pick, real, row, shape


@row("gradient")
def slopes(lib: Any, rng: Any) -> tuple:
    order = int(rng.integers(1, 3))
    size = tuple(int(n) for n in rng.integers(order + 1, 6, 2))
    points = [np.cumsum(rng.random(n) + 0.25) for n in size]
    spacing = pick(rng, None, 0.5, (0.5, 2.0), "points")

    def call(x: Any) -> Any:
        steps = spacing if spacing != "points" else [
            lib.tensor(p, dtype=x.dtype) for p in points]
        return lib.gradient(x, spacing=steps, edge_order=order)

    return call, (real(rng, *size),)


@row("histogram", order=0)
def counted(lib: Any, rng: Any) -> tuple:
    weighted, given = rng.integers(2, size=2)
    bounds = pick(rng, (-1.0, 2.0), (0.0, 0.0))

    def call(x: Any, w: Any) -> tuple:
        options = {"weight": w} if weighted else {}
        if given:
            edges = lib.tensor([-2.0, -0.5, 0.25, 3.0], dtype=x.dtype)
            return tuple(lib.histogram(x, edges, **options))
        return tuple(lib.histogram(x, 5, range=bounds, **options))

    size = shape(rng, 0, 2)
    return call, (real(rng, *size), real(rng, *size))


@outcome("histogramdd", examples=20)
def counted_in_two_dimensions(lib: Any, rng: Any, dtype: Any) -> Any:
    x = lib.from_numpy(real(rng, int(rng.integers(1, 9)), 2)).to(dtype)
    edges = (lib.tensor([-1.0, 0.0, 2.0], dtype=dtype),
             lib.tensor([-2.0, 0.5], dtype=dtype))
    hist, sides = lib.histogramdd(
        x, pick(rng, 3, [2, 4], edges), density=bool(rng.integers(2)))
    return hist.nan_to_num(), *sides


@row("index_reduce")
def reduced(lib: Any, rng: Any) -> tuple:
    x, i = real(rng, 3, 4), rng.integers(0, 3, 5)
    how = pick(rng, "prod", "mean", "amax", "amin")
    keep = bool(rng.integers(2))
    return lambda t, i, s: lib.index_reduce(
        t, 0, i, s, how, include_self=keep), (x, i, real(rng, 5, 4))


@row("fill", "Tensor.as_strided_", "alias_copy", "as_strided_copy",
     "diagonal_copy", "expand_copy", examples=16)
def looked_at(lib: Any, rng: Any, name: str) -> tuple:
    first, k = int(rng.integers(0, 3)), int(rng.integers(-1, 2))
    x = real(rng, 2, 4)
    calls = {
        "fill": lambda t: lib.fill(t, t[0, 0] if k else 2.5),
        "Tensor.as_strided_": lambda t: (t * t).as_strided_(
            (2, 3), (1, 2), first),
        "alias_copy": lambda t: lib.alias_copy(t),
        "as_strided_copy": lambda t: lib.as_strided_copy(
            t[1:] if k else t, (2, 2), (1, 2), first),
        "diagonal_copy": lambda t: lib.diagonal_copy(t, k),
        "expand_copy": lambda t: lib.expand_copy(t, (3, 2, -1))}
    return calls[name], (x,)


@row("as_strided_scatter", examples=16)
def put_back(lib: Any, rng: Any) -> tuple:
    """torch gives x the slope at just the wrong places; src has its own."""
    first = int(rng.integers(0, 3))
    return lambda s: lib.as_strided_scatter(
        lib.ones(2, 4, dtype=s.dtype), s, (2, 2), (1, 3), first), (
            real(rng, 2, 2),)


@outcome("empty_permuted", examples=8, exact=True)
def laid_out(lib: Any, rng: Any, dtype: Any) -> Any:
    order = [int(d) for d in rng.permutation(3)]
    x = lib.empty_permuted((2, 3, 4), order, dtype=dtype)
    return [*x.shape, *x.stride()]


@row("istft", examples=16)
def added_up(lib: Any, rng: Any) -> tuple:
    """A spectrum that is none of any sound; its parts are the inputs."""
    wide = pick(rng, 6, 8)
    # what no window reaches is refused
    options = {"center": wide == 6 or rng.random() < 0.5, "normalized": bool(
        rng.integers(2)), "length": pick(rng, None, 9), "win_length": wide}

    def call(x: Any, y: Any, w: Any) -> Any:
        return lib.istft(lib.complex(x, y), 8, 2, window=w + 3, **options)

    return call, (real(rng, 2, 5, 6), real(rng, 2, 5, 6), real(rng, wide))
