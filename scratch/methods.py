"""Which operations are also operators and methods of Tensor."""

from __future__ import annotations

from inspect import signature
from typing import Any
from weakref import ref

import numpy as np

from . import storage
from .autograd import engine
from .misfits import telling
from .modes import modes
from .node import Handle, Leaf, node_of
from .numpy_names import numpy_named
from .ops import (
    activation,
    arithmetic,
    bessel,
    combine,
    comparison,
    complexes,
    constructor,
    convert,
    copies,
    creation,
    decompositions,
    describe,
    diagonal,
    division,
    elimination,
    extremes,
    filling,
    gather,
    histograms,
    incomplete,
    indexing,
    inplace,
    kindred,
    lift,
    linalg,
    logarithms,
    logic,
    masked,
    matmul,
    matrices,
    minmax,
    norms,
    oddments,
    overlap,
    pointwise,
    powers,
    reduction,
    reflections,
    repeat,
    reshaping,
    rounding,
    sampling,
    scan,
    selecting,
    sequences,
    shape,
    short_time,
    softmax,
    sorting,
    special,
    statistics,
    strides,
    triangular,
    trigonometry,
    unique,
    variates,
)
from .tensor import Tensor

# Each chapter lists which of its functions are methods of Tensor too
# (METHODS), and which of them also work in place (IN_PLACE: add_).
CHAPTERS = (activation, arithmetic, bessel, combine, comparison, complexes,
            constructor, convert, copies, creation, decompositions, describe,
            diagonal, division, elimination, extremes, filling, gather,
            histograms, incomplete, indexing, inplace, kindred, lift, linalg,
            logarithms, logic, masked, matmul, matrices, minmax, norms,
            oddments, overlap, pointwise, powers, reduction, reflections,
            repeat, reshaping, rounding, sampling, scan, selecting, sequences,
            shape, short_time, softmax, sorting, special, statistics, strides,
            triangular, trigonometry, unique, variates)


def equals(x: Tensor, y: Any) -> Tensor:
    """x == y; torch: by this operator alone x meets an array of NumPy's."""
    return comparison.eq(
        x, creation.as_tensor(y) if isinstance(y, np.ndarray) else y)


OPERATORS = {
    "__add__": arithmetic.add, "__radd__": arithmetic.add,
    "__sub__": arithmetic.sub, "__rsub__": arithmetic.rsub,
    "__mul__": arithmetic.mul, "__rmul__": arithmetic.mul,
    "__truediv__": arithmetic.div,
    # torch: a number over x is so rounded twice
    "__rdiv__": lambda x, y: arithmetic.reciprocal(x) * y,
    "__rtruediv__": lambda x, y: arithmetic.reciprocal(x) * y,
    "__floordiv__": division.floor_divide,
    "__rfloordiv__": lambda x, y: division.floor_divide(y, x),
    "__mod__": division.remainder,
    "__rmod__": lambda x, y: division.remainder(y, x),
    "__pow__": powers.pow,
    "__rpow__": lambda x, y: powers.pow(y, x),
    "__matmul__": matmul.matmul,
    "__rmatmul__": lambda x, y: matmul.matmul(y, x),
    "__neg__": arithmetic.neg, "__pos__": arithmetic.positive,
    "__abs__": pointwise.abs,
    "__eq__": equals, "__ne__": comparison.ne,
    "__lt__": comparison.lt, "__le__": comparison.le,
    "__gt__": comparison.gt, "__ge__": comparison.ge,
    "__invert__": logic.invert,
    "__lshift__": division.bitwise_left_shift,
    "__rlshift__": lambda x, y: division.bitwise_left_shift(y, x),
    "__rshift__": division.bitwise_right_shift,
    "__rrshift__": lambda x, y: division.bitwise_right_shift(y, x),
    "__and__": logic.bitwise_and, "__rand__": logic.bitwise_and,
    "__or__": logic.bitwise_or, "__ror__": logic.bitwise_or,
    "__xor__": logic.bitwise_xor, "__rxor__": logic.bitwise_xor,
    "__getitem__": indexing.getitem, "__setitem__": indexing.setitem,
}
METHODS: dict[str, Any] = {}
for chapter in CHAPTERS:
    for word in chapter.METHODS:
        METHODS[word] = getattr(chapter, word)
    for word in chapter.IN_PLACE:
        METHODS[word + "_"] = inplace.inplace(getattr(chapter, word),
                                              word + "_")
