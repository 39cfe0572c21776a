"""How far to go along a direction: a step that meets Wolfe's conditions."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np

from scratch.ops.matmul import inner_product

ENOUGH = 1e-4  # c₁: the least part of the promised decrease
FLAT = 0.9  # c₂: the largest part of the slope that may be left
SMALLEST_MOVE = 1e-9


class Point(NamedTuple):
    """A place on the line: t, the value f there, its gradient, its slope."""

    t: Any
    f: float
    grad: np.ndarray
    slope: Any


class Line:
    """The objective along x + t d, from a start where it falls.

    evaluate(t) -> f, grad at x + t d;  calls: how often it was asked.
    """

    def __init__(
        self,
        evaluate: Callable[[Any], tuple[float, np.ndarray]],
        d: np.ndarray,
        f: float,
        grad: np.ndarray,
        slope: Any,
        most: int,
    ):
        self.evaluate, self.d, self.most = evaluate, d, most
        self.start = Point(0, f, grad, slope)
        self.calls = 0

    def at(self, t: Any) -> Point:
        f, grad = self.evaluate(t)
        self.calls += 1
        return Point(t, f, grad, inner_product(grad, self.d))

    def too_high(self, new: Point) -> bool:
        """f(t) > f(0) + c₁ t f′(0)"""
        start = self.start
        return new.f > start.f + ENOUGH * new.t * start.slope

    def is_flat(self, new: Point) -> bool:
        """|f′(t)| ≤ c₂ |f′(0)|"""
        return abs(new.slope) <= -FLAT * self.start.slope


def strong_wolfe(line: Line, t: Any) -> Point:
    """A point with f(t) ≤ f(0) + c₁ t f′(0) and |f′(t)| ≤ c₂ |f′(0)|.

    Nocedal & Wright, Numerical Optimization, 2006, algorithms 3.5 and 3.6,
    with the cubic steps of Schmidt's minFunc.
    """
    bracket = widen(line, t)
    if len(bracket) == 1:
        return bracket[0]
    if line.calls > line.most:
        return min(bracket, key=lambda point: point.f)
    return narrow(line, bracket)


def widen(line: Line, t: Any) -> list[Point]:
    """Go further and further, until a minimum must lie between two points.

    A single point is one that does already.
    """
    previous, new = line.start, line.at(t)
    for i in range(line.most):
        if line.too_high(new) or (i > 1 and new.f >= previous.f):
            return [previous, new]
        if line.is_flat(new):
            return [new]
        if new.slope >= 0:
            return [previous, new]
        nearest = new.t + 0.01 * (new.t - previous.t)
        t = cubic_minimum(previous, new, (nearest, new.t * 10))
        previous, new = new, line.at(t)
    return [line.start, new]


def narrow(line: Line, bracket: list[Point]) -> Point:
    """Put the lower end closer and closer to the minimum in the bracket."""
    longest = np.abs(line.d).max()
    low = 0 if bracket[0].f <= bracket[1].f else 1
    stalled = False
    # one call was not counted as a try: the first
    while line.calls - 1 < line.most:
        a, b = bracket[0].t, bracket[1].t
        if abs(b - a) * longest < SMALLEST_MOVE:
            break
        t = cubic_minimum(bracket[0], bracket[1])
        t, stalled = away_from_the_ends(t, min(a, b), max(a, b), stalled)
        new = line.at(t)
        if line.too_high(new) or new.f >= bracket[low].f:
            bracket[1 - low] = new
            low = 0 if bracket[0].f <= bracket[1].f else 1
            continue
        if line.is_flat(new):
            return new
        if new.slope * (bracket[1 - low].t - bracket[low].t) >= 0:
            bracket[1 - low] = bracket[low]
        bracket[low] = new
    return bracket[low]


def away_from_the_ends(
    t: Any, left: Any, right: Any, stalled: bool
) -> tuple[Any, bool]:
    """Move t off an end of the bracket if it came too close twice."""
    margin = 0.1 * (right - left)
    if not min(right - t, t - left) < margin:
        return t, False
    if not (stalled or t >= right or t <= left):
        return t, True
    if abs(t - right) < abs(t - left):
        return right - margin, False
    return left + margin, False


def cubic_minimum(
    a: Point, b: Point, bounds: tuple[Any, Any] | None = None
) -> Any:
    """Where the cubic through two points, with their slopes, is lowest."""
    lower, upper = bounds or (min(a.t, b.t), max(a.t, b.t))
    d1 = a.slope + b.slope - 3 * (a.f - b.f) / (a.t - b.t)
    square = d1**2 - a.slope * b.slope
    if not square >= 0:
        return (lower + upper) / 2.0
    d2 = np.sqrt(square)
    if a.t > b.t:
        a, b = b, a
    part = (b.slope + d2 - d1) / (b.slope - a.slope + 2 * d2)
    return min(max(b.t - (b.t - a.t) * part, lower), upper)
