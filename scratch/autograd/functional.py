"""Derivatives of whole functions: Jacobians, Hessians, their products.

For y = f(x), with J = ∂y/∂x and, for a scalar f, H = ∂²f/∂x²:
vjp gives vᵀJ, jvp J v, hvp H v, vhp vᵀH.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from ..modes import enable_grad
from ..ops.combine import stack
from ..tensor import Tensor
from .engine import grad

__all__ = ["jacobian", "hessian", "vjp", "jvp", "hvp", "vhp"]


def as_tuple(values: Any, what: str, caller: str) -> tuple[bool, tuple]:
    """(was it one tensor?, the tensors as a tuple)"""
    single = isinstance(values, Tensor)
    several = (values,) if single else values
    if not isinstance(several, tuple):
        raise TypeError(
            f"The {what} given to {caller} must be either a Tensor or a "
            f"tuple of Tensors but the given {what} has type "
            f"{type(values)}.")
    for i, x in enumerate(several):
        if not isinstance(x, Tensor):
            raise TypeError(
                f"The {what} given to {caller} must be either a Tensor or a "
                f"tuple of Tensors but the value at index {i} has type "
                f"{type(x)}.")
    return single, tuple(several)


def entering(xs: Iterable[Tensor], create_graph: bool) -> tuple:
    """Inputs that ask for a gradient, apart from the caller's graph unless
    the result is to be differentiated further."""
    if create_graph:
        return tuple(x.view_as(x) if x.requires_grad
                     else x.detach().requires_grad_() for x in xs)
    return tuple(x.detach().requires_grad_() for x in xs)


def evaluate(func: Any, inputs: Any, create_graph: bool, caller: str,
             strict: bool = False) -> tuple:
    """Run func recorded: inputs single?, inputs, outputs single?, outputs."""
    one_in, xs = as_tuple(inputs, "inputs", caller)
    xs = entering(xs, create_graph)
    one_out, ys = as_tuple(func(*xs), "outputs of the user-provided function",
                           caller)
    if strict:
        check_outputs(ys)
    return one_in, xs, one_out, ys


# ---- strict: what must depend on what

STRICT = "This is not allowed in strict mode"


def check_outputs(ys: tuple) -> None:
    """Refuse outputs that no gradient can reach."""
    for i, y in enumerate(ys):
        if not y.requires_grad:
            raise RuntimeError(
                f"Output {i} of the user-provided function does not require "
                "gradients. The outputs must be computed in a differentiable "
                "manner from the input when running in strict mode.")


def check_slopes(gs: Any) -> None:
    """The gradient, that is to be differentiated once more."""
    for i, g in enumerate(gs):
        if g is None or not g.requires_grad:
            raise RuntimeError(
                "While computing the hessian, found that the jacobian of the "
                f"user-provided function with respect to input {i} is "
                f"independent of the input. {STRICT}. You should ensure that "
                "your function is twice differentiable and that the jacobian "
                "depends on the inputs (this would be violated by a linear "
                "function for example).")


def check_found(gs: Any, what: str, again: str | None) -> None:
    """what: the message of a missing gradient; again: what is independent
    of an input though it is to be differentiated further."""
    for i, g in enumerate(gs):
        if g is None:
            raise RuntimeError(f"{what.format(i)}. {STRICT}.")
        if again and not g.requires_grad:
            raise RuntimeError(
                f"The {again} of the user-provided function is independent "
                f"of input {i}. {STRICT} when create_graph=True.")


OUTPUT = "The output of the user-provided function is independent of input {}"
JACOBIAN = OUTPUT.replace("output", "jacobian")


def pull(ys: tuple, xs: tuple, vs: Any, create_graph: bool,
         strict: bool = False, what: str = OUTPUT,
         again: str | None = None) -> tuple:
    """vᵀJ; zeros where y does not depend on x (or, strict, an error)."""
    asking = [(y, v) for y, v in zip(ys, vs) if y.requires_grad]
    found: Any = [None] * len(xs)
    if asking:
        found = grad([y for y, _ in asking], xs, [v for _, v in asking],
                     create_graph=create_graph, retain_graph=True,
                     allow_unused=True)
    if strict:
        check_found(found, what, again)
    return tuple(x.new_zeros(x.shape) if g is None else g
                 for x, g in zip(xs, found))


def leave(values: tuple, single: bool, create_graph: bool) -> Any:
    """Results as the caller wants them: alone or a tuple, detached or not."""
    if not create_graph:
        values = tuple(v.detach() for v in values)
    return values[0] if single else values


RETURNS = "the user-provided function returns"
TAKES = "the input to the user-provided function is"


def check_v(v: Any, like: tuple, what: str, caller: str) -> tuple:
    """v as a tuple of the shapes of `like`; None: 1, for a single number."""
    if v is None:
        if len(like) != 1 or like[0].numel() != 1:
            raise RuntimeError(
                f"The vector v can only be None if {what} a single Tensor "
                "with a single element.")
        return (like[0].new_ones(like[0].shape),)
    _, vs = as_tuple(v, "v", caller)
    if len(vs) != len(like):
        raise RuntimeError(
            f"v is a tuple of invalid length: should be {len(like)} but got "
            f"{len(vs)}.")
    for i, (a, b) in enumerate(zip(vs, like)):
        if a.shape != b.shape:
            which = f"Entry {i} in v" if len(like) > 1 else "v"
            raise RuntimeError(
                f"{which} has invalid size: should be {b.shape} but "
                f"got {a.shape}.")
    return vs


def vjp(func: Any, inputs: Any, v: Any = None, create_graph: bool = False,
        strict: bool = False) -> tuple:
    """f(x) and vᵀJ"""
    with enable_grad():
        one_in, xs, one_out, ys = evaluate(func, inputs, create_graph, "vjp",
                                           strict)
        vs = check_v(v, ys, RETURNS, "vjp")
        gs = pull(ys, xs, vs, create_graph, strict,
                  again="jacobian" if create_graph else None)
    return leave(ys, one_out, create_graph), leave(gs, one_in, create_graph)


def jvp(func: Any, inputs: Any, v: Any = None, create_graph: bool = False,
        strict: bool = False) -> tuple:
    """f(x) and J v, as the derivative in u of uᵀJ, times v"""
    with enable_grad():
        _, xs = as_tuple(inputs, "inputs", "jvp")
        vs = check_v(v, xs, TAKES, "jvp")
        _, xs, one_out, ys = evaluate(func, inputs, create_graph, "jvp",
                                      strict)
        us = tuple(y.detach().new_zeros(y.shape).requires_grad_()
                   for y in ys)
        back = pull(ys, xs, us, True, strict)
        result = pull(back, us, vs, create_graph, strict,
                      again="jacobian" if create_graph else None)
    return (leave(ys, one_out, create_graph),
            leave(result, one_out, create_graph))


def check_strategy(strategy: str, vectorize: bool, strict: bool,
                   create_graph: bool) -> None:
    """Refuse what torch's jacobian refuses; all compute the same here."""
    if strategy not in ("forward-mode", "reverse-mode"):
        raise AssertionError(
            'Expected strategy to be either "forward-mode" or '
            '"reverse-mode". Hint: If your function has more outputs than '
            'inputs, "forward-mode" tends to be more performant. Otherwise, '
            'prefer to use "reverse-mode".')
    where = "torch.autograd.functional.jacobian: "
    if strategy == "forward-mode" and create_graph:
        raise NotImplementedError(
            f'{where}`create_graph=True` and `strategy="forward-mode"` are '
            "not supported together (yet). Please either set "
            '`create_graph=False` or `strategy="reverse-mode"`.')
    if strategy == "forward-mode" and strict:
        raise RuntimeError(
            f'{where}`strict=True` and `strategy="forward-mode"` are not '
            "supported together (yet). Please either set `strict=False` or "
            '`strategy="reverse-mode"`.')
    if strategy == "forward-mode" and not vectorize:
        raise NotImplementedError(
            "Computing Jacobian using forward-AD or forward-over-reverse "
            "Hessian isonly implemented for `vectorize=True`.")
    if vectorize and strict:
        raise RuntimeError(
            f"{where}`strict=True` and `vectorized=True` are not supported "
            "together. Please either set `strict=False` or "
            "`vectorize=False`.")


