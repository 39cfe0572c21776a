"""Function transforms: a function in, its derivative as a function out."""

from __future__ import annotations

import functools
from typing import Any

from ..modes import enable_grad
from ..ops.combine import stack
from ..tensor import Tensor
from . import functional
from .engine import grad as engine_grad

__all__ = ["grad", "grad_and_value", "vjp", "jvp", "jacrev", "jacfwd",
           "hessian", "vmap", "functional_call"]


def pick_args(args: tuple, argnums: Any) -> tuple[bool, tuple]:
    """(one number?, the positions as a tuple), checked."""
    single = isinstance(argnums, int)
    places = (argnums,) if single else tuple(argnums)
    for place in places:
        if not -len(args) <= place < len(args):
            raise RuntimeError(
                f"Got argnum={place}, but only {len(args)} positional "
                "inputs")
    return single, tuple(p % len(args) for p in places)


def leaves(tree: Any) -> list:
    """The tensors in nested tuples, lists and dicts, in order."""
    if isinstance(tree, Tensor):
        return [tree]
    if isinstance(tree, dict):
        tree = list(tree.values())
    if isinstance(tree, (tuple, list)):
        return [x for part in tree for x in leaves(part)]
    return []


def rebuild(tree: Any, tensors: Any) -> Any:
    """The same nest, with its tensors taken from an iterator."""
    if isinstance(tree, Tensor):
        return next(tensors)
    if isinstance(tree, dict):
        return type(tree)((k, rebuild(v, tensors)) for k, v in tree.items())
    if isinstance(tree, tuple) and hasattr(tree, "_fields"):
        return type(tree)(*(rebuild(part, tensors) for part in tree))
    if isinstance(tree, (tuple, list)):
        return type(tree)(rebuild(part, tensors) for part in tree)
    return tree


def grad_and_value(func: Any, argnums: Any = 0,
                   has_aux: bool = False) -> Any:
    """A function that gives (∂f/∂x, f(x)) for a scalar f."""

    @functools.wraps(func)
    def call(*args: Any, **kwargs: Any) -> Any:
        single, places = pick_args(args, argnums)
        outer = any(x.requires_grad for x in leaves(args))
        inside = list(args)
        for p in places:
            ours = [x.view_as(x) if x.requires_grad
                    else x.detach().requires_grad_() for x in leaves(args[p])]
            inside[p] = rebuild(args[p], iter(ours))
        with enable_grad():
            y = func(*inside, **kwargs)
            y, aux = y if has_aux else (y, None)
            check_scalar(y)
            xs = [x for p in places for x in leaves(inside[p])]
            if not y.requires_grad:
                gs: Any = [x.new_zeros(x.shape) for x in xs]
            else:
                gs = engine_grad(y, xs, create_graph=True,
                                 materialize_grads=True)
        if not outer:
            y, gs = y.detach(), [g.detach() for g in gs]
        rest = iter(gs)
        found = tuple(rebuild(inside[p], rest) for p in places)
        result = found[0] if single else found
        return (result, (y, aux)) if has_aux else (result, y)

    return call


def check_scalar(y: Any) -> None:
    if not isinstance(y, Tensor):
        raise RuntimeError(
            "grad_and_value(f)(*args): Expected f(*args) to return a single "
            f"tensor, got {type(y)}")
    if y.ndim:
        raise RuntimeError(
            "grad_and_value(f)(*args): Expected f(*args) to return a scalar "
            f"tensor, got tensor with {y.ndim} dims. Maybe you wanted to use"
            " the vjp or jacrev APIs instead?")


def grad(func: Any, argnums: Any = 0, has_aux: bool = False) -> Any:
    """A function that gives ∂f/∂x for a scalar f."""
    both = grad_and_value(func, argnums, has_aux)

    @functools.wraps(func)
    def call(*args: Any, **kwargs: Any) -> Any:
        result, value = both(*args, **kwargs)
        return (result, value[1]) if has_aux else result

    return call


def vjp(func: Any, *primals: Any, has_aux: bool = False) -> tuple:
    """f(x), and the function that takes v to vᵀJ"""
    outer = any(x.requires_grad for x in leaves(primals))
    xs = [x.view_as(x) if x.requires_grad else x.detach().requires_grad_()
          for x in leaves(primals)]
    with enable_grad():
        output = func(*rebuild(primals, iter(xs)))
    y, aux = output if has_aux else (output, None)
    ys = leaves(y)

    def pull(*cotangents: Any) -> tuple:
        vs = leaves(cotangents)
        with enable_grad():
            gs = functional.pull(tuple(ys), tuple(xs), vs, True)
        if not outer and not any(v.requires_grad for v in vs):
            gs = tuple(g.detach() for g in gs)
        return rebuild(primals, iter(gs))

    value = y if outer else rebuild(y, (t.detach() for t in ys))
    return (value, pull, aux) if has_aux else (value, pull)


def jvp(func: Any, primals: tuple, tangents: tuple, *, strict: bool = False,
        has_aux: bool = False) -> tuple:
    """f(x) and J v"""
    if not isinstance(primals, tuple):
        raise RuntimeError(
            "jvp(f, primals, tangents): Expected primals to be a tuple, got "
            f"{type(primals).__name__}: it should be valid to call "
            "f(*primals).")
    y, pull, *aux = vjp(func, *primals, has_aux=has_aux)
    us = [t.detach().new_zeros(t.shape).requires_grad_() for t in leaves(y)]
    with enable_grad():
        back = leaves(pull(*us) if isinstance(y, tuple) else pull(us[0]))
        result = functional.pull(tuple(back), tuple(us), leaves(tangents),
                                 True)
    outer = any(x.requires_grad for x in leaves((primals, tangents)))
    if not outer:
        result = tuple(r.detach() for r in result)
    return (y, rebuild(y, iter(result)), *aux)


