"""Fine-tuning: a body copied, a new head, rates by group, frozen layers."""

from pathlib import Path

import pytest
import torch
from torch import nn

from torchref import data, finetuning
from torchref.networks import NETWORKS


def pair(name: str) -> tuple[nn.Module, nn.Module]:
    torch.manual_seed(0)
    return NETWORKS[name](classes=5), NETWORKS[name](classes=3)


@pytest.mark.parametrize("name", ["mlp", "lenet_bn", "light", "resnet18"])
def test_a_body_is_copied_and_the_head_is_not(name: str) -> None:
    trained, net = pair(name)
    head, layer = finetuning.head_of(net)
    before = layer.weight.clone()
    finetuning.transfer(trained, net)
    theirs = trained.state_dict()
    for key, value in net.state_dict().items():
        if not key.startswith(f"{head}."):
            assert torch.equal(value, theirs[key])
    assert torch.equal(layer.weight, before)
    assert layer.out_features == 3


def test_bodies_that_differ_are_refused() -> None:
    with pytest.raises(ValueError, match="bodies differ"):
        finetuning.transfer(NETWORKS["mlp"](), NETWORKS["dropout_mlp"]())
    with pytest.raises(ValueError, match="no linear layer"):
        finetuning.head_of(NETWORKS["nin"]())


def test_the_body_learns_slower_and_what_is_frozen_not_at_all() -> None:
    _, net = pair("lenet_relu")
    groups = finetuning.groups(net, 0.1, 0.01, frozen=["0"])
    assert [group["lr"] for group in groups] == pytest.approx([0.001, 0.1])
    assert [len(group["params"]) for group in groups] == [6, 2]
    frozen = net[0].weight.clone()
    images = finetuning.only(data.sample(True), (1, 4, 6), few=4)
    finetuning.tune(net, groups, images, epochs=2, batch=5)
    assert torch.equal(net[0].weight, frozen)
    assert net[0].weight.grad is None


def test_classes_are_numbered_anew() -> None:
    images = data.sample(True)
    part = finetuning.only(images, (7, 2), few=3)
    assert part.labels.tolist() == [0, 0, 0, 1, 1, 1]
    first = images.pixels[(images.labels == 7).nonzero()[0]]
    assert torch.equal(part.pixels[:1], first)
    assert len(images) == len(images.labels) > 6


def test_weights_of_torchvision_are_read_from_a_file(tmp_path: Path) -> None:
    from torchvision import models

    torch.manual_seed(1)
    body = models.resnet18()
    torch.save(body.state_dict(), tmp_path / "resnet18.pth")
    net = finetuning.pretrained(2, tmp_path / "resnet18.pth")
    assert sum(p.numel() for p in net.parameters()) == 11_177_538
    assert torch.equal(net.layer4[1].conv2.weight, body.layer4[1].conv2.weight)
    with pytest.raises(FileNotFoundError):
        finetuning.pretrained(2, tmp_path / "none.pth")
