"""Rows: activations, softmax and dropout, as functions and as modules."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..layers import SEED, bent, layer, module
from ..registry import pick, real, row, shape, ties

NAMES = {
    "sigmoid": "Sigmoid", "logsigmoid": "LogSigmoid", "tanh": "Tanh",
    "hardsigmoid": "Hardsigmoid", "hardtanh": "Hardtanh", "relu": "ReLU",
    "tanhshrink": "Tanhshrink", "relu6": "ReLU6", "rrelu": "RReLU",
    "leaky_relu": "LeakyReLU", "elu": "ELU", "selu": "SELU", "celu": "CELU",
    "gelu": "GELU", "silu": "SiLU", "mish": "Mish", "glu": "GLU",
    "hardswish": "Hardswish", "softplus": "Softplus", "softmin": "Softmin",
    "softsign": "Softsign", "softshrink": "Softshrink",
    "hardshrink": "Hardshrink", "threshold": "Threshold",
    "softmax": "Softmax", "log_softmax": "LogSoftmax",
}
# where a wide range meets several pieces; elsewhere it only saturates
STEEP = ("hardsigmoid hardtanh relu relu6 rrelu leaky_relu threshold "
         "hardswish softplus softshrink hardshrink").split()
IN_PLACE = ("hardtanh relu relu6 leaky_relu rrelu elu selu celu silu mish "
            "hardswish threshold hardsigmoid").split()


def settings(rng: Any, name: str, ndim: int) -> dict:
    """Every documented argument, the default as often as another value."""
    table: dict[str, dict[str, Any]] = {
        "hardtanh": {"min_val": -0.5, "max_val": 1.5},
        "leaky_relu": {"negative_slope": 0.3},
        "rrelu": {"lower": 0.1, "upper": 0.6},
        "elu": {"alpha": 1.7}, "celu": {"alpha": 0.6},
        "gelu": {"approximate": "tanh"}, "glu": {"dim": 0},
        "softplus": {"beta": 2.0, "threshold": 3.0},
        "softshrink": {"lambd": 0.8}, "hardshrink": {"lambd": 0.8},
    }
    some = table.get(name, {})
    options: dict[str, Any] = dict(some) if rng.random() < 0.5 else {}
    if name == "threshold":
        options = {"threshold": pick(rng, 0.0, 0.4), "value": -2.0}
    if name in ("softmax", "log_softmax", "softmin"):
        options = {"dim": int(rng.integers(-ndim, ndim))}
    if name in IN_PLACE and name != "hardsigmoid":
        options["inplace"] = False
    if name == "rrelu":
        options["training"] = bool(rng.integers(2))
    return options


def general(name: str) -> Any:
    def draw(rng: Any) -> tuple:
        size = shape(rng, 0 if name not in (
            "glu", "softmax", "log_softmax", "softmin") else 1, 4)
        if name == "glu":
            size = (4, *size[:-1], 2) if rng.random() < 0.8 else (4,)
        x = real(rng, *size) * (3 if name in STEEP else 1)
        return settings(rng, name, len(size)), (x,)

    return draw


def at_kinks(name: str) -> Any:
    def draw(rng: Any) -> tuple:
        x = ties(rng, 3, 4) * (pick(rng, 1, 3, 0.5) if name in STEEP else 1)
        return settings(rng, name, 2), (x,)

    return draw


for name, kind in NAMES.items():
    top = 1 if name == "hardsigmoid" else 2  # torch has no second
    layer(name, kind, order=top, examples=24)(general(name))
    layer(name, kind, order=1, examples=24)(at_kinks(name))


@layer("prelu", "")
def leaning(rng: Any) -> tuple:
    c = int(rng.integers(1, 4))
    x = real(rng, 2, c, *shape(rng, 0, 2))
    return {}, (x, real(rng, pick(rng, 1, c)))


@module("PReLU")
def leaning_module(rng: Any) -> tuple:
    c = int(rng.integers(1, 4))
    options = {} if rng.random() < 0.5 else {
        "num_parameters": c, "init": 0.4}
    return (), options, (real(rng, 2, c, *shape(rng, 0, 2)),)


@module("Softmax2d")
def over_channels(rng: Any) -> tuple:
    return (), {}, (real(rng, *pick(rng, (), (2,)), 3, 2, 4),)


DROPOUTS = {"dropout": ("Dropout", 0), "dropout1d": ("Dropout1d", 1),
            "dropout2d": ("Dropout2d", 2), "dropout3d": ("Dropout3d", 3),
            "alpha_dropout": ("AlphaDropout", 0),
            "feature_alpha_dropout": ("FeatureAlphaDropout", 1)}


def dropping(name: str, spatial: int) -> Any:
    def draw(rng: Any) -> tuple:
        size = (2, 3, *rng.integers(1, 4, spatial)) if spatial else shape(
            rng, 1, 3)
        return ({"p": float(pick(rng, 0.0, 0.3, 0.5, 0.9, 1.0)),
                 "training": bool(rng.random() < 0.75), "inplace": False},
                (real(rng, *size),))

    return draw


for name, (kind, spatial) in DROPOUTS.items():
    layer(name, kind)(dropping(name, spatial))


@layer("normalize", "")
def to_length_one(rng: Any) -> tuple:
    # a lone number over its length is ±1, and its gradient rounding alone
    size = tuple(int(n) for n in rng.integers(2, 5, pick(rng, 2, 3)))
    return ({"p": float(pick(rng, 1, 2, 3)),
             "dim": int(rng.integers(-2, 2))}, (real(rng, *size),))


@layer("cosine_similarity", "CosineSimilarity")
def similar(rng: Any) -> tuple:
    size = tuple(int(n) for n in rng.integers(2, 5, 3))
    return ({"dim": int(rng.integers(0, 3)), "eps": pick(rng, 1e-8, 0.5)},
            (real(rng, *size), real(rng, *size)))


@layer("pairwise_distance", "PairwiseDistance")
def distances(rng: Any) -> tuple:
    n = int(rng.integers(3, 6))
    return ({"p": float(pick(rng, 1, 2, 3)), "keepdim": bool(
        rng.integers(2)), "eps": pick(rng, 1e-6, 0.1)},
        (real(rng, 3, n), real(rng, *pick(rng, (3,), ()), n)))


@layer("one_hot", "", order=0)
def codes(rng: Any) -> tuple:
    x = rng.integers(0, 5, shape(rng, 0, 3, smallest=1))
    return {"num_classes": int(pick(rng, -1, 5, 7))}, (np.asarray(x),)


@row(*[f"nn.functional.{word}_" for word in (
    "celu elu hardtanh leaky_relu relu rrelu selu threshold").split()],
     examples=20)
def in_place(lib: Any, rng: Any, name: str) -> tuple:
    word = name.rsplit(".", 1)[1]
    options = settings(rng, word[:-1], 2)
    options.pop("inplace", None)
    if word == "celu_":  # torch: 1 / alpha is rounded to float32, in place
        options = {"alpha": pick(rng, 1.0, 0.5)}  # otherwise than else

    def call(x: Any) -> list:
        lib.manual_seed(SEED)
        return bent(getattr(lib.nn.functional, word)(x * 1, **options))

    return call, (2 * real(rng, 3, 4),)


@layer("gumbel_softmax", "")
def gumbel(rng: Any) -> tuple:
    return ({"tau": pick(rng, 1, 0.4), "hard": bool(rng.integers(2)),
             "dim": int(rng.integers(-2, 2))}, (real(rng, 3, 4),))
