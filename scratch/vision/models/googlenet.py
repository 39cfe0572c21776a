"""torchvision's GoogLeNet (Szegedy et al., 2014), parameter by parameter."""

from __future__ import annotations

import warnings
from collections import namedtuple
from typing import Any

from scratch import nn
from scratch.ops.combine import cat
from scratch.tensor import Tensor
from scratch.vision.models.builders import WeightsEnum, builder, made
from scratch.vision.models.initial import truncated_weights

__all__ = [
    "GoogLeNet", "GoogLeNetOutputs", "GoogLeNet_Weights",
    "_GoogLeNetOutputs", "googlenet",
]  # fmt: skip

# What training gives: the logits of the end and of the two heads before it.
GoogLeNetOutputs = namedtuple(
    "GoogLeNetOutputs", ["logits", "aux_logits2", "aux_logits1"]
)
GoogLeNetOutputs.__annotations__ = {
    "logits": Tensor,
    "aux_logits2": Tensor | None,
    "aux_logits1": Tensor | None,
}
_GoogLeNetOutputs = GoogLeNetOutputs


class GoogLeNet_Weights(WeightsEnum):
    """Trained on ImageNet; what they expect: transform_input."""

    IMAGENET1K_V1 = "googlenet-1378be20.pth"
    DEFAULT = IMAGENET1K_V1


class BasicConv2d(nn.Module):
    """relu(norm(convolution without bias))"""

    def __init__(self, in_channels: int, out_channels: int, **kwargs: Any):
        super().__init__()
        self.conv = nn.Conv2d(in_channels, out_channels, bias=False, **kwargs)
        self.bn = nn.BatchNorm2d(out_channels, eps=0.001)

    def forward(self, x: Tensor) -> Tensor:
        return nn.functional.relu(self.bn(self.conv(x)), inplace=True)


class Inception(nn.Module):
    """Four ways side by side: 1×1; 1×1, 3×3; 1×1, 3×3; a pool, 1×1.

    (N, in_channels, H, W) -> (N, ch1x1 + ch3x3 + ch5x5 + pool_proj, H, W)
    """

    def __init__(
        self,
        in_channels: int,
        ch1x1: int,
        ch3x3red: int,
        ch3x3: int,
        ch5x5red: int,
        ch5x5: int,
        pool_proj: int,
        conv_block: Any = None,
    ):
        super().__init__()
        conv = conv_block or BasicConv2d
        self.branch1 = conv(in_channels, ch1x1, kernel_size=1)
        self.branch2 = nn.Sequential(
            conv(in_channels, ch3x3red, kernel_size=1),
            conv(ch3x3red, ch3x3, kernel_size=3, padding=1),
        )
        # torch: 3×3 where the paper has 5×5
        self.branch3 = nn.Sequential(
            conv(in_channels, ch5x5red, kernel_size=1),
            conv(ch5x5red, ch5x5, kernel_size=3, padding=1),
        )
        self.branch4 = nn.Sequential(
            nn.MaxPool2d(3, stride=1, padding=1, ceil_mode=True),
            conv(in_channels, pool_proj, kernel_size=1),
        )

    def forward(self, x: Tensor) -> Tensor:
        ways = (self.branch1, self.branch2, self.branch3, self.branch4)
        return cat([way(x) for way in ways], 1)


class InceptionAux(nn.Module):
    """A head in the middle of the network, so that its loss is near.

    (N, in_channels, H, W) -> (N, num_classes)
    """

    def __init__(
        self,
        in_channels: int,
        num_classes: int,
        conv_block: Any = None,
        dropout: float = 0.7,
    ):
        super().__init__()
        conv = conv_block or BasicConv2d
        self.conv = conv(in_channels, 128, kernel_size=1)
        self.fc1 = nn.Linear(2048, 1024)
        self.fc2 = nn.Linear(1024, num_classes)
        self.dropout = nn.Dropout(p=dropout)

    def forward(self, x: Tensor) -> Tensor:
        x = nn.functional.adaptive_avg_pool2d(x, (4, 4))
        x = self.fc1(self.conv(x).flatten(1))
        x = nn.functional.relu(x, inplace=True)
        return self.fc2(self.dropout(x))


def renormalized(x: Tensor) -> Tensor:
    """Pictures that were normalised channel by channel (torchvision's way)
    as Google's networks want them: (picture - 0.5) / 0.5"""
    means, stds = (0.485, 0.456, 0.406), (0.229, 0.224, 0.225)
    channels = [
        x[:, i : i + 1] * (std / 0.5) + (mean - 0.5) / 0.5
        for i, (mean, std) in enumerate(zip(means, stds))
    ]
    return cat(channels, 1)


