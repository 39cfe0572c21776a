"""Lazy layers: the first input tells how many features come in.

Until then weights are UninitializedParameters; then the layer becomes the
ordinary one, class and all.
"""

from __future__ import annotations

from itertools import chain
from typing import Any

import numpy as np

from .. import dtypes
from ..device import require_cpu
from ..modes import no_grad
from ..ops.creation import tensor
from ..tensor import Tensor, wrap
from .batchnorm import (
    BatchNorm1d,
    BatchNorm2d,
    BatchNorm3d,
    _BatchNorm,
    _NormBase,
)
from .conv import (
    Conv1d,
    Conv2d,
    Conv3d,
    ConvTranspose1d,
    ConvTranspose2d,
    ConvTranspose3d,
)
from .instancenorm import (
    InstanceNorm1d,
    InstanceNorm2d,
    InstanceNorm3d,
    _InstanceNorm,
)
from .linear import Linear
from .module import Module
from .parameter import (
    UninitializedBuffer,
    UninitializedParameter,
    is_lazy,
)

__all__ = [
    "LazyLinear", "LazyConv1d", "LazyConv2d", "LazyConv3d",
    "LazyConvTranspose1d", "LazyConvTranspose2d", "LazyConvTranspose3d",
    "LazyBatchNorm1d", "LazyBatchNorm2d", "LazyBatchNorm3d",
    "LazyInstanceNorm1d", "LazyInstanceNorm2d", "LazyInstanceNorm3d"]


class LazyModuleMixin(Module):
    """A layer that finds its sizes before its first forward."""

    cls_to_become: Any = None
    weight: Any
    bias: Any

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self._load_hook = self._register_load_state_dict_pre_hook(
            self._lazy_load_hook)
        self._initialize_hook = self.register_forward_pre_hook(
            self._infer_parameters, with_kwargs=True)

    def initialize_parameters(self, *args: Any, **kwargs: Any) -> None:
        """Override: give the parameters the sizes that this input asks."""
        raise NotImplementedError(
            "initialize_parameters is not implemented for "
            f"{type(self).__name__}")

    def has_uninitialized_params(self) -> bool:
        """Whether any size is still unknown."""
        return any(is_lazy(x) for x in chain(
            self._parameters.values(), self._buffers.values()))

    def _infer_parameters(self, module: Any, args: tuple,
                          kwargs: dict) -> None:
        module.initialize_parameters(*args, **kwargs)
        if module.has_uninitialized_params():
            raise RuntimeError(
                f"module {self._get_name()} has not been fully initialized")
        module._initialize_hook.remove()
        module._load_hook.remove()
        del module._initialize_hook, module._load_hook
        if module.cls_to_become is not None:
            module.__class__ = module.cls_to_become

    def _lazy_load_hook(self, state_dict: dict, prefix: str,
                        *rest: Any) -> None:
        """A state that is loaded tells the sizes, too."""
        for name, x in chain(self._parameters.items(),
                             self._buffers.items()):
            given = state_dict.get(prefix + name)
            if given is not None and is_lazy(x) and not is_lazy(given):
                with no_grad():
                    x.materialize(given.shape)

    def _apply(self, fn: Any, recurse: bool = True) -> Any:
        """What has no size yet changes its dtype alone."""
        hidden = [(table, name, x) for table in (
            self._parameters, self._buffers) for name, x in table.items()
            if is_lazy(x)]
        for table, name, x in hidden:
            x._kind = fn(wrap(np.empty(0, x._kind))).array.dtype
            table[name] = None
        super()._apply(fn, recurse)
        for table, name, x in hidden:
            table[name] = x
        return self


class LazyLinear(LazyModuleMixin, Linear):
    """A Linear whose in_features the first input tells."""

    cls_to_become = Linear

    def __init__(self, out_features: int, bias: bool = True,
                 device: Any = None, dtype: Any = None):
        super().__init__(0, 0, False)
        self.weight = UninitializedParameter(True, device, dtype)
        self.out_features = out_features
        if bias:
            self.bias = UninitializedParameter(True, device, dtype)

    def reset_parameters(self) -> None:
        if not self.has_uninitialized_params() and self.in_features:
            super().reset_parameters()

    def initialize_parameters(self, input: Tensor) -> None:
        """The features of the input."""
        n = input.shape[-1]
        if self.has_uninitialized_params():
            self.in_features = n
            self.weight.materialize((self.out_features, n))
            if self.bias is not None:
                self.bias.materialize((self.out_features,))
            self.reset_parameters()
        if self.in_features == 0:  # a state was loaded
            if n != self.weight.shape[-1]:
                raise AssertionError(
                    f"The in_features inferred from input: {n} is not equal "
                    "to in_features from self.weight: "
                    f"{self.weight.shape[-1]}")
            self.in_features = n


