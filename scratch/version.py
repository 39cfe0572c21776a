"""The version of this library."""

__version__ = "0.1.0"
TORCH = "2.15.0+scratch"  # what a program is told: whose behaviour it finds
cuda = None  # torch: the CUDA version that it was built with
hip = None
