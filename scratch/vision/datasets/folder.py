"""A folder of pictures: one subfolder a class."""

from __future__ import annotations

import io
import math
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

from scratch.vision.datasets.vision import Transform, VisionDataset
from scratch.vision.files import DEFLATE, refuse

IMG_EXTENSIONS = (
    ".jpg", ".jpeg", ".png", ".ppm", ".bmp", ".pgm", ".tif", ".tiff", ".webp",
)  # fmt: skip


def default_loader(path: str) -> Any:
    """The picture in a file, by Pillow, in colour."""
    try:
        from PIL import Image
    except ImportError:
        raise ImportError(
            f"reading {path} needs Pillow: pip install pillow"
        ) from None
    bomb = Image.DecompressionBombError, Image.DecompressionBombWarning
    # Whole in memory, a piece of 4 GB that a file declares is only read as
    # far as it is there.
    data = Path(path).read_bytes()
    try:
        with Image.open(io.BytesIO(data)) as image:
            room = DEFLATE * len(data)
            packed = image.format in ("PNG", "JPEG", "BMP", "PPM")
            if packed and math.prod(image.size) > room:
                raise ValueError(f"{image.size} in {len(data)} bytes")
            return image.convert("RGB")
    except (OSError, SyntaxError, ValueError, MemoryError, *bomb) as error:
        refuse(path, "picture", "a whole one", error or type(error).__name__)


class DatasetFolder(VisionDataset):
    """root/class/.../file, each read by `loader`; classes by their names."""

    def __init__(
        self,
        root: str | Path,
        loader: Callable[[str], Any],
        extensions: tuple[str, ...] | str | None = None,
        transform: Transform = None,
        target_transform: Transform = None,
        is_valid_file: Callable[[str], bool] | None = None,
        allow_empty: bool = False,
    ):
        super().__init__(
            root, transform=transform, target_transform=target_transform
        )
        self.loader, self.extensions = loader, extensions
        self.classes, self.class_to_idx = self.find_classes(self.root)
        self.samples = self.make_dataset(
            self.root,
            self.class_to_idx,
            extensions,
            is_valid_file,
            allow_empty,
        )
        self.targets = [target for _, target in self.samples]

    def find_classes(self, directory: Any) -> tuple[list[str], dict[str, int]]:
        """The names of the subfolders in order, and the number of each."""
        classes = sorted(e.name for e in os.scandir(directory) if e.is_dir())
        if not classes:
            raise FileNotFoundError(
                f"Couldn't find any class folder in {directory}."
            )
        return classes, {name: i for i, name in enumerate(classes)}

    @staticmethod
    def make_dataset(
        directory: Any,
        class_to_idx: dict[str, int],
        extensions: tuple[str, ...] | str | None = None,
        is_valid_file: Callable[[str], bool] | None = None,
        allow_empty: bool = False,
    ) -> list[tuple[str, int]]:
        """(path, class) of every file that fits, in the order of names."""
        if not class_to_idx:
            raise ValueError(
                "'class_to_index' must have at least one entry to collect any "
                "samples."
            )
        if (extensions is None) == (is_valid_file is None):
            raise ValueError(
                "Both extensions and is_valid_file cannot be None or not None "
                "at the same time"
            )

        def fits(path: str) -> bool:
            if is_valid_file is not None:
                return is_valid_file(path)
            return path.lower().endswith(extensions)  # type: ignore[arg-type]

        samples, empty = [], []
        for name in sorted(class_to_idx):
            files = [
                os.path.join(folder, file)
                for folder, _, names in sorted(
                    os.walk(os.path.join(directory, name), followlinks=True)
                )
                for file in sorted(names)
            ]
            found = [(file, class_to_idx[name]) for file in files if fits(file)]
            samples += found
            empty += [] if found else [name]
        if empty and not allow_empty:
            kinds = (extensions,) if isinstance(extensions, str) else extensions
            raise FileNotFoundError(
                f"Found no valid file for the classes {', '.join(empty)}. "
                f"Supported extensions are: {', '.join(kinds or ['any'])}"
            )
        return samples

    def __getitem__(self, index: int) -> tuple[Any, Any]:
        path, target = self.samples[index]
        sample = self.loader(path)
        if self.transform is not None:
            sample = self.transform(sample)
        if self.target_transform is not None:
            target = self.target_transform(target)
        return sample, target

    def __len__(self) -> int:
        return len(self.samples)


class ImageFolder(DatasetFolder):
    """root/dog/x.png, root/cat/y.png: pictures by class."""

    def __init__(
        self,
        root: str | Path,
        transform: Transform = None,
        target_transform: Transform = None,
        loader: Callable[[str], Any] = default_loader,
        is_valid_file: Callable[[str], bool] | None = None,
        allow_empty: bool = False,
    ):
        super().__init__(
            root,
            loader,
            IMG_EXTENSIONS if is_valid_file is None else None,
            transform=transform,
            target_transform=target_transform,
            is_valid_file=is_valid_file,
            allow_empty=allow_empty,
        )
        self.imgs = self.samples
