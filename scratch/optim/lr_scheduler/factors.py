"""Schedules that multiply the rate: by a function, in steps, in a line."""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Callable, Iterable
from typing import Any

from scratch.optim.lr_scheduler.base import (
    ClosedForm,
    LRScheduler,
    attributes_of,
)
from scratch.optim.optimizer import Optimizer


class LambdaLR(LRScheduler):
    """γₜ = γ₀ · f(t), with a function (or one for each group).

    Two classics in a line:
    inverse time          LambdaLR(optimizer, lambda t: 1 / (1 + k * t))
    natural exponential   LambdaLR(optimizer, lambda t: math.exp(-k * t))
    """

    def __init__(
        self,
        optimizer: Optimizer,
        lr_lambda: Callable[[int], float] | list[Callable[[int], float]],
        last_epoch: int = -1,
    ):
        number = len(optimizer.param_groups)
        if not isinstance(lr_lambda, (list, tuple)):
            lr_lambda = [lr_lambda] * number
        elif len(lr_lambda) != number:
            raise ValueError(
                f"Expected {number} lr_lambdas, but got {len(lr_lambda)}"
            )
        self.lr_lambdas = list(lr_lambda)
        super().__init__(optimizer, last_epoch)

    def get_lr(self) -> list:
        lrs = super().get_lr()
        factors = [f(self.last_epoch) for f in self.lr_lambdas]
        return [lr * f for lr, f in zip(lrs, factors, strict=True)]

    def next_lr(self, lr: Any, base_lr: Any) -> Any:
        return base_lr

    def state_dict(self) -> dict[str, Any]:
        """Of the functions only the attributes of objects, not lambdas."""
        state = super().state_dict()
        state["lr_lambdas"] = [attributes_of(f) for f in self.lr_lambdas]
        return state

    def load_state_dict(self, state_dict: dict[str, Any]) -> None:
        """Take over a saved state; the functions stay as they are."""
        super().load_state_dict(
            {k: v for k, v in state_dict.items() if k != "lr_lambdas"}
        )
        for function, saved in zip(self.lr_lambdas, state_dict["lr_lambdas"]):
            if saved is not None:
                vars(function).update(saved)


class MultiplicativeLR(LambdaLR):
    """γₜ = γₜ₋₁ · f(t), with a function (or one for each group)."""

    def __init__(
        self,
        optimizer: Optimizer,
        lr_lambda: Callable[[int], float] | list[Callable[[int], float]],
        last_epoch: int = -1,
    ):
        functions: Any = lr_lambda
        if not isinstance(lr_lambda, (list, tuple)):
            functions = [lr_lambda]
        for function in functions:
            if not callable(function):
                raise TypeError(
                    "lr_lambda should be a function, but got "
                    + type(function).__name__
                )
        super().__init__(optimizer, lr_lambda, last_epoch)

    def get_lr(self) -> list:
        if self._is_initial:
            return LRScheduler.get_lr(self)
        return super().get_lr()

    def next_lr(self, lr: Any, base_lr: Any) -> Any:
        return lr


