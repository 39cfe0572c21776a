"""safetensors files, through their library, where it is installed."""

from __future__ import annotations

import os
from collections.abc import Mapping

import numpy as np

from scratch import dtypes
from scratch.serialization.archive import LoadError
from scratch.serialization.files import replacing
from scratch.tensor import Tensor, wrap


def save_safetensors(
    tensors: Mapping[str, Tensor],
    path: str | os.PathLike,
    metadata: dict[str, str] | None = None,
) -> None:
    """Write a dict of tensors, a state_dict for one, to a safetensors file."""
    from safetensors.numpy import save

    for name, x in tensors.items():
        if not (isinstance(name, str) and isinstance(x, Tensor)):
            raise TypeError(
                "save_safetensors expects a dict of str to Tensor, but got "
                f"{name!r}: {type(x).__name__}"
            )
    arrays = {k: np.ascontiguousarray(x.array) for k, x in tensors.items()}
    # A 0-dim array comes back from ascontiguousarray with one dimension.
    arrays = {k: a.reshape(tensors[k].shape) for k, a in arrays.items()}
    data = save(arrays, metadata)
    with replacing(path) as put:
        put(data)


def load_safetensors(path: str | os.PathLike) -> dict[str, Tensor]:
    """The tensors of a safetensors file by their names."""
    from safetensors import SafetensorError
    from safetensors.numpy import load

    with open(path, "rb") as file:
        data = file.read()
    try:
        arrays = load(data)
        for array in arrays.values():
            dtypes.of(array.dtype)
    except (SafetensorError, TypeError, KeyError, AttributeError) as error:
        raise LoadError(f"{os.fspath(path)!r}: {error}") from error
    return {name: wrap(array.copy()) for name, array in arrays.items()}
