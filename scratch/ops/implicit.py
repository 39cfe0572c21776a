"""Gamma and Dirichlet numbers, with gradients in their parameters.

A draw keeps its rank while the parameters move (implicit
reparameterisation: Figurnov, Mohamed & Mnih, 2018).
"""

from __future__ import annotations

from typing import Any

import numpy as np

from ..graph import record
from ..kernels import implicit as kernels
from ..random import Generator
from ..tensor import Tensor
from .filling import chosen
from .operands import check_tensor
from .variates import refuse_others

__all__ = ["_dirichlet_grad", "_sample_dirichlet", "_standard_gamma",
           "_standard_gamma_grad"]
METHODS: list[str] = []
IN_PLACE: list[str] = []


def _standard_gamma(input: Tensor,
                    generator: Generator | None = None) -> Tensor:
    """x ~ Gamma(α, 1), one for each shape α"""
    check_tensor(input, "_standard_gamma")
    alpha = input
    g = chosen(generator, "_standard_gamma")
    refuse_others(alpha.array, "gamma_cpu")
    return record(g.gamma(alpha.array),
                  (alpha, lambda g, y: g * _standard_gamma_grad(alpha, y),
                   alpha), keep_result=True, name="StandardGammaBackward0")


def _standard_gamma_grad(input: Tensor, output: Tensor) -> Tensor:
    """dx/dα of a draw x = output of Gamma(α, 1)"""
    alpha, x = input.array, output.array
    refuse_others(alpha, "_standard_gamma_grad_cpu")

    def rule(g: Tensor) -> Tensor:
        raise NotImplementedError("the derivative for "
                                  "'_standard_gamma_grad' is not "
                                  "implemented.")

    y = in_double(kernels.gamma_slope, alpha, x)
    return record(y, (input, rule), (output, rule),
                  name="StandardGammaGradBackward0")


def _sample_dirichlet(input: Tensor,
                      generator: Generator | None = None) -> Tensor:
    """Shares of a whole, α (*, K) -> (*, K): gammas over their sum"""
    check_tensor(input, "_sample_dirichlet")
    alpha = input.array
    g = chosen(generator, "_sample_dirichlet")
    refuse_others(alpha, "dirichlet")
    parts = g.gamma(alpha, np.float64)
    total = parts.sum(-1, keepdims=True) if parts.ndim else parts
    limits = np.finfo(alpha.dtype)
    most = np.nextafter(alpha.dtype.type(1), alpha.dtype.type(0))
    shares = np.clip((parts / total).astype(alpha.dtype), limits.tiny, most)
    return record(shares, (input, dirichlet_rule), name="NotImplemented")


def dirichlet_rule(g: Tensor) -> Tensor:
    raise RuntimeError(
        "derivative for aten::_sample_dirichlet is not implemented")


def _dirichlet_grad(x: Tensor, alpha: Tensor, total: Tensor) -> Tensor:
    """dx/dα / (1 - x) of a share x ~ Beta(α, total - α)"""
    refuse_others(x.array, "_dirichlet_grad_cpu")

    def rule(g: Tensor) -> Tensor:
        raise NotImplementedError("the derivative for '_dirichlet_grad' is "
                                  "not implemented.")

    y = in_double(kernels.beta_slope, x.array, alpha.array, total.array)
    return record(y, (x, rule), (alpha, rule), (total, rule),
                  name="DirichletGradBackward0")


def in_double(function: Any, *arrays: np.ndarray) -> np.ndarray:
    """The function in float64, answered in the dtype of the first."""
    wide = [np.atleast_1d(a.astype(np.float64))
            for a in np.broadcast_arrays(*arrays)]
    shape = np.broadcast_shapes(*[a.shape for a in arrays])
    return function(*wide).reshape(shape).astype(arrays[0].dtype)
