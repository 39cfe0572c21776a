"""Gradients checked against differences: (f(x + h) - f(x - h)) / 2h."""

from __future__ import annotations

import warnings
from typing import Any

import numpy as np

from ..modes import enable_grad, no_grad
from ..tensor import Tensor, wrap
from .engine import grad


class GradcheckError(RuntimeError):
    """A derivative that does not match the differences."""


def gradcheck(func: Any, inputs: Any, *, eps: float = 1e-6,
              atol: float = 1e-5, rtol: float = 1e-3,
              raise_exception: bool = True, nondet_tol: float = 0.0,
              check_undefined_grad: bool = True,
              check_grad_dtypes: bool = False, check_batched_grad: bool =
              False, check_batched_forward_grad: bool = False,
              check_forward_ad: bool = False, check_backward_ad: bool = True,
              fast_mode: bool = False, masked: bool | None = None) -> bool:
    """Whether backward agrees with central differences of func.

    |analytic - numeric| ≤ atol + rtol · |numeric|, entry by entry, for
    every output and every input that asks for a gradient.
    """
    if not (check_forward_ad or check_backward_ad):
        raise AssertionError("Expected at least one of check_forward_ad or "
                             "check_backward_ad to be True")
    if check_batched_forward_grad and not check_forward_ad:
        raise AssertionError("Setting check_batched_forward_grad=True "
                             "requires check_forward_ad to be True")
    if check_batched_grad and not check_backward_ad:
        raise AssertionError("Setting check_batched_grad=True requires "
                             "check_backward_ad to be True")
    xs = (inputs,) if isinstance(inputs, Tensor) else tuple(inputs)
    try:
        asking = check_inputs(xs)
        with enable_grad():
            ys = outputs_of(func, xs)
        if not ys:
            return check_constant(func, xs, asking, eps)
        for i, y in enumerate(ys):
            analytic = analytic_jacobian(y, asking)
            again = analytic_jacobian(y, asking)
            for j, x in enumerate(asking):
                numeric = numeric_jacobian(func, xs, x, i, eps)
                judge(analytic[j], numeric, again[j], i, j, atol, rtol,
                      nondet_tol)
    except GradcheckError:
        if raise_exception:
            raise
        return False
    return True


def check_inputs(xs: tuple) -> list:
    """Those that ask for a gradient; refused where entries share memory."""
    asking = []
    for i, x in enumerate(xs):
        if not isinstance(x, Tensor) or not x.requires_grad:
            continue
        if x.array.dtype not in (np.float64, np.complex128):
            warnings.warn(
                f"Input #{i} requires gradient and is not a double precision"
                " floating point or complex. This check will likely fail if "
                "all the inputs are not of double precision floating point "
                "or complex. ", UserWarning, stacklevel=3)
        if any(s == 0 and n > 1 for s, n in zip(x.array.strides,
                                                x.array.shape)):
            raise RuntimeError(
                f"The {i}th input has a dimension with stride 0. gradcheck "
                "only supports inputs that are non-overlapping to be able to"
                " compute the numerical gradients correctly. You should call"
                " .contiguous on the input before passing it to gradcheck.")
        asking.append(x)
    if not asking:
        raise ValueError(
            "gradcheck expects at least one input tensor to require gradient"
            ", but none of them have requires_grad=True.")
    return asking


def outputs_of(func: Any, xs: tuple) -> list:
    """The results of func that have gradients."""
    ys = func(*xs)
    ys = [ys] if isinstance(ys, Tensor) else list(ys)
    return [y for y in ys if isinstance(y, Tensor) and y.requires_grad]


def check_constant(func: Any, xs: tuple, asking: list, eps: float) -> bool:
    """No output depends on the inputs: then differences must vanish."""
    with no_grad():
        ys = func(*xs)
    ys = [ys] if isinstance(ys, Tensor) else list(ys)
    for i in range(len(ys)):
        for x in asking:
            if np.abs(numeric_jacobian(func, xs, x, i, eps, False)
                      ).max(initial=0) > eps:
                raise GradcheckError(
                    "Numerical gradient for function expected to be zero")
    return True


def parts(a: np.ndarray) -> np.ndarray:
    """Real numbers in a row: of complex ones, both parts."""
    a = np.ascontiguousarray(a).reshape(-1)
    return a.view(a.real.dtype) if a.dtype.kind == "c" else a


