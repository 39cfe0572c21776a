"""The memory under a tensor: what views share, what is read and written."""

import copy
import warnings
from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

import scratch

KINDS = ["float16", "float32", "float64", "uint8", "int8", "int16", "int32",
         "int64", "bool", "complex64", "complex128"]
SHAPES = [(), (0,), (1,), (4,), (2, 3), (3, 2, 2)]
LOOKS = ["x", "x.detach()", "x.data", "x.transpose(-1, 0)", "x[..., 1:]",
         "x[:, ::2]",
         "x.view(-1)", "x.expand(2, *x.shape)", "x.detach()[1:]"]


def numbers(x: Any) -> Any:
    """x.storage(), which says that it is deprecated."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return x.storage()


@given(st.sampled_from(KINDS), st.sampled_from(SHAPES), st.sampled_from(LOOKS),
       st.integers(0, 2**32 - 1))
def test_a_look_has_the_storage_of_its_tensor(
    kind: str, shape: tuple[int, ...], look: str, seed: int
) -> None:
    a = np.random.default_rng(seed).integers(0, 9, shape).astype(kind)
    found: list[Any] = []
    for lib in (scratch, torch):
        x = lib.tensor(a.tolist(), dtype=getattr(lib, kind))
        x = x.view(shape)
        try:
            y = eval(look, {"x": x})
        except (RuntimeError, IndexError, AttributeError):
            found.append(None)
            continue
        bytes_, row = y.untyped_storage(), numbers(y)
        found.append((
            bytes_.data_ptr() == x.untyped_storage().data_ptr(),
            bytes_.nbytes(), bytes_.size(), len(bytes_), bytes_.tolist(),
            row.data_ptr() == bytes_.data_ptr(), len(row), row.size(),
            list(row), row.element_size(), str(row.dtype), row.nbytes(),
            str(row.device), row.is_cuda, repr(row) if row.size() else ""))
    if shape != (0,):
        assert found[0] == found[1]


@given(st.sampled_from(SHAPES[2:]), st.data())
def test_what_is_written_there_the_tensor_sees(shape: tuple[int, ...],
                                               data: Any) -> None:
    n = int(np.prod(shape))
    at = data.draw(st.integers(0, n - 1))
    found = []
    for lib in (scratch, torch):
        x = lib.arange(float(n)).view(shape)
        row = numbers(x.t() if x.ndim == 2 else x)
        row[at] = -7.5
        first = (x.tolist(), row[at], numbers(x).tolist())
        copy = row.clone()
        row.fill_(2.0)
        found.append((*first, copy.tolist(), x.tolist(),
                      row.copy_(copy).tolist(), x.tolist()))
    assert found[0] == found[1]


def test_a_storage_of_ones_own() -> None:
    assert len(scratch.UntypedStorage(5)) == len(torch.UntypedStorage(5)) == 5
    with pytest.warns(UserWarning, match="TypedStorage is deprecated"):
        scratch.ones(2).storage()
    for lib in (scratch, torch):
        with pytest.raises(IndexError):
            lib.ones(2).untyped_storage()[8]


VIEWS = ["x", "x[1:]", "x.T", "x[:, 0]", "x[1, ::2]", "x[:1].expand(2, 3)",
         "x.detach()", "x.view(-1)", "x[:0]", "P(x)", "P(x[1])", "x * 1"]


@given(st.lists(st.sampled_from(VIEWS), min_size=1, max_size=4),
       st.sampled_from(["float32", "float64", "int64", "complex64"]))
def test_copies_share_the_memory_that_was_shared(
    views: list[str], dtype: str
) -> None:
    found = []
    for lib in (scratch, torch):
        x = lib.arange(6).reshape(2, 3).to(getattr(lib, dtype))

        def parameter(t: Any, lib: Any = lib) -> Any:
            return lib.nn.Parameter(t, requires_grad=False)

        given = [eval(view, {"x": x, "P": parameter}) for view in views]
        one = [*given, {"again": given[0]}]
        twins = copy.deepcopy(one)
        assert twins[-1]["again"] is twins[0]
        x.fill_(0)
        seen = []
        for i, twin in enumerate(twins[:-1]):
            if twin.numel():
                twin[(0,) * twin.ndim] = 50 + i
            seen += [[t.tolist(), t.stride()] for t in twins[:-1]]
        found.append([seen, [t.tolist() for t in given]])
    assert found[0] == found[1]
