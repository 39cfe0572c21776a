"""A plain number beside a tensor: what its dtype cannot hold is refused.

Every function that takes a number is given numbers on both sides of every
dtype's limits; it answers as torch does, in torch's words where it refuses.
"""

import itertools
import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import torch

import scratch

F = "l.nn.functional."
FUNCTIONS = [
    "x.clamp(min=s)",
    "x.clamp(max=s)",
    "x.clamp(s, s)",
    "x.clamp_min(s)",
    "x.clamp_max(s)",
    "x**s",
    "x + s",
    "s - x",
    "x * s",
    "x == s",
    "x < s",
    "l.add(x, x, alpha=s)",
    "l.sub(x, 1, alpha=s)",
    "l.rsub(x, x, alpha=s)",
    "l.addcmul(x, x, x, value=s)",
    "l.addcdiv(x, x, x + 1, value=s)",
    "l.lerp(x, x, s)",
    "l.where(x > 0, x, s)",
    "l.where(x > 0, s, x)",
    "x.clone().fill_(s)",
    "x.masked_fill(x > 0, s)",
    "l.full_like(x, s)",
    "l.full((2,), s, dtype=x.dtype)",
    "x.index_fill(0, l.tensor([0]), s)",
    "x.index_add(0, l.tensor([0, 1]), x, alpha=s)",
    "x.scatter(0, l.tensor([[0]]), s)",
    "l.nan_to_num(x, s)",
    "l.addmm(x, x, x, alpha=s)",
    "l.addmm(x, x, x, beta=s)",
    "l.addmv(x[0], x, x[0], alpha=s)",
    "l.addmv(x[0], x, x[0], beta=s)",
    "l.addr(x, x[0], x[0], alpha=s)",
    "l.addr(x, x[0], x[0], beta=s)",
    "l.bucketize(s, x[0])",
    "l.linspace(0, s, 1, dtype=x.dtype)",
    "l.linspace(s, 0, 1, dtype=x.dtype)",
    "l.logit(x, eps=s)",
    f"{F}threshold(x, s, 0)",
    f"{F}threshold(x, 0, s)",
    f"{F}hardshrink(x, s)",
    f"{F}softshrink(x, s)",
    f"{F}hardtanh(x, -1, s)",
    f"{F}leaky_relu(x, s)",
    f"{F}elu(x, s)",
    f"{F}celu(x, s)",
    f"{F}softplus(x, s)",
    f"{F}softplus(x, 1, s)",
    f"{F}pad(x, (1, 1), value=s)",
    f"{F}hinge_embedding_loss(x, x, margin=s)",
    f"{F}smooth_l1_loss(x, x, beta=s)",
]
DTYPES = "float16 float32 float64 uint8 int8 int32 int64 bool".split()
TABLE = {text: eval(f"lambda l, x, s: {text}") for text in FUNCTIONS}


def edges(dtype: str) -> list[Any]:
    """Numbers around the limits of a dtype, and far beyond them."""
    number = np.dtype(dtype)
    found: list[Any] = [0, 1, 2, -1, 2.5, 1e300, -math.inf, math.nan, True]
    if number.kind != "b":
        found += [2**63, 2**64, -(2**63) - 1]
        found += [2j] * (dtype != "float16")  # that would be a complex32
    if number.kind in "iu":
        ends = np.iinfo(number)
        for end in (int(ends.min), int(ends.max)):
            found += [end - 1, end + 1, float(end), end + 0.5]
    elif number.kind == "f":
        most = float(np.finfo(number).max)
        found += [most, -most, most * (1 + 2**-30), -most * 1.1]
    return found


def answer(lib: Any, call: Callable, dtype: str, s: Any) -> Any:
    x = lib.tensor([[1, 2], [3, 0]]).to(getattr(lib, dtype))
    try:
        y = call(lib, x, s)
    except Exception as error:
        return type(error).__name__, str(error)
    return str(y.dtype), np.asarray(y)


def same(text: str, s: Any, ours: Any, theirs: Any) -> bool:
    """Whether both refuse in the same class, or give the same numbers."""
    if ours[0] != theirs[0]:
        return False
    if isinstance(theirs[1], str):
        words = "without overflow", "too big", "representable", "unsigned"
        return ours[1] == theirs[1] or not any(
            word in theirs[1] for word in words
        )
    if "addmm" in text and abs(s) > 1e30:
        return True  # BLAS multiplies the factors first: 0 · inf is NaN
    near = 2e-3 if theirs[0] == "torch.float16" else 1e-6
    return np.allclose(ours[1], theirs[1], near, near, equal_nan=True)


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.filterwarnings("ignore")
def test_a_number_that_does_not_fit_is_refused(dtype: str) -> None:
    wrong = []
    with np.errstate(all="ignore"):
        for text, s in itertools.product(TABLE, edges(dtype)):
            ours = answer(scratch, TABLE[text], dtype, s)
            theirs = answer(torch, TABLE[text], dtype, s)
            if not same(text, s, ours, theirs):
                wrong.append(f"{text}, s = {s}: {ours}; torch: {theirs}")
    assert not wrong, "\n".join(wrong)
