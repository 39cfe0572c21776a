"""Helpers around parameters: clipping gradients, all of them as a vector;
sequences of different lengths."""

from . import rnn
from .clip_grad import *  # noqa: F403
from .convert_parameters import *  # noqa: F403
