"""Rows: linear operations of a square, so that the rule of the adjoint is
walked as well; and shapes without dimensions."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..registry import positive, real, row


def of_square(function: Any) -> Any:
    """f(x²): its second derivative goes through the adjoint of f."""
    return lambda x, *rest: function(x * x, *rest)


@row("nn.functional.avg_pool2d", "nn.functional.adaptive_avg_pool2d",
     "nn.functional.nll_loss", "nn.functional.embedding",
     "nn.functional.pixel_shuffle", "nn.functional.channel_shuffle",
     examples=12)
def of_images(lib: Any, rng: Any, name: str) -> tuple:
    word = name.rsplit(".", 1)[-1]
    f = getattr(lib.nn.functional, word)
    if word == "nll_loss":
        return of_square(f), (real(rng, 4, 3), rng.integers(0, 3, 4))
    if word == "embedding":
        i = rng.integers(0, 5, (2, 3))
        return lambda w, i: f(i, w * w), (real(rng, 5, 2), i)
    return of_square(lambda x: f(x, 2)), (real(rng, 2, 4, 4, 4),)


@row("Tensor.__getitem__", "index_select", "roll", "cat", "take",
     examples=12)
def of_elements(lib: Any, rng: Any, name: str) -> tuple:
    x, i = real(rng, 4, 3), rng.integers(0, 4, 5)
    f = {"Tensor.__getitem__": lambda x, i: x[i],
         "index_select": lambda x, i: lib.index_select(x, 0, i),
         "roll": lambda x, i: lib.roll(x, 2),
         "cat": lambda x, i: lib.cat([x, x], 1),
         "take": lib.take}[name]
    return of_square(f), (x, i)


@row("index_select", "transpose", "Tensor.unfold", examples=8)
def without_dimensions(lib: Any, rng: Any, name: str) -> tuple:
    x, i = real(rng), np.zeros(1, np.int64)
    f = {"index_select": lambda x, i: lib.index_select(x, 0, i),
         "transpose": lambda x, i: lib.transpose(x, 0, -1),
         "Tensor.unfold": lambda x, i: x.unfold(0, 1, 1)}[name]
    return of_square(f), (x, i)


@row("Tensor.contiguous", examples=12)
def in_memory(lib: Any, rng: Any) -> tuple:
    x = real(rng, 2, 3, 2, 2)
    if rng.random() < 0.5:
        return of_square(lambda t: t.permute(0, 2, 3, 1).contiguous()), (x,)
    return of_square(lambda t: t.contiguous(
        memory_format=lib.channels_last)), (x,)


@row("Tensor.__setitem__", examples=12)
def written_squares(lib: Any, rng: Any) -> tuple:
    def call(x: Any, v: Any) -> Any:
        y = x * x
        y[1:] *= v
        y.t()[0] = v.sum() * 2
        return y * y

    return call, (real(rng, 3, 3), real(rng, 3))


@row("conj", "angle", examples=12)
def of_complex(lib: Any, rng: Any, name: str) -> tuple:
    pair = real(rng, 3), positive(rng, 3)
    if name == "conj":
        return (lambda x, y: lib.view_as_real(
            lib.complex(x * x, y * x).conj() * 2), pair)
    return lambda x, y: lib.angle(lib.complex(x, y)), pair
