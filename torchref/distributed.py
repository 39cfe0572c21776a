"""Several processes, each with a share of every batch (Gloo or NCCL)."""

import contextlib
import os
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import torch
import torch.distributed as dist
from torch import Tensor, nn
from torch.distributed.rendezvous import rendezvous
from torch.nn.modules.batchnorm import _BatchNorm
from torch.nn.parallel import DistributedDataParallel

from torchref import devices

PATIENCE = timedelta(seconds=45)  # then a silent process counts as lost


class LostWorker(RuntimeError):
    """Another process of the run ended or went silent."""


@dataclass(frozen=True)
class World:
    """Which process this is, of how many, and its device."""

    rank: int = 0
    size: int = 1
    device: torch.device = torch.device("cpu")

    def share(self, rows: Tensor) -> Tensor:
        """This process's part of a batch; the parts differ by one row at
        most, and together they are the batch."""
        return rows.tensor_split(self.size)[self.rank]

    def total(self, value: Tensor) -> Tensor:
        """The sum over all processes, in place."""
        if self.size > 1:
            dist.all_reduce(value)
        return value

    def gather(self, value: Any) -> list[Any]:
        """What every process has, in the order of their ranks."""
        if self.size == 1:
            return [value]
        everyone: list[Any] = [None] * self.size
        dist.all_gather_object(everyone, value)
        return everyone


@contextlib.contextmanager
def join(device: str = "auto") -> Iterator[World]:
    """Into the group that torchrun started, or alone."""
    size = int(os.environ.get("WORLD_SIZE", 1))
    if size == 1:
        yield World(device=devices.pick(device))
        return
    local = int(os.environ.get("LOCAL_RANK", os.environ["RANK"]))
    wants_gpu = device != "cpu" and devices.try_gpu().type == "cuda"
    name = f"cuda:{local}" if wants_gpu or device == "cuda" else device
    where = devices.pick(name)
    if where.type == "cuda":
        torch.cuda.set_device(where)
    backend = "nccl" if where.type == "cuda" else "gloo"
    store, rank, _ = next(rendezvous("env://", timeout=PATIENCE))
    # torchrun keeps its store over restarts: without a name of their own,
    # the new processes would call those that are gone
    attempt = os.environ.get("TORCHELASTIC_RESTART_COUNT", "0")
    store = dist.PrefixStore(f"attempt {attempt}", store)
    dist.init_process_group(
        backend, store=store, rank=rank, world_size=size, timeout=PATIENCE
    )
    try:
        yield World(rank, size, where)
    finally:
        dist.destroy_process_group()


@contextlib.contextmanager
def watched(world: World) -> Iterator[None]:
    """Turns the broken connection that a lost process leaves behind into a
    sentence."""
    try:
        yield
    except RuntimeError as error:
        text = str(error).lower()
        signs = ("connection", "gloo", "nccl", "timed out", "socket")
        if world.size == 1 or not any(sign in text for sign in signs):
            raise
        raise LostWorker(
            f"process {world.rank} of {world.size} stops: another process "
            "of the run ended or was silent for "
            f"{PATIENCE.seconds} s. Start the run again with --resume, or "
            "let `torchrun --max-restarts 3` do so; it goes on from the last "
            "checkpoint"
        ) from error


def spread(net: nn.Module, world: World) -> nn.Module:
    """The network whose gradients are averaged over the processes."""
    if world.size == 1 or not any(p.requires_grad for p in net.parameters()):
        return net
    ids = [world.device.index] if world.device.type == "cuda" else None
    return DistributedDataParallel(net, device_ids=ids)


class Sum(torch.autograd.Function):
    """y = Σ x over the processes; each x gets the sum of all dy."""

    @staticmethod
    def forward(ctx: Any, x: Tensor) -> Tensor:
        y = x.clone()
        dist.all_reduce(y)
        return y

    @staticmethod
    def backward(ctx: Any, g: Tensor) -> Tensor:
        g = g.contiguous().clone()
        dist.all_reduce(g)
        return g


class SyncBatchNorm(_BatchNorm):
    """Batch normalization over the batch of all processes together; torch's
    own of this name runs on GPUs alone.

    x (N, C, …) -> y (N, C, …); mean and variance of C over all N and …
    """

    def _check_input_dim(self, x: Tensor) -> None:
        if x.dim() < 2:
            raise ValueError(f"expected at least 2D input (got {x.dim()}D)")

    def forward(self, x: Tensor) -> Tensor:
        if not self.training:
            return super().forward(x)
        axes = [0, *range(2, x.dim())]
        shape = (1, -1) + (1,) * (x.dim() - 2)
        wide = x if x.dtype == torch.float64 else x.float()
        count = wide.new_tensor([wide.numel() / wide.shape[1]])
        both = Sum.apply(torch.cat([wide.sum(axes), count]))
        n = both[-1].detach()
        mean = both[:-1] / n
        centred = wide - mean.view(shape)
        variance = Sum.apply(centred.square().sum(axes)) / n
        self.remember(mean.detach(), variance.detach() * n / (n - 1))
        scale = (self.weight * torch.rsqrt(variance + self.eps)).view(shape)
        return (centred * scale + self.bias.view(shape)).to(x.dtype)

    @torch.no_grad()
    def remember(self, mean: Tensor, variance: Tensor) -> None:
        """running ← (1 - momentum)·running + momentum·now"""
        self.num_batches_tracked += 1
        self.running_mean.lerp_(mean, self.momentum)
        self.running_var.lerp_(variance, self.momentum)


def synchronised(net: nn.Module) -> nn.Module:
    """The network with every batch normalization over all processes; its
    parameters and state stay the same objects."""
    for name, child in net.named_children():
        if isinstance(child, _BatchNorm):
            twin = SyncBatchNorm(child.num_features, child.eps, child.momentum)
            twin._parameters, twin._buffers = child._parameters, child._buffers
            setattr(net, name, twin)
        else:
            synchronised(child)
    return net
