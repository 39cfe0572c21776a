"""What every data set of pictures shares: its transforms and how it prints."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from scratch.utils.data.dataset import Dataset

Transform = Callable[[Any], Any] | None


class VisionDataset(Dataset):
    """A data set of (picture, target), each with a transform of its own.

    A picture reaches a transform of ours as an array (H, W) or (H, W, C), any
    other function as Pillow's image, where Pillow is there.
    """

    def __init__(
        self,
        root: str | Path | None = None,
        transforms: Callable | None = None,
        transform: Transform = None,
        target_transform: Transform = None,
    ):
        separate = transform is not None or target_transform is not None
        if transforms is not None and separate:
            raise ValueError(
                "Only transforms or transform/target_transform can be passed "
                "as argument"
            )
        self.root = os.path.expanduser(root) if type(root) is str else root
        self.transform = transform
        self.target_transform = target_transform
        if separate:
            transforms = StandardTransform(transform, target_transform)
        self.transforms = transforms

    def __getitem__(self, index: int) -> Any:
        raise NotImplementedError

    def __len__(self) -> int:
        raise NotImplementedError

    def transformed(self, pixels: np.ndarray, target: Any) -> tuple[Any, Any]:
        """A sample as it leaves the data set."""
        if self.transform is None:
            shown = picture(pixels)
        elif getattr(self.transform, "takes_arrays", False):
            shown = self.transform(pixels)
        else:
            shown = self.transform(picture(pixels))
        if self.target_transform is not None:
            target = self.target_transform(target)
        return shown, target

    def extra_repr(self) -> str:
        """One more line about a subclass."""
        return ""

    def __repr__(self) -> str:
        body = [f"Number of datapoints: {len(self)}"]
        if self.root is not None:
            body.append(f"Root location: {self.root}")
        body += self.extra_repr().splitlines()
        if self.transforms is not None:
            body.append(repr(self.transforms))
        head = f"Dataset {type(self).__name__}"
        return "\n".join([head, *("    " + line for line in body)])


class StandardTransform:
    """One function for the picture, one for the target."""

    def __init__(
        self, transform: Transform = None, target_transform: Transform = None
    ):
        self.transform, self.target_transform = transform, target_transform

    def __call__(self, input: Any, target: Any) -> tuple[Any, Any]:
        if self.transform is not None:
            input = self.transform(input)
        if self.target_transform is not None:
            target = self.target_transform(target)
        return input, target

    def __repr__(self) -> str:
        lines = [type(self).__name__]
        for head, function in (
            ("Transform: ", self.transform),
            ("Target transform: ", self.target_transform),
        ):
            if function is not None:
                text = repr(function).replace("\n", "\n" + " " * len(head))
                lines.append(head + text)
        return "\n".join(lines)


def picture(pixels: np.ndarray) -> Any:
    """Pillow's image of an array, or the array where Pillow is not there."""
    try:
        from PIL import Image
    except ImportError:
        return pixels
    return Image.fromarray(pixels)
