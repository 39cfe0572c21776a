"""Resized images: torch's numbers, and an adjoint that is the adjoint."""

from __future__ import annotations

import warnings
from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

import scratch

AXES = {"linear": 1, "bilinear": 2, "trilinear": 3, "bicubic": 2}


@st.composite
def cases(draw: Any) -> tuple:
    mode = draw(st.sampled_from(["nearest", "nearest-exact", "area", *AXES]))
    axes = AXES.get(mode) or draw(st.integers(1, 3))
    sides = st.lists(st.integers(1, 6), min_size=axes, max_size=axes)
    options: dict[str, Any] = {"mode": mode}
    if mode in AXES:
        options["align_corners"] = draw(st.booleans())
    if mode in ("bilinear", "bicubic"):
        options["antialias"] = draw(st.booleans())
    if draw(st.booleans()):
        options["size"] = tuple(n + draw(st.integers(0, 5))
                                for n in draw(sides))
    else:
        options["scale_factor"] = draw(st.sampled_from([1.0, 1.5, 2.0, 2.7]))
        options["recompute_scale_factor"] = draw(st.booleans())
    size = (draw(st.integers(0, 2)), draw(st.integers(1, 5)), *draw(sides))
    seed = draw(st.integers(0, 99))
    return np.random.default_rng(seed).standard_normal(size), options


@given(cases(), st.sampled_from(["float32", "float64"]))
def test_an_image_is_resized_as_torch_does_it(case: tuple,
                                              kind: str) -> None:
    x, options = case
    x = x.astype(kind)
    ours = scratch.nn.functional.interpolate(scratch.tensor(x), **options)
    theirs = torch.nn.functional.interpolate(torch.tensor(x), **options)
    assert ours.numpy().dtype == kind
    bound = 1e-5 if kind == "float32" else 1e-12
    np.testing.assert_allclose(ours.numpy(), theirs.numpy(), bound, bound)


@given(cases())
def test_the_gradient_is_the_adjoint(case: tuple) -> None:
    a, options = case
    x = scratch.tensor(a).requires_grad_()
    y = scratch.nn.functional.interpolate(x, **options)
    v = scratch.randn(*y.shape, dtype=scratch.float64).requires_grad_()
    g, = scratch.autograd.grad(y, x, v, create_graph=True)
    u = scratch.randn(*x.shape, dtype=scratch.float64)
    back, = scratch.autograd.grad(g, v, u)
    there = scratch.nn.functional.interpolate(u, **options)
    np.testing.assert_allclose(back.numpy(), there.numpy(), 1e-9, 1e-9)
    np.testing.assert_allclose((y * v).sum().item(), (x * g).sum().item(),
                               1e-9, 1e-9)


@pytest.mark.parametrize("mode", ["nearest", "nearest-exact", "bilinear",
                                  "bicubic"])
@pytest.mark.parametrize("size", [(4, 5), (14, 11), (7, 20), (2, 3)])
def test_bytes_stay_bytes(mode: str, size: tuple) -> None:
    x = np.random.default_rng(3).integers(0, 256, (2, 3, 7, 9), np.uint8)
    for smooth in (False, True)[:1 + mode.startswith("bi")]:
        ours, theirs = (lib.nn.functional.interpolate(
            lib.from_numpy(x.copy()), size, mode=mode,
            antialias=smooth).numpy() for lib in (scratch, torch))
        np.testing.assert_array_equal(ours, theirs)


@pytest.mark.parametrize("name", ["upsample", "upsample_nearest",
                                  "upsample_bilinear"])
def test_old_names_warn(name: str) -> None:
    said = []
    for lib in (scratch, torch):
        with warnings.catch_warnings(record=True) as seen:
            warnings.simplefilter("always")
            y = getattr(lib.nn.functional, name)(lib.ones(1, 1, 2, 2), 3)
        said.append((tuple(y.shape), seen[0].category,
                     str(seen[0].message), seen[0].filename))
    assert said[0] == said[1]
