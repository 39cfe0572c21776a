"""torchvision's MobileNetV3 (Howard et al., 2019), parameter by parameter."""

from __future__ import annotations

from functools import partial
from typing import Any

from scratch import nn
from scratch.tensor import Tensor
from scratch.vision.models.builders import WeightsEnum, builder, made
from scratch.vision.models.initial import he_weights
from scratch.vision.models.mobilenetv2 import _make_divisible
from scratch.vision.ops.misc import Conv2dNormActivation, SqueezeExcitation

__all__ = [
    "MobileNetV3", "MobileNet_V3_Large_Weights",
    "MobileNet_V3_Small_Weights", "mobilenet_v3_large", "mobilenet_v3_small",
]  # fmt: skip


class MobileNet_V3_Large_Weights(WeightsEnum):
    """Trained on ImageNet; the second time longer, with more tricks."""

    IMAGENET1K_V1 = "mobilenet_v3_large-8738ca79.pth"
    IMAGENET1K_V2 = "mobilenet_v3_large-5c1a4163.pth"
    DEFAULT = IMAGENET1K_V2


class MobileNet_V3_Small_Weights(WeightsEnum):
    """Trained on ImageNet."""

    IMAGENET1K_V1 = "mobilenet_v3_small-047dcff4.pth"
    DEFAULT = IMAGENET1K_V1


class InvertedResidualConfig:
    """What one block is like: its channels before, within and after, its
    filter, whether it squeezes, "RE" (ReLU) or "HS" (hard swish)."""

    def __init__(
        self,
        input_channels: int,
        kernel: int,
        expanded_channels: int,
        out_channels: int,
        use_se: bool,
        activation: str,
        stride: int,
        dilation: int,
        width_mult: float,
    ):
        wide = partial(self.adjust_channels, width_mult=width_mult)
        self.input_channels = wide(input_channels)
        self.kernel = kernel
        self.expanded_channels = wide(expanded_channels)
        self.out_channels = wide(out_channels)
        self.use_se = use_se
        self.use_hs = activation == "HS"
        self.stride = stride
        self.dilation = dilation

    @staticmethod
    def adjust_channels(channels: int, width_mult: float) -> int:
        """width_mult times as many, to a multiple of 8"""
        return _make_divisible(channels * width_mult, 8)


HARD_SQUEEZE = partial(SqueezeExcitation, scale_activation=nn.Hardsigmoid)


