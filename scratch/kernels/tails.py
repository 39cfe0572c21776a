"""The tails of the normal distribution, in float64: scaled, as logarithms,
and inverted.
"""

import math

import numpy as np

from scratch.kernels.special import erfc, ratio, scaled_tail

# M. J. Wichura, Algorithm AS 241: The percentage points of the normal
# distribution, Applied Statistics 37 (1988): |p - 1/2| ≤ 0.425, then
# √(-ln p) up to 5, then beyond.
MIDDLE = (
    (2.5090809287301226727e3, 3.3430575583588128105e4,
     6.7265770927008700853e4, 4.5921953931549871457e4,
     1.3731693765509461125e4, 1.9715909503065514427e3,
     1.3314166789178437745e2, 3.3871328727963666080),
    (5.2264952788528545610e3, 2.8729085735721942674e4,
     3.9307895800092710610e4, 2.1213794301586595867e4,
     5.3941960214247511077e3, 6.8718700749205790830e2,
     4.2313330701600911252e1, 1.0))
SIDE = (
    (7.74545014278341407640e-4, 2.27238449892691845833e-2,
     2.41780725177450611770e-1, 1.27045825245236838258,
     3.64784832476320460504, 5.76949722146069140550,
     4.63033784615654529590, 1.42343711074968357734),
    (1.05075007164441684324e-9, 5.47593808499534494600e-4,
     1.51986665636164571966e-2, 1.48103976427480074590e-1,
     6.89767334985100004550e-1, 1.67638483018380384940,
     2.05319162663775882187, 1.0))
END = (
    (2.01033439929228813265e-7, 2.71155556874348757815e-5,
     1.24266094738807843860e-3, 2.65321895265761230930e-2,
     2.96560571828504891230e-1, 1.78482653991729133580,
     5.46378491116411436990, 6.65790464350110377720),
    (2.04426310338993978564e-15, 1.42151175831644588870e-7,
     1.84631831751005468180e-5, 7.86869131145613259100e-4,
     1.48753612908506148525e-2, 1.36929880922735805310e-1,
     5.99832206555887937690e-1, 1.0))


def erfcx(x: np.ndarray) -> np.ndarray:
    """e^(x²) erfc x, where neither factor could be told any more"""
    tail = x > 0.46875
    y = np.empty_like(x)
    z = x[~tail]
    y[~tail] = np.where(np.isinf(z), np.inf, np.exp(z * z) * erfc(z))
    y[tail] = scaled_tail(x[tail])
    return y


def log_ndtr(x: np.ndarray) -> np.ndarray:
    """ln Φ(x):  Φ(x) = erfcx(-x / √2) / 2 · e^(-x²/2) = 1 - erfc(x / √2) / 2"""
    low = x < -1
    y = np.empty_like(x)
    t = x[low] * -math.sqrt(0.5)
    y[low] = np.log(erfcx(t) / 2) - x[low] * x[low] / 2
    y[~low] = np.log1p(erfc(x[~low] * math.sqrt(0.5)) / -2)
    return y


def ndtri(p: np.ndarray) -> np.ndarray:
    """The x with Φ(x) = p"""
    q = p - 0.5
    square = 0.180625 - q * q
    r = np.sqrt(-np.log(np.where(q < 0, p, 1 - p)))
    outer = np.where(r <= 5, ratio(r - 1.6, SIDE), ratio(r - 5, END))
    x = np.where(square >= 0, q * ratio(square, MIDDLE),
                 np.copysign(outer, q))
    x = np.where(p == 0, -np.inf, np.where(p == 1, np.inf, x))
    return np.where((p < 0) | (p > 1), np.nan, x)
