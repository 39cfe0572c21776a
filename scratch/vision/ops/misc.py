"""Small blocks that networks for pictures are built of."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Sequence
from typing import Any

from scratch import nn
from scratch.ops.creation import ones, zeros
from scratch.ops.shape import permute
from scratch.tensor import Tensor


class FrozenBatchNorm2d(nn.Module):
    """y = weight (x - mean) / √(var + ε) + bias, nothing of which is learned"""

    def __init__(self, num_features: int, eps: float = 1e-5):
        super().__init__()
        self.eps = eps
        self.register_buffer("weight", ones(num_features))
        self.register_buffer("bias", zeros(num_features))
        self.register_buffer("running_mean", zeros(num_features))
        self.register_buffer("running_var", ones(num_features))

    def _load_from_state_dict(
        self, state_dict: dict, prefix: str, *rest: Any
    ) -> None:
        state_dict.pop(prefix + "num_batches_tracked", None)
        super()._load_from_state_dict(state_dict, prefix, *rest)

    def forward(self, x: Tensor) -> Tensor:
        weight, bias, mean, var = (
            t.reshape(1, -1, 1, 1)
            for t in (
                self.weight, self.bias, self.running_mean, self.running_var
            )
        )  # fmt: skip
        scale = weight * (var + self.eps).rsqrt()
        return x * scale + (bias - mean * scale)

    def __repr__(self) -> str:
        name = type(self).__name__
        return f"{name}({self.weight.shape[0]}, eps={self.eps})"


class ConvNormActivation(nn.Sequential):
    """Convolution, normalization, activation; without padding: "same" size"""

    def __init__(
        self,
        in_channels: int,
        out_channels: int,
        kernel_size: Any = 3,
        stride: Any = 1,
        padding: Any = None,
        groups: int = 1,
        norm_layer: Callable | None = nn.BatchNorm2d,
        activation_layer: Callable | None = nn.ReLU,
        dilation: Any = 1,
        inplace: bool | None = True,
        bias: bool | None = None,
        conv_layer: Callable = nn.Conv2d,
    ):
        if padding is None:
            padding = same_padding(kernel_size, dilation)
        layers = [
            conv_layer(
                in_channels, out_channels, kernel_size, stride, padding,
                dilation=dilation, groups=groups,
                bias=norm_layer is None if bias is None else bias,
            )
        ]  # fmt: skip
        if norm_layer is not None:
            layers.append(norm_layer(out_channels))
        if activation_layer is not None:
            layers.append(activation_layer(**placed(inplace)))
        super().__init__(*layers)
        self.out_channels = out_channels
        if type(self) is ConvNormActivation:
            warnings.warn(
                "Don't use ConvNormActivation directly, please use "
                "Conv2dNormActivation and Conv3dNormActivation instead.",
                stacklevel=2,
            )


def same_padding(kernel_size: Any, dilation: Any) -> Any:
    """(k - 1) // 2 · dilation, for each axis"""
    if isinstance(kernel_size, int) and isinstance(dilation, int):
        return (kernel_size - 1) // 2 * dilation
    several = isinstance(kernel_size, Sequence)
    axes = len(kernel_size if several else dilation)
    kernel, spread = (
        tuple(n) if isinstance(n, Sequence) else (n,) * axes
        for n in (kernel_size, dilation)
    )
    return tuple((k - 1) // 2 * d for k, d in zip(kernel, spread))


def placed(inplace: bool | None) -> dict:
    """inplace as an argument, for layers that have it"""
    return {} if inplace is None else {"inplace": inplace}


class Conv2dNormActivation(ConvNormActivation):
    """Conv2d, normalization, activation"""

    def __init__(
        self,
        in_channels: int,
        out_channels: int,
        kernel_size: Any = 3,
        stride: Any = 1,
        padding: Any = None,
        groups: int = 1,
        norm_layer: Callable | None = nn.BatchNorm2d,
        activation_layer: Callable | None = nn.ReLU,
        dilation: Any = 1,
        inplace: bool | None = True,
        bias: bool | None = None,
    ):
        super().__init__(
            in_channels, out_channels, kernel_size, stride, padding, groups,
            norm_layer, activation_layer, dilation, inplace, bias, nn.Conv2d,
        )  # fmt: skip


class Conv3dNormActivation(ConvNormActivation):
    """Conv3d, normalization, activation"""

    def __init__(
        self,
        in_channels: int,
        out_channels: int,
        kernel_size: Any = 3,
        stride: Any = 1,
        padding: Any = None,
        groups: int = 1,
        norm_layer: Callable | None = nn.BatchNorm3d,
        activation_layer: Callable | None = nn.ReLU,
        dilation: Any = 1,
        inplace: bool | None = True,
        bias: bool | None = None,
    ):
        super().__init__(
            in_channels, out_channels, kernel_size, stride, padding, groups,
            norm_layer, activation_layer, dilation, inplace, bias, nn.Conv3d,
        )  # fmt: skip


class SqueezeExcitation(nn.Module):
    """x · s(x): each channel scaled by what the means of all say

    s = σ(W₂ relu(W₁ mean(x)))    Hu, Shen & Sun, 2018
    """

    def __init__(
        self,
        input_channels: int,
        squeeze_channels: int,
        activation: Callable = nn.ReLU,
        scale_activation: Callable = nn.Sigmoid,
    ):
        super().__init__()
        self.avgpool = nn.AdaptiveAvgPool2d(1)
        self.fc1 = nn.Conv2d(input_channels, squeeze_channels, 1)
        self.fc2 = nn.Conv2d(squeeze_channels, input_channels, 1)
        self.activation = activation()
        self.scale_activation = scale_activation()

    def forward(self, input: Tensor) -> Tensor:
        scale = self.activation(self.fc1(self.avgpool(input)))
        return self.scale_activation(self.fc2(scale)) * input


class MLP(nn.Sequential):
    """Linear, normalization, activation, dropout, …, linear, dropout"""

    def __init__(
        self,
        in_channels: int,
        hidden_channels: list[int],
        norm_layer: Callable | None = None,
        activation_layer: Callable | None = nn.ReLU,
        inplace: bool | None = None,
        bias: bool = True,
        dropout: float = 0.0,
    ):
        layers: list[Any] = []
        sizes = [in_channels, *hidden_channels]
        last = len(hidden_channels) - 1
        for i, (before, after) in enumerate(zip(sizes, sizes[1:])):
            layers.append(nn.Linear(before, after, bias=bias))
            if i < last and norm_layer is not None:
                layers.append(norm_layer(after))
            if i < last and activation_layer is not None:
                layers.append(activation_layer(**placed(inplace)))
            layers.append(nn.Dropout(dropout, **placed(inplace)))
        super().__init__(*layers)


class Permute(nn.Module):
    """x with its dimensions in another order"""

    def __init__(self, dims: list[int]):
        super().__init__()
        self.dims = dims

    def forward(self, x: Tensor) -> Tensor:
        return permute(x, self.dims)
