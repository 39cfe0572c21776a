"""Function: an operation whose derivative the user writes."""

from __future__ import annotations

import functools
import inspect
import warnings
from typing import Any
from weakref import ref

import numpy as np

from ..graph import view
from ..modes import modes
from ..node import Node, node_of
from ..ops.inplace import check_writable, move
from ..overriding import disabled
from ..saving import Packed, unpacked
from ..tensor import Tensor, wrap


class FunctionCtx:
    """What forward leaves for backward."""

    needs_input_grad: tuple = ()
    materialize_grads = True
    to_save: tuple = ()
    dirty: tuple = ()
    non_differentiable: tuple = ()
    call: Any = None

    def save_for_backward(self, *tensors: Tensor) -> None:
        """Keep tensors; a change of them before backward is noticed."""
        for i, x in enumerate(tensors):
            if x is not None and not isinstance(x, Tensor):
                raise TypeError(
                    "save_for_backward can only save variables, but argument"
                    f" {i} is of type {type(x).__name__}")
        self.to_save = tensors

    save_for_forward = save_for_backward

    @property
    def saved_tensors(self) -> tuple:
        """What save_for_backward was given."""
        call = None if self.call is None else self.call()
        if call is None:
            return self.to_save
        call.check()
        found = (unpacked(x) for x in self.to_save)
        return tuple(x.standing(call) if isinstance(x, SavedOutput) else x
                     for x in found)

    def mark_dirty(self, *args: Tensor) -> None:
        """Say which inputs forward changes in place (and returns)."""
        self.dirty = args

    def mark_non_differentiable(self, *args: Tensor) -> None:
        """Say which outputs have no derivative."""
        self.non_differentiable = args

    def set_materialize_grads(self, value: bool) -> None:
        """Whether an output without gradient hands backward zeros."""
        self.materialize_grads = value


class Own(Node):
    """A step of a custom function. torch: the context and the step are one
    object, so what one has, the other shows."""

    __slots__ = ("ctx",)

    def __getattr__(self, name: str) -> Any:
        return getattr(self.ctx, name)

    def __setattr__(self, name: str, value: Any) -> None:
        own = hasattr(type(self), name)
        object.__setattr__(self if own else self.ctx, name, value)

    def name(self) -> str:
        return self.label


class Call(Own):
    """The step of one call: gives backward the gradients of all outputs."""

    __slots__ = ("backward", "outputs", "called")

    def __init__(self, kind: type, ctx: FunctionCtx, parents: list,
                 outputs: list):
        only = outputs[0].array if len(outputs) == 1 else Parts.array
        self.ctx = ctx
        super().__init__(only, [(p, None) for p in parents if p is not None],
                         [], kind.__name__ + "Backward")
        self.backward = kind.backward  # type: ignore[attr-defined]
        self.called = parents
        self.outputs = [(y.array.shape, y.array.dtype) if isinstance(
            y, Tensor) else None for y in outputs]

    def pull_back(self, grad: Any) -> list:
        given = grad.by_place if isinstance(grad, Parts) else {0: grad}
        gs = [given.get(i) for i in range(len(self.outputs))]
        if self.ctx.materialize_grads:
            gs = [wrap(np.zeros(*kind)) if g is None and kind else g
                  for g, kind in zip(gs, self.outputs)]
        result = self.backward(self.ctx, *gs)
        pieces = result if isinstance(result, tuple) else (result,)
        self.check_pieces(pieces)
        return [(parent, piece) for parent, piece
                in zip(self.called, pieces) if parent is not None]

    def check_pieces(self, pieces: tuple) -> None:
        n, most = len(self.called), len(pieces)
        extra = pieces[n:]
        if most < n or any(piece is not None for piece in extra):
            raise RuntimeError(
                f"function {self.label} returned an incorrect number of "
                f"gradients (expected {n}, got {most})")
        for i, piece in enumerate(pieces[:n]):
            if piece is not None and not isinstance(piece, Tensor):
                raise RuntimeError(
                    f"expected Variable or None (got {type(piece).__name__})")
            if piece is None or self.called[i] is None:
                continue
            shape, wanted = piece.array.shape, self.called[i].shape
            last = shape[len(shape) - len(wanted):]
            if len(shape) < len(wanted) or any(
                    n not in (1, m) for n, m in zip(wanted, last)):
                raise RuntimeError(
                    f"Function {self.label} returned an invalid gradient at "
                    f"index {i} - got {[*shape]} but expected shape "
                    f"compatible with {[*wanted]}")

    def release(self) -> None:
        if self.saved:
            self.ctx.to_save, self.saved, self.freed = (), (), True


