"""Transforms that are the same every time, and how transforms are joined."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from scratch import dtypes
from scratch.dtypes import dtype as Dtype
from scratch.random import default_generator
from scratch.tensor import Tensor
from scratch.vision.transforms import functional as F
from scratch.vision.transforms.geometry import four, two
from scratch.vision.transforms.pictures import as_given, as_planes, is_pillow
from scratch.vision.transforms.resampling import InterpolationMode

BILINEAR = InterpolationMode.BILINEAR


class Transform:
    """A function of a picture: a tensor (*, C, H, W), an array (H, W, C) or
    Pillow's image; `shown` names the settings that are printed, `pillows`
    says that Pillow computes its own pictures."""

    takes_arrays = True
    pillows = False
    shown: tuple[str, ...] = ()

    def __call__(self, picture: Any) -> Any:
        if self.pillows and is_pillow(picture):
            return self.forward(picture)
        return as_given(self.forward(as_planes(picture)), picture)

    def forward(self, picture: Any) -> Any:
        """A tensor -> a tensor; `__call__` knows the other forms."""
        raise NotImplementedError

    def __repr__(self) -> str:
        named = [f"{name}={_text(getattr(self, name))}" for name in self.shown]
        return f"{type(self).__name__}({', '.join(named)})"


def _text(value: Any) -> str:
    return value.value if isinstance(value, InterpolationMode) else str(value)


class Compose:
    """One transform after the other."""

    def __init__(self, transforms: Sequence[Callable]):
        if not isinstance(transforms, Sequence):
            raise TypeError(
                "Argument transforms should be a sequence of callables"
            )
        self.transforms = transforms

    @property
    def takes_arrays(self) -> bool:
        """Whether every one of them works on an array as on an image."""
        each = self.transforms
        return all(getattr(t, "takes_arrays", False) for t in each)

    def __call__(self, img: Any) -> Any:
        for transform in self.transforms:
            img = transform(img)
        return img

    def __repr__(self) -> str:
        lines = ["\n    " + repr(transform) for transform in self.transforms]
        return f"{type(self).__name__}({''.join(lines)}\n)"


class RandomApply:
    """All of the transforms, or with probability 1 - p none."""

    def __init__(self, transforms: Sequence[Callable], p: float = 0.5):
        self.transforms, self.p = transforms, p
        self.joined = Compose(transforms)

    @property
    def takes_arrays(self) -> bool:
        """Whether every one of them works on an array as on an image."""
        return self.joined.takes_arrays

    def __call__(self, img: Any) -> Any:
        return self.joined(img) if drawn_below(self.p) else img

    def __repr__(self) -> str:
        inner = repr(self.joined).removeprefix("Compose(")
        return f"{type(self).__name__}(\n    p={self.p}{inner}"


def drawn_below(p: float) -> bool:
    """Whether the next number of [0, 1) is below p."""
    return bool(default_generator.uniform((1,))[0] < p)


class Lambda:
    """Any function as a transform; it gets what torchvision would give it."""

    def __init__(self, lambd: Callable):
        if not callable(lambd):
            raise TypeError(
                "Argument lambd should be callable, got "
                f"{type(lambd).__name__!r}"
            )
        self.lambd = lambd

    def __call__(self, img: Any) -> Any:
        return self.lambd(img)

    def __repr__(self) -> str:
        return f"{type(self).__name__}()"


class Conversion(Transform):
    """From one form of a picture to another."""

    def __call__(self, picture: Any) -> Any:
        return self.forward(picture)


class ToTensor(Conversion):
    """(H, W, C) bytes 0 … 255 -> (C, H, W) numbers 0 … 1"""

    def forward(self, picture: Any) -> Tensor:
        return F.to_tensor(picture)


class PILToTensor(Conversion):
    """Pillow's image -> (C, H, W), numbers as they are."""

    takes_arrays = False

    def forward(self, picture: Any) -> Tensor:
        return F.pil_to_tensor(picture)


