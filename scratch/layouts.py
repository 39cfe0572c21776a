"""How numbers lie in memory: layouts and memory formats, by name."""

from __future__ import annotations


class layout:
    """How a tensor is stored; here always with strides."""

    def __init__(self, name: str):
        self.name = name

    def __repr__(self) -> str:
        return f"torch.{self.name}"

    def __reduce__(self) -> str:
        return self.name  # pickled by reference, as a global of this module


class memory_format(layout):
    """The order of the dimensions in memory."""


strided = layout("strided")
contiguous_format = memory_format("contiguous_format")
preserve_format = memory_format("preserve_format")
channels_last = memory_format("channels_last")
