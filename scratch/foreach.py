"""One operation on each of many tensors: torch.foreach and torch._foreach_*.

    add([x, y], [u, v]) = (x + u, y + v)      add_([x, y], 1): x += 1, y += 1

torch brings such lists to a GPU in one go; here each is a plain loop.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from .dtypes import NUMBERS
from .ops.norms import vector_norm
from .tensor import Tensor

UNARY = (
    "abs acos asin atan ceil cos cosh erf erfc exp expm1 floor frac lgamma "
    "log log10 log1p log2 neg reciprocal round rsqrt sigmoid sign sin sinh "
    "sqrt tan tanh trunc"
).split()
# torch: of a number, maximum is clamp_min; of a tensor they are the same
BINARY = {
    "add": "add", "sub": "sub", "mul": "mul", "div": "div", "pow": "pow",
    "maximum": "clamp_min", "minimum": "clamp_max", "clamp_min": "clamp_min",
    "clamp_max": "clamp_max",
}  # fmt: skip
POINTWISE = ("addcmul", "addcdiv")


# ---- what is given


def listed(tensors: Any, caller: str, place: int = 0) -> list[Tensor]:
    """The tensors of a list or tuple; torch refuses others, and none."""
    name = "_foreach_" + caller
    if not isinstance(tensors, (list, tuple)):
        raise TypeError(
            f"{name}(): argument 'self' (position {place + 1}) must be tuple "
            f"of Tensors, not {type(tensors).__name__}")
    for i, x in enumerate(tensors):
        if not isinstance(x, Tensor):
            raise TypeError(f"expected Tensor as element {i} in argument "
                            f"{place}, but got {type(x).__name__}")
    if not tensors:
        raise RuntimeError("Tensor list must have at least one tensor.")
    return list(tensors)


def spread(given: Any, count: int, caller: str) -> list:
    """One operand for each tensor: a number goes to all of them."""
    if isinstance(given, NUMBERS):
        return [given] * count
    if isinstance(given, Tensor):
        if given.ndim:
            raise RuntimeError(
                "scalar tensor expected to be 0 dim but it has "
                f"{given.ndim} dimensions and {given.numel()} elements.")
        return [given] * count
    if not isinstance(given, (list, tuple)) or not all(
            isinstance(one, (Tensor, *NUMBERS)) for one in given):
        raise TypeError(
            f"_foreach_{caller}() received an invalid combination of "
            f"arguments - got (list, {type(given).__name__}), but expected a "
            "number, a Tensor, or a list of numbers or of Tensors")
    if len(given) == count:
        return list(given)
    if any(isinstance(one, Tensor) for one in given):
        raise RuntimeError("Tensor lists must have the same number of "
                           f"tensors, got {count} and {len(given)}")
    raise RuntimeError(
        "Tensor list must have same number of elements as scalar list.")


def told(function: Callable, name: str, what: str) -> Callable:
    """The function under its name, with its sentence."""
    function.__name__ = function.__qualname__ = name
    function.__doc__ = what
    return function


# ---- the functions, made from methods of Tensor


def unary(word: str) -> tuple[Callable, Callable]:
    """x.word() for each, and in place."""

    def each(inputs: Any) -> tuple:
        return tuple(getattr(x, word)() for x in listed(inputs, word))

    def each_(inputs: Any) -> Any:
        for x in listed(inputs, word + "_"):
            getattr(x, word + "_")()
        return inputs

    return (told(each, word, f"x.{word}() for each tensor x."),
            told(each_, word + "_", f"x.{word}_() for each tensor x."))


def binary(name: str, word: str) -> tuple[Callable, Callable]:
    """x.word(y) for each x and its y, and in place."""

    def pairs(inputs: Any, other: Any, caller: str) -> zip:
        tensors = listed(inputs, caller)
        return zip(tensors, spread(other, len(tensors), caller))

    def each(inputs: Any, other: Any, **alpha: Any) -> tuple:
        if name == "pow" and isinstance(inputs, NUMBERS):
            return tuple(inputs**y for y in listed(other, name, 1))
        return tuple(getattr(x, word)(y, **alpha)
                     for x, y in pairs(inputs, other, name))

    def each_(inputs: Any, other: Any, **alpha: Any) -> Any:
        for x, y in pairs(inputs, other, name + "_"):
            getattr(x, word + "_")(y, **alpha)
        return inputs

    return (told(each, name, f"x.{name}(y) for each tensor x and its y; "
                 "alpha=α (add, sub): αy in the place of y."),
            told(each_, name + "_", f"{name} in place."))


def pointwise(word: str) -> tuple[Callable, Callable]:
    """x.word(y, z, value=v) for each, and in place."""

    def operands(inputs: Any, y: Any, z: Any, value: Any) -> zip:
        tensors = listed(inputs, word)
        n = len(tensors)
        if isinstance(value, Tensor) and value.ndim:
            value = value.tolist()
        return zip(tensors, spread(y, n, word), spread(z, n, word),
                   spread(value, n, word))

    def each(inputs: Any, tensor1: Any, tensor2: Any, scalars: Any = 1, *,
             value: Any = None) -> tuple:
        given = scalars if value is None else value
        return tuple(getattr(x, word)(y, z, value=v)
                     for x, y, z, v in operands(inputs, tensor1, tensor2,
                                                given))

    def each_(inputs: Any, tensor1: Any, tensor2: Any, scalars: Any = 1, *,
              value: Any = None) -> Any:
        given = scalars if value is None else value
        for x, y, z, v in operands(inputs, tensor1, tensor2, given):
            getattr(x, word + "_")(y, z, value=v)
        return inputs

    return (told(each, word, f"x.{word}(y, z, value=v) for each x."),
            told(each_, word + "_", f"{word} in place."))


def lerp(inputs: Any, tensors1: Any, weight: Any) -> tuple:
    """x + w (y - x) for each x, its y and its w."""
    xs = listed(inputs, "lerp")
    ys, ws = (spread(g, len(xs), "lerp") for g in (tensors1, weight))
    return tuple(x.lerp(y, w) for x, y, w in zip(xs, ys, ws))


def lerp_(inputs: Any, tensors1: Any, weight: Any) -> Any:
    """lerp in place."""
    xs = listed(inputs, "lerp_")
    ys, ws = (spread(g, len(xs), "lerp_") for g in (tensors1, weight))
    for x, y, w in zip(xs, ys, ws):
        x.lerp_(y, w)
    return inputs


def norm(inputs: Any, ord: Any = 2, dtype: Any = None) -> tuple:
    """‖x‖ for each tensor x, all its elements as one vector."""
    return tuple(vector_norm(x, ord, dtype=dtype)
                 for x in listed(inputs, "norm"))


def powsum(inputs: Any, ord: Any = 2, dtype: Any = None) -> tuple:
    """Σ |xᵢ|ᵖ for each tensor x."""
    return tuple((x if dtype is None else x.to(dtype)).abs().pow(ord).sum()
                 for x in listed(inputs, "powsum"))


def max(inputs: Any) -> tuple:
    """The greatest element of each tensor."""
    return tuple(x.max() for x in listed(inputs, "max"))


def clone(inputs: Any, *, memory_format: Any = None) -> tuple:
    """A copy of each tensor."""
    given = {} if memory_format is None else {"memory_format": memory_format}
    return tuple(x.clone(**given) for x in listed(inputs, "clone"))


def mm(inputs: Any, mat2: Any) -> tuple:
    """x @ y for each matrix x and its y."""
    xs = listed(inputs, "mm")
    return tuple(x.mm(y) for x, y in zip(xs, spread(mat2, len(xs), "mm")))


def zero_(inputs: Any) -> Any:
    """Each tensor becomes 0."""
    for x in listed(inputs, "zero_"):
        x.zero_()
    return inputs


def copy_(inputs: Any, src: Any, non_blocking: bool = False) -> Any:
    """Each tensor takes over the numbers of its source."""
    xs = listed(inputs, "copy_")
    for x, y in zip(xs, spread(src, len(xs), "copy_")):
        x.copy_(y)
    return inputs


def every() -> dict[str, Callable]:
    """All functions by their names."""
    made: list[Any] = [lerp, lerp_, norm, powsum, max, clone, mm, zero_,
                       copy_]
    for pair in (*map(unary, UNARY), *map(pointwise, POINTWISE),
                 *(binary(*names) for names in BINARY.items())):
        made += pair
    return {f.__name__: f for f in made}


EVERY = every()
globals().update(EVERY)
__all__ = sorted(EVERY)  # type: ignore[assignment]  # noqa: PLE0605
# torch.add of many is torch._foreach_add at the top
AT_THE_TOP = {"_foreach_" + name: f for name, f in EVERY.items()}
