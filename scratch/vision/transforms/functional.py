"""The names of torchvision.transforms.functional."""

from scratch.vision.transforms.color import (
    adjust_brightness,
    adjust_contrast,
    adjust_hue,
    adjust_saturation,
    rgb_to_grayscale,
)
from scratch.vision.transforms.effects import (
    erase,
    five_crop,
    gaussian_blur,
    invert,
    posterize,
    solarize,
    ten_crop,
)
from scratch.vision.transforms.geometry import (
    center_crop,
    crop,
    get_size,
    hflip,
    horizontal_flip,
    pad,
    resize,
    resized_crop,
    vertical_flip,
    vflip,
)
from scratch.vision.transforms.levels import (
    convert_image_dtype,
    normalize,
    to_dtype,
)
from scratch.vision.transforms.pictures import (
    pil_to_tensor,
    to_image,
    to_pil_image,
    to_tensor,
)
from scratch.vision.transforms.turning import affine, rotate

__all__ = [
    "adjust_brightness", "adjust_contrast", "adjust_hue", "adjust_saturation",
    "affine", "center_crop", "convert_image_dtype", "crop", "erase",
    "five_crop", "gaussian_blur", "get_size", "hflip", "horizontal_flip",
    "invert", "normalize", "pad", "pil_to_tensor", "posterize", "resize",
    "resized_crop", "rgb_to_grayscale", "rotate", "solarize", "ten_crop",
    "to_dtype", "to_image", "to_pil_image", "to_tensor", "vertical_flip",
    "vflip",
]  # fmt: skip
