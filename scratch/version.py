"""The version of this library."""

__version__ = "0.1.0"
cuda = None  # torch: the CUDA version that it was built with
hip = None
