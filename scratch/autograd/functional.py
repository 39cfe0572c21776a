"""Derivatives of whole functions: Jacobians, Hessians, their products.

For y = f(x), with J = ∂y/∂x and, for a scalar f, H = ∂²f/∂x²:
vjp gives vᵀJ, jvp J v, hvp H v, vhp vᵀH.
"""

from __future__ import annotations

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
    if not isinstance(several, (tuple, list)):
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


def entering(xs: tuple, create_graph: bool) -> tuple:
    """Inputs that ask for a gradient, apart from the caller's graph unless
    the result is to be differentiated further."""
    if create_graph:
        return tuple(x.view_as(x) if x.requires_grad
                     else x.detach().requires_grad_() for x in xs)
    return tuple(x.detach().requires_grad_() for x in xs)


def evaluate(func: Any, inputs: Any, create_graph: bool,
             caller: str) -> tuple:
    """Run func recorded: inputs single?, inputs, outputs single?, outputs."""
    one_in, xs = as_tuple(inputs, "inputs", caller)
    xs = entering(xs, create_graph)
    one_out, ys = as_tuple(func(*xs), "outputs of the user-provided function",
                           caller)
    return one_in, xs, one_out, ys


def pull(ys: tuple, xs: tuple, vs: Any, create_graph: bool,
         strict: bool = False) -> tuple:
    """vᵀJ; zeros where y does not depend on x (or, strict, an error)."""
    asking = [(y, v) for y, v in zip(ys, vs) if y.requires_grad]
    if strict and len(asking) < len(ys):
        raise RuntimeError(
            "Output of the user-provided function is independent of the "
            "input. This is not allowed in strict mode.")
    if not asking:
        return tuple(x.new_zeros(x.shape) for x in xs)
    found = grad([y for y, _ in asking], xs, [v for _, v in asking],
                 create_graph=create_graph, retain_graph=True,
                 allow_unused=True)
    if strict and any(g is None for g in found):
        raise RuntimeError(
            "The output of the user-provided function is independent of "
            f"input {found.index(None)}. This is not allowed in strict mode."
        )
    return tuple(x.new_zeros(x.shape) if g is None else g
                 for x, g in zip(xs, found))


def leave(values: tuple, single: bool, create_graph: bool) -> Any:
    """Results as the caller wants them: alone or a tuple, detached or not."""
    if not create_graph:
        values = tuple(v.detach() for v in values)
    return values[0] if single else values


def check_v(v: Any, like: tuple, what: str, caller: str) -> tuple:
    if v is None:
        if len(like) != 1 or like[0].numel() != 1:
            raise RuntimeError(
                "The vector v can only be None if the user-provided function"
                f" {what} a single Tensor with a single element.")
        return (like[0].new_ones(like[0].shape),)
    _, vs = as_tuple(v, "v", caller)
    if len(vs) != len(like):
        raise RuntimeError(
            f"v is a tuple of invalid length: should be {len(like)} but got "
            f"{len(vs)}.")
    for i, (a, b) in enumerate(zip(vs, like)):
        if a.shape != b.shape:
            raise RuntimeError(
                f"Entry {i} in v has invalid size: should be {b.shape} but "
                f"got {a.shape}.")
    return vs


def vjp(func: Any, inputs: Any, v: Any = None, create_graph: bool = False,
        strict: bool = False) -> tuple:
    """f(x) and vᵀJ"""
    with enable_grad():
        one_in, xs, one_out, ys = evaluate(func, inputs, create_graph, "vjp")
        vs = check_v(v, ys, "returns", "vjp")
        gs = pull(ys, xs, vs, create_graph, strict)
    return leave(ys, one_out, create_graph), leave(gs, one_in, create_graph)


def jvp(func: Any, inputs: Any, v: Any = None, create_graph: bool = False,
        strict: bool = False) -> tuple:
    """f(x) and J v, as the derivative in u of uᵀJ, times v"""
    with enable_grad():
        _, xs, one_out, ys = evaluate(func, inputs, create_graph, "jvp")
        vs = check_v(v, xs, "takes", "jvp")
        us = tuple(y.detach().new_zeros(y.shape).requires_grad_()
                   for y in ys)
        back = pull(ys, xs, us, True, strict)
        result = pull(back, us, vs, create_graph)
    return (leave(ys, one_out, create_graph),
            leave(result, one_out, create_graph))


def jacobian(func: Any, inputs: Any, create_graph: bool = False,
             strict: bool = False, vectorize: bool = False,
             strategy: str = "reverse-mode") -> Any:
    """J = ∂y/∂x, of shape (*y, *x): a row by backward from each entry"""
    with enable_grad():
        one_in, xs, one_out, ys = evaluate(func, inputs, create_graph,
                                           "jacobian")
        rows: Any = tuple(tuple(block(y, x, i, xs, create_graph, strict)
                           for i, x in enumerate(xs)) for y in ys)
    if not create_graph:
        rows = tuple(tuple(b.detach() for b in row) for row in rows)
    if one_in:
        rows = tuple(row[0] for row in rows)
    return rows[0] if one_out else rows


def block(y: Tensor, x: Tensor, i: int, xs: tuple, create_graph: bool,
          strict: bool) -> Tensor:
    """∂y/∂x, entry of y by entry."""
    flat = y.reshape(-1)
    if not flat.numel():
        return x.new_zeros((*y.shape, *x.shape))
    rows = []
    for k in range(flat.numel()):
        entry = (flat[k],)
        g = pull(entry, xs, (entry[0].new_ones(()),), create_graph, strict)
        rows.append(g[i])
    return stack(rows).reshape((*y.shape, *x.shape))


def scalar_of(func: Any, caller: str) -> Any:
    """func, checked to return one number."""

    def checked(*xs: Tensor) -> Tensor:
        y = func(*xs)
        single, ys = as_tuple(
            y, "outputs of the user-provided function", caller)
        if not single:
            raise RuntimeError(
                f"The function given to {caller} should return a single "
                "Tensor")
        if ys[0].numel() != 1:
            raise RuntimeError(
                f"The Tensor returned by the function given to {caller} "
                "should contain a single element")
        return ys[0].reshape(())

    return checked


def hessian(func: Any, inputs: Any, create_graph: bool = False,
            strict: bool = False, vectorize: bool = False,
            outer_jacobian_strategy: str = "reverse-mode") -> Any:
    """H = ∂²f/∂x², the Jacobian of the gradient; of shape (*x, *x)"""
    one_in, _ = as_tuple(inputs, "inputs", "hessian")
    scalar = scalar_of(func, "hessian")

    def gradient(*xs: Tensor) -> Any:
        gs = jacobian(scalar, xs, create_graph=True)
        return gs[0] if one_in else gs

    return jacobian(gradient, inputs, create_graph, strict)


def hvp(func: Any, inputs: Any, v: Any = None, create_graph: bool = False,
        strict: bool = False) -> tuple:
    """f(x) and H v"""
    return vhp(func, inputs, v, create_graph, strict)  # H is symmetric


def vhp(func: Any, inputs: Any, v: Any = None, create_graph: bool = False,
        strict: bool = False) -> tuple:
    """f(x) and vᵀH, the gradient of gᵀv"""
    with enable_grad():
        one_in, xs, _, ys = evaluate(scalar_of(func, "vhp"), inputs,
                                     create_graph, "vhp")
        vs = check_v(v, xs, "takes", "vhp")
        gs = pull(ys, xs, (ys[0].new_ones(()),), True, strict)
        result = pull(gs, xs, vs, create_graph)
    return leave(ys, True, create_graph), leave(result, one_in, create_graph)
