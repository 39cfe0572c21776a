"""torchvision's MNASNet (Tan et al., 2019), parameter by parameter."""

from __future__ import annotations

import warnings
from typing import Any

from scratch import nn
from scratch.tensor import Tensor
from scratch.vision.models.builders import WeightsEnum, builder, made

__all__ = [
    "MNASNet", "MNASNet0_5_Weights", "MNASNet0_75_Weights",
    "MNASNet1_0_Weights", "MNASNet1_3_Weights", "mnasnet0_5", "mnasnet0_75",
    "mnasnet1_0", "mnasnet1_3",
]  # fmt: skip

# The running statistics' momentum: 0.9997 of the old ones in TensorFlow.
MOMENTUM = 1 - 0.9997
DEPTHS = [32, 16, 24, 40, 80, 96, 192, 320]
# Kernel, the first block's stride, how much wider inside, how many blocks.
STACKS = [
    (3, 2, 3, 3),
    (5, 2, 3, 3),
    (5, 2, 6, 3),
    (3, 1, 6, 2),
    (5, 2, 6, 4),
    (3, 1, 6, 1),
]


class MNASNet0_5_Weights(WeightsEnum):
    """Trained on ImageNet."""

    IMAGENET1K_V1 = "mnasnet0.5_top1_67.823-3ffadce67e.pth"
    DEFAULT = IMAGENET1K_V1


class MNASNet0_75_Weights(WeightsEnum):
    """Trained on ImageNet."""

    IMAGENET1K_V1 = "mnasnet0_75-7090bc5f.pth"
    DEFAULT = IMAGENET1K_V1


class MNASNet1_0_Weights(WeightsEnum):
    """Trained on ImageNet."""

    IMAGENET1K_V1 = "mnasnet1.0_top1_73.512-f206786ef8.pth"
    DEFAULT = IMAGENET1K_V1


class MNASNet1_3_Weights(WeightsEnum):
    """Trained on ImageNet."""

    IMAGENET1K_V1 = "mnasnet1_3-a4c69d6f.pth"
    DEFAULT = IMAGENET1K_V1


def normed(
    before: int, after: int, momentum: float, active: bool = True, **conv: Any
) -> list[nn.Module]:
    """A convolution (1×1 unless told) without bias, normalised, its ReLU."""
    layers = [
        nn.Conv2d(before, after, **{"kernel_size": 1, "bias": False} | conv),
        nn.BatchNorm2d(after, momentum=momentum),
    ]
    return [*layers, nn.ReLU(inplace=True)] if active else layers


class _InvertedResidual(nn.Module):
    """To more channels by 1×1, a filter of each alone, to few by 1×1; x is
    added where the shape stays.

    x (N, in_ch, H, W) -> (N, out_ch, H/stride, W/stride)
    """

    def __init__(
        self,
        in_ch: int,
        out_ch: int,
        kernel_size: int,
        stride: int,
        expansion_factor: int,
        bn_momentum: float = 0.1,
    ):
        super().__init__()
        if stride not in (1, 2):
            raise ValueError(f"stride should be 1 or 2 instead of {stride}")
        if kernel_size not in (3, 5):
            raise ValueError(
                f"kernel_size should be 3 or 5 instead of {kernel_size}"
            )
        wide = in_ch * expansion_factor
        self.apply_residual = in_ch == out_ch and stride == 1
        self.layers = nn.Sequential(
            *normed(in_ch, wide, bn_momentum),
            *normed(
                wide, wide, bn_momentum, kernel_size=kernel_size,
                padding=kernel_size // 2, stride=stride, groups=wide,
            ),
            *normed(wide, out_ch, bn_momentum, active=False),
        )  # fmt: skip

    def forward(self, input: Tensor) -> Tensor:
        y = self.layers(input)
        return y + input if self.apply_residual else y


def stack(before: int, after: int, size: int, stride: int, wider: int,
          blocks: int) -> nn.Sequential:  # fmt: skip
    """Blocks of one width, the first from the width before."""
    first = _InvertedResidual(before, after, size, stride, wider, MOMENTUM)
    rest = [
        _InvertedResidual(after, after, size, 1, wider, MOMENTUM)
        for _ in range(1, blocks)
    ]
    return nn.Sequential(first, *rest)


