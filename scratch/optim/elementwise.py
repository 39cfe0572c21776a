"""The step that most optimizers share: one formula for every element.

Since no element asks for another, parameters may be cut and joined as is
fastest, and no bit of the result changes. A large one is cut into pieces,
which stay in the cache while the formula passes over them ten times, and
which two threads take side by side. Small ones are laid end to end: their
time goes into calling the formula, which is then called once for all.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from functools import partial
from threading import Lock
from typing import Any

import numpy as np
from numpy.lib.array_utils import byte_bounds

from scratch.kernels.blocks import evenly
from scratch.kernels.threads import get_num_threads, share
from scratch.modes import enable_grad, no_grad
from scratch.ops.complexes import view_as_real
from scratch.optim.checks import check_group
from scratch.optim.optimizer import Optimizer, loss_of
from scratch.optim.state import as_real, plain, scalar
from scratch.tensor import Tensor

PIECE = 1 << 20  # numbers in a parameter, its gradient and its state
SMALL = 1 << 12  # elements of a parameter that is joined with others
ALONE = 1 << 18  # below so many in all, one thread does the work

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
        options are those of the group and the numbers of `advance`. With
        differentiable=True they are tensors, and what is done is recorded.
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
        loss = loss_of(closure)
        for group in self.param_groups:
            params = [p for p in group["params"] if p.grad is not None]
            check_group(group, params)
            if self.defaults.get("differentiable"):
                with enable_grad():
                    for p in params:
                        self._record(p, group)
                continue
            options = {
                name: plain(value)
                for name, value in group.items()
                if name != "params"
            }
            starts = [(p, self._begin(p, group)) for p in params]
            if share_memory(params):  # torch: the next finds what this wrote
                for start in starts:
                    self._work([start], options)
            else:
                self._work(starts, options)
            for p in params:
                p.version[0] += 1
        return loss

    def _record(self, p: Tensor, group: dict[str, Any]) -> None:
        """The step of one parameter in recorded operations."""
        assert p.grad is not None
        first = self._begin(p, group)
        options = {
            name: value if learned(value) else plain(value)
            for name, value in group.items()
            if name != "params"
        }
        state = self.state.get(p) or {}
        numbers = {**self.advance(state, options), "first": first}
        tensors = {
            name: real(value)
            for name, value in state.items()
            if isinstance(value, Tensor) and value.shape == p.shape
        }
        grad = -real(p.grad) if options.get("maximize") else real(p.grad)
        self.update(real(p), grad, tensors, **options, **numbers)

    def _begin(self, p: Tensor, group: dict[str, Any]) -> bool:
        """Whether this is the first step of p, which then gets its state."""
        state = self.state.get(p) or {}
        first = all(value is None for value in state.values())
        if first and (state := self.begin(p, group)):
            self.state[p] = state
        return first

    def _jobs(
        self,
        p: Tensor,
        first: bool,
        options: dict[str, Any],
        known: dict[tuple, dict[str, Any]],
    ) -> Iterable[Job]:
        """The pieces of one parameter, each with what `update` needs.

        known: the options of the parameters before, by their numbers.
        """
        assert p.grad is not None
        state = self.state.get(p) or {}
        numbers = {**self.advance(state, options), "first": first}
        key = tuple(numbers.values())
        if key not in known:
            known[key] = {**options, **numbers}
        arrays = {
            name: as_real(value.array)
            for name, value in state.items()
            if isinstance(value, Tensor) and value.array.shape == p.array.shape
        }
        param, grad = as_real(p.array), as_real(p.grad.array)
        count = (2 + len(arrays)) * param.size
        if param.ndim and count <= PIECE:
            return [(param, grad, arrays, known[key])]
        pieces = cut([param, grad, *arrays.values()], -(-count // PIECE))
        return [
            (param, grad, dict(zip(arrays, state)), known[key])
            for param, grad, *state in pieces
        ]

    def _work(
        self,
        starts: list[tuple[Tensor, bool]],
        options: dict[str, Any],
    ) -> None:
        """Update these parameters; many numbers on several threads.

        A thread takes what comes next and makes it ready, while another
        computes.
        """
        todo, turn = self._todo(starts, options), Lock()

        def work(start: int = 0, stop: int = 0) -> None:
            with np.errstate(all="ignore"):
                while True:
                    with turn:
                        update = next(todo, None)
                    if update is None:
                        return
                    update()

        if sum([p.array.size for p, _ in starts]) < ALONE:
            work()
        else:
            share(work, get_num_threads())

    def _todo(
        self,
        starts: list[tuple[Tensor, bool]],
        options: dict[str, Any],
    ) -> Iterator[Callable[[], None]]:
        """The updates of small parameters, together, and of each piece of
        the large ones, the largest first."""
        known: dict[tuple, dict[str, Any]] = {}
        small = [start for start in starts if start[0].array.size < SMALL]
        large = [start for start in starts if start[0].array.size >= SMALL]
        large.sort(key=lambda start: -start[0].array.size)
        if small:
            yield partial(self._update_small, small, options)
        for p, first in large:
            for job in self._jobs(p, first, options, known):
                yield partial(self._update, *job)

    def _update_small(
        self,
        starts: list[tuple[Tensor, bool]],
        options: dict[str, Any],
    ) -> None:
        """Small parameters of one kind, with the same numbers, are one."""
        known: dict[tuple, dict[str, Any]] = {}
        kinds: dict[tuple, list[Job]] = {}
        for start in starts:
            for job in self._jobs(*start, options, known):
                param, _, state, numbers = job
                kind = param.dtype, tuple(state), id(numbers)
                kinds.setdefault(kind, []).append(job)
        for jobs in kinds.values():
            if len(jobs) == 1:
                self._update(*jobs[0])
            else:
                self._update_all(jobs)

    def _update(
        self,
        param: np.ndarray,
        grad: np.ndarray,
        state: dict[str, np.ndarray],
        options: dict[str, Any],
    ) -> None:
        # torch: to climb is to step down the negative gradient
        grad = -grad if options.get("maximize") else grad
        self.update(param, grad, state, **options)

    def _update_all(self, jobs: list[Job]) -> None:
        """The same for many small parameters, laid end to end."""
        params, grads, states, options = zip(*jobs)
        written: list[Any] = [params]
        written += [[state[name] for state in states] for name in states[0]]
        param, *rest = [np.concatenate(parts, None) for parts in written]
        grad = np.concatenate(grads, None)
        self._update(param, grad, dict(zip(states[0], rest)), options[0])
        for whole, parts in zip([param, *rest], written):
            stop = 0
            for part in parts:
                start, stop = stop, stop + part.size
                part[...] = whole[start:stop].reshape(part.shape)


def learned(option: Any) -> bool:
    """Whether a gradient is asked for an option, such as a learning rate."""
    return isinstance(option, Tensor) and option.requires_grad


def real(x: Tensor) -> Tensor:
    """The real and imaginary parts as numbers of their own."""
    return view_as_real(x) if x.is_complex() else x


def cut(arrays: list[np.ndarray], count: int) -> Iterator[list[np.ndarray]]:
    """About `count` pieces of arrays of one shape, a few rows in each."""
    if all(a.flags.c_contiguous for a in arrays):
        arrays = [a.reshape(-1) for a in arrays]
    for start, stop in evenly(len(arrays[0]), count):
        yield [a[start:stop] for a in arrays]


def share_memory(params: list[Tensor]) -> bool:
    """Whether two of them meet in memory: tied, or one listed twice."""
    arrays = [p.array for p in params]
    owners = {id(a if a.base is None else a.base) for a in arrays}
    if len(owners) == len(arrays):
        return False
    bounds = sorted([byte_bounds(a) for a in arrays])
    return any(
        start < stop for (_, stop), (start, _) in zip(bounds, bounds[1:])
    )
