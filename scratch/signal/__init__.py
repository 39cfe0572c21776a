"""What is done with signals, under the names of torch.signal."""

from . import windows

__all__ = ["windows"]
