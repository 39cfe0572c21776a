"""Rows: linear maps, convolutions, patches."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..layers import function, layer, module
from ..registry import pick, real, shape


def some(rng: Any, n: int, low: int, high: int) -> Any:
    """One number, or one a dimension."""
    if rng.random() < 0.5:
        return int(rng.integers(low, high + 1))
    return tuple(int(k) for k in rng.integers(low, high + 1, n))


def full(k: Any, n: int) -> tuple:
    return (k,) * n if isinstance(k, int) else k


def geometry(rng: Any, n: int, transposed: bool) -> tuple[dict, tuple, tuple]:
    """Options of a convolution, a kernel, and an image that is enough."""
    options: dict[str, Any] = {
        "stride": some(rng, n, 1, 2), "padding": some(rng, n, 0, 1),
        "dilation": some(rng, n, 1, 2)}
    if rng.random() < 0.3 and not transposed:
        options["padding"] = pick(rng, "same", "valid")
        if options["padding"] == "same":
            options["stride"] = 1
    if transposed and rng.random() < 0.5:
        step = full(options["stride"], n)
        options["output_padding"] = tuple(
            int(rng.integers(0, s)) for s in step)
    kernel = tuple(int(k) for k in rng.integers(1, 4, n))
    side = (5, 6, 7) if n < 3 else (5, 5, 6)
    return options, kernel, side[:n]


def channels(rng: Any) -> tuple[int, int, int]:
    """(in, out, groups): full, grouped, depthwise."""
    return pick(rng, (2, 3, 1), (4, 2, 2), (2, 4, 2), (1, 1, 1), (3, 3, 3))


def convolution(n: int, transposed: bool) -> Any:
    def draw(rng: Any) -> tuple:
        options, kernel, side = geometry(rng, n, transposed)
        c, o, groups = channels(rng)
        if rng.random() < 0.6:
            options["groups"] = groups
        else:
            groups = 1
        x = real(rng, *pick(rng, (2,), (2,), (2,), ()), c, *side)
        ends = (c, o // groups) if transposed else (o, c // groups)
        arrays = (x, real(rng, *ends, *kernel))
        return options, arrays + ((real(rng, o),) if rng.random() < 0.7
                                  else ())

    return draw


def convolution_module(n: int, transposed: bool) -> Any:
    def draw(rng: Any) -> tuple:
        options, kernel, side = geometry(rng, n, transposed)
        c, o, groups = channels(rng)
        options |= {"groups": groups, "bias": bool(rng.integers(2))}
        if not transposed and rng.random() < 0.4:
            options["padding_mode"] = pick(
                rng, "zeros", "reflect", "replicate", "circular")
        x = real(rng, *pick(rng, (2,), ()), c, *side)
        return (c, o, kernel), options, (x,)

    return draw


for n in (1, 2, 3):
    for transposed in (False, True):
        word = f"conv_transpose{n}d" if transposed else f"conv{n}d"
        kind = f"ConvTranspose{n}d" if transposed else f"Conv{n}d"
        function(word, examples=60)(convolution(n, transposed))
        module(kind)(convolution_module(n, transposed))


@function("linear")
def linear(rng: Any) -> tuple:
    i, o = (int(k) for k in rng.integers(1, 5, 2))
    x = real(rng, *shape(rng, 0, 2), i)
    w = real(rng, *pick(rng, (o, i), (i,)))
    if w.ndim == 1:
        return {}, (x, w)
    return {}, (x, w) + ((real(rng, o),) if rng.random() < 0.6 else ())


@module("Linear")
def linear_module(rng: Any) -> tuple:
    i, o = (int(k) for k in rng.integers(1, 5, 2))
    return (i, o), {"bias": bool(rng.integers(2))}, (
        real(rng, *shape(rng, 0, 2), i),)


@module("Identity")
def identity(rng: Any) -> tuple:
    return (3,), {"unused": True}, (real(rng, *shape(rng)),)


@function("bilinear")
def bilinear(rng: Any) -> tuple:
    i, j, o = (int(k) for k in rng.integers(1, 4, 3))
    lead = shape(rng, 1, 2)
    arrays = real(rng, *lead, i), real(rng, *lead, j), real(rng, o, i, j)
    return {}, arrays + ((real(rng, o),) if rng.random() < 0.6 else ())


@module("Bilinear")
def bilinear_module(rng: Any) -> tuple:
    i, j, o = (int(k) for k in rng.integers(1, 4, 3))
    lead = shape(rng, 1, 2)
    return (i, j, o), {"bias": bool(rng.integers(2))}, (
        real(rng, *lead, i), real(rng, *lead, j))


def patches(rng: Any) -> dict:
    return {"kernel_size": some(rng, 2, 1, 3), "stride": some(rng, 2, 1, 2),
            "padding": some(rng, 2, 0, 2), "dilation": some(rng, 2, 1, 2)}


@layer("unfold", "Unfold")
def unfolded(rng: Any) -> tuple:
    return patches(rng), (real(rng, *pick(rng, (2,), ()), 2, 5, 6),)


@layer("fold", "Fold")
def folded(rng: Any) -> tuple:
    options = patches(rng)
    k, s, p, d = (full(options[key], 2) for key in (
        "kernel_size", "stride", "padding", "dilation"))
    blocks = np.prod([(side + 2 * p[a] - d[a] * (k[a] - 1) - 1) // s[a] + 1
                      for a, side in enumerate((5, 6))])
    x = real(rng, *pick(rng, (2,), ()), 2 * k[0] * k[1], int(blocks))
    return {"output_size": (5, 6)} | options, (x,)


@layer("", "Flatten")
def flat(rng: Any) -> tuple:
    start = int(rng.integers(0, 3))
    return ({"start_dim": start, "end_dim": int(pick(rng, -1, 2))},
            (real(rng, 2, 3, 2, 2),))


@layer("", "Unflatten")
def unflat(rng: Any) -> tuple:
    return ({"dim": pick(rng, 1, -2), "unflattened_size": pick(
        rng, (2, 3), (3, -1))}, (real(rng, 2, 6, 3),))