class InvertedResidual(nn.Module):
    """To more channels by 1×1, a filter of each alone, each weighed by all,
    to few by 1×1; x is added where the shape stays.

    (N, input_channels, H, W) -> (N, out_channels, H/stride, W/stride)
    """

    def __init__(
        self,
        cnf: InvertedResidualConfig,
        norm_layer: Any,
        se_layer: Any = HARD_SQUEEZE,
    ):
        super().__init__()
        if not 1 <= cnf.stride <= 2:
            raise ValueError("illegal stride value")
        before, within = cnf.input_channels, cnf.expanded_channels
        self.use_res_connect = cnf.stride == 1 and before == cnf.out_channels
        active = nn.Hardswish if cnf.use_hs else nn.ReLU
        more: dict[str, Any] = {
            "norm_layer": norm_layer,
            "activation_layer": active,
        }
        layers: list[nn.Module] = []
        if within != before:
            layers.append(Conv2dNormActivation(before, within, 1, **more))
        layers.append(
            Conv2dNormActivation(
                within, within, cnf.kernel,
                stride=1 if cnf.dilation > 1 else cnf.stride,
                dilation=cnf.dilation, groups=within, **more,
            )
        )  # fmt: skip
        if cnf.use_se:
            layers.append(se_layer(within, _make_divisible(within // 4, 8)))
        more["activation_layer"] = None
        layers.append(Conv2dNormActivation(within, cnf.out_channels, 1, **more))
        self.block = nn.Sequential(*layers)
        self.out_channels = cnf.out_channels
        self._is_cn = cnf.stride > 1

    def forward(self, input: Tensor) -> Tensor:
        y = self.block(input)
        # torch: in place
        if self.use_res_connect:
            y += input
        return y


class MobileNetV3(nn.Module):
    """A convolution, inverted residuals, a convolution, the mean of each
    map, two linear layers.   x (N, 3, H, W) -> (N, num_classes)"""

    def __init__(
        self,
        inverted_residual_setting: list[InvertedResidualConfig],
        last_channel: int,
        num_classes: int = 1000,
        block: Any = None,
        norm_layer: Any = None,
        dropout: float = 0.2,
        **kwargs: Any,
    ):
        super().__init__()
        setting = inverted_residual_setting
        if not setting:
            raise ValueError(
                "The inverted_residual_setting should not be empty"
            )
        if not isinstance(setting, (list, tuple)) or not all(
            isinstance(s, InvertedResidualConfig) for s in setting
        ):
            raise TypeError(
                "The inverted_residual_setting should be "
                "List[InvertedResidualConfig]"
            )
        block = block or InvertedResidual
        norm = norm_layer or partial(nn.BatchNorm2d, eps=0.001, momentum=0.01)
        more: dict[str, Any] = {
            "norm_layer": norm,
            "activation_layer": nn.Hardswish,
        }
        first, last = setting[0].input_channels, setting[-1].out_channels
        self.features = nn.Sequential(
            Conv2dNormActivation(3, first, 3, stride=2, **more),
            *[block(cnf, norm) for cnf in setting],
            Conv2dNormActivation(last, 6 * last, 1, **more),
        )
        self.avgpool = nn.AdaptiveAvgPool2d(1)
        self.classifier = nn.Sequential(
            nn.Linear(6 * last, last_channel),
            nn.Hardswish(inplace=True),
            nn.Dropout(p=dropout, inplace=True),
            nn.Linear(last_channel, num_classes),
        )
        he_weights(self)

    def _forward_impl(self, x: Tensor) -> Tensor:
        return self.classifier(self.avgpool(self.features(x)).flatten(1))

    def forward(self, x: Tensor) -> Tensor:
        return self._forward_impl(x)


# Kernel, channels within and after, squeezed?, activation, stride. From the
# row on that is marked, a reduced tail halves and a dilated one spreads.
LARGE: list[tuple[int, int, int, bool, str, int]] = [
    (3, 16, 16, False, "RE", 1),
    (3, 64, 24, False, "RE", 2),
    (3, 72, 24, False, "RE", 1),
    (5, 72, 40, True, "RE", 2),
    (5, 120, 40, True, "RE", 1),
    (5, 120, 40, True, "RE", 1),
    (3, 240, 80, False, "HS", 2),
    (3, 200, 80, False, "HS", 1),
    (3, 184, 80, False, "HS", 1),
    (3, 184, 80, False, "HS", 1),
    (3, 480, 112, True, "HS", 1),
    (3, 672, 112, True, "HS", 1),
    (5, 672, 160, True, "HS", 2),  # from here
    (5, 960, 160, True, "HS", 1),
    (5, 960, 160, True, "HS", 1),
]
SMALL: list[tuple[int, int, int, bool, str, int]] = [
    (3, 16, 16, True, "RE", 2),
    (3, 72, 24, False, "RE", 2),
    (3, 88, 24, False, "RE", 1),
    (5, 96, 40, True, "HS", 2),
    (5, 240, 40, True, "HS", 1),
    (5, 240, 40, True, "HS", 1),
    (5, 120, 48, True, "HS", 1),
    (5, 144, 48, True, "HS", 1),
    (5, 288, 96, True, "HS", 2),  # from here
    (5, 576, 96, True, "HS", 1),
    (5, 576, 96, True, "HS", 1),
]


def setting_of(
    rows: list[tuple[int, int, int, bool, str, int]],
    width_mult: float = 1.0,
    reduced_tail: bool = False,
    dilated: bool = False,
    **kwargs: Any,
) -> list[InvertedResidualConfig]:
    """The blocks of a table, the tail's narrower or apart where wanted."""
    divider, spread = 1 + reduced_tail, 1 + dilated
    tail, before, found = len(rows) - 3, 16, []
    for i, (kernel, within, after, squeezed, active, stride) in enumerate(rows):
        if i >= tail:
            after //= divider
        if i > tail:
            within //= divider
        found.append(
            InvertedResidualConfig(
                before, kernel, within, after, squeezed, active, stride,
                spread if i >= tail else 1, width_mult,
            )
        )  # fmt: skip
        before = after
    return found


def mobile(rows: Any, last: int, weights: Any, more: dict) -> MobileNetV3:
    """The network of a table of blocks."""
    last //= 2 if more.get("reduced_tail") else 1
    wide = InvertedResidualConfig.adjust_channels(
        last, more.get("width_mult", 1.0)
    )
    return made(MobileNetV3, weights, more, setting_of(rows, **more), wide)


@builder(MobileNet_V3_Large_Weights)
def mobilenet_v3_large(
    *, weights: Any = None, progress: bool = True, **kwargs: Any
) -> MobileNetV3:
    """5,483,032 parameters for 1,000 classes"""
    return mobile(LARGE, 1280, weights, kwargs)


@builder(MobileNet_V3_Small_Weights)
def mobilenet_v3_small(
    *, weights: Any = None, progress: bool = True, **kwargs: Any
) -> MobileNetV3:
    """2,542,856 parameters for 1,000 classes"""
    return mobile(SMALL, 1024, weights, kwargs)