def jacrev(func: Any, argnums: Any = 0, *, has_aux: bool = False,
           chunk_size: int | None = None) -> Any:
    """A function that gives J = ∂y/∂x, row by row, by backward."""

    @functools.wraps(func)
    def call(*args: Any, **kwargs: Any) -> Any:
        single, places = pick_args(args, argnums)
        extra: list = []

        def inner(*chosen: Any) -> Any:
            given = list(args)
            for p, x in zip(places, chosen):
                given[p] = x
            y = func(*given, **kwargs)
            if has_aux:
                extra.append(y[1])
                return y[0]
            return y

        chosen = tuple(args[p] for p in places)
        outer = any(x.requires_grad for x in leaves(args))
        rows = functional.jacobian(inner, chosen, create_graph=True)
        if not outer:
            rows = rebuild(rows, (r.detach() for r in leaves(rows)))
        if single:
            rows = (rows[0] if isinstance(rows[0], Tensor)
                    else tuple(row[0] for row in rows))
        return (rows, extra[0]) if has_aux else rows

    return call


def jacfwd(func: Any, argnums: Any = 0, has_aux: bool = False, *,
           randomness: str = "error") -> Any:
    """A function that gives J; the same numbers as jacrev."""
    return jacrev(func, argnums, has_aux=has_aux)


def hessian(func: Any, argnums: Any = 0) -> Any:
    """A function that gives H = ∂²f/∂x²"""
    return jacfwd(jacrev(func, argnums), argnums)


def vmap(func: Any, in_dims: Any = 0, out_dims: Any = 0,
         randomness: str = "error", *, chunk_size: int | None = None) -> Any:
    """func over a new dimension: each slice alone, the results stacked."""

    @functools.wraps(func)
    def call(*args: Any, **kwargs: Any) -> Any:
        dims = in_dims if isinstance(in_dims, (tuple, list)) else (
            (in_dims,) * len(args))
        if len(dims) != len(args):
            raise ValueError(
                f"vmap({func}, in_dims={in_dims}, ...)(<inputs>): in_dims is"
                " not compatible with the structure of inputs: got "
                f"{len(dims)} for {len(args)} inputs")
        flat = [per_tensor(d, arg) for d, arg in zip(dims, args)]
        size = batch_size(flat)
        results = []
        for i in range(size):
            inside = [rebuild(arg, (x if d is None else x.select(d, i)
                                    for x, d in pairs))
                      for arg, pairs in zip(args, flat)]
            results.append(func(*inside, **kwargs))
            if isinstance(results[-1], (int, float, complex, str)):
                raise ValueError(
                    f"vmap({func}, ...): the function must only return "
                    f"Tensors, got type {type(results[-1])}. Did you mean to"
                    " set out_dims= to None for output?")
        return stacked(results, out_dims)

    return call


def per_tensor(dim: Any, arg: Any) -> list:
    """(tensor, the dimension to map over) for every tensor of an input."""
    xs = leaves(arg)
    if isinstance(dim, (tuple, list, dict)):
        found = flat_dims(dim)
        return list(zip(xs, found, strict=True))
    return [(x, dim) for x in xs]


def flat_dims(dims: Any) -> list:
    if isinstance(dims, dict):
        dims = list(dims.values())
    if isinstance(dims, (tuple, list)):
        return [d for part in dims for d in flat_dims(part)]
    return [dims]


def batch_size(flat: list) -> int:
    for x, d in (pair for pairs in flat for pair in pairs):
        if d is not None and not -x.ndim <= d < x.ndim:
            raise ValueError(
                f"vmap: Got in_dim={d} for some input, but that input is a "
                f"Tensor of dimensionality {x.ndim} so expected in_dim to "
                f"satisfy -{x.ndim} <= in_dim < {x.ndim}.")
    sizes = {x.shape[d] for pairs in flat for x, d in pairs if d is not None}
    if not sizes:
        raise ValueError("vmap: at least one input must have a dimension to "
                         "map over (in_dims is None for all)")
    if len(sizes) > 1:
        raise ValueError(
            "vmap: Expected all tensors to have the same size in the mapped "
            f"dimension, got sizes {sorted(sizes)} for the mapped dimension")
    return sizes.pop()


def stacked(results: list, out_dims: Any) -> Any:
    first = leaves(results[0])
    dims = flat_dims(out_dims)
    dims = dims * len(first) if len(dims) == 1 else dims
    columns = [stack(list(column), d) for column, d in zip(
        zip(*(leaves(r) for r in results)), dims)]
    return rebuild(results[0], iter(columns))


def functional_call(module: Any, parameter_and_buffer_dicts: Any,
                    args: Any = None, kwargs: Any = None, *,
                    tie_weights: bool = True, strict: bool = False) -> Any:
    """module(*args) with other tensors in the place of its own."""
    given = parameter_and_buffer_dicts
    if not isinstance(given, (dict, list, tuple)):
        raise ValueError(
            "Expected parameter_and_buffer_dicts to be a dict, or a "
            f"list/tuple of dicts, but got {type(given)}")
    dicts = [given] if isinstance(given, dict) else list(given)
    tensors = {name: t for d in dicts for name, t in d.items()}
    args = () if args is None else args if isinstance(args, tuple) else (
        args,)
    before = []
    try:
        for name, t in tensors.items():
            path, _, last = name.rpartition(".")
            owner = module.get_submodule(path)
            for holder in (owner._parameters, owner._buffers):
                if last in holder:
                    before.append((holder, last, holder[last]))
                    holder[last] = t
                    break
            else:
                raise KeyError(f"{name} is no parameter or buffer")
        return module(*args, **(kwargs or {}))
    finally:
        for holder, last, t in before:
            holder[last] = t
