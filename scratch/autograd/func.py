"""Function transforms: a function in, its derivative as a function out."""

from __future__ import annotations

import functools
from typing import Any

from ..modes import enable_grad, modes
from ..tensor import Tensor
from . import functional
from .engine import grad as engine_grad
from .levels import Level
from .stateless import functional_call, stack_module_state
from .trees import flatten, leaves, rebuild, structure
from .vmapping import vmap

__all__ = ["grad", "grad_and_value", "vjp", "jvp", "jacrev", "jacfwd",
           "hessian", "linearize", "vmap", "functional_call",
           "stack_module_state", "functionalize"]


def pick_args(args: tuple, argnums: Any) -> tuple[bool, tuple]:
    """(one number?, the positions as a tuple), checked."""
    single = isinstance(argnums, int)
    if not single and not isinstance(argnums, tuple):
        raise RuntimeError("argnums must be int or Tuple[int, ...], got: "
                           f"{type(argnums)}")
    places = (argnums,) if single else argnums
    if not places:
        raise RuntimeError("argnums must be non-empty")
    if len(set(places)) < len(places):
        raise RuntimeError(f"argnums elements must be unique, got {argnums}")
    for place in places:
        if not -len(args) <= place < len(args):
            raise RuntimeError(
                f"Got argnum={place}, but only {len(args)} positional "
                "inputs")
    return single, tuple(p % len(args) for p in places)


def grad_and_value(func: Any, argnums: Any = 0,
                   has_aux: bool = False) -> Any:
    """A function that gives (∂f/∂x, f(x)) for a scalar f."""

    @functools.wraps(func)
    def call(*args: Any, **kwargs: Any) -> Any:
        single, places = pick_args(args, argnums)
        for p in places:
            for x in flatten(args[p]):
                if not isinstance(x, Tensor):
                    raise ValueError("Thing passed to transform API must be "
                                     f"Tensor, got {type(x)}")
        level, inside = Level(), list(args)
        with enable_grad():
            for p in places:
                ours = functional.entering(leaves(args[p]), True)
                inside[p] = rebuild(args[p], iter(ours))
            y, aux = with_aux(func(*inside, **kwargs), has_aux,
                              "grad_and_value(f)(*args)")
            check_scalar(y)
            xs = [x for p in places for x in leaves(inside[p])]
            if not y.requires_grad:
                gs: Any = [x.new_zeros(x.shape) for x in xs]
            else:
                gs = engine_grad(y, xs, create_graph=True,
                                 materialize_grads=True)
        y, aux, gs = level.out((y, aux, list(gs)))
        rest = iter(gs)
        found = tuple(rebuild(inside[p], rest) for p in places)
        result = found[0] if single else found
        return (result, (y, aux)) if has_aux else (result, y)

    return call


def with_aux(output: Any, has_aux: bool, caller: str) -> tuple:
    """(output, what it gives besides)"""
    if not has_aux:
        return output, None
    if not (isinstance(output, tuple) and len(output) == 2):
        raise RuntimeError(
            f"{caller}: output of function f should be a tuple: (output, "
            "aux) if has_aux is True")
    return output


def check_scalar(y: Any) -> None:
    """Refuse what is no tensor of one number without dimensions."""
    if not isinstance(y, Tensor):
        raise RuntimeError(
            "grad_and_value(f)(*args): Expected f(*args) to return a Tensor, "
            f"got {type(y)}")
    if y.ndim:
        raise RuntimeError(
            "grad_and_value(f)(*args): Expected f(*args) to return a scalar "
            f"Tensor, got tensor with {y.ndim} dims. Maybe you wanted to use"
            " the vjp or jacrev APIs instead?")


def grad(func: Any, argnums: Any = 0, has_aux: bool = False) -> Any:
    """A function that gives ∂f/∂x for a scalar f."""
    both = grad_and_value(func, argnums, has_aux)

    @functools.wraps(func)
    def call(*args: Any, **kwargs: Any) -> Any:
        result, value = both(*args, **kwargs)
        return (result, value[1]) if has_aux else result

    return call


VJP, JVP = "vjp(f, *primals)", "jvp(f, primals, tangents)"


def vjp(func: Any, *primals: Any, has_aux: bool = False) -> tuple:
    """f(x), and the function that takes v to vᵀJ"""
    return pulled(func, primals, has_aux, VJP)


def pulled(func: Any, primals: tuple, has_aux: bool, caller: str) -> tuple:
    """vjp, under the name that errors tell."""
    level = Level()
    with enable_grad():
        xs = functional.entering(leaves(primals), True)
        output = func(*rebuild(primals, iter(xs)))
    y, aux = with_aux(output, has_aux, caller)
    check_tensors(y, caller)
    ys = leaves(y)

    def pull(cotangents: Any) -> tuple:
        vs = leaves(cotangents)
        if structure(cotangents) != structure(y):
            raise RuntimeError(
                "Expected pytree structure of cotangents to be the same as "
                "pytree structure of outputs to the function. cotangents: "
                f"{shape_of(cotangents)}, primal output: {shape_of(y)}")
        with enable_grad():
            gs = functional.pull(tuple(ys), xs, vs, True)
        if not modes.recording:
            gs = Level().out(gs)
        elif not any(v.requires_grad for v in vs):
            gs = level.out(gs)
        return rebuild(primals, iter(gs))

    value, aux = level.out((y, aux))
    return (value, pull, aux) if has_aux else (value, pull)


def shape_of(tree: Any) -> str:
    """The structure in short: (*, *)"""
    return str(rebuild(tree, iter(["*"] * len(flatten(tree))), every=True)
               ).replace("'*'", "*")


