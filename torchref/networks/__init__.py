"""Every network by its name; the two sides differ in import lines."""

from torchref.networks.alexnet import alexnet
from torchref.networks.cifar import cifar_cnn
from torchref.networks.densenet import densenet
from torchref.networks.edge import edge_kernel
from torchref.networks.googlenet import googlenet
from torchref.networks.initialisation import INITIALISATIONS
from torchref.networks.lenet import lenet, lenet_bn, lenet_relu
from torchref.networks.light import light
from torchref.networks.linear import (
    house_price,
    linear_regression,
    polynomial_regression,
    softmax_regression,
)
from torchref.networks.mlp import dropout_mlp, mlp
from torchref.networks.nin import nin
from torchref.networks.resnet import resnet18, resnet18_small, resnet34
from torchref.networks.vgg import vgg11, vgg11_quarter

NETWORKS = {
    "linear_regression": linear_regression,
    "polynomial_regression": polynomial_regression,
    "house_price": house_price,
    "softmax_regression": softmax_regression,
    "mlp": mlp,
    "dropout_mlp": dropout_mlp,
    "edge_kernel": edge_kernel,
    "lenet": lenet,
    "lenet_relu": lenet_relu,
    "lenet_bn": lenet_bn,
    "alexnet": alexnet,
    "vgg11": vgg11,
    "vgg11_quarter": vgg11_quarter,
    "nin": nin,
    "googlenet": googlenet,
    "resnet18": resnet18,
    "resnet18_small": resnet18_small,
    "resnet34": resnet34,
    "densenet": densenet,
    "cifar_cnn": cifar_cnn,
    "light": light,
}

__all__ = ["INITIALISATIONS", "NETWORKS"]
