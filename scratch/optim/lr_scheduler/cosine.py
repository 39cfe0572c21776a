"""Schedules that follow a cosine: once down, or again and again."""

from __future__ import annotations

import math
from typing import Any

from scratch.optim.lr_scheduler.base import ClosedForm, LRScheduler, computing
from scratch.optim.optimizer import Optimizer


class CosineAnnealingLR(ClosedForm):
    """γₜ = γ_min + ½(γ - γ_min)(1 + cos(πt / T)), from γ down to γ_min.

    T is T_max, γ_min eta_min; after T the rate rises again.
    Loshchilov & Hutter, 2016 (SGDR).
    """

    def __init__(
        self,
        optimizer: Optimizer,
        T_max: int,
        eta_min: float = 0.0,
        last_epoch: int = -1,
    ):
        self.T_max = T_max
        self.eta_min = eta_min
        super().__init__(optimizer, last_epoch)

    def next_lr(self, lr: Any, base_lr: Any) -> Any:
        t, T, low = self.last_epoch, self.T_max, self.eta_min
        if self._is_initial:
            return lr
        if self._step_count == 1 and t > 0:
            cosine = math.cos(t * math.pi / T)
            return low + (base_lr - low) * (1 + cosine) / 2
        if (t - 1 - T) % (2 * T) == 0:  # it stood at the bottom: 0 / 0 below
            return lr + (base_lr - low) * (1 - math.cos(math.pi / T)) / 2
        now = 1 + math.cos(math.pi * t / T)
        before = 1 + math.cos(math.pi * (t - 1) / T)
        return now / before * (lr - low) + low

    def closed_form(self, base_lr: Any) -> Any:
        cosine = math.cos(math.pi * self.last_epoch / self.T_max)
        return self.eta_min + (base_lr - self.eta_min) * (1 + cosine) / 2


class CosineAnnealingWarmRestarts(LRScheduler):
    """The cosine of CosineAnnealingLR, begun anew after T_0, T_0·T_mult, …

    T_cur epochs since the last restart, T_i the length of this period.
    Loshchilov & Hutter, 2016 (SGDR).
    """

    def __init__(
        self,
        optimizer: Optimizer,
        T_0: int,
        T_mult: int = 1,
        eta_min: float = 0.0,
        last_epoch: int = -1,
    ):
        if T_0 <= 0 or not isinstance(T_0, int):
            raise ValueError(f"Expected positive integer T_0, but got {T_0}")
        if T_mult < 1 or not isinstance(T_mult, int):
            raise ValueError(f"Expected integer T_mult >= 1, but got {T_mult}")
        if not isinstance(eta_min, (float, int)):
            raise ValueError(
                f"Expected float or int eta_min, but got {eta_min} of type "
                f"{type(eta_min)}"
            )
        self.T_0 = T_0
        self.T_i = T_0
        self.T_mult = T_mult
        self.eta_min = eta_min
        self.T_cur: float = last_epoch
        super().__init__(optimizer, last_epoch)

    def next_lr(self, lr: Any, base_lr: Any) -> Any:
        cosine = math.cos(math.pi * self.T_cur / self.T_i)
        return self.eta_min + (base_lr - self.eta_min) * (1 + cosine) / 2

    def step(self, epoch: float | None = None) -> None:
        """Go to the next epoch; or to `epoch`, which may be a fraction."""
        if epoch is None and self.last_epoch < 0:
            epoch = 0
        if epoch is None:
            epoch = self.last_epoch + 1
            self.T_cur += 1
            if self.T_cur >= self.T_i:
                self.T_cur %= self.T_i
                self.T_i *= self.T_mult
        elif epoch < 0:
            raise ValueError(f"Expected non-negative epoch, but got {epoch}")
        else:
            self._jump(epoch)
        self.last_epoch = math.floor(epoch)
        with computing(self):
            rates = self.get_lr()
        self._write(rates)

    def _jump(self, epoch: float) -> None:
        """Find the period in which `epoch` lies, and the place in it."""
        if epoch < self.T_0:
            self.T_i, self.T_cur = self.T_0, epoch
        elif self.T_mult == 1:
            self.T_cur = epoch % self.T_0
        else:
            m = self.T_mult
            n = int(math.log(epoch / self.T_0 * (m - 1) + 1, m))
            self.T_cur = epoch - self.T_0 * (m**n - 1) / (m - 1)
            self.T_i = self.T_0 * m**n
