"""Layers, losses and containers, by torch's names."""

# ruff: noqa: F403
from . import init, parameter, utils
from .container import *
from .module import *
from .parameter import Buffer, Parameter
