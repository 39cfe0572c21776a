"""What a transform hands out, apart from the graph it makes for itself."""

from __future__ import annotations

from typing import Any

from ..modes import modes
from ..node import Node, node_of, now
from ..tensor import Tensor
from .trees import leaves, rebuild


class Level:
    """The graph of one run of a transform: the steps made since it began.

    A result stays in the graph if it also depends on what was there before:
    on an input that asks for a gradient, or on a tensor that the function
    knew. It leaves it if the transform was called where nothing is recorded.
    """

    def __init__(self) -> None:
        self.since = now()
        self.recording = modes.recording
        self.inner: set[Node] = set()  # found to depend on nothing outside

    def out(self, tree: Any) -> Any:
        """The tensors of a result as the caller is to have them."""
        return rebuild(tree, (x if self.keeps(x) else x.detach()
                              for x in leaves(tree)))

    def keeps(self, x: Tensor) -> bool:
        """Whether x depends on something from outside."""
        node = node_of(x)
        if node is None or not self.recording:
            return False
        waiting, seen = [node], set(self.inner)
        while waiting:
            node = waiting.pop()
            if node in seen:
                continue
            if node.birth <= self.since:
                return True
            seen.add(node)
            for parent, _ in node.edges:
                several = parent if type(parent) is tuple else (parent,)
                waiting += [p for p in several if p is not None]
        self.inner = seen
        return False
