"""LKJCholesky: Cholesky factors of random correlation matrices."""

from __future__ import annotations

import math
from typing import Any

from ..limits import finfo
from ..ops.combine import cat
from ..ops.diagonal import diag_embed
from ..ops.norms import vector_norm
from ..ops.sampling import randn
from ..ops.sequences import arange
from ..ops.special import lgamma, mvlgamma
from ..tensor import Tensor
from . import constraints
from .beta import Beta
from .distribution import Distribution
from .utils import broadcast_all


class LKJCholesky(Distribution):
    """p(L Lᵀ) ∝ |L Lᵀ|^(η - 1),  η = concentration,  L (dim, dim)

    η = 1: all correlation matrices alike (Lewandowski, Kurowicka & Joe,
    2009).
    """

    arg_constraints = {"concentration": constraints.positive}
    support = constraints.corr_cholesky

    def __init__(self, dim: int, concentration: Any = 1.0,
                 validate_args: bool | None = None):
        if dim < 2:
            raise ValueError("Expected dim to be an integer greater than or "
                             f"equal to 2. Found dim={dim}.")
        self.dim = dim
        (self.concentration,) = broadcast_all(concentration)
        kind = self.concentration.dtype
        offset = arange(dim - 1, dtype=kind)
        offset = cat([offset.new_zeros((1,)), offset])
        marginal = self.concentration + 0.5 * (dim - 2)
        self._beta = Beta(offset + 0.5,
                          marginal.unsqueeze(-1) - 0.5 * offset)
        super().__init__(self.concentration.shape, (dim, dim), validate_args)

    def expand(self, batch_shape: Any, _instance: Any = None) -> LKJCholesky:
        return self._repeat(
            LKJCholesky, batch_shape, _instance, dim=self.dim,
            _beta=self._beta.expand((*batch_shape, self.dim)))

    def sample(self, sample_shape: Any = ()) -> Tensor:
        """The onion: every row a direction, a beta its length below 1."""
        y = self._beta.sample(sample_shape).unsqueeze(-1)
        z = randn(self._extended_shape(sample_shape), dtype=y.dtype).tril(-1)
        direction = z / vector_norm(z, dim=-1, keepdim=True)
        direction[..., 0, :].fill_(0.0)
        w = y.sqrt() * direction
        rest = (1 - (w ** 2).sum(-1)).clamp(min=finfo(w.dtype).tiny)
        return w + diag_embed(rest.sqrt())

    def log_prob(self, value: Tensor) -> Tensor:
        self._validate_sample(value)
        d, eta = self.dim, self.concentration
        order = 2 * (eta - 1).unsqueeze(-1) + d - arange(2, d + 1)
        diagonal = value.diagonal(dim1=-2, dim2=-1)[..., 1:]
        alpha = eta + 0.5 * (d - 1)
        norm = (0.5 * (d - 1) * math.log(math.pi)
                + mvlgamma(alpha - 0.5, d - 1) - lgamma(alpha) * (d - 1))
        return (order * diagonal.log()).sum(-1) - norm
