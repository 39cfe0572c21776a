"""Networks under torchvision's names, which read its files of weights."""

from .resnet import (
    BasicBlock,
    ResNet,
    ResNet18_Weights,
    ResNet34_Weights,
    resnet18,
    resnet34,
)
