"""Rprop: only the sign of the gradient, with a step size for each element."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np

from scratch.optim.arithmetic import is_tensor
from scratch.optim.checks import check_lr, check_switches
from scratch.optim.elementwise import Elementwise
from scratch.optim.state import as_real, full_like, plain, scalar, zeros_like
from scratch.tensor import Tensor, wrap


class Rprop(Elementwise):
    """η ← 1.2η where g kept its sign, ½η where it changed    θ ← θ - η sign g

    The two factors are `etas`, the bounds of η `step_sizes`, its start is
    lr. Where the sign changed, this step is left out. For full batches.
    Riedmiller & Braun, 1993.
    """

    def __init__(
        self,
        params: Iterable,
        lr: float | Tensor = 1e-2,
        etas: tuple[float, float] = (0.5, 1.2),
        step_sizes: tuple[float, float] = (1e-6, 50),
        *,
        capturable: bool = False,
        foreach: bool | None = None,
        maximize: bool = False,
        differentiable: bool = False,
    ):
        check_lr(lr)
        if not 0.0 < etas[0] < 1.0 < etas[1]:
            raise ValueError(f"Invalid eta values: {etas[0]}, {etas[1]}")
        check_switches(differentiable)
        super().__init__(params, dict(
            lr=lr, etas=etas, step_sizes=step_sizes, foreach=foreach,
            maximize=maximize, differentiable=differentiable,
            capturable=capturable))

    def begin(self, p: Tensor, group: dict[str, Any]) -> dict[str, Tensor]:
        return {
            "step": scalar(),
            "prev": zeros_like(p),
            "step_size": full_like(p, plain(group["lr"])),
        }

    def update(self, param, grad, state, **options):
        if is_tensor(param):  # a slope's sign has no slope
            arrays = {name: as_real(x.array) for name, x in state.items()}
            param -= wrap(self.change(grad.array, arrays, **options))
        else:
            param -= self.change(grad, state, **options)

    def change(self, grad, state, *, etas, step_sizes, **_):
        """How far each number goes."""
        previous, size = state["prev"], state["step_size"]
        agreement = grad * previous
        turned = agreement < 0
        factor = np.ones_like(grad)
        factor[agreement > 0] = etas[1]
        factor[turned] = etas[0]
        size *= factor
        np.clip(size, *step_sizes, out=size)
        np.copyto(previous, grad)
        previous[turned] = 0
        sign = (previous > 0).astype(size.dtype)  # torch: 0 for NaN
        sign -= previous < 0
        sign *= size
        return sign
