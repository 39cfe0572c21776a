"""Batch normalization (Ioffe & Szegedy, 2015)."""

from __future__ import annotations

from typing import Any

from .. import dtypes
from ..ops.creation import empty, ones, tensor, zeros
from ..tensor import Tensor
from . import functional as F
from . import init
from .module import Module
from .parameter import Parameter

__all__ = ["BatchNorm1d", "BatchNorm2d", "BatchNorm3d", "SyncBatchNorm"]


class _NormBase(Module):
    """Weight, bias and running statistics, one of each a channel.

    momentum: how far the running statistics move to those of a batch;
        None: they are the mean over all batches so far.
    """

    _version = 2

    def __init__(self, num_features: int, eps: float = 1e-5,
                 momentum: float | None = 0.1, affine: bool = True,
                 track_running_stats: bool = True, device: Any = None,
                 dtype: Any = None, *, bias: bool = True):
        super().__init__()
        self.num_features, self.eps, self.momentum = (
            num_features, eps, momentum)
        self.affine, self.track_running_stats = affine, track_running_stats
        n, kind = num_features, dict(device=device, dtype=dtype)
        weight = Parameter(empty(n, **kind)) if affine else None
        self.register_parameter("weight", weight)
        self.register_parameter(
            "bias", Parameter(empty(n, **kind)) if affine and bias else None)
        tracked = track_running_stats
        self.register_buffer("running_mean",
                             zeros(n, **kind) if tracked else None)
        self.register_buffer("running_var",
                             ones(n, **kind) if tracked else None)
        self.register_buffer("num_batches_tracked", tensor(
            0, dtype=dtypes.int64) if tracked else None)
        self.reset_parameters()

    def reset_running_stats(self) -> None:
        """Mean 0, variance 1, no batch seen."""
        if self.track_running_stats:
            self.running_mean.zero_()
            self.running_var.fill_(1)
            self.num_batches_tracked.zero_()

    def reset_parameters(self) -> None:
        """Weight 1, bias 0."""
        self.reset_running_stats()
        if self.affine:
            init.ones_(self.weight)
            if self.bias is not None:
                init.zeros_(self.bias)

    def _check_input_dim(self, input: Tensor) -> None:
        raise NotImplementedError

    def extra_repr(self) -> str:
        return (f"{self.num_features}, eps={self.eps}, momentum="
                f"{self.momentum}, affine={self.affine}, bias="
                f"{self.bias is not None}, track_running_stats="
                f"{self.track_running_stats}")

    def _load_from_state_dict(self, state_dict: Any, prefix: str,
                              local_metadata: dict, *rest: Any) -> None:
        # torch: states before version 2 do not count the batches
        if (local_metadata.get("version") or 1) < 2:
            key = prefix + "num_batches_tracked"
            if self.track_running_stats and key not in state_dict:
                state_dict[key] = self.num_batches_tracked
        super()._load_from_state_dict(state_dict, prefix, local_metadata,
                                      *rest)


class _BatchNorm(_NormBase):
    """y = weight (x - mean) / √(var + eps) + bias, channel by channel.

    In training mean and var are those of the batch; in evaluation the
    running ones, if they are tracked.
    """

    def forward(self, input: Tensor) -> Tensor:
        self._check_input_dim(input)
        momentum = 0.0 if self.momentum is None else self.momentum
        count = self.num_batches_tracked
        if self.training and self.track_running_stats and count is not None:
            count.add_(1)
            if self.momentum is None:
                momentum = 1.0 / float(count)
        of_batch = self.training or self.running_mean is None
        shown = not self.training or self.track_running_stats
        return F.batch_norm(
            input, self.running_mean if shown else None,
            self.running_var if shown else None, self.weight, self.bias,
            of_batch, momentum, self.eps)


class BatchNorm1d(_BatchNorm):
    """x (N, C) or (N, C, L)"""

    def _check_input_dim(self, input: Tensor) -> None:
        if input.ndim not in (2, 3):
            raise ValueError(
                f"expected 2D or 3D input (got {input.ndim}D input)")


class BatchNorm2d(_BatchNorm):
    """x (N, C, H, W)"""

    def _check_input_dim(self, input: Tensor) -> None:
        if input.ndim != 4:
            raise ValueError(f"expected 4D input (got {input.ndim}D input)")


class BatchNorm3d(_BatchNorm):
    """x (N, C, D, H, W)"""

    def _check_input_dim(self, input: Tensor) -> None:
        if input.ndim != 5:
            raise ValueError(f"expected 5D input (got {input.ndim}D input)")


class SyncBatchNorm(_BatchNorm):
    """x (N, C, *): the batch is that of all processes of a group.

    Here a process stands alone: it is a BatchNorm of any number of axes.
    """

    def __init__(self, num_features: int, eps: float = 1e-5,
                 momentum: float | None = 0.1, affine: bool = True,
                 track_running_stats: bool = True, process_group: Any = None,
                 device: Any = None, dtype: Any = None, *, bias: bool = True):
        super().__init__(num_features, eps, momentum, affine,
                         track_running_stats, device, dtype, bias=bias)
        self.process_group = process_group

    def _check_input_dim(self, input: Tensor) -> None:
        if input.ndim < 2:
            raise ValueError(
                f"expected at least 2D input (got {input.ndim}D input)")
        if not input.shape[1]:
            raise ValueError("SyncBatchNorm number of input channels should "
                             "be non-zero")

    @classmethod
    def convert_sync_batchnorm(cls, module: Module,
                               process_group: Any = None) -> Module:
        """The module, every BatchNorm in it made a SyncBatchNorm that has
        the same parameters and buffers."""
        twin = module
        if isinstance(module, _BatchNorm):
            twin = SyncBatchNorm(
                module.num_features, module.eps, module.momentum,
                module.affine, module.track_running_stats, process_group,
                bias=module.bias is not None)
            if module.affine:
                twin.weight, twin.bias = module.weight, module.bias
            for name in ("running_mean", "running_var",
                         "num_batches_tracked", "training"):
                setattr(twin, name, getattr(module, name))
        for name, child in module.named_children():
            twin.add_module(name, cls.convert_sync_batchnorm(
                child, process_group))
        return twin
