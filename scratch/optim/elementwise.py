"""The step that most optimizers share: one formula for every element.

Since no element asks for another, a large parameter may be cut into pieces.
A piece of 2¹⁸ numbers stays in the cache while the formula passes over it
ten times, and two threads take pieces side by side: over ResNet-18 this
halves the time, and changes no bit of the result.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any

import numpy as np

from scratch.kernels.threads import share
from scratch.modes import enable_grad, no_grad
from scratch.optim.checks import check_group
from scratch.optim.optimizer import Optimizer
from scratch.optim.state import as_real, plain, scalar
from scratch.tensor import Tensor

PIECE = 1 << 18  # elements
ALONE = 1 << 17  # below so many in all, one thread does the work

BEFORE = {  # what an option was before torch had it: for old files
    "maximize": False,
    "foreach": None,
    "fused": None,
    "capturable": False,
    "differentiable": False,
    "nesterov": False,
    "amsgrad": False,
    "momentum": 0,
    "centered": False,
    "decoupled_weight_decay": False,
}

Job = tuple[np.ndarray, np.ndarray, dict[str, np.ndarray], dict[str, Any]]


class Elementwise(Optimizer):
    """An optimizer whose step treats every element alike.

    A subclass says what a parameter's state is before its first step
    (`begin`), which numbers change once a step (`advance`), and what a
    step does to any piece of a parameter (`update`).
    """

    def begin(self, p: Tensor, group: dict[str, Any]) -> dict[str, Tensor]:
        """The state of p before its first step."""
        return {"step": scalar()}

    def advance(
        self, state: dict[str, Tensor], options: dict[str, Any]
    ) -> dict[str, Any]:
        """Count the step; the numbers that all pieces of it share."""
        state["step"].array += 1
        return {"step": state["step"].array.item()}

    def update(self, param, grad, state, **options):
        """Write the step into the array `param` and those of `state`.

        param, grad and the arrays of state are pieces of one shape;
        options are those of the group and the numbers of `advance`.
        """
        raise NotImplementedError

    def __setstate__(self, state: dict[str, Any]) -> None:
        super().__setstate__(state)
        for group in self.param_groups:
            for option in BEFORE.keys() & self.defaults.keys():
                group.setdefault(option, BEFORE[option])
        for memory in self.state.values():
            for name, value in memory.items():
                if isinstance(value, (int, float)):
                    memory[name] = scalar(value)

    @no_grad()
    def step(self, closure: Callable | None = None) -> Any:
        """Change the parameters once, by their gradients.

        A closure computes the loss and its gradients first; its result is
        returned.
        """
        loss = None
        if closure is not None:
            with enable_grad():
                loss = closure()
        for group in self.param_groups:
            params = [p for p in group["params"] if p.grad is not None]
            check_group(group, params)
            options = {
                name: plain(value)
                for name, value in group.items()
                if name != "params"
            }
            jobs: list[Job] = []
            for p in params:
                jobs += self._jobs(p, group, options)
            self._work(jobs)
            for p in params:
                p.version[0] += 1
        return loss

    def _jobs(
        self, p: Tensor, group: dict[str, Any], options: dict[str, Any]
    ) -> Iterable[Job]:
        """The pieces of one parameter, each with what `update` needs."""
        assert p.grad is not None
        state = self.state.get(p)
        first = not state or all(value is None for value in state.values())
        if not state or first:
            state = self.begin(p, group)
            if state:
                self.state[p] = state
        options = {**options, **self.advance(state, options), "first": first}
        arrays = {
            name: as_real(value.array)
            for name, value in state.items()
            if isinstance(value, Tensor) and value.array.shape == p.array.shape
        }
        param, grad = as_real(p.array), as_real(p.grad.array)
        if param.ndim and param.size <= PIECE:
            return [(param, grad, arrays, options)]
        return [
            (param, grad, dict(zip(arrays, pieces)), options)
            for param, grad, *pieces in cut([param, grad, *arrays.values()])
        ]

    def _work(self, jobs: list[Job]) -> None:
        """Update all pieces; large ones on several threads."""
        queue = iter(jobs)  # threads may take from a list's iterator at once

        def work(start: int = 0, stop: int = 0) -> None:
            with np.errstate(all="ignore"):
                for param, grad, state, options in queue:
                    # torch: to climb is to step down the negative gradient
                    grad = -grad if options.get("maximize") else grad
                    self.update(param, grad, state, **options)

        if sum(job[0].size for job in jobs) < ALONE:
            work()
        else:
            share(work, len(jobs))


def cut(arrays: list[np.ndarray]) -> Iterator[list[np.ndarray]]:
    """Pieces of arrays of one shape, a few rows at a time."""
    if all(a.flags.c_contiguous for a in arrays):
        arrays = [a.reshape(-1) for a in arrays]
    rows, size = len(arrays[0]), arrays[0].size
    few = max(1, PIECE * rows // max(size, 1))
    for start in range(0, rows, few):
        yield [a[start : start + few] for a in arrays]
