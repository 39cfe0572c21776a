"""Helpers around parameters: clipping gradients, all of them as a vector,
weights that are computed; sequences of different lengths."""

from . import parametrizations, parametrize, prune, rnn, stateless
from .clip_grad import *  # noqa: F403
from .convert_parameters import *  # noqa: F403
from .fusion import *  # noqa: F403
from .init import skip_init
from .memory_format import *  # noqa: F403
from .spectral_norm import remove_spectral_norm, spectral_norm
from .weight_norm import remove_weight_norm, weight_norm
