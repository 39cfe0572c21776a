"""Gradients of whole networks in float32: as near to float64 as torch's."""

from typing import Any

import numpy as np
import pytest
import torch

import scratch
from parity_tests.networks32 import batches, compare
from scratch import networks as ours
from torchref import networks as theirs

# small forms: name, arguments, the side of the pictures
SMALL: dict[str, tuple[str, dict[str, Any], int]] = {
    "lenet": ("lenet", {}, 28),
    "lenet_relu": ("lenet_relu", {}, 28),
    "vgg11": ("vgg11", {"ratio": 8, "side": 32, "hidden": 64}, 32),
    "nin": ("nin", {}, 96),
    "googlenet": ("googlenet", {}, 32),
    "resnet18": ("resnet18", {}, 96),
}


@pytest.mark.parametrize("name", SMALL)
def test_gradients_are_as_near_to_float64_as_torchs(name: str) -> None:
    made, arguments, side = SMALL[name]
    scratch.manual_seed(0)
    mine = ours.NETWORKS[made](**arguments)
    torch.manual_seed(0)
    torchs = theirs.NETWORKS[made](**arguments)
    data = [(resized(x, side), y) for x, y in batches("lenet", 3)]
    found = compare(mine, torchs, data)
    assert np.median(found[:, 0] / found[:, 1]) <= 2


def resized(x: np.ndarray, side: int) -> np.ndarray:
    return torch.nn.functional.interpolate(
        torch.from_numpy(x), (side, side), mode="bilinear").numpy()
