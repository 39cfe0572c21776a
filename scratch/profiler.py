"""torch.profiler: marks for a profiler; there is none here."""

from .autograd.profiler import record_function

__all__ = ["record_function"]
