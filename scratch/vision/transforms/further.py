"""More transforms: blurred, erased, in grey, inverted; five or ten crops."""

from __future__ import annotations

import math
import warnings
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from scratch.ops.creation import tensor
from scratch.ops.sampling import randn
from scratch.ops.variates import multinomial
from scratch.random import default_generator
from scratch.vision.transforms import color
from scratch.vision.transforms import geometry as G
from scratch.vision.transforms.augmentation import draw, draw_place
from scratch.vision.transforms.effects import (
    erase,
    five_crop,
    gaussian_blur,
    invert,
    posterize,
    solarize,
    ten_crop,
)
from scratch.vision.transforms.pictures import as_given, as_planes, is_pillow
from scratch.vision.transforms.transforms import Transform, drawn_below


def as_two(size: Any) -> Sequence[int]:
    """A size for both axes; torch: two numbers stay in their list"""
    pair = tuple(G.two(size))
    return size if isinstance(size, Sequence) and len(size) == 2 else pair


class Sometimes(Transform):
    """With probability p."""

    shown: tuple[str, ...] = ("p",)

    def __init__(self, p: float = 0.5):
        if not 0.0 <= p <= 1.0:
            raise ValueError(
                "`p` should be a floating point value in the interval "
                "[0.0, 1.0]."
            )
        self.p = p

    def forward(self, picture: Any) -> Any:
        return self.changed(picture) if drawn_below(self.p) else picture

    def changed(self, picture: Any) -> Any:
        """The picture when the draw says so."""
        raise NotImplementedError


class RandomGrayscale(Sometimes):
    """With probability p, in grey, of as many channels as before."""

    pillows = True

    def __init__(self, p: float = 0.1):
        super().__init__(p)

    def changed(self, picture: Any) -> Any:
        channels = (
            len(picture.getbands()) if is_pillow(picture) else picture.shape[-3]
        )
        return color.rgb_to_grayscale(picture, channels)


class RandomInvert(Sometimes):
    """With probability p, light becomes dark."""

    def changed(self, picture: Any) -> Any:
        return invert(picture)


class RandomSolarize(Sometimes):
    """With probability p, inverted from the threshold up."""

    shown = "p", "threshold"

    def __init__(self, threshold: float, p: float = 0.5):
        super().__init__(p)
        self.threshold = threshold

    def changed(self, picture: Any) -> Any:
        return solarize(picture, self.threshold)


class RandomPosterize(Sometimes):
    """With probability p, of fewer bits."""

    shown = "p", "bits"

    def __init__(self, bits: int, p: float = 0.5):
        super().__init__(p)
        self.bits = bits

    def changed(self, picture: Any) -> Any:
        return posterize(picture, self.bits)


class RandomErasing(Sometimes):
    """With probability p, a window is filled: with `value`, a number for
    all channels or one for each, or with noise ("random").

    Up to ten tries, as in RandomResizedCrop. Zhong et al., 2017.
    """

    shown: tuple[str, ...] = ("p", "scale", "ratio", "value", "inplace")

    def __init__(
        self,
        p: float = 0.5,
        scale: Sequence[float] = (0.02, 0.33),
        ratio: Sequence[float] = (0.3, 3.3),
        value: Any = 0.0,
        inplace: bool = False,
    ):
        super().__init__(p)
        if not isinstance(value, (int, float, str, tuple, list)):
            raise TypeError(
                "Argument value should be either a number or str or a sequence"
            )
        if isinstance(value, str) and value != "random":
            raise ValueError("If value is str, it should be 'random'")
        for name, pair in (("Scale", scale), ("Ratio", ratio)):
            if not isinstance(pair, Sequence):
                raise TypeError(f"{name} should be a sequence")
        if scale[0] > scale[1] or ratio[0] > ratio[1]:
            warnings.warn(
                "Scale and ratio should be of kind (min, max)", stacklevel=2
            )
        if scale[0] < 0 or scale[1] > 1:
            raise ValueError("Scale should be between 0 and 1")
        self.scale, self.ratio, self.inplace = scale, ratio, inplace
        self.value: list[float] | None = None
        if isinstance(value, str):  # torch: None is not shown
            self.shown = "p", "scale", "ratio", "inplace"
        else:
            given: Any = value if isinstance(value, (tuple, list)) else [value]
            self.value = [float(v) for v in given]

    def changed(self, picture: Any) -> Any:
        c, (height, width) = picture.shape[-3], G.get_size(picture)
        if self.value is not None and len(self.value) not in (1, c):
            raise ValueError(
                "If value is a sequence, it should have either a single value "
                f"or {c} (number of inpt channels)"
            )
        low, high = np.log(np.array(self.ratio, np.float32)).tolist()
        for _ in range(10):
            area = height * width * draw(*self.scale)
            ratio = float(np.float32(math.exp(draw(low, high))))
            h = round(math.sqrt(area * ratio))
            w = round(math.sqrt(area / ratio))
            if h < height and w < width:
                fill = randn(c, h, w) if self.value is None else (
                    tensor(self.value)[:, None, None])  # fmt: skip
                i, j = draw_place(height - h), draw_place(width - w)
                return erase(picture, i, j, h, w, fill, self.inplace)
        return picture


