"""Pools by torch's further names: with indices, and at random places."""

from __future__ import annotations

from typing import Any

from ..ops import fractional_pooling as fractions
from ..ops.adaptive_pooling import (
    adaptive_max_pool1d,
    adaptive_max_pool2d,
    adaptive_max_pool3d,
)
from ..ops.pooling import max_pool3d
from ..tensor import Tensor


def max_pool3d_with_indices(
        input: Tensor, kernel_size: Any, stride: Any = None,
        padding: Any = 0, dilation: Any = 1, ceil_mode: bool = False,
        return_indices: bool = False) -> Any:
    """max_pool3d, and where each largest entry stands."""
    return max_pool3d(input, kernel_size, stride, padding, dilation,
                      ceil_mode, True)


def adaptive_max_pool1d_with_indices(
        input: Tensor, output_size: Any,
        return_indices: bool = False) -> Any:
    """adaptive_max_pool1d, and where each largest entry stands."""
    return adaptive_max_pool1d(input, output_size, True)


def adaptive_max_pool2d_with_indices(
        input: Tensor, output_size: Any,
        return_indices: bool = False) -> Any:
    """adaptive_max_pool2d, and where each largest entry stands."""
    return adaptive_max_pool2d(input, output_size, True)


def adaptive_max_pool3d_with_indices(
        input: Tensor, output_size: Any,
        return_indices: bool = False) -> Any:
    """adaptive_max_pool3d, and where each largest entry stands."""
    return adaptive_max_pool3d(input, output_size, True)


def fractional_max_pool2d_with_indices(
        input: Tensor, kernel_size: Any, output_size: Any = None,
        output_ratio: Any = None, return_indices: bool = False,
        _random_samples: Tensor | None = None) -> Any:
    """fractional_max_pool2d, and where each largest entry stands."""
    return fractions.fractional_max_pool(
        2, input, kernel_size, output_size, output_ratio, _random_samples)


def fractional_max_pool3d_with_indices(
        input: Tensor, kernel_size: Any, output_size: Any = None,
        output_ratio: Any = None, return_indices: bool = False,
        _random_samples: Tensor | None = None) -> Any:
    """fractional_max_pool3d, and where each largest entry stands."""
    return fractions.fractional_max_pool(
        3, input, kernel_size, output_size, output_ratio, _random_samples)


def fractional_max_pool2d(
        input: Tensor, kernel_size: Any, output_size: Any = None,
        output_ratio: Any = None, return_indices: bool = False,
        _random_samples: Tensor | None = None) -> Any:
    """x (N, C, H, W) -> y (N, C, *output_size), or output_ratio of H and W"""
    found = fractional_max_pool2d_with_indices(
        input, kernel_size, output_size, output_ratio, True, _random_samples)
    return found if return_indices else found[0]


def fractional_max_pool3d(
        input: Tensor, kernel_size: Any, output_size: Any = None,
        output_ratio: Any = None, return_indices: bool = False,
        _random_samples: Tensor | None = None) -> Any:
    """x (N, C, D, H, W) -> y (N, C, *output_size), or output_ratio of it"""
    found = fractional_max_pool3d_with_indices(
        input, kernel_size, output_size, output_ratio, True, _random_samples)
    return found if return_indices else found[0]