def jvp(func: Any, primals: tuple, tangents: tuple, *, strict: bool = False,
        has_aux: bool = False) -> tuple:
    """f(x) and J v, as the derivative in u of uᵀJ, times v"""
    check_tangents(primals, tangents)
    level = Level()
    y, pull, *aux = pulled(func, primals, has_aux, JVP)
    zeros = [t.detach().new_zeros(t.shape) for t in leaves(y)]
    us = [z.requires_grad_() for z in zeros if has_slopes(z)]
    with enable_grad():
        back = leaves(pull(rebuild(y, iter(zeros))))
        if strict and not any(b.requires_grad for b in back):
            raise RuntimeError(
                "jvp(f, primals, tangents, strict=True): The output of f is "
                "independent of the inputs. This is not allowed with "
                "strict=True.")
        slopes = iter(functional.pull(tuple(back), tuple(us),
                                      leaves(tangents), True))
    result = [next(slopes) if has_slopes(z) else z for z in zeros]
    return (y, rebuild(y, iter(level.out(result))), *aux)


def has_slopes(x: Tensor) -> bool:
    """Whether its numbers are real or complex, not whole."""
    return x.is_floating_point() or x.is_complex()


def check_tangents(primals: Any, tangents: Any) -> None:
    """Refuse tangents that do not fit the primals."""
    what = "jvp(f, primals, tangents): Expected primals"
    if not isinstance(primals, tuple):
        raise RuntimeError(f"{what} to be a tuple. E.g. it should be valid "
                           "to call f(*primals).")
    xs, vs = leaves(primals), leaves(tangents)
    if structure(primals) != structure(tangents):
        raise RuntimeError(
            f"{what} and tangents to have the same python structure. For "
            "example, if primals is a tuple of 3 tensors, tangents also must "
            f"be. Got primals with structure {structure(primals)} and tangents "
            f"with structure {structure(tangents)}")
    if not xs:
        raise RuntimeError(f"{what} to contain at least one Tensor.")
    for x, v in zip(xs, vs):
        if x.shape != v.shape:
            raise RuntimeError(
                "Trying to set a forward gradient that has a different size "
                "than that of the original Tensor, this is not supported. "
                f"Tensor is of size {[*x.shape]} while the given forward "
                f"gradient is of size {[*v.shape]}.")


def linearize(func: Any, *primals: Any) -> tuple:
    """f(x), and the function that takes v to J v at x"""
    y = func(*primals)

    def push(*tangents: Any) -> Any:
        return jvp(func, primals, tangents)[1]

    return y, push


def jacrev(func: Any, argnums: Any = 0, *, has_aux: bool = False,
           chunk_size: int | None = None,
           _preallocate_and_copy: bool = False) -> Any:
    """A function that gives J = ∂y/∂x, row by row, by backward."""
    if not (chunk_size is None or chunk_size > 0):
        raise ValueError("jacrev: `chunk_size` should be greater than 0.")
    return jacobian_of(func, argnums, has_aux, VJP)


def jacfwd(func: Any, argnums: Any = 0, has_aux: bool = False, *,
           randomness: str = "error") -> Any:
    """A function that gives J; the same numbers as jacrev."""
    return jacobian_of(func, argnums, has_aux, JVP)


def jacobian_of(func: Any, argnums: Any, has_aux: bool, caller: str) -> Any:
    """J for every tensor of the outputs, by every tensor of the inputs."""

    @functools.wraps(func)
    def call(*args: Any, **kwargs: Any) -> Any:
        single, places = pick_args(args, argnums)
        level, inside = Level(), list(args)
        with enable_grad():
            for p in places:
                ours = functional.entering(leaves(args[p]), True)
                inside[p] = rebuild(args[p], iter(ours))
            chosen = inside[places[0]] if single else tuple(
                inside[p] for p in places)
            xs = tuple(leaves(chosen))
            y, aux = with_aux(func(*inside, **kwargs), has_aux, caller)
            check_tensors(y, caller)
            rows = []
            for part in leaves(y):
                blocks = functional.blocks(part, xs, True, False)
                if not has_slopes(part):
                    blocks = [b.to(part.dtype) for b in blocks]
                rows.append(rebuild(chosen, iter(level.out(list(blocks)))))
        found = rebuild(y, iter(rows))
        return (found, level.out(aux)) if has_aux else found

    return call


def check_tensors(y: Any, caller: str) -> None:
    """Refuse what is no tensor, and for vᵀJ what has no slopes."""
    for part in flatten(y):
        if not isinstance(part, Tensor):
            raise RuntimeError(
                f"{caller}: expected f(*primals) to return only tensors, got "
                f"unsupported type {type(part)}")
        if caller == VJP and not has_slopes(part):
            raise RuntimeError(
                "vjp(f, ...): All outputs of f must be floating-point or "
                f"complex Tensors, got Tensor with dtype {part.dtype}")


def hessian(func: Any, argnums: Any = 0) -> Any:
    """A function that gives H = ∂²f/∂x²"""
    return jacfwd(jacrev(func, argnums), argnums)


def functionalize(func: Any, *, remove: str = "mutations") -> Any:
    """func; torch's compilers want it without writing, to the same results"""

    @functools.wraps(func)
    def call(*args: Any, **kwargs: Any) -> Any:
        if remove not in ("mutations", "mutations_and_views"):
            raise RuntimeError(
                "functionalize(f, remove='mutations'): received invalid "
                f"argument for remove={remove}. Valid options are:\n"
                "     remove='mutations': all inplace and out= operators will "
                "be removed from the program, and replaced with their "
                "out-of-place equivalents.\n     remove='mutations_and_views'"
                ": In addition to the above, all aliasing operators {view} "
                "will be replaced with their non-aliasing counterparts, "
                "{view}_copy.\n")
        return func(*args, **kwargs)

    return call
