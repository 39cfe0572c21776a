"""Rows: squares of linear operations, so that the rule of the adjoint is
walked as well; shapes without dimensions; drawn numbers inside a graph."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..registry import outcome, pick, positive, real, row


def squared(function: Any) -> Any:
    """f(x)²: its second derivative goes through the adjoint of f."""
    return lambda x, *rest: function(x, *rest) ** 2


def of_image(lib: Any, rng: Any, name: str) -> tuple:
    """A linear operation with its inputs."""
    f = getattr(lib.nn.functional, name.rsplit(".", 1)[-1])
    if name.endswith("nll_loss"):
        return f, (real(rng, 4, 3), rng.integers(0, 3, 4))
    if name.endswith("embedding"):
        return (lambda w, i: f(i, w),
                (real(rng, 5, 2), rng.integers(0, 5, (2, 3))))
    return lambda x: f(x, 2), (real(rng, 2, 4, 4, 4),)


@row("nn.functional.pixel_shuffle", "nn.functional.channel_shuffle",
     examples=12)
def squares(lib: Any, rng: Any, name: str) -> tuple:
    f, arrays = of_image(lib, rng, name)
    return squared(f), arrays


@row("nn.functional.avg_pool2d", "nn.functional.adaptive_avg_pool2d",
     "nn.functional.nll_loss", "nn.functional.embedding",
     "nn.functional.max_pool2d", examples=8)
def slopes_of_cubes(lib: Any, rng: Any, name: str) -> tuple:
    """The square of the gradient of Σ f(x)³: its second derivative goes
    through the adjoint of the adjoint."""
    f, arrays = of_image(lib, rng, name)

    def call(x: Any, *rest: Any) -> Any:
        total = (f(x, *rest) ** 3).sum()
        return lib.autograd.grad(total, x, create_graph=True)[0] ** 2

    return call, arrays


@row("Tensor.__getitem__", "index_select", "roll", "cat", "take",
     examples=12)
def of_elements(lib: Any, rng: Any, name: str) -> tuple:
    x, i = real(rng, 4, 3), rng.integers(0, 4, 5)
    f = {"Tensor.__getitem__": lambda x, i: x[i],
         "index_select": lambda x, i: lib.index_select(x, 0, i),
         "roll": lambda x, i: lib.roll(x, 2),
         "cat": lambda x, i: lib.cat([x, x], 1),
         "take": lib.take}[name]
    return squared(f), (x, i)


@row("index_select", "transpose", "Tensor.unfold", examples=8)
def without_dimensions(lib: Any, rng: Any, name: str) -> tuple:
    x, i = real(rng), np.zeros(1, np.int64)
    f = {"index_select": lambda x, i: lib.index_select(x, 0, i),
         "transpose": lambda x, i: lib.transpose(x, 0, -1),
         "Tensor.unfold": lambda x, i: x.unfold(0, 1, 1)}[name]
    return squared(f), (x, i)


@row("Tensor.contiguous", examples=12)
def in_memory(lib: Any, rng: Any) -> tuple:
    x = real(rng, 2, 3, 2, 2)
    if rng.random() < 0.5:
        return squared(lambda t: t.permute(0, 2, 3, 1).contiguous()), (x,)
    return squared(lambda t: t.contiguous(
        memory_format=lib.channels_last)), (x,)


@row("Tensor.__setitem__", examples=12)
def written_squares(lib: Any, rng: Any) -> tuple:
    def call(x: Any, v: Any) -> Any:
        y = x * x
        y[1:] *= v
        y.t()[0] = v.sum() * 2
        return y * y

    return call, (real(rng, 3, 3), real(rng, 3))


@row("conj", "angle", examples=12)
def of_complex(lib: Any, rng: Any, name: str) -> tuple:
    pair = real(rng, 3), positive(rng, 3)
    if name == "conj":
        return (lambda x, y: lib.view_as_real(
            lib.complex(x * x, y * x).conj() * 2), pair)
    return lambda x, y: lib.angle(lib.complex(x, y)), pair


@row("sigmoid", examples=12)
def complex_sigmoid(lib: Any, rng: Any) -> tuple:
    return (lambda x, y: lib.view_as_real(lib.sigmoid(lib.complex(x, y))),
            (real(rng, 3), real(rng, 3)))


@row("sigmoid", "tanh", order=1, examples=12)
def slopes(lib: Any, rng: Any, name: str) -> tuple:
    """The slope as a function of the gradient that it is given, too."""
    def call(x: Any, v: Any) -> Any:
        y = getattr(lib, name)(x)
        return lib.autograd.grad(y, x, v, create_graph=True)[0]

    return call, (real(rng, 3), real(rng, 3))


@row("sgn", examples=12)
def complex_sign(lib: Any, rng: Any) -> tuple:
    return (lambda x, y: lib.view_as_real(lib.sgn(lib.complex(x, y))),
            (real(rng, 3), positive(rng, 3)))


@row("Tensor.__rpow__", examples=12)
def number_to_the(lib: Any, rng: Any) -> tuple:
    """nˣ for a plain number n, 0 among them."""
    n = float(rng.choice([0, 0.5, 1, 2, 3]))
    return lambda x: n ** x, (real(rng, 4),)


@row("relu", "sigmoid", examples=3)
def of_many(lib: Any, rng: Any, name: str) -> tuple:
    """Numbers enough for the kernels that work in blocks."""
    return squared(getattr(lib, name)), (rng.standard_normal(4100),)


@row("Tensor.to", "Tensor.float", "Tensor.double", examples=8)
def of_other_types(lib: Any, rng: Any, name: str) -> tuple:
    f = {"Tensor.to": lambda x: x.to(lib.float32) + x.to(lib.float64),
         "Tensor.float": lambda x: x.float() * 2,
         "Tensor.double": lambda x: x.double() * 2}[name]
    return lambda x: f(x * x), (real(rng, 4),)


@row("linalg.eig", "linalg.eigvals", examples=10)
def real_eigenvalues(lib: Any, rng: Any, name: str) -> tuple:
    """Apart from each other, in rising order; the lengths of vectors."""
    n = int(rng.integers(1, 4))

    def call(x: Any) -> list:
        if name == "linalg.eigvals":
            values = lib.linalg.eigvals(x).real
            return [values[values.argsort()] ** 2]
        values, vectors = lib.linalg.eig(x)
        order = values.real.argsort()
        return [values[order].abs(), vectors[:, order].abs()]

    return call, (0.5 * real(rng, n, n) + np.diag(4.0 * np.arange(1, n + 1)),)


@row("fill_", "zero_", "index_put_", "detach_", "detach", order=1,
     examples=8)
def functions_in_place(lib: Any, rng: Any, name: str) -> tuple:
    """The functions of methods that are only in place."""
    args = {"fill_": (2.5,), "index_put_": (
        (lib.tensor([0, 2]),), lib.ones(2, dtype=lib.float64))}.get(name, ())

    def call(x: Any) -> Any:
        y = x * x
        more = [a.to(x.dtype) if isinstance(a, lib.Tensor) else a
                for a in args]
        return getattr(lib, name)(y, *more) + x

    return call, (real(rng, 4),)


@outcome("is_floating_point", "is_complex", "is_signed", exact=True)
def kinds(lib: Any, rng: Any, dtype: Any, name: str) -> Any:
    f = getattr(lib, name)
    return [f(lib.zeros(2, dtype=kind)) for kind in (
        dtype, lib.int64, lib.uint8, lib.bool, lib.complex64)]


DRAWN = ("normal", "bernoulli", "poisson", "Tensor.uniform_",
         "Tensor.normal_", "Tensor.exponential_", "Tensor.bernoulli_")


@row(*DRAWN, order=1, examples=8)
def drawn(lib: Any, rng: Any, name: str) -> tuple:
    """What was drawn does not depend on x: its gradient is 0."""
    seed, word = int(rng.integers(1000)), name.split(".")[-1]

    def call(x: Any, s: Any) -> Any:
        lib.manual_seed(seed)
        if word.endswith("_"):
            y = x * s
            return getattr(y, word)() + x
        if word == "normal":
            return lib.normal(x, s) + lib.normal(x, 2.0) * s
        return getattr(lib, word)(s / 4) + x * s

    return call, (real(rng, 5), positive(rng, 5))


@row("autocast", "amp.autocast", examples=8)
def as_it_is(lib: Any, rng: Any, name: str) -> tuple:
    kind = lib.autocast if name == "autocast" else lib.amp.autocast

    def call(x: Any) -> Any:
        with kind("cpu", enabled=False):
            return kind("cpu", enabled=False)(lib.exp)(x) * x

    return call, (real(rng, 3),)


@row("amp.GradScaler", examples=12)
def scaled(lib: Any, rng: Any) -> tuple:
    """Two steps, the first perhaps too large: see parity_tests/test_amp.py."""
    first = pick(rng, 1.0, float("inf"))

    def call(x: Any) -> list:
        scaler = lib.amp.GradScaler("cpu", 2.0**10, growth_interval=1)
        p = lib.nn.Parameter(x.detach().clone())
        optimizer = lib.optim.SGD([p], lr=0.1)
        for factor in (first, 1.0):
            optimizer.zero_grad()
            scaler.scale((p * p).sum() * factor).backward()
            scaler.step(optimizer)
            scaler.update()
        return [scaler.scale(x * x), p.detach(), scaler.get_scale()]

    return call, (real(rng, 3),)
