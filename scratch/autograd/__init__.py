"""Derivatives: the engine, and what is built on it."""

from ..modes import (
    enable_grad,
    inference_mode,
    no_grad,
    set_grad_enabled,
    set_multithreading_enabled,
)
from . import func, function, functional, graph, profiler
from .anomaly import detect_anomaly, set_detect_anomaly
from .engine import backward, grad
from .function import Function
from .gradcheck import gradcheck, gradgradcheck
from .variable import Variable

__all__ = [
    "backward", "grad", "Function", "functional", "gradcheck",
    "gradgradcheck", "detect_anomaly", "set_detect_anomaly", "no_grad",
    "enable_grad", "set_grad_enabled", "inference_mode", "Variable",
    "func", "function", "graph", "profiler", "set_multithreading_enabled",
]
