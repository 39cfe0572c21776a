"""Pruned weights and orthogonal weights, step by step as in torch."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import torch
import torch.nn.utils.prune
from hypothesis import given
from hypothesis import strategies as st

import scratch
from parity_tests.nn.test_parametrize import both, described

LIBS = (scratch, torch)
amounts = st.one_of(st.integers(0, 3), st.floats(0, 1))
STEPS = st.one_of(
    st.tuples(st.just("identity")),
    st.tuples(st.just("random_unstructured"), amounts),
    st.tuples(st.just("l1_unstructured"), amounts),
    st.tuples(st.just("random_structured"), amounts, st.integers(-2, 1)),
    st.tuples(st.just("ln_structured"), amounts,
              st.sampled_from([1, 2, 3.5, float("inf"), "fro"]),
              st.integers(-2, 1)),
    st.tuples(st.just("custom_from_mask"), st.integers(0, 9)),
    st.tuples(st.just("remove")),
)  # fmt: skip


def pruned(lib: Any, layer: Any, step: tuple, name: str) -> Any:
    """One step of a story; what goes wrong is told."""
    word, *rest = step
    if word == "custom_from_mask":
        rng = np.random.default_rng(rest[0])
        w = getattr(layer, name)
        rest = [lib.from_numpy(rng.integers(0, 2, [*w.shape]))]
    try:
        out = getattr(lib.nn.utils.prune, word)(layer, name, *rest)
        assert out is layer
    except (ValueError, IndexError, RuntimeError) as error:
        return type(error).__name__
    return word


@given(st.lists(STEPS, min_size=1, max_size=4), st.integers(0, 99),
       st.sampled_from(["nn.Linear(3, 4)", "nn.Conv2d(2, 3, 2)"]),
       st.sampled_from(["weight", "weight", "bias"]))  # fmt: skip
def test_pruning_again_and_again(
    steps: list, seed: int, made: str, name: str
) -> None:
    def story(lib: Any) -> list:
        nn = lib.nn  # noqa: F841
        lib.manual_seed(seed)
        layer = eval(made)
        told = []
        for step in steps:
            told.append(pruned(lib, layer, step, name))
            if "Error" in told[-1]:
                break  # torch has lost its hook then; ours stays
        x = lib.randn(2, 3) if "Linear" in made else lib.randn(1, 2, 4, 4)
        y = layer(x)
        y.sum().backward()
        grads = [p.grad for p in layer.parameters() if p.grad is not None]
        return [*told, *described(layer), y, *grads,
                "Error" in told[-1] or lib.nn.utils.prune.is_pruned(layer)]

    both(story)


@given(st.integers(0, 20), st.floats(0, 1), st.booleans(), st.booleans())
def test_all_weights_together(
    count: int, part: float, whole: bool, scored: bool
) -> None:
    def story(lib: Any) -> list:
        lib.manual_seed(count)
        nn, prune = lib.nn, lib.nn.utils.prune
        net = nn.Sequential(nn.Linear(3, 4), nn.ReLU(), nn.Linear(4, 2))
        prune.l1_unstructured(net[2], "weight", 2)
        weights = [(net[0], "weight"), (net[2], "weight"), (net[0], "bias")]
        scores = {(net[0], "weight"): lib.randn(4, 3)} if scored else None
        for method in (prune.L1Unstructured, prune.RandomUnstructured):
            prune.global_unstructured(
                weights, method, scores, amount=count if whole else part / 2)
        return [*described(net), net(lib.randn(2, 3))]

    if whole and 2 * count > 20:
        return
    both(story)


def test_scores_decide_and_containers_combine() -> None:
    for lib in LIBS:
        prune = lib.nn.utils.prune
        layer = lib.nn.Linear(2, 2, bias=False)
        scores = lib.tensor([[1.0, 4.0], [3.0, 2.0]])
        prune.l1_unstructured(layer, "weight", 1, importance_scores=scores)
        prune.l1_unstructured(layer, "weight", 1, importance_scores=scores)
        assert layer.weight_mask.tolist() == [[0, 1], [1, 0]]
        (hook,) = layer._forward_pre_hooks.values()
        assert isinstance(hook, prune.PruningContainer) and len(hook) == 2
        assert [type(m).__name__ for m in hook] == ["L1Unstructured"] * 2
        assert hook[0].PRUNING_TYPE == "unstructured"
        t = lib.tensor([1.0, -3.0, 2.0])
        assert prune.L1Unstructured(1).prune(t).tolist() == [0, -3, 2]
        assert prune.L1Unstructured(1).prune(
            t, importance_scores=-t).tolist() == [0, -3, 2]
        mask = lib.tensor([1.0, 0.0, 1.0])
        assert prune.Identity().prune(t, mask).tolist() == [1, 0, 2]


class Checkered:
    """A user's own method."""

    PRUNING_TYPE = "unstructured"

    def compute_mask(self, t: Any, default_mask: Any) -> Any:
        mask = default_mask.clone()
        mask.view(-1)[::2] = 0
        return mask


