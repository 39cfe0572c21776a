"""Focal loss: what is easily told apart counts little."""

from __future__ import annotations

from scratch.nn import functional as F
from scratch.tensor import Tensor


def sigmoid_focal_loss(
    inputs: Tensor,
    targets: Tensor,
    alpha: float = 0.25,
    gamma: float = 2,
    reduction: str = "none",
) -> Tensor:
    """-α (1 - p)^γ log p, p the probability of the true class

    inputs are logits of the class 1; α weighs it, 1 - α the class 0; -1: not.
    Lin et al., 2017.
    """
    if not 0 <= alpha <= 1 and alpha != -1:
        raise ValueError(
            f"Invalid alpha value: {alpha}. alpha must be in the range [0,1] "
            "or -1 for ignore."
        )
    p = inputs.sigmoid()
    loss = F.binary_cross_entropy_with_logits(
        inputs, targets, reduction="none"
    )
    p_true = p * targets + (1 - p) * (1 - targets)
    loss = loss * (1 - p_true) ** gamma
    if alpha >= 0:
        loss = (alpha * targets + (1 - alpha) * (1 - targets)) * loss
    if reduction not in ("none", "mean", "sum"):
        raise ValueError(
            f"Invalid Value for arg 'reduction': '{reduction} \n Supported "
            "reduction modes: 'none', 'mean', 'sum'"
        )
    return loss if reduction == "none" else getattr(loss, reduction)()
