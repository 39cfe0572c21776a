"""Anomaly mode names the step that made the first NaN, and its line."""

from __future__ import annotations

import re
import warnings
from collections.abc import Iterator
from typing import Any

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

import scratch

BOTH = (scratch, torch)

# What makes NaN in backward at 0 (where x is 0), each a line of its own.
MAKERS = {
    "sqrt": lambda lib, x: x.sqrt() * 0,
    "pow": lambda lib, x: x.pow(0.5) * 0,
    "div": lambda lib, x: (x / x) * 1,
    "under": lambda lib, x: (2 / x) * 0,
    "log": lambda lib, x: x.log() * 0,
    "norm": lambda lib, x: (x * 1).pow(2).sum().sqrt() + 0,
    "atan2": lambda lib, x: lib.atan2(x, x * 0),
    "where": lambda lib, x: lib.where(x > 0, x.sqrt() / x, x * 0),
    "prod": lambda lib, x: (x * float("inf")).sin(),
    "xlogy": lambda lib, x: lib.xlogy(x, x) * 0,
    "rsqrt": lambda lib, x: x.rsqrt() * 0,
    "nothing": lambda lib, x: x * 3,
}
# What stands around it, without NaN of its own.
AROUND = {
    "double": lambda lib, x: x * 2,
    "shift": lambda lib, x: x + 1,
    "turn": lambda lib, x: x.reshape(-1, 1),
    "exp": lambda lib, x: x.exp(),
    "double in place": lambda lib, x: (x * 1).mul_(2),
}


@pytest.fixture(autouse=True)
def restored() -> Iterator[None]:
    yield
    for lib in BOTH:
        lib.autograd.set_detect_anomaly(False)


def told(lib: Any, call: Any) -> tuple[str, list[str]]:
    """The error of a call in anomaly mode, and its warnings."""
    with warnings.catch_warnings(record=True) as seen:
        warnings.simplefilter("always")
        with lib.autograd.set_detect_anomaly(True):
            try:
                call(lib)
                error = ""
            except RuntimeError as found:
                error = str(found)
    return error, [str(w.message) for w in seen]


def lines(message: str) -> list[str]:
    """The lines of a traceback that lie in this file."""
    return re.findall(r"test_anomaly\.py\", line (\d+)", message)


@given(
    maker=st.sampled_from(sorted(MAKERS)),
    before=st.lists(st.sampled_from(["double", "double in place"])),
    after=st.lists(st.sampled_from(sorted(AROUND)), max_size=3),
    values=st.lists(st.sampled_from([0.0, 1.0, 4.0]), min_size=1, max_size=3),
)
def test_the_first_nan_is_traced_to_its_line(
    maker: str, before: list, after: list, values: list
) -> None:
    def call(lib: Any) -> None:
        x = lib.tensor(values, dtype=lib.float64, requires_grad=True)
        y = x * 1
        for name in before:
            y = AROUND[name](lib, y)
        y = MAKERS[maker](lib, y)
        for name in after:
            y = AROUND[name](lib, y)
        y.sum().backward()

    (ours, our_words), (theirs, their_words) = (
        told(lib, call) for lib in BOTH)
    assert ours == theirs
    assert len(our_words) == len(their_words)
    for a, b in zip(our_words, their_words):
        assert a.splitlines()[0] == b.splitlines()[0]
        assert lines(a) == lines(b)


def test_the_warning_says_the_line_of_the_forward_call() -> None:
    def root(x: Any) -> Any:
        return x.sqrt()

    def call(lib: Any) -> None:
        x = lib.zeros(1, requires_grad=True)
        (root(x) * 0).sum().backward()

    error, (words,) = told(scratch, call)
    assert error == ("Function 'SqrtBackward0' returned nan values in its "
                     "0th output.")
    assert words.rstrip().endswith("return x.sqrt()")  # nothing of scratch


FORWARD = {
    "outside": lambda lib, x: (x.sqrt() * 0).sum(),
    "changed": lambda lib, x: spoiled(x.exp()).sum(),
    "changed leaf": lambda lib, x: spoiled_factor(x, lib.ones(2)),
    "second": lambda lib, x: lib.autograd.grad(
        (x.sqrt() + 1).sum(), x, create_graph=True)[0].mul(0).sum(),
    "own": lambda lib, x: own(lib).apply(x * 2).sum(),
}


def spoiled(y: Any) -> Any:
    y.add_(1)
    return y


def spoiled_factor(x: Any, c: Any) -> Any:
    y = (x * c).sum()
    c.zero_()
    return y


def own(lib: Any) -> Any:
    class Own(lib.autograd.Function):  # type: ignore[name-defined]
        """Its backward fails."""

        @staticmethod
        def forward(ctx: Any, x: Any) -> Any:
            return x.clone()

        @staticmethod
        def backward(ctx: Any, g: Any) -> Any:
            raise RuntimeError("failed on purpose")

    return Own


@pytest.mark.parametrize("name", FORWARD)
@pytest.mark.parametrize("seen", [True, False])
def test_every_failure_of_a_step_is_traced(name: str, seen: bool) -> None:
    """Also where the forward call was made outside the mode."""
    def call(lib: Any) -> None:
        x = lib.zeros(2, dtype=lib.float64, requires_grad=True)
        with lib.autograd.set_detect_anomaly(seen):
            y = FORWARD[name](lib, x)
        y.backward()

    (ours, our_words), (theirs, their_words) = (
        told(lib, call) for lib in BOTH)
    if not seen:  # which of the inputs it was, only the mode has kept
        ours, theirs = (re.sub(r"\d+th", "", x) for x in (ours, theirs))
    assert ours == theirs and ours
    heads = [[w.strip().splitlines()[0] for w in words]
             for words in (our_words, their_words)]
    assert [h.split(" (Triggered")[0] for h in heads[1]] == heads[0]


@given(st.booleans(), st.booleans())
def test_nan_may_be_let_through(check: bool, inf: bool) -> None:
    """check_nan=False; and inf is no NaN."""
    for lib in BOTH:
        x = lib.zeros(1, requires_grad=True)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            with lib.autograd.detect_anomaly(check_nan=check):
                assert lib.is_anomaly_check_nan_enabled() is check
                y = x.sqrt().sum() if inf else (x.sqrt() * 0).sum()
                try:
                    y.backward()
                except RuntimeError:
                    assert check and not inf
                else:
                    assert inf or not check
        assert not lib.is_anomaly_enabled()


def test_detect_anomaly_warns_that_it_is_slow() -> None:
    for lib in BOTH:
        with pytest.warns(UserWarning, match="Anomaly Detection has been"):
            lib.autograd.detect_anomaly()
