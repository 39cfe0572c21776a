"""Function: an operation whose derivative the user writes."""

from __future__ import annotations

import functools
from typing import Any
from weakref import ref

import numpy as np

from ..modes import modes
from ..node import Node, node_of
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


class Call(Node):
    """The step of one call: gives backward the gradients of all outputs."""

    __slots__ = ("ctx", "backward", "outputs", "called")

    def __init__(self, kind: type, ctx: FunctionCtx, parents: list,
                 outputs: list):
        only = outputs[0].array if len(outputs) == 1 else Parts.array
        super().__init__(only, [(p, None) for p in parents if p is not None],
                         [], kind.__name__ + "Backward")
        self.ctx, self.backward = ctx, kind.backward  # type: ignore
        self.called = parents
        self.outputs = [(y.array.shape, y.array.dtype) for y in outputs]

    def name(self) -> str:
        return self.label

    def pull_back(self, grad: Any) -> list:
        given = grad.by_place if isinstance(grad, Parts) else {0: grad}
        gs = [given.get(i) for i in range(len(self.outputs))]
        if self.ctx.materialize_grads:
            gs = [wrap(np.zeros(*kind)) if g is None else g
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
                    f"expected Variable or None (got {type(piece).__name__})"
                    f" as gradient {i} of {self.label}")
            if piece is None or self.called[i] is None:
                continue
            try:
                np.broadcast_shapes(piece.array.shape, self.called[i].shape)
            except ValueError:
                raise RuntimeError(
                    f"Function {self.label} returned an invalid gradient at "
                    f"index {i} - got {[*piece.shape]} but expected shape "
                    f"compatible with {[*self.called[i].shape]}") from None

    def release(self) -> None:
        if self.saved:
            self.ctx.to_save, self.saved, self.freed = (), (), True


class Output(Node):
    """One of several outputs of a call: passes its gradient on to it."""

    __slots__ = ("call", "place")

    def __init__(self, y: Tensor, call: Call, place: int):
        super().__init__(y.array, [(call, None)], [], call.label)
        self.call, self.place = call, place

    def name(self) -> str:
        return self.label

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

    @classmethod
    def apply(cls, *args: Any) -> Any:
        """Call forward, and record the call."""
        ctx = FunctionCtx()
        nodes = [node_of(x) if isinstance(x, Tensor) else None for x in args]
        ctx.needs_input_grad = tuple(n is not None for n in nodes)
        recording, modes.recording = modes.recording, False
        try:
            if cls.setup_context is Function.setup_context:
                output = cls.forward(ctx, *args)
            else:
                output = cls.forward(*args)
                cls.setup_context(ctx, args, output)
        finally:
            modes.recording = recording
        several = isinstance(output, (tuple, list))
        outputs = [fresh(y, args, ctx)
                   for y in (output if several else [output])]
        if recording and any(ctx.needs_input_grad):
            connect(cls, ctx, nodes, outputs)
        else:
            ctx.to_save = ()
        return type(output)(outputs) if several else outputs[0]


def fresh(y: Any, args: tuple, ctx: FunctionCtx) -> Any:
    """An output of forward; an input that is handed on gets an alias."""
    if not isinstance(y, Tensor):
        return y
    if any(y is x for x in ctx.dirty):
        y.version[0] += 1
        return y
    return y.detach() if any(y is x for x in args) else y


def connect(kind: type, ctx: FunctionCtx, nodes: list,
            outputs: list) -> None:
    """Give the outputs the node of the call."""
    smooth = [y for y in outputs if isinstance(y, Tensor)
              and y.array.dtype.kind in "fc"
              and not any(y is x for x in ctx.non_differentiable)]
    places = [y for y in outputs if isinstance(y, Tensor)]
    if not smooth:
        return
    call = Call(kind, ctx, nodes, places)
    if len(places) == 1:
        places[0]._node = call
    else:
        for y in smooth:
            place = next(i for i, p in enumerate(places) if p is y)
            y._node = Output(y, call, place)
    ctx.to_save = tuple(as_saved(x, places) for x in ctx.to_save)
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
