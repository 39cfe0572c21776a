"""Numbers drawn by proposal and rejection: Poisson, binomial, gamma.

How many fractions a number takes is not known before; `Tape` reads ahead
and winds the stream back. Every rounding is torch's: what it computes in
the dtype of the parameters is rounded to that dtype here too.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from scratch.kernels.mersenne import Mersenne

f32, f64 = np.float32, np.float64
THIRD, SQUEEZE = float(f32(1) / f32(3)), float(f32(0.0331))
# log k! less Stirling's formula of k + 1, for small k
TAIL = (
    0.0810614667953272,
    0.0413406959554092,
    0.0276779256849983,
    0.02079067210376509,
    0.0166446911898211,
    0.0138761288230707,
    0.0118967099458917,
    0.0104112652619720,
    0.00925546218271273,
    0.00833056343336287,
)


class Tape:
    """Fractions x64 one by one, read ahead from a stream in blocks."""

    def __init__(self, stream: Mersenne, expected: int):
        self.stream, self.place = stream, 0
        self.fresh = stream.fresh
        self.start = stream.bits.state
        self.read = stream.fractions(max(16, 2 * expected), f64).tolist()

    def __call__(self) -> float:
        if self.place == len(self.read):
            self.read += self.stream.fractions(self.place, f64).tolist()
        self.place += 1
        return self.read[self.place - 1]

    def close(self) -> None:
        """Wind back to what was used."""
        self.stream.bits.state = self.start
        self.stream.fresh = self.fresh
        self.stream.words(2 * self.place)


class Rejection(Mersenne):
    """The draws that throw proposals away."""

    def poisson(self, rates: np.ndarray) -> np.ndarray:
        """A count for each rate λ, in the dtype of the rates."""
        tape = Tape(self, rates.size)
        counts = [_poisson(rate, tape) for rate in flat(rates)]
        tape.close()
        return shaped(counts, rates)

    def binomial(self, counts: np.ndarray, probs: np.ndarray) -> np.ndarray:
        """Successes of each count of trials; both of one shape and dtype."""
        one = probs.dtype.type
        tape = Tape(self, probs.size)
        found = [
            _binomial(one(n), one(p), tape)
            for n, p in zip(flat(counts), flat(probs))
        ]
        tape.close()
        return shaped(found, probs)

    def gamma(self, shapes: np.ndarray, work: Any = None) -> np.ndarray:
        """One number for each shape α, of scale 1, no smaller than tiny.

        work: the dtype to compute and to answer in, that of the shapes.
        """
        one = np.dtype(work or shapes.dtype).type
        tape = Tape(self, 2 * shapes.size)
        found = [self._gamma(one(a), tape) for a in flat(shapes)]
        tape.close()
        y = shaped(found, shapes, one)
        tiny = np.finfo(one).tiny
        return np.where(y < tiny, tiny, y)

    def _gamma(self, alpha: Any, tape: Tape) -> float:
        """Marsaglia & Tsang (2000): d v, v = (1 + c z)³, z normal."""
        one, scale = type(alpha), 1.0
        if alpha < 1:
            if alpha == 0:
                return 0.0
            # α + 1 is accepted more often: G(α) = G(α + 1) U^(1/α)
            scale = power(1 - tape(), float(one(1) / alpha))
            alpha = alpha + one(1)
        d = float(alpha - one(THIRD))
        c = 1 / math.sqrt(9 * d) if d == d and d < math.inf else 0.0
        while True:
            z = self._normal(tape)
            y = 1 + c * z
            if y <= 0:
                continue
            v, u, square = y * y * y, 1 - tape(), z * z
            if u < 1 - SQUEEZE * square * square:
                return scale * d * v
            if math.log(u) < 0.5 * square + d * (1 - v + math.log(v)):
                return scale * d * v

    def _normal(self, tape: Tape) -> float:
        """Box & Muller's pairs: one now, the other kept for the next."""
        if self.spare is not None:
            z, self.spare = self.spare, None
            return z
        angle, u = 2 * math.pi * tape(), tape()
        r = math.sqrt(-2 * math.log1p(-u))
        self.spare = r * math.sin(angle)
        return r * math.cos(angle)


def _poisson(rate: float, tape: Tape) -> int:
    if rate >= 10:
        return _poisson_rejecting(rate, tape)
    count, product, floor = 0, 1.0, math.exp(-rate)
    while rate > 0:  # Knuth: factors until the product falls below e^-λ
        product *= tape()
        if product <= floor:
            break
        count += 1
    return count


