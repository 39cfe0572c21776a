"""Variable: the name that tensors with gradients had before torch 0.4."""

from __future__ import annotations

from ..tensor import Tensor


def Variable(data: Tensor, requires_grad: bool = False) -> Tensor:
    """`data` as a leaf of its own; today a Tensor does it all."""
    return data.detach().requires_grad_(requires_grad)
