"""torchvision's DenseNet (Huang et al., 2017), parameter by parameter."""

from __future__ import annotations

import re
from typing import Any

from scratch import nn
from scratch.modes import is_grad_enabled
from scratch.ops.combine import cat
from scratch.tensor import Tensor
from scratch.utils.checkpoint import checkpoint
from scratch.vision.models.builders import WeightsEnum, builder, made

__all__ = [
    "DenseNet", "DenseNet121_Weights", "DenseNet161_Weights",
    "DenseNet169_Weights", "DenseNet201_Weights", "densenet121",
    "densenet161", "densenet169", "densenet201",
]  # fmt: skip


class DenseWeights(WeightsEnum):
    """Files whose layers have names of before 2018: norm.1 is norm1 now."""

    def get_state_dict(self, *args: Any, **kwargs: Any) -> Any:
        state = super().get_state_dict(*args, **kwargs)
        old = re.compile(
            r"^(.*denselayer\d+\.(?:norm|relu|conv))\.([12]\."
            r"(?:weight|bias|running_mean|running_var))$"
        )
        for key in list(state):
            state[old.sub(r"\1\2", key)] = state.pop(key)
        return state


class DenseNet121_Weights(DenseWeights):
    """Trained on ImageNet."""

    IMAGENET1K_V1 = "densenet121-a639ec97.pth"
    DEFAULT = IMAGENET1K_V1


class DenseNet161_Weights(DenseWeights):
    """Trained on ImageNet."""

    IMAGENET1K_V1 = "densenet161-8d451a50.pth"
    DEFAULT = IMAGENET1K_V1


class DenseNet169_Weights(DenseWeights):
    """Trained on ImageNet."""

    IMAGENET1K_V1 = "densenet169-b2777c0a.pth"
    DEFAULT = IMAGENET1K_V1


class DenseNet201_Weights(DenseWeights):
    """Trained on ImageNet."""

    IMAGENET1K_V1 = "densenet201-c1103571.pth"
    DEFAULT = IMAGENET1K_V1


class _DenseLayer(nn.Module):
    """All maps so far -> growth_rate new ones, through bn_size times as many
    by 1×1; memory_efficient: backward computes those again.

    tensors (N, C_i, H, W), ΣC_i = num_input_features -> (N, growth_rate, H, W)
    """

    def __init__(
        self,
        num_input_features: int,
        growth_rate: int,
        bn_size: int,
        drop_rate: float,
        memory_efficient: bool = False,
    ):
        super().__init__()
        within = bn_size * growth_rate
        self.norm1 = nn.BatchNorm2d(num_input_features)
        self.relu1 = nn.ReLU(inplace=True)
        self.conv1 = nn.Conv2d(num_input_features, within, 1, bias=False)
        self.norm2 = nn.BatchNorm2d(within)
        self.relu2 = nn.ReLU(inplace=True)
        self.conv2 = nn.Conv2d(within, growth_rate, 3, padding=1, bias=False)
        self.drop_rate = float(drop_rate)
        self.memory_efficient = memory_efficient

    def bn_function(self, inputs: list[Tensor]) -> Tensor:
        return self.conv1(self.relu1(self.norm1(cat(inputs, 1))))

    def forward(self, input: Any) -> Tensor:
        inputs = [input] if isinstance(input, Tensor) else input
        wanted = is_grad_enabled() and any(x.requires_grad for x in inputs)
        if self.memory_efficient and wanted:
            x = checkpoint(
                lambda *maps: self.bn_function(maps),
                *inputs,
                use_reentrant=False,
            )
        else:
            x = self.bn_function(inputs)
        x = self.conv2(self.relu2(self.norm2(x)))
        if self.drop_rate > 0:
            x = nn.functional.dropout(x, self.drop_rate, self.training)
        return x


