"""The same seed gives the same run, to the bit where nothing is summed."""

import pytest

from parity_tests.seeds import NETWORKS, apart, pair, same_masks, unequal
from parity_tests.trainings import images


@pytest.mark.parametrize("name", NETWORKS)
def test_a_seed_gives_the_run_of_torch(name: str) -> None:
    mine, torchs = pair(name, 3, 6, "float64", images(False))
    assert unequal(mine, torchs) == []
    assert same_masks(mine, torchs)
    assert len(mine.masks) == (12 if name == "dropout_mlp" else 0)
    assert apart(mine, torchs).max() <= 1e-10


def test_another_seed_gives_another_run() -> None:
    data = images(False)
    one, _ = pair("lenet", 1, 2, "float64", data)
    _, two = pair("lenet", 2, 2, "float64", data)
    assert set(unequal(one, two)) == {"start", "batches", "pictures", "state"}