class GaussianBlur(Transform):
    """Blurred, σ drawn from the range `sigma`"""

    shown = "kernel_size", "sigma"

    def __init__(self, kernel_size: Any, sigma: Any = (0.1, 2.0)):
        self.kernel_size = as_two(kernel_size)
        if any(k <= 0 or k % 2 == 0 for k in self.kernel_size):
            raise ValueError(
                "Kernel size value should be an odd and positive number."
            )
        single = isinstance(sigma, (int, float))
        self.sigma = [float(s) for s in ([sigma] * 2 if single else sigma)]
        if not 0.0 < self.sigma[0] <= self.sigma[1]:
            raise ValueError(
                "sigma values should be positive and of the form (min, max). "
                f"Got {self.sigma}"
            )

    def forward(self, picture: Any) -> Any:
        sigma = draw(*self.sigma)
        return gaussian_blur(picture, self.kernel_size, [sigma, sigma])


class FiveCrop(Transform):
    """Windows at the four corners and in the middle: a tuple"""

    shown: tuple[str, ...] = ("size",)

    def __init__(self, size: Any):
        self.size = as_two(size)

    def __call__(self, picture: Any) -> Any:
        parts = self.forward(as_planes(picture))
        return tuple(as_given(part, picture) for part in parts)

    def forward(self, picture: Any) -> Any:
        return five_crop(picture, self.size)


class TenCrop(FiveCrop):
    """FiveCrop of the picture and of its mirror image"""

    shown = "size", "vertical_flip"

    def __init__(self, size: Any, vertical_flip: bool = False):
        super().__init__(size)
        self.vertical_flip = vertical_flip

    def forward(self, picture: Any) -> Any:
        return ten_crop(picture, self.size, self.vertical_flip)


class Several:
    """What RandomChoice and RandomOrder share: transforms to choose from."""

    def __init__(self, transforms: Sequence[Callable]):
        if not isinstance(transforms, Sequence):
            raise TypeError(
                "Argument transforms should be a sequence of callables"
            )
        if not transforms:
            raise ValueError("Pass at least one transform")
        self.transforms = transforms

    @property
    def takes_arrays(self) -> bool:
        """Whether every one of them works on an array as on an image."""
        each = self.transforms
        return all(getattr(t, "takes_arrays", False) for t in each)

    def __repr__(self) -> str:
        lines = ["\n    " + repr(transform) for transform in self.transforms]
        return f"{type(self).__name__}({''.join(lines)}\n)"


class RandomChoice(Several):
    """One of the transforms, each with its probability"""

    def __init__(self, transforms: Sequence[Callable], p: Any = None):
        super().__init__(transforms)
        odds = [1] * len(transforms) if p is None else p
        if len(odds) != len(transforms):
            raise ValueError(
                "Length of p doesn't match the number of transforms: "
                f"{len(odds)} != {len(transforms)}"
            )
        self.given = p
        self.p = [prob / sum(odds) for prob in odds]

    def __repr__(self) -> str:
        return f"{super().__repr__()}(p={self.given})"

    def __call__(self, img: Any) -> Any:
        return self.transforms[int(multinomial(tensor(self.p), 1))](img)


class RandomOrder(Several):
    """All of the transforms in a random order"""

    def __call__(self, img: Any) -> Any:
        for i in default_generator.randperm(len(self.transforms)).tolist():
            img = self.transforms[i](img)
        return img
