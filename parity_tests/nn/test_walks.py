"""Convolutions and pools refuse how a kernel shall walk, as torch does.

Each case spoils some arguments at once: which one is told of first is
torch's order.
"""

from __future__ import annotations

from itertools import product
from typing import Any

import pytest
import torch

import scratch

SIDE = (4, 5, 6)


def said(lib: Any, call: Any) -> str:
    """The error, or the shape of the result."""
    try:
        y = call(lib)
    except Exception as error:
        words = str(error).split("\n")[0]
        return f"{type(error).__name__}: {words}"
    return str([tuple(t.shape) for t in (y if isinstance(y, tuple) else [y])])


def agree(call: Any) -> None:
    assert said(scratch, call) == said(torch, call)


WALKS: list[dict] = [
    {}, {"stride": -1}, {"stride": 0}, {"padding": -1}, {"dilation": -1},
    {"dilation": 0}, {"groups": 0}, {"groups": 2}, {"stride": (1,) * 7},
    {"padding": (1,) * 7}, {"dilation": (1,) * 7}, {"padding": "valid"},
    {"padding": "odd"}, {"padding": "same", "stride": 2},
    {"stride": -1, "padding": -1, "dilation": -1},
    {"stride": -1, "groups": 0}, {"padding": "valid", "stride": -1},
]
BACK: list[dict] = [
    {"output_padding": -1}, {"output_padding": -1, "stride": -1},
    {"output_padding": (1,) * 7, "stride": -1},
    {"output_padding": -1, "padding": -1},
]


@pytest.mark.parametrize("n", [1, 2, 3])
@pytest.mark.parametrize("back", [False, True])
def test_a_convolution_tells_first_what_torch_does(n: int,
                                                   back: bool) -> None:
    side, word = SIDE[:n], "conv_transpose" if back else "conv"
    walks = [w for w in WALKS if not isinstance(w.get("padding"), str)
             ] + BACK if back else WALKS
    ends: list[tuple] = [(3, 1), (3, 2), (3,), (3, 1, 1), (0, 1), (3, 0)]
    kernels = [end + side for end in ends] + [(3, 4), (3,)]
    for walk, kernel in product(walks, kernels):
        agree(lambda lib, walk=walk, kernel=kernel: getattr(
            lib.nn.functional, f"{word}{n}d")(
            lib.ones(2, 1, *side), lib.ones(*kernel), **walk))


STEPS: list[tuple] = [
    (2, -1), (2, 0), (-1,), (0,), (2, 1, -1), (2, 1, 2), (5,), (9,),
    ((2,), 1), (2, (1, 1)), ((2, 2), 1), (2, 1, (1, 1)),
]
DILATED: list[tuple] = [(2, 1, 1, 0), (2, 1, 1, -1), (2, 1, 0, 0)]


@pytest.mark.parametrize("n", [1, 2, 3])
@pytest.mark.parametrize("kind", ["max", "indices", "avg"])
def test_a_pool_refuses_its_walk_as_torch_does(n: int, kind: str) -> None:
    more = {"return_indices": True} if kind == "indices" else {}
    word = f"{'avg' if kind == 'avg' else 'max'}_pool{n}d"
    for steps in STEPS + ([] if kind == "avg" else DILATED):
        agree(lambda lib, steps=steps: getattr(lib.nn.functional, word)(
            lib.ones(1, 2, *SIDE[:n]), *steps, **more))


SHAPES: list[tuple] = [
    (), (3,), (3, 4), (0, 1, 4), (0, 1, 2, 4), (1, 0, 4), (1, 0, 4, 4),
    (2, 1, 0, 1, 2), (1, 1, 1, 1, 1, 1), (2, 4, 0, 4), (0, 2, 4, 4, 4),
    (2, 0, 4, 4, 4), (0, 4), (0,),
]


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("n", [1, 2, 3])
def test_a_pool_refuses_a_shape_as_torch_does(n: int, shape: tuple) -> None:
    for word in (f"max_pool{n}d", f"avg_pool{n}d"):
        agree(lambda lib, word=word: getattr(lib.nn.functional, word)(
            lib.ones(*shape), 1))
    agree(lambda lib: getattr(lib.nn.functional, f"max_pool{n}d")(
        lib.ones(*shape), 1, return_indices=True))
    agree(lambda lib: getattr(lib.nn.functional, f"max_unpool{n}d")(
        lib.ones(*shape), lib.zeros(*shape, dtype=lib.int64), 1))


SIZES: list[Any] = [
    -1, 2, (-1,), (2,), (-1, 2), (2, -1), (2, 2), (2, 2, 2), (2, 2, 2, 2),
    (None, 1), (None, None, None),
]


@pytest.mark.parametrize("n", [1, 2, 3])
@pytest.mark.parametrize("kind", ["avg", "max"])
def test_an_adaptive_pool_refuses_as_torch_does(n: int, kind: str) -> None:
    shapes = [(2, 3), (2, 3, 4), (1, 2, 3, 4), (1, 2, 3, 4, 4)]
    for shape, size in product(shapes, SIZES):
        agree(lambda lib, shape=shape, size=size: getattr(
            lib.nn.functional, f"adaptive_{kind}_pool{n}d")(
            lib.ones(*shape), size))


HALVES: list[str] = [
    "hardtanh(x.to(torch.uint8))", "hardtanh(x.to(torch.uint8), -5, -3)",
    "hardtanh(x.to(torch.uint8), 0, 300)", "hardtanh(x.int(), -.5, .5)",
    "batch_norm(x[:0], None, None, training=True)", "batch_norm(x, x, x)",
    "batch_norm(x[:0], x, x, x, x)", "group_norm(x.view(1, 3)[:, :0], 1)",
    "dropout(x.int(), .5, False)", "dropout(x.int(), 1., True)",
    "dropout(x.int(), .5, True)", "alpha_dropout(x.int(), 0., True)",
    "feature_alpha_dropout(x.bool(), .5, False)",
    "bilinear(x.int(), x.int(), x.int().view(1, 1, 3).expand(2, 3, 3))",
    "bilinear(x.bool(), x.bool(), x.bool().view(1, 1, 3).expand(2, 3, 3))",
    "embedding(x.long() % 1, x.view(3, 1), None, None, 2., True, True)",
]


@pytest.mark.parametrize("call", HALVES)
def test_an_odd_call_ends_alike(call: str) -> None:
    agree(lambda lib: eval(f"lib.nn.functional.{call}", {
        "lib": lib, "torch": lib, "x": lib.tensor([1.0, 2.0, 3.0])}))


@pytest.mark.parametrize("eps", [None, 1e-5, 0.5])
def test_rms_norm_of_halves_is_rounded_once(eps: float | None) -> None:
    for scale in (1e-3, 1.0, 20.0):
        a, b = (lib.nn.functional.rms_norm(
            x, [3], x[0], eps) for lib, x in (
            (lib, (lib.tensor([[0.5, -3, 2], [0, 1, 7]]) * scale).half())
            for lib in (scratch, torch)))
        assert a.tolist() == b.tolist()


def test_the_grid_of_nearest_entries_has_a_slope_of_zero() -> None:
    for lib in (scratch, torch):
        x = lib.ones(1, 1, 3, 3)
        grid = lib.zeros(1, 2, 2, 2, requires_grad=True)
        y = lib.nn.functional.grid_sample(x, grid, "nearest",
                                          align_corners=False)
        y.sum().backward()
        assert grid.grad.tolist() == lib.zeros(1, 2, 2, 2).tolist()
