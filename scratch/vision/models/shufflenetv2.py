"""torchvision's ShuffleNetV2 (Ma et al., 2018), parameter by parameter."""

from __future__ import annotations

from typing import Any

from scratch import nn
from scratch.ops.combine import cat
from scratch.tensor import Tensor
from scratch.vision.models.builders import WeightsEnum, builder, made

__all__ = [
    "ShuffleNetV2", "ShuffleNet_V2_X0_5_Weights",
    "ShuffleNet_V2_X1_0_Weights", "ShuffleNet_V2_X1_5_Weights",
    "ShuffleNet_V2_X2_0_Weights", "shufflenet_v2_x0_5", "shufflenet_v2_x1_0",
    "shufflenet_v2_x1_5", "shufflenet_v2_x2_0",
]  # fmt: skip

BLOCKS = [4, 8, 4]


class ShuffleNet_V2_X0_5_Weights(WeightsEnum):
    """Trained on ImageNet."""

    IMAGENET1K_V1 = "shufflenetv2_x0.5-f707e7126e.pth"
    DEFAULT = IMAGENET1K_V1


class ShuffleNet_V2_X1_0_Weights(WeightsEnum):
    """Trained on ImageNet."""

    IMAGENET1K_V1 = "shufflenetv2_x1-5666bf0f80.pth"
    DEFAULT = IMAGENET1K_V1


class ShuffleNet_V2_X1_5_Weights(WeightsEnum):
    """Trained on ImageNet."""

    IMAGENET1K_V1 = "shufflenetv2_x1_5-3c479a10.pth"
    DEFAULT = IMAGENET1K_V1


class ShuffleNet_V2_X2_0_Weights(WeightsEnum):
    """Trained on ImageNet."""

    IMAGENET1K_V1 = "shufflenetv2_x2_0-8be3c8ee.pth"
    DEFAULT = IMAGENET1K_V1


