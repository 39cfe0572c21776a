"""Futures: completed once, waited for, called back; beside torch's."""

import threading
from typing import Any

import pytest
import torch
import torch.futures as theirs
from hypothesis import given
from hypothesis import strategies as st

import scratch
import scratch.futures as ours

SIDES: list[Any] = [ours, theirs]
MOVES = st.lists(
    st.sampled_from("result error then fail chain call bad done value wait"
                    .split()), max_size=9)  # fmt: skip


def told(function: Any, *args: Any) -> Any:
    """What it returns or, of an error, its class and first words."""
    try:
        return function(*args)
    except Exception as error:
        return type(error).__name__, str(error)[:34]


def life(side: Any, moves: list) -> list:
    """What a future and those that follow it show after each move."""
    future, seen, after = side.Future(), [], []
    for i, move in enumerate(moves):
        done = future.done()
        match move:
            case "result":
                seen.append(told(future.set_result, i))
            case "error" if not done:
                seen.append(told(future.set_exception, KeyError(i)))
            case "then":
                after.append(future.then(lambda f, i=i: (i, f.value())))
            case "fail":
                after.append(future.then(lambda f: 1 / 0))
            case "chain" if after:
                after.append(after[-1].then(lambda f: [f.wait()]))
            case "call":
                future.add_done_callback(
                    lambda f, i=i: seen.append(("called", i, f.done())))
            case "bad":
                seen.append(told(future.then, 3)[0])
                seen.append(told(future.add_done_callback, None)[0])
            case "value":
                seen.append(told(future.value))
            case "wait" if done:
                seen.append(told(future.wait))
        seen.append([f.done() for f in (future, *after)])
    return [*seen, *(told(f.wait) for f in after if f.done())]


@given(MOVES)
def test_a_futures_life_is_torchs(moves: list) -> None:
    assert life(ours, moves) == life(theirs, moves)


@given(st.permutations(range(4)), st.integers(0, 4), st.booleans())
def test_many_futures_are_one(order: list, n: int, failing: bool) -> None:
    found = []
    for side in SIDES:
        futures = [side.Future() for _ in range(n)]
        every, seen = side.collect_all(futures), []
        for i in (i for i in order if i < n):
            if failing and i == order[0]:
                futures[i].set_exception(ValueError("no"))
            else:
                futures[i].set_result(i * 2)
            if not failing:
                seen.append(every.done())
        values = told(side.wait_all, futures)
        same = told(every.wait)
        if not (failing and order[0] < n):
            assert len(same) == n
            if side is ours:  # torch: wrapped anew
                assert all(a is b for a, b in zip(same, futures))
        found.append([seen, every.done(), values])
    assert found[0] == found[1]


def test_an_error_ends_the_waiting_for_all() -> None:
    first, second = ours.Future(), ours.Future()
    every = ours.collect_all([first, second])
    first.set_exception(ValueError("no"))
    assert every.done() and not second.done()
    with pytest.raises(ValueError, match="no"):
        ours.wait_all([first, second])
    second.set_result(3)


def test_a_failed_callback_says_what_happened_and_where() -> None:
    for side in SIDES:
        future = side.Future()
        after = future.then(lambda f: 1 / 0)
        future.set_result(3)
        with pytest.raises(RuntimeError) as caught:
            after.wait()
        first, _, at, place, *_ = str(caught.value).split("\n")
        assert first == ("Got the following error when running the callback: "
                         "ZeroDivisionError: division by zero")
        assert at == "At:" and place.endswith(": <lambda>")


def test_who_waits_is_woken_by_another_thread() -> None:
    for lib, side in ((scratch, ours), (torch, theirs)):
        future = side.Future()
        later = future.then(lambda f: f.wait() + 1)
        thread = threading.Timer(0.01, future.set_result, (lib.ones(2),))
        thread.start()
        assert later.wait().tolist() == [2, 2]
        thread.join()


@pytest.mark.parametrize("call", [
    lambda f: f.Future(devices=["cpu"]), lambda f: f.collect_all([3]),
    lambda f: f.Future(devices=["zz"]),
    lambda f: f.Future().set_exception(3), lambda f: f.Future().value(),
])  # fmt: skip
def test_refusals(call: Any) -> None:
    said = [told(call, side) for side in SIDES]
    assert said[0][0] == said[1][0] and said[0][1][:25] == said[1][1][:25]
