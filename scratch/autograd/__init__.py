"""Derivatives: the engine, and what is built on it."""

from .engine import backward, grad

__all__ = ["backward", "grad"]
