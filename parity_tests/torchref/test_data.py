"""Batches made on the device are torchvision's."""

import gzip
from pathlib import Path

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torchvision.transforms import InterpolationMode
from torchvision.transforms import functional as V

from torchref import data, synthetic
from torchref.data import Images, read_idx, resize_weights
from torchref.datasets import load
from torchref.recipes import RECIPES, toy


def pictures(n: int, channels: int, height: int, width: int) -> torch.Tensor:
    shape = (n, channels, height, width)
    return torch.randint(0, 256, shape, dtype=torch.uint8)


def by_pillow(picture: torch.Tensor, side: int) -> torch.Tensor:
    """What torchvision's Resize makes of one PIL picture."""
    image = V.to_pil_image(picture)
    kind = InterpolationMode.BILINEAR
    return V.pil_to_tensor(V.resize(image, [side, side], kind))


@given(st.integers(1, 40), st.integers(1, 40), st.integers(1, 100))
def test_a_picture_is_resized_as_pillow_does(
    height: int, width: int, side: int
) -> None:
    pixels = pictures(1, 1, height, width)
    ours, _ = Images(pixels, torch.zeros(1).long(), side).batch(
        torch.tensor([0])
    )
    theirs = by_pillow(pixels[0], side)
    assert ours.shape == (1, 1, side, side)
    assert (ours[0] * 255 - theirs).abs().max() <= 1.001


@pytest.mark.parametrize("side", [56, 224])
def test_eightfold_pictures_equal_pillow_bit_for_bit(side: int) -> None:
    pixels = pictures(5, 1, 28, 28)
    ours, _ = Images(pixels, torch.zeros(5).long(), side).batch(torch.arange(5))
    theirs = torch.stack([by_pillow(p, side) for p in pixels])
    assert torch.equal((ours * 255).round().to(torch.uint8), theirs)


@given(st.integers(1, 50), st.integers(1, 50))
def test_weights_of_a_new_pixel_sum_to_one(before: int, after: int) -> None:
    weights = resize_weights(before, after)
    assert weights.shape == (after, before)
    assert weights.min() >= 0
    torch.testing.assert_close(weights.sum(1), torch.ones(after))


def test_pictures_as_they_are_equal_to_tensor() -> None:
    pixels = pictures(4, 3, 7, 7)
    rows = torch.tensor([2, 0, 2])
    x, labels = Images(pixels, torch.arange(4)).batch(rows)
    theirs = [V.to_tensor(V.to_pil_image(pixels[i])) for i in rows]
    assert torch.equal(x, torch.stack(theirs))
    assert labels.tolist() == [2, 0, 2]


def test_a_flip_turns_about_half_of_the_pictures() -> None:
    pixels = pictures(400, 1, 5, 5)
    images = Images(pixels, torch.zeros(400).long(), flip=True)
    images.draw(torch.Generator().manual_seed(1))
    x, _ = images.batch(torch.arange(400))
    same = (x * 255).round() == pixels
    turned = (x * 255).round() == pixels.flip(-1)
    same, turned = same.flatten(1).all(1), turned.flatten(1).all(1)
    assert (same | turned).all()
    assert 140 < turned.sum() < 260
    # whatever batch a picture comes in, until the next draw
    parts = torch.randperm(400).split(7)
    for rows in parts:
        assert torch.equal(images.batch(rows)[0], x[rows])
    images.draw(torch.Generator().manual_seed(2))
    assert not torch.equal(images.batch(torch.arange(400))[0], x)


@pytest.mark.parametrize("packed", [True, False])
def test_a_file_of_bytes_is_read(tmp_path: Path, packed: bool) -> None:
    raw = b"\0\0\x08\x02\0\0\0\x02\0\0\0\x03" + bytes(range(6))
    path = tmp_path / ("a.gz" if packed else "a")
    path.write_bytes(gzip.compress(raw) if packed else raw)
    assert read_idx(path).tolist() == [[0, 1, 2], [3, 4, 5]]


@pytest.mark.parametrize("cut", [0, 3, 5, 9, 17])
def test_a_broken_file_is_refused(tmp_path: Path, cut: int) -> None:
    raw = b"\0\0\x08\x02\0\0\0\x02\0\0\0\x03" + bytes(range(6))
    (tmp_path / "a").write_bytes(raw[:cut])
    with pytest.raises(ValueError, match="no file of bytes"):
        read_idx(tmp_path / "a")


def test_a_missing_file_says_where_it_was_sought(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(data, "folders", lambda: [tmp_path])
    with pytest.raises(FileNotFoundError, match="GRADTWIN_DATA"):
        data.find("train-images-idx3-ubyte")


def test_a_folder_of_ones_own_comes_first(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("GRADTWIN_DATA", str(tmp_path))
    (tmp_path / "some").write_bytes(b"")
    assert data.find("some") == tmp_path / "some"


def test_cifar_files_are_read(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    folder = tmp_path / "cifar-10-batches-bin"
    folder.mkdir()
    monkeypatch.setenv("GRADTWIN_DATA", str(tmp_path))
    rows = np.random.default_rng(0).integers(0, 256, (5, 3073), np.uint8)
    rows[:, 0] %= 10
    for i in range(5):
        (folder / f"data_batch_{i + 1}.bin").write_bytes(rows[i].tobytes())
    (folder / "test_batch.bin").write_bytes(rows.tobytes())
    train = data.cifar10(True)
    x, labels = train.batch(torch.arange(5))
    assert labels.tolist() == rows[:, 0].tolist()
    wanted = torch.from_numpy(rows[:, 1:].reshape(5, 3, 32, 32)) / 255
    torch.testing.assert_close(x, (wanted - 0.5) / 0.5)


def test_the_sample_is_there() -> None:
    train, test = data.sample(True), data.sample(False)
    assert train.pixels.shape[1:] == (1, 28, 28) == test.pixels.shape[1:]
    assert set(train.labels.tolist()) == set(range(10))


def test_made_up_data_follow_their_formula() -> None:
    table = synthetic.linear(True)
    fit = torch.linalg.lstsq(
        torch.cat([table.x, torch.ones(1000, 1)], 1), table.y
    ).solution.flatten()
    wanted = torch.tensor([2.0, -3.4, 4.2])
    torch.testing.assert_close(fit, wanted, atol=2e-3, rtol=0)
    curve = synthetic.polynomial(False, degree=20)
    weights = torch.zeros(20)
    weights[:4] = torch.tensor([5, 1.2, -3.4, 5.6])
    rest = curve.y.flatten() - curve.x @ weights
    assert 0.07 < rest.std() < 0.13
    edge = synthetic.edge(True)
    kernel = torch.tensor([[[[1.0, -1.0]]]])
    assert torch.equal(torch.conv2d(edge.x, kernel), edge.y)


def test_a_toy_recipe_has_the_batches_of_its_shape() -> None:
    for name in ("lenet", "alexnet", "resnet18_small"):
        recipe = toy(RECIPES[name])
        train, test = load(recipe)
        x, labels = train.batch(torch.arange(3))
        assert x.shape[-1] == recipe.resize or x.shape[-1] in (28, 32)
        assert len(train) == recipe.examples and len(test) and len(labels) == 3
