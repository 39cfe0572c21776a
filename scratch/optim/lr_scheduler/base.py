"""The LRScheduler: it writes each group's learning rate after every epoch."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from types import FunctionType
from typing import Any
from weakref import ref

from scratch.optim.optimizer import Optimizer
from scratch.tensor import Tensor, wrap

HOW_TO = (
    "See more details at https://pytorch.org/docs/stable/optim.html"
    "#how-to-adjust-learning-rate"
)
STEP_OVERRIDDEN = (
    "Seems like `optimizer.step()` has been overridden after learning rate "
    "scheduler initialization. Please, make sure to call `optimizer.step()` "
    "before `lr_scheduler.step()`. " + HOW_TO
)
STEP_TOO_EARLY = (
    "Detected call of `lr_scheduler.step()` before `optimizer.step()`. In "
    "PyTorch 1.1.0 and later, you should call them in the opposite order: "
    "`optimizer.step()` before `lr_scheduler.step()`.  Failure to do this "
    "will result in PyTorch skipping the first value of the learning rate "
    "schedule. " + HOW_TO
)
EPOCH_IS_OLD = (
    "The epoch parameter in `scheduler.step()` was not necessary and is "
    "being deprecated where possible. Please use `scheduler.step()` to step "
    "the scheduler. During the deprecation, if epoch is different from "
    "None, the closed form is used instead of the new chainable form, where "
    "available. Please open an issue if you are unable to replicate your "
    "use case: https://github.com/pytorch/pytorch/issues/new/choose."
)
ASK_LAST_LR = (
    "To get the last learning rate computed by the scheduler, please use "
    "`get_last_lr()`."
)
NO_INITIAL_LR = (
    "param 'initial_lr' is not specified in param_groups[{}] when resuming "
    "scheduler with last_epoch >= 0.\nThis typically happens when:\n1. "
    "You're trying to resume training from a checkpoint but haven't "
    "properly loaded the optimizer state\n2. You're using last_epoch >= 0 "
    "for a fresh training run (not recommended)"
)


class LRScheduler:
    """Sets each group's learning rate when its `step` is called.

    A subclass writes `next_lr`: the rate after `lr`, for a group that began
    with `base_lr`; or, as in torch, `get_lr` for all groups at once. Rates
    that somebody else writes between two steps are carried on.

    last_epoch: the number of steps so far, from 0.
    """

    _get_lr_called_within_step = False
    _is_initial = False

    def __init__(self, optimizer: Optimizer, last_epoch: int = -1):
        check_optimizer(optimizer)
        self.optimizer = optimizer
        for i, group in enumerate(optimizer.param_groups):
            if last_epoch == -1:
                group.setdefault("initial_lr", copied(group["lr"]))
            elif "initial_lr" not in group:
                raise KeyError(NO_INITIAL_LR.format(i))
        self.base_lrs = values_of(optimizer, "initial_lr")
        self.last_epoch = last_epoch
        watch_step(optimizer)
        self._initial_step()

    def _initial_step(self) -> None:
        """Write the rates of epoch 0."""
        self._step_count = 0
        self._is_initial = True
        try:
            self.step()
        finally:
            self._is_initial = False

    def step(self, epoch: int | None = None) -> None:
        """Go to the next epoch (or to `epoch`) and write its rates."""
        if self._step_count == 1:
            if not hasattr(self.optimizer.step, "_wrapped_by_lr_sched"):
                warnings.warn(STEP_OVERRIDDEN, UserWarning, stacklevel=2)
            elif not getattr(self.optimizer, "_opt_called", False):
                warnings.warn(STEP_TOO_EARLY, UserWarning, stacklevel=2)
        self._step_count += 1
        if epoch is not None:
            warnings.warn(EPOCH_IS_OLD, UserWarning, stacklevel=2)
        self._update_lr(epoch)

    def _update_lr(self, epoch: int | None = None) -> None:
        self.last_epoch = self.last_epoch + 1 if epoch is None else epoch
        with computing(self):
            if epoch is not None and hasattr(self, "_get_closed_form_lr"):
                rates = self._get_closed_form_lr()
            else:
                rates = self.get_lr()
        self._write(rates)

    def _write(self, rates: list) -> None:
        for group, lr in zip(self.optimizer.param_groups, rates, strict=True):
            put(group, "lr", lr)
        self._last_lr = values_of(self.optimizer, "lr")

    def get_last_lr(self) -> list:
        """The rates that the last step wrote, one for each group."""
        return self._last_lr

    def get_lr(self) -> list:
        """The rates of this epoch, from those that the groups have now."""
        self._warn_outside_step()
        return [
            self.next_lr(copied(group["lr"]), base_lr)
            for group, base_lr in zip(
                self.optimizer.param_groups, self.base_lrs, strict=True
            )
        ]

    def _warn_outside_step(self) -> None:
        if not self._get_lr_called_within_step:
            warnings.warn(ASK_LAST_LR, UserWarning, stacklevel=3)

    def next_lr(self, lr: Any, base_lr: Any) -> Any:
        """The rate of epoch `last_epoch` for one group."""
        raise NotImplementedError

    def state_dict(self) -> dict[str, Any]:
        """Everything but the optimizer."""
        return {k: v for k, v in vars(self).items() if k != "optimizer"}

    def load_state_dict(self, state_dict: dict[str, Any]) -> None:
        """Take over what `state_dict` gave."""
        vars(self).update(state_dict)


class ClosedForm(LRScheduler):
    """A schedule that also knows each epoch's rate from `base_lr` alone."""

    def closed_form(self, base_lr: Any) -> Any:
        """The rate of epoch `last_epoch` for a group nobody else changed."""
        raise NotImplementedError

    def _get_closed_form_lr(self) -> list:
        return [self.closed_form(base_lr) for base_lr in self.base_lrs]


