"""Bessel functions of order 0 and 1, and Airy's; each the other's slope."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..graph import record
from ..kernels import bessel as kernels
from ..tensor import Tensor, wrap
from .masks import keep
from .special import in_double, special

__all__ = ["i0"]
METHODS = IN_PLACE = __all__


def slope_of_order_1(x: Tensor, y: Tensor, zeroth: Any) -> Tensor:
    """y₀ - y₁ / x, of which the half stays at 0"""
    away = x.array != 0
    safe = x + wrap(~away)  # so that no slope of y / x is 0 · ∞
    return zeroth(x) - keep(y / safe, away) - keep(zeroth(x) / 2, ~away)


# ---- waves

def bessel_j0(input: Tensor) -> Tensor:
    """J₀:  y′ = -J₁"""
    x = input
    return record(special(lambda a: kernels.first(0, a), x, "bessel_j0"),
                  (x, lambda g: g * -bessel_j1(x), x),
                  name="SpecialBesselJ0Backward0")


def bessel_j1(input: Tensor) -> Tensor:
    """J₁:  y′ = J₀ - J₁ / x"""
    x = input
    return record(special(lambda a: kernels.first(1, a), x, "bessel_j1"),
                  (x, lambda g, y: g * slope_of_order_1(x, y, bessel_j0), x),
                  keep_result=True, name="SpecialBesselJ1Backward0")


def bessel_y0(input: Tensor) -> Tensor:
    """Y₀, for x > 0:  y′ = -Y₁"""
    x = input
    return record(special(lambda a: kernels.second(0, a), x, "bessel_y0"),
                  (x, lambda g: g * -bessel_y1(x), x),
                  name="SpecialBesselY0Backward0")


def bessel_y1(input: Tensor) -> Tensor:
    """Y₁, for x > 0:  y′ = Y₀ - Y₁ / x"""
    x = input
    return record(special(lambda a: kernels.second(1, a), x, "bessel_y1"),
                  (x, lambda g, y: g * (bessel_y0(x) - y / x), x),
                  keep_result=True, name="SpecialBesselY1Backward0")


# ---- modified: growing and falling

def growing(order: int) -> Any:
    return lambda a: kernels.growing(order, a) * np.exp(np.abs(a))


def i0(input: Tensor) -> Tensor:
    """I₀, the modified Bessel function of order 0:  y′ = I₁"""
    x = input
    return record(in_double(growing(0), x, "i0"),
                  (x, lambda g: g * i1(x), x))


def i1(input: Tensor) -> Tensor:
    """I₁, the modified Bessel function of order 1:  y′ = I₀ - I₁ / x"""
    x = input
    return record(special(growing(1), x, "i1", half=True),
                  (x, lambda g, y: g * slope_of_order_1(x, y, i0), x),
                  keep_result=True, name="SpecialI1Backward0")


def i0e(input: Tensor) -> Tensor:
    """I₀ e^(-|x|):  y′ = I₁ e^(-|x|) - y sgn x"""
    x = input
    return record(special(lambda a: kernels.growing(0, a), x, "i0e", True),
                  (x, lambda g, y: g * (i1e(x) - x.sgn() * y), x),
                  keep_result=True, name="SpecialI0EBackward0")


def i1e(input: Tensor) -> Tensor:
    """I₁ e^(-|x|):  y′ = (I₀ - I₁ / x) e^(-|x|) - y sgn x"""
    x = input

    def rule(g: Tensor, y: Tensor) -> Tensor:
        return g * (slope_of_order_1(x, y, i0e) - x.sgn() * y)

    return record(special(lambda a: kernels.growing(1, a), x, "i1e", True),
                  (x, rule, x), keep_result=True,
                  name="SpecialI1EBackward0")


def modified_bessel_i0(input: Tensor) -> Tensor:
    """I₀:  y′ = I₁"""
    x = input
    return record(special(growing(0), x, "modified_bessel_i0"),
                  (x, lambda g: g * modified_bessel_i1(x), x),
                  name="SpecialModifiedBesselI0Backward0")


def modified_bessel_i1(input: Tensor) -> Tensor:
    """I₁:  y′ = I₀ - I₁ / x"""
    x = input
    return record(special(growing(1), x, "modified_bessel_i1"),
                  (x, lambda g, y: g * slope_of_order_1(
                      x, y, modified_bessel_i0), x),
                  keep_result=True, name="SpecialModifiedBesselI1Backward0")


def modified_bessel_k0(input: Tensor) -> Tensor:
    """K₀, for x > 0:  y′ = -K₁"""
    x = input
    return record(special(lambda a: kernels.second_modified(0, a, False), x,
                          "modified_bessel_k0"),
                  (x, lambda g: g * -modified_bessel_k1(x), x),
                  name="SpecialModifiedBesselK0Backward0")


def modified_bessel_k1(input: Tensor) -> Tensor:
    """K₁, for x > 0:  y′ = -K₀ - K₁ / x"""
    x = input
    return record(special(lambda a: kernels.second_modified(1, a, False), x,
                          "modified_bessel_k1"),
                  (x, lambda g, y: g * (-modified_bessel_k0(x) - y / x), x),
                  keep_result=True, name="SpecialModifiedBesselK1Backward0")


# ---- torch: of these it has no derivatives

def scaled_modified_bessel_k0(x: Tensor) -> Tensor:
    """K₀ eˣ, for x > 0"""
    return wrap(special(lambda a: kernels.second_modified(0, a, True), x,
                        "scaled_modified_bessel_k0"))


def scaled_modified_bessel_k1(x: Tensor) -> Tensor:
    """K₁ eˣ, for x > 0"""
    return wrap(special(lambda a: kernels.second_modified(1, a, True), x,
                        "scaled_modified_bessel_k1"))


def spherical_bessel_j0(x: Tensor) -> Tensor:
    """sin x / x"""
    return wrap(special(kernels.spherical, x, "spherical_bessel_j0"))


def airy_ai(x: Tensor) -> Tensor:
    """Ai, the solution of y″ = x y that falls to 0"""
    return wrap(special(kernels.airy, x, "airy_ai"))
