"""Rows: the next number, capped rows, sums to a shape, flat places."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..registry import broadcast_pair, odd, outcome, pick, real, row, shape


@row("nextafter", order=1, examples=20)
def next_numbers(lib: Any, rng: Any) -> tuple:
    a, b = broadcast_pair(rng)

    return lib.nextafter, (odd(rng, *a), odd(rng, *b))


@row("renorm", examples=30)
def capped(lib: Any, rng: Any) -> tuple:
    size = tuple(int(n) for n in rng.integers(2, 5, rng.integers(2, 4)))
    words = (float(pick(rng, 1, 2, 3)), int(rng.integers(len(size))),
             pick(rng, 0.5, 1.5, 4.0))
    return lambda x: lib.renorm(x, *words), (real(rng, *size),)


@row("Tensor.sum_to_size", examples=20)
def summed(lib: Any, rng: Any) -> tuple:
    size = shape(rng, 1, 3)
    wanted = [int(pick(rng, 1, n)) for n in size]
    wanted = wanted[rng.integers(len(wanted)):]
    return lambda x: x.sum_to_size(*wanted) ** 2, (real(rng, *size),)


@row("unravel_index", order=0, examples=16)
def places(lib: Any, rng: Any) -> tuple:
    sizes = tuple(int(n) for n in rng.integers(1, 5, rng.integers(1, 4)))
    flat = rng.integers(-20, 20, shape(rng, 0, 2))
    return lambda i: list(lib.unravel_index(i, sizes)), (np.asarray(flat),)


@outcome("from_dlpack", exact=True)
def taken(lib: Any, rng: Any, dtype: Any) -> Any:
    held = rng.standard_normal(shape(rng, 0, 3))
    x = lib.from_dlpack(lib.from_dlpack(held.T))
    x += 1
    return [x, held]


@outcome("frombuffer", exact=True)
def memory(lib: Any, rng: Any, dtype: Any) -> Any:
    room = bytearray(rng.bytes(8 * int(rng.integers(2, 6))))
    words = pick(rng, {}, {"count": 1}, {"offset": 8})
    x = lib.frombuffer(room, dtype=dtype, **words)
    x[0] = 3.5
    return [x, np.frombuffer(room, np.uint8)]
