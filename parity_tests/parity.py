"""The same computation in both libraries, compared gradient for gradient.

`compare` runs it on both sides in float64, and in float32 against the
float64 truth, and returns the errors; `assert_parity` judges one example;
`verdict` judges many.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import torch

import scratch

EPS = float(np.finfo(np.float32).eps)
ORDERS = ("value", "gradient", "second gradient")


@dataclass
class Errors:
    """What one example showed, a list of figures for each order.

    double: |ours - torch| over the allowed 1e-9 · max|torch| + 1e-12.
    ours, theirs: the float32 error E = max|y - y64| / max|y64|.
    """

    double: dict[int, list[float]] = field(default_factory=dict)
    ours: dict[int, list[float]] = field(default_factory=dict)
    theirs: dict[int, list[float]] = field(default_factory=dict)


def results(lib: Any, function: Callable, arrays: tuple, order: int
            ) -> Iterator[list]:
    """The values of a function, then its gradients, then theirs.

    Every floating-point array is an input that asks for a gradient; what
    is differentiated is the sum of the results with fixed random weights.
    The gradients come twice: with a graph of their own, and without one, as
    a training takes them, where scratch has faster rules.
    """
    tensor = lib.from_numpy
    grad = lib.autograd.grad
    xs = [tensor(laid_alike(a)) for a in arrays]
    asking = [x for x in xs if x.dtype.is_floating_point]
    if order:
        for x in asking:
            x.requires_grad_()
    ys = listed(function(*xs))
    yield ys
    for _ in range(order):
        total = 0
        for i, y in enumerate(ys):
            if y is not None and y.requires_grad:
                total = total + (y * tensor(weights(y, i))).sum()
        if isinstance(total, int):  # nothing depends on the inputs any more
            ys = [lib.zeros_like(x) for x in asking]
            yield ys + ys
            continue
        plain = () if lib is torch else grad(
            total, asking, retain_graph=True, allow_unused=True)
        told = grad(total, asking, create_graph=True, allow_unused=True)
        ys, plain = ([lib.zeros_like(x) if g is None else g
                      for x, g in zip(asking, gs)]
                     for gs in (told, plain or told))
        yield ys + plain


def laid_alike(a: np.ndarray, dtype: Any = None) -> np.ndarray:
    """A copy in memory of its own, with the same strides in entries:
    transposed and with gaps as the original is."""
    steps = [step // a.itemsize for step in a.strides]
    ends = [(n - 1) * step for n, step in zip(a.shape, steps)]
    if not a.size or min(ends, default=0) < 0 or 0 in (
            step for n, step in zip(a.shape, steps) if n > 1):
        return a.astype(dtype or a.dtype)  # torch has no steps backwards
    memory = np.zeros(sum(ends) + 1, dtype or a.dtype)
    own = np.lib.stride_tricks.as_strided(
        memory, a.shape, [step * memory.itemsize for step in steps])
    own[...] = a
    return own


def listed(y: Any) -> list:
    """The tensors of a result, whatever holds them."""
    if isinstance(y, (torch.Tensor, scratch.Tensor)):
        return [y]
    if isinstance(y, dict):
        y = list(y.values())
    if isinstance(y, (tuple, list)):
        return [part for whole in y for part in listed(whole)]
    return []


def weights(y: Any, i: int) -> np.ndarray:
    """Fixed weights, no two alike, of the shape and dtype of y."""
    n = np.arange(int(np.prod(y.shape, dtype=int)), dtype=np.float64)
    w = 0.75 + 0.5 * np.cos(1.7 * n + i)
    name = str(y.dtype).removeprefix("torch.")
    return w.reshape(tuple(y.shape)).astype(name)


def array_of(y: Any) -> np.ndarray:
    return y.numpy(force=True) if isinstance(y, torch.Tensor) else y.array


def compare(ours: Callable, theirs: Callable, *arrays: np.ndarray,
            order: int = 2, single: bool = True) -> Errors:
    """The errors of one example; raises where kind or shape differ.

    Floating-point arrays are given in float64; for float32 they are
    rounded first, and the truth is computed from the rounded numbers.
    """
    errors = Errors()
    both = zip(results(scratch, ours, arrays, order),
               results(torch, theirs, arrays, order), strict=True)
    for k, (ys, us) in enumerate(both):
        errors.double[k] = [ratio(y, u, ORDERS[k]) for y, u
                            in matched(ys, us, ORDERS[k])]
    if single and any(a.dtype == np.float64 for a in arrays):
        compare_single(errors, ours, theirs, arrays, order)
    return errors


def compare_single(errors: Errors, ours: Callable, theirs: Callable,
                   arrays: tuple, order: int) -> None:
    """Both sides in float32 against torch's float64."""
    low = tuple(laid_alike(a, "f") if a.dtype == np.float64 else a
                for a in arrays)
    high = tuple(laid_alike(a, "d") if a.dtype == np.float32 else a
                 for a in low)
    three = zip(results(scratch, ours, low, order),
                results(torch, theirs, low, order),
                results(torch, theirs, high, order), strict=True)
    for k, (ys, us, ts) in enumerate(three):
        truth = [array_of(t) for t in ts]
        pairs = matched(ys, us, f"{ORDERS[k]} in float32")
        errors.ours[k], errors.theirs[k] = [], []
        for (y, u), t in zip(pairs, truth, strict=True):
            same_places(y, u, t, ORDERS[k])
            errors.ours[k].append(relative(y, t))
            errors.theirs[k].append(relative(u, t))


