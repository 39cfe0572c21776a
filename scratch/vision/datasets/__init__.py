"""Data sets of pictures, read from local files in their original formats."""

from scratch.vision.datasets.cifar import CIFAR10, CIFAR100
from scratch.vision.datasets.fakedata import FakeData
from scratch.vision.datasets.folder import DatasetFolder, ImageFolder
from scratch.vision.datasets.mnist import MNIST, FashionMNIST
from scratch.vision.datasets.vision import VisionDataset