def multiple_of_eight(x: float) -> int:
    """The multiple of 8 nearest to x, not under 0.9 x"""
    near = max(8, int(x + 4) // 8 * 8)
    return near if near >= 0.9 * x else near + 8


def stem(first: int, second: int) -> list[nn.Module]:
    """The layers before the stacks, half the image's size."""
    return [
        *normed(3, first, MOMENTUM, kernel_size=3, padding=1, stride=2),
        *normed(first, first, MOMENTUM, kernel_size=3, padding=1, groups=first),
        *normed(first, second, MOMENTUM, active=False),
    ]


class MNASNet(nn.Module):
    """Six stacks of inverted residuals, found by search, alpha times as wide
    as the first such net.   x (N, 3, H, W) -> (N, num_classes)"""

    _version = 2

    def __init__(
        self, alpha: float, num_classes: int = 1000, dropout: float = 0.2
    ):
        super().__init__()
        if alpha <= 0.0:
            raise ValueError(
                f"alpha should be greater than 0.0 instead of {alpha}"
            )
        self.alpha = alpha
        self.num_classes = num_classes
        depths = [multiple_of_eight(depth * alpha) for depth in DEPTHS]
        stacks = [
            stack(before, after, *how)
            for before, after, how in zip(depths[1:], depths[2:], STACKS)
        ]
        self.layers = nn.Sequential(
            *stem(depths[0], depths[1]),
            *stacks,
            *normed(depths[7], 1280, MOMENTUM),
        )
        self.classifier = nn.Sequential(
            nn.Dropout(p=dropout, inplace=True), nn.Linear(1280, num_classes)
        )
        for layer in self.modules():
            if isinstance(layer, nn.Conv2d):
                nn.init.kaiming_normal_(
                    layer.weight, mode="fan_out", nonlinearity="relu"
                )
        head = self.classifier[1]
        nn.init.kaiming_uniform_(
            head.weight, mode="fan_out", nonlinearity="sigmoid"
        )
        nn.init.zeros_(head.bias)

    def forward(self, x: Tensor) -> Tensor:
        return self.classifier(self.layers(x).mean((2, 3)))

    def _load_from_state_dict(
        self, state_dict: Any, prefix: str, local_metadata: dict, *rest: Any
    ) -> None:
        """The first nets' stem was of one width whatever alpha is."""
        version = local_metadata.get("version")
        if version not in (1, 2):
            raise ValueError(
                f"version should be set to 1 or 2 instead of {version}"
            )
        if version == 1 and self.alpha != 1.0:
            after = multiple_of_eight(DEPTHS[2] * self.alpha)
            early = [*stem(32, 16), stack(16, after, *STACKS[0])]
            for i, layer in enumerate(early):
                self.layers[i] = layer
            self._version = 1
            warnings.warn(
                "A new version of MNASNet model has been implemented. Your "
                "checkpoint was saved using the previous version. This "
                "checkpoint will load and work as before, but you may want "
                "to upgrade by training a newer model or transfer learning "
                "from an updated ImageNet checkpoint.",
                UserWarning,
                stacklevel=2,
            )
        super()._load_from_state_dict(state_dict, prefix, local_metadata, *rest)


@builder(MNASNet0_5_Weights)
def mnasnet0_5(
    *, weights: Any = None, progress: bool = True, **kwargs: Any
) -> MNASNet:
    """2,218,512 parameters for 1,000 classes"""
    return made(MNASNet, weights, kwargs, 0.5)


@builder(MNASNet0_75_Weights)
def mnasnet0_75(
    *, weights: Any = None, progress: bool = True, **kwargs: Any
) -> MNASNet:
    """3,170,208 parameters for 1,000 classes"""
    return made(MNASNet, weights, kwargs, 0.75)


@builder(MNASNet1_0_Weights)
def mnasnet1_0(
    *, weights: Any = None, progress: bool = True, **kwargs: Any
) -> MNASNet:
    """4,383,312 parameters for 1,000 classes"""
    return made(MNASNet, weights, kwargs, 1.0)


@builder(MNASNet1_3_Weights)
def mnasnet1_3(
    *, weights: Any = None, progress: bool = True, **kwargs: Any
) -> MNASNet:
    """6,282,256 parameters for 1,000 classes"""
    return made(MNASNet, weights, kwargs, 1.3)
