"""AdamW: Adam with weight decay that the mean of squares does not weaken."""

from __future__ import annotations

from collections.abc import Iterable

from torchref.optim.adam import Adam


class AdamW(Adam):
    """θ ← θ - γλθ, then Adam's step without weight decay.

    γ lr, λ weight_decay.
    Loshchilov & Hutter, 2017.
    """

    def __init__(
        self,
        params: Iterable,
        lr: float = 1e-3,
        betas: tuple[float, float] = (0.9, 0.999),
        eps: float = 1e-8,
        weight_decay: float = 1e-2,
        amsgrad: bool = False,
        *,
        maximize: bool = False,
    ):
        super().__init__(
            params,
            lr,
            betas,
            eps,
            weight_decay,
            amsgrad,
            maximize=maximize,
            decoupled_weight_decay=True,
        )
