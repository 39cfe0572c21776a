"""The rows of the report: how every promised name is drawn and called.

A row is a function (lib, rng) -> (function, arrays): it is called with
`scratch` and with `torch` and the same random numbers, and gives what to
compute and the inputs. Floating-point arrays are float64; the runner makes
float32 of them. An `outcome` row is a function (lib, rng, dtype) -> results
that are compared as they are: trajectories, batches, schedules.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np


@dataclass
class Row:
    """One name of the report."""

    name: str
    draws: list[Callable] = field(default_factory=list)  # general, kinks …
    orders: list[int] = field(default_factory=list)  # of each draw; -1:
    # its results are compared as they are
    outcome: bool = False
    examples: int = 40
    exact: bool = False  # results equal to the last bit

    @property
    def order(self) -> int:
        """The highest order of derivatives of any draw."""
        return max(0, *self.orders)


ROWS: dict[str, Row] = {}


def rows_with(only: str) -> list[str]:
    """The rows whose names hold a text; that none does is an error."""
    names = [name for name in sorted(ROWS) if only in name]
    if not names:
        raise SystemExit(f"error: no row has {only!r} in its name")
    return names


def row(*names: str, order: int = 2, examples: int = 40) -> Callable:
    """Register how names are drawn: `draw(lib, rng)` for one name,
    `draw(lib, rng, name)` for several. A second registration adds
    examples of another kind (ties, kinks, odd numbers)."""

    def register(draw: Callable) -> Callable:
        for name in names:
            known = ROWS.setdefault(name, Row(name, examples=examples))
            known.orders.append(order)
            known.draws.append(
                draw if len(names) == 1 else named(draw, name))
        return draw

    return register


def named(draw: Callable, name: str) -> Callable:
    return lambda lib, rng: draw(lib, rng, name)


def outcome(*names: str, examples: int = 10, exact: bool = False
            ) -> Callable:
    """Register a row whose results are compared as they are."""

    def register(draw: Callable) -> Callable:
        for name in names:
            call = draw if len(names) == 1 else (
                lambda lib, rng, dtype, name=name: draw(
                    lib, rng, dtype, name))
            known = ROWS.setdefault(name, Row(
                name, outcome=True, examples=examples, exact=exact))
            known.orders.append(-1)
            known.draws.append(call)
        return draw

    return register


def find(lib: Any, name: str) -> Any:
    """lib.nn.functional.relu from "nn.functional.relu"."""
    for part in name.split("."):
        lib = getattr(lib, part)
    return lib


class Through:
    """A library in which one function is reached another way: as a method,
    or in place on a copy. So the rows of functions check methods too."""

    def __init__(self, lib: Any, name: str, in_place: bool = False,
                 method: bool = True):
        self._lib, self._name, self._in_place = lib, name, in_place
        self._method = method

    def __getattr__(self, name: str) -> Any:
        if name != self._name:
            return getattr(self._lib, name)
        if not self._in_place:
            return lambda x, *args, **kwargs: getattr(x, name)(
                *args, **kwargs)
        return lambda x, *args, **kwargs: getattr(
            type(x) if self._method else self._lib, name + "_")(
            x.clone(), *args, **kwargs)


def derived(name: str, base: str, in_place: bool = False,
            examples: int = 0) -> None:
    """A row "Tensor.exp", "Tensor.exp_" or "exp_" from the row "exp"."""
    known = ROWS[base]
    method = name if name.startswith("Tensor.") else "Tensor." + name
    orders = [0 if method in UNDERIVED else k for k in known.orders]
    ROWS[name] = Row(name, [through(draw, base, in_place, name == method)
                            for draw in known.draws],
                     orders=orders, examples=examples or known.examples)


# torch has no derivative of these in place (and for float_power, no way to
# write the result in place but in float64); ours are compared by value.
UNDERIVED = {f"Tensor.{prefix}{word}_" for prefix in ("a", "arc")
             for word in ("cosh", "sinh", "tanh")}


def through(draw: Callable, base: str, in_place: bool,
            method: bool = True) -> Callable:
    return lambda lib, rng: draw(Through(lib, base, in_place, method), rng)


# ---- what rows draw


def shape(rng: np.random.Generator, low: int = 0, high: int = 3,
          smallest: int = 0, largest: int = 4) -> tuple:
    """A shape; one in eight has a side of 0 where that is allowed."""
    ndim = rng.integers(low, high + 1)
    sides = rng.integers(1, largest + 1, ndim)
    if smallest == 0 and ndim and rng.random() < 0.125:
        sides[rng.integers(ndim)] = 0
    return tuple(int(n) for n in sides)


def real(rng: np.random.Generator, *size: int) -> np.ndarray:
    """Normal numbers, contiguous, transposed or with gaps in memory."""
    return laid_out(rng, np.asarray(rng.standard_normal(size)))


def laid_out(rng: np.random.Generator, a: np.ndarray) -> np.ndarray:
    way = rng.integers(3)
    if way == 1:
        return np.array(a, order="F")
    if way == 2 and a.ndim:
        wide = np.zeros((*a.shape[:-1], 2 * a.shape[-1]), a.dtype)
        wide[..., ::2] = a
        return wide[..., ::2]
    return a


def positive(rng: np.random.Generator, *size: int) -> np.ndarray:
    """Numbers in (0.2, 3.2)."""
    return laid_out(rng, np.asarray(0.2 + 3 * rng.random(size)))


def between(rng: np.random.Generator, low: float, high: float,
            *size: int) -> np.ndarray:
    """Numbers in (low, high)."""
    return laid_out(rng, np.asarray(low + (high - low) * rng.random(size)))


def odd(rng: np.random.Generator, *size: int) -> np.ndarray:
    """Numbers among which 0, -0, inf, -inf, nan and large ones occur."""
    a = rng.standard_normal(size)
    strange = rng.choice([0.0, -0.0, np.inf, -np.inf, np.nan, 1e4, -1e4,
                          1.0, -1.0, 0.5], size)
    return np.where(rng.random(size) < 0.4, strange, a)


def ties(rng: np.random.Generator, *size: int) -> np.ndarray:
    """Whole numbers from -2 to 2: many of them equal."""
    return rng.integers(-2, 3, size).astype(np.float64)


def broadcast_pair(rng: np.random.Generator) -> tuple[tuple, tuple]:
    """Two shapes that broadcast together."""
    full = shape(rng, 0, 3)
    return tuple(thinned(rng, full)), tuple(thinned(rng, full))


def thinned(rng: np.random.Generator, full: tuple) -> list:
    sides = [1 if rng.random() < 0.25 else n for n in full]
    return sides[rng.integers(0, len(sides) + 1) if rng.random() < 0.25
                 else 0:]


def pick(rng: np.random.Generator, *options: Any) -> Any:
    """One of the options."""
    return options[rng.integers(len(options))]
