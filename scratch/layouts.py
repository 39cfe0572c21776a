"""How numbers lie in memory: layouts and memory formats, by name."""

from __future__ import annotations

from typing import Any

import numpy as np

from .kernels.memory import order_of


class layout:
    """How a tensor is stored; here always with strides: the others are
    names only."""

    def __init__(self, name: str):
        self.name = name

    def __repr__(self) -> str:
        return f"torch.{self.name}"

    def __reduce__(self) -> str:
        return self.name  # pickled by reference, as a global of this module


class memory_format(layout):
    """The order of the dimensions in memory."""


strided = layout("strided")
sparse_coo = layout("sparse_coo")
sparse_csr = layout("sparse_csr")
sparse_csc = layout("sparse_csc")
sparse_bsr = layout("sparse_bsr")
sparse_bsc = layout("sparse_bsc")
jagged = layout("jagged")
contiguous_format = memory_format("contiguous_format")
preserve_format = memory_format("preserve_format")
channels_last = memory_format("channels_last")
channels_last_3d = memory_format("channels_last_3d")
AXES = {"channels_last": 4, "channels_last_3d": 5}


def check_strided(given: Any, function: str) -> None:
    """Refuse a layout that this library has no tensors of."""
    if given is None or given is strided:
        return
    if type(given) is not layout:
        raise TypeError(f"{function}(): argument 'layout' must be torch."
                        f"layout, not {type(given).__name__}")
    raise NotImplementedError(
        f"{function}(): layout={given} was asked for, but all tensors of "
        "this library are torch.strided")


def lies(a: np.ndarray, form: Any) -> bool:
    """Whether a lies in memory as the format says."""
    axes = AXES.get(form.name)
    if axes is None:
        return a.flags.c_contiguous
    return a.ndim == axes and np.moveaxis(a, 1, -1).flags.c_contiguous


def format_of(a: np.ndarray) -> memory_format:
    """How a lies: with the channels last, or else as if in rows."""
    for form in (channels_last, channels_last_3d):
        if lies(a, form):
            return form
    return contiguous_format


def laid(a: np.ndarray, form: Any, fresh: bool = False) -> np.ndarray:
    """a in a memory format, copied only where it must be, or if `fresh`.

    None and preserve_format: as it lies. channels_last: the numbers of an
    image's channels side by side.
    """
    if form is not None and not isinstance(form, memory_format):
        raise TypeError("argument 'memory_format' must be torch."
                        f"memory_format, not {type(form).__name__}")
    if form is None or form is preserve_format:
        order: Any = "C" if a.flags.c_contiguous else order_of(a)
        return a.copy(order) if fresh else a
    axes = AXES.get(form.name)
    if axes is not None and a.ndim != axes:
        raise RuntimeError(
            f"required rank {axes} tensor to use {form.name} format")
    if not fresh and lies(a, form):
        return a
    if axes is None:
        return a.copy("C")
    return np.moveaxis(np.moveaxis(a, 1, -1).copy("C"), -1, 1)
