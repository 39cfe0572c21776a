"""No argument that torch refuses is accepted: each spoilt in turn."""

import warnings
from typing import Any

import pytest
import torch

import scratch
from parity_tests.bad_calls import systematic

PARTS = 4


def answer(lib: Any, line: str) -> Exception | None:
    """The exception that a call raises."""
    lib.manual_seed(3)
    here = {"torch": lib, "nn": lib.nn, "F": lib.nn.functional,
            "r": lib.randn, "k": lib.tensor, "v": lib.randn(4),
            "b": lib.ones(3, 4).bool()}
    try:
        exec(line, here)
    except Exception as error:
        return error
    return None


@pytest.mark.parametrize("part", range(PARTS))
@pytest.mark.filterwarnings("ignore")
def test_what_torch_refuses_is_refused(part: int) -> None:
    lines = systematic.calls()[part::PARTS]
    accepted, silent = [], []
    for line in lines:
        theirs = answer(torch, line)
        if theirs is None:
            continue
        ours = answer(scratch, line)
        if ours is None:
            accepted.append(f"{line}\n    {theirs}")
        elif not str(ours).strip():
            silent.append(line)
    assert not accepted, "\n".join(accepted)
    assert not silent, "\n".join(silent)


def test_the_calls_are_good_before_they_are_spoilt() -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for line in systematic.good_calls():
            assert answer(torch, line) is None, line
            assert answer(scratch, line) is None, line


def test_there_are_many() -> None:
    assert len(systematic.calls()) > 14_000
