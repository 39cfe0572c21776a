"""State saved by one side is the same state on the other."""

import pytest
import torch

import scratch
from parity_tests.robustness.states import (
    MODULES,
    OPTIMIZERS,
    build,
    module,
    optimizer,
)
from parity_tests.serialization.ways import (
    ours_to_theirs,
    plain,
    theirs_to_ours,
)


@pytest.mark.filterwarnings("ignore:enable_nested_tensor")  # torch's own
@pytest.mark.parametrize("name", MODULES)
def test_a_module_of_torch_comes_and_goes(name: str) -> None:
    theirs = module(name)
    loaded = theirs_to_ours(theirs.state_dict())
    assert plain(loaded) == plain(theirs.state_dict())
    fresh = build(name, torch)
    fresh.load_state_dict(ours_to_theirs(loaded), strict=True)
    assert plain(fresh.state_dict()) == plain(theirs.state_dict())


@pytest.mark.filterwarnings("ignore:enable_nested_tensor")  # torch's own
@pytest.mark.parametrize(
    "name", [name for name in MODULES if hasattr(scratch.nn, name)]
)
def test_a_module_of_ours_takes_torchs_state_and_gives_it_back(
    name: str,
) -> None:
    theirs = module(name)
    ours = build(name, scratch)
    ours.load_state_dict(theirs_to_ours(theirs.state_dict()), strict=True)
    expected = plain(theirs.state_dict())
    assert plain(ours.state_dict()) == expected
    assert plain(ours_to_theirs(ours.state_dict())) == expected


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_an_optimizer_of_torch_comes_and_goes(name: str) -> None:
    theirs = optimizer(name)
    state = theirs_to_ours(theirs.state_dict())
    assert plain(state) == plain(theirs.state_dict())
    fresh = optimizer(name)
    fresh.load_state_dict(ours_to_theirs(state))
    assert plain(fresh.state_dict()) == plain(theirs.state_dict())
