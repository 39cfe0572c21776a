"""torch.nn.modules.utils: one number for every dimension, and a prefix taken
off the names of a state."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from itertools import repeat
from typing import Any

__all__ = ["consume_prefix_in_state_dict_if_present"]


def _ntuple(n: int, name: str = "parse") -> Callable[[Any], tuple]:
    """A function: x -> (x, x, …), n times; a series x -> the tuple of it"""

    def parse(x: Any) -> tuple:
        return tuple(x) if isinstance(x, Iterable) else tuple(repeat(x, n))

    parse.__name__ = name
    return parse


_single = _ntuple(1, "_single")
_pair = _ntuple(2, "_pair")
_triple = _ntuple(3, "_triple")
_quadruple = _ntuple(4, "_quadruple")


def _reverse_repeat_tuple(t: Any, n: int) -> tuple:
    """(a, b) -> (b, b, a, a) for n = 2: a padding as F.pad reads it"""
    return tuple(x for x in reversed(t) for _ in range(n))


def _list_with_default(out_size: Any, defaults: Any) -> Any:
    """The sizes asked for, None where the input's own size is kept."""
    if isinstance(out_size, int):
        return out_size
    if len(defaults) <= len(out_size):
        raise ValueError(
            f"Input dimension should be at least {len(out_size) + 1}")
    kept = defaults[-len(out_size):]
    return [own if n is None else n
            for n, own in zip(out_size, kept, strict=True)]


def consume_prefix_in_state_dict_if_present(state_dict: dict,
                                            prefix: str) -> None:
    """Take a prefix (`module.` of DataParallel) off the names, in place."""
    for key in list(state_dict):
        if key.startswith(prefix):
            state_dict[key[len(prefix):]] = state_dict.pop(key)
    metadata: dict = getattr(state_dict, "_metadata", {})
    for key in list(metadata):
        # torch: the network itself is "" or, below a prefix, "module"
        if key and (key == prefix.replace(".", "") or key.startswith(prefix)):
            metadata[key[len(prefix):]] = metadata.pop(key)
