"""Averages of a network's weights on its way: SWA and EMA."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from copy import deepcopy
from itertools import chain
from typing import Any

from scratch.modes import no_grad
from scratch.nn.batchnorm import _BatchNorm
from scratch.nn.module import Module
from scratch.ops.creation import tensor
from scratch.optim.lr_scheduler.base import LRScheduler, for_each_group
from scratch.optim.optimizer import Optimizer
from scratch.tensor import Tensor

__all__ = [
    "AveragedModel",
    "update_bn",
    "SWALR",
    "get_ema_multi_avg_fn",
    "get_swa_multi_avg_fn",
    "get_ema_avg_fn",
    "get_swa_avg_fn",
]

Average = Callable[[Tensor, Tensor, Any], Tensor]
AverageAll = Callable[[list, list, Any], None]


def check_decay(decay: float) -> None:
    if decay < 0.0 or decay > 1.0:
        raise ValueError(
            f"Invalid decay value {decay} provided. Please provide a value "
            "in [0,1] range."
        )


def get_ema_multi_avg_fn(decay: float = 0.999) -> AverageAll:
    """a ← a + (1 - d)(θ - a), for lists: the recent past counts most."""
    check_decay(decay)

    @no_grad()
    def ema_update(
        ema_param_list: list, current_param_list: list, _: Any
    ) -> None:
        for a, p in zip(ema_param_list, current_param_list, strict=True):
            if a.is_floating_point() or a.is_complex():
                a.lerp_(p, 1 - decay)
            else:
                a.copy_(a * decay + p * (1 - decay))

    return ema_update


def get_swa_multi_avg_fn() -> AverageAll:
    """a ← a + (θ - a) / (n + 1), for lists: every point counts alike."""

    @no_grad()
    def swa_update(
        averaged_param_list: list, current_param_list: list, num_averaged: Any
    ) -> None:
        for a, p in zip(averaged_param_list, current_param_list, strict=True):
            if a.is_floating_point() or a.is_complex():
                a.lerp_(p, float(1 / (num_averaged + 1)))
            elif isinstance(num_averaged, Tensor):
                a.addcdiv_(p - a, num_averaged + 1)
            else:
                a.add_(p - a, alpha=1.0 / (num_averaged + 1))

    return swa_update


def get_ema_avg_fn(decay: float = 0.999) -> Average:
    """d a + (1 - d) θ"""
    check_decay(decay)

    @no_grad()
    def ema_update(
        ema_param: Tensor, current_param: Tensor, num_averaged: Any
    ) -> Tensor:
        return decay * ema_param + (1 - decay) * current_param

    return ema_update


def get_swa_avg_fn() -> Average:
    """a + (θ - a) / (n + 1)"""

    @no_grad()
    def swa_update(
        averaged_param: Tensor, current_param: Tensor, num_averaged: Any
    ) -> Tensor:
        step = (current_param - averaged_param) / (num_averaged + 1)
        return averaged_param + step

    return swa_update


class AveragedModel(Module):
    """A copy of a network that holds the average of its weights.

    `update_parameters` takes the weights in: equally (SWA, the default) or
    by avg_fn(averaged, current, n), or by multi_avg_fn for all at once.
    Buffers are averaged too (use_buffers) or those of the last network.
    Izmailov et al., 2018.
    """

    n_averaged: Tensor

    def __init__(
        self,
        model: Module,
        device: Any = None,
        avg_fn: Average | None = None,
        multi_avg_fn: AverageAll | None = None,
        use_buffers: bool = False,
    ):
        super().__init__()
        if avg_fn is not None and multi_avg_fn is not None:
            raise AssertionError(
                "Only one of avg_fn and multi_avg_fn should be provided"
            )
        self.module = deepcopy(model)
        if device is not None:
            self.module = self.module.to(device)
        self.register_buffer("n_averaged", tensor(0, device=device))
        self.avg_fn = avg_fn
        self.multi_avg_fn = multi_avg_fn
        self.use_buffers = use_buffers

    def forward(self, *args: Any, **kwargs: Any) -> Any:
        """The averaged network's answer."""
        return self.module(*args, **kwargs)

    def update_parameters(self, model: Module) -> None:
        """Take the weights of `model` into the average; the first are it."""
        pairs = [
            (averaged.detach(), new.detach())
            for averaged, new in zip(
                weights(self.module, self.use_buffers),
                weights(model, self.use_buffers),
            )
        ]
        if self.n_averaged == 0:
            for mine, new in pairs:
                mine.copy_(new)
        elif self.multi_avg_fn is not None:
            for dtype in dict.fromkeys(mine.dtype for mine, _ in pairs):
                alike = [pair for pair in pairs if pair[0].dtype == dtype]
                mines, news = map(list, zip(*alike))
                self.multi_avg_fn(mines, news, self.n_averaged)
        else:
            average = self.avg_fn or get_swa_avg_fn()
            for mine, new in pairs:
                mine.copy_(average(mine, new, self.n_averaged))
        if not self.use_buffers:
            for mine, new in zip(
                self.module.buffers(), model.buffers(), strict=True
            ):
                mine.detach().copy_(new.detach())
        self.n_averaged += 1


