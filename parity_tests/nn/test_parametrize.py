"""Weights that are computed: weight norm, spectral norm, one's own."""

from __future__ import annotations

import copy
import pickle
import warnings
from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

import scratch
from parity_tests.parity import array_of

LIBS = (scratch, torch)
LAYERS = {
    "nn.Linear(3, 4)": (2, 3), "nn.Conv2d(2, 3, 2, bias=False)": (1, 2, 4, 4),
    "nn.ConvTranspose1d(2, 3, 2)": (2, 2, 4),
}
WAYS = ["U.parametrizations.weight_norm(layer, dim={})",
        "U.weight_norm(layer, 'weight', {})",
        "U.parametrizations.spectral_norm(layer, 'weight', 2, dim={})",
        "U.spectral_norm(layer, n_power_iterations=2, dim={})"]
GONE = {WAYS[1]: "U.remove_weight_norm(layer)",
        WAYS[3]: "U.remove_spectral_norm(layer)"}


def both(story: Any) -> None:
    """What a story tells is the same in both libraries."""
    told = []
    for lib in LIBS:
        lib.manual_seed(3)
        with warnings.catch_warnings():
            warnings.filterwarnings("ignore", ".*weight_norm. is depr")
            told.append(story(lib))
    for ours, theirs in zip(*told, strict=True):
        if isinstance(theirs, torch.Tensor):
            assert str(ours.dtype) == str(theirs.dtype)
            np.testing.assert_allclose(
                array_of(ours.detach()), array_of(theirs.detach()), 2e-5,
                1e-6)
        else:
            assert ours == theirs


def described(layer: Any) -> list:
    """Its words, its state and how that state is versioned."""
    state = layer.state_dict()
    return [repr(layer), list(state), list(state._metadata.items()),
            *state.values(), [name for name, _ in layer.named_parameters()]]


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("made", LAYERS)
@given(dim=st.sampled_from([0, 1, None]), training=st.booleans())
def test_a_weight_by_its_norm(way: str, made: str, dim: Any,
                              training: bool) -> None:
    def story(lib: Any) -> list:
        layer = eval(made, {"nn": lib.nn}).train(training)
        names = {"U": lib.nn.utils, "layer": layer}
        assert eval(way.format(dim), names) is layer
        x = lib.randn(LAYERS[made]).requires_grad_()
        found = described(layer)
        for _ in range(2):
            y = layer(x)
            found += [y, *lib.autograd.grad(y.square().sum(), [
                x, *layer.parameters()])]
        if way in GONE:
            eval(GONE[way], names)
        else:
            lib.nn.utils.parametrize.remove_parametrizations(layer, "weight")
        return [*found, *described(layer), layer(x), type(layer).__name__]

    both(story)


def parts(lib: Any) -> tuple:
    class Symmetric(lib.nn.Module):
        def forward(self, x: Any) -> Any:
            return x.triu() + x.triu(1).transpose(-1, -2)

        def right_inverse(self, a: Any) -> Any:
            return a.triu()

    class Exponential(lib.nn.Module):
        def forward(self, x: Any) -> Any:
            return x.exp()

    class Product(lib.nn.Module):
        def forward(self, a: Any, b: Any) -> Any:
            return a @ b

        def right_inverse(self, w: Any) -> Any:
            return w[:, :1] * 1, w[:1] * 1

    return Symmetric(), Exponential(), Product()


@pytest.mark.parametrize("leave", [True, False])
def test_parametrizations_of_ones_own(leave: bool) -> None:
    def story(lib: Any) -> list:
        way = lib.nn.utils.parametrize
        symmetric, exponential, product = parts(lib)
        layer, other = lib.nn.Linear(3, 3), lib.nn.Linear(3, 3)
        way.register_parametrization(layer, "weight", symmetric)
        way.register_parametrization(layer, "weight", exponential)
        way.register_parametrization(layer, "bias", exponential)
        found = [*described(layer), way.is_parametrized(layer),
                 way.is_parametrized(layer, "x"), layer.weight, layer.bias,
                 way.type_before_parametrizations(layer).__name__]
        with way.cached():
            found.append(layer.weight is layer.weight)
        layer(lib.ones(1, 3)).sum().backward()
        found += [layer.parametrizations.weight.original.grad,
                  repr(copy.deepcopy(layer))]
        way.remove_parametrizations(layer, "weight", leave)
        found += described(layer)
        way.remove_parametrizations(layer, "bias", leave)
        way.register_parametrization(layer, "weight", symmetric)
        layer.weight = lib.eye(3)
        way.transfer_parametrizations_and_params(layer, other)
        found += [*described(layer), *described(other), layer.weight]
        way.register_parametrization(other, "bias", lib.nn.Identity())
        three = lib.nn.Linear(3, 2)
        way.register_parametrization(three, "weight", product)
        three.weight = lib.ones(2, 3)
        return [*found, *described(three), three.weight]

    both(story)


def fails(action: Any) -> list:
    try:
        action()
    except Exception as error:
        return [type(error), str(error).replace("scratch.", "torch.")]
    return ["no error"]


def test_what_parametrizations_refuse() -> None:
    def story(lib: Any) -> list:
        way, U = lib.nn.utils.parametrize, lib.nn.utils
        symmetric, exponential, product = parts(lib)

        class Other(lib.nn.Module):
            def __init__(self, made: Any):
                super().__init__()
                self.made = made

            def forward(self, x: Any) -> Any:
                return self.made(x)

        def register(made: Any, name: str = "weight") -> Any:
            return lambda: way.register_parametrization(
                lib.nn.Linear(3, 3), name, made)

        parametrized = register(exponential)()
        normed = U.weight_norm(lib.nn.Linear(2, 2))
        found = [*fails(register(exponential, "x")),
                 *fails(register(Other(lambda x: x.double()))),
                 *fails(register(Other(lambda x: x[0]))),
                 *fails(register(Other(lambda x: 3))),
                 *fails(lambda: pickle.dumps(parametrized)),
                 *fails(lambda: setattr(parametrized, "weight", lib.eye(3))),
                 *fails(lambda: way.remove_parametrizations(
                     parametrized, "bias")),
                 *fails(lambda: way.register_parametrization(
                     parametrized, "weight", Other(lambda x: x[0]))),
                 *fails(lambda: way.register_parametrization(
                     parametrized, "weight", Other(lambda x: x.double()))),
                 *fails(lambda: way.ParametrizationList([], lib.ones(1))),
                 *fails(lambda: way.remove_parametrizations(
                     register(product)(), "weight", False)),
                 *fails(lambda: U.weight_norm(normed)),
                 *fails(lambda: U.remove_weight_norm(parametrized)),
                 *fails(lambda: U.remove_spectral_norm(parametrized)),
                 *fails(lambda: U.parametrizations.spectral_norm(
                     lib.nn.Linear(2, 2), "x")),
                 *fails(lambda: U.parametrizations.spectral_norm(
                     lib.nn.Linear(2, 2), dim=2)),
                 *fails(lambda: U.parametrizations.spectral_norm(
                     lib.nn.Linear(2, 2), n_power_iterations=0)),
                 *fails(lambda: U.spectral_norm(
                     lib.nn.Linear(2, 2), n_power_iterations=0))]
        return found

    both(story)


def test_states_of_the_old_weight_norm_are_read() -> None:
    def story(lib: Any) -> list:
        old = lib.nn.utils.weight_norm(lib.nn.Linear(3, 2))
        new = lib.nn.utils.parametrizations.weight_norm(lib.nn.Linear(3, 2))
        new.load_state_dict(old.state_dict())
        return described(new)

    both(story)
