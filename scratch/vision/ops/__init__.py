"""Boxes and regions, named as in torchvision.ops."""

from scratch.vision.ops.boxes import box_area, box_iou, nms
from scratch.vision.ops.regions import roi_align, roi_pool
