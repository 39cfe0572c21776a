"""The names of torchvision.transforms.v2: here they are the same transforms."""

from scratch.vision.transforms.augmentation import (
    ColorJitter,
    RandomCrop,
    RandomHorizontalFlip,
    RandomResizedCrop,
    RandomVerticalFlip,
)
from scratch.vision.transforms.further import (
    FiveCrop,
    GaussianBlur,
    RandomChoice,
    RandomErasing,
    RandomGrayscale,
    RandomInvert,
    RandomOrder,
    RandomPosterize,
    RandomSolarize,
    TenCrop,
)
from scratch.vision.transforms.resampling import InterpolationMode
from scratch.vision.transforms.transforms import (
    CenterCrop,
    Compose,
    ConvertImageDtype,
    Grayscale,
    Lambda,
    Normalize,
    Pad,
    PILToTensor,
    RandomApply,
    Resize,
    ToDtype,
    ToImage,
    ToPILImage,
    ToTensor,
    Transform,
)
from scratch.vision.transforms.turned import RandomAffine, RandomRotation

__all__ = [
    "CenterCrop", "ColorJitter", "Compose", "ConvertImageDtype", "FiveCrop",
    "GaussianBlur", "Grayscale", "InterpolationMode", "Lambda", "Normalize",
    "PILToTensor", "Pad", "RandomAffine", "RandomApply", "RandomChoice",
    "RandomCrop", "RandomErasing", "RandomGrayscale", "RandomHorizontalFlip",
    "RandomInvert", "RandomOrder", "RandomPosterize", "RandomResizedCrop",
    "RandomRotation", "RandomSolarize", "RandomVerticalFlip", "Resize",
    "TenCrop", "ToDtype", "ToImage", "ToPILImage", "ToTensor", "Transform",
]  # fmt: skip
