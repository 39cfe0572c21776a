"""A tensor's __dict__ holds what was attached to it, as torch's does."""

import copy
import pickle
from typing import Any

import pytest
import torch
from hypothesis import example, given
from hypothesis import strategies as st

import scratch

LIBS: list[Any] = [scratch, torch]
WORDS = st.sampled_from(["tag", "labels", "step", "who"])
CHANGES = st.lists(st.one_of(
    st.tuples(st.just("__setitem__"), WORDS, st.integers()),
    st.tuples(st.sampled_from(["__delitem__", "pop"]), WORDS),
    st.tuples(st.just("setdefault"), WORDS, st.integers()),
    st.tuples(st.just("update"), st.dictionaries(WORDS, st.integers())),
    st.tuples(st.just("__ior__"), st.dictionaries(WORDS, st.integers())),
    st.tuples(st.sampled_from(["clear", "copy", "popitem"]))), max_size=5)
KINDS = ["leaf", "result", "view", "parameter", "subclass"]


def made(lib: Any, kind: str) -> Any:
    """A tensor that came about in some way."""

    class Own(lib.Tensor):
        pass

    x = lib.ones(3, requires_grad=True)
    return {"leaf": lambda: x, "result": lambda: x * 2, "view": lambda: x[1:],
            "parameter": lambda: lib.nn.Parameter(lib.ones(3)),
            "subclass": lambda: lib.ones(3).as_subclass(Own)}[kind]()


@pytest.mark.parametrize("kind", KINDS)
@given(named=st.dictionaries(WORDS, st.integers()), changes=CHANGES)
@example(named={"tag": 1}, changes=[("pop", "tag"), ("pop", "tag")])
def test_what_is_attached_is_kept_apart(kind: str, named: dict,
                                        changes: list) -> None:
    said = []
    for lib in LIBS:
        x = made(lib, kind)
        y = made(lib, kind)
        for name, value in named.items():
            setattr(x, name, value)
        said.append([dict(x.__dict__), vars(y)])
        for change, *given_ in changes:
            try:
                found = getattr(x.__dict__, change)(*given_)
                said[-1].append(copy.copy(found))
            except KeyError as missing:
                said[-1].append(str(missing))
        said[-1] += [dict(vars(x)), {w: getattr(x, w) for w in vars(x)}]
        y.__dict__ = x.__dict__  # and the numbers stay
        said[-1] += [dict(vars(y)), y.tolist(), (y * 2).tolist()]
        said[-1] += [copy.copy(vars(x)), copy.deepcopy(vars(x)),
                     type(copy.copy(vars(x))),
                     pickle.loads(pickle.dumps(vars(x)))]
        with pytest.raises(TypeError, match="must be set to a dictionary"):
            y.__dict__ = 3
        assert y.numel() and y.tolist() == made(lib, kind).tolist()
    assert said[0] == said[1]
