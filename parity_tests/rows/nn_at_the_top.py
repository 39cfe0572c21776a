"""Rows: functions of nn that torch offers at the top as well."""

from __future__ import annotations

from typing import Any

from ..layers import SEED, bent
from ..registry import outcome, pick, real, row
from .nn_activation import settings
from .nn_convolution import convolution


@row(*[f"conv{n}d" for n in (1, 2, 3)],
     *[f"conv_transpose{n}d" for n in (1, 2, 3)], examples=24)
def convolutions(lib: Any, rng: Any, name: str) -> tuple:
    options, arrays = convolution(int(name[-2]), "transpose" in name)(rng)
    return lambda *ts: bent(getattr(lib, name)(*ts, **options)), arrays


@row("max_pool1d", "max_pool2d", "max_pool3d", "avg_pool1d",
     "adaptive_avg_pool1d", examples=24)
def pools(lib: Any, rng: Any, name: str) -> tuple:
    k = int(rng.integers(1, 4))
    args = (k,) if "adaptive" in name else (k, 2, k // 2)
    x = real(rng, 2, 3, *(6, 7, 5)[:int(name[-2])])
    return lambda t: bent(getattr(lib, name)(t, *args)), (x,)


@row("batch_norm", "instance_norm", "layer_norm", "group_norm", "rms_norm",
     examples=24)
def norms(lib: Any, rng: Any, name: str) -> tuple:
    f, c = getattr(lib, name), 4
    x, train = real(rng, 3, c, 3, 2), bool(rng.integers(2))
    mean, var = rng.standard_normal(c), 0.5 + rng.random(c)
    if name in ("layer_norm", "rms_norm"):
        last = (3, 2)
        if name == "rms_norm":
            return lambda t, w: bent(f(t, last, w)), (x, real(rng, *last))
        return (lambda t, w, b: bent(f(t, last, w, b)),
                (x, real(rng, *last), real(rng, *last)))
    wb = real(rng, c), real(rng, c)
    if name == "group_norm":
        return lambda t, w, b: bent(f(t, 2, w, b)), (x, *wb)

    def call(t: Any, w: Any, b: Any) -> list:
        moving = [lib.from_numpy(a.copy()).to(t.dtype) for a in (mean, var)]
        y = f(t, w, b, *moving, train, 0.3, 1e-5, False)
        return [bent(y), moving]

    return call, (x, *wb)


@row("selu", "celu", "hardshrink", "threshold", "prelu", "rrelu",
     examples=24)
def activations(lib: Any, rng: Any, name: str) -> tuple:
    x, f = 2 * real(rng, 3, 4), getattr(lib, name)
    if name == "prelu":
        return lambda t, w: bent(f(t, w)), (x, real(rng, 4))
    options = settings(rng, name, 2)
    options.pop("inplace", None)

    def call(t: Any) -> list:
        lib.manual_seed(SEED)
        return bent(f(t, **options))

    return call, (x,)


@row("dropout", "alpha_dropout", "feature_dropout", "feature_alpha_dropout",
     examples=24)
def dropouts(lib: Any, rng: Any, name: str) -> tuple:
    p, train = float(pick(rng, 0.0, 0.3, 0.8)), bool(rng.random() < 0.8)

    def call(t: Any) -> list:
        lib.manual_seed(SEED)
        return bent(getattr(lib, name)(t, p, train))

    return call, (real(rng, 3, 4, 2),)


@row("cosine_similarity", "pairwise_distance", "bilinear",
     "constant_pad_nd", examples=24)
def pairs(lib: Any, rng: Any, name: str) -> tuple:
    f = getattr(lib, name)
    if name == "constant_pad_nd":
        return lambda t: bent(f(t, (1, 2, -1, 0), 0.5)), (real(rng, 3, 4),)
    if name == "bilinear":
        return (lambda *ts: bent(f(*ts)), (
            real(rng, 5, 2), real(rng, 5, 3), real(rng, 4, 2, 3),
            real(rng, 4)))
    return lambda x, y: bent(f(x, y)), (real(rng, 3, 4), real(rng, 3, 4))


@row("pixel_shuffle", "pixel_unshuffle", "channel_shuffle", "embedding",
     examples=12)
def places(lib: Any, rng: Any, name: str) -> tuple:
    f = getattr(lib, name)
    if name == "embedding":
        return (lambda w, i: bent(f(w, i, 2)),
                (real(rng, 5, 3), rng.integers(0, 5, (2, 3))))
    return lambda x: bent(f(x, 2)), (real(rng, 2, 4, 4, 2),)


@outcome("embedding_renorm_", examples=12)
def renormed(lib: Any, rng: Any, dtype: Any) -> Any:
    w = lib.from_numpy(2 * rng.standard_normal((5, 3))).to(dtype)
    words = lib.from_numpy(rng.integers(0, 5, (2, 3)))
    return lib.embedding_renorm_(w, words, 1.5, float(pick(rng, 1, 2)))
