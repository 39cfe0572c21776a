"""Layers, losses and containers, by torch's names."""

# ruff: noqa: F403
from . import functional, init, parameter, utils
from .activation import *
from .attention import *
from .batchnorm import *
from .cells import *
from .container import *
from .conv import *
from .distance import *
from .distribution_losses import *
from .dropout import *
from .flatten import *
from .fold import *
from .instancenorm import *
from .lazy import *
from .linear import *
from .loss import *
from .margin_losses import *
from .module import *
from .normalization import *
from .padding import *
from .parameter import (
    Buffer,
    Parameter,
    UninitializedBuffer,
    UninitializedParameter,
)
from .pooling import *
from .rnn import *
from .shuffling import *
from .sparse import *
from .transformer import *
from .upsampling import *
