"""torchvision's Inception v3 (Szegedy et al., 2015), parameter by parameter."""

from __future__ import annotations

from collections import namedtuple
from typing import Any

from scratch import nn
from scratch.ops.combine import cat
from scratch.tensor import Tensor
from scratch.vision.models.builders import WeightsEnum, builder, made
from scratch.vision.models.googlenet import BasicConv2d, renormalized, start

__all__ = [
    "Inception3", "InceptionOutputs", "Inception_V3_Weights",
    "_InceptionOutputs", "inception_v3",
]  # fmt: skip

F = nn.functional

# What training gives: the logits of the end and of the head before it.
InceptionOutputs = namedtuple("InceptionOutputs", ["logits", "aux_logits"])
InceptionOutputs.__annotations__ = {
    "logits": Tensor,
    "aux_logits": Tensor | None,
}
_InceptionOutputs = InceptionOutputs


class Inception_V3_Weights(WeightsEnum):
    """Trained on ImageNet by Google; what they expect: transform_input."""

    IMAGENET1K_V1 = "inception_v3_google-0cc3c7bd.pth"
    DEFAULT = IMAGENET1K_V1


class InceptionA(nn.Module):
    """1×1; 1×1, 5×5; 1×1, 3×3, 3×3; a mean of 3×3, 1×1: side by side.

    (N, in_channels, H, W) -> (N, 224 + pool_features, H, W)
    """

    def __init__(
        self, in_channels: int, pool_features: int, conv_block: Any = None
    ):
        super().__init__()
        conv, before = conv_block or BasicConv2d, in_channels
        self.branch1x1 = conv(before, 64, kernel_size=1)
        self.branch5x5_1 = conv(before, 48, kernel_size=1)
        self.branch5x5_2 = conv(48, 64, kernel_size=5, padding=2)
        self.branch3x3dbl_1 = conv(before, 64, kernel_size=1)
        self.branch3x3dbl_2 = conv(64, 96, kernel_size=3, padding=1)
        self.branch3x3dbl_3 = conv(96, 96, kernel_size=3, padding=1)
        self.branch_pool = conv(before, pool_features, kernel_size=1)

    def forward(self, x: Tensor) -> Tensor:
        twice = self.branch3x3dbl_2(self.branch3x3dbl_1(x))
        pooled = F.avg_pool2d(x, kernel_size=3, stride=1, padding=1)
        ways = [
            self.branch1x1(x),
            self.branch5x5_2(self.branch5x5_1(x)),
            self.branch3x3dbl_3(twice),
            self.branch_pool(pooled),
        ]
        return cat(ways, 1)


class InceptionB(nn.Module):
    """3×3; 1×1, 3×3, 3×3; the greatest of 3×3: each halves the map.

    (N, in_channels, H, W) -> (N, 480 + in_channels, (H - 1)/2, (W - 1)/2)
    """

    def __init__(self, in_channels: int, conv_block: Any = None):
        super().__init__()
        conv = conv_block or BasicConv2d
        self.branch3x3 = conv(in_channels, 384, kernel_size=3, stride=2)
        self.branch3x3dbl_1 = conv(in_channels, 64, kernel_size=1)
        self.branch3x3dbl_2 = conv(64, 96, kernel_size=3, padding=1)
        self.branch3x3dbl_3 = conv(96, 96, kernel_size=3, stride=2)

    def forward(self, x: Tensor) -> Tensor:
        twice = self.branch3x3dbl_2(self.branch3x3dbl_1(x))
        ways = [
            self.branch3x3(x),
            self.branch3x3dbl_3(twice),
            F.max_pool2d(x, kernel_size=3, stride=2),
        ]
        return cat(ways, 1)