def units(a: np.ndarray) -> tuple:
    """The directions of one entry: 1, and i for complex numbers."""
    return (1, 1j) if a.dtype.kind == "c" else (1,)


def analytic_jacobian(y: Tensor, xs: list) -> list:
    """∂y/∂x by backward, a column (in x) for every entry of y."""
    columns: list[list] = [[] for _ in xs]
    for k in range(y.array.size):
        for unit in units(y.array):
            seed = np.zeros(y.array.shape, y.array.dtype)
            seed.reshape(-1)[k] = unit
            gs = grad(y, xs, wrap(seed), retain_graph=True,
                      allow_unused=True)
            for column, x, g in zip(columns, xs, gs):
                column.append(parts(np.zeros_like(x.array) if g is None
                                    else g.array))
    return [np.array(column).reshape(len(column), parts(x.array).size).T
            for column, x in zip(columns, xs)]


def numeric_jacobian(func: Any, xs: tuple, x: Tensor, i: int, eps: float,
                     asking_only: bool = True) -> np.ndarray:
    """∂y/∂x by central differences, for output number i."""

    def value() -> np.ndarray:
        with enable_grad():
            ys = outputs_of(func, xs) if asking_only else func(*xs)
        ys = [ys] if isinstance(ys, Tensor) else ys
        return parts(ys[i].array).copy()

    rows = []
    for place in np.ndindex(*x.array.shape):
        for unit in units(x.array):
            before = x.array[place]
            x.array[place] = before + eps * unit
            above = value()
            x.array[place] = before - eps * unit
            below = value()
            x.array[place] = before
            rows.append((above - below) / (2 * eps))
    return np.array(rows).reshape(len(rows), -1)


def judge(analytic: np.ndarray, numeric: np.ndarray, again: np.ndarray,
          i: int, j: int, atol: float, rtol: float, tol: float) -> None:
    """Refuse slopes unlike the differences, or unlike themselves."""
    if not np.allclose(analytic, numeric, rtol, atol):
        raise GradcheckError(
            f"Jacobian mismatch for output {i} with respect to input {j},\n"
            f"numerical:{wrap(numeric)}\nanalytical:{wrap(analytic)}\n")
    if np.abs(analytic - again).max(initial=0) > tol:
        raise GradcheckError(
            "Backward is not reentrant, i.e., running backward with same "
            "input and grad_output multiple times gives different values, "
            "although analytical gradient matches numerical gradient. The "
            f"tolerance for nondeterminism was {tol}.")


def gradgradcheck(func: Any, inputs: Any, grad_outputs: Any = None, *,
                  eps: float = 1e-6, atol: float = 1e-5, rtol: float = 1e-3,
                  gen_non_contig_grad_outputs: bool = False,
                  raise_exception: bool = True, nondet_tol: float = 0.0,
                  check_undefined_grad: bool = True,
                  check_grad_dtypes: bool = False,
                  check_batched_grad: bool = False,
                  check_fwd_over_rev: bool = False,
                  check_rev_over_rev: bool = True, fast_mode: bool = False,
                  masked: bool = False) -> bool:
    """gradcheck of the gradients of func: second derivatives."""
    xs = (inputs,) if isinstance(inputs, Tensor) else tuple(inputs)
    with enable_grad():
        ys = outputs_of(func, xs)
    if grad_outputs is None:
        rng = np.random.default_rng(0)
        vs = tuple(wrap(rng.standard_normal(y.array.shape).astype(
            y.array.dtype)).requires_grad_() for y in ys)
    else:
        vs = ((grad_outputs,) if isinstance(grad_outputs, Tensor)
              else tuple(grad_outputs))
    n = len(vs)

    def gradients(*args: Any) -> tuple:
        inner = args[:-n]
        asking = [x for x in inner if isinstance(x, Tensor)
                  and x.requires_grad]
        gs = grad(outputs_of(func, inner), asking, args[-n:],
                  create_graph=True, allow_unused=True)
        return tuple(g for g in gs if g is not None)

    return gradcheck(gradients, (*xs, *vs), eps=eps, atol=atol, rtol=rtol,
                     raise_exception=raise_exception, nondet_tol=nondet_tol)
