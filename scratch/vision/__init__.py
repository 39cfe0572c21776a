"""Pictures: data sets, transforms and boxes, named as torchvision does."""

from scratch.vision import datasets, models, ops, transforms, utils
