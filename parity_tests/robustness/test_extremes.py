"""Numbers at the edge: huge, infinite, NaN, none at all; values, gradients."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

import scratch

INF, NAN = float("inf"), float("nan")
EDGES = [0.0, -0.0, 1.0, -1.5, 1e4, -1e4, 88.0, -104.0, INF, -INF, NAN,
         3e38, -3e38, 1e-38, 1e-45]
MODEST = [n for n in EDGES if not 1e38 < abs(n) < INF]  # no sum overflows
ROUNDING = {"float64": 1e-12, "float32": 2e-5, "float16": 4e-3}


def edges(shape: Any, values: list[float] = EDGES) -> st.SearchStrategy:
    """Arrays of such numbers, some of them all alike."""
    return hnp.arrays(np.float64, shape, elements=st.sampled_from(values))


def answer(lib: Any, call: Callable, arrays: tuple, dtype: str) -> Any:
    """The value of a call and its gradients, or the class of its error."""
    xs = [lib.tensor(np.array(a), dtype=getattr(lib, dtype),
                     requires_grad=True) for a in arrays]
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            y = call(lib, *xs)
            if y.requires_grad:
                y.sum().backward()
    except Exception as error:
        return type(error).__name__
    grads = [None if x.grad is None else x.grad.numpy() for x in xs]
    return [y.detach().numpy(), *grads]


def same(call: Callable, *arrays: np.ndarray, dtype: str = "float32",
         slack: float = 0.0) -> None:
    """Both libraries answer alike: every NaN, every infinity in its place."""
    ours, theirs = (answer(lib, call, arrays, dtype)
                    for lib in (scratch, torch))
    if isinstance(ours, str) or isinstance(theirs, str):
        assert ours == theirs, (ours, theirs)
        return
    for a, b in zip(ours, theirs, strict=True):
        assert (a is None) == (b is None)
        if a is not None:
            assert a.dtype == b.dtype and a.shape == b.shape
            np.testing.assert_allclose(
                a.astype(np.float64), b.astype(np.float64), ROUNDING[dtype],
                max(slack, ROUNDING[dtype] * 0.1))


kinds = st.sampled_from(sorted(ROUNDING))
full = st.sampled_from(["float32", "float64"])
counts = st.sampled_from([0, 1, 2, 3])
reductions = st.sampled_from(["none", "mean", "sum"])

# ---- losses

PAIRED = ("mse_loss l1_loss smooth_l1_loss huber_loss soft_margin_loss "
          "binary_cross_entropy_with_logits hinge_embedding_loss "
          "poisson_nll_loss kl_div").split()


@pytest.mark.parametrize("name", PAIRED)
@given(data=st.data(), n=counts, how=reductions, dtype=full)
def test_losses_of_pairs(
    name: str, data: Any, n: int, how: str, dtype: str
) -> None:
    x = data.draw(edges((n, 2), MODEST))
    y = data.draw(edges((n, 2), [0.0, 1.0, 0.5, 1e4, NAN]))
    same(lambda lib, x: getattr(lib.nn.functional, name)(
        x, lib.tensor(y, dtype=x.dtype), reduction=how), x, dtype=dtype)


@given(data=st.data(), n=counts, classes=st.integers(1, 4), how=reductions,
       dtype=full, smooth=st.sampled_from([0.0, 0.1]),
       ignored=st.booleans(), weighted=st.booleans())
def test_cross_entropy(
    data: Any, n: int, classes: int, how: str, dtype: str, smooth: float,
    ignored: bool, weighted: bool
) -> None:
    """Also where every row is ignored, or a row is all -inf."""
    x = data.draw(edges((n, classes)))
    labels = data.draw(hnp.arrays(np.int64, n, elements=st.integers(
        0, classes - 1)))
    ignore = 0 if ignored else -100

    def call(lib: Any, x: Any) -> Any:
        weight = lib.arange(classes, dtype=x.dtype) if weighted else None
        return lib.nn.functional.cross_entropy(
            x, lib.tensor(labels), weight, reduction=how,
            label_smoothing=smooth, ignore_index=ignore)

    same(call, x, dtype=dtype)


@given(data=st.data(), n=counts, how=reductions, dtype=full)
def test_losses_of_probabilities(
    data: Any, n: int, how: str, dtype: str
) -> None:
    """0 and 1 are taken as log 0 = -100."""
    p = data.draw(edges((n, 2), [0.0, 1.0, 1e-30, 0.5, NAN]))
    y = data.draw(edges((n, 2), [0.0, 1.0, 0.5]))

    def bce(lib: Any, x: Any) -> Any:
        return lib.nn.functional.binary_cross_entropy(
            x, lib.tensor(y, dtype=x.dtype), reduction=how)

    same(bce, p, dtype=dtype)
    same(lambda lib, x: lib.nn.functional.gaussian_nll_loss(
        x, lib.tensor(y, dtype=x.dtype), x * 0 + 1, reduction=how), p,
        dtype=dtype)


# ---- softmax, masks

SOFT = {
    "softmax": lambda lib, x, d: lib.softmax(x, d),
    "log_softmax": lambda lib, x, d: lib.log_softmax(x, d),
    "logsumexp": lambda lib, x, d: lib.logsumexp(x, d),
    "softmin": lambda lib, x, d: lib.nn.functional.softmin(x, d),
    "logcumsumexp": lambda lib, x, d: lib.logcumsumexp(x, d),
}


@pytest.mark.parametrize("name", SOFT)
@given(x=edges(hnp.array_shapes(min_dims=1, max_dims=3, min_side=0,
                                max_side=3)), dim=st.sampled_from([0, -1]),
       dtype=full)
def test_softmax(name: str, x: np.ndarray, dim: int, dtype: str) -> None:
    if name == "logcumsumexp":
        dtype = "float64"  # exp(1e4 - 1e4): float32 leaves three digits
        x = np.where(np.isneginf(x), x, np.clip(np.nan_to_num(x), -1e4, 1e4))
    same(lambda lib, x: SOFT[name](lib, x, dim), x, dtype=dtype)


@given(data=st.data(), n=counts, m=st.integers(1, 4), dtype=full)
def test_masks_of_minus_infinity(
    data: Any, n: int, m: int, dtype: str
) -> None:
    """A row that is masked wholly is NaN, in its gradient too."""
    x = data.draw(edges((n, m), [1e4, -1e4, 0.0, 2.0]))
    mask = data.draw(hnp.arrays(bool, (n, m)))
    same(lambda lib, x: x.masked_fill(
        lib.tensor(mask), -INF).softmax(-1) * 2, x, dtype=dtype)
    same(lambda lib, x: x.masked_fill(
        lib.tensor(mask), -INF).log_softmax(-1) * 2, x, dtype=dtype)


# ---- activations

ACTIVATIONS = (
    "relu relu6 elu selu celu gelu silu mish softplus softsign sigmoid tanh "
    "logsigmoid hardtanh hardsigmoid hardswish leaky_relu tanhshrink "
    "softshrink hardshrink normalize").split()


@pytest.mark.parametrize("name", ACTIVATIONS)
@given(x=edges(st.tuples(st.integers(0, 2), st.integers(1, 3)), MODEST),
       dtype=full)
def test_activations(name: str, x: np.ndarray, dtype: str) -> None:
    if name == "gelu":
        dtype = "float64"  # torch: in float32 another library computes it
    same(lambda lib, x: getattr(lib.nn.functional, name)(x), x, dtype=dtype)


# ---- normalization

NORMS = {
    "batch": lambda lib, x: lib.nn.functional.batch_norm(
        x, None, None, training=True),
    "batch, told": lambda lib, x: lib.nn.functional.batch_norm(
        x, lib.zeros(2, dtype=x.dtype), lib.ones(2, dtype=x.dtype)),
    "layer": lambda lib, x: lib.nn.functional.layer_norm(x, x.shape[1:]),
    "group": lambda lib, x: lib.nn.functional.group_norm(x, 1),
    "instance": lambda lib, x: lib.nn.functional.instance_norm(x),
    "rms": lambda lib, x: lib.nn.functional.rms_norm(x, x.shape[1:]),
    "local": lambda lib, x: lib.nn.functional.local_response_norm(x, 2),
}
FEW = [0.0, 1.0, -2.0, 1e4, -1e4, INF, -INF, NAN]


@pytest.mark.parametrize("name", NORMS)
@given(data=st.data(), n=counts, length=st.integers(0, 3))
def test_normalization(name: str, data: Any, n: int, length: int) -> None:
    """Empty batches, a batch of one, infinite and missing numbers."""
    x = data.draw(edges((n, 2, length), FEW))
    same(NORMS[name], x, dtype="float64", slack=1e-8)  # 1e4 less its mean


@given(data=st.data(), n=st.sampled_from([0, 1, 2]), train=st.booleans())
def test_a_refused_batch_leaves_the_running_means(
    data: Any, n: int, train: bool
) -> None:
    """A batch of one or none in training: refused or not, as in torch."""
    x = data.draw(edges((n, 2), FEW))
    found = []
    for lib in (scratch, torch):
        layer = lib.nn.BatchNorm1d(2).double().train(train)
        try:
            y = layer(lib.tensor(x)).detach().numpy()
        except ValueError as error:
            y = str(error)
        found.append([y, *(b.numpy() for b in layer.buffers())])
    for a, b in zip(*found):
        np.testing.assert_equal(isinstance(a, str), isinstance(b, str))
        if isinstance(a, str):
            assert a == b
        else:
            np.testing.assert_allclose(a, b, 1e-12, 1e-8)


# ---- pooling

POOLS = {
    "max": lambda F, x: F.max_pool2d(x, 2, 1, 1),
    "average": lambda F, x: F.avg_pool2d(x, 2, 1, 1),
    "adaptive max": lambda F, x: F.adaptive_max_pool2d(x, 2),
    "adaptive average": lambda F, x: F.adaptive_avg_pool2d(x, 2),
    "power": lambda F, x: F.lp_pool2d(x, 2, 2),
}


@pytest.mark.parametrize("name", POOLS)
@given(x=edges(st.tuples(st.integers(0, 2), st.just(1), st.integers(2, 3),
                         st.integers(2, 3)), FEW), dtype=full)
def test_pooling(name: str, x: np.ndarray, dtype: str) -> None:
    same(lambda lib, x: POOLS[name](lib.nn.functional, x), x, dtype=dtype)


# ---- reductions of nothing, and of what is no number

REDUCTIONS = ("sum mean prod std var amax amin max min median argmax argmin "
              "any all nansum nanmean nanmedian norm logsumexp_ cumsum "
              "cumprod").replace("logsumexp_ ", "").split()


@pytest.mark.parametrize("name", REDUCTIONS)
@given(x=edges(hnp.array_shapes(min_dims=1, max_dims=2, min_side=0,
                                max_side=3), FEW),
       dim=st.sampled_from([None, 0, -1]), dtype=full)
def test_reductions(
    name: str, x: np.ndarray, dim: int | None, dtype: str
) -> None:
    if name == "cumprod":
        x = np.nan_to_num(x, posinf=3.0, neginf=-3.0)  # 0 · ∞ in its rule

    def call(lib: Any, x: Any) -> Any:
        y = getattr(x, name)() if dim is None else getattr(x, name)(dim=dim)
        return y if isinstance(y, lib.Tensor) else y.values

    same(call, x, dtype=dtype)


# ---- optimizers and clipping

OPTIMIZERS = ("SGD Adam AdamW Adagrad RMSprop Adadelta Adamax NAdam RAdam "
              "Rprop ASGD").split()


@pytest.mark.parametrize("name", OPTIMIZERS)
@given(gs=edges((3, 3), [0.0, -0.0, 1.0, 1e30, -1e30, INF, -INF, NAN]))
def test_optimizers_take_what_they_are_given(
    name: str, gs: np.ndarray
) -> None:
    """A NaN or infinite gradient spoils its own number alone."""
    found = []
    for lib in (scratch, torch):
        p = lib.nn.Parameter(lib.ones(3, dtype=lib.float64))
        optimizer = getattr(lib.optim, name)([p], lr=0.1)
        for g in gs:
            p.grad = lib.tensor(g)
            optimizer.step()
        found.append(p.detach().numpy())
    np.testing.assert_allclose(*found, 1e-10)


@given(gs=edges((2, 3), FEW), limit=st.sampled_from([0.0, 1.0, INF]),
       p=st.sampled_from([1.0, 2.0, INF]), strict=st.booleans())
def test_clipping_the_norm_of_gradients(
    gs: np.ndarray, limit: float, p: float, strict: bool
) -> None:
    """error_if_nonfinite: refused in torch's words, nothing is changed."""
    found: list = []
    for lib in (scratch, torch):
        xs = [lib.nn.Parameter(lib.zeros(3)) for _ in gs]
        for x, g in zip(xs, gs):
            x.grad = lib.tensor(g, dtype=lib.float32)
        try:
            said: Any = lib.nn.utils.clip_grad_norm_(
                xs, limit, p, error_if_nonfinite=strict).numpy()
        except RuntimeError as error:
            said = str(error)
            for x, g in zip(xs, gs):
                np.testing.assert_array_equal(
                    x.grad.numpy(), g.astype(np.float32))
        found.append([said, *(x.grad.numpy() for x in xs)])
    for a, b in zip(*found, strict=True):
        if isinstance(a, str) or isinstance(b, str):
            assert a == b
        else:
            np.testing.assert_allclose(a, b, 1e-6)


@given(gs=edges((3,), FEW), limit=st.sampled_from([0.0, 1.0, INF]))
def test_clipping_gradients_by_value(gs: np.ndarray, limit: float) -> None:
    found = []
    for lib in (scratch, torch):
        x = lib.nn.Parameter(lib.zeros(3, dtype=lib.float64))
        x.grad = lib.tensor(gs)
        lib.nn.utils.clip_grad_value_(x, limit)
        found.append(x.grad.numpy())
    np.testing.assert_array_equal(*found)
