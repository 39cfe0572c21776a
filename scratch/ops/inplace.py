"""In place: a tensor takes over the values and the history of a result.

x.mul_(y) writes x's storage, counts its version up, and gives x the node
of the product. Where x is a view, its base gets a node as well: the base
with the viewed part replaced (CopySlices); every other view of the base
looks at it anew when it is next asked for its node.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from .. import dtypes
from ..graph import alias, record
from ..misfits import misfit
from ..modes import modes
from ..node import node_of
from ..tensor import Tensor, wrap
from .numbers import number_in
from .operands import check_broadcast, check_tensor, torch_name

__all__ = ["detach", "fill"]
METHODS = "copy_ fill_ zero_ detach_".split()
IN_PLACE: list[str] = []


def check_writable(x: Tensor, overlapping: bool = True) -> None:
    """Refuse what torch refuses to change in place.

    overlapping: also where several elements are one place in memory.
    """
    view = x._view
    node = node_of(x)
    if modes.recording and node is not None:
        base = x if view is None else view.base
        if node.is_leaf:
            raise RuntimeError("a leaf Variable that requires grad is being "
                               "used in an in-place operation.")
        if base._node is not None and base._node.is_leaf:
            if view is not None and view.forbids == "no_grad":
                raise RuntimeError(_NO_GRAD_VIEW)
            raise RuntimeError("a view of a leaf Variable that requires grad"
                               " is being used in an in-place operation.")
        if view is not None and view.forbids:
            maker = node.name().removesuffix("0").removesuffix("Backward")
            why = _CUSTOM if view.forbids == "custom" else _SEVERAL
            raise RuntimeError(
                f"Output {getattr(node, 'place', 0)} of {maker} is a view "
                f"and is being modified inplace. {why}")
    elif modes.recording and view is not None and (
            view.forbids == "no_grad" and view.base.requires_grad):
        raise RuntimeError(_NO_GRAD_VIEW)
    a = x.array
    if overlapping and a.size and 0 in a.strides and any(
            s == 0 and n > 1 for s, n in zip(a.strides, a.shape)):
        raise RuntimeError(
            "unsupported operation: more than one element of the written-to "
            "tensor refers to a single memory location. Please clone() the "
            "tensor before performing the operation.")


def check_overlap(a: np.ndarray, b: np.ndarray, apart: bool = False
                  ) -> None:
    """Refuse to write a while b, which lies partly in it, is read.

    apart: also where b is a.
    """
    if (a is b and not apart) or not np.may_share_memory(a, b) or not (
            dense(a) and dense(b)):
        return  # torch: where elements lie apart it does not look
    if apart or a.strides != b.strides or a.ctypes.data != b.ctypes.data:
        raise RuntimeError(
            "unsupported operation: some elements of the input tensor and "
            "the written-to tensor refer to a single memory location. "
            "Please clone() the tensor before performing the operation.")


def dense(a: np.ndarray) -> bool:
    """Whether the elements fill one piece of memory, in whatever order."""
    step = a.itemsize
    for stride, n in sorted(zip(a.strides, a.shape)):
        if n != 1:
            if stride != step:
                return False
            step *= n
    return True


_SEVERAL = (
    "This view is the output of a function that returns multiple views. Such"
    " functions do not allow the output views to be modified inplace. You "
    "should replace the inplace operation by an out-of-place one.")
_CUSTOM = (
    "This view was created inside a custom Function (or because an input was"
    " returned as-is) and the autograd logic to handle view+inplace would "
    "override the custom backward associated with the custom Function, "
    "leading to incorrect gradients. This behavior is forbidden. You can fix"
    " this by cloning the output of the custom Function.")
_NO_GRAD_VIEW = (
    "A view was created in no_grad mode and is being modified inplace with "
    "grad mode enabled. Given that this use case is ambiguous and "
    "error-prone, it is forbidden. You can clarify your code by moving both "
    "the view and the inplace either both inside the no_grad block (if you "
    "don't want the inplace to be tracked) or both outside (if you want the "
    "inplace to be tracked).")


def write(x: Tensor, result: Tensor) -> Tensor:
    """x takes over the result: its values in place, and its history."""
    a, b = x.array, result.array
    if b.shape != a.shape:
        raise RuntimeError(
            f"output with shape {[*a.shape]} doesn't match the broadcast "
            f"shape {[*b.shape]}")
    if a.dtype != b.dtype and not dtypes.can_cast(result.dtype, x.dtype):
        raise RuntimeError(
            f"result type {torch_name(result.dtype)} can't be cast to the "
            f"desired output type {torch_name(x.dtype)}")
    if a is not b:
        np.copyto(a, b, casting="unsafe")
    x.version[0] += 1
    if modes.recording:
        move(x, result)
    return x


def move(x: Tensor, result: Tensor) -> None:
    """Give x, whose storage now holds the result, the result's node."""
    node = result._node
    if node is None and x._node is None:
        return
    if node is not None and isinstance(node.kept, Tensor):
        node.kept.array, node.kept.version = x.array, x.version
        node.saved = [(s, x.version[0] if s is node.kept else v)
                      for s, v in node.saved]
    view, old = x._view, x._node
    if view is None:
        x._node = node
        if x._retains:
            retain_on(x, old)
        return
    base, replay = view.base, view.replay
    before, laid, below = alias(base), base.array, base._node
    changed = record(
        base.array, (before, lambda g: blanked(g, replay, laid)),
        (result, lambda g: replay(g)), name="CopySlices")
    base._node = changed._node
    view.root, x._node = None, None
    node_of(x)
    if x._retains:
        retain_on(x, old)
    if base._retains:
        retain_on(base, below)