def check_optimizer(optimizer: Any) -> None:
    """Refuse what is not an optimizer."""
    if not isinstance(optimizer, Optimizer):
        raise TypeError(f"{type(optimizer).__name__} is not an Optimizer")


@contextmanager
def computing(scheduler: LRScheduler) -> Iterator[None]:
    """Inside, `get_lr` is called by a step and does not warn."""
    scheduler._get_lr_called_within_step = True
    try:
        yield
    finally:
        scheduler._get_lr_called_within_step = False


def watch_step(optimizer: Optimizer) -> None:
    """Let the optimizer remember that its step was called.

    The new step holds the optimizer weakly: no cycle keeps it alive.
    """
    if hasattr(optimizer.step, "_wrapped_by_lr_sched"):
        return
    weak = ref(optimizer)
    plain: Callable = optimizer.step.__func__  # type: ignore[attr-defined]

    @wraps(plain)
    def step(*args: Any, **kwargs: Any) -> Any:
        this: Any = weak()
        this._opt_called = True
        return plain(this, *args, **kwargs)

    step._wrapped_by_lr_sched = True  # type: ignore[attr-defined]
    optimizer.step = step  # type: ignore[method-assign]


def copied(value: Any) -> Any:
    """A rate that is a tensor is written in place: keep a copy."""
    return wrap(value.array.copy()) if isinstance(value, Tensor) else value


def values_of(optimizer: Optimizer, key: str) -> list:
    """The option `key` of every group."""
    return [copied(group[key]) for group in optimizer.param_groups]


def put(group: dict[str, Any], key: str, value: Any) -> None:
    """Write an option; where it is a tensor, into that tensor."""
    if not isinstance(group[key], Tensor):
        group[key] = value
        return
    if isinstance(value, Tensor):
        value = value.item()
    group[key].array[...] = value
    group[key].version[0] += 1


def for_each_group(name: str, optimizer: Optimizer, value: Any) -> list:
    """One value for each group: the list itself, or one number repeated."""
    number = len(optimizer.param_groups)
    if not isinstance(value, (list, tuple)):
        value = [value] * number
    elif len(value) != number:
        raise ValueError(
            f"{name} must have the same length as optimizer.param_groups. "
            f"{name} has {len(value)} values, param_groups has {number}."
        )
    return [copied(v) for v in value]


def attributes_of(function: Any) -> dict[str, Any] | None:
    """What can be saved of a callable: an object's attributes."""
    if isinstance(function, FunctionType):
        return None
    return vars(function).copy()