class _DenseBlock(nn.ModuleDict):
    """Layers that see the block's input and what all before them made.

    (N, C, H, W) -> (N, C + num_layers · growth_rate, H, W)
    """

    _version = 2

    def __init__(
        self,
        num_layers: int,
        num_input_features: int,
        bn_size: int,
        growth_rate: int,
        drop_rate: float,
        memory_efficient: bool = False,
    ):
        super().__init__()
        for i in range(num_layers):
            self[f"denselayer{i + 1}"] = _DenseLayer(
                num_input_features + i * growth_rate,
                growth_rate,
                bn_size,
                drop_rate,
                memory_efficient,
            )

    def forward(self, init_features: Tensor) -> Tensor:
        features = [init_features]
        for layer in self.values():
            features.append(layer(features))
        return cat(features, 1)


class _Transition(nn.Sequential):
    """Fewer channels by 1×1, then means of 2×2: half the size."""

    def __init__(self, num_input_features: int, num_output_features: int):
        super().__init__()
        self.norm = nn.BatchNorm2d(num_input_features)
        self.relu = nn.ReLU(inplace=True)
        self.conv = nn.Conv2d(
            num_input_features, num_output_features, 1, bias=False
        )
        self.pool = nn.AvgPool2d(kernel_size=2, stride=2)


class DenseNet(nn.Module):
    """A convolution, a pool, dense blocks between transitions, the mean of
    each map, a linear layer.

    x (N, 3, H, W) -> (N, num_classes), H and W at least 29
    """

    def __init__(
        self,
        growth_rate: int = 32,
        block_config: tuple[int, ...] = (6, 12, 24, 16),
        num_init_features: int = 64,
        bn_size: int = 4,
        drop_rate: float = 0,
        num_classes: int = 1000,
        memory_efficient: bool = False,
    ):
        super().__init__()
        channels = num_init_features
        features = nn.Sequential()
        features.conv0 = nn.Conv2d(3, channels, 7, 2, padding=3, bias=False)
        features.norm0 = nn.BatchNorm2d(channels)
        features.relu0 = nn.ReLU(inplace=True)
        features.pool0 = nn.MaxPool2d(kernel_size=3, stride=2, padding=1)
        for i, layers in enumerate(block_config, 1):
            block = _DenseBlock(
                layers, channels, bn_size, growth_rate, drop_rate,
                memory_efficient,
            )  # fmt: skip
            features.add_module(f"denseblock{i}", block)
            channels += layers * growth_rate
            if i < len(block_config):
                shrink = _Transition(channels, channels // 2)
                features.add_module(f"transition{i}", shrink)
                channels //= 2
        features.norm5 = nn.BatchNorm2d(channels)
        self.features = features
        self.classifier = nn.Linear(channels, num_classes)
        for layer in self.modules():
            if isinstance(layer, nn.Conv2d):
                nn.init.kaiming_normal_(layer.weight)
        nn.init.zeros_(self.classifier.bias)

    def forward(self, x: Tensor) -> Tensor:
        x = nn.functional.relu(self.features(x), inplace=True)
        x = nn.functional.adaptive_avg_pool2d(x, (1, 1))
        return self.classifier(x.flatten(1))


@builder(DenseNet121_Weights)
def densenet121(
    *, weights: Any = None, progress: bool = True, **kwargs: Any
) -> DenseNet:
    """7,978,856 parameters for 1,000 classes"""
    return made(DenseNet, weights, kwargs, 32, (6, 12, 24, 16), 64)


@builder(DenseNet161_Weights)
def densenet161(
    *, weights: Any = None, progress: bool = True, **kwargs: Any
) -> DenseNet:
    """28,681,000 parameters for 1,000 classes"""
    return made(DenseNet, weights, kwargs, 48, (6, 12, 36, 24), 96)


@builder(DenseNet169_Weights)
def densenet169(
    *, weights: Any = None, progress: bool = True, **kwargs: Any
) -> DenseNet:
    """14,149,480 parameters for 1,000 classes"""
    return made(DenseNet, weights, kwargs, 32, (6, 12, 32, 32), 64)


@builder(DenseNet201_Weights)
def densenet201(
    *, weights: Any = None, progress: bool = True, **kwargs: Any
) -> DenseNet:
    """20,013,928 parameters for 1,000 classes"""
    return made(DenseNet, weights, kwargs, 32, (6, 12, 48, 32), 64)