class Output(Own):
    """One of several outputs of a call: passes its gradient on to it."""

    __slots__ = ("call", "place")

    def __init__(self, y: Tensor, call: Call, place: int):
        self.ctx = call.ctx
        super().__init__(y.array, [(call, None)], [], call.label)
        self.call, self.place = call, place

    def pull_back(self, grad: Any) -> list:
        return [(self.call, Parts({self.place: grad}))]


class Parts:
    """The gradients of a call's outputs, as they come in."""

    class array:
        shape, dtype = (), None

    def __init__(self, by_place: dict):
        self.by_place = by_place

    def __add__(self, other: Parts) -> Parts:
        both = dict(self.by_place)
        for place, g in other.by_place.items():
            both[place] = both[place] + g if place in both else g
        return Parts(both)


class Function:
    """An operation with a derivative of its own.

    A subclass writes `forward(ctx, *args)` and `backward(ctx, *grads)`
    (or `forward(*args)` and `setup_context(ctx, inputs, output)`), and is
    called by `apply`.
    """

    @staticmethod
    def forward(*args: Any, **kwargs: Any) -> Any:
        """Compute the outputs; nothing inside is recorded."""
        raise NotImplementedError(
            "You must implement the forward function for custom "
            "autograd.Function.")

    @staticmethod
    def backward(ctx: Any, *grad_outputs: Any) -> Any:
        """One gradient (or None) for every argument of forward."""
        raise NotImplementedError(
            "You must implement either the backward or vjp method for your "
            "custom autograd.Function to use it with backward mode AD.")

    @staticmethod
    def setup_context(ctx: Any, inputs: tuple, output: Any) -> None:
        """Save for backward, where forward takes no ctx."""
        raise NotImplementedError("setup_context is not implemented.")

    def __init__(self, *args: Any, **kwargs: Any):
        warnings.warn(
            f"{type(self)} should not be instantiated. Methods on autograd "
            "functions are all static, so you should invoke them on the "
            "class itself. Instantiating an autograd function will raise an "
            "error in a future version of PyTorch.", DeprecationWarning,
            stacklevel=2)

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        raise RuntimeError(
            "Legacy autograd function with non-static forward method is "
            "deprecated. Please use new-style autograd function with static "
            "forward method. (Example: https://pytorch.org/docs/stable/"
            "autograd.html#torch.autograd.Function)")

    @classmethod
    def apply(cls, *args: Any, **kwargs: Any) -> Any:
        """Call forward, and record the call."""
        ctx = FunctionCtx()
        apart = cls.setup_context is not Function.setup_context
        if kwargs:
            args = in_order(cls.forward, 0 if apart else 1, args, kwargs)
        nodes = [node_of(x) if isinstance(x, Tensor) else None for x in args]
        ctx.needs_input_grad = tuple(n is not None for n in nodes)
        recording, modes.recording = modes.recording, False
        try:
            output = cls.forward(*args) if apart else cls.forward(ctx, *args)
            if apart:
                cls.setup_context(ctx, args, output)
        finally:
            modes.recording = recording
        several = isinstance(output, tuple)
        given = output if several else [output]
        recording = recording and any(ctx.needs_input_grad)
        check_dirty(ctx, given, recording)
        outputs = [handed_on(y, args, ctx) for y in given]
        if recording:
            connect(cls, ctx, nodes, outputs)
        else:
            ctx.to_save = ()
        return tuple(outputs) if several else outputs[0]


def in_order(forward: Any, skip: int, args: tuple, named: dict) -> tuple:
    """The arguments with those given by name in their places; torch: each
    place before these has to be given as well."""
    names = [p.name for p in inspect.signature(forward).parameters.values()
             if p.kind is p.POSITIONAL_OR_KEYWORD][skip:]
    for name in named:
        if name not in names:
            raise TypeError("forward() got an unexpected keyword argument "
                            f"'{name}'")
        if name in names[:len(args)]:
            raise TypeError("forward() got multiple values for argument "
                            f"'{name}'")
    last = max(map(names.index, named))
    for place, name in enumerate(names[len(args):last + 1], len(args)):
        if name not in named:
            raise TypeError(f"forward() missing required argument: '{name}' "
                            f"(position {place})")
        args = (*args, named[name])
    return args


