"""Numbers of every distribution, drawn as torch draws them on the CPU.

Words are taken in torch's order and number, so the next draw agrees too.
A shape is filled in memory order. x32 and x64 are the fractions made of
one word or two; "rounded" is the step to the dtype asked for.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from typing import Any

import numpy as np

from scratch.kernels import gauss
from scratch.kernels.mersenne import CHUNK
from scratch.kernels.rejection import Rejection
from scratch.kernels.shuffle import shuffled

f16, f32, f64 = np.float16, np.float32, np.float64
Shape = int | tuple[int, ...]


class Draws(Rejection):
    """The stream of words, and what is made of them: arrays, no tensors."""

    # ---- continuous

    def uniform(
        self,
        shape: Shape,
        low: float = 0.0,
        high: float = 1.0,
        dtype: Any = f32,
    ) -> np.ndarray:
        """x·(high - low) + low, rounded once; high itself becomes low."""
        dtype = np.dtype(dtype)
        work = f64 if dtype == f64 else f32  # torch: float16 in float32
        out = np.empty(shape, dtype)
        flat = out.reshape(-1)
        a, b = work(low), work(high)
        plain = a == 0 and b == 1
        for i in range(0, flat.size, CHUNK):
            part = flat[i : i + CHUNK]
            x = self.fractions(part.size, work)
            part[...] = x if plain else gauss.fused(x, b - a, a)
            if not plain or dtype == f16:
                part[part == dtype.type(high)] = dtype.type(low)
        return out

    def normal(
        self,
        shape: Shape,
        mean: float = 0.0,
        std: float = 1.0,
        dtype: Any = f32,
    ) -> np.ndarray:
        """Box and Muller's: rows of sixteen, or pairs if there are fewer."""
        dtype = np.dtype(dtype)
        out = np.empty(shape, dtype)
        flat, n = out.reshape(-1), out.size
        if n < 16:
            return self.normal_pairs(shape, mean, std, dtype)
        work = f64 if dtype == f64 else f32
        whole, rest = n - n % 16, n % 16
        for i in range(0, whole, CHUNK):
            part = flat[i : min(i + CHUNK, whole)]
            x = self.fractions(part.size, work).reshape(-1, 16)
            part[...] = gauss.normals(x, mean, std).reshape(-1)
        if rest:  # torch: sixteen fresh ones lie over the last places
            if dtype != f16:
                self.words(rest * (2 if dtype == f64 else 1))
            x = self.fractions(16, work).reshape(-1, 16)
            flat[-16:] = gauss.normals(x, mean, std)[0]
        return out

    def normal_pairs(
        self,
        shape: Shape,
        mean: float = 0.0,
        std: float = 1.0,
        dtype: Any = f32,
    ) -> np.ndarray:
        """In float64, two at a time: r cos θ, and r sin θ for the next.

        torch: small tensors, and those that are not contiguous.
        """
        n = math.prod(shape) if isinstance(shape, tuple) else shape
        z = np.empty(n + 2)
        start = 0
        if n and self.spare is not None:
            z[0], start, self.spare = self.spare, 1, None
        pairs = (n - start + 1) // 2
        v, u = self.fractions(2 * pairs, f64).reshape(-1, 2).T
        r = np.sqrt(-2 * libm(math.log1p, -u))
        circle = gauss.exp(2j * np.pi * v)
        z[start : start + 2 * pairs : 2] = r * circle.real
        z[start + 1 : start + 2 * pairs : 2] = r * circle.imag
        if start + 2 * pairs > n:
            self.spare = float(z[n])
        return cast(gauss.fused(z[:n], std, mean), shape, dtype)

    def trunc_normal(
        self,
        shape: Shape,
        mean: float = 0.0,
        std: float = 1.0,
        low: float = -2.0,
        high: float = 2.0,
        dtype: Any = f32,
    ) -> np.ndarray:
        """Normal numbers, those outside [low, high] drawn again.

        torch: all places are drawn again while one is missing.
        """
        inside = _below((high - mean) / std) - _below((low - mean) / std)
        if inside <= 0.3:
            return self._trunc_by_rejection(shape, mean, std, low, high, dtype)
        a, b = np.dtype(dtype).type(low), np.dtype(dtype).type(high)
        x = self.normal(shape, mean, std, dtype)
        while (out := (x < a) | (x > b)).any():
            x = np.where(out, self.normal(shape, mean, std, dtype), x)
        return x

    def _trunc_by_rejection(
        self,
        shape: Shape,
        mean: float,
        std: float,
        low: float,
        high: float,
        dtype: Any,
    ) -> np.ndarray:
        """Where the mass inside is small: uniform x, kept if u < density."""
        one = np.dtype(dtype).type
        work = f64 if one is f64 else f32
        peak = -0.5 * ((max(low, min(mean, high)) - mean) / std) ** 2
        result, pending = np.empty(shape, dtype), np.ones(shape, bool)
        while pending.any():
            x = self.uniform(shape, low, high, dtype)
            result = np.where(pending, x, result)
            log_density = x
            for step, y in (
                (np.subtract, one(mean)),
                (np.divide, std),
                (np.power, 2),
                (np.multiply, -0.5),
                (np.subtract, one(peak)),
            ):  # torch: all rounded
                log_density = step(log_density.astype(work), work(y)).astype(
                    dtype
                )
            with np.errstate(divide="ignore"):
                log_u = np.log(self.uniform(shape, dtype=dtype))
            pending &= log_u > log_density
        return result

    def log_normal(
        self,
        shape: Shape,
        mean: float = 1.0,
        std: float = 2.0,
        dtype: Any = f32,
    ) -> np.ndarray:
        """exp of a normal number of float64, rounded."""
        x = self.normal_pairs(shape, mean, std, f64)
        return cast(gauss.exp(x).real, shape, dtype)

    def exponential(
        self, shape: Shape, lambd: float = 1.0, dtype: Any = f32
    ) -> np.ndarray:
        """-log(1 - x64) / λ, rounded."""
        return self._from_fractions(
            shape, dtype, lambda x: -1.0 / lambd * libm(math.log1p, -x)
        )

    def cauchy(
        self,
        shape: Shape,
        median: float = 0.0,
        sigma: float = 1.0,
        dtype: Any = f32,
    ) -> np.ndarray:
        """median + σ tan(π (x64 - ½)), rounded."""
        return self._from_fractions(
            shape,
            dtype,
            lambda x: gauss.fused(
                libm(math.tan, np.pi * (x - 0.5)), sigma, median
            ),
        )

    # ---- counts

    def randint(
        self, shape: Shape, low: int, high: int, dtype: Any = np.int64
    ) -> np.ndarray:
        """low + word mod (high - low); wide ranges take 64-bit words."""
        span = high - low
        out = np.empty(shape, dtype)
        flat = out.reshape(-1)
        wide = span >= 2**28
        for i in range(0, flat.size, CHUNK):
            part = flat[i : i + CHUNK]
            if wide:
                far = self.words64(part.size) % np.uint64(span)
                part[...] = (far + np.uint64(low % 2**64)).view(np.int64)
            else:
                near = self.words(part.size) % np.uint32(span)
                part[...] = near.astype(np.int64) + low
        return out

    def random(self, shape: Shape, dtype: Any = np.int64) -> np.ndarray:
        """Any number from 0 to the largest; floats: to 2^digits."""
        dtype = np.dtype(dtype)
        if dtype.kind == "f":
            span = 2 ** (np.finfo(dtype).nmant + 1) + 1
        else:
            span = 2 if dtype.kind == "b" else int(np.iinfo(dtype).max) + 1
        n = math.prod(shape) if isinstance(shape, tuple) else shape
        wide = dtype in (np.int64, f64)
        x = self.words64(n) if wide else self.words(n)
        return cast(x % x.dtype.type(span), shape, dtype)

    def random_full(self, shape: Shape, dtype: Any = np.int64) -> np.ndarray:
        """Any 64-bit integer, negative ones too."""
        n = math.prod(shape) if isinstance(shape, tuple) else shape
        return cast(self.words64(n).view(np.int64), shape, dtype)

    def randperm(self, n: int, dtype: Any = np.int64) -> np.ndarray:
        """Fisher & Yates: place i swaps with one of i … n - 1."""
        place = np.arange(max(n - 1, 0))
        word = self.words if n < (2**32 - 1) // 20 else self.words64
        w = word(place.size)
        other = (w % (n - place).astype(w.dtype)).astype(np.int64) + place
        return shuffled(other)[:n].astype(dtype, copy=False)

    def bernoulli(
        self, shape: Shape, p: float = 0.5, dtype: Any = f32
    ) -> np.ndarray:
        """x64 < p, in every dtype."""
        n = math.prod(shape) if isinstance(shape, tuple) else shape
        return cast(self.below(n, p), shape, dtype)

    def bernoulli_each(self, p: np.ndarray, dtype: Any = None) -> np.ndarray:
        """x < p, one p each: x32, or x64 where p is float64."""
        work = f64 if p.dtype == f64 else f32
        x = self.fractions(p.size, work).reshape(p.shape)
        return cast(x < p, p.shape, p.dtype if dtype is None else dtype)

    def geometric(self, shape: Shape, p: float, dtype: Any = f32) -> np.ndarray:
        """⌈log x64 / log(1 - p)⌉: trials up to the first success."""
        return self._from_fractions(
            shape,
            dtype,
            lambda x: np.ceil(gauss.log_below_1(x - 1) / math.log1p(-p)),
        )

    # ---- several categories

    def multinomial(
        self, p: np.ndarray, n: int, replacement: bool = False
    ) -> np.ndarray:
        """n categories by the weights p (*, categories) -> (*, n) int64."""
        rows = p.reshape(-1, p.shape[-1])
        if replacement and n > 1:
            found = np.stack([self._pick(row, n) for row in rows])
        else:
            # the largest p / q, q exponential: without replacement
            with np.errstate(all="ignore"):
                score = rows / self.exponential(rows.shape, 1.0, p.dtype)
            order = np.argsort(-score, axis=1, kind="stable")
            found = np.ascontiguousarray(order[:, :n])
        return found.reshape(*p.shape[:-1], n)

    def _pick(self, p: np.ndarray, n: int) -> np.ndarray:
        """The first category whose cumulative share reaches x64."""
        work = f64 if p.dtype == f64 else f32
        share: np.ndarray = np.cumsum(p, dtype=work)
        share = share / share[-1]
        share[-1] = 1
        return np.searchsorted(share, self.fractions(n, f64))

    # ----

    def _from_fractions(
        self, shape: Shape, dtype: Any, rule: Callable
    ) -> np.ndarray:
        """A rule of x64 for each number of the shape."""
        n = math.prod(shape) if isinstance(shape, tuple) else shape
        with np.errstate(all="ignore"):
            return cast(rule(self.fractions(n, f64)), shape, dtype)


def _below(x: float) -> float:
    """The share of standard normal numbers below x."""
    return (1 + math.erf(x / math.sqrt(2))) / 2


def libm(function: Callable[[float], float], x: np.ndarray) -> np.ndarray:
    """The C library's function of each x: NumPy's may differ in a bit."""
    values: Iterable[float] = map(function, x.tolist())
    return np.fromiter(values, f64, x.size)


def cast(x: np.ndarray, shape: Shape, dtype: Any) -> np.ndarray:
    """In this shape and dtype; what does not fit becomes inf."""
    with np.errstate(over="ignore", invalid="ignore"):
        if np.dtype(dtype) == f16:  # torch: rounded twice, by float32
            x = x.astype(f32)
        return x.astype(dtype, copy=False).reshape(shape)
