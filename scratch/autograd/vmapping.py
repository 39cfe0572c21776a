"""vmap: a function over a new dimension, each slice alone."""

from __future__ import annotations

import functools
from typing import Any

from ..ops.combine import stack
from ..random import default_generator
from ..tensor import Tensor
from .trees import flatten, rebuild, spread, structure

__all__ = ["vmap"]


def vmap(func: Any, in_dims: Any = 0, out_dims: Any = 0,
         randomness: str = "error", *, chunk_size: int | None = None) -> Any:
    """func over a new dimension: each slice alone, the results stacked.

    randomness: "error", "same" numbers for every slice, or "different".
    """
    if chunk_size is not None and not chunk_size > 0:
        raise ValueError("vmap: chunk_size should be None or greater than 0. "
                         f"(got {chunk_size})")
    name = getattr(func, "__name__", None) or repr(func)

    @functools.wraps(func)
    def call(*args: Any, **kwargs: Any) -> Any:
        if randomness not in ("error", "different", "same"):
            raise RuntimeError(
                "Only allowed values for randomness are 'error', "
                f"'different', or 'same'. Got {randomness}")
        dims = input_dims(in_dims, args, name)
        size = batch_size(args, dims, in_dims, name)

        def slice_at(i: int) -> Any:
            parts = iter([cut(x, d, i) for x, d in
                          zip(flatten(args), dims)])
            return func(*rebuild(args, parts, every=True), **kwargs)

        results = drawn_alike(slice_at, max(size, 1), randomness)
        return joined(results, out_dims, name, size)

    return call


# ---- in

def input_dims(in_dims: Any, args: tuple, name: str) -> list:
    """The dimension to map over, for every leaf of the arguments."""
    what = f"vmap({name}, in_dims={in_dims}, ...)(<inputs>)"
    if not isinstance(in_dims, (int, tuple, list)):
        raise ValueError(
            f"{what}: expected `in_dims` to be int or a (potentially nested) "
            "tuple matching the structure of inputs, got: "
            f"{type(in_dims)}.")
    if not args:
        raise ValueError(
            f"vmap({name})(<inputs>): got no inputs. Maybe you forgot to add "
            "inputs, or you are trying to vmap over a function with no "
            "inputs. The latter is unsupported.")
    if isinstance(in_dims, list):
        in_dims = tuple(in_dims)
    dims = spread(in_dims, args)
    if dims is None:
        raise ValueError(
            f"{what}: in_dims is not compatible with the structure of "
            f"`inputs`. in_dims has structure {structure(in_dims)} but "
            f"inputs has structure {structure(args)}.")
    for x, d in zip(flatten(args), dims):
        check_dim(x, d, what)
    return dims


def check_dim(x: Any, d: Any, what: str) -> None:
    """Refuse a leaf of the arguments that has no dimension d."""
    if d is None:
        return
    if not isinstance(d, int):
        raise ValueError(
            f"{what}: Got in_dim={d} for an input but in_dim must be either "
            "an integer dimension or None.")
    if not isinstance(x, Tensor):
        raise ValueError(
            f"{what}: Got in_dim={d} for an input but the input is of type "
            f"{type(x)}. We cannot vmap over non-Tensor arguments, please "
            "use None as the respective in_dim")
    if not -x.ndim <= d < x.ndim:
        raise ValueError(
            f"{what}: Got in_dim={d} for some input, but that input is a "
            f"Tensor of dimensionality {x.ndim} so expected in_dim to "
            f"satisfy -{x.ndim} <= in_dim < {x.ndim}.")


def batch_size(args: tuple, dims: list, in_dims: Any, name: str) -> int:
    """How many slices there are, the same for all that are mapped."""
    sizes = [x.shape[d] for x, d in zip(flatten(args), dims)
             if d is not None]
    if not sizes:
        raise ValueError("vmap: Expected at least one Tensor to vmap over")
    if any(n != sizes[0] for n in sizes):
        raise ValueError(
            "vmap: Expected all tensors to have the same size in the mapped "
            f"dimension, got sizes {sizes} for the mapped dimension")
    return sizes[0]


def cut(x: Any, d: Any, i: int) -> Any:
    """Slice i; zeros where there is none, to learn the result's shape."""
    if d is None:
        return x
    if x.shape[d]:
        return x.select(d, i)
    d %= x.ndim
    return x.new_zeros(x.shape[:d] + x.shape[d + 1:])


def drawn_alike(slice_at: Any, size: int, randomness: str) -> list:
    """The results of all slices, with random numbers as was asked."""
    before = default_generator.state_bytes()
    results = []
    for i in range(size):
        if randomness == "same":
            default_generator.take_state(before)
        results.append(slice_at(i))
    if randomness == "error" and (
            default_generator.state_bytes() != before).any():
        raise RuntimeError(
            "vmap: called random operation while in randomness error mode. "
            "Please either use the 'same' or 'different' randomness flags on "
            "vmap or perform the randomness operation out of vmap")
    return results


# ---- out

def joined(results: list, out_dims: Any, name: str, size: int) -> Any:
    """The results as one, of the same structure, along out_dims."""
    if not all(d is None or isinstance(d, int) for d in flatten(out_dims)):
        raise ValueError(
            f"vmap({name}, ..., out_dims={out_dims}): `out_dims` must be an "
            "int, None or a python collection of ints representing where in "
            "the outputs the vmapped dimension should appear.")
    first = results[0]
    if isinstance(first, Tensor) and isinstance(out_dims, tuple) and (
            len(out_dims) == 1):
        out_dims = out_dims[0]  # torch: (0,) serves one tensor too
    dims = spread(out_dims, first)
    if dims is None:
        raise ValueError(
            f"vmap({name}, ..., out_dims={out_dims})(<inputs>): out_dims is "
            "not compatible with the structure of `outputs`. out_dims has "
            f"structure {structure(out_dims)} but outputs has structure "
            f"{structure(first)}.")
    for y, d in zip(flatten(first), dims):
        if d is not None and not isinstance(y, Tensor):
            raise ValueError(
                f"vmap({name}, ...): `{name}` must only return Tensors, got "
                f"type {type(y)}. Did you mean to set out_dims= to None for "
                "output?")
    columns = zip(*(flatten(result) for result in results))
    found = [column[0] if d is None else piled(list(column), d, size)
             for column, d in zip(columns, dims)]
    return rebuild(first, iter(found), every=True)


def piled(column: list, d: int, size: int) -> Tensor:
    y = stack(column, d)
    return y if size else y.narrow(d, 0, 0)


