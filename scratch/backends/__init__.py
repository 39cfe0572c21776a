"""Backends that a program may ask about; NumPy is the only one here."""

from . import cpu, cuda, cudnn, mkl, mkldnn, mps, openmp, opt_einsum, xnnpack

__all__ = [
    "cpu",
    "cuda",
    "cudnn",
    "mkl",
    "mkldnn",
    "mps",
    "openmp",
    "opt_einsum",
    "xnnpack",
]