def check_dirty(ctx: FunctionCtx, outputs: Any, recording: bool) -> None:
    """Refuse a change that is not allowed, or is not returned."""
    for x in ctx.dirty:
        if not any(y is x for y in outputs):
            raise RuntimeError(
                "Some elements marked as dirty during the forward method "
                "were not returned as output. The inputs that are modified "
                "inplace must all be outputs of the Function.")
        if recording and x._node is not None and x._node.is_leaf:
            raise RuntimeError("a leaf Variable that requires grad has been "
                               "used in an in-place operation.")
        if recording:
            check_writable(x, overlapping=False)
        x.version[0] += 1


def handed_on(y: Any, args: tuple, ctx: FunctionCtx) -> Any:
    """An output of forward; an input that comes back is a view of itself."""
    if not any(y is x for x in args if isinstance(x, Tensor)) or any(
            y is x for x in ctx.dirty):
        return y
    recording, modes.recording = modes.recording, False
    other = view(y, y.array, lambda g: g, lambda base: base.view_as(base))
    modes.recording = recording
    return other


def connect(kind: type, ctx: FunctionCtx, nodes: list,
            outputs: list) -> None:
    """Give the outputs the node of the call."""
    smooth = [y for y in outputs if isinstance(y, Tensor)
              and y.array.dtype.kind in "fc"
              and not any(y is x for x in ctx.non_differentiable)]
    if not smooth:
        return
    call = Call(kind, ctx, nodes, outputs)
    for y in smooth:
        place = next(i for i, p in enumerate(outputs) if p is y)
        node = call if len(outputs) == 1 else Output(y, call, place)
        if y._view is not None and any(y is x for x in ctx.dirty):
            result = wrap(y.array)
            result._node = node
            move(y, result)
            continue
        if y._view is not None:
            node_of(y)  # as its base stands now
            y._view.forbids = "custom" if len(smooth) == 1 else "several"
        y._node = node
    ctx.to_save = tuple(as_saved(x, outputs) for x in ctx.to_save)
    if modes.packing:
        ctx.to_save = tuple(packed(x) for x in ctx.to_save)
    call.saved = [(x, x.version[0]) for x in ctx.to_save if x is not None]
    ctx.call = ref(call)


class SavedOutput(Tensor):
    """A saved output: outside the graph, so that no cycle forms; it takes
    its place there again when backward asks for it."""

    place: int
    alone: bool
    __torch_function__ = disabled  # type: ignore[assignment]

    def standing(self, call: Call) -> Tensor:
        y = self.detach()
        y._node = call if self.alone else Output(y, call, self.place)
        return y


def as_saved(x: Any, outputs: list) -> Any:
    """What the context keeps of a tensor to be saved."""
    place = next((i for i, y in enumerate(outputs) if y is x), None)
    if place is None:
        return x
    return saved_output(x, place, len(outputs) == 1)


def saved_output(x: Tensor, place: int, alone: bool) -> SavedOutput:
    saved = object.__new__(SavedOutput)
    saved.array, saved.version = x.array, x.version
    saved.place, saved.alone = place, alone
    return saved


def packed(x: Any) -> Any:
    """A saved tensor as the hooks for saved tensors keep it."""
    if isinstance(x, SavedOutput):
        return PackedOutput(x, None)
    return x if x is None else Packed(x, node_of(x))


class PackedOutput(Packed):
    """An output that is packed: unpacked it knows again whose it is."""

    def __init__(self, x: SavedOutput, node: Any):
        super().__init__(x.detach(), node)
        self.output = x.place, x.alone

    def tensor(self) -> Tensor:
        """The output again, outside the graph as yet."""
        x = super().tensor()
        return saved_output(x, *self.output)


def once_differentiable(backward: Any) -> Any:
    """Decorate a backward that cannot itself be differentiated."""

    @functools.wraps(backward)
    def call(ctx: Any, *grads: Any) -> Any:
        recording, modes.recording = modes.recording, False
        try:
            result = backward(ctx, *grads)
        finally:
            modes.recording = recording
        asked = any(isinstance(g, Tensor) and g.requires_grad for g in grads)
        if not (recording and asked):
            return result
        single = not isinstance(result, tuple)
        pieces = tuple(Refused.apply(g) if isinstance(g, Tensor) else g
                       for g in ((result,) if single else result))
        return pieces[0] if single else pieces

    return call


class Refused(Function):
    """Stands where a second derivative was said not to exist."""

    @classmethod
    def apply(cls, g: Tensor) -> Tensor:  # type: ignore[override]
        y = g.detach()
        ctx = FunctionCtx()
        call = Call(cls, ctx, [], [y])
        y._node = call
        return y

    @staticmethod
    def backward(ctx: Any, *grads: Any) -> Any:
        raise RuntimeError(
            "trying to differentiate twice a function that was marked with "
            "@once_differentiable")
