"""Grids of pictures are torchvision's."""

import io
from typing import Any

import numpy as np
import pytest
import torch
import torchvision
from hypothesis import given
from hypothesis import strategies as st

import scratch
from scratch import vision

LIBS = ((scratch, vision.utils), (torch, torchvision.utils))


@st.composite
def cases(draw: st.DrawFn) -> tuple[np.ndarray, dict[str, Any]]:
    """Pictures of any number, and arguments."""
    n, h, w = (draw(st.integers(1, 5)) for _ in range(3))
    shape = [(n, 1, h, w), (n, 3, h, w), (1, h, w), (3, h, w), (h, w)]
    rng = np.random.default_rng(draw(st.integers(0, 99)))
    x = rng.standard_normal(draw(st.sampled_from(shape)))
    words = {
        "nrow": draw(st.integers(1, 6)),
        "padding": draw(st.integers(0, 3)),
        "normalize": draw(st.booleans()),
        "value_range": draw(st.sampled_from([None, (-1, 1), (0, 2)])),
        "scale_each": draw(st.booleans()),
        "pad_value": draw(st.sampled_from([0.0, 0.5, 1])),
    }
    return x.astype(np.float32), words


@given(cases(), st.booleans())
def test_a_grid_is_torchvisions(case: Any, listed: bool) -> None:
    x, words = case
    grids, files = [], []
    for lib, utils in LIBS:
        pictures: Any = lib.tensor(x)
        if listed and x.ndim == 4:
            pictures = list(pictures)
        grids.append(utils.make_grid(pictures, **words).numpy())
        file = io.BytesIO()
        utils.save_image(pictures, file, format="png", **words)
        files.append(file.getvalue())
    assert grids[0].shape == grids[1].shape
    np.testing.assert_allclose(*grids, rtol=1e-6, atol=1e-7)
    assert files[0] == files[1]


@pytest.mark.parametrize(
    "call",
    [
        lambda lib, utils: utils.make_grid(3),
        lambda lib, utils: utils.make_grid([lib.ones(1, 2, 2), 3]),
        lambda lib, utils: utils.make_grid(
            lib.ones(2, 1, 2, 2), normalize=True, value_range=[0, 1]
        ),
    ],
)
def test_what_is_no_picture_is_refused(call: Any) -> None:
    said = []
    for lib, utils in LIBS:
        with pytest.raises(TypeError) as error:
            call(lib, utils)
        said.append(str(error.value))
    assert said[0] == said[1]