def retain_on(x: Tensor, old: Any) -> None:
    """What retain_grad asked of x's old node is asked of its new one."""
    node = node_of(x)
    if node is None or not (old and old.hooks):
        return
    last = {key: pair for key, pair in old.hooks.items()
            if getattr(pair[1], "last", False)}
    node.hooks = (node.hooks or {}) | last
    for key in last:
        del old.hooks[key]


def blanked(x: Tensor, replay: Any, laid: np.ndarray) -> Tensor:
    """A copy of x whose viewed part is 0: its own adjoint.

    It lies in memory as the base does, since as_strided looks there.
    """
    y = wrap(np.empty_like(laid, x.array.dtype))
    y.array[...] = x.array
    recording, modes.recording = modes.recording, False
    replay(y).array[...] = 0
    modes.recording = recording
    return record(y.array, (x, lambda g: blanked(g, replay, laid)),
                  name="CopySlices")


def inplace(op: Any, name: str) -> Any:
    """The in-place method x.op_(…) of an operation op(x, …)."""

    def method(input: Tensor, *args: Any, **kwargs: Any) -> Tensor:
        try:
            check_writable(input)
            for arg in args:
                if isinstance(arg, Tensor):
                    check_overlap(input.array, arg.array)
            old = alias(input)
            if modes.packing:  # hooks see, and keep, what it was
                old.array, old.version = old.array.copy(), [0]
            args = tuple([old if arg is input else arg for arg in args])
            result = op(old, *args, **kwargs)
        except AttributeError as error:
            raise misfit(error, op, (input, *args), kwargs) from None
        if name in PARTICULAR:
            check_particular(name, input, result)
        if result._node is not None:
            keep_what_rules_read(result._node, old)
        return write(input, result)

    method.__name__ = method.__qualname__ = name
    method.__doc__ = f"{op.__name__} in place."
    return method


PARTICULAR = {"abs_", "absolute_", "float_power_"}


def check_particular(name: str, x: Tensor, result: Tensor) -> None:
    """Refuse a result of another dtype, even one that could be written."""
    if x.dtype is result.dtype:
        return
    if name == "float_power_":
        raise RuntimeError(
            "the base given to float_power_ has dtype "
            f"{torch_name(x.dtype)} but the operation's result requires "
            f"dtype {torch_name(result.dtype)}")
    raise RuntimeError("In-place abs is not supported for complex tensors.")


