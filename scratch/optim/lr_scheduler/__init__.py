"""Schedules for the learning rate, by the names that torch gives them."""

from scratch.optim.lr_scheduler.base import LRScheduler
from scratch.optim.lr_scheduler.compose import ChainedScheduler, SequentialLR
from scratch.optim.lr_scheduler.cosine import (
    CosineAnnealingLR,
    CosineAnnealingWarmRestarts,
)
from scratch.optim.lr_scheduler.cyclic import CyclicLR, OneCycleLR
from scratch.optim.lr_scheduler.factors import (
    ConstantLR,
    ExponentialLR,
    LambdaLR,
    LinearLR,
    MultiplicativeLR,
    MultiStepLR,
    PolynomialLR,
    StepLR,
)
from scratch.optim.lr_scheduler.plateau import ReduceLROnPlateau

_LRScheduler = LRScheduler  # its name in programs from before torch 2
