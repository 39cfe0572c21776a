"""How far boxes are from each other: IoU less what their centres and shapes
differ by."""

from __future__ import annotations

import math

from scratch.modes import no_grad
from scratch.ops.minmax import maximum, minimum
from scratch.tensor import Tensor
from scratch.vision.ops.boxes import _wide, box_iou


def _hull(boxes1: Tensor, boxes2: Tensor) -> Tensor:
    """The sides of the smallest box around each two: (*, N, M, 2)"""
    first = minimum(boxes1[..., None, :2], boxes2[..., None, :, :2])
    last = maximum(boxes1[..., None, 2:], boxes2[..., None, :, 2:])
    return _wide(last - first).clamp(min=0)


def distance_box_iou(
    boxes1: Tensor, boxes2: Tensor, eps: float = 1e-7
) -> Tensor:
    """IoU - (distance of the centres / diagonal of the hull)²

    boxes (*, N, 4), (*, M, 4) -> (*, N, M); Zheng et al., 2020.
    """
    boxes1, boxes2 = _wide(boxes1), _wide(boxes2)
    diagonal = (_hull(boxes1, boxes2) ** 2).sum(-1) + eps
    centre1, centre2 = (
        (boxes[..., :2] + boxes[..., 2:]) / 2 for boxes in (boxes1, boxes2)
    )
    apart = _wide(centre1[..., None, :] - centre2[..., None, :, :])
    return box_iou(boxes1, boxes2) - (apart**2).sum(-1) / diagonal


def complete_box_iou(
    boxes1: Tensor, boxes2: Tensor, eps: float = 1e-7
) -> Tensor:
    """distance IoU - α v, v = 4/π² (difference of the angles atan w/h)²

    α = v / (1 - IoU + v), without a slope; (*, N, 4), (*, M, 4) ->
    (*, N, M); Zheng et al., 2020.
    """
    boxes1, boxes2 = _wide(boxes1), _wide(boxes2)
    sides1, sides2 = (b[..., 2:] - b[..., :2] for b in (boxes1, boxes2))
    angle1, angle2 = (
        (sides[..., 0] / sides[..., 1]).atan() for sides in (sides1, sides2)
    )
    v = 4 / math.pi**2 * (angle1[..., None] - angle2[..., None, :]) ** 2
    with no_grad():
        alpha = v / (1 - box_iou(boxes1, boxes2) + v + eps)
    return distance_box_iou(boxes1, boxes2, eps) - alpha * v
