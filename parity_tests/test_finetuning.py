"""Fine-tuning on both sides: what it copies, freezes and gains."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from torchvision import models as torch_models

import scratch
from scratch import data, finetuning
from scratch.networks import NETWORKS
from scratch.recipes import RECIPES
from scratch.vision import models
from torchref import data as torch_data
from torchref import finetuning as torch_finetuning
from torchref.recipes import RECIPES as TORCH_RECIPES

SIDES = {
    "scratch": (finetuning, data, RECIPES),
    "torchref": (torch_finetuning, torch_data, TORCH_RECIPES),
}


def gains(side: str, seeds: range, epochs: int = 20) -> list[float]:
    """By how much fine-tuning is ahead, on the sample."""
    module, source, recipes = SIDES[side]
    chapter: Any = module
    recipe = chapter.finetuned(recipes["lenet_relu"])
    sample = source.sample(True), source.sample(False)
    found = [
        chapter.compare(replace(recipe, epochs=epochs), *sample, seed)
        for seed in seeds
    ]
    return [one.tuned - one.scratch for one in found]


@pytest.mark.parametrize("side", SIDES)
def test_fine_tuning_beats_training_from_nothing(side: str) -> None:
    found = gains(side, range(1), epochs=6)
    assert min(found) > 0, found


@pytest.mark.intense
@pytest.mark.parametrize("side", SIDES)
def test_it_does_so_over_five_seeds(side: str) -> None:
    found = gains(side, range(5))
    assert min(found) > 0, found


@pytest.mark.parametrize("name", ["mlp", "lenet_bn", "light"])
def test_a_body_is_copied_and_the_head_is_not(name: str) -> None:
    make: Any = NETWORKS[name]
    scratch.manual_seed(0)
    trained, net = make(classes=5), make(classes=3)
    head, layer = finetuning.head_of(net)
    before = layer.weight.clone()
    finetuning.transfer(trained, net)
    theirs = trained.state_dict()
    for key, value in net.state_dict().items():
        if not key.startswith(f"{head}."):
            assert scratch.equal(value, theirs[key])
    assert scratch.equal(layer.weight, before) and layer.out_features == 3


def test_bodies_that_differ_are_refused() -> None:
    make: Any = NETWORKS
    with pytest.raises(ValueError, match="bodies differ"):
        finetuning.transfer(make["mlp"](), make["dropout_mlp"]())
    with pytest.raises(ValueError, match="no linear layer"):
        finetuning.head_of(make["nin"]())


def test_the_body_learns_slower_and_what_is_frozen_not_at_all() -> None:
    make: Any = NETWORKS["lenet_relu"]
    net = make(classes=3)
    groups = finetuning.groups(net, 0.1, 0.01, frozen=["0"])
    assert [group["lr"] for group in groups] == pytest.approx([0.001, 0.1])
    assert [len(group["params"]) for group in groups] == [6, 2]
    frozen = net[0].weight.clone()
    images = finetuning.only(data.sample(True), (1, 4, 6), few=4)
    finetuning.tune(net, groups, images, epochs=2, batch=5)
    assert scratch.equal(net[0].weight, frozen)
    assert net[0].weight.grad is None


@pytest.mark.parametrize("name", ["resnet18", "resnet34"])
def test_torchvisions_resnet_is_the_same_network(name: str) -> None:
    pair = []
    for lib, source in ((scratch, models), (torch, torch_models)):
        lib.manual_seed(5)
        pair.append(getattr(source, name)(num_classes=4))
    ours, theirs = (net.state_dict() for net in pair)
    assert list(ours) == list(theirs) and repr(pair[0]) == repr(pair[1])
    for a, b in zip(ours.values(), theirs.values()):
        assert np.array_equal(a.numpy(), b.numpy())
    x = np.random.default_rng(0).standard_normal((2, 3, 40, 33))
    found = [
        net.double()(lib.from_numpy(x)).detach().numpy()
        for net, lib in zip(pair, (scratch, torch))
    ]
    np.testing.assert_allclose(*found, rtol=1e-9, atol=1e-12)


def test_weights_of_torchvision_are_read_on_both_sides(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    body = torch_models.resnet18()
    folder = tmp_path / "hub" / "checkpoints"
    folder.mkdir(parents=True)
    kind = models.ResNet18_Weights.DEFAULT.value
    assert torch_models.ResNet18_Weights.DEFAULT.url.endswith(kind)
    torch.save(body.state_dict(), folder / kind)
    states = []
    monkeypatch.setenv("TORCH_HOME", str(tmp_path))
    for lib, pretrained in (
        (scratch, finetuning.pretrained),
        (scratch, lambda n: finetuning.pretrained(n, folder / kind)),
        (torch, lambda n: torch_finetuning.pretrained(n, folder / kind)),
    ):
        lib.manual_seed(2)
        states.append(pretrained(2).state_dict())
    for found in states:
        assert sum(v.numel() for v in found.values()) == 11_187_158
        assert found["fc.weight"].shape == (2, 512)
        same = found["layer4.1.conv2.weight"].numpy()
        assert np.array_equal(same, body.layer4[1].conv2.weight.detach())
    monkeypatch.setenv("TORCH_HOME", str(tmp_path / "none"))
    with pytest.raises(FileNotFoundError, match="nothing is downloaded"):
        finetuning.pretrained(2)
    with pytest.raises(FileNotFoundError):
        finetuning.pretrained(2, tmp_path / "none.pth")