def channel_shuffle(x: Tensor, groups: int) -> Tensor:
    """The groups' first channels, then their second ones, and so on.

    (N, C, H, W) -> (N, C, H, W)
    """
    n, channels, height, width = x.shape
    x = x.view(n, groups, channels // groups, height, width)
    return x.transpose(1, 2).contiguous().view(n, channels, height, width)


def pointwise(before: int, after: int) -> list[nn.Module]:
    """1×1, normalised, its ReLU."""
    return [
        nn.Conv2d(before, after, 1, bias=False),
        nn.BatchNorm2d(after),
        nn.ReLU(inplace=True),
    ]


class InvertedResidual(nn.Module):
    """Half of the channels pass as they are, half through three
    convolutions, then both are shuffled; with a stride all pass two ways.

    x (N, inp, H, W) -> (N, oup, H/stride, W/stride)
    """

    def __init__(self, inp: int, oup: int, stride: int):
        super().__init__()
        if not 1 <= stride <= 3:
            raise ValueError("illegal stride value")
        self.stride = stride
        half = oup // 2
        if stride == 1 and inp != half << 1:
            raise ValueError(
                f"Invalid combination of stride {stride}, inp {inp} and oup "
                f"{oup} values. If stride == 1 then inp should be equal to "
                "oup // 2 << 1."
            )
        alone = self.depthwise_conv
        shorter: list[nn.Module] = []
        if stride > 1:
            shorter = [
                alone(inp, inp, 3, stride, 1),
                nn.BatchNorm2d(inp),
                *pointwise(inp, half),
            ]
        self.branch1 = nn.Sequential(*shorter)
        self.branch2 = nn.Sequential(
            *pointwise(inp if stride > 1 else half, half),
            alone(half, half, 3, stride, 1),
            nn.BatchNorm2d(half),
            *pointwise(half, half),
        )

    @staticmethod
    def depthwise_conv(
        i: int,
        o: int,
        kernel_size: int,
        stride: int = 1,
        padding: int = 0,
        bias: bool = False,
    ) -> nn.Conv2d:
        """A filter of each channel alone."""
        return nn.Conv2d(
            i, o, kernel_size, stride, padding, bias=bias, groups=i
        )

    def forward(self, x: Tensor) -> Tensor:
        if self.stride == 1:
            kept, x = x.chunk(2, 1)
        else:
            kept = self.branch1(x)
        return channel_shuffle(cat([kept, self.branch2(x)], 1), 2)


class ShuffleNetV2(nn.Module):
    """A convolution, a pool, three stages, a convolution, the mean of each
    map, a linear layer.   x (N, 3, H, W) -> (N, num_classes)

    stages_out_channels: of the first convolution, each stage and the last.
    """

    def __init__(
        self,
        stages_repeats: list[int],
        stages_out_channels: list[int],
        num_classes: int = 1000,
        inverted_residual: Any = InvertedResidual,
    ):
        super().__init__()
        if len(stages_repeats) != 3:
            raise ValueError(
                "expected stages_repeats as list of 3 positive ints"
            )
        if len(stages_out_channels) != 5:
            raise ValueError(
                "expected stages_out_channels as list of 5 positive ints"
            )
        self._stage_out_channels = stages_out_channels
        width, *widths, last = stages_out_channels
        self.conv1 = nn.Sequential(
            nn.Conv2d(3, width, 3, 2, 1, bias=False),
            nn.BatchNorm2d(width),
            nn.ReLU(inplace=True),
        )
        self.maxpool = nn.MaxPool2d(kernel_size=3, stride=2, padding=1)
        for i, (blocks, out) in enumerate(zip(stages_repeats, widths), 2):
            stage = [inverted_residual(width, out, 2)]
            for _ in range(blocks - 1):
                stage.append(inverted_residual(out, out, 1))
            setattr(self, f"stage{i}", nn.Sequential(*stage))
            width = out
        self.conv5 = nn.Sequential(*pointwise(width, last))
        self.fc = nn.Linear(last, num_classes)

    def _forward_impl(self, x: Tensor) -> Tensor:
        x = self.maxpool(self.conv1(x))
        x = self.stage4(self.stage3(self.stage2(x)))
        return self.fc(self.conv5(x).mean((2, 3)))

    def forward(self, x: Tensor) -> Tensor:
        return self._forward_impl(x)


@builder(ShuffleNet_V2_X0_5_Weights)
def shufflenet_v2_x0_5(
    *, weights: Any = None, progress: bool = True, **kwargs: Any
) -> ShuffleNetV2:
    """1,366,792 parameters for 1,000 classes"""
    widths = [24, 48, 96, 192, 1024]
    return made(ShuffleNetV2, weights, kwargs, BLOCKS, widths)


@builder(ShuffleNet_V2_X1_0_Weights)
def shufflenet_v2_x1_0(
    *, weights: Any = None, progress: bool = True, **kwargs: Any
) -> ShuffleNetV2:
    """2,278,604 parameters for 1,000 classes"""
    widths = [24, 116, 232, 464, 1024]
    return made(ShuffleNetV2, weights, kwargs, BLOCKS, widths)


@builder(ShuffleNet_V2_X1_5_Weights)
def shufflenet_v2_x1_5(
    *, weights: Any = None, progress: bool = True, **kwargs: Any
) -> ShuffleNetV2:
    """3,503,624 parameters for 1,000 classes"""
    widths = [24, 176, 352, 704, 1024]
    return made(ShuffleNetV2, weights, kwargs, BLOCKS, widths)


@builder(ShuffleNet_V2_X2_0_Weights)
def shufflenet_v2_x2_0(
    *, weights: Any = None, progress: bool = True, **kwargs: Any
) -> ShuffleNetV2:
    """7,393,996 parameters for 1,000 classes"""
    widths = [24, 244, 488, 976, 2048]
    return made(ShuffleNetV2, weights, kwargs, BLOCKS, widths)
