"""Micro-benchmarks of single kernels, for work on them."""