class InceptionC(nn.Module):
    """1×1; 7×7 as 1×7 and 7×1; the same twice; a mean of 3×3, 1×1.

    (N, in_channels, H, W) -> (N, 768, H, W), channels_7x7 within
    """

    def __init__(
        self, in_channels: int, channels_7x7: int, conv_block: Any = None
    ):
        super().__init__()
        conv = conv_block or BasicConv2d
        before, c7 = in_channels, channels_7x7
        row: dict[str, Any] = {"kernel_size": (1, 7), "padding": (0, 3)}
        column: dict[str, Any] = {"kernel_size": (7, 1), "padding": (3, 0)}
        self.branch1x1 = conv(before, 192, kernel_size=1)
        self.branch7x7_1 = conv(before, c7, kernel_size=1)
        self.branch7x7_2 = conv(c7, c7, **row)
        self.branch7x7_3 = conv(c7, 192, **column)
        self.branch7x7dbl_1 = conv(before, c7, kernel_size=1)
        self.branch7x7dbl_2 = conv(c7, c7, **column)
        self.branch7x7dbl_3 = conv(c7, c7, **row)
        self.branch7x7dbl_4 = conv(c7, c7, **column)
        self.branch7x7dbl_5 = conv(c7, 192, **row)
        self.branch_pool = conv(before, 192, kernel_size=1)

    def forward(self, x: Tensor) -> Tensor:
        once = self.branch7x7_3(self.branch7x7_2(self.branch7x7_1(x)))
        twice = self.branch7x7dbl_2(self.branch7x7dbl_1(x))
        twice = self.branch7x7dbl_4(self.branch7x7dbl_3(twice))
        pooled = F.avg_pool2d(x, kernel_size=3, stride=1, padding=1)
        ways = [
            self.branch1x1(x),
            once,
            self.branch7x7dbl_5(twice),
            self.branch_pool(pooled),
        ]
        return cat(ways, 1)


class InceptionD(nn.Module):
    """1×1, 3×3; 1×1, 7×7 in two steps, 3×3; the greatest of 3×3: each
    halves the map.

    (N, in_channels, H, W) -> (N, 512 + in_channels, (H - 1)/2, (W - 1)/2)
    """

    def __init__(self, in_channels: int, conv_block: Any = None):
        super().__init__()
        conv = conv_block or BasicConv2d
        self.branch3x3_1 = conv(in_channels, 192, kernel_size=1)
        self.branch3x3_2 = conv(192, 320, kernel_size=3, stride=2)
        self.branch7x7x3_1 = conv(in_channels, 192, kernel_size=1)
        self.branch7x7x3_2 = conv(192, 192, kernel_size=(1, 7), padding=(0, 3))
        self.branch7x7x3_3 = conv(192, 192, kernel_size=(7, 1), padding=(3, 0))
        self.branch7x7x3_4 = conv(192, 192, kernel_size=3, stride=2)

    def forward(self, x: Tensor) -> Tensor:
        seven = self.branch7x7x3_2(self.branch7x7x3_1(x))
        ways = [
            self.branch3x3_2(self.branch3x3_1(x)),
            self.branch7x7x3_4(self.branch7x7x3_3(seven)),
            F.max_pool2d(x, kernel_size=3, stride=2),
        ]
        return cat(ways, 1)


class InceptionE(nn.Module):
    """1×1; 1×1, then 1×3 beside 3×1; 1×1, 3×3, then these; a mean, 1×1.

    (N, in_channels, H, W) -> (N, 2048, H, W)
    """

    def __init__(self, in_channels: int, conv_block: Any = None):
        super().__init__()
        conv, before = conv_block or BasicConv2d, in_channels
        row: dict[str, Any] = {"kernel_size": (1, 3), "padding": (0, 1)}
        column: dict[str, Any] = {"kernel_size": (3, 1), "padding": (1, 0)}
        self.branch1x1 = conv(before, 320, kernel_size=1)
        self.branch3x3_1 = conv(before, 384, kernel_size=1)
        self.branch3x3_2a = conv(384, 384, **row)
        self.branch3x3_2b = conv(384, 384, **column)
        self.branch3x3dbl_1 = conv(before, 448, kernel_size=1)
        self.branch3x3dbl_2 = conv(448, 384, kernel_size=3, padding=1)
        self.branch3x3dbl_3a = conv(384, 384, **row)
        self.branch3x3dbl_3b = conv(384, 384, **column)
        self.branch_pool = conv(before, 192, kernel_size=1)

    def forward(self, x: Tensor) -> Tensor:
        once = self.branch3x3_1(x)
        twice = self.branch3x3dbl_2(self.branch3x3dbl_1(x))
        pooled = F.avg_pool2d(x, kernel_size=3, stride=1, padding=1)
        ways = [
            self.branch1x1(x),
            self.branch3x3_2a(once),
            self.branch3x3_2b(once),
            self.branch3x3dbl_3a(twice),
            self.branch3x3dbl_3b(twice),
            self.branch_pool(pooled),
        ]
        return cat(ways, 1)


