"""Every network by its name; the two sides differ in import lines."""

from scratch.networks.alexnet import alexnet
from scratch.networks.cifar import cifar_cnn
from scratch.networks.densenet import densenet
from scratch.networks.edge import edge_kernel
from scratch.networks.googlenet import googlenet
from scratch.networks.initialisation import INITIALISATIONS
from scratch.networks.lenet import lenet, lenet_bn, lenet_relu
from scratch.networks.light import light
from scratch.networks.linear import (
    house_price,
    linear_regression,
    polynomial_regression,
    softmax_regression,
)
from scratch.networks.mlp import dropout_mlp, mlp
from scratch.networks.nin import nin
from scratch.networks.resnet import resnet18, resnet18_small, resnet34
from scratch.networks.vgg import vgg11, vgg11_quarter

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
