"""Rprop: only the sign of the gradient, with a step size for each element."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import torch

from torchref.optim.elementwise import Elementwise
from torchref.optim.optimizer import full_like


class Rprop(Elementwise):
    """η ← 1.2η where g kept its sign, ½η where it changed    θ ← θ - η sign g

    The two factors are `etas`, the bounds of η `step_sizes`, its start is
    lr. Where the sign changed, this step is left out. For full batches.
    Riedmiller & Braun, 1993.
    """

    def __init__(
        self,
        params: Iterable,
        lr: float = 1e-2,
        etas: tuple[float, float] = (0.5, 1.2),
        step_sizes: tuple[float, float] = (1e-6, 50),
        *,
        maximize: bool = False,
    ):
        super().__init__(
            params,
            dict(lr=lr, etas=etas, step_sizes=step_sizes, maximize=maximize),
        )

    def begin(self, p: torch.Tensor, group: dict[str, Any]) -> dict[str, Any]:
        return {
            "step": torch.tensor(0.0),
            "prev": torch.zeros_like(p),
            "step_size": full_like(p, group["lr"]),
        }

    def update(self, param, grad, state, *, etas, step_sizes, **_):
        previous, size = state["prev"], state["step_size"]
        agreement = grad * previous
        turned = agreement < 0
        factor = torch.ones_like(grad)
        factor[agreement > 0] = etas[1]
        factor[turned] = etas[0]
        size *= factor
        size.clamp_(*step_sizes)
        previous.copy_(grad)
        previous[turned] = 0
        param -= previous.sign() * size
