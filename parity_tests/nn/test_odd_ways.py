"""Layers used in rare ways: what torch then does, says or refuses."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import example, given
from hypothesis import strategies as st

import scratch
from parity_tests.nn.test_module import told
from parity_tests.parity import assert_parity
from parity_tests.strategies import normal, seeds

LIBS = (scratch, torch)


def agree(program: Callable, *, links: bool = False) -> None:
    """The same result, or the same error, and the same warnings.

    links: torch's warnings end in an address, ours do not
    """
    found = []
    for lib in LIBS:
        lib.manual_seed(0)
        with warnings.catch_warnings(record=True) as heard:
            warnings.simplefilter("always")
            try:
                result = told(program(lib))
            except Exception as error:
                result = [type(error).__name__, str(error)]
        words = [str(w.message).partition(" See http")[0] if links
                 else str(w.message) for w in heard]
        found.append((result, words))
    assert found[0] == found[1]


# ---- what is told

SHAPES = st.lists(st.integers(0, 3), max_size=4).map(tuple)


@given(SHAPES, st.sampled_from(["softmax", "softmin", "log_softmax"]))
def test_a_softmax_without_a_dimension_warns(shape: tuple, name: str) -> None:
    layer = {"softmax": "Softmax", "softmin": "Softmin",
             "log_softmax": "LogSoftmax"}[name]
    agree(lambda lib: getattr(lib.nn.functional, name)(lib.zeros(shape)))
    agree(lambda lib: getattr(lib.nn, layer)()(lib.zeros(shape)))


@given(st.lists(st.integers(1, 2), min_size=3, max_size=3), st.booleans())
def test_dropout2d_of_three_dimensions_warns(size: list, train: bool) -> None:
    agree(lambda lib: lib.nn.functional.dropout2d(
        lib.ones(*size), 0.0, train))
    agree(lambda lib: lib.nn.Dropout2d()(lib.ones(*size)).shape)


@given(st.booleans(), st.booleans(), st.booleans())
def test_a_backward_hook_without_an_input_to_differentiate_warns(
    after: bool, before: bool, differentiable: bool
) -> None:
    def program(lib: Any) -> list:
        seen: list = []
        layer = lib.nn.Bilinear(2, 2, 1)
        if after:
            layer.register_full_backward_hook(
                lambda module, g, h: seen.append([len(g), len(h)]))
        if before:
            layer.register_full_backward_pre_hook(
                lambda module, h: seen.append(len(h)))
        x = lib.ones(3, 2, requires_grad=differentiable)
        layer(x, lib.ones(3, 2)).sum().backward()
        return seen

    agree(program, links=True)


# ---- what is done

@given(st.sampled_from([1, 2, 3]), st.sampled_from(
    "channels_last channels_last_3d contiguous_format".split()),
       st.booleans())
def test_a_module_moves_to_a_memory_format(axes: int, layout: str,
                                           wide: bool) -> None:
    def program(lib: Any) -> list:
        layer = getattr(lib.nn, f"Conv{axes}d")(2, 3, 2)
        weight, dtype = layer.weight, lib.float64 if wide else None
        layer.to(dtype=dtype, memory_format=getattr(lib, layout))
        return [layer.weight.stride(), layer.weight.dtype, layer.bias.dtype,
                weight is layer.weight]

    agree(program)


@pytest.mark.parametrize("way", [
    lambda lib, m: m.to("cpu", copy=True),
    lambda lib, m: m.to("cpu", lib.float64, False, True),
    lambda lib, m: m.to(copy=False),
    lambda lib, m: m.to(lib.float64, False, False),
    lambda lib, m: repr(m.to("cpu", lib.float64, True)),
], ids="abcde")
def test_a_module_is_moved_not_copied(way: Callable) -> None:
    agree(lambda lib: way(lib, lib.nn.Linear(1, 1)))


@given(st.booleans(), st.booleans())
def test_a_class_with_a_register_buffer_of_its_own(
    persistent: bool, knows: bool
) -> None:
    def program(lib: Any) -> list:
        class Old(lib.nn.Module):  # type: ignore[name-defined, misc]
            def register_buffer(self, name: str, x: Any) -> None:
                super().register_buffer(name, x, True)

        class New(lib.nn.Module):  # type: ignore[name-defined, misc]
            def register_buffer(self, name: str, x: Any,
                                persistent: bool = True) -> None:
                super().register_buffer(name, x, persistent)

        net = New() if knows else Old()
        net.mean = lib.nn.Buffer(lib.zeros(2), persistent=persistent)
        net.mean = lib.ones(2)
        return [[*net.state_dict()], net.mean]

    agree(program)


@given(st.sampled_from([None, 0.3]), seeds)
def test_batch_norm_that_counts_no_batches(momentum: float | None,
                                           seed: int) -> None:
    def call(lib: Any, x: Any) -> list:
        layer = lib.nn.BatchNorm1d(3, momentum=momentum).to(x.dtype)
        layer.num_batches_tracked = None
        return [layer(x), layer.running_mean, layer.running_var]

    assert_parity(lambda x: call(scratch, x), lambda x: call(torch, x),
                  normal(seed, 4, 3))


@given(st.integers(0, 2), st.integers(0, 2), st.integers(0, 2),
       st.booleans(), st.booleans())
def test_attention_of_no_words_or_no_batch(n: int, length: int, source: int,
                                           first: bool, look: bool) -> None:
    def program(lib: Any) -> list:
        layer = lib.nn.MultiheadAttention(4, 2, batch_first=first)
        x, y = (lib.ones(*((n, k) if first else (k, n)), 4)
                for k in (length, source))
        z, weights = layer(x, y, y, need_weights=look)
        return [z.shape, None if weights is None else weights.shape]

    agree(program)


@pytest.mark.parametrize("mode", ["sum", "mean", "max"])
@pytest.mark.parametrize("last", [False, True])
def test_words_without_a_bag_give_nothing(mode: str, last: bool) -> None:
    table = scratch.ones(5, 2, requires_grad=True)
    y = scratch.nn.functional.embedding_bag(  # torch: may end the process
        scratch.tensor([1, 2]), table, scratch.zeros(int(last)).long(),
        mode=mode, include_last_offset=last)
    y.sum().backward()
    assert y.shape == (0, 2) and not table.grad.any()


@given(st.integers(-4, 4) | st.none(), st.integers(1, 3))
def test_a_norm_for_each_index_of_any_dimension(dim: int | None,
                                                ndim: int) -> None:
    def program(lib: Any) -> Any:
        net = lib.nn.Module()
        size = [2, 3, 4][:ndim]
        net.w = lib.nn.Parameter(lib.arange(1.0, 1 + np.prod(size)).reshape(
            size))
        way = lib.nn.utils.parametrizations.weight_norm
        return way(net, "w", dim).parametrizations.w.original0.shape

    agree(program)


@given(st.lists(st.sampled_from([
    "a.weight", "b.weight", "a.bias", "b.bias", "mean"]), unique=True),
       st.booleans(), st.booleans(), st.booleans(), st.booleans())
@example(["a.weight"], False, True, False, False)
def test_a_call_with_other_tensors_of_which_some_are_tied(
    names: list[str], tie: bool, strict: bool, same: bool, several: bool
) -> None:
    def program(lib: Any) -> list:
        class Tied(lib.nn.Module):  # type: ignore[name-defined, misc]
            def __init__(self) -> None:
                super().__init__()
                self.a, self.b = lib.nn.Linear(2, 2), lib.nn.Linear(2, 2)
                self.b.weight = self.a.weight
                self.mean = lib.nn.Buffer(lib.zeros(2))

            def forward(self, x: Any) -> Any:
                self.mean = self.mean + 1
                return self.a(x) - 2 * self.b(x) + self.mean

        net, size = Tied(), {"weight": (2, 2)}
        one = {w: lib.full(size.get(w[2:], (2,)), 5.0) for w in names}
        if same and "a.weight" in one and "b.weight" in one:
            one["a.weight"] = one["b.weight"]
        elif "a.weight" in one:
            one["a.weight"] = one["a.weight"] * 2
        y = lib.func.functional_call(
            net, (one, {}) if several else one, lib.ones(1, 2),
            tie_weights=tie, strict=strict)
        return [y, net.mean, one]

    agree(program)


# ---- what is refused

@pytest.mark.parametrize("way", [
    lambda lib: lib.nn.Bilinear(0, 1, 1),
    lambda lib: lib.nn.functional.cross_entropy(
        lib.ones(2, 3), lib.ones(2, 3), lib.ones(2)),
    lambda lib: lib.nn.functional.cross_entropy(
        lib.ones(2, 3), lib.ones(2, 3), lib.ones(3, 2)),
    lambda lib: lib.nn.init.trunc_normal_(lib.ones(2), 0, 1, 2, 1),
    lambda lib: lib.nn.init.trunc_normal_(lib.ones(2), 0, 1, -2, -3),
    lambda lib: lib.nn.init.uniform_(lib.ones(2).long()),
    lambda lib: lib.nn.init.kaiming_normal_(lib.ones(2, 2).bool()),
], ids="abcdefg")
def test_it_is_refused_in_torchs_words(way: Callable) -> None:
    agree(way)


def test_the_hooks_on_what_registers_stand_where_torchs_do() -> None:
    for kind in ("buffer", "module", "parameter"):
        name = f"register_module_{kind}_registration_hook"
        found = [getattr(lib.nn.modules.module, name) for lib in LIBS]
        assert all(map(callable, found))
