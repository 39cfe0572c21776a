"""Rows: pooling of every kind."""

from __future__ import annotations

from typing import Any

from ..layers import bent, layer
from ..registry import pick, positive, real, row, ties
from .nn_convolution import full, some


def image(rng: Any, n: int) -> Any:
    lead = pick(rng, (2, 3), (2, 3), (3,))
    return real(rng, *lead, *(6, 7, 5)[:n])


def pooling(rng: Any, n: int) -> dict:
    """Kernel, stride, and a padding of at most half of the kernel."""
    kernel = some(rng, n, 1, 3)
    half = tuple(int(rng.integers(0, k // 2 + 1)) for k in full(kernel, n))
    return {"kernel_size": kernel, "stride": pick(
        rng, None, some(rng, n, 1, 3)), "padding": half,
        "ceil_mode": bool(rng.integers(2))}


def max_pooling(n: int) -> Any:
    def draw(rng: Any) -> tuple:
        options = pooling(rng, n)
        options["dilation"] = some(rng, n, 1, 2)
        options["return_indices"] = bool(rng.integers(2))
        return options, (image(rng, n),)

    return draw


def max_of_ties(n: int) -> Any:
    def draw(rng: Any) -> tuple:
        return pooling(rng, n) | {"return_indices": True}, (
            ties(rng, 2, 2, *(6, 7, 5)[:n]),)

    return draw


def average_pooling(n: int) -> Any:
    def draw(rng: Any) -> tuple:
        options = pooling(rng, n)
        options["count_include_pad"] = bool(rng.integers(2))
        if n > 1 and rng.random() < 0.3:
            options["divisor_override"] = int(rng.integers(1, 6))
        return options, (image(rng, n),)

    return draw


def norm_pooling(n: int) -> Any:
    def draw(rng: Any) -> tuple:
        options = pooling(rng, n)
        del options["padding"]
        options["norm_type"] = float(pick(rng, 1, 2, 3))
        return options, (positive(rng, 2, 3, *(6, 7, 5)[:n]),)

    return draw


def adaptive(n: int, indices: bool) -> Any:
    def draw(rng: Any) -> tuple:
        size = some(rng, n, 1, 8)
        if n > 1 and rng.random() < 0.3 and not isinstance(size, int):
            size = (None, *size[1:])
        options = {"output_size": size}
        if indices:
            options["return_indices"] = bool(rng.integers(2))
        return options, (image(rng, n),)

    return draw


for n in (1, 2, 3):
    layer(f"max_pool{n}d", f"MaxPool{n}d")(max_pooling(n))
    layer(f"max_pool{n}d", f"MaxPool{n}d", order=1, examples=10)(
        max_of_ties(n))
    layer(f"avg_pool{n}d", f"AvgPool{n}d")(average_pooling(n))
    layer(f"lp_pool{n}d", f"LPPool{n}d", examples=20)(norm_pooling(n))
    layer(f"adaptive_avg_pool{n}d", f"AdaptiveAvgPool{n}d")(
        adaptive(n, False))
    layer(f"adaptive_max_pool{n}d", f"AdaptiveMaxPool{n}d")(
        adaptive(n, True))


@row("nn.functional.max_unpool1d", "nn.functional.max_unpool2d",
     "nn.functional.max_unpool3d", "nn.MaxUnpool1d", "nn.MaxUnpool2d",
     "nn.MaxUnpool3d", examples=20)
def unpooled(lib: Any, rng: Any, name: str) -> tuple:
    n = int(name[-2])
    kernel = some(rng, n, 1, 3)
    x = image(rng, n)
    pool = getattr(lib.nn.functional, f"max_pool{n}d")
    back = (getattr(lib.nn.functional, name.rsplit(".", 1)[1])
            if "functional" in name else None)

    def call(t: Any) -> Any:
        y, i = pool(t, kernel, return_indices=True)
        size = tuple(t.shape[-n:])
        if back is not None:
            return bent(back(y, i, kernel, output_size=size))
        layer = getattr(lib.nn, name.rsplit(".", 1)[1])(kernel)
        return bent(layer(y, i, output_size=size))

    return call, (x,)


@row("nn.functional.max_pool1d_with_indices",
     "nn.functional.max_pool2d_with_indices",
     "max_pool1d_with_indices",
     examples=20)
def with_indices(lib: Any, rng: Any, name: str) -> tuple:
    n = int(name.partition("_with")[0][-2])
    options = pooling(rng, n)
    space = lib.nn.functional if "functional" in name else lib
    word = name.rsplit(".", 1)[-1]
    return (lambda t: bent(getattr(space, word)(t, **options)),
            (image(rng, n),))
