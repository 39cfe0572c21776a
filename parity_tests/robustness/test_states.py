"""State saved by one side is the same state on the other."""

import inspect

import pytest
import torch

import scratch
from parity_tests.robustness.states import (
    MODULES,
    OPTIMIZERS,
    from_torch,
    module,
    optimizer,
    plain,
    to_torch,
)


@pytest.mark.parametrize("name", MODULES)
def test_a_module_of_torch_comes_and_goes(name: str) -> None:
    theirs = module(name)
    loaded = from_torch(theirs.state_dict())
    assert plain(loaded) == plain(theirs.state_dict())
    fresh = getattr(torch.nn, name)(*MODULES[name])
    fresh.load_state_dict(to_torch(loaded), strict=True)
    assert plain(fresh.state_dict()) == plain(theirs.state_dict())


@pytest.mark.parametrize(
    "name", [name for name in MODULES if hasattr(scratch.nn, name)]
)
def test_a_module_of_ours_takes_torchs_state_and_gives_it_back(
    name: str,
) -> None:
    theirs = module(name)
    arguments = [
        scratch.tensor(x.tolist()) if isinstance(x, torch.Tensor) else x
        for x in MODULES[name]
    ]
    ours = getattr(scratch.nn, name)(*arguments)
    ours.load_state_dict(from_torch(theirs.state_dict()), strict=True)
    expected = plain(theirs.state_dict())
    assert plain(ours.state_dict()) == expected
    assert plain(to_torch(ours.state_dict())) == expected


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_an_optimizer_of_torch_comes_and_goes(name: str) -> None:
    theirs = optimizer(name)
    state = from_torch(theirs.state_dict())
    assert plain(state) == plain(theirs.state_dict())
    fresh = optimizer(name)
    fresh.load_state_dict(to_torch(state))
    assert plain(fresh.state_dict()) == plain(theirs.state_dict())


def test_every_module_with_state_is_in_the_table() -> None:
    """A class of torch.nn that needs no argument has no state, or is here."""
    for name, kind in vars(torch.nn).items():
        if name in (*MODULES, "Container") or not inspect.isclass(kind):
            continue
        if not issubclass(kind, torch.nn.Module) or name.startswith("Lazy"):
            continue
        try:
            made = kind()
        except TypeError:
            continue
        assert not made.state_dict(), f"{name} is not in the table"
