"""torch.func: functions of functions: gradients, Jacobians, batches."""

from .autograd.func import *  # noqa: F403
from .autograd.func import __all__  # noqa: F401
