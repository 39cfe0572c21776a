"""Data made from a formula, so that the answer is known."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np

from scratch.dtypes import get_default_dtype
from scratch.ops.creation import as_tensor
from scratch.random import Generator, default_generator
from scratch.tensor import Tensor, wrap


def normal(shape: tuple, std: float, generator: Generator | None) -> Tensor:
    """Numbers of N(0, std²) in the default dtype, as torch draws them."""
    source = generator or default_generator
    number = get_default_dtype().numpy
    return wrap(source.normal(shape, 0.0, std, number))


def linear_data(
    w: Any,
    b: float,
    n: int,
    noise: float = 0.01,
    generator: Generator | None = None,
) -> tuple[Tensor, Tensor]:
    """x (n, d) ~ N(0, 1), y = x w + b + N(0, noise²) (n, 1)"""
    w = as_tensor(w, dtype=get_default_dtype()).reshape(-1, 1)
    x = normal((n, len(w)), 1.0, generator)
    return x, x @ w + b + normal((n, 1), noise, generator)


def polynomial_features(x: Tensor, degree: int) -> Tensor:
    """x (n, 1) -> (n, degree): xⁱ / i! for i < degree, of like size each"""
    powers = np.arange(degree)
    factorials = np.array([math.factorial(i) for i in powers], float)
    features = x.array.astype(float) ** powers / factorials
    return wrap(features.astype(x.array.dtype))


def polynomial_data(
    w: Sequence[float],
    n: int,
    degree: int = 20,
    noise: float = 0.1,
    generator: Generator | None = None,
) -> tuple[Tensor, Tensor]:
    """features (n, degree), y = Σ wᵢ xⁱ / i! + N(0, noise²) (n, 1)"""
    x = normal((n, 1), 1.0, generator)
    features = polynomial_features(x, max(degree, len(w)))
    weights = as_tensor(w, dtype=x.dtype).reshape(-1, 1)
    y = features[:, : len(w)] @ weights + normal((n, 1), noise, generator)
    return features[:, :degree], y


def blobs(
    n: int,
    centres: Any,
    std: float = 1.0,
    generator: Generator | None = None,
) -> tuple[Tensor, Tensor]:
    """Clouds around centres (k, d): x (n, d), and whose cloud (n,) int64."""
    centres = as_tensor(centres, dtype=get_default_dtype())
    if centres.ndim != 2 or len(centres) == 0:
        raise ValueError(
            "centres should have shape (clouds, dimensions), got "
            f"{tuple(centres.shape)}"
        )
    source = generator or default_generator
    labels = source.randint((n,), 0, len(centres))
    x = centres[wrap(labels)] + normal((n, centres.shape[1]), std, generator)
    return x, wrap(labels)
