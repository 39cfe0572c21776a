"""The weights of convolutions in another order of memory."""

from __future__ import annotations

from typing import Any

from ..conv import Conv2d, Conv3d, ConvTranspose2d, ConvTranspose3d

__all__ = ["convert_conv2d_weight_memory_format",
           "convert_conv3d_weight_memory_format"]


def convert_conv2d_weight_memory_format(module: Any,
                                        memory_format: Any) -> Any:
    """Lay the weights of all 2d convolutions inside in a memory format."""
    return relaid(module, (Conv2d, ConvTranspose2d), memory_format)


def convert_conv3d_weight_memory_format(module: Any,
                                        memory_format: Any) -> Any:
    """Lay the weights of all 3d convolutions inside in a memory format."""
    return relaid(module, (Conv3d, ConvTranspose3d), memory_format)


def relaid(module: Any, kinds: tuple, memory_format: Any) -> Any:
    for inner in module.modules():
        if isinstance(inner, kinds):
            inner.weight.data = inner.weight.detach().clone(
                memory_format=memory_format)
    return module
