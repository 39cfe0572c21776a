"""A convolution that learns to find vertical edges."""

from scratch import nn


def edge_kernel() -> nn.Module:
    """One kernel of two pixels (N, 1, H, W) -> (N, 1, H, W-1); it learns
    [1, -1], the difference of neighbours."""
    return nn.Sequential(nn.Conv2d(1, 1, kernel_size=(1, 2), bias=False))
