"""Every network has the published number of parameters."""

import pytest
import torch
from torch import nn
from torch.utils.flop_counter import FlopCounterMode

from torchref.datasets import example_shape
from torchref.networks import INITIALISATIONS, NETWORKS
from torchref.networks.resnet import resnet
from torchref.networks.vgg import vgg11
from torchref.recipes import RECIPES, toy
from torchref.summary import layers, training_flops

# (parameters, tensors), by the table of networks.md
PUBLISHED = {
    "linear_regression": (3, 2),
    "polynomial": (4, 1),
    "weight_decay": (201, 2),
    "house_price": (332, 2),
    "edge_kernel": (2, 1),
    "softmax_regression": (7_850, 2),
    "mlp": (203_530, 4),
    "dropout_mlp": (269_322, 6),
    "lenet": (61_706, 10),
    "lenet_relu": (61_706, 10),
    "lenet_bn": (44_878, 18),
    "alexnet": (46_764_746, 16),
    "vgg11": (128_806_154, 22),
    "vgg11_quarter": (43_093_322, 22),
    "nin": (1_992_166, 24),
    "googlenet": (5_977_530, 116),
    "resnet18": (11_178_378, 76),
    "resnet18_small": (11_176_970, 76),
    "densenet": (758_226, 84),
    "cifar_cnn": (173_742, 8),
}


def made(name: str) -> nn.Module:
    """The recipe's network without memory for its weights."""
    recipe = RECIPES[name]
    with torch.device("meta"):
        return NETWORKS[recipe.network](**recipe.sizes)


@pytest.mark.parametrize("name", PUBLISHED)
def test_parameters_are_as_many_as_published(name: str) -> None:
    found = [p.numel() for p in made(name).parameters()]
    assert (sum(found), len(found)) == PUBLISHED[name]


@pytest.mark.parametrize("name", RECIPES)
def test_a_network_takes_its_data(name: str) -> None:
    recipe = RECIPES[name]
    x = torch.zeros(2, *example_shape(recipe), device="meta")
    y = made(name).eval()(x)
    assert len(y) == 2
    if recipe.loss == "cross_entropy":
        assert y.shape == (2, 10)


# torch counts the gradient of a grouped convolution as if it had one group
@pytest.mark.parametrize("name", [n for n in RECIPES if n != "light"])
def test_operations_are_as_many_as_torch_counts(name: str) -> None:
    net, shape = made(name).train(), example_shape(RECIPES[name])
    with FlopCounterMode(display=False) as counter:
        net(torch.zeros(3, *shape, device="meta")).sum().backward()
    found = layers(net, shape)
    assert counter.get_total_flops() == 3 * training_flops(found)


def test_operations_of_a_grouped_convolution_are_counted() -> None:
    net = made("light").eval()
    with FlopCounterMode(display=False) as counter, torch.no_grad():
        net(torch.zeros(3, 1, 28, 28, device="meta"))
    found = layers(net, (1, 28, 28))
    assert counter.get_total_flops() == 3 * sum(x.flops for x in found)


@pytest.mark.parametrize("depths", [(1,), (3, 4, 6, 3), (2, 2, 2, 2, 2)])
@pytest.mark.parametrize("small", [True, False])
def test_a_resnet_has_any_depth(depths: tuple[int, ...], small: bool) -> None:
    with torch.device("meta"):
        net = resnet(depths, small=small).eval()
    convolutions = [m for m in net.modules() if isinstance(m, nn.Conv2d)]
    shortcuts = len(depths) - 1
    assert len(convolutions) == 1 + 2 * sum(depths) + shortcuts
    assert net(torch.zeros(2, 1, 64, 64, device="meta")).shape == (2, 10)


@pytest.mark.parametrize("ratio", [1, 2, 4, 8, 64])
def test_a_vgg_has_any_ratio(ratio: int) -> None:
    with torch.device("meta"):
        net = vgg11(ratio)
    first = next(m for m in net.modules() if isinstance(m, nn.Conv2d))
    assert first.out_channels == 64 // ratio


@pytest.mark.parametrize("name", [n for n in RECIPES if n != "house_price"])
def test_the_seed_alone_decides_the_weights(name: str) -> None:
    recipe = toy(RECIPES[name])
    states = []
    for _ in range(2):
        torch.manual_seed(3)
        net = NETWORKS[recipe.network](**recipe.sizes)
        net.apply(INITIALISATIONS[recipe.initialisation])
        states.append(net.state_dict())
        torch.rand(7)
    assert all(torch.equal(a, states[1][k]) for k, a in states[0].items())


def test_a_glorot_start_has_its_variance() -> None:
    layer = nn.Linear(300, 500)
    bias = layer.bias.clone()
    INITIALISATIONS["xavier"](layer)
    assert layer.weight.abs().max() <= (6 / 800) ** 0.5
    assert abs(layer.weight.var() * 400 - 1) < 0.05
    assert torch.equal(layer.bias, bias)