def test_ones_own_method() -> None:
    def story(lib: Any) -> list:
        base = lib.nn.utils.prune.BasePruningMethod
        kind = type("Own", (Checkered, base), {})
        layer = lib.nn.Linear(3, 3)
        kind.apply(layer, "weight")
        lib.nn.utils.prune.l1_unstructured(layer, "weight", 0.5)
        return [layer.weight, layer.weight_mask]

    both(story)
    with pytest.raises(TypeError, match="abstract"):
        scratch.nn.utils.prune.BasePruningMethod()  # type: ignore[abstract]


@pytest.mark.parametrize("call", [
    lambda p, nn: p.l1_unstructured(nn.Linear(2, 2), "weight", -1),
    lambda p, nn: p.l1_unstructured(nn.Linear(2, 2), "weight", 1.5),
    lambda p, nn: p.l1_unstructured(nn.Linear(2, 2), "weight", 5),
    lambda p, nn: p.l1_unstructured(nn.Linear(2, 2), "weight", "a"),
    lambda p, nn: p.l1_unstructured(nn.Linear(2, 2), "none", 1),
    lambda p, nn: p.ln_structured(nn.Linear(2, 2), "bias", 1, 2, 0),
    lambda p, nn: p.ln_structured(nn.Linear(2, 2), "weight", 1, 2, 3),
    lambda p, nn: p.random_structured(nn.Linear(2, 2), "weight", 1, 2),
    lambda p, nn: p.random_structured(nn.Linear(2, 2), "weight", 9, 1),
    lambda p, nn: p.remove(nn.Linear(2, 2), "weight"),
    lambda p, nn: p.custom_from_mask(
        nn.Linear(2, 2), "weight", nn.Linear(3, 2).weight),
    lambda p, nn: p.l1_unstructured(
        nn.Linear(2, 2), "weight", 1, nn.Linear(3, 2).weight),
    lambda p, nn: p.global_unstructured(3, p.L1Unstructured, amount=1),
    lambda p, nn: p.global_unstructured(
        [(nn.Linear(2, 2), "weight")], p.L1Unstructured, [1], amount=1),
    lambda p, nn: p.global_unstructured(
        [(nn.Linear(2, 2), "weight")], p.LnStructured, amount=1, n=2),
    lambda p, nn: p.PruningContainer().add_pruning_method(3),
])  # fmt: skip
def test_bad_calls_are_refused_as_in_torch(call: Any) -> None:
    said = []
    for lib in LIBS:
        with pytest.raises(Exception) as caught:
            call(lib.nn.utils.prune, lib.nn)
        said.append((caught.type, str(caught.value).replace(
            "scratch.nn.utils.", "torch.nn.utils.")))
    assert said[0] == said[1]


