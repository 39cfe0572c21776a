"""AdamW: Adam with weight decay that the mean of squares does not weaken."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from scratch.optim.adam import Adam
from scratch.tensor import Tensor


class AdamW(Adam):
    """θ ← θ - γλθ, then Adam's step without weight decay.

    γ lr, λ weight_decay.
    Loshchilov & Hutter, 2017.
    """

    def __init__(
        self,
        params: Iterable,
        lr: float | Tensor = 1e-3,
        betas: tuple[float | Tensor, float | Tensor] = (0.9, 0.999),
        eps: float = 1e-8,
        weight_decay: float = 1e-2,
        amsgrad: bool = False,
        *,
        maximize: bool = False,
        foreach: bool | None = None,
        capturable: bool = False,
        differentiable: bool = False,
        fused: bool | None = None,
    ):
        super().__init__(
            params,
            lr,
            betas,
            eps,
            weight_decay,
            amsgrad,
            foreach=foreach,
            maximize=maximize,
            capturable=capturable,
            differentiable=differentiable,
            fused=fused,
            decoupled_weight_decay=True,
        )

    def __setstate__(self, state: dict[str, Any]) -> None:
        super().__setstate__(state)
        for group in self.param_groups:
            group["decoupled_weight_decay"] = True