class _LazyConv(LazyModuleMixin):
    """A convolution whose in_channels the first input tells."""

    axes: int
    in_channels: int
    kernel_size: tuple
    groups: int

    def __init__(self, out_channels: int, kernel_size: Any, stride: Any = 1,
                 padding: Any = 0, dilation: Any = 1, groups: int = 1,
                 bias: bool = True, padding_mode: str = "zeros",
                 device: Any = None, dtype: Any = None):
        super().__init__(0, 0, kernel_size, stride, padding, dilation,
                         groups, False, padding_mode, device, dtype)
        self._start(out_channels, bias, device, dtype)

    def _start(self, out_channels: int, bias: bool, device: Any,
               dtype: Any) -> None:
        self.weight = UninitializedParameter(True, device, dtype)
        self.out_channels = out_channels
        if bias:
            self.bias = UninitializedParameter(True, device, dtype)

    def reset_parameters(self) -> None:
        if not self.has_uninitialized_params() and self.in_channels:
            super().reset_parameters()  # type: ignore[misc]

    def initialize_parameters(self, input: Tensor, *args: Any,
                              **kwargs: Any) -> None:
        """The channels of the input."""
        if not self.has_uninitialized_params():
            return
        batched = self.axes + 2
        if input.dim() not in (batched - 1, batched):
            raise RuntimeError(
                f"Expected {batched - 1}D (unbatched) or {batched}D "
                f"(batched) input to {type(self).__name__}, but got input of"
                f" size: {input.shape}")
        n = self.in_channels = input.shape[input.dim() - self.axes - 1]
        if n % self.groups:
            raise ValueError("in_channels must be divisible by groups")
        out, each = self.out_channels, n // self.groups
        if self.transposed:
            out, each = n, self.out_channels // self.groups
        self.weight.materialize((out, each, *self.kernel_size))
        if self.bias is not None:
            self.bias.materialize((self.out_channels,))
        self.reset_parameters()

    transposed = False


class _LazyConvTranspose(_LazyConv):
    """A transposed convolution whose in_channels the first input tells."""

    def __init__(self, out_channels: int, kernel_size: Any, stride: Any = 1,
                 padding: Any = 0, output_padding: Any = 0, groups: int = 1,
                 bias: bool = True, dilation: Any = 1,
                 padding_mode: str = "zeros", device: Any = None,
                 dtype: Any = None):
        super(_LazyConv, self).__init__(
            0, 0, kernel_size, stride, padding, output_padding, groups,
            False, dilation, padding_mode, device, dtype)
        self._start(out_channels, bias, device, dtype)

    transposed = True


class LazyConv1d(_LazyConv, Conv1d):  # type: ignore[misc]
    """A Conv1d whose in_channels the first input tells."""

    cls_to_become = Conv1d


class LazyConv2d(_LazyConv, Conv2d):  # type: ignore[misc]
    """A Conv2d whose in_channels the first input tells."""

    cls_to_become = Conv2d


class LazyConv3d(_LazyConv, Conv3d):  # type: ignore[misc]
    """A Conv3d whose in_channels the first input tells."""

    cls_to_become = Conv3d


class LazyConvTranspose1d(  # type: ignore[misc]
        _LazyConvTranspose, ConvTranspose1d):
    """A ConvTranspose1d whose in_channels the first input tells."""

    cls_to_become = ConvTranspose1d


class LazyConvTranspose2d(  # type: ignore[misc]
        _LazyConvTranspose, ConvTranspose2d):
    """A ConvTranspose2d whose in_channels the first input tells."""

    cls_to_become = ConvTranspose2d


class LazyConvTranspose3d(  # type: ignore[misc]
        _LazyConvTranspose, ConvTranspose3d):
    """A ConvTranspose3d whose in_channels the first input tells."""

    cls_to_become = ConvTranspose3d


class _LazyNorm(LazyModuleMixin, _NormBase):
    """A normalization whose num_features the first input tells."""

    running_mean: Any
    running_var: Any

    def __init__(self, eps: float = 1e-5, momentum: float | None = 0.1,
                 affine: bool = True, track_running_stats: bool = True,
                 device: Any = None, dtype: Any = None, *,
                 bias: bool = True):
        super().__init__(0, eps, momentum, False, False, device, dtype,
                         bias=False)
        require_cpu(device)
        self.affine, self.track_running_stats = affine, track_running_stats
        if affine:
            self.weight = UninitializedParameter(True, device, dtype)
            if bias:
                self.bias = UninitializedParameter(True, device, dtype)
        if track_running_stats:
            self.running_mean = UninitializedBuffer(False, device, dtype)
            self.running_var = UninitializedBuffer(False, device, dtype)
            self.num_batches_tracked = tensor(0, dtype=dtypes.int64)

    def reset_parameters(self) -> None:
        if not self.has_uninitialized_params() and self.num_features:
            super().reset_parameters()

    def initialize_parameters(self, input: Tensor) -> None:
        """The channels of the input."""
        if not self.has_uninitialized_params():
            return
        self.num_features = input.shape[1]
        for x in (self.weight, self.bias, self.running_mean,
                  self.running_var):
            if x is not None:
                x.materialize((self.num_features,))
        self.reset_parameters()


class LazyBatchNorm1d(_LazyNorm, _BatchNorm):
    """A BatchNorm1d whose num_features the first input tells."""

    cls_to_become = BatchNorm1d
    _check_input_dim = BatchNorm1d._check_input_dim  # type: ignore


class LazyBatchNorm2d(_LazyNorm, _BatchNorm):
    """A BatchNorm2d whose num_features the first input tells."""

    cls_to_become = BatchNorm2d
    _check_input_dim = BatchNorm2d._check_input_dim  # type: ignore


class LazyBatchNorm3d(_LazyNorm, _BatchNorm):
    """A BatchNorm3d whose num_features the first input tells."""

    cls_to_become = BatchNorm3d
    _check_input_dim = BatchNorm3d._check_input_dim  # type: ignore


class LazyInstanceNorm1d(_LazyNorm, _InstanceNorm):
    """An InstanceNorm1d whose num_features the first input tells."""

    axes, cls_to_become = 1, InstanceNorm1d


class LazyInstanceNorm2d(_LazyNorm, _InstanceNorm):
    """An InstanceNorm2d whose num_features the first input tells."""

    axes, cls_to_become = 2, InstanceNorm2d


class LazyInstanceNorm3d(_LazyNorm, _InstanceNorm):
    """An InstanceNorm3d whose num_features the first input tells."""

    axes, cls_to_become = 3, InstanceNorm3d
