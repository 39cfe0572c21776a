"""Pictures: data sets and transforms, named as torchvision names them."""

from scratch.vision import datasets, transforms
