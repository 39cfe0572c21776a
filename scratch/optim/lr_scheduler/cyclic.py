"""Schedules that rise and fall: cycles without end, or one long cycle."""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import partial
from typing import Any

from scratch.optim.lr_scheduler.base import (
    LRScheduler,
    attributes_of,
    check_optimizer,
    for_each_group,
    put,
)
from scratch.optim.optimizer import Optimizer


class MomentumCycle(LRScheduler):
    """Moves the momentum (or β₁) against the rate: low where it is high."""

    cycle_momentum: bool

    def _begin_momentum(
        self, optimizer: Optimizer, low: Any, high: Any, fresh: bool
    ) -> tuple[list, list]:
        """Write the first momentum into the groups; the bounds, per group."""
        defaults = optimizer.defaults
        if "momentum" not in defaults and "betas" not in defaults:
            raise ValueError(
                "optimizer must support momentum or beta1 with "
                "`cycle_momentum` option enabled"
            )
        self.use_beta1 = "betas" in defaults
        lows = for_each_group("base_momentum", optimizer, low)
        highs = for_each_group("max_momentum", optimizer, high)
        if fresh:
            groups = optimizer.param_groups
            for group, low, high in zip(groups, lows, highs, strict=True):
                self._put_momentum(group, high)
                group["max_momentum"] = high
                group["base_momentum"] = low
        return lows, highs

    def _put_momentum(self, group: dict[str, Any], momentum: Any) -> None:
        if self.use_beta1:
            group["betas"] = (momentum, *group["betas"][1:])
        else:
            group["momentum"] = momentum


class CyclicLR(MomentumCycle):
    """Up from base_lr to max_lr in step_size_up steps, and down again.

    triangular: always as high; triangular2: half as high each cycle;
    exp_range: lower by gamma each step; scale_fn: as you say, by the number
    of the cycle or (scale_mode="iterations") of the step.
    Smith, 2015.
    """

    def __init__(
        self,
        optimizer: Optimizer,
        base_lr: float | list[float],
        max_lr: float | list[float],
        step_size_up: int = 2000,
        step_size_down: int | None = None,
        mode: str = "triangular",
        gamma: float = 1.0,
        scale_fn: Callable[[float], float] | None = None,
        scale_mode: str = "cycle",
        cycle_momentum: bool = True,
        base_momentum: float = 0.8,
        max_momentum: float = 0.9,
        last_epoch: int = -1,
    ):
        check_optimizer(optimizer)
        self.optimizer = optimizer
        base_lrs = for_each_group("base_lr", optimizer, base_lr)
        if last_epoch == -1:
            for lr, group in zip(base_lrs, optimizer.param_groups):
                put(group, "lr", lr)
        self.max_lrs = for_each_group("max_lr", optimizer, max_lr)
        up = float(step_size_up)
        down = up if step_size_down is None else float(step_size_down)
        self.total_size = up + down
        self.step_ratio = up / self.total_size
        if scale_fn is None and mode not in SCALES:
            raise ValueError("mode is invalid and scale_fn is None")
        self.mode = mode
        self.gamma = gamma
        self._scale_fn_custom = scale_fn
        self.scale_mode = scale_mode
        self._init_scale_fn()
        self.cycle_momentum = cycle_momentum
        if cycle_momentum:
            self.base_momentums, self.max_momentums = self._begin_momentum(
                optimizer, base_momentum, max_momentum, last_epoch == -1
            )
        super().__init__(optimizer, last_epoch)
        self.base_lrs = base_lrs

    def _init_scale_fn(self) -> None:
        if self._scale_fn_custom is None:
            self._scale_fn_ref, self.scale_mode = SCALES[self.mode]
            if self.mode == "exp_range":
                self._scale_fn_ref = partial(self._scale_fn_ref, self.gamma)

    def scale_fn(self, x: float) -> float:
        """How high cycle (or step) x goes, of max_lr - base_lr."""
        return (self._scale_fn_custom or self._scale_fn_ref)(x)

    def get_lr(self) -> list:
        self._warn_outside_step()
        t = self.last_epoch / self.total_size
        cycle = math.floor(1 + t)
        x = 1.0 + t - cycle
        if x <= self.step_ratio:
            height = x / self.step_ratio
        else:
            height = (x - 1) / (self.step_ratio - 1)
        by = cycle if self.scale_mode == "cycle" else self.last_epoch
        rates = [
            low + (high - low) * height * self.scale_fn(by)
            for low, high in zip(self.base_lrs, self.max_lrs, strict=True)
        ]
        if self.cycle_momentum:
            bounds = zip(self.base_momentums, self.max_momentums, strict=True)
            groups = self.optimizer.param_groups
            for (low, high), group in zip(bounds, groups, strict=True):
                fall = (high - low) * height
                self._put_momentum(group, high - fall * self.scale_fn(by))
        return rates

    def state_dict(self) -> dict[str, Any]:
        """Of a scale_fn only the attributes of an object, not a lambda."""
        state = super().state_dict()
        state.pop("_scale_fn_ref", None)
        custom = self._scale_fn_custom
        state["_scale_fn_custom"] = custom and attributes_of(custom)
        return state

    def load_state_dict(self, state_dict: dict[str, Any]) -> None:
        """Take over a saved state; a scale_fn stays as it is."""
        state = dict(state_dict)
        saved = state.pop("_scale_fn_custom")
        super().load_state_dict(state)
        if saved is not None:
            vars(self._scale_fn_custom).update(saved)
        self._init_scale_fn()


