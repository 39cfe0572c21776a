"""Transforms that turn, move, scale and slant a picture at random."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from scratch.vision.transforms import geometry as G
from scratch.vision.transforms import turning
from scratch.vision.transforms.augmentation import draw
from scratch.vision.transforms.resampling import InterpolationMode
from scratch.vision.transforms.transforms import Transform

NEAREST = InterpolationMode.NEAREST


def angles(given: Any, name: str, sizes: tuple[int, ...]) -> list[float]:
    """A range of degrees: of one number, from -x to x."""
    if isinstance(given, (int, float)):
        if given < 0:
            raise ValueError(
                f"If {name} is a single number, it must be positive."
            )
        given = [-given, given]
    else:
        check_sequence(given, name, sizes)
    return [float(x) for x in given]


def check_sequence(given: Any, name: str, sizes: tuple[int, ...]) -> None:
    """A sequence of one of these lengths."""
    wanted = " or ".join(map(str, sizes))
    if not isinstance(given, Sequence):
        raise TypeError(f"{name} should be a sequence of length {wanted}.")
    if len(given) not in sizes:
        raise ValueError(f"{name} should be a sequence of length {wanted}.")


class Turned(Transform):
    """What both have: degrees, a filter, the ground and a centre."""

    pillows = True
    names: tuple[str, ...] = ()
    silent: dict[str, Any] = {}

    def __init__(
        self, degrees: Any, interpolation: Any, fill: Any, center: Any
    ):
        self.degrees = angles(degrees, "degrees", (2,))
        self.interpolation = interpolation
        if fill is not None and not isinstance(fill, (int, float, Sequence)):
            raise TypeError("Got inappropriate fill arg")
        self.fill = fill
        if center is not None:
            check_sequence(center, "center", (2,))
        self.center = center

    @property
    def shown(self) -> tuple[str, ...]:  # type: ignore[override]
        """The settings that are printed: none that is None, or silent."""
        return tuple(
            name
            for name in self.names
            if (value := getattr(self, name)) is not None
            and not (name in self.silent and value == self.silent[name])
        )


class RandomRotation(Turned):
    """Turned by an angle of a range of degrees."""

    names = "degrees", "interpolation", "expand", "center", "fill"

    def __init__(
        self,
        degrees: float | Sequence[float],
        interpolation: InterpolationMode | str = NEAREST,
        expand: bool = False,
        center: Sequence[float] | None = None,
        fill: Any = 0,
    ):
        super().__init__(degrees, interpolation, fill, center)
        self.expand = expand

    def forward(self, picture: Any) -> Any:
        return turning.rotate(
            picture,
            draw(*self.degrees),
            self.interpolation,
            self.expand,
            self.center,
            self.fill,
        )


class RandomAffine(Turned):
    """Turned, moved by a part of the picture, scaled and slanted: drawn are
    the angle, the ways along x and y, the scale and the slants that are on.
    """

    names = (
        "degrees",
        "translate",
        "scale",
        "shear",
        "interpolation",
        "fill",
        "center",
    )
    silent = {"interpolation": NEAREST, "fill": 0}

    def __init__(
        self,
        degrees: float | Sequence[float],
        translate: Sequence[float] | None = None,
        scale: Sequence[float] | None = None,
        shear: float | Sequence[float] | None = None,
        interpolation: InterpolationMode | str = NEAREST,
        fill: Any = 0,
        center: Sequence[float] | None = None,
    ):
        super().__init__(degrees, interpolation, fill, center)
        for name, pair in (("translate", translate), ("scale", scale)):
            if pair is not None:
                check_sequence(pair, name, (2,))
        if not all(0.0 <= t <= 1.0 for t in translate or ()):
            raise ValueError("translation values should be between 0 and 1")
        if not all(s > 0 for s in scale or ()):
            raise ValueError("scale values should be positive")
        self.translate, self.scale = translate, scale
        self.shear = None if shear is None else angles(shear, "shear", (2, 4))

    def forward(self, picture: Any) -> Any:
        height, width = G.get_size(picture)
        angle = draw(*self.degrees)
        way = [0, 0]
        if self.translate is not None:
            far = self.translate[0] * width, self.translate[1] * height
            way = [round(draw(-most, most)) for most in far]
        scale = 1.0 if self.scale is None else draw(*self.scale)
        slants = [0.0, 0.0]
        for i in range(len(self.shear or ()) // 2):
            slants[i] = draw(*self.shear[2 * i : 2 * i + 2])  # type: ignore[index]
        return turning.affine(
            picture,
            angle,
            way,
            scale,
            slants,
            self.interpolation,
            self.fill,
            self.center,
        )
