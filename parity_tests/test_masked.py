"""Reductions and normalizations under a mask, against torch.masked."""

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

import scratch
from parity_tests.nn.tools import complaint
from parity_tests.parity import assert_parity
from parity_tests.strategies import normal, seeds

REDUCTIONS = ("sum prod amax amin argmax argmin mean var std logsumexp norm "
              "median").split()
ALONG = "cumsum cumprod softmax log_softmax softmin normalize".split()
DTYPES = ["bool", "uint8", "int16", "int64", "float16", "float32",
          "complex64"]


def both(name):
    return getattr(scratch.masked, name), getattr(torch.masked, name)


def arguments(name, dim, keepdim):
    """What the function takes besides the input and the mask."""
    if name == "normalize":
        return (2.0, dim if isinstance(dim, int) else 0), {}
    if name in ALONG or name in ("argmax", "argmin", "median"):
        dim = dim if isinstance(dim, int) else 0
    if name in ALONG:
        return (dim,), {}
    if name == "norm":
        return (2.0, dim), {"keepdim": keepdim}
    return (dim,), {"keepdim": keepdim}


MASKS = st.sampled_from([(3, 2, 4), (2, 4), (2, 1), (4,), (1,)])


@pytest.mark.parametrize("name", [*REDUCTIONS, *ALONG])
@settings(max_examples=12)
@given(seed=seeds, dim=st.sampled_from([None, 0, 1, -1, (0, 2)]),
       keepdim=st.booleans(), shape=MASKS)
def test_with_and_without_a_mask(name, seed, dim, keepdim, shape):
    x = normal(seed, 3, 2, 4)
    mask = np.random.default_rng(seed).random(shape) < 0.7
    args, words = arguments(name, dim, keepdim)
    f, truth = both(name)
    assert_parity(lambda x, m: f(x, *args, mask=m, **words).nan_to_num(),
                  lambda x, m: truth(x, *args, mask=m, **words).nan_to_num(),
                  x, mask, single=False, order=0)
    order = 0 if name in ("argmax", "argmin", "median") else 1
    assert_parity(lambda x: f(x, *args, **words),
                  lambda x: truth(x, *args, **words), x, single=False,
                  order=order)


# torch: the median of complex numbers is that of their real parts
@pytest.mark.parametrize("name, dtype", [
    (name, dtype) for name in (*REDUCTIONS, *ALONG) for dtype in DTYPES
    if (name, dtype) != ("median", "complex64")])
def test_dtypes(name, dtype):
    x = np.array([[1, 0, 3], [2, 1, 1]]).astype(dtype)
    mask = np.array([[True, False, True], [True, True, False]])
    args, words = arguments(name, 1, False)
    results = []
    for f, lib in zip(both(name), (scratch, torch)):
        try:
            y = f(lib.from_numpy(x), *args, mask=lib.from_numpy(mask),
                  **words)
            results.append((str(y.dtype), y.numpy()))
        except Exception as error:
            results.append((type(error).__name__, None))
    assert results[0][0] == results[1][0]
    if results[1][1] is not None:
        np.testing.assert_allclose(results[0][1], results[1][1], 4e-3, 1e-8,
                                   strict=True)


@pytest.mark.parametrize("name", [*REDUCTIONS, *ALONG])
def test_of_nothing(name):
    x, mask = normal(0, 2, 3), np.array([[False], [True]])
    args, words = arguments(name, 1, False)
    y, truth = (f(lib.from_numpy(x), *args, mask=lib.from_numpy(mask),
                  **words).numpy()
                for f, lib in zip(both(name), (scratch, torch)))
    np.testing.assert_allclose(y, truth, 1e-9, 1e-12, strict=True)


@given(seed=seeds)
def test_logaddexp(seed):
    f, truth = both("logaddexp")
    masks = np.random.default_rng(seed).random((2, 3)) < 0.7
    assert_parity(
        lambda x, y, m, n: f(x, y, input_mask=m, other_mask=n),
        lambda x, y, m, n: truth(x, y, input_mask=m, other_mask=n),
        normal(seed, 2, 3), normal(seed + 1, 2, 3), masks[0], masks[1],
        order=0)


REFUSALS = """
torch.masked.sum(r(2), mask=r(1, 2) > 0)
torch.masked.sum(r(2, 2), dim=(0, 0))
torch.masked.sum(r(2), dim=3)
torch.masked.mean(k([1, 2]))
torch.masked.mean(r(2), dtype=torch.int64)
torch.masked.amax(r(2) > 0, mask=r(2) > 0)
torch.masked.median(k([1, 2]), mask=k([False, False]))
torch.masked.var(r(2), unbiased=True, correction=1)
""".strip().split("\n")


@pytest.mark.parametrize("call", REFUSALS)
def test_what_they_refuse(call):
    said = complaint(call, torch)
    assert said is not None and complaint(call, scratch) == said