class ToImage(Conversion):
    """Any picture -> (C, H, W), numbers as they are."""

    def forward(self, picture: Any) -> Tensor:
        return F.to_image(picture)


class ToPILImage(Conversion):
    """(C, H, W), or an array (H, W, C) -> Pillow's image."""

    def __init__(self, mode: str | None = None):
        self.mode = mode

    def forward(self, picture: Any) -> Any:
        return F.to_pil_image(picture, self.mode)

    def __repr__(self) -> str:
        given = "" if self.mode is None else f"mode={self.mode}"
        return f"{type(self).__name__}({given})"


class ToDtype(Transform):
    """In another dtype; with `scale`, white stays white."""

    shown = ("scale",)

    def __init__(self, dtype: Dtype, scale: bool = False):
        if not isinstance(dtype, dtypes.dtype):
            raise ValueError(f"dtype must be a torch.dtype, got {dtype!r}")
        self.dtype, self.scale = dtype, scale

    def forward(self, picture: Any) -> Tensor:
        return F.to_dtype(picture, self.dtype, self.scale)


class ConvertImageDtype(Transform):
    """The older name of ToDtype with scale=True."""

    def __init__(self, dtype: Dtype = dtypes.float32):
        self.dtype = dtype

    def forward(self, picture: Any) -> Tensor:
        return F.to_dtype(picture, self.dtype, scale=True)


class Normalize(Conversion):
    """(x - mean) / std, for each channel"""

    shown = ("mean", "std")

    def __init__(
        self, mean: Sequence[float], std: Sequence[float], inplace: bool = False
    ):
        self.mean, self.std, self.inplace = mean, std, inplace

    def forward(self, picture: Any) -> Tensor:
        return F.normalize(picture, self.mean, self.std, self.inplace)


class Resize(Transform):
    """To (P, Q), or so that the shorter side is `size`."""

    pillows = True
    shown = "size", "interpolation", "max_size", "antialias"

    def __init__(
        self,
        size: int | Sequence[int] | None,
        interpolation: InterpolationMode | str = BILINEAR,
        max_size: int | None = None,
        antialias: bool | None = True,
    ):
        if size is not None and not isinstance(size, int | list | tuple):
            raise ValueError(
                "size can be an integer, a sequence of one or two integers, "
                f"or None, but got {size} instead."
            )
        if isinstance(size, list | tuple) and len(size) not in (1, 2):
            raise ValueError(
                "size can be an integer, a sequence of one or two integers, "
                f"or None, but got {size} instead."
            )
        if size is None and max_size is None:
            raise ValueError(
                f"max_size must be an integer when size is None, but got "
                f"{max_size} instead."
            )
        self.size, self.interpolation = size, interpolation
        self.max_size, self.antialias = max_size, antialias

    def forward(self, picture: Any) -> Any:
        return F.resize(
            picture,
            self.size,
            self.interpolation,
            self.max_size,
            self.antialias,
        )


class CenterCrop(Transform):
    """The window in the middle."""

    shown = ("size",)

    def __init__(self, size: int | Sequence[int]):
        self.size = tuple(two(size))

    def forward(self, picture: Any) -> Any:
        return F.center_crop(picture, self.size)


class Pad(Transform):
    """More pixels around."""

    shown = "padding", "fill", "padding_mode"

    def __init__(
        self,
        padding: int | Sequence[int],
        fill: Any = 0,
        padding_mode: str = "constant",
    ):
        four(padding)
        self.padding, self.fill = padding, fill
        self.padding_mode = padding_mode

    def forward(self, picture: Any) -> Any:
        return F.pad(picture, self.padding, self.fill, self.padding_mode)


class Grayscale(Transform):
    """Without colours, in one channel or in three equal ones."""

    pillows = True
    shown = ("num_output_channels",)

    def __init__(self, num_output_channels: int = 1):
        self.num_output_channels = num_output_channels

    def forward(self, picture: Any) -> Any:
        return F.rgb_to_grayscale(picture, self.num_output_channels)
