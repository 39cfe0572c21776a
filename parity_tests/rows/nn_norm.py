"""Rows: normalization layers, with their moving averages."""

from __future__ import annotations

from typing import Any

from ..layers import bent, function, layer, module
from ..registry import pick, real, row


def spatial(rng: Any, n: int) -> tuple:
    return tuple(int(k) for k in rng.integers(2, 5, n))


@row("nn.functional.batch_norm", "nn.functional.instance_norm")
def with_statistics(lib: Any, rng: Any, name: str) -> tuple:
    """Moving averages before and after are inputs and results."""
    one = name.endswith("batch_norm")
    n, c = int(rng.integers(2, 5)), int(rng.integers(1, 4))
    x = real(rng, n, c, *spatial(rng, int(rng.integers(1 - one, 3)) or 1))
    train = bool(rng.integers(2))
    momentum, eps = pick(rng, 0.1, 0.5), pick(rng, 1e-5, 0.1)
    scaled = rng.random() < 0.7
    kept = not train or rng.random() < 0.7
    mean, var = rng.standard_normal(c), 0.5 + rng.random(c)
    call = getattr(lib.nn.functional, name.rsplit(".", 1)[1])

    def compute(x: Any, *wb: Any) -> list:
        w, b = wb or (None, None)
        moving = [lib.from_numpy(a.copy()).to(x.dtype)
                  for a in (mean, var)] if kept else [None, None]
        y = call(x, *moving, w, b, train, momentum, eps)
        return [bent(y), [m for m in moving if m is not None]]

    return compute, (x, real(rng, c), real(rng, c)) if scaled else (x,)


def averaging(kind: str, n: int) -> Any:
    def draw(rng: Any) -> tuple:
        c = int(rng.integers(1, 4))
        options = {
            "eps": pick(rng, 1e-5, 0.1), "affine": bool(rng.integers(2)),
            "momentum": pick(rng, 0.1, 0.4) if "Instance" in kind else pick(
                rng, 0.1, 0.4, None),
            "track_running_stats": bool(rng.integers(2))}
        lead: tuple = (int(rng.integers(2, 4)), c)
        if "Instance" in kind and rng.random() < 0.3:
            lead = (c,)
        sides = spatial(rng, n)
        if kind == "BatchNorm1d" and rng.random() < 0.5:
            # not two or three numbers a channel: their gradient can be so
            # small that float32 holds nothing but how each side rounded
            lead, sides = (lead[0] + 2, c), ()
        return (c,), options, (real(rng, *lead, *sides),)

    return draw


for n in (1, 2, 3):
    for kind in (f"BatchNorm{n}d", f"InstanceNorm{n}d"):
        module(kind, examples=48)(averaging(kind, n))


@function("layer_norm", examples=20)
@function("rms_norm", examples=20)
def unscaled(rng: Any) -> tuple:
    size = (2, *spatial(rng, 2))
    return {"normalized_shape": size[-int(rng.integers(1, 3)):]}, (
        real(rng, *size),)


@row("nn.functional.layer_norm", "nn.functional.rms_norm")
def scaled_layer(lib: Any, rng: Any, name: str) -> tuple:
    size = (2, *spatial(rng, 2))
    last = size[-int(rng.integers(1, 3)):]
    eps = pick(rng, 1e-5, 0.1)
    if name.endswith("layer_norm"):
        return (lambda x, w, b: bent(lib.nn.functional.layer_norm(
            x, last, w, b, eps)),
            (real(rng, *size), real(rng, *last), real(rng, *last)))
    eps = pick(rng, None, 1e-5, 0.1)
    return (lambda x, w: bent(lib.nn.functional.rms_norm(x, last, w, eps)),
            (real(rng, *size), real(rng, *last)))


@row("nn.functional.group_norm")
def by_group(lib: Any, rng: Any) -> tuple:
    groups = int(rng.integers(1, 4))
    c, eps = groups * int(rng.integers(1, 3)), pick(rng, 1e-5, 0.1)
    x = real(rng, 2, c, *spatial(rng, int(rng.integers(1, 3))))
    wb = (real(rng, c), real(rng, c)) if rng.integers(2) else ()
    return (lambda x, *wb: bent(lib.nn.functional.group_norm(
        x, groups, *(wb or (None, None)), eps)), (x, *wb))


@module("LayerNorm")
def layer_module(rng: Any) -> tuple:
    size = (2, *spatial(rng, 2))
    last = size[-int(rng.integers(1, 3)):]
    return (last,), {"eps": pick(rng, 1e-5, 0.1), "elementwise_affine": bool(
        rng.integers(2)), "bias": bool(rng.integers(2))}, (
            real(rng, *size),)


@module("RMSNorm")
def rms_module(rng: Any) -> tuple:
    size = (2, *spatial(rng, 2))
    last = size[-int(rng.integers(1, 3)):]
    return (last,), {"eps": pick(rng, None, 0.1), "elementwise_affine": bool(
        rng.integers(2))}, (real(rng, *size),)


@module("GroupNorm")
def group_module(rng: Any) -> tuple:
    groups = int(rng.integers(1, 4))
    c = groups * int(rng.integers(1, 3))
    return (groups, c), {"eps": pick(rng, 1e-5, 0.1), "affine": bool(
        rng.integers(2))}, (real(rng, 2, c, *spatial(rng, 2)),)


@layer("local_response_norm", "LocalResponseNorm")
def responses(rng: Any) -> tuple:
    return ({"size": int(rng.integers(1, 6)), "alpha": pick(rng, 1e-4, 0.5),
             "beta": pick(rng, 0.75, 0.5), "k": pick(rng, 1.0, 2.0)},
            (real(rng, 2, 5, *spatial(rng, int(rng.integers(1, 3)))),))