class StepLR(ClosedForm):
    """γ ← γ · gamma, every `step_size` epochs."""

    def __init__(
        self,
        optimizer: Optimizer,
        step_size: int,
        gamma: float = 0.1,
        last_epoch: int = -1,
    ):
        self.step_size = step_size
        self.gamma = gamma
        super().__init__(optimizer, last_epoch)

    def next_lr(self, lr: Any, base_lr: Any) -> Any:
        if self.last_epoch == 0 or self.last_epoch % self.step_size != 0:
            return lr
        return lr * self.gamma

    def closed_form(self, base_lr: Any) -> Any:
        return base_lr * self.gamma ** (self.last_epoch // self.step_size)


class MultiStepLR(ClosedForm):
    """γ ← γ · gamma, at every milestone (twice where it is listed twice)."""

    def __init__(
        self,
        optimizer: Optimizer,
        milestones: Iterable[int],
        gamma: float = 0.1,
        last_epoch: int = -1,
    ):
        self.milestones = Counter(milestones)
        self.gamma = gamma
        super().__init__(optimizer, last_epoch)

    def next_lr(self, lr: Any, base_lr: Any) -> Any:
        if self.last_epoch not in self.milestones:
            return lr
        return lr * self.gamma ** self.milestones[self.last_epoch]

    def closed_form(self, base_lr: Any) -> Any:
        milestones = sorted(self.milestones.elements())
        passed = bisect_right(milestones, self.last_epoch)
        return base_lr * self.gamma**passed


class ConstantLR(ClosedForm):
    """γₜ = γ · factor for t < total_iters, then γ."""

    def __init__(
        self,
        optimizer: Optimizer,
        factor: float = 1.0 / 3,
        total_iters: int = 5,
        last_epoch: int = -1,
    ):
        if factor > 1.0 or factor < 0:
            raise ValueError(
                "Constant multiplicative factor expected to be between 0 and "
                "1."
            )
        self.factor = factor
        self.total_iters = total_iters
        super().__init__(optimizer, last_epoch)

    def next_lr(self, lr: Any, base_lr: Any) -> Any:
        if self.last_epoch == 0:
            return lr * self.factor
        if self.last_epoch != self.total_iters:
            return lr
        return lr * (1.0 / self.factor)

    def closed_form(self, base_lr: Any) -> Any:
        done = self.last_epoch >= self.total_iters
        return base_lr * (self.factor + done * (1 - self.factor))


class LinearLR(ClosedForm):
    """γₜ = γ (s + (e - s) t / T) for t ≤ T, then γe: a warm-up, often.

    s start_factor, e end_factor, T total_iters.
    """

    def __init__(
        self,
        optimizer: Optimizer,
        start_factor: float = 1.0 / 3,
        end_factor: float = 1.0,
        total_iters: int = 5,
        last_epoch: int = -1,
    ):
        if start_factor > 1.0 or start_factor <= 0:
            raise ValueError(
                "Starting multiplicative factor expected to be greater than "
                "0 and less or equal to 1."
            )
        if end_factor > 1.0 or end_factor < 0:
            raise ValueError(
                "Ending multiplicative factor expected to be between 0 and 1."
            )
        self.start_factor = start_factor
        self.end_factor = end_factor
        self.total_iters = total_iters
        super().__init__(optimizer, last_epoch)

    def next_lr(self, lr: Any, base_lr: Any) -> Any:
        if self.last_epoch == 0:
            return lr * self.start_factor
        if self._is_initial or self.last_epoch > self.total_iters:
            return lr
        rise = self.end_factor - self.start_factor
        before = self.total_iters * self.start_factor
        return lr * (1.0 + rise / (before + (self.last_epoch - 1) * rise))

    def closed_form(self, base_lr: Any) -> Any:
        t = min(self.total_iters, self.last_epoch)
        rise = self.end_factor - self.start_factor
        return base_lr * (self.start_factor + rise * t / self.total_iters)


class ExponentialLR(ClosedForm):
    """γ ← γ · gamma, every epoch."""

    def __init__(
        self, optimizer: Optimizer, gamma: float, last_epoch: int = -1
    ):
        self.gamma = gamma
        super().__init__(optimizer, last_epoch)

    def next_lr(self, lr: Any, base_lr: Any) -> Any:
        return lr if self._is_initial else lr * self.gamma

    def closed_form(self, base_lr: Any) -> Any:
        return base_lr * self.gamma**self.last_epoch


class PolynomialLR(ClosedForm):
    """γₜ = γ (1 - t / T)^power for t ≤ T, then 0; T is total_iters."""

    def __init__(
        self,
        optimizer: Optimizer,
        total_iters: int = 5,
        power: float = 1.0,
        last_epoch: int = -1,
    ):
        self.total_iters = total_iters
        self.power = power
        super().__init__(optimizer, last_epoch)

    def next_lr(self, lr: Any, base_lr: Any) -> Any:
        if self._is_initial or self.last_epoch > self.total_iters:
            return lr
        left = 1.0 - self.last_epoch / self.total_iters
        before = 1.0 - (self.last_epoch - 1) / self.total_iters
        return lr * (left / before) ** self.power

    def closed_form(self, base_lr: Any) -> Any:
        t = min(self.total_iters, self.last_epoch)
        return base_lr * (1.0 - t / self.total_iters) ** self.power


