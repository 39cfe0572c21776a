"""Special functions, under the names of torch.special."""

from __future__ import annotations

from .ops.logarithms import xlogy
from .ops.pointwise import exp2, expm1, log1p, logit
from .ops.pointwise import sigmoid as expit
from .ops.rounding import round
from .ops.softmax import log_softmax, logsumexp, softmax
from .ops.special import (
    digamma,
    erf,
    erfc,
    erfinv,
    i0,
    i1,
    polygamma,
)
from .ops.special import digamma as psi
from .ops.special import lgamma as gammaln
from .ops.special import mvlgamma as multigammaln
from .ops.trigonometry import sinc

__all__ = [
    "digamma", "erf", "erfc", "erfinv", "exp2", "expit", "expm1", "gammaln",
    "i0", "i1", "log1p", "log_softmax", "logit", "logsumexp",
    "multigammaln", "polygamma", "psi", "round", "sinc", "softmax", "xlogy",
]
