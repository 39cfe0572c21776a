"""A layer and its batch norm in one, layers without numbers, clipping."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import torch

import scratch
from parity_tests.nn.tools import both

LAYERS = {
    "nn.Conv1d(2, 4, 3)": ("BatchNorm1d", (2, 2, 5)),
    "nn.Conv2d(2, 4, 3, bias=False, groups=2)": ("BatchNorm2d", (1, 2, 4, 5)),
    "nn.ConvTranspose2d(2, 4, 3)": ("BatchNorm2d", (1, 2, 4, 5)),
    "nn.Linear(3, 4)": ("BatchNorm1d", (5, 3)),
    "nn.Linear(3, 4, False)": ("BatchNorm1d", (5, 3)),
}


@pytest.mark.parametrize("affine", [True, False])
@pytest.mark.parametrize("layer", LAYERS)
def test_two_layers_in_one(layer: str, affine: bool) -> None:
    norm, size = LAYERS[layer]
    if "Linear" in layer and not affine:
        return  # torch asks for the norm's weight there
    found = []
    for lib, made in zip((scratch, torch), both(layer)):
        lib.manual_seed(1)
        bn = getattr(lib.nn, norm)(4, affine=affine)
        bn(lib.randn(6, 4, *size[2:]))
        x = lib.randn(*size)
        with pytest.raises(AssertionError, match="Fusion only for eval!"):
            fuse(lib, made, bn, layer)
        made.eval(), bn.eval()
        one = fuse(lib, made, bn, layer)
        assert one.weight.requires_grad and type(one) is type(made)
        np.testing.assert_allclose(
            one(x).detach().numpy(), bn(made(x)).detach().numpy(),
            rtol=1e-4, atol=1e-5)
        found.append([one.weight, one.bias])
    for a, b in zip(*found):
        assert a.requires_grad == b.requires_grad
        np.testing.assert_allclose(a.detach().numpy(), b.detach().numpy(),
                                   rtol=1e-5, atol=1e-6)


def fuse(lib: Any, layer: Any, bn: Any, name: str) -> Any:
    if "Linear" in name:
        return lib.nn.utils.fuse_linear_bn_eval(layer, bn)
    return lib.nn.utils.fuse_conv_bn_eval(layer, bn, "Transpose" in name)


def test_a_layer_without_first_numbers_draws_none() -> None:
    for lib in (scratch, torch):
        lib.manual_seed(3)
        layer = lib.nn.utils.skip_init(lib.nn.Linear, 2, 3, bias=False)
        assert layer.weight.shape == (3, 2)
        assert lib.rand(1).item() == pytest.approx(0.0043, abs=1e-4)
        with pytest.raises(RuntimeError, match="Expected a Module; got"):
            lib.nn.utils.skip_init(int)
        with pytest.raises(RuntimeError, match="Module must support a 'dev"):
            lib.nn.utils.skip_init(lib.nn.ReLU)


def test_clipping_by_its_old_name_warns() -> None:
    for lib in (scratch, torch):
        p = lib.nn.Parameter(lib.ones(4))
        p.grad = lib.ones(4) * 3
        with pytest.warns(FutureWarning, match="is now deprecated in favor"):
            total = lib.nn.utils.clip_grad_norm([p], 1.0)
        assert total.item() == 6.0
        assert p.grad.norm().item() == pytest.approx(1.0, abs=1e-4)
