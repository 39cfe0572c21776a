"""Boxes (x1, y1, x2, y2): their forms, area, overlap, the best of many."""

from __future__ import annotations

import numpy as np

from scratch import dtypes
from scratch.ops.combine import cat, stack
from scratch.ops.minmax import maximum, minimum
from scratch.tensor import Tensor, wrap


def _check_form(fmt: str) -> None:
    if fmt not in ("xyxy", "xywh", "cxcywh"):
        raise ValueError(
            f"Unsupported Bounding Box area for given format {fmt}"
        )


def _wide(x: Tensor) -> Tensor:
    """In a dtype in which products of sides do not overflow."""
    if x.dtype.is_floating_point:
        return x if x.dtype.itemsize >= 4 else x.to(dtypes.float32)
    return x if x.dtype.itemsize >= 4 else x.to(dtypes.int32)


def _corners(boxes: Tensor, in_fmt: str) -> tuple[Tensor, Tensor]:
    """boxes (*, 4) -> the corners (*, 2) with the least and greatest x, y"""
    a, b = boxes[..., :2], boxes[..., 2:]
    if in_fmt == "xyxy":
        return a, b
    if in_fmt == "xywh":
        return a, a + b
    return a - b / 2, a + b / 2


def box_area(boxes: Tensor, fmt: str = "xyxy") -> Tensor:
    """boxes (*, 4) -> width · height (*)"""
    _check_form(fmt)
    boxes = _wide(boxes)
    a, b = boxes[..., :2], boxes[..., 2:]
    sides = b - a if fmt == "xyxy" else b
    return sides[..., 0] * sides[..., 1]


def box_iou(boxes1: Tensor, boxes2: Tensor, fmt: str = "xyxy") -> Tensor:
    """Intersection over union: (*, N, 4), (*, M, 4) -> (*, N, M)"""
    _check_form(fmt)
    a1, b1 = _corners(boxes1, fmt)
    a2, b2 = _corners(boxes2, fmt)
    first = maximum(a1.unsqueeze(-2), a2.unsqueeze(-3))
    last = minimum(b1.unsqueeze(-2), b2.unsqueeze(-3))
    sides = _wide(last - first).clamp(min=0)
    both = sides[..., 0] * sides[..., 1]
    area1, area2 = box_area(boxes1, fmt), box_area(boxes2, fmt)
    return both / (area1.unsqueeze(-1) + area2.unsqueeze(-2) - both)


def nms(boxes: Tensor, scores: Tensor, iou_threshold: float) -> Tensor:
    """Non-maximum suppression: boxes (N, 4), scores (N,) -> the indices kept.

    By falling score, a box is kept unless its overlap with a kept one is
    above the threshold.
    """
    if boxes.ndim != 2 or boxes.shape[1] != 4:
        raise RuntimeError(
            f"boxes should be a 2d tensor (N, 4), got {tuple(boxes.shape)}"
        )
    if scores.ndim != 1 or len(scores) != len(boxes):
        raise RuntimeError(
            "boxes and scores should have same number of elements in "
            f"dimension 0, got {len(boxes)} and {tuple(scores.shape)}"
        )
    x1, y1, x2, y2 = boxes.array.T
    area = (x2 - x1) * (y2 - y1)
    order = np.argsort(-scores.array, kind="stable")
    kept = []
    while order.size:
        i, rest = order[0], order[1:]
        kept.append(int(i))
        width = np.minimum(x2[i], x2[rest]) - np.maximum(x1[i], x1[rest])
        height = np.minimum(y2[i], y2[rest]) - np.maximum(y1[i], y1[rest])
        both = np.maximum(width, 0) * np.maximum(height, 0)
        with np.errstate(invalid="ignore", divide="ignore"):
            overlap = both / (area[i] + area[rest] - both)
        order = rest[~(overlap > iou_threshold)]
    return wrap(np.array(kept, np.int64))


def batched_nms(
    boxes: Tensor, scores: Tensor, idxs: Tensor, iou_threshold: float
) -> Tensor:
    """nms within each class: idxs (N,) are the boxes' classes."""
    kept = [
        places[nms(boxes[places], scores[places], iou_threshold).array]
        for label in np.unique(idxs.array)
        for places in [np.flatnonzero(idxs.array == label)]
    ]
    every = np.concatenate([*kept, np.zeros(0, np.int64)])
    order = np.argsort(-scores.array[every], kind="stable")
    return wrap(every[order].astype(np.int64))


def box_convert(boxes: Tensor, in_fmt: str, out_fmt: str) -> Tensor:
    """boxes (*, 4) from one form to another

    xyxy: two corners;  xywh: a corner and the size;  cxcywh: centre and size
    """
    known = ("xyxy", "xywh", "cxcywh")
    if in_fmt not in known or out_fmt not in known:
        raise ValueError(
            "Unsupported Bounding Box Conversions for given in_fmt "
            f"{in_fmt} and out_fmt {out_fmt}"
        )
    if in_fmt == out_fmt:
        return boxes.clone()
    a, b = boxes[..., :2], boxes[..., 2:]
    if in_fmt == "xywh":
        b = a + b
    elif in_fmt == "cxcywh":
        a, b = a - 0.5 * b, a + 0.5 * b
    if out_fmt == "xywh":
        b = b - a
    elif out_fmt == "cxcywh":
        a, b = (a + b) / 2, b - a
    return cat([a, b], -1)


def clip_boxes_to_image(boxes: Tensor, size: tuple[int, int]) -> Tensor:
    """boxes (*, 4) within a picture of this height and width."""
    height, width = size
    x = boxes[..., 0::2].clamp(min=0, max=width)
    y = boxes[..., 1::2].clamp(min=0, max=height)
    return stack((x, y), dim=boxes.dim()).reshape(boxes.shape)


def remove_small_boxes(boxes: Tensor, min_size: float) -> Tensor:
    """The indices of the boxes whose sides are both at least min_size."""
    sides = boxes[..., 2:] - boxes[..., :2]
    return (sides >= min_size).all(-1).nonzero(as_tuple=True)[0]


def generalized_box_iou(boxes1: Tensor, boxes2: Tensor) -> Tensor:
    """IoU less the part of the common hull that is in neither (N, M)

    Rezatofighi et al., 2019.
    """
    a1, b1 = boxes1[..., None, :2], boxes1[..., None, 2:]
    a2, b2 = boxes2[..., None, :, :2], boxes2[..., None, :, 2:]
    inside = _wide(minimum(b1, b2) - maximum(a1, a2)).clamp(min=0)
    around = _wide(maximum(b1, b2) - minimum(a1, a2)).clamp(min=0)
    both, hull = (sides[..., 0] * sides[..., 1] for sides in (inside, around))
    area1, area2 = box_area(boxes1), box_area(boxes2)
    union = area1.unsqueeze(-1) + area2.unsqueeze(-2) - both
    return both / union - (hull - union) / hull


def masks_to_boxes(masks: Tensor) -> Tensor:
    """The least box around each mask: (N, H, W) -> (N, 4); 0 if empty."""
    boxes = np.zeros((len(masks), 4), np.float32)
    for box, mask in zip(boxes, masks.array):
        y, x = np.nonzero(mask)
        if x.size:
            box[:] = x.min(), y.min(), x.max(), y.max()
    return wrap(boxes)
