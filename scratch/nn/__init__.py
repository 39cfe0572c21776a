"""Layers, losses and containers, by torch's names."""

# ruff: noqa: F403
from importlib import import_module as _import
from typing import Any as _Any

from . import (
    common_types,
    functional,
    grad,
    init,
    parallel,
    parameter,
    utils,
)
from .activation import *
from .adaptive import *
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
from .parallel import DataParallel
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


def __getattr__(name: str) -> _Any:
    """nn.modules, torch's files of layers: read when first asked for."""
    if name == "modules":
        return _import("scratch.nn.modules")
    raise AttributeError(f"module 'scratch.nn' has no attribute '{name}'")
