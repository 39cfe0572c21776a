"""Transforms of pictures, equal to torchvision's v2 on tensors."""

from scratch.vision.transforms import functional, v2
from scratch.vision.transforms.v2 import *  # noqa: F403
