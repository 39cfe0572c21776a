"""Helpers around parameters: clipping gradients, all of them as a vector,
weights that are computed; sequences of different lengths."""

from . import parametrizations, parametrize, rnn
from .clip_grad import *  # noqa: F403
from .convert_parameters import *  # noqa: F403
from .fusion import *  # noqa: F403
from .init import skip_init
from .spectral_norm import remove_spectral_norm, spectral_norm
from .weight_norm import remove_weight_norm, weight_norm
