"""From a list of samples to one batch: a new first dimension everywhere."""

from __future__ import annotations

import copy
from collections.abc import (
    Callable,
    Mapping,
    MutableMapping,
    MutableSequence,
    Sequence,
)
from typing import Any

import numpy as np

from scratch.dtypes import float64
from scratch.ops.combine import stack
from scratch.ops.creation import as_tensor, tensor
from scratch.overriding import door_of
from scratch.tensor import Tensor

Collators = dict[type | tuple[type, ...], Callable]

UNKNOWN = (
    "default_collate: batch must contain tensors, numpy arrays, numbers, "
    "dicts or lists; found {}"
)


def collate(batch: Any, *, collate_fn_map: Collators | None = None) -> Any:
    """Batch by the kind of the first sample: the map's function for it, or,
    for a dict, a tuple or a list, member by member."""
    first = batch[0]
    for kind in _kinds(first, collate_fn_map or {}):
        return collate_fn_map[kind](batch, collate_fn_map=collate_fn_map)  # type: ignore[index]

    def join(samples: Sequence) -> Any:
        return collate(samples, collate_fn_map=collate_fn_map)

    if isinstance(first, Mapping):
        return _like_mapping(first, lambda k: join([item[k] for item in batch]))
    if isinstance(first, tuple) and hasattr(first, "_fields"):
        return type(first)(*map(join, zip(*batch)))
    if isinstance(first, Sequence):
        if any(len(sample) != len(first) for sample in batch):
            raise RuntimeError(
                "each element in list of batch should be of equal size"
            )
        return _like_sequence(first, list(map(join, zip(*batch))))
    raise TypeError(UNKNOWN.format(type(first)))


def default_convert(data: Any) -> Any:
    """NumPy arrays inside any container become tensors; the rest stays."""
    if isinstance(data, Tensor):
        return data
    if isinstance(data, np.ndarray | np.generic):
        return data if data.dtype.kind in "SaUO" else as_tensor(data)
    if isinstance(data, Mapping):
        return _like_mapping(data, lambda key: default_convert(data[key]))
    if isinstance(data, tuple) and hasattr(data, "_fields"):
        return type(data)(*map(default_convert, data))
    if isinstance(data, Sequence) and not isinstance(data, str | bytes):
        return _like_sequence(data, list(map(default_convert, data)))
    return data


def default_collate(batch: Any) -> Any:
    """Tensors, arrays and numbers are stacked, strings left, containers
    batched member by member."""
    return collate(batch, collate_fn_map=default_collate_fn_map)


def _kinds(first: Any, known: Collators) -> list:
    """The map's keys that fit a sample, its own type first."""
    exact: list = [kind for kind in known if kind is type(first)]
    return exact or [kind for kind in known if isinstance(first, kind)]


def _like_mapping(model: Mapping, value: Callable[[Any], Any]) -> Any:
    """A mapping of the model's kind with a new value at every key."""
    items = {key: value(key) for key in model}
    try:
        if not isinstance(model, MutableMapping):
            return type(model)(items)  # type: ignore[call-arg]
        clone = copy.copy(model)  # keeps what else such a mapping carries
        clone.update(items)
        return clone
    except TypeError:
        return items


def _like_sequence(model: Sequence, items: list) -> Any:
    """A sequence of the model's kind; torch: a tuple becomes a list."""
    if isinstance(model, tuple):
        return items
    try:
        if not isinstance(model, MutableSequence):
            return type(model)(items)  # type: ignore[call-arg]
        clone = copy.copy(model)
        for i, item in enumerate(items):
            clone[i] = item
        return clone
    except TypeError:
        return items


def collate_tensor_fn(
    batch: Sequence[Tensor], *, collate_fn_map: Collators | None = None
) -> Tensor:
    """(*) each -> (N, *)"""
    return door_of(stack)(list(batch), 0)


def collate_numpy_array_fn(
    batch: Sequence, *, collate_fn_map: Collators | None = None
) -> Any:
    """Arrays of numbers, through tensors that share their memory."""
    if batch[0].dtype.kind in "SaUO":
        raise TypeError(UNKNOWN.format(batch[0].dtype))
    return collate(list(map(as_tensor, batch)), collate_fn_map=collate_fn_map)


def collate_numpy_scalar_fn(
    batch: Sequence, *, collate_fn_map: Collators | None = None
) -> Tensor:
    """NumPy's numbers keep their dtype."""
    return as_tensor(batch)


def collate_float_fn(
    batch: Sequence, *, collate_fn_map: Collators | None = None
) -> Tensor:
    """torch: Python's floats become float64, whatever the default is."""
    return tensor(batch, dtype=float64)


def collate_int_fn(
    batch: Sequence, *, collate_fn_map: Collators | None = None
) -> Tensor:
    """Python's integers become int64."""
    return tensor(batch)


def collate_str_fn(
    batch: Sequence, *, collate_fn_map: Collators | None = None
) -> Sequence:
    """Strings stay as they are."""
    return batch


default_collate_fn_map: Collators = {
    Tensor: collate_tensor_fn,
    np.ndarray: collate_numpy_array_fn,
    (np.bool_, np.number, np.object_): collate_numpy_scalar_fn,
    float: collate_float_fn,
    int: collate_int_fn,
    str: collate_str_fn,
    bytes: collate_str_fn,
}