def full(x: float) -> float:
    """Every cycle as wide as the first."""
    return 1.0


def halved(x: float) -> float:
    """Every cycle half as wide as the last, x counting from 1."""
    return 1 / (2.0 ** (x - 1))


def decayed(gamma: float, x: float) -> float:
    """gammaˣ, x counting steps."""
    return gamma**x


SCALES: dict[str, tuple[Callable, str]] = {
    "triangular": (full, "cycle"),
    "triangular2": (halved, "cycle"),
    "exp_range": (decayed, "iterations"),
}


class OneCycleLR(MomentumCycle):
    """One rise from max_lr / div_factor to max_lr, one long fall to ~0.

    The rise takes pct_start of all steps, the fall ends at the first rate
    over final_div_factor; three_phase falls to the first rate in as many
    steps as it rose, and then on. Along a cosine, or "linear".
    Smith & Topin, 2017 (super-convergence).
    """

    def __init__(
        self,
        optimizer: Optimizer,
        max_lr: float | list[float],
        total_steps: int | None = None,
        epochs: int | None = None,
        steps_per_epoch: int | None = None,
        pct_start: float = 0.3,
        anneal_strategy: str = "cos",
        cycle_momentum: bool = True,
        base_momentum: float | list[float] = 0.85,
        max_momentum: float | list[float] = 0.95,
        div_factor: float = 25.0,
        final_div_factor: float = 1e4,
        three_phase: bool = False,
        last_epoch: int = -1,
    ):
        check_optimizer(optimizer)
        self.optimizer = optimizer
        self.total_steps = count_steps(total_steps, epochs, steps_per_epoch)
        self._schedule_phases = phases(
            pct_start, self.total_steps, three_phase
        )
        if pct_start < 0 or pct_start > 1 or not isinstance(pct_start, float):
            raise ValueError(
                f"Expected float between 0 and 1 pct_start, but got {pct_start}"
            )
        if anneal_strategy not in ("cos", "linear"):
            raise ValueError(
                "anneal_strategy must be one of 'cos' or 'linear', instead "
                f"got {anneal_strategy}"
            )
        self._anneal_func_type = anneal_strategy
        max_lrs = for_each_group("max_lr", optimizer, max_lr)
        if last_epoch == -1:
            for group, high in zip(optimizer.param_groups, max_lrs):
                group["initial_lr"] = high / div_factor
                group["max_lr"] = high
                group["min_lr"] = group["initial_lr"] / final_div_factor
        self.cycle_momentum = cycle_momentum
        if cycle_momentum:
            self._begin_momentum(
                optimizer, base_momentum, max_momentum, last_epoch == -1
            )
        super().__init__(optimizer, last_epoch)

    def get_lr(self) -> list:
        self._warn_outside_step()
        if self.last_epoch > self.total_steps:
            raise ValueError(
                f"Tried to step {self.last_epoch} times. The specified number"
                f" of total steps is {self.total_steps}"
            )
        rates = []
        for group in self.optimizer.param_groups:
            phase, part = self._where()
            start, end = group[phase["start_lr"]], group[phase["end_lr"]]
            rates.append(self._anneal(start, end, part))
            if self.cycle_momentum:
                start = group[phase["start_momentum"]]
                end = group[phase["end_momentum"]]
                self._put_momentum(group, self._anneal(start, end, part))
        return rates

    def _where(self) -> tuple[dict[str, Any], float]:
        """The phase of this step, and the part of it that is over."""
        start = 0.0
        for phase in self._schedule_phases[:-1]:
            if self.last_epoch <= phase["end_step"]:
                break
            start = phase["end_step"]
        else:
            phase = self._schedule_phases[-1]
        return phase, (self.last_epoch - start) / (phase["end_step"] - start)

    def _anneal(self, start: Any, end: Any, part: float) -> Any:
        if self._anneal_func_type == "linear":
            return (end - start) * part + start
        return end + (start - end) / 2.0 * (math.cos(math.pi * part) + 1)


def count_steps(total: Any, epochs: Any, per_epoch: Any) -> int:
    """The length of the cycle: given, or epochs times steps in each."""
    if total is None and (epochs is None or per_epoch is None):
        raise ValueError(
            "You must define either total_steps OR (epochs AND "
            "steps_per_epoch)"
        )
    given = {"total_steps": total}
    if total is None:
        given = {"epochs": epochs, "steps_per_epoch": per_epoch}
    for name, value in given.items():
        if not isinstance(value, int) or value <= 0:
            raise ValueError(
                f"Expected positive integer {name}, but got {value}"
            )
    return math.prod(given.values())


def phases(rise: float, total: int, three: bool) -> list[dict[str, Any]]:
    """Where each phase ends, and between which of a group's options."""

    def phase(end_step: float, lr: str, momentum: str) -> dict[str, Any]:
        start_lr, end_lr = lr.split()
        start_momentum, end_momentum = momentum.split()
        return dict(
            end_step=end_step, start_lr=start_lr, end_lr=end_lr,
            start_momentum=start_momentum, end_momentum=end_momentum)

    down, up = "max_momentum base_momentum", "base_momentum max_momentum"
    first = phase(float(rise * total) - 1, "initial_lr max_lr", down)
    if not three:
        return [first, phase(total - 1, "max_lr min_lr", up)]
    return [
        first,
        phase(float(2 * rise * total) - 2, "max_lr initial_lr", up),
        phase(total - 1, "initial_lr min_lr", "max_momentum max_momentum"),
    ]
