"""Bags of words, aligned texts and grids of points: by hand, and refusals."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

import scratch
import torchref.nn as hand
from parity_tests.nn.test_facing import agree
from parity_tests.nn.tools import complaint
from parity_tests.strategies import normal

SEED, SIDE = st.integers(0, 99), st.integers(1, 4)


@given(span=st.integers(1, 6), classes=st.integers(2, 4), seed=SEED,
       length=st.integers(0, 2))
def test_the_paths_of_a_text(span: int, classes: int, seed: int,
                             length: int) -> None:
    text = np.random.default_rng(seed).integers(1, classes, length)
    if length > 1 and text[0] == text[1]:
        length += 1  # a blank must come between
    if length > span:
        return  # it does not fit

    def way(lib: Any) -> Any:
        def call(x: Any) -> Any:
            return lib.nn.functional.ctc_loss(
                x.log_softmax(1), lib.from_numpy(text), (span,),
                (len(text),), reduction="sum")
        return call

    agree(way(scratch), lambda x: hand.ctc_loss(
        x.log_softmax(1), text.tolist()), way(torch),
        normal(seed, span, classes))


@pytest.mark.parametrize("mode", ["mean", "sum", "max"])
@given(bags=SIDE, words=SIDE, seed=SEED)
def test_bags_of_words(mode: str, bags: int, words: int, seed: int) -> None:
    chosen = np.random.default_rng(seed).integers(0, 6, (bags, words))

    def way(lib: Any, bag: Any) -> Any:
        return lambda w: bag(lib.from_numpy(chosen), w * 1, mode=mode)

    agree(way(scratch, scratch.nn.functional.embedding_bag),
          way(torch, hand.embedding_bag),
          way(torch, torch.nn.functional.embedding_bag), normal(seed, 6, 3))


@given(n=SIDE, c=SIDE, h=SIDE, w=SIDE, seed=SEED, corners=st.booleans())
def test_points_of_an_image(n: int, c: int, h: int, w: int, seed: int,
                            corners: bool) -> None:
    size = (n, c, h + 1, w + 1)

    def way(space: Any) -> Any:
        def call(theta: Any, x: Any) -> list:
            grid = space.affine_grid(theta, size, align_corners=corners)
            return [grid, space.grid_sample(x, grid, align_corners=corners)]
        return call

    agree(way(scratch.nn.functional), way(hand), way(torch.nn.functional),
          0.5 * normal(seed, n, 2, 3), normal(seed + 1, n, c, h, w))


@pytest.mark.parametrize("mode", ["bilinear", "nearest", "bicubic"])
@pytest.mark.parametrize("padding", ["zeros", "border", "reflection"])
def test_points_far_away_and_no_numbers(mode: str, padding: str) -> None:
    points = np.array([np.nan, np.inf, -np.inf, 1e6, -1e6, 1.0, -1.0, 0.0])
    grid = np.stack(np.meshgrid(points[3:], points[3:]), -1)[None]

    def call(lib: Any, corners: bool) -> np.ndarray:
        x = lib.from_numpy(normal(0, 1, 2, 3, 5))
        return lib.nn.functional.grid_sample(
            x, lib.from_numpy(grid), mode, padding, corners).numpy()

    for corners in (True, False):
        np.testing.assert_allclose(
            call(scratch, corners), call(torch, corners), 1e-9, 1e-9)


REFUSALS = """
F.embedding_bag(k([1, 2]), r(5, 3))
F.embedding_bag(k([1, 2]), r(5, 3), k([0, 3]))
F.embedding_bag(k([[1, 2]]), r(5, 3), k([[0]]), per_sample_weights=r(2))
F.embedding_bag(k([1., 2]), r(5, 3), k([0]))
F.embedding_bag(k([1, 2]), r(5, 3), k([[0]]))
F.embedding_bag(k([1, 7]), r(5, 3), k([0]))
F.embedding_bag(k([1, 2]), r(5, 3), k([0]), mode='x')
F.embedding_bag(k([1]), r(5, 3), k([0]), mode='max', scale_grad_by_freq=True)
F.embedding_bag(k([1]), r(5, 3), k([0]), mode='max', sparse=True)
F.embedding_bag(k([1]), r(5, 3), k([0]), per_sample_weights=r(1))
F.embedding_bag(k([[[1, 2]]]), r(5, 3))
F.embedding_bag(k([1, 2]), r(5), k([0]))
F.embedding_bag(k([1, 2]), r(5, 3), k([0]), padding_idx=7)
nn.EmbeddingBag(5, 3, padding_idx=7)
nn.EmbeddingBag(5, 3, _weight=r(2, 3))
nn.EmbeddingBag.from_pretrained(r(3))
F.ctc_loss(r(5, 2, 3), k([[1, 2], [1, 1]]), (5, 6), (2, 2))
F.ctc_loss(r(5, 2, 3), k([[1, 2], [1, 1]]), (5,), (2, 2))
F.ctc_loss(r(5, 2, 3), k([[1, 2], [1, 1]]), (5, 5), (2, 3))
F.ctc_loss(r(5, 2, 3), k([[1, 2], [1, 1]]), (5, 5), (2, -1))
F.ctc_loss(r(5, 2, 3), k([1, 2, 1]), (5, 5), (2, 2))
F.ctc_loss(r(5, 2, 3), k([[1, 2], [1, 1]]), (5, 5), (2, 2), 3)
F.ctc_loss(r(5, 2, 3), k([[1, 2], [1, 1]]), k([5., 5]), k([2, 2]))
F.ctc_loss(r(5, 2, 3), k([[1, 2], [1, 1]]), (5, 5), (2, 2), reduction='x')
F.ctc_loss(r(0, 2, 3), k([[1, 2], [1, 1]]), (0, 0), (2, 2))
F.ctc_loss(r(5, 2, 3).half(), k([[1, 2], [1, 1]]), (5, 5), (2, 2))
F.grid_sample(r(1, 2, 3, 3), r(1, 2, 2, 3), align_corners=True)
F.grid_sample(r(1, 2, 3, 3), r(2, 2, 2, 2), align_corners=True)
F.grid_sample(r(2, 3, 3), r(2, 2, 2), align_corners=True)
F.grid_sample(r(1, 2, 3, 3), r(1, 2, 2, 2), 'x')
F.grid_sample(r(1, 2, 3, 3), r(1, 2, 2, 2), padding_mode='x')
F.grid_sample(r(1, 2, 3, 3), r(1, 2, 2, 2).double(), align_corners=True)
F.grid_sample(r(1, 2, 0, 3), r(1, 2, 2, 2), align_corners=True)
F.grid_sample([1], r(1, 2, 2, 2), align_corners=True)
F.affine_grid(r(1, 3, 4), (1, 2, 3, 3), True)
F.affine_grid(r(2, 3), (1, 2, 3, 3), True)
F.affine_grid(r(1, 2, 3), (1, 2, 3), True)
F.affine_grid(r(1, 2, 3).long(), (1, 2, 3, 3), True)
F.affine_grid(r(1, 2, 3), (1, 2, 0, 3), False)
F.affine_grid(r(2, 2, 3), (1, 2, 3, 3), False)
""".strip().split("\n")


@pytest.mark.parametrize("call", REFUSALS)
def test_what_they_refuse(call: str) -> None:
    said = complaint(call, torch)
    assert said is not None and complaint(call, scratch) == said
