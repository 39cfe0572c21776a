"""Dtypes and layouts that can be named and asked; tensors are refused."""

from itertools import product
from typing import Any

import pytest
import torch

import scratch

KINDS = (
    "bfloat16 complex32 float16 float32 float64 uint8 int64 bool "
    "complex64 complex128"
).split()
FLOAT8 = (
    "float8_e4m3fn float8_e4m3fnuz float8_e5m2 float8_e5m2fnuz float8_e8m0fnu"
).split()
FACTS = "is_floating_point is_complex is_signed itemsize".split()
LIMITS = "bits eps max min tiny smallest_normal resolution dtype".split()


def told_alike(kind: str, info: str, limits: list[str]) -> tuple[Any, Any]:
    """The dtype here and torch's, which tell the same of themselves."""
    ours, theirs = getattr(scratch, kind), getattr(torch, kind)
    assert isinstance(ours, scratch.dtype) and repr(ours) == repr(theirs)
    for fact in FACTS:
        assert getattr(ours, fact) == getattr(theirs, fact)
    mine, its = getattr(scratch, info)(ours), getattr(torch, info)(theirs)
    for limit in limits:
        assert getattr(mine, limit) == getattr(its, limit), limit
    return ours, theirs


@pytest.mark.parametrize("kind", ["bfloat16", "complex32", *FLOAT8])
def test_the_dtype_tells_what_torchs_tells(kind: str) -> None:
    ours, theirs = told_alike(kind, "finfo", LIMITS)
    assert repr(ours.to_real()) == repr(theirs.to_real())
    with pytest.raises(TypeError):
        scratch.iinfo(ours)
    assert ours is getattr(scratch, kind) and ours not in (scratch.float16,)


@pytest.mark.parametrize("pair", list(product(KINDS[:2], KINDS)))
def test_promotion_is_torchs(pair: tuple) -> None:
    for a, b in (pair, pair[::-1]):
        found = scratch.promote_types(getattr(scratch, a), getattr(scratch, b))
        wanted = torch.promote_types(getattr(torch, a), getattr(torch, b))
        if repr(wanted) != "torch.bcomplex32":
            assert repr(found) == repr(wanted), (a, b)
        assert scratch.can_cast(
            getattr(scratch, a), getattr(scratch, b)
        ) == torch.can_cast(getattr(torch, a), getattr(torch, b))


@pytest.mark.parametrize("pair", list(product(FLOAT8, FLOAT8 + KINDS)))
def test_eight_bits_are_promoted_to_nothing(pair: tuple) -> None:
    for a, b in (pair, pair[::-1]):
        said = []
        for lib in (scratch, torch):
            try:
                found: Any = lib.promote_types(getattr(lib, a), getattr(lib, b))
            except RuntimeError as refusal:
                found = refusal
            said.append(repr(found))
        assert said[0] == said[1]
        assert scratch.can_cast(
            getattr(scratch, a), getattr(scratch, b)
        ) == torch.can_cast(getattr(torch, a), getattr(torch, b))


@pytest.mark.parametrize(
    "asks",
    [
        lambda t: t.zeros(2, dtype=t.bfloat16),
        lambda t: t.ones(2).bfloat16(),
        lambda t: t.ones(2).to(t.bfloat16),
        lambda t: t.BFloat16Tensor(2),
        lambda t: t.tensor([1.0], dtype=t.bfloat16),
        lambda t: t.arange(3, dtype=t.bfloat16),
        lambda t: t.randn(2, dtype=t.bfloat16),
        lambda t: t.ones(2).sum(dtype=t.bfloat16),
        lambda t: t.ones(2).type(t.bfloat16),
        lambda t: t.ones(2).type("torch.BFloat16Tensor"),
        lambda t: t.nn.Linear(1, 1).bfloat16(),
        lambda t: t.nn.Linear(1, 1, dtype=t.bfloat16),
        lambda t: t.nn.Linear(1, 1).to(t.bfloat16),
        lambda t: t.set_default_dtype(t.bfloat16),
    ],
)
def test_a_tensor_of_them_is_refused_with_the_reason(asks: Any) -> None:
    with pytest.raises(NotImplementedError, match="bfloat16.*float32"):
        asks(scratch)
    assert scratch.ones(1).dtype is scratch.float32
    assert not isinstance(scratch.ones(1), scratch.BFloat16Tensor)


UNSIGNED = ["uint16", "uint32", "uint64"]
OTHERS = [*UNSIGNED, *KINDS]


@pytest.mark.parametrize("kind", UNSIGNED)
def test_unsigned_integers_tell_what_torchs_tell(kind: str) -> None:
    limits = "bits max min dtype".split()
    ours, _ = told_alike(kind, "iinfo", limits)
    with pytest.raises(TypeError):
        scratch.finfo(ours)
    for asks in (
        lambda: scratch.zeros(2, dtype=ours),
        lambda: scratch.ones(2).to(ours),
        lambda: scratch.tensor([1], dtype=ours),
        lambda: scratch.arange(3, dtype=ours),
        lambda: scratch.ones(2).sum(dtype=ours),
        lambda: scratch.ones(2).type(ours),
    ):
        with pytest.raises(NotImplementedError, match=f"{kind}.*int32"):
            asks()


@pytest.mark.parametrize("pair", list(product(UNSIGNED, OTHERS)))
def test_promotion_of_unsigned_integers_is_torchs(pair: tuple) -> None:
    for a, b in (pair, pair[::-1]):
        found = []
        for lib in (scratch, torch):
            kinds = getattr(lib, a), getattr(lib, b)
            try:
                found.append(repr(lib.promote_types(*kinds)))
            except RuntimeError as error:
                found.append(str(error))
            found.append(lib.can_cast(*kinds))
        assert found[:2] == found[2:], (a, b)


@pytest.mark.parametrize(
    "name", "sparse_coo sparse_csr sparse_csc sparse_bsr sparse_bsc".split()
)
@pytest.mark.parametrize(
    "asks",
    [
        lambda t, form: t.zeros(2, 3, layout=form),
        lambda t, form: t.empty(2, 3, layout=form),
        lambda t, form: t.rand(2, 3, layout=form),
        lambda t, form: t.full((2,), 1.0, layout=form),
        lambda t, form: t.ones_like(t.ones(2, 2), layout=form),
        lambda t, form: t.arange(3, layout=form),
        lambda t, form: t.eye(3, layout=form),
        lambda t, form: t.ones(2).new_zeros(2, layout=form),
    ],
)
def test_a_sparse_tensor_is_refused_with_the_reason(
    name: str, asks: Any
) -> None:
    form = getattr(scratch, name)
    assert repr(form) == repr(getattr(torch, name))
    assert isinstance(form, scratch.layout)
    with pytest.raises(NotImplementedError, match=f"{name}.*torch.strided"):
        asks(scratch, form)
    assert asks(scratch, scratch.strided).layout is scratch.strided
    for lib in (scratch, torch):
        with pytest.raises(TypeError):
            asks(lib, "strided")
