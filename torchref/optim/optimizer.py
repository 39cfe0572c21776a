"""The Optimizer: groups of parameters and what is remembered of each."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from typing import Any

import torch


class Optimizer:
    """What all optimizers share; a subclass brings `step`.

    param_groups: dictionaries of parameters ("params") and their options.
    state: for each parameter what the method remembers of it.
    """

    def __init__(self, params: Iterable, defaults: dict[str, Any]):
        groups = list(params)
        if not isinstance(groups[0], dict):
            groups = [{"params": groups}]
        self.param_groups = [
            {**defaults, **group, "params": list(group["params"])}
            for group in groups
        ]
        self.state: dict[Any, dict[str, Any]] = defaultdict(dict)

    def step(self, closure: Callable | None = None) -> Any:
        """Change the parameters once, by their gradients."""
        raise NotImplementedError

    def zero_grad(self, set_to_none: bool = True) -> None:
        """Forget the gradients, or (set_to_none=False) fill them with 0."""
        for group in self.param_groups:
            for p in group["params"]:
                if p.grad is not None and not set_to_none:
                    p.grad.detach_().zero_()
                else:
                    p.grad = None


def loss_of(closure: Callable | None) -> Any:
    """What a closure returns, its gradients computed; None without one."""
    if closure is None:
        return None
    with torch.enable_grad():
        return closure()


def full_like(p: torch.Tensor, value: float) -> torch.Tensor:
    """`value` in every element; in both parts of a complex number."""
    filled = torch.zeros_like(p)
    as_real(filled).fill_(value)
    return filled


def as_real(x: torch.Tensor) -> torch.Tensor:
    """A view without complex numbers: (*) -> (*, 2), real and imaginary."""
    return torch.view_as_real(x) if x.is_complex() else x
