"""Pictures of noise: a data set that needs no file."""

from __future__ import annotations

from typing import Any

from scratch.ops.sampling import randint, randn
from scratch.random import get_rng_state, manual_seed, set_rng_state
from scratch.vision.datasets.vision import Transform, VisionDataset


class FakeData(VisionDataset):
    """`size` random pictures of random classes, the same each time.

    Picture i is drawn after manual_seed(i + random_offset).
    """

    def __init__(
        self,
        size: int = 1000,
        image_size: tuple[int, int, int] = (3, 224, 224),
        num_classes: int = 10,
        transform: Transform = None,
        target_transform: Transform = None,
        random_offset: int = 0,
    ):
        super().__init__(
            transform=transform, target_transform=target_transform
        )
        self.size, self.num_classes = size, num_classes
        self.image_size, self.random_offset = image_size, random_offset

    def __getitem__(self, index: int) -> tuple[Any, Any]:
        if index >= len(self):
            raise IndexError(f"{type(self).__name__} index out of range")
        state = get_rng_state()
        manual_seed(index + self.random_offset)
        picture = randn(*self.image_size)
        target: Any = randint(0, self.num_classes, (1,))[0]
        set_rng_state(state)
        pixels = picture.mul(255).byte().permute(1, 2, 0).array
        if pixels.shape[2] == 1:
            pixels = pixels[:, :, 0]
        shown, target = self.transformed(pixels, target)
        return shown, target.item()

    def __len__(self) -> int:
        return self.size
