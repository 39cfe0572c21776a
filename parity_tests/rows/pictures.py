"""Rows: transforms of pictures against torchvision's v2."""

from __future__ import annotations

from typing import Any

import numpy as np
import torchvision.transforms.v2 as theirs
from PIL import Image

import scratch
import scratch.vision.transforms as ours

from ..registry import outcome, pick


def space(lib: Any) -> Any:
    return ours if lib is scratch else theirs


def jitter(rng: Any) -> tuple:
    return tuple(float(v) for v in (*(rng.random(3) / 2), rng.random() / 2))


ARGUMENTS: dict[str, Any] = {
    "Resize": lambda rng: ([int(k) for k in rng.integers(2, 9, 2)],),
    "CenterCrop": lambda rng: (int(rng.integers(2, 9)),),
    "Pad": lambda rng: (pick(rng, 1, [2, 1], [1, 0, 2, 1]), 0,
                        pick(rng, "constant", "edge", "reflect",
                             "symmetric")),
    "RandomCrop": lambda rng: (int(rng.integers(2, 6)), 1),
    "RandomHorizontalFlip": lambda rng: (float(rng.random()),),
    "RandomVerticalFlip": lambda rng: (float(rng.random()),),
    "RandomResizedCrop": lambda rng: (int(rng.integers(2, 7)),),
    "ColorJitter": jitter,
    "Grayscale": lambda rng: (int(pick(rng, 1, 3)),),
    "Normalize": lambda rng: ([0.4, 0.5, 0.6], [0.2, 0.3, 0.4]),
}


@outcome(*[f"vision.transforms.{name}" for name in ARGUMENTS], examples=24)
def of_tensors(lib: Any, rng: Any, dtype: Any, name: str) -> Any:
    word = name.rsplit(".", 1)[1]
    args = ARGUMENTS[word](rng)
    x = lib.from_numpy(rng.random((3, 6, 7))).to(dtype)
    return [getattr(space(lib), word)(*args)(x), lib.rand(2)]


@outcome("vision.transforms.Compose", "vision.transforms.Lambda",
         "vision.transforms.RandomApply", examples=12)
def of_transforms(lib: Any, rng: Any, dtype: Any, name: str) -> Any:
    here = space(lib)
    x = lib.from_numpy(rng.random((3, 6, 7))).to(dtype)
    double, crop = here.Lambda(lambda t: t * 2), here.RandomCrop(4)
    made = {"Compose": lambda: here.Compose([double, crop]),
            "Lambda": lambda: double,
            "RandomApply": lambda: here.RandomApply([double, crop], 0.5)}
    return [made[name.rsplit(".", 1)[1]]()(x), lib.rand(2)]


@outcome("vision.transforms.ToDtype", "vision.transforms.ConvertImageDtype",
         examples=12)
def of_dtypes(lib: Any, rng: Any, dtype: Any, name: str) -> Any:
    here, scale = space(lib), bool(rng.integers(2))
    x = lib.from_numpy(rng.integers(0, 256, (3, 4, 5)).astype(np.uint8))
    if name.endswith("ToDtype"):
        return here.ToDtype(dtype, scale)(x)
    return here.ConvertImageDtype(dtype)(x)


@outcome("vision.transforms.ToTensor", "vision.transforms.PILToTensor",
         "vision.transforms.ToImage", "vision.transforms.ToPILImage",
         exact=True, examples=12)
def of_files(lib: Any, rng: Any, dtype: Any, name: str) -> Any:
    here = space(lib)
    a = rng.integers(0, 256, pick(rng, (4, 5, 3), (4, 5))).astype(np.uint8)
    if name.endswith("ToPILImage"):
        wide = a.transpose(2, 0, 1) if a.ndim == 3 else a[None]
        x = lib.from_numpy(np.ascontiguousarray(wide))
        return np.asarray(here.ToPILImage()(x))
    y = getattr(here, name.rsplit(".", 1)[1])()(Image.fromarray(a))
    return np.asarray(y)
