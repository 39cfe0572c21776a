"""Helpers around parameters: clipping gradients, all of them as a vector."""

from .clip_grad import *  # noqa: F403
from .convert_parameters import *  # noqa: F403