def test_after_a_bad_call_the_layer_is_as_before() -> None:
    for lib in LIBS:
        layer = lib.nn.Linear(2, 2)
        before = list(layer.state_dict())
        with pytest.raises(ValueError):
            lib.nn.utils.prune.l1_unstructured(layer, "weight", 9)
        assert sorted(layer.state_dict()) == sorted(before)
        layer(lib.ones(1, 2))


# ---- orthogonal weights

MAPS = (None, "matrix_exp", "cayley", "householder")


@pytest.mark.parametrize("start", [True, False])
@pytest.mark.parametrize("how", MAPS)
@given(st.sampled_from([(4, 4), (5, 3), (3, 5), (2, 4, 2), (1, 1), (3, 1)]),
       st.integers(0, 99))  # fmt: skip
def test_orthogonal_weights(how: Any, start: bool, size: tuple,
                            seed: int) -> None:  # fmt: skip
    def story(lib: Any) -> list:
        nn = lib.nn
        lib.manual_seed(seed)
        layer = nn.Linear(size[-1], size[-2], dtype=lib.float64)
        layer.weight = nn.Parameter(lib.randn(*size, dtype=lib.float64))
        out = nn.utils.parametrizations.orthogonal(
            layer, "weight", how, use_trivialization=start)
        assert out is layer
        w = layer.weight
        (w * lib.randn(*size, dtype=lib.float64)).sum().backward()
        tall = w if size[-2] >= size[-1] else w.mT
        close = (tall.mT @ tall - lib.eye(tall.shape[-1])).abs().max() < 1e-9
        original = layer.parametrizations.weight.original
        told = [bool(close), w, original.grad, *described(layer)]
        try:
            layer.weight = lib.linalg.qr(lib.randn(
                *size, dtype=lib.float64).mT)[0].mT if size[-2] < size[-1] \
                else lib.linalg.qr(lib.randn(*size, dtype=lib.float64))[0]
            told.append(layer.weight)
        except NotImplementedError as error:
            told.append(str(error))
        return told

    both(story)


@pytest.mark.parametrize("call", [
    lambda o, nn, t: o(nn.Linear(2, 2), "none"),
    lambda o, nn, t: o(nn.Linear(2, 2), "bias"),
    lambda o, nn, t: o(nn.Linear(2, 2), orthogonal_map="cosine"),
    lambda o, nn, t: o(nn.Linear(2, 2, dtype=t.complex64),
                       orthogonal_map="householder"),
    lambda o, nn, t: setattr(o(nn.Linear(2, 3)), "weight", t.ones(2, 2)),
])  # fmt: skip
def test_bad_orthogonal_weights(call: Any) -> None:
    said = []
    for lib in LIBS:
        with pytest.raises((ValueError, RuntimeError)) as caught:
            call(lib.nn.utils.parametrizations.orthogonal, lib.nn, lib)
        said.append((caught.type, str(caught.value)))
    assert said[0] == said[1]


def test_weights_in_another_order_of_memory() -> None:
    for lib in LIBS:
        net = lib.nn.Sequential(lib.nn.Conv2d(2, 3, 2), lib.nn.ReLU(),
                                lib.nn.ConvTranspose2d(3, 2, 2))
        before = [p.tolist() for p in net.parameters()]
        last = lib.channels_last
        assert lib.nn.utils.convert_conv2d_weight_memory_format(
            net, last) is net
        for i in (0, 2):
            assert net[i].weight.is_contiguous(memory_format=last)
        assert [p.tolist() for p in net.parameters()] == before
        lib.nn.utils.convert_conv3d_weight_memory_format(net, last)


def test_functional_call_by_its_old_name() -> None:
    for lib in LIBS:
        layer = lib.nn.Linear(2, 2)
        other = {"weight": lib.eye(2), "bias": lib.ones(2)}
        with pytest.warns(FutureWarning, match="is deprecated as of PyTorch"):
            y = lib.nn.utils.stateless.functional_call(
                layer, other, lib.ones(1, 2))
        assert y.tolist() == [[2, 2]]
