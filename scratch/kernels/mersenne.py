"""The stream of random words: mt19937, seeded and laid out as torch does."""

from __future__ import annotations

from typing import Any

import numpy as np

SEED = 67280421310721  # torch: the seed of a generator nobody seeded
CHUNK = 1 << 15  # numbers made at a time: they stay in the cache

# torch: what get_rng_state holds, little endian, 5056 bytes
STATE = np.dtype(
    [
        ("seed", "<u8"),
        ("left", "<i4"),
        ("seeded", "<i4"),
        ("next", "<u8"),
        ("key", "<u8", 624),
        ("x", "<f8"),
        ("spare", "<f8"),
        ("rho", "<f8"),
        ("has_spare", "<i4"),
        ("float_spare", "V12"),
    ]
)


class Mersenne:
    """The generator of Matsumoto & Nishimura (1998), period 2^19937 - 1.

    NumPy's legacy stream of the same algorithm gives the words; it never
    changes (NEP 19). `spare` is the second normal of a pair, kept.
    """

    def __init__(self, seed: int = SEED):
        self.bits = np.random.MT19937(0)
        self.stream = np.random.RandomState(self.bits)
        self.sow(seed)

    def sow(self, seed: int) -> None:
        """Start again; torch seeds with the low 32 bits."""
        self.stream.seed(seed % 2**32)
        self.first_seed = seed
        self.fresh = True
        self.spare: float | None = None

    # ---- words and the fractions made of them

    def words(self, n: int) -> np.ndarray:
        """n words of 32 bits."""
        self.fresh = self.fresh and n == 0
        if n < CHUNK // 8:  # quicker to start, slower a word
            return self.bits.random_raw(n).astype(np.uint32)
        return self.stream.randint(0, 2**32, n, dtype=np.uint32)

    def words64(self, n: int) -> np.ndarray:
        """n words of 64 bits, each first word · 2^32 + second word."""
        w = self.words(2 * n).astype(np.uint64)
        return w[::2] << np.uint64(32) | w[1::2]

    def fractions(self, n: int, dtype: Any) -> np.ndarray:
        """n numbers k / 2^24 of float32, or k / 2^53 of float64, below 1."""
        x = np.empty(n, dtype)
        make = _halves if x.dtype == np.float32 else _wholes
        size = 1 if x.dtype == np.float32 else 2
        for i in range(0, n, CHUNK):
            part = x[i : i + CHUNK]
            make(self.words(size * len(part)), part)
        return x

    def below(self, n: int, p: float) -> np.ndarray:
        """n answers to x < p for fractions x of float64."""
        out = np.empty(n, bool)
        limit = np.ceil(np.ldexp(p, 53))  # k < p·2^53, of whole numbers k
        high, low = divmod(int(limit), 2**32)
        for i in range(0, n, CHUNK):
            part = out[i : i + CHUNK]
            w = self.words(2 * len(part))
            top = w[::2] & np.uint32(0x1FFFFF)
            np.less(top, np.uint32(high), out=part)
            if (tie := top == high).any():  # the low word decides
                part[tie] = w[1::2][tie] < low
        return out

    # ---- the state as torch's bytes

    def state_bytes(self) -> np.ndarray:
        """torch's 5056 bytes."""
        inner: Any = self.bits.state["state"]
        s = np.zeros((), STATE)
        s["seed"], s["seeded"], s["key"] = self.first_seed, 1, inner["key"]
        s["left"] = 625 - inner["pos"]
        s["next"] = 0 if self.fresh else inner["pos"]
        s["has_spare"] = self.spare is not None
        s["spare"] = self.spare or 0.0
        return np.frombuffer(s.tobytes(), np.uint8).copy()

    def take_state(self, state: np.ndarray) -> bool:
        """Go on from torch's bytes; False if they are no state."""
        s = np.frombuffer(state.tobytes(), STATE)[0]
        if not (s["seeded"] == 1 and 0 < s["left"] <= 624 and s["next"] <= 624):
            return False
        self.bits.state = {
            "bit_generator": "MT19937",
            "state": {
                "key": s["key"].astype(np.uint32),
                "pos": 625 - int(s["left"]),
            },
        }
        self.first_seed = int(s["seed"])
        self.fresh = bool(s["next"] == 0)
        self.spare = float(s["spare"]) if s["has_spare"] else None
        return True

    def __getstate__(self) -> np.ndarray:
        return self.state_bytes()

    def __setstate__(self, state: np.ndarray) -> None:
        Mersenne.__init__(self)
        self.take_state(state)


def _halves(w: np.ndarray, out: np.ndarray) -> None:
    """float32: the low 24 bits of a word, over 2^24."""
    w &= np.uint32(0xFFFFFF)
    np.multiply(
        w.view(np.int32).astype(np.float32), np.float32(2**-24), out=out
    )


def _wholes(w: np.ndarray, out: np.ndarray) -> None:
    """float64: the low 53 bits of two words, over 2^53."""
    top = (w[::2] & np.uint32(0x1FFFFF)).astype(np.float64)
    np.multiply(top, 2.0**-21, out=out)
    out += w[1::2] * 2.0**-53
