"""Layers and losses by hand: each page faces the page of scratch.nn.

Every formula is written in torch's plain tensor operations, in the order
and with the names of its facing page; torch's autograd derives what
scratch derives by hand. torch.nn gives Module and Parameter, nothing else.
"""

# ruff: noqa: F403
from . import init
from ._alignment_functions import *
from ._grid_functions import *
from .activation import *
from .adaptive import *
from .attention import *
from .batchnorm import *
from .cells import *
from .conv import *
from .distance import *
from .distribution_losses import *
from .dropout import *
from .flatten import *
from .fold import *
from .instancenorm import *
from .linear import *
from .loss import *
from .margin_losses import *
from .normalization import *
from .padding import *
from .pooling import *
from .rnn import *
from .shuffling import *
from .sparse import *
from .transformer import *
from .upsampling import *
