"""What a step saves for backward, handed to the hooks that are in force.

saved_tensors_hooks (autograd/graph.py) says how: pack(tensor) gives what is
kept instead of the tensor, unpack gives the tensor back when a rule reads it.
A rule holds its tensors in its closure, so the closure is written anew.
"""

from __future__ import annotations

from functools import partial
from types import CellType, FunctionType
from typing import Any

from .modes import modes
from .node import node_of, standing_at
from .tensor import Tensor

MODIFIED = (
    "A saved tensor pack hook is modifying its input in place. Tensors "
    "provided as input to pack hook cannot be modified by in-place "
    "operations as this can lead to unexpected side-effects. Please open an "
    "issue if you need to perform in-place operations on the input to a pack "
    "hook.")


class Packed:
    """Stands where a tensor was saved.

    node: the tensor's place in the graph, which it takes again
    own: the tensor is its own step's result: the step gives it its place
    """

    _view = None

    def __init__(self, x: Tensor, node: Any, own: bool = False):
        pack, self.unpack = modes.packing[-1]
        self.version, self.node = [0], None if own else node
        given = standing_at(node, x) if own else x
        before, recording = given.version[0], modes.recording
        modes.recording = False
        try:
            kept = pack(given)
        finally:
            modes.recording = recording
        if given.version[0] != before:
            raise RuntimeError(MODIFIED)
        # torch: a result kept as it is would hold its step, and that it
        self.kept = x.detach() if own and kept is given else kept

    def tensor(self) -> Tensor:
        """The tensor again, as unpack gives it."""
        recording, modes.recording = modes.recording, False
        try:
            x = self.unpack(self.kept)
        finally:
            modes.recording = recording
        if not isinstance(x, Tensor):
            raise TypeError(
                "Output of saved tensor unpack_hook expected to be a Tensor "
                f"but got result of type {type(x).__name__}")
        return x if self.node is None else standing_at(self.node, x)

    def detach(self) -> Tensor:
        """As of the tensor."""
        return self.tensor().detach()


class PackedRule:
    """A rule whose tensors are packed until it is called."""

    def __init__(self, rule: Any, saved: set[int], packed: list):
        def pack(value: Any) -> Any:
            if not (isinstance(value, Tensor) and id(value) in saved):
                return value
            node = node_of(value)
            if value.array.ndim == 0 and node is None:
                return value  # torch: a number goes by itself
            packed.append(Packed(value, node))
            return packed[-1]

        self.rule = swapped(rule, pack)

    def __call__(self, *gradients: Any) -> Any:
        return swapped(self.rule, unpacked)(*gradients)


def unpacked(value: Any) -> Any:
    """The tensor of what is packed; all else as it is."""
    return value.tensor() if isinstance(value, Packed) else value


def pack_step(node: Any) -> None:
    """Hand what a new step saves to the hooks, and keep what they give."""
    saved = {id(x) for x, _ in node.saved}
    packed: list[Packed] = []
    node.edges = [(parent, PackedRule(rule, saved, packed))
                  for parent, rule in node.edges]
    if node.kept is not None:
        node.kept = Packed(node.kept, node, own=True)
        packed.append(node.kept)
    # torch: a change in place of what is packed is not noticed
    node.saved = [(x, 0) for x in packed]


def swapped(value: Any, change: Any, inside: tuple = ()) -> Any:
    """The value, a function for instance, with what it holds changed."""
    new = change(value)
    if new is not value or id(value) in inside:
        return new
    inside += (id(value),)
    if type(value) in (tuple, list):
        parts = [swapped(part, change, inside) for part in value]
        return value if same(parts, value) else type(value)(parts)
    if type(value) is partial:
        parts = [swapped(part, change, inside) for part in value.args]
        return value if same(parts, value.args) else partial(
            value.func, *parts, **value.keywords)
    if type(value) is not FunctionType or not value.__closure__:
        return value
    cells = []
    for cell in value.__closure__:
        held = contents(cell)
        now = swapped(held, change, inside)
        cells.append(cell if now is held else CellType(now))
    if same(cells, value.__closure__):
        return value
    twin = FunctionType(value.__code__, value.__globals__, value.__name__,
                        value.__defaults__, tuple(cells))
    twin.__kwdefaults__ = value.__kwdefaults__
    return twin


def contents(cell: CellType) -> Any:
    """What a cell of a closure holds; None if it was never filled."""
    try:
        return cell.cell_contents
    except ValueError:
        return None


def same(parts: Any, others: Any) -> bool:
    """Whether all parts are the very objects that the others are."""
    return all(a is b for a, b in zip(parts, others))
