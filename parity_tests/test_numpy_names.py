"""NumPy's names of arguments do what torch's own names do."""

from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import assume, given
from hypothesis import strategies as st

import scratch

REDUCTIONS = (
    "all amax amin any argmax argmin logsumexp max mean median min nanmean "
    "nansum prod std sum var"
).split()
ALONG = (
    "chunk:2 cumsum: cumprod: diff:1 log_softmax: repeat_interleave:2 "
    "softmax: sort: topk:1 unbind: unsqueeze: squeeze:"
).split()
axes = st.integers(-2, 1)


def numbers(result: Any) -> Any:
    """A result as nested lists, of nine digits each."""
    if isinstance(result, (tuple, list)):
        return [numbers(part) for part in result]
    if isinstance(result, (int, float)):
        return float(f"{result:.9g}")
    return numbers(result.tolist())


def both(lib: Any, name: str) -> tuple:
    """The method and, where there is one, the function."""
    method = getattr(lib.Tensor, name)
    return method, getattr(lib, name, method)


@given(st.sampled_from(REDUCTIONS), axes, st.booleans())
def test_axis_and_keepdims(name: str, axis: int, keep: bool) -> None:
    a = np.arange(6, dtype=np.float64).reshape(2, 3)
    seen = [
        numbers(f(lib.from_numpy(a), axis=axis, keepdims=keep))
        for lib in (scratch, torch)
        for f in both(lib, name)
    ]
    assert all(result == seen[0] for result in seen)


@given(st.sampled_from(ALONG), axes)
def test_axis_of_what_keeps_its_dimensions(case: str, axis: int) -> None:
    name, _, number = case.partition(":")
    more = [int(number)] if number else []
    a = np.arange(6, dtype=np.float64).reshape(2, 3)
    seen = [
        numbers(f(lib.from_numpy(a), *more, axis=axis))
        for lib in (scratch, torch)
        for f in both(lib, name)
    ]
    assert all(result == seen[0] for result in seen)


@pytest.mark.parametrize(
    "call",
    [
        lambda lib, x: lib.cat([x, x], axis=1),
        lambda lib, x: lib.stack([x, x], axis=-1),
        lambda lib, x: lib.sum(x=x, axis=0),
        lambda lib, x: lib.mean(a=x),
        lambda lib, x: lib.linalg.norm(x, axis=1),
        lambda lib, x: lib.linalg.vector_norm(x, axis=0, keepdims=True),
        lambda lib, x: x.sum(axis=(0, 1), keepdims=True),
        lambda lib, x: x.gather(axis=1, index=lib.zeros(2, 1).long()),
        lambda lib, x: lib.sum(x, axis=1, out=lib.zeros(2)),
    ],
)
def test_other_names(call: Any) -> None:
    ours, theirs = (
        call(lib, lib.ones(2, 3)).tolist() for lib in (scratch, torch)
    )
    assert ours == theirs


@pytest.mark.parametrize(
    "call",
    [
        lambda lib, x: x.sum(dim=1, axis=1),
        lambda lib, x: x.norm(axis=1),
        lambda lib, x: x.split(1, axis=1),
        lambda lib, x: lib.nn.functional.softmax(x, axis=1),
        lambda lib, x: x.sum(axes=1),
    ],
)
def test_what_torch_does_not_know_is_refused(call: Any) -> None:
    for lib in (scratch, torch):
        with pytest.raises(TypeError):
            call(lib, lib.ones(2, 3))


PYTHONS = st.sampled_from([bool, int, float, complex])
BY_DTYPE = {
    "zeros": lambda lib, t: lib.zeros(2, dtype=t),
    "tensor": lambda lib, t: lib.tensor([1, 0], dtype=t),
    "arange": lambda lib, t: lib.arange(3, dtype=t),
    "full": lambda lib, t: lib.full((2,), 1, dtype=t),
    "ones_like": lambda lib, t: lib.ones_like(lib.ones(2), dtype=t),
    "new_zeros": lambda lib, t: lib.ones(2).new_zeros(2, dtype=t),
    "to": lambda lib, t: lib.ones(2).to(t),
    "to dtype": lambda lib, t: lib.ones(2).to(dtype=t),
    "sum": lambda lib, t: lib.ones(2).sum(dtype=t),
    "cumsum": lambda lib, t: lib.ones(2).cumsum(0, dtype=t),
    "linear": lambda lib, t: lib.nn.Linear(1, 1, dtype=t).weight,
    "module": lambda lib, t: lib.nn.Linear(1, 1).to(t).weight,
    "type": lambda lib, t: lib.ones(2).type(t),
}


@pytest.mark.parametrize("name", BY_DTYPE)
@given(python=PYTHONS)
@pytest.mark.filterwarnings("ignore:Complex modules")
def test_pythons_types_stand_for_dtypes(name: str, python: Any) -> None:
    assume(name != "arange" or python is not complex)  # refused by torch
    told = []
    for lib in (scratch, torch):
        try:
            told.append(str(BY_DTYPE[name](lib, python).dtype))
        except Exception as error:
            told.append(type(error).__name__)
    assert told[0] == told[1]