def matched(ys: list, us: list, what: str) -> list:
    """Pairs of arrays, equal in dtype and shape."""
    assert len(ys) == len(us), (
        f"{what}: {len(ys)} results here, {len(us)} in torch")
    pairs = []
    for y, u in zip(ys, us):
        assert str(y.dtype) == str(u.dtype), (
            f"{what}: dtype {y.dtype} here, {u.dtype} in torch")
        assert tuple(y.shape) == tuple(u.shape), (
            f"{what}: shape {tuple(y.shape)} here, {tuple(u.shape)} in torch")
        pairs.append((array_of(y), array_of(u)))
    return pairs


def ratio(y: np.ndarray, u: np.ndarray, what: str) -> float:
    """The float64 error as a multiple of what is allowed."""
    if y.dtype.kind in "biu":
        assert np.array_equal(y, u), f"{what}: {y} here, {u} in torch"
        return 0.0
    finite = np.isfinite(u)
    assert np.array_equal(finite, np.isfinite(y)) and np.array_equal(
        u[~finite], y[~finite], equal_nan=True), (
        f"{what}: other NaN or inf places: {y} here, {u} in torch")
    if not finite.any():
        return 0.0
    away = np.abs(y[finite] - u[finite]).max()
    return float(away / (1e-9 * np.abs(u[finite]).max() + 1e-12))


def same_places(y: np.ndarray, u: np.ndarray, t: np.ndarray,
                what: str) -> None:
    """NaN and inf stand where torch's float32 has them."""
    if y.dtype.kind in "biu":
        assert np.array_equal(y, u), f"{what}: {y} here, {u} in torch"
        return
    odd = ~np.isfinite(u)
    assert np.array_equal(odd, ~np.isfinite(y)) and np.array_equal(
        y[odd], u[odd], equal_nan=True), (
        f"{what} in float32: other NaN or inf places: {y} here, {u} in torch")


def relative(y: np.ndarray, t: np.ndarray) -> float:
    """E = max|y - t| / max|t| over the finite entries (where t is all 0,
    max|y|: the inputs are of order 1)."""
    if y.dtype.kind in "biu":
        return 0.0
    good = np.isfinite(t) & np.isfinite(y)
    if not good.any():
        return 0.0
    scale = np.abs(t[good]).max()
    away = np.abs(y[good] - t[good]).max()
    return float(away / scale) if scale else float(away)


def assert_parity(ours: Callable, theirs: Callable, *arrays: np.ndarray,
                  order: int = 2, single: bool = True) -> None:
    """One example agrees: by the float64 rule, and in float32 we are not
    much farther from the truth than torch."""
    errors = compare(ours, theirs, *arrays, order=order, single=single)
    for k, found in errors.double.items():
        assert max(found, default=0) <= 1, (
            f"{ORDERS[k]}: {max(found):.3g} times the allowed error")
    for k, found in errors.ours.items():
        for mine, torchs in zip(found, errors.theirs[k]):
            assert mine <= 4 * torchs + 32 * EPS, (
                f"{ORDERS[k]} in float32: error {mine:.3g}, "
                f"torch's {torchs:.3g}")