def _poisson_rejecting(rate: float, tape: Tape) -> int:
    """Transformed rejection (Hörmann, 1993), for λ ≥ 10."""
    b = 0.931 + 2.53 * math.sqrt(rate)
    a = -0.059 + 0.02483 * b
    inverse = 1.1239 + 1.1328 / (b - 3.4)
    while True:
        u, v = tape() - 0.5, tape()
        side = 0.5 - abs(u)
        k = math.floor((2 * a / side + b) * u + rate + 0.43)
        if side >= 0.07 and v <= 0.9277 - 3.6224 / (b - 2):
            return k
        if k < 0 or (side < 0.013 and v > side):
            continue
        if math.log(v) + math.log(inverse) - math.log(
            a / (side * side) + b
        ) <= -rate + k * math.log(rate) - math.lgamma(k + 1):
            return k


def _binomial(n: Any, p: Any, tape: Tape) -> float:
    """n, p: NumPy scalars of one dtype; p above ½ counts the failures."""
    if n <= 0 or p <= 0:
        return 0.0
    if p >= 1:
        return float(n)
    if not p <= 0.5:
        if p != p:
            return math.nan
        q = type(p)(1 - float(p))
        return float(n - _successes(n, q, tape))
    return float(_successes(n, p, tape))


def _successes(n: Any, p: Any, tape: Tape) -> Any:
    if n * p >= 10:
        return _binomial_rejecting(n, p, tape)
    # waits for the next success, added until they go beyond n
    failure = float(np.log1p(-p))
    waited, found = 0.0, 0
    while True:
        u = tape()
        waited += math.ceil(math.log(u) / failure) if u else math.inf
        if not waited <= n:
            return type(n)(found)
        found += 1


def _binomial_rejecting(n: Any, p: Any, tape: Tape) -> Any:
    """Transformed rejection (BTRS, Hörmann, 1993), for n p ≥ 10."""
    one = type(p)
    deviation = float(np.sqrt(n * p * (one(1) - p)))
    b = 1.15 + 2.53 * deviation
    a = -0.0873 + 0.0248 * b + 0.01 * float(p)
    middle = float(n * p) + 0.5
    odds = float(p / (one(1) - p))
    alpha = (2.83 + 5.1 / b) * deviation
    m = math.floor((n + one(1)) * p)
    while True:
        u, v = tape() - 0.5, tape()
        side = 0.5 - abs(u)
        k = float(one(math.floor((2 * a / side + b) * u + middle)))
        if k < 0 or k > n:
            continue
        if side >= 0.07 and v <= 0.92 - 4.2 / b:
            return one(k)
        v = math.log(v * alpha / (a / (side * side) + b)) if v else -math.inf
        if v <= _log_ratio(float(n), k, m, odds):
            return one(k)


def _log_ratio(n: float, k: float, m: float, odds: float) -> float:
    """log of P(k) / P(m), m the mode, by Stirling's formula."""
    return (
        (m + 0.5) * math.log((m + 1) / (odds * (n - m + 1)))
        + (n + 1) * math.log((n - m + 1) / (n - k + 1))
        + (k + 0.5) * math.log(odds * (n - k + 1) / (k + 1))
        + tail(m) + tail(n - m) - tail(k) - tail(n - k)
    )


def tail(k: float) -> float:
    """What Stirling's formula of log k! lacks."""
    if k < len(TAIL):
        return TAIL[int(k)]
    square = (k + 1) * (k + 1)
    return (1 / 12 - (1 / 360 - 1 / 1260 / square) / square) / (k + 1)


def power(x: float, y: float) -> float:
    """x^y, 0 where it underflows and ∞ where it overflows."""
    try:
        return math.pow(x, y)
    except (OverflowError, ValueError):
        return math.inf


def flat(x: np.ndarray) -> list:
    """All numbers in the order of the indices, as Python's."""
    return x.reshape(-1).tolist()


def shaped(values: list, like: np.ndarray, dtype: Any = None) -> np.ndarray:
    """The numbers in the shape and dtype of the parameters."""
    y = np.array(values, f64)
    if like.dtype == np.float16:  # torch: rounded twice, by float32
        y = y.astype(f32)
    return y.astype(dtype or like.dtype).reshape(like.shape)
