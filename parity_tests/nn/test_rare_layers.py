"""Layers and functions that few programs use, against torch."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import example, given
from hypothesis import strategies as st

import scratch
from parity_tests.parity import assert_parity
from parity_tests.strategies import normal, seeds


def both(call: Any, *arrays: np.ndarray, **options: Any) -> None:
    """call(lib, *tensors) in the two libraries"""
    assert_parity(lambda *ts: call(scratch, *ts),
                  lambda *ts: call(torch, *ts), *arrays, **options)


@given(seed=seeds, axes=st.sampled_from([2, 3]), batch=st.booleans(),
       ratio=st.booleans(), data=st.data())
def test_windows_at_random_places(seed: int, axes: int, batch: bool,
                                  ratio: bool, data: Any) -> None:
    kernel = tuple(data.draw(st.integers(1, 3)) for _ in range(axes))
    count = tuple(data.draw(st.integers(1, 3)) for _ in range(axes))
    spare = int(axes == 3)  # torch: 3-D windows must leave an entry over
    size = tuple(k + n - 1 + data.draw(st.integers(spare, 2))
                 for k, n in zip(kernel, count))
    x = normal(seed, *((2, 3) if batch else (3,)), *size)
    if data.draw(st.booleans()):
        x = np.round(x)  # the first of equals wins
    if ratio:
        count = tuple(int(n * 0.5) for n in size)
        if any(p + k - 1 > n - spare
               for p, k, n in zip(count, kernel, size)):
            return
    options: dict = {"output_ratio": (0.5,) * axes} if ratio else {
        "output_size": count}
    name = f"fractional_max_pool{axes}d"

    def call(lib: Any, t: Any) -> list:
        lib.manual_seed(seed)
        pool = getattr(lib.nn.functional, name)
        y, where = pool(t, kernel, return_indices=True, **options)
        layer = getattr(lib.nn, f"FractionalMaxPool{axes}d")
        z, again = layer(kernel, return_indices=True, **options)(t)
        return [y * y, z * z, where, again]

    both(call, x)


@pytest.mark.parametrize("axes", [2, 3])
@given(data=st.data())
def test_windows_that_fill_an_axis(axes: int, data: Any) -> None:
    kernel, count, size = (
        tuple(data.draw(st.integers(1, 4)) for _ in range(axes))
        for _ in range(3))
    found = []
    for lib in (scratch, torch):
        pool = getattr(lib.nn.functional, f"fractional_max_pool{axes}d")
        try:
            found.append(tuple(pool(lib.ones(2, *size), kernel, count).shape))
        except RuntimeError as error:
            found.append(str(error))
    assert found[0] == found[1]


def test_the_last_missing_number_of_a_window_wins() -> None:
    for u in (0.0, 0.7):
        found = []
        for lib in (scratch, torch):
            x = lib.full((1, 1, 4, 4), float("nan"))
            x[0, 0, 0, 0] = 1.0
            found.append(lib.nn.functional.fractional_max_pool2d(
                x, 2, 2, return_indices=True,
                _random_samples=lib.full((1, 1, 2), u))[1].tolist())
        assert found[0] == found[1]


BAD: list[str] = [
    "F.fractional_max_pool{n}d(x, 2)", "F.fractional_max_pool{n}d(x, 2, 6)",
    "F.fractional_max_pool{n}d(x, 0, 1)",
    "F.fractional_max_pool{n}d(x, 2, -1)",
    "F.fractional_max_pool{n}d(x, (2,) * 4, 1)",
    "F.fractional_max_pool{n}d(x, 2, (2,) * 4)",
    "F.fractional_max_pool{n}d(x[:, :0], 2, 3)",
    "F.fractional_max_pool{n}d(x.int(), 2, 3)",
    "F.fractional_max_pool{n}d(x, 2, 3, _random_samples=x.flatten()[:3])",
    "F.fractional_max_pool{n}d(x, 2, 3, _random_samples=torch.ones(1, 1, 5))",
    "F.fractional_max_pool{n}d(x, 2, 3, _random_samples=torch.ones(1, 2, 3))",
    "F.fractional_max_pool{n}d(x, 2, 2, _random_samples=torch.ones(1, 1, 3)"
    ".double())",
    "nn.FractionalMaxPool{n}d(2)", "nn.FractionalMaxPool{n}d(2, 3, .5)",
    "nn.FractionalMaxPool{n}d(2, output_ratio=1.5)",
    "nn.LinearCrossEntropyOptions(chunking_method='bad')",
    "nn.LinearCrossEntropyOptions(acc_policy='x')",
    "nn.LinearCrossEntropyOptions(acc_dtype=torch.int32)",
    "nn.LinearCrossEntropyOptions(batch_chunk_size=0)",
    "nn.LinearCrossEntropyLoss(2, 3, weight=torch.ones(2))",
    "nn.LinearCrossEntropyLoss(2, 3, label_smoothing=2.)",
    "nn.LinearCrossEntropyLoss(2, 3)(torch.ones(4, 2), torch.ones(5, 2))",
    "nn.LinearCrossEntropyLoss(2, 3)(torch.ones(4, 3), torch.ones(5, 2))",
    "nn.LinearCrossEntropyLoss(2, 3)(torch.ones(1, 4, 2), torch.ones(5, 2))",
    "nn.LinearCrossEntropyLoss(2, 3, out_features=(2,))(torch.ones(2), "
    "torch.ones(5, 2))",
    "nn.LinearCrossEntropyLoss(2, 3, ignore_index=1)(torch.ones(4, 2), "
    "torch.ones(4, 3))",
    "F.linear_cross_entropy(torch.ones(4, 2), torch.ones(2), x)",
    "F.linear_cross_entropy(torch.ones(4, 2), torch.ones(3, 2), x, "
    "linear_bias=torch.ones(2))",
    "nn.AdaptiveLogSoftmaxWithLoss(8, 5, [])",
    "nn.AdaptiveLogSoftmaxWithLoss(8, 5, [3, 2])",
    "nn.AdaptiveLogSoftmaxWithLoss(8, 5, [5])",
    "nn.AdaptiveLogSoftmaxWithLoss(8, 5, [2])(x[0, 0], x[0, 0].long())",
    "nn.AdaptiveLogSoftmaxWithLoss(5, 5, [2])(torch.ones(2, 5), "
    "torch.tensor([1, 7]))",
    "nn.AdaptiveLogSoftmaxWithLoss(5, 5, [2])(torch.ones(2, 5), "
    "torch.tensor([1, -1]))",
    "nn.AdaptiveLogSoftmaxWithLoss(5, 5, [2])(torch.ones(2, 5), "
    "torch.tensor(1))",
    "F.cross_entropy(torch.ones(4, 2), torch.ones(5, 2))",
    "F.cross_entropy(torch.ones(4, 2), torch.ones(4, 3))",
    "F.cross_entropy(torch.ones(4, 2, 3), torch.ones(4, 2))",
]


@pytest.mark.parametrize("n", [2, 3])
@pytest.mark.parametrize("call", BAD)
def test_a_refusal_is_torchs(call: str, n: int) -> None:
    said = []
    for lib in (scratch, torch):
        words = {"F": lib.nn.functional, "nn": lib.nn, "torch": lib,
                 "x": lib.ones(1, 1, *(5,) * n)}
        with pytest.raises(Exception) as caught:
            eval(call.replace("{n}", str(n)), words)
        said.append((caught.type.__name__, str(caught.value)))
    assert said[0] == said[1]


@given(seed=seeds, single=st.booleans(), more=st.sampled_from([(), (2,)]),
       soft=st.booleans(), reduction=st.sampled_from(["mean", "sum", "none"]),
       smoothing=st.sampled_from([0.0, 0.2]), pieces=st.booleans())
@example(seed=316, single=True, more=(), soft=False, reduction="mean",
         smoothing=0.0, pieces=False)
@example(seed=565, single=True, more=(), soft=False, reduction="mean",
         smoothing=0.0, pieces=False)
def test_cross_entropy_of_a_linear_map(
        seed: int, single: bool, more: tuple, soft: bool, reduction: str,
        smoothing: float, pieces: bool) -> None:
    lead = () if single and not more else (4,)
    x, w, b = (normal(seed + i, *size) for i, size in enumerate(
        ((*lead, 3), (5, *more, 3), (5, *more))))
    y = np.random.default_rng(seed).integers(0, 5, (*lead, *more))
    p = np.abs(normal(seed, *lead, 5, *more))

    def call(lib: Any, x: Any, w: Any, b: Any, p: Any, y: Any) -> Any:
        options = lib.nn.LinearCrossEntropyOptions(
            acc_policy="accurate") if pieces and not more else None
        if lib is torch:  # its pieces have no second derivative
            options = None
        return lib.nn.functional.linear_cross_entropy(
            x, w, p.detach() if soft else y, linear_bias=b,
            reduction=reduction, label_smoothing=smoothing, options=options)

    both(call, x, w, b, p, y, single=False)
    # float32 at smaller scores: where a class is all but sure, each gradient
    # is 1 - p of a p that either side has rounded
    both(call, x / 2, w / 2, b / 2, p, y)


@given(seed=seeds, n=st.integers(1, 6), single=st.booleans(),
       bias=st.booleans())
def test_softmax_in_heaps(seed: int, n: int, single: bool,
                          bias: bool) -> None:
    x = normal(seed, *(() if single else (n,)), 8)
    y = np.random.default_rng(seed).integers(0, 9, () if single else (n,))

    def call(lib: Any, t: Any, target: Any) -> list:
        lib.manual_seed(seed)
        layer = lib.nn.AdaptiveLogSoftmaxWithLoss(
            8, 9, [2, 5], 2.0, bias).to(t.dtype)
        found = layer(t, target)
        assert found.output is found[0] and found.loss is found[1]
        rows = t.reshape(-1, 8)
        return [*found, layer.log_prob(rows), layer.predict(rows)]

    both(call, x, y)


@pytest.mark.parametrize("name", [
    "adaptive_max_pool1d", "adaptive_max_pool2d", "adaptive_max_pool3d",
    "max_pool3d"])
def test_pools_with_indices(name: str) -> None:
    axes = int(name[-2])

    def call(lib: Any, t: Any) -> list:
        y, where = getattr(lib.nn.functional, f"{name}_with_indices")(t, 2)
        return [y * y, where]

    both(call, normal(0, 2, 3, *(5, 4, 6)[:axes]))


def test_pdist_is_a_function_of_nn_too() -> None:
    both(lambda lib, x: lib.nn.functional.pdist(x, 3.0), normal(0, 4, 3))


@pytest.mark.filterwarnings("ignore:Using a non-full backward hook")
def test_a_hook_on_the_last_step() -> None:
    seen: list[list] = []
    for lib in (scratch, torch):
        calls: list = []
        layer = lib.nn.Tanh()

        def note(module: Any, grads: tuple, given: tuple,
                 calls: list = calls) -> None:
            calls.append((type(module).__name__, given[0].tolist(),
                          len(grads)))

        handle = layer.register_backward_hook(note)
        with pytest.raises(RuntimeError, match="Cannot use both regular"):
            layer.register_full_backward_hook(print)
        x = lib.ones(2, requires_grad=True)
        layer(x * 2).sum().backward()
        handle.remove()
        layer(x * 2).sum().backward()
        calls.append(x.grad.tolist())
        seen.append(calls)
    np.testing.assert_allclose(seen[0].pop(), seen[1].pop(), rtol=1e-6)
    assert seen[0] == seen[1] and len(seen[0]) == 1


@given(seed=seeds, sizes=st.tuples(*[st.integers(0, 2)] * 3),
       channels=st.integers(1, 7), size=st.integers(1, 6),
       k=st.sampled_from([1, 2.0]), beta=st.sampled_from([0.75, 1.5]))
def test_a_sum_that_slides_over_channels(
        seed: int, sizes: tuple, channels: int, size: int, k: float,
        beta: float) -> None:
    n, *rest = sizes
    x, g = (normal(seed + i, n, channels, *rest) for i in range(2))
    for kind in ("float32", "float64"):
        found = []
        for lib in (scratch, torch):
            layer = lib.nn.CrossMapLRN2d(size, 0.5, beta, k)
            t = lib.tensor(x, dtype=getattr(lib, kind), requires_grad=True)
            y = layer(t)
            if size > 1:  # torch: one channel alone has no room in backward
                y.backward(lib.tensor(g, dtype=t.dtype))
            found.append((y.detach().numpy(), t.grad, repr(layer)))
        near = dict(rtol=1e-4 if kind == "float32" else 1e-10, atol=1e-6)
        np.testing.assert_allclose(found[0][0], found[1][0], **near)
        assert found[0][2] == found[1][2]
        if size > 1:
            np.testing.assert_allclose(found[0][1].numpy(),
                                       found[1][1].numpy(), **near)


@pytest.mark.parametrize("call", [
    "CrossMapLRN2d(3)(torch.ones(3, 2, 2))", "CrossMapLRN2d(3)(torch.ones(2))",
    "CrossMapLRN2d(3)(torch.ones(1, 2, 1, 1).long())",
    "CrossMapLRN2d(3)(torch.ones(1, 0, 1, 1))",
    "CrossMapLRN2d(0)(torch.ones(1, 2, 1, 1))",
    "CrossMapLRN2d(1)(torch.ones(1, 2, 1, 1).requires_grad_()).sum()"
    ".backward()", "CrossMapLRN2d()"])
def test_what_sliding_sums_refuse(call: str) -> None:
    said = []
    for lib in (scratch, torch):
        with pytest.raises(Exception) as caught:
            eval("nn." + call, {"nn": lib.nn, "torch": lib})
        said.append((caught.type.__name__, str(caught.value)[:40]))
    assert said[0] == said[1]