def jacobian(func: Any, inputs: Any, create_graph: bool = False,
             strict: bool = False, vectorize: bool = False,
             strategy: str = "reverse-mode") -> Any:
    """J = ∂y/∂x, of shape (*y, *x): a row by backward from each entry"""
    check_strategy(strategy, vectorize, strict, create_graph)
    with enable_grad():
        one_in, xs, one_out, ys = evaluate(func, inputs, create_graph,
                                           "jacobian", strict)
        rows: Any = tuple(tuple(blocks(y, xs, create_graph, strict, i))
                          for i, y in enumerate(ys))
    if not create_graph:
        rows = tuple(tuple(b.detach() for b in row) for row in rows)
    if one_in:
        rows = tuple(row[0] for row in rows)
    return rows[0] if one_out else rows


def blocks(y: Tensor, xs: tuple, create_graph: bool, strict: bool,
           place: int = 0) -> list[Tensor]:
    """∂y/∂x for every x, entry of y by entry."""
    what = OUTPUT.replace("The output", f"Output {place}")
    again = "jacobian" if create_graph else None
    rows = [pull((entry,), xs, (entry.new_ones(()),), create_graph, strict,
                 what, again) for entry in y.reshape(-1).unbind()]
    if not rows:
        return [x.new_zeros((*y.shape, *x.shape)) for x in xs]
    return [stack(column).reshape((*y.shape, *x.shape))
            for x, column in zip(xs, zip(*rows))]


