"""nn.modules: each layer is found under the name of torch's file."""

import importlib
import pkgutil
from collections.abc import Iterator
from typing import Any

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch.nn import modules

import scratch
from scratch import nn

NOT_HERE = {"_functions", "linear_cross_entropy",
            "linear_cross_entropy_options"}
FILES = [found.name for found in pkgutil.iter_modules(modules.__path__)
         if found.name not in NOT_HERE]


def classes(module: Any) -> Iterator[str]:
    """The layers that a file of torch defines."""
    for word, value in vars(module).items():
        if isinstance(value, type) and value.__module__ == module.__name__:
            yield word


@pytest.mark.parametrize("file", FILES)
def test_a_file_has_its_layers(file: str) -> None:
    theirs = importlib.import_module(f"torch.nn.modules.{file}")
    ours = importlib.import_module(f"scratch.nn.modules.{file}")
    assert ours is getattr(nn.modules, file)
    for word in classes(theirs):
        if hasattr(nn, word) and hasattr(torch.nn, word):
            assert getattr(ours, word) is getattr(nn, word)
            assert getattr(nn.modules, word) is getattr(nn, word)


def test_the_bases_that_programs_ask_for() -> None:
    found = nn.modules
    assert isinstance(nn.BatchNorm2d(1), found.batchnorm._BatchNorm)
    assert isinstance(nn.Conv1d(1, 1, 1), found.conv._ConvNd)
    assert isinstance(nn.MSELoss(), found.loss._Loss)
    keys = nn.Linear(1, 1).load_state_dict({}, strict=False)
    assert isinstance(keys, found.module._IncompatibleKeys)
    with pytest.raises(AttributeError):
        found.nothing  # noqa: B018


@given(st.integers(0, 9) | st.tuples(st.integers(), st.integers()),
       st.integers(1, 3))
def test_a_number_for_every_dimension(x: Any, n: int) -> None:
    both = nn.modules.utils, modules.utils
    for word in ("_single", "_pair", "_triple", "_quadruple"):
        ours, theirs = (getattr(lib, word)(x) for lib in both)
        assert ours == theirs
    for lib in both:
        assert lib._ntuple(n)(7) == (7,) * n
    if isinstance(x, tuple):
        ours, theirs = (lib._reverse_repeat_tuple(x, n) for lib in both)
        assert ours == theirs
        ours, theirs = (lib._list_with_default(
            [None, 5], (1, *x)) for lib in both)
        assert ours == theirs


@given(st.lists(st.sampled_from(
    ["a", "m.a", "m.m.a", "module.a", "ma.b", ""]), unique=True),
    st.sampled_from(["m.", "module.", "m", ""]))
def test_a_prefix_is_taken_off(names: list[str], prefix: str) -> None:
    results = []
    for lib in (nn.modules.utils, modules.utils):
        state = torch.nn.Linear(1, 1).state_dict()
        state.clear()
        state.update(dict.fromkeys(names, 1))
        state._metadata = {"": 1, "m": 2, "m.a": 3, "module": 4}
        lib.consume_prefix_in_state_dict_if_present(state, prefix)
        results.append((list(state), state._metadata))
    assert results[0] == results[1]
    assert scratch.nn.modules.utils is nn.modules.utils
