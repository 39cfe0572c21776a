"""VonMises: angles around a direction."""

from __future__ import annotations

import math
from typing import Any

from ..dtypes import bool as boolean
from ..dtypes import float64
from ..modes import no_grad
from ..ops.creation import empty, zeros
from ..ops.masked import where
from ..ops.sampling import rand
from ..tensor import Tensor
from . import constraints
from .distribution import Distribution
from .utils import broadcast_all, lazy_property

# Abramowitz & Stegun 9.8.1 … 9.8.4: I₀ and I₁ below 3.75, and beyond it
SMALL = (
    (1.0, 3.5156229, 3.0899424, 1.2067492, 0.2659732, 0.0360768, 0.0045813),
    (0.5, 0.87890594, 0.51498869, 0.15084934, 0.02658733, 0.00301532,
     0.00032411))
LARGE = (
    (0.39894228, 0.01328592, 0.00225319, -0.00157565, 0.00916281,
     -0.02057706, 0.02635537, -0.01647633, 0.00392377),
    (0.39894228, -0.03988024, -0.00362018, 0.00163801, -0.01031555,
     0.02282967, -0.02895312, 0.01787654, -0.00420059))


def polynomial(y: Tensor, coefficients: tuple[float, ...]) -> Tensor:
    """c₀ + c₁ y + …"""
    result: Any = coefficients[-1]
    for c in reversed(coefficients[:-1]):
        result = c + y * result
    return result


def log_bessel(x: Tensor, order: int) -> Tensor:
    """log I₀(x) or log I₁(x), x > 0"""
    small = polynomial((x / 3.75) ** 2, SMALL[order])
    small = (x.abs() * small if order else small).log()
    large = x - 0.5 * x.log() + polynomial(3.75 / x, LARGE[order]).log()
    return where(x < 3.75, small, large)


class VonMises(Distribution):
    """p(x) = e^(κ cos(x - μ)) / (2π I₀(κ)),  μ = loc, κ = concentration"""

    arg_constraints = {"loc": constraints.real,
                       "concentration": constraints.positive}
    support = constraints.real

    def __init__(self, loc: Any, concentration: Any,
                 validate_args: bool | None = None):
        self.loc, self.concentration = broadcast_all(loc, concentration)
        super().__init__(self.loc.shape, (), validate_args)

    def expand(self, batch_shape: Any, _instance: Any = None) -> VonMises:
        if type(self).__init__ is VonMises.__init__:
            return self._repeat(VonMises, batch_shape, _instance)
        return type(self)(self.loc.expand(batch_shape),
                          self.concentration.expand(batch_shape),
                          validate_args=vars(self).get("_validate_args"))

    def log_prob(self, value: Tensor) -> Tensor:
        self._validate_sample(value)
        k = self.concentration
        return (k * (value - self.loc).cos() - math.log(2 * math.pi)
                - log_bessel(k, 0))

    @lazy_property
    def _proposal(self) -> Tensor:
        """The parameter of a wrapped Cauchy that is nowhere too low."""
        k = self.concentration.to(float64)
        tau = 1 + (1 + 4 * k ** 2).sqrt()
        rho = (tau - (2 * tau).sqrt()) / (2 * k)
        r = (1 + rho ** 2) / (2 * rho)
        return where(k < 1e-5, 1 / k + k, r)

    def sample(self, sample_shape: Any = ()) -> Tensor:
        """Rejection (Best & Fisher, 1979), all drawn until all are in."""
        shape = self._extended_shape(sample_shape)
        loc, k, r = (self.loc.to(float64), self.concentration.to(float64),
                     self._proposal)
        x, done = empty(shape, dtype=float64), zeros(shape, dtype=boolean)
        with no_grad():
            while not done.all():
                u, v, w = rand((3, *shape), dtype=float64).unbind()
                z = (math.pi * u).cos()
                f = (1 + r * z) / (r + z)
                c = k * (r - f)
                fits = (c * (2 - c) - v > 0) | ((c / v).log() + 1 - c >= 0)
                x = where(fits, (w - 0.5).sign() * f.acos(), x)
                done = done | fits
            x = (x + math.pi + loc) % (2 * math.pi) - math.pi
        return x.to(self.loc.dtype)

    @property
    def mean(self) -> Tensor:
        return self.loc

    mode = mean

    @lazy_property
    def variance(self) -> Tensor:
        """1 - I₁(κ) / I₀(κ), of the circle"""
        k = self.concentration
        return 1 - (log_bessel(k, 1) - log_bessel(k, 0)).exp()
