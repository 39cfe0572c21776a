"""The nodes of the graph: what a step came from, how a gradient goes back."""

from __future__ import annotations

from functools import cache
from itertools import count
from typing import Any
from weakref import ref

from .modes import modes
from .traces import Trace

_births = count(1).__next__
# steps that torch names as classes of its own
OWN = {"CopySlices", "CopyBackwards", "NotImplemented"}


def now() -> int:
    """A birth between those of the nodes so far and of all to come."""
    return _births()


class Node:
    """One recorded step.

    edges: (parent, rule) for every input that needs a gradient. A rule
        takes the gradient of the step's result to the gradient of that
        input; it is made of differentiable operations, so it can itself be
        recorded. Several parents with one rule: it returns one gradient
        for each.
    kept: the tensor of the result, for rules stated in terms of it.
    saved: (tensor, its version) for everything that the rules will read.
    birth: nodes are numbered as they are made; parents are always older.
    trace: in anomaly mode, where the step was called.
    """

    __slots__ = ("birth", "shape", "dtype", "edges", "kept", "saved",
                 "label", "hooks", "freed", "trace", "metadata",
                 "__weakref__")
    is_leaf = False

    def __init__(self, array: Any, edges: Any, saved: Any, label: str):
        self.birth = _births()
        self.shape, self.dtype = array.shape, array.dtype
        self.edges, self.saved, self.label = edges, saved, label
        self.kept: Any = None
        self.hooks: Any = None
        self.freed = False
        self.trace = Trace() if modes.anomaly else None

    def pull_back(self, grad: Any) -> list:
        """(parent, gradient) for every input, from the result's gradient."""
        if self.kept is None:
            return [(parent, rule(grad)) for parent, rule in self.edges]
        result = standing_at(self, self.kept)
        return [(parent, rule(grad, result)) for parent, rule in self.edges]

    def check(self) -> None:
        """Refuse a graph used twice, and a saved tensor that was changed."""
        if self.freed:
            raise RuntimeError(
                "Trying to backward through the graph a second time (or "
                "directly access saved tensors after they have already been"
                " freed). Saved intermediate values of the graph are freed "
                "when you call .backward() or autograd.grad(). Specify "
                "retain_graph=True if you need to backward through the graph"
                " a second time or if you need to access saved tensors after"
                " calling backward.")
        for x, version in self.saved:
            if x.version[0] != version:
                maker = self if x is self.kept else x._node
                raise RuntimeError(_changed(x, version, maker))

    def release(self) -> None:
        """Let go of what was saved; a step that saved nothing stays."""
        if self.saved:
            self.edges = [(parent, None) for parent, _ in self.edges]
            self.saved, self.kept, self.freed = (), None, True

    # ---- what torch shows of a node

    def name(self) -> str:
        """torch's name of the step: MulBackward0."""
        if self.label in OWN:
            return "torch::autograd::" + self.label
        if self.label.endswith((*"01234", "Backward", "_copy")):
            return self.label
        words = self.label.split(".")[0].strip("_").split("_")
        return "".join(w[:1].upper() + w[1:] for w in words) + "Backward0"

    @property
    def next_functions(self) -> tuple:
        """The steps that made the inputs."""
        parents: list = []
        for parent, _ in self.edges:
            parents += parent if type(parent) is tuple else [parent]
        return tuple(
            (None if parent is None else shown(parent), 0)
            for parent in parents)

    def register_hook(self, hook: Any) -> Handle:
        """Call hook(grad_inputs, grad_outputs) after the step's backward."""
        return self._add(hook, "post")

    def register_prehook(self, hook: Any) -> Handle:
        """Call hook(grad_outputs) before the step's backward."""
        return self._add(hook, "pre")

    def _add(self, hook: Any, kind: str) -> Handle:
        if self.hooks is None:
            self.hooks = {}
        return Handle(self.hooks, hook, kind)

    def __repr__(self) -> str:
        return f"<{self.name().split(':')[-1]} object at {hex(id(self))}>"


