"""Boxes, regions and small blocks, named as in torchvision.ops."""

from scratch.vision.ops import misc
from scratch.vision.ops.boxes import (
    batched_nms,
    box_area,
    box_convert,
    box_iou,
    clip_boxes_to_image,
    generalized_box_iou,
    masks_to_boxes,
    nms,
    remove_small_boxes,
)
from scratch.vision.ops.focal_loss import sigmoid_focal_loss
from scratch.vision.ops.misc import (
    MLP,
    Conv2dNormActivation,
    Conv3dNormActivation,
    FrozenBatchNorm2d,
    Permute,
    SqueezeExcitation,
)
from scratch.vision.ops.overlap import complete_box_iou, distance_box_iou
from scratch.vision.ops.regions import RoIAlign, RoIPool, roi_align, roi_pool
from scratch.vision.ops.stochastic_depth import (
    StochasticDepth,
    stochastic_depth,
)