def scalar_of(func: Any, caller: str, strict: bool = False) -> Any:
    """func, checked to return one number."""

    def checked(*xs: Tensor) -> Tensor:
        y = func(*xs)
        single, ys = as_tuple(
            y, "outputs of the user-provided function", caller)
        if strict:
            check_outputs(ys)
        if not single:
            raise RuntimeError(
                f"The function given to {caller} should return a single "
                "Tensor")
        if ys[0].numel() != 1:
            raise RuntimeError(
                f"The Tensor returned by the function given to {caller} "
                "should contain a single element")
        return ys[0]

    return checked


def hessian(func: Any, inputs: Any, create_graph: bool = False,
            strict: bool = False, vectorize: bool = False,
            outer_jacobian_strategy: str = "reverse-mode") -> Any:
    """H = ∂²f/∂x², the Jacobian of the gradient; of shape (*x, *x)"""
    one_in, _ = as_tuple(inputs, "inputs", "hessian")
    strategy = outer_jacobian_strategy
    if strategy not in ("forward-mode", "reverse-mode"):
        raise AssertionError('Expected strategy to be either "forward-mode" '
                             'or "reverse-mode".')
    scalar = scalar_of(func, "hessian", strict)

    def gradient(*xs: Tensor) -> Any:
        gs = jacobian(lambda *xs: scalar(*xs).reshape(()), xs,
                      create_graph=True)
        if strict:
            check_slopes(gs)
        return gs[0] if one_in else gs

    return jacobian(gradient, inputs, create_graph, strict, vectorize,
                    strategy)


def hvp(func: Any, inputs: Any, v: Any = None, create_graph: bool = False,
        strict: bool = False) -> tuple:
    """f(x) and H v"""
    # H is symmetric
    return slope_product(func, inputs, v, create_graph, strict, "hvp")


def vhp(func: Any, inputs: Any, v: Any = None, create_graph: bool = False,
        strict: bool = False) -> tuple:
    """f(x) and vᵀH"""
    return slope_product(func, inputs, v, create_graph, strict, "vhp")


def slope_product(func: Any, inputs: Any, v: Any, create_graph: bool,
                  strict: bool, caller: str) -> tuple:
    """f(x) and the gradient of gᵀv"""
    with enable_grad():
        _, xs = as_tuple(inputs, "inputs", caller)
        vs = check_v(v, xs, TAKES, caller)
        one_in, xs, _, ys = evaluate(scalar_of(func, caller, strict), inputs,
                                     create_graph, caller)
        gs = pull(ys, xs, (ys[0].new_ones(ys[0].shape),), True, strict)
        if strict:
            check_slopes(gs)
        result = pull(gs, xs, vs, create_graph, strict, JACOBIAN,
                      "hessian" if create_graph else None)
    return leave(ys, True, create_graph), leave(result, one_in, create_graph)