class Leaf(Node):
    """The start of every path: a tensor nobody computed.

    It holds its tensor weakly: the tensor already holds its leaf.
    """

    __slots__ = ("tensor", "after")
    is_leaf = True

    def __init__(self, tensor: Any):
        super().__init__(tensor.array, (), (), "AccumulateGrad")
        self.tensor = ref(tensor)
        self.after: dict = {}  # hooks to call when the gradient is gathered

    @property
    def variable(self) -> Any:
        """The tensor that gathers the gradient."""
        return self.tensor()

    def name(self) -> str:
        return "torch::autograd::AccumulateGrad"


@cache
def kind(base: type, name: str) -> type:
    """The class of steps of this name."""
    return type(name, (base,), {"__slots__": (), "plain": base})


def shown(node: Node) -> Node:
    """The node as a user sees it: its class has torch's name of the step."""
    base: type = getattr(node, "plain", type(node))
    node.__class__ = kind(base, node.name().split(":")[-1])
    return node


class Handle:
    """What registering a hook returns: `remove()` takes it away again."""

    _ids = count()

    def __init__(self, hooks: dict, hook: Any, kind: str = ""):
        self.id = next(Handle._ids)
        self.hooks_of = hooks
        hooks[self.id] = (kind, hook) if kind else hook

    def remove(self) -> None:
        """Take the hook away."""
        self.hooks_of.pop(self.id, None)

    def __enter__(self) -> Handle:
        return self

    def __exit__(self, *error: Any) -> None:
        self.remove()


class View:
    """How a view came from the tensor that owns its storage.

    base: that tensor;  replay: takes base to the view, as an operation.
    root: the base's node when the view's own node was last made.
    forbids: why the view must not be changed in place, if it must not.
    """

    __slots__ = ("base", "replay", "root", "forbids")

    def __init__(self, base: Any, replay: Any, root: Any, forbids: str):
        self.base, self.replay = base, replay
        self.root, self.forbids = root, forbids


def node_of(x: Any) -> Node | None:
    """The node of x; a view of a base that was written looks again."""
    view = x._view
    if view is None or view.replay is None:
        return x._node
    if view.base._view is not None:
        view.base = view.base._view.base  # it looks at itself another way
    if view.root is not view.base._node:
        view.root = view.base._node
        before, modes.recording = (modes.recording, modes.unasked), True
        modes.unasked = True
        try:
            x._node = view.replay(view.base)._node
        finally:
            modes.recording, modes.unasked = before
        if x._node is not None and not x._node.is_leaf:
            x._node.label = "AsStridedBackward0"  # torch looks again so
    return x._node


def standing_at(node: Node, x: Any) -> Any:
    """The tensor x (outside the graph) as the result of `node`.

    Made anew each time, so that a node never holds its own tensor.
    """
    y = x.detach()
    y._node = node
    return y


def _changed(x: Any, version: int, maker: Node | None) -> str:
    kinds = {"float32": "Float", "float64": "Double", "float16": "Half",
             "int64": "Long", "int32": "Int", "bool": "Bool"}
    number = str(x.array.dtype)
    kind = f"torch.{kinds[number]}Tensor" if number in kinds else (
        f"CPUComplex{'Float' if number == 'complex64' else 'Double'}Type")
    found = f"[{kind} {[*x.array.shape]}]"
    if maker is not None and not maker.is_leaf:
        name = maker.name().removesuffix("Backward0")
        found += f", which is output 0 of {name},"
    hint = (
        "the backtrace further above shows the operation that failed to "
        "compute its gradient. The variable in question was changed in there"
        " or anywhere later. Good luck!" if modes.anomaly else
        "enable anomaly detection to find the operation that failed to "
        "compute its gradient, with torch.autograd.set_detect_anomaly(True, "
        "check_nan=False).")
    return (
        "one of the variables needed for gradient computation has been "
        f"modified by an inplace operation: {found} is at version "
        f"{x.version[0]}; expected version {version} instead. Hint: {hint}")
