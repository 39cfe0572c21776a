"""torchvision's MobileNetV2 (Sandler et al., 2018), parameter by parameter."""

from __future__ import annotations

from typing import Any

from scratch import nn
from scratch.tensor import Tensor
from scratch.vision.models.builders import WeightsEnum, builder, made
from scratch.vision.models.initial import he_weights
from scratch.vision.ops.misc import Conv2dNormActivation

__all__ = ["MobileNetV2", "MobileNet_V2_Weights", "mobilenet_v2"]

# How much wider inside, channels, how many blocks, the first one's stride.
SETTING = [
    [1, 16, 1, 1],
    [6, 24, 2, 2],
    [6, 32, 3, 2],
    [6, 64, 4, 2],
    [6, 96, 3, 1],
    [6, 160, 3, 2],
    [6, 320, 1, 1],
]


class MobileNet_V2_Weights(WeightsEnum):
    """Trained on ImageNet; the second time longer, with more tricks."""

    IMAGENET1K_V1 = "mobilenet_v2-b0353104.pth"
    IMAGENET1K_V2 = "mobilenet_v2-7ebf99e0.pth"
    DEFAULT = IMAGENET1K_V2


def _make_divisible(
    v: float, divisor: int, min_value: int | None = None
) -> int:
    """The multiple of divisor nearest to v, not under 0.9 v or min_value."""
    least = divisor if min_value is None else min_value
    near = max(least, int(v + divisor / 2) // divisor * divisor)
    return near + divisor if near < 0.9 * v else near


class InvertedResidual(nn.Module):
    """To more channels by 1×1, 3×3 in each channel alone, to few by 1×1;
    x is added where the shape stays.

    x (N, inp, H, W) -> (N, oup, H/stride, W/stride)
    """

    def __init__(
        self,
        inp: int,
        oup: int,
        stride: int,
        expand_ratio: int,
        norm_layer: Any = None,
    ):
        super().__init__()
        if stride not in (1, 2):
            raise ValueError(f"stride should be 1 or 2 instead of {stride}")
        norm = norm_layer or nn.BatchNorm2d
        within = round(inp * expand_ratio)
        layers: list[nn.Module] = []
        more: dict[str, Any] = {
            "norm_layer": norm,
            "activation_layer": nn.ReLU6,
        }
        if expand_ratio != 1:
            layers.append(Conv2dNormActivation(inp, within, 1, **more))
        layers += [
            Conv2dNormActivation(
                within, within, stride=stride, groups=within, **more
            ),
            nn.Conv2d(within, oup, 1, bias=False),
            norm(oup),
        ]
        self.stride = stride
        self.use_res_connect = stride == 1 and inp == oup
        self.conv = nn.Sequential(*layers)
        self.out_channels = oup
        self._is_cn = stride > 1

    def forward(self, x: Tensor) -> Tensor:
        y = self.conv(x)
        return x + y if self.use_res_connect else y


class MobileNetV2(nn.Module):
    """A convolution, inverted residuals, a convolution, the mean of each
    map, a linear layer.   x (N, 3, H, W) -> (N, num_classes)

    width_mult widens all levels, to multiples of round_nearest.
    """

    def __init__(
        self,
        num_classes: int = 1000,
        width_mult: float = 1.0,
        inverted_residual_setting: list[list[int]] | None = None,
        round_nearest: int = 8,
        block: Any = None,
        norm_layer: Any = None,
        dropout: float = 0.2,
    ):
        super().__init__()
        setting = inverted_residual_setting
        setting = SETTING if setting is None else setting
        if len(setting) == 0 or len(setting[0]) != 4:
            raise ValueError(
                "inverted_residual_setting should be non-empty or a "
                f"4-element list, got {setting}"
            )
        block, norm = block or InvertedResidual, norm_layer or nn.BatchNorm2d
        more: dict[str, Any] = {
            "norm_layer": norm,
            "activation_layer": nn.ReLU6,
        }
        width = _make_divisible(32 * width_mult, round_nearest)
        self.last_channel = _make_divisible(
            1280 * max(1.0, width_mult), round_nearest
        )
        features = [Conv2dNormActivation(3, width, stride=2, **more)]
        for wider, channels, blocks, stride in setting:
            out = _make_divisible(channels * width_mult, round_nearest)
            for i in range(blocks):
                step = stride if i == 0 else 1
                features.append(
                    block(width, out, step, expand_ratio=wider, norm_layer=norm)
                )
                width = out
        features.append(
            Conv2dNormActivation(width, self.last_channel, 1, **more)
        )
        self.features = nn.Sequential(*features)
        self.classifier = nn.Sequential(
            nn.Dropout(p=dropout), nn.Linear(self.last_channel, num_classes)
        )
        he_weights(self)

    def _forward_impl(self, x: Tensor) -> Tensor:
        x = nn.functional.adaptive_avg_pool2d(self.features(x), (1, 1))
        return self.classifier(x.flatten(1))

    def forward(self, x: Tensor) -> Tensor:
        return self._forward_impl(x)


@builder(MobileNet_V2_Weights)
def mobilenet_v2(
    *, weights: Any = None, progress: bool = True, **kwargs: Any
) -> MobileNetV2:
    """3,504,872 parameters for 1,000 classes"""
    return made(MobileNetV2, weights, kwargs)