class InceptionAux(nn.Module):
    """A head in the middle of the network, so that its loss is near.

    (N, in_channels, H, W) -> (N, num_classes), H and W at least 17
    """

    def __init__(
        self, in_channels: int, num_classes: int, conv_block: Any = None
    ):
        super().__init__()
        conv = conv_block or BasicConv2d
        self.conv0 = conv(in_channels, 128, kernel_size=1)
        self.conv1 = conv(128, 768, kernel_size=5)
        self.conv1.stddev = 0.01  # torch: read of convolutions, not of this
        self.fc = nn.Linear(768, num_classes)
        self.fc.stddev = 0.001

    def forward(self, x: Tensor) -> Tensor:
        x = F.avg_pool2d(x, kernel_size=5, stride=3)
        x = self.conv1(self.conv0(x))
        return self.fc(F.adaptive_avg_pool2d(x, (1, 1)).flatten(1))


class Inception3(nn.Module):
    """Convolutions, inceptions of five kinds, the mean of each map, a linear
    layer; in training also a head on the way.

    x (N, 3, H, W) -> (N, num_classes), H and W at least 75; made for 299
    """

    def __init__(
        self,
        num_classes: int = 1000,
        aux_logits: bool = True,
        transform_input: bool = False,
        inception_blocks: list[Any] | None = None,
        init_weights: bool | None = None,
        dropout: float = 0.5,
    ):
        super().__init__()
        blocks = inception_blocks or [
            BasicConv2d, InceptionA, InceptionB, InceptionC, InceptionD,
            InceptionE, InceptionAux,
        ]  # fmt: skip
        if len(blocks) != 7:
            raise ValueError(
                f"length of inception_blocks should be 7 instead of "
                f"{len(blocks)}"
            )
        conv, a, b, c, d, e, head = blocks
        self.aux_logits = aux_logits
        self.transform_input = transform_input
        self.Conv2d_1a_3x3 = conv(3, 32, kernel_size=3, stride=2)
        self.Conv2d_2a_3x3 = conv(32, 32, kernel_size=3)
        self.Conv2d_2b_3x3 = conv(32, 64, kernel_size=3, padding=1)
        self.maxpool1 = nn.MaxPool2d(kernel_size=3, stride=2)
        self.Conv2d_3b_1x1 = conv(64, 80, kernel_size=1)
        self.Conv2d_4a_3x3 = conv(80, 192, kernel_size=3)
        self.maxpool2 = nn.MaxPool2d(kernel_size=3, stride=2)
        self.Mixed_5b = a(192, pool_features=32)
        self.Mixed_5c = a(256, pool_features=64)
        self.Mixed_5d = a(288, pool_features=64)
        self.Mixed_6a = b(288)
        self.Mixed_6b = c(768, channels_7x7=128)
        self.Mixed_6c = c(768, channels_7x7=160)
        self.Mixed_6d = c(768, channels_7x7=160)
        self.Mixed_6e = c(768, channels_7x7=192)
        self.AuxLogits = head(768, num_classes) if aux_logits else None
        self.Mixed_7a = d(768)
        self.Mixed_7b = e(1280)
        self.Mixed_7c = e(2048)
        self.avgpool = nn.AdaptiveAvgPool2d((1, 1))
        self.dropout = nn.Dropout(p=dropout)
        self.fc = nn.Linear(2048, num_classes)
        start(self, "inception_v3", init_weights, 0.1)

    def forward(self, x: Tensor) -> Any:
        if self.transform_input:
            x = renormalized(x)
        x = self.Conv2d_2b_3x3(self.Conv2d_2a_3x3(self.Conv2d_1a_3x3(x)))
        x = self.Conv2d_3b_1x1(self.maxpool1(x))
        x = self.maxpool2(self.Conv2d_4a_3x3(x))
        x = self.Mixed_5d(self.Mixed_5c(self.Mixed_5b(x)))
        x = self.Mixed_6c(self.Mixed_6b(self.Mixed_6a(x)))
        x = self.Mixed_6e(self.Mixed_6d(x))
        head = self.AuxLogits if self.training else None
        aside = None if head is None else head(x)
        x = self.Mixed_7c(self.Mixed_7b(self.Mixed_7a(x)))
        x = self.fc(self.dropout(self.avgpool(x)).flatten(1))
        if self.training and self.aux_logits:
            return InceptionOutputs(x, aside)
        return x


@builder(Inception_V3_Weights)
def inception_v3(
    *, weights: Any = None, progress: bool = True, **kwargs: Any
) -> Inception3:
    """27,161,264 parameters for 1,000 classes, some of them in a head

    With weights aux_logits=False leaves the head out.
    """
    if weights is None:
        return made(Inception3, None, kwargs)
    head = kwargs.get("aux_logits", True)
    kwargs.setdefault("transform_input", True)
    net = made(Inception3, weights, kwargs, aux_logits=True, init_weights=False)
    if not head:
        net.aux_logits, net.AuxLogits = False, None
    return net
