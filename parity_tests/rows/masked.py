"""Rows: reductions and normalizations under a mask."""

from __future__ import annotations

from typing import Any

from ..layers import bent
from ..registry import find, outcome, pick, real, row

SEVERAL = ("sum prod amax amin mean var std logsumexp norm").split()
ALONG = "cumsum cumprod median softmax log_softmax softmin normalize".split()


@row(*[f"masked.{word}" for word in (*SEVERAL, *ALONG, "logaddexp")],
     examples=24)
def under_a_mask(lib: Any, rng: Any, name: str) -> tuple:
    """Something is left in each row: what is made of nothing has no slope."""
    f, word = find(lib, name), name.removeprefix("masked.")
    x = real(rng, 3, 4)
    mask = rng.random((4,) if rng.integers(2) else (3, 4)) < 0.6
    mask[..., :2] = True
    if mask.ndim > 1:
        mask[:2] = True
    if word == "logaddexp":
        return (lambda x, y, m: f(x, y, input_mask=m), (x, real(rng, 3, 4),
                                                        mask))
    dim = int(rng.integers(2)) if word in ALONG else pick(
        rng, None, 0, 1, (0, 1))
    first = (float(pick(rng, 1, 2, 3)),) if word == "normalize" else ()
    words = {} if word in ALONG else {"keepdim": bool(rng.integers(2))}

    def call(x: Any, m: Any) -> Any:
        y = f(x, *first, dim=dim, mask=m, **words)
        return y if "soft" in word else bent(y)

    return call, (x, mask)


@outcome("masked.argmax", "masked.argmin", examples=16)
def places(lib: Any, rng: Any, dtype: Any, name: str) -> Any:
    x, mask = real(rng, 3, 4), rng.random((3, 4)) < 0.6
    return find(lib, name)(
        lib.from_numpy(x).to(dtype), pick(rng, None, 0, 1),
        keepdim=bool(rng.integers(2)), mask=lib.from_numpy(mask))