# Methods that are functions of the namespace too: scratch.relu_(x).
AT_THE_TOP = (
    "abs_ acos_ acosh_ addmv_ arccos_ arccosh_ arcsin_ arcsinh_ arctan_ "
    "arctanh_ asin_ asinh_ atan_ atanh_ ceil_ clamp_ clamp_max_ clamp_min_ "
    "clip_ conj_physical_ cos_ cosh_ deg2rad_ detach_ erf_ erfc_ exp2_ exp_ "
    "expm1_ fill_ "
    "fix_ floor_ frac_ gcd_ i0_ index_put_ lcm_ ldexp_ log10_ log1p_ log2_ "
    "log_ logit_ nan_to_num_ neg_ negative_ rad2deg_ reciprocal_ relu_ "
    "round_ rsqrt_ sigmoid_ sin_ sinc_ sinh_ sqrt_ square_ tan_ tanh_ "
    "trunc_ xlogy_ zero_ is_complex is_floating_point is_signed").split()
METHODS.update(convert.CASTS, view=shape.view_, where=masked.where_method,
               type=convert.type_, __iter__=strides.rows,
               __reversed__=strides.backwards, split=oddments.split_method,
               storage=storage.storage,
               untyped_storage=storage.untyped_storage)
AUGMENTED = {"__iadd__": "add_", "__isub__": "sub_", "__imul__": "mul_",
             "__itruediv__": "div_", "__ipow__": "pow_",
             "__ifloordiv__": "floor_divide_", "__imod__": "remainder_",
             "__iand__": "bitwise_and_", "__ior__": "bitwise_or_",
             "__ixor__": "bitwise_xor_", "__ilshift__": "bitwise_left_shift_",
             "__irshift__": "bitwise_right_shift_"}


def several(operation: Any) -> bool:
    """Whether a method takes further tensors, which may be none."""
    kinds = [part.annotation for part in signature(
        operation, follow_wrapped=False).parameters.values()]
    return kinds.count("Tensor") > 1


def or_not_implemented(operation: Any) -> Any:
    """An operator: what is no tensor or number is left to the other side."""

    def operator(x: Tensor, y: Any) -> Any:
        try:
            return operation(x, y)
        except TypeError:
            if isinstance(y, (Tensor, int, float, complex)):
                raise
            return NotImplemented

    operator.__name__ = operation.__name__
    operator.__doc__ = operation.__doc__
    return operator


for word, operation in METHODS.items():
    if several(operation):
        METHODS[word] = operation = telling(operation)
    setattr(Tensor, word, numpy_named(operation))
for word, operation in OPERATORS.items():
    unary = word in ("__neg__", "__pos__", "__abs__", "__invert__",
                     "__getitem__", "__setitem__")
    setattr(Tensor, word,
            operation if unary else or_not_implemented(operation))
for word, method in AUGMENTED.items():
    setattr(Tensor, word, or_not_implemented(METHODS[method]))
setattr(Tensor, "_make_subclass",  # noqa: B010 - the stub need not know
        staticmethod(convert.make_subclass))
PROPERTIES: dict[str, Any] = {
    "mT": shape.mT, "T": shape.T, "mH": shape.mH, "H": shape.H,
    "real": complexes.real, "imag": complexes.imag,
    "retains_grad": lambda x: x._retains,
}
for word, look in PROPERTIES.items():
    setattr(Tensor, word, property(look))
for word in "real", "imag":
    setattr(Tensor, word, property(PROPERTIES[word],
                                   complexes.part_setter(PROPERTIES[word])))


def backward(self: Tensor, gradient: Any = None,
             retain_graph: bool | None = None, create_graph: bool = False,
             inputs: Any = None) -> None:
    """Add ∂self/∂leaf to the .grad of every leaf below."""
    engine.backward(self, gradient, retain_graph, create_graph,
                    inputs=inputs)


def register_hook(self: Tensor, hook: Any) -> Handle:
    """Call hook(grad) when this tensor's gradient is known."""
    node = node_of(self)
    if node is None:
        raise RuntimeError(
            "cannot register a hook on a tensor that doesn't require "
            "gradient")
    return node._add(hook, "tensor")


def register_post_accumulate_grad_hook(self: Tensor, hook: Any) -> Handle:
    """Call hook(self) after backward has added to .grad; of leaves only."""
    node = node_of(self)
    if not isinstance(node, Leaf):
        raise RuntimeError(
            "post accumulate grad hooks cannot be registered on non-leaf "
            "tensors")
    return Handle(node.after, hook)


def retain_grad(self: Tensor) -> None:
    """Keep the gradient of a computed tensor in its .grad as well."""
    if self.is_leaf:
        if not self.requires_grad:
            raise RuntimeError(
                "can't retain_grad on Tensor that has requires_grad=False")
        return
    if self._retains:
        return
    self._retains = True
    box = ref(self)

    def keep(g: Tensor) -> None:
        x = box()
        if x is not None:
            own = g.clone() if modes.recording else g.detach().clone()
            x._grad = own if x._grad is None else x._grad + own

    keep.last = True  # type: ignore[attr-defined]
    register_hook(self, keep)


for added in (backward, register_hook, register_post_accumulate_grad_hook,
              retain_grad):
    setattr(Tensor, added.__name__, added)