def keep_what_rules_read(node: Any, old: Tensor) -> None:
    """Before x is overwritten: a copy of the old x for rules that read it."""
    since = old._node.birth if old._node is not None else -1
    stack, seen = [node], set()
    while stack:
        node = stack.pop()
        if node in seen or node.birth <= since:
            continue
        seen.add(node)
        for x, version in node.saved:
            inner = x._view is not None and x._view.base is old
            if x is old or inner:
                x.array, x.version = x.array.copy(), [version]
        stack += [parent for parent, _ in node.next_functions if parent]


def copy_(input: Tensor, src: Any, non_blocking: bool = False) -> Tensor:
    """x ← src, broadcast and cast to x."""
    x = input
    if not isinstance(src, (Tensor, *dtypes.NUMBERS)):
        raise TypeError("copy_(): argument 'other' (position 1) must be "
                        f"Tensor, not {type(src).__name__}")
    check_writable(x)
    src = src if isinstance(src, Tensor) else wrap(np.asarray(src))
    check_overlap(x.array, src.array)
    try:
        y = np.broadcast_to(src.array, x.array.shape)
    except ValueError:
        wide = check_broadcast(x.shape, src.shape)
        raise RuntimeError(
            f"output with shape {[*x.shape]} doesn't match the broadcast "
            f"shape {[*wide]}") from None
    number = x.array.dtype
    result = record(y if y.dtype == number else y.astype(number),
                    (alias(x), lambda g: g * 0), (src, lambda g: g),
                    name="CopyBackwards")
    return write(x, result)


def fill_(input: Tensor, value: Any) -> Tensor:
    """x ← value everywhere."""
    x = input
    check_tensor(x, "fill_")
    if not isinstance(value, (Tensor, *dtypes.NUMBERS)):
        raise TypeError(
            "fill_() received an invalid combination of arguments - got "
            f"({type(value).__name__}), but expected a Tensor or a Number")
    check_writable(x, overlapping=False)
    if isinstance(value, Tensor):
        if value.array.ndim:
            raise RuntimeError(
                "fill_ only supports 0-dimension value tensor but got tensor"
                f" with {value.array.ndim} dimensions.")
        return copy_(x, value)
    x.array[...] = number_in(value, x.array.dtype)
    result = record(x.array, (alias(x), lambda g: g * 0),
                    name="FillBackward2")
    return write(x, result)


def fill(input: Tensor, value: Any) -> Tensor:
    """A tensor like x with the value everywhere."""
    x = input
    y = wrap(np.empty_like(x.array))
    try:
        fill_(y, value)
    except TypeError as error:
        raise TypeError(str(error).replace("fill_", "fill")) from None
    if isinstance(value, Tensor):
        return record(y.array, (x, lambda g: g * 0),
                      (value, lambda g: g.sum()), name="FillBackward1")
    return record(y.array, (x, lambda g: g * 0), name="FillBackward0")


def zero_(input: Tensor) -> Tensor:
    """x ← 0"""
    check_tensor(input, "zero_")
    check_writable(input, overlapping=False)
    input.array[...] = 0
    return write(input, record(input.array, (alias(input),
                                             lambda g: g * 0),
                               name="ZeroBackward0"))


def detach(input: Tensor) -> Tensor:
    """The same numbers in the same memory, outside the graph."""
    check_tensor(input, "detach")
    return input.detach()


def detach_(input: Tensor) -> Tensor:
    """Cut x off from its history."""
    check_tensor(input, "detach_")
    if input._view is not None:
        raise RuntimeError(
            "Can't detach views in-place. Use detach() instead. If you are "
            "using DistributedDataParallel (DDP) for training, and "
            "gradient_as_bucket_view is set as True, gradients are views of "
            "DDP buckets, and hence detach_() cannot be called on these "
            "gradients. To fix this error, please refer to the "
            "Optimizer.zero_grad() function in torch/optim/optimizer.py as a"
            " solution.")
    input._node = None
    return input
