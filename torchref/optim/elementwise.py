"""The step that most optimizers share: one formula for every element."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import torch

from torchref.optim.optimizer import Optimizer, as_real, loss_of


class Elementwise(Optimizer):
    """An optimizer whose step treats every element alike.

    A subclass says what a parameter's state is before its first step
    (`begin`), which numbers change once a step (`advance`), and what a
    step does to a parameter (`update`).
    """

    def begin(self, p: torch.Tensor, group: dict[str, Any]) -> dict[str, Any]:
        """The state of p before its first step."""
        return {"step": torch.tensor(0.0)}

    def advance(
        self, state: dict[str, Any], options: dict[str, Any]
    ) -> dict[str, Any]:
        """Count the step; the numbers that all elements share."""
        state["step"] += 1
        return {"step": state["step"].item()}

    def update(self, param, grad, state, **options):
        """Write the step into the tensor `param` and those of `state`."""
        raise NotImplementedError

    @torch.no_grad()
    def step(self, closure: Callable | None = None) -> Any:
        """Change the parameters once, by their gradients.

        A closure computes the loss and its gradients first; its result is
        returned.
        """
        loss = loss_of(closure)
        for group in self.param_groups:
            options = {k: v for k, v in group.items() if k != "params"}
            for p in group["params"]:
                if p.grad is None:
                    continue
                first = not self.state[p]
                if first:
                    self.state[p] = self.begin(p, group)
                numbers = self.advance(self.state[p], options)
                grad = -p.grad if options.get("maximize") else p.grad
                state = {k: as_real(v) for k, v in self.state[p].items()}
                self.update(
                    as_real(p),
                    as_real(grad),
                    state,
                    **{**options, **numbers, "first": first},
                )
        return loss