def start(net: nn.Module, name: str, wanted: bool | None, std: float) -> None:
    """Truncated normal weights, unless they are not wanted."""
    if wanted is None:
        warnings.warn(
            f"The default weight initialization of {name} will be changed in "
            "future releases of torchvision. If you wish to keep the old "
            "behavior (which leads to long initialization times due to "
            "scipy/scipy#11299), please set init_weights=True.",
            FutureWarning,
            stacklevel=3,
        )
    if wanted is None or wanted:
        truncated_weights(net, std)


class GoogLeNet(nn.Module):
    """Nine inceptions between pools, the mean of each map, a linear layer;
    in training also two heads on the way.

    x (N, 3, H, W) -> (N, num_classes), H and W at least 15
    """

    __constants__ = ["aux_logits", "transform_input"]

    def __init__(
        self,
        num_classes: int = 1000,
        aux_logits: bool = True,
        transform_input: bool = False,
        init_weights: bool | None = None,
        blocks: list[Any] | None = None,
        dropout: float = 0.2,
        dropout_aux: float = 0.7,
    ):
        super().__init__()
        blocks = blocks or [BasicConv2d, Inception, InceptionAux]
        if len(blocks) != 3:
            raise ValueError(
                f"blocks length should be 3 instead of {len(blocks)}"
            )
        conv, inception, head = blocks
        self.aux_logits = aux_logits
        self.transform_input = transform_input
        self.conv1 = conv(3, 64, kernel_size=7, stride=2, padding=3)
        self.maxpool1 = nn.MaxPool2d(3, stride=2, ceil_mode=True)
        self.conv2 = conv(64, 64, kernel_size=1)
        self.conv3 = conv(64, 192, kernel_size=3, padding=1)
        self.maxpool2 = nn.MaxPool2d(3, stride=2, ceil_mode=True)
        self.inception3a = inception(192, 64, 96, 128, 16, 32, 32)
        self.inception3b = inception(256, 128, 128, 192, 32, 96, 64)
        self.maxpool3 = nn.MaxPool2d(3, stride=2, ceil_mode=True)
        self.inception4a = inception(480, 192, 96, 208, 16, 48, 64)
        self.inception4b = inception(512, 160, 112, 224, 24, 64, 64)
        self.inception4c = inception(512, 128, 128, 256, 24, 64, 64)
        self.inception4d = inception(512, 112, 144, 288, 32, 64, 64)
        self.inception4e = inception(528, 256, 160, 320, 32, 128, 128)
        self.maxpool4 = nn.MaxPool2d(2, stride=2, ceil_mode=True)
        self.inception5a = inception(832, 256, 160, 320, 32, 128, 128)
        self.inception5b = inception(832, 384, 192, 384, 48, 128, 128)
        self.aux1 = self.aux2 = None
        if aux_logits:
            self.aux1 = head(512, num_classes, dropout=dropout_aux)
            self.aux2 = head(528, num_classes, dropout=dropout_aux)
        self.avgpool = nn.AdaptiveAvgPool2d((1, 1))
        self.dropout = nn.Dropout(p=dropout)
        self.fc = nn.Linear(1024, num_classes)
        start(self, "GoogleNet", init_weights, 0.01)

    def forward(self, x: Tensor) -> Any:
        if self.transform_input:
            x = renormalized(x)
        x = self.conv2(self.maxpool1(self.conv1(x)))
        x = self.maxpool2(self.conv3(x))
        x = self.maxpool3(self.inception3b(self.inception3a(x)))
        x = self.inception4a(x)
        near = self._head(self.aux1, x)
        x = self.inception4d(self.inception4c(self.inception4b(x)))
        far = self._head(self.aux2, x)
        x = self.maxpool4(self.inception4e(x))
        x = self.avgpool(self.inception5b(self.inception5a(x)))
        x = self.fc(self.dropout(x.flatten(1)))
        if self.training and self.aux_logits:
            return GoogLeNetOutputs(x, far, near)
        return x

    def _head(self, head: Any, x: Tensor) -> Tensor | None:
        """A head's logits while training."""
        return head(x) if self.training and head is not None else None


@builder(GoogLeNet_Weights)
def googlenet(
    *, weights: Any = None, progress: bool = True, **kwargs: Any
) -> GoogLeNet:
    """13,004,888 parameters for 1,000 classes, half of them in two heads

    With weights the heads are left out unless aux_logits=True: they are not
    trained.
    """
    if weights is None:
        return made(GoogLeNet, None, kwargs)
    heads = kwargs.get("aux_logits", False)
    kwargs.setdefault("transform_input", True)
    net = made(GoogLeNet, weights, kwargs, aux_logits=True, init_weights=False)
    if heads:
        warnings.warn(
            "auxiliary heads in the pretrained googlenet model are NOT "
            "pretrained, so make sure to train them",
            stacklevel=3,
        )
    else:
        net.aux_logits, net.aux1, net.aux2 = False, None, None
    return net
