"""Features of regions: any box of a map pooled to a picture of fixed size."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from scratch import nn
from scratch.ops.combine import stack
from scratch.ops.creation import zeros
from scratch.tensor import Tensor, wrap

Boxes = Tensor | Sequence[Tensor]


def _regions(
    input: Tensor, boxes: Boxes, scale: float
) -> Iterator[tuple[Tensor, np.ndarray]]:
    """For each box its map (C, H, W) and its scaled corners x1, y1, x2, y2.

    boxes (K, 5), whose first column is the place in the batch, or one tensor
    (L, 4) for each picture of the batch.
    """
    if isinstance(boxes, Tensor):
        if boxes.ndim != 2 or boxes.shape[1] != 5:
            raise AssertionError(
                "The boxes tensor shape is not correct as Tensor[K, 5]"
            )
        rows = boxes.array
        places, corners = rows[:, 0].astype(int), rows[:, 1:]
    else:
        if any(each.ndim != 2 or each.shape[1] != 4 for each in boxes):
            raise AssertionError(
                "The boxes list shape is not correct as List[Tensor[L, 4]]"
            )
        counts = [len(each) for each in boxes]
        places = np.repeat(np.arange(len(counts)), counts)
        corners = np.concatenate([each.array for each in boxes])
    corners = corners * corners.dtype.type(scale)
    for place, box in zip(places.tolist(), corners):
        yield input[place], box


def _pooled(
    input: Tensor, parts: list[Tensor], size: tuple[int, int]
) -> Tensor:
    if parts:
        return stack(parts)
    return zeros((0, input.shape[1], *size), dtype=input.dtype)


def _two(size: int | Sequence[int]) -> tuple[int, int]:
    p, q = (size, size) if isinstance(size, int) else size
    return p, q


def roi_pool(
    input: Tensor,
    boxes: Boxes,
    output_size: int | Sequence[int],
    spatial_scale: float = 1.0,
) -> Tensor:
    """The largest of each bin (Girshick, 2015): input (N, C, H, W), K boxes
    -> (K, C, P, Q); corners are rounded to whole pixels, an empty bin is 0."""
    size = _two(output_size)
    parts = []
    for x, box in _regions(input, boxes, spatial_scale):
        near = np.trunc(box + np.copysign(0.5, box))  # as C rounds
        left, top, right, bottom = near.astype(int).tolist()
        rows = _bins(top, bottom, size[0], x.shape[1])
        columns = _bins(left, right, size[1], x.shape[2])
        cells = [_largest(x[:, r, c]) for r in rows for c in columns]
        parts.append(stack(cells, -1).reshape(-1, *size))
    return _pooled(input, parts, size)


def _bins(first: int, last: int, count: int, side: int) -> list[slice]:
    """A range of pixels in parts that touch, cut where the picture ends."""
    width = np.float32(max(last - first + 1, 1)) / np.float32(count)
    ends = np.arange(count + 1, dtype=np.float32) * width
    start = np.floor(ends[:-1]).astype(int) + first
    stop = np.ceil(ends[1:]).astype(int) + first
    start, stop = start.clip(0, side), stop.clip(0, side)
    return [slice(a, b) for a, b in zip(start.tolist(), stop.tolist())]


def _largest(cell: Tensor) -> Tensor:
    """(C, h, w) -> (C,); torch: of equal ones the first gets the gradient."""
    if cell.numel() == 0:
        return cell.sum((1, 2))  # 0
    return cell.flatten(1).max(1)[0]


def roi_align(
    input: Tensor,
    boxes: Boxes,
    output_size: int | Sequence[int],
    spatial_scale: float = 1.0,
    sampling_ratio: int = -1,
    aligned: bool = False,
) -> Tensor:
    """The mean of points between pixels in each bin (He et al., 2017).

    input (N, C, H, W), K boxes -> (K, C, P, Q). No rounding: each point is
    read by bilinear weights, so a region is two matrix products, A x Bᵀ.
    """
    size = _two(output_size)
    shift = 0.5 if aligned else 0.0
    least = 0.0 if aligned else 1.0
    parts = []
    for x, box in _regions(input, boxes, spatial_scale):
        x1, y1, x2, y2 = (box.astype(np.float64) - shift).tolist()
        height, width = max(y2 - y1, least), max(x2 - x1, least)
        a = _points(y1, height, size[0], x.shape[1], sampling_ratio)
        b = _points(x1, width, size[1], x.shape[2], sampling_ratio)
        number = x.dtype.numpy
        parts.append(wrap(a.astype(number)) @ x @ wrap(b.T.astype(number)))
    return _pooled(input, parts, size)


def _points(
    start: float, length: float, bins: int, side: int, ratio: int
) -> np.ndarray:
    """(bins, side): the mean weight of each pixel over a bin's points."""
    count = ratio if ratio > 0 else int(np.ceil(length / bins))
    if count <= 0:
        return np.zeros((bins, side))
    step = length / bins
    place = start + step * (np.arange(bins)[:, None] + _middles(count))
    outside = (place < -1) | (place > side)  # torch: such a point reads 0
    place = place.clip(0, side - 1)
    low = np.floor(place).astype(int)
    high = np.minimum(low + 1, side - 1)
    part = np.where(outside, 0, place - low)
    rest = np.where(outside, 0, 1 - (place - low))
    weights = np.zeros((bins, side))
    rows = np.arange(bins)[:, None]
    np.add.at(weights, (rows, low), rest / count)
    np.add.at(weights, (rows, high), part / count)
    return weights


def _middles(count: int) -> np.ndarray:
    return (np.arange(count) + 0.5) / count


class RoIAlign(nn.Module):
    """roi_align as a layer"""

    def __init__(
        self,
        output_size: int | tuple[int, int],
        spatial_scale: float,
        sampling_ratio: int,
        aligned: bool = False,
    ):
        super().__init__()
        self.output_size, self.spatial_scale = output_size, spatial_scale
        self.sampling_ratio, self.aligned = sampling_ratio, aligned

    def forward(self, input: Tensor, rois: Boxes) -> Tensor:
        return roi_align(
            input, rois, self.output_size, self.spatial_scale,
            self.sampling_ratio, self.aligned,
        )  # fmt: skip

    def __repr__(self) -> str:
        return (
            f"{type(self).__name__}(output_size={self.output_size}, "
            f"spatial_scale={self.spatial_scale}, sampling_ratio="
            f"{self.sampling_ratio}, aligned={self.aligned})"
        )


class RoIPool(nn.Module):
    """roi_pool as a layer"""

    def __init__(
        self, output_size: int | tuple[int, int], spatial_scale: float
    ):
        super().__init__()
        self.output_size, self.spatial_scale = output_size, spatial_scale

    def forward(self, input: Tensor, rois: Boxes) -> Tensor:
        return roi_pool(input, rois, self.output_size, self.spatial_scale)

    def __repr__(self) -> str:
        return (
            f"{type(self).__name__}(output_size={self.output_size}, "
            f"spatial_scale={self.spatial_scale})"
        )
