"""Rows: padding, resizing, rearranging images."""

from __future__ import annotations

from typing import Any

from ..layers import bent, function, layer
from ..registry import pick, real, row

KINDS = {"constant": "ConstantPad", "zeros": "ZeroPad",
         "reflect": "ReflectionPad", "replicate": "ReplicationPad",
         "circular": "CircularPad"}
SIDES = (4, 5, 3)


def margins(rng: Any, n: int, mode: str) -> tuple:
    low = -1 if mode in ("constant", "zeros") else 0
    return tuple(int(k) for k in rng.integers(low, 3, 2 * n))


@function("pad", examples=60)
def padded(rng: Any) -> tuple:
    n = int(rng.integers(1, 4))
    mode = pick(rng, "constant", "reflect", "replicate", "circular")
    options: dict[str, Any] = {"pad": margins(rng, n, mode), "mode": mode}
    if mode == "constant" and rng.integers(2):
        options["value"] = 1.5
    return options, (real(rng, 2, 3, *SIDES[:n]),)


def padding(n: int, mode: str) -> Any:
    def draw(rng: Any) -> tuple:
        options: dict[str, Any] = {"padding": pick(
            rng, 1, 2, margins(rng, n, mode))}
        if mode == "constant":
            options["value"] = pick(rng, 0.0, -1.5)
        lead = pick(rng, (2, 3), (3,))
        return options, (real(rng, *lead, *SIDES[:n]),)

    return draw


for n in (1, 2, 3):
    for mode, kind in KINDS.items():
        layer("", f"{kind}{n}d", examples=16)(padding(n, mode))


@layer("interpolate", "Upsample", examples=80)
def resized(rng: Any) -> tuple:
    n = int(rng.integers(1, 4))
    mode = pick(rng, "nearest", "nearest-exact", "linear", "area", "cubic")
    options: dict[str, Any] = {}
    if mode == "linear":
        mode = ("linear", "bilinear", "trilinear")[n - 1]
    if mode == "cubic":
        n, mode = 2, "bicubic"
    if "linear" in mode or mode == "bicubic":
        options["align_corners"] = pick(rng, None, False, True)
    if rng.integers(2):
        options["size"] = tuple(int(k) for k in rng.integers(1, 8, n))
    else:
        options["scale_factor"] = pick(rng, 2.0, 0.5, 1.5)
        if mode != "area" and rng.integers(2):
            options["recompute_scale_factor"] = True
    return options | {"mode": mode}, (real(rng, 2, 2, *SIDES[:n]),)


@function("interpolate", examples=20)
def antialiased(rng: Any) -> tuple:
    return {"size": tuple(int(k) for k in rng.integers(2, 8, 2)),
            "mode": pick(rng, "bilinear", "bicubic"), "antialias": True,
            "align_corners": pick(rng, None, False)}, (
                real(rng, 2, 2, 6, 7),)


@layer("", "UpsamplingNearest2d", examples=16)
@layer("", "UpsamplingBilinear2d", examples=16)
def upsampled(rng: Any) -> tuple:
    return pick(rng, {"size": (6, 7)}, {"scale_factor": 2}), (
        real(rng, 2, 2, 4, 5),)


@function("upsample", examples=12)
@function("upsample_nearest", examples=12)
@function("upsample_bilinear", examples=12)
def by_old_names(rng: Any) -> tuple:
    return pick(rng, {"size": (6, 7)}, {"scale_factor": 2}), (
        real(rng, 2, 2, 4, 5),)


@layer("pixel_shuffle", "PixelShuffle", examples=20)
def shuffled(rng: Any) -> tuple:
    r = int(rng.integers(1, 4))
    return {"upscale_factor": r}, (real(rng, 2, 2 * r * r, 3, 2),)


@layer("pixel_unshuffle", "PixelUnshuffle", examples=20)
def unshuffled(rng: Any) -> tuple:
    r = int(rng.integers(1, 4))
    return {"downscale_factor": r}, (real(rng, 2, 2, 2 * r, 3 * r),)


@layer("channel_shuffle", "ChannelShuffle", examples=20)
def channels_shuffled(rng: Any) -> tuple:
    g = int(rng.integers(1, 4))
    return {"groups": g}, (real(rng, 2, 2 * g, 3, 2),)


def axes_of(rng: Any) -> tuple[int, bool]:
    """2 axes or 3, and whether corners are aligned."""
    return int(rng.integers(2, 4)), bool(rng.integers(2))


@row("nn.functional.grid_sample", examples=60)
def looked_up(lib: Any, rng: Any) -> tuple:
    axes, corners = axes_of(rng)
    words = {"mode": pick(rng, "bilinear", "nearest", "bicubic"),
             "padding_mode": pick(rng, "zeros", "border", "reflection"),
             "align_corners": corners}
    sizes = tuple(int(k) for k in rng.integers(1, 5, axes))
    points = tuple(int(k) for k in rng.integers(1, 4, axes))
    arrays = real(rng, 2, 3, *sizes), 0.8 * real(rng, 2, *points, axes)

    def call(*xs: Any) -> list:
        return bent(lib.nn.functional.grid_sample(*xs, **words))

    return call, arrays


@row("nn.functional.affine_grid", examples=20)
def affine(lib: Any, rng: Any) -> tuple:
    axes, corners = axes_of(rng)
    low = 2 if corners else 1  # torch: a warning for one point
    size = (2, 1, *[int(k) for k in rng.integers(low, 5, axes)])

    def call(theta: Any) -> list:
        return bent(lib.nn.functional.affine_grid(theta, size, corners))

    return call, (real(rng, 2, axes, axes + 1),)
