"""Sorting, ranks, different elements, places in a sorted list."""

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

import scratch
from parity_tests.parity import assert_parity
from parity_tests.strategies import arrays, distinct, full_shapes, seeds

few = st.sampled_from([0.0, 1.0, 2.0, -1.0, np.nan])


@given(seed=seeds, dim=st.integers(-2, 1), down=st.booleans(),
       k=st.integers(1, 3))
def test_of_different_numbers(seed, dim, down, k):
    x = distinct(seed, 3, 4)
    for name, args in (("sort", (dim, down)), ("argsort", (dim, down)),
                       ("topk", (k, dim, down)), ("kthvalue", (k, dim)),
                       ("msort", ())):
        assert_parity(lambda x, n=name, a=args: getattr(scratch, n)(x, *a),
                      lambda x, n=name, a=args: getattr(torch, n)(x, *a), x)


@given(x=arrays(shape=full_shapes, elements=few), down=st.booleans())
def test_equals_keep_their_order_and_nan_is_the_greatest(x, down):
    assert_parity(
        lambda x: scratch.sort(x, 0, descending=down, stable=True),
        lambda x: torch.sort(x, dim=0, descending=down, stable=True), x)


@given(x=arrays(elements=few.filter(np.isfinite)), inverse=st.booleans(),
       counts=st.booleans())
def test_unique(x, inverse, counts):
    for name in ("unique", "unique_consecutive"):
        for dim in (None, 0, -1) if x.ndim and x.size else (None,):
            options = dict(return_inverse=inverse, return_counts=counts,
                           dim=dim)
            assert_parity(
                lambda x, n=name, o=options: getattr(scratch, n)(x, **o),
                lambda x, n=name, o=options: getattr(torch, n)(x, **o), x,
                order=0)


@given(a=st.lists(st.floats(-2, 2, width=16), min_size=1).map(sorted),
       x=arrays(), right=st.booleans(), small=st.booleans())
def test_searchsorted(a, x, right, small):
    options = dict(right=right, out_int32=small)
    a = np.array(a)
    assert_parity(lambda a, x: scratch.searchsorted(a, x, **options),
                  lambda a, x: torch.searchsorted(a, x.contiguous(),
                                                  **options),
                  a, x, order=0)
    assert_parity(lambda a, x: scratch.bucketize(x, a, **options),
                  lambda a, x: torch.bucketize(x.contiguous(), a,
                                               **options),
                  a, x, order=0)


def test_rows_of_sorted_lists():
    a = np.sort(np.random.default_rng(0).normal(size=(2, 5)))
    x = np.random.default_rng(1).normal(size=(2, 3))
    assert_parity(scratch.searchsorted, torch.searchsorted, a, x, order=0)


def test_what_torch_refuses():
    for lib in (scratch, torch):
        with pytest.raises(RuntimeError, match="selected index k out of"):
            lib.ones(3).topk(5)
        with pytest.raises(RuntimeError, match="out of range for dimension"):
            lib.ones(3).kthvalue(0)
        with pytest.raises(NotImplementedError, match="derivative for '_uni"):
            lib.ones(3, requires_grad=True).unique().sum().backward()
        with pytest.raises(RuntimeError, match="side can only be"):
            lib.searchsorted(lib.ones(3), lib.ones(3), side="up")


@pytest.mark.parametrize("dtype", ("int64", "int32", "int16", "uint8",
                                   "bool", "float32"))
@pytest.mark.parametrize("call", (
    "L.median(x)", "L.nanmedian(x)", "L.vander(y)", "L.vander(y, 0)",
    "L.trapezoid(x)", "L.unique(x.view(3, 0), dim=0)",
    "L.unique(x.view(3, 0), dim=1)", "L.unique_consecutive(x)",
    "L.unique_consecutive(x.view(0, 2), dim=1)"))
def test_of_nothing(call: str, dtype: str) -> None:
    found = []
    for lib in (scratch, torch):
        kind = getattr(lib, dtype)
        space = {"L": lib, "x": lib.empty(0, dtype=kind),
                 "y": lib.ones(1, dtype=kind)}
        try:
            y = eval(call, space)
            found.append((str(y.dtype), tuple(y.shape), str(y.tolist())))
        except Exception as error:
            found.append(str(error))
    assert found[0] == found[1]


@given(x=arrays(elements=few), y=arrays(elements=few), invert=st.booleans())
def test_isin(x, y, invert):
    # torch: fails where either does not lie in rows
    assert_parity(
        lambda x, y: scratch.isin(x, y, invert=invert),
        lambda x, y: torch.isin(x.contiguous(), y.contiguous(),
                                invert=invert), x, y, order=0)
