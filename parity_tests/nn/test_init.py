"""nn.init: torch's numbers from one seed, in place."""

from __future__ import annotations

import numpy as np
import pytest
import torch

import scratch

INITS = ["uniform_(x)", "uniform_(x, -1, 3)", "normal_(x)",
         "normal_(x, 1, .5)", "trunc_normal_(x)", "trunc_normal_(x, 0, 1, 2,"
         " 3)", "constant_(x, 3)", "ones_(x)", "zeros_(x)", "eye_(x)",
         "xavier_uniform_(x, 2)", "xavier_normal_(x)",
         "kaiming_uniform_(x, 1)", "kaiming_normal_(x, mode='fan_out', "
         "nonlinearity='relu')", "orthogonal_(x, 2)", "sparse_(x, .4)"]


@pytest.mark.parametrize("size", [(3, 5), (20, 4), (1, 1)])
@pytest.mark.parametrize("double", [True, False])
@pytest.mark.parametrize("call", INITS)
def test_initialisation_draws_the_same_numbers(call: str, double: bool,
                                               size: tuple) -> None:
    kind = "float64" if double else "float32"
    found = []
    for lib in (scratch, torch):
        lib.manual_seed(11)
        x = lib.zeros(size, dtype=getattr(lib, kind), requires_grad=True)
        y = eval("init." + call, {"init": lib.nn.init, "x": x})
        assert y is x
        found.append(x.detach().numpy())
    rounding = 1e-6 if call.startswith("orthogonal") else 0
    np.testing.assert_allclose(*found, rtol=0, atol=rounding)


@pytest.mark.parametrize("call", ["dirac_(x)", "dirac_(x, 2)",
                                  "kaiming_uniform_(x)", "orthogonal_(x)"])
def test_initialisation_of_kernels(call: str) -> None:
    found = []
    for lib in (scratch, torch):
        lib.manual_seed(11)
        x = lib.zeros(4, 2, 3, 2)
        eval("init." + call, {"init": lib.nn.init, "x": x})
        found.append(x.numpy())
    np.testing.assert_allclose(*found, rtol=0, atol=1e-6)
