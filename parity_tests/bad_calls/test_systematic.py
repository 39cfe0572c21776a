"""Each argument spoilt in turn: what torch refuses is refused in its class,
what torch accepts gives torch's dtype, shape and value."""

import warnings
from typing import Any

import numpy as np
import pytest
import torch

import scratch
from parity_tests.bad_calls import systematic
from parity_tests.bad_calls.judge import word

PARTS = 4
UNREAD = ("torch's fused kernel takes the number of values from the keys, "
          "and reads memory behind a tensor that has fewer")
ALLOWED = {  # where we answer otherwise, and why; no other call may
    "F.scaled_dot_product_attention(r(2, 3, 4), r(2, 5, 4), r(2, 5, 4)[:0], "
    "attn_mask=r(3, 5), dropout_p=0.0, is_causal=False, scale=0.5, "
    "enable_gqa=False)": UNREAD,
    "F.scaled_dot_product_attention(r(2, 4, 3, 4), r(2, 2, 5, 4), "
    "r(2, 2, 5, 4)[:0], is_causal=True, enable_gqa=True)": UNREAD,
}


def answer(lib: Any, line: str) -> Any:
    """The result of a call, or the exception that it raises."""
    lib.manual_seed(3)
    here = {"torch": lib, "nn": lib.nn, "F": lib.nn.functional,
            "r": lib.randn, "k": lib.tensor, "v": lib.randn(4),
            "b": lib.ones(3, 4).bool()}
    try:
        return eval(line, here)
    except Exception as error:
        return error


def difference(ours: Any, theirs: Any) -> str:
    """What is wrong with our answer; empty where it is torch's."""
    if isinstance(theirs, Exception):
        if not isinstance(ours, Exception):
            return f"accepted; torch: {theirs!r}"
        if word(type(ours)) != word(type(theirs)):
            return f"{ours!r}; torch: {theirs!r}"
        return "" if str(ours).strip() else "no message"
    if isinstance(ours, Exception):
        return f"{ours!r}; torch accepts it"
    if isinstance(theirs, tuple):
        found = [difference(y, u) for y, u in zip(ours, theirs, strict=True)]
        return " ".join(filter(None, found))
    if not isinstance(theirs, torch.Tensor):
        return "" if type(ours) is type(theirs) else f"{ours}, not {theirs}"
    if str(ours.dtype) != str(theirs.dtype) or ours.shape != theirs.shape:
        return (f"{ours.dtype} {tuple(ours.shape)}; torch: {theirs.dtype} "
                f"{tuple(theirs.shape)}")
    near = 2e-2 if theirs.dtype == torch.float16 else 1e-4
    close = np.allclose(ours.detach().numpy(), theirs.detach().numpy(),
                        near, near, equal_nan=True)
    return "" if close else f"{ours}; torch: {theirs}"


@pytest.mark.parametrize("part", range(PARTS))
@pytest.mark.filterwarnings("ignore")
def test_spoilt_calls_are_answered_as_torch_answers(part: int) -> None:
    wrong = {}
    with np.errstate(all="ignore"):
        for line in systematic.calls()[part::PARTS]:
            found = difference(answer(scratch, line), answer(torch, line))
            if bool(found) != (line in ALLOWED):
                wrong[line] = found or "mended: allowed no more"
    assert not wrong, "\n".join(f"{a}\n    {b}" for a, b in wrong.items())


def test_the_calls_are_good_before_they_are_spoilt() -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for line in systematic.good_calls():
            for lib in (torch, scratch):
                found = answer(lib, line)
                assert not isinstance(found, Exception), (line, found)


def test_there_are_many() -> None:
    calls = systematic.calls()
    assert len(calls) > 15_000
    assert set(ALLOWED) <= set(calls)