def weights(model: Module, buffers: bool) -> Iterable[Tensor]:
    """What of a model is averaged."""
    if buffers:
        return chain(model.parameters(), model.buffers())
    return model.parameters()


@no_grad()
def update_bn(loader: Iterable, model: Module, device: Any = None) -> None:
    """Let batch normalization see the data again, under averaged weights.

    The running statistics become plain means over all batches of loader (of
    a tuple or list: its first part).
    """
    layers = [m for m in model.modules() if isinstance(m, _BatchNorm)]
    momenta = [layer.momentum for layer in layers]
    if not layers:
        return
    was_training = model.training
    model.train()
    for layer in layers:
        layer.reset_running_stats()
        layer.momentum = None
    for batch in loader:
        inputs = batch[0] if isinstance(batch, (list, tuple)) else batch
        model(inputs if device is None else inputs.to(device))
    for layer, momentum in zip(layers, momenta):
        layer.momentum = momentum
    model.train(was_training)


class SWALR(LRScheduler):
    """γ = α γₛ + (1 - α) γ₀, from the rate at hand to swa_lr and then there.

    α goes from 0 to 1 in anneal_epochs: in a line, or as half a cosine.
    """

    def __init__(
        self,
        optimizer: Optimizer,
        swa_lr: Any,
        anneal_epochs: int = 10,
        anneal_strategy: str = "cos",
        last_epoch: int = -1,
    ):
        rates = for_each_group("swa_lr", optimizer, swa_lr)
        for rate, group in zip(rates, optimizer.param_groups, strict=True):
            group["swa_lr"] = rate
        if anneal_strategy not in ("cos", "linear"):
            raise ValueError(
                "anneal_strategy must be one of 'cos' or 'linear', "
                f"instead got {anneal_strategy}"
            )
        if not isinstance(anneal_epochs, int) or anneal_epochs < 0:
            raise ValueError(
                "anneal_epochs must be equal or greater than 0, got "
                f"{anneal_epochs}"
            )
        self._anneal_strategy = anneal_strategy
        self.anneal_epochs = anneal_epochs
        super().__init__(optimizer, last_epoch)

    def share(self, step: int) -> float:
        """α after so many steps"""
        t = max(0, min(1, step / max(1, self.anneal_epochs)))
        if self._anneal_strategy == "linear":
            return t
        return (1 - math.cos(math.pi * t)) / 2

    def get_lr(self) -> list:
        """The rates of this epoch, from those that the groups have now."""
        self._warn_outside_step()
        step = self._step_count - 1
        if self.anneal_epochs == 0:
            step = max(1, step)
        before, now = self.share(step - 1), self.share(step)
        rates = []
        for group in self.optimizer.param_groups:
            start, end = group["lr"], group["swa_lr"]
            # undo the last mixture, whoever wrote the rate since
            start = (
                end if before == 1 else (start - before * end) / (1 - before)
            )
            rates.append(end * now + start * (1 - now))
        return rates
