"""Rows: shape, pieces, gathers, products, creation."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..registry import outcome, pick, real, row, shape


def some_dim(rng: Any, ndim: int) -> int:
    return int(rng.integers(-ndim, ndim))


@row("reshape", "flatten", "ravel", "clone", "t", "squeeze", "fliplr",
     "flipud", "adjoint", "unsqueeze", "atleast_1d", "atleast_2d",
     "atleast_3d", "Tensor.contiguous", "Tensor.view")
def whole(lib: Any, rng: Any, name: str) -> tuple:
    ndim = 2 if name in ("t", "adjoint", "fliplr", "flipud") else None
    size = shape(rng, 2, 2) if ndim else shape(rng, 1, 3)
    x = real(rng, *size)
    extra: tuple = ()
    if name in ("reshape", "Tensor.view"):
        n = int(np.prod(size))
        extra = ((pick(rng, -1, n) if n else 0,),)
        x = np.ascontiguousarray(x)
    if name == "unsqueeze":
        extra = (some_dim(rng, len(size) + 1),)
    if name.startswith("Tensor."):
        word = name.removeprefix("Tensor.")
        return lambda t: getattr(t, word)(*extra), (x,)
    return lambda t: getattr(lib, name)(t, *extra), (x,)


@row("permute", "transpose", "swapaxes", "swapdims", "movedim", "moveaxis",
     "flip", "roll", "rot90", "tile", "Tensor.repeat", "Tensor.expand",
     "broadcast_to", "Tensor.unfold", "unflatten", "diagonal", "narrow",
     "select", "narrow_copy")
def arranged(lib: Any, rng: Any, name: str) -> tuple:
    size = shape(rng, 2, 3, smallest=1)
    n, x = len(size), real(rng, *size)
    d, e = some_dim(rng, n), some_dim(rng, n)
    m = size[d]
    start = int(rng.integers(0, m))
    times = tuple(int(k) for k in rng.integers(0, 3, n + 1))
    wider = (2, *(s if rng.random() < 0.5 else -1 for s in size))
    args = {
        "permute": (tuple(int(k) for k in rng.permutation(n)),),
        "transpose": (d, e), "swapaxes": (d, e), "swapdims": (d, e),
        "movedim": (d, e), "moveaxis": (d, e), "flip": ((d,),),
        "roll": (int(rng.integers(-5, 6)), d),
        "rot90": (int(rng.integers(-2, 5)), (0, 1)), "tile": (times,),
        "Tensor.repeat": times, "Tensor.expand": wider,
        "broadcast_to": ((3, *size),),
        "Tensor.unfold": (d, int(rng.integers(1, m + 1)), 2),
        "unflatten": (d, (m, 1, -1)),
        "diagonal": (int(rng.integers(-1, 2)), 0, 1),
        "narrow": (d, start, int(rng.integers(0, m - start + 1))),
        "narrow_copy": (d, start, m - start), "select": (d, start - m),
    }[name]
    if name.startswith("Tensor."):
        word = name.removeprefix("Tensor.")
        return lambda t: getattr(t, word)(*args), (x,)
    return lambda t: getattr(lib, name)(t, *args), (x,)


@row("cat", "concat", "concatenate", "stack", "hstack", "vstack", "dstack",
     "column_stack", "row_stack")
def joined(lib: Any, rng: Any, name: str) -> tuple:
    size = list(shape(rng, 1, 3))
    d = some_dim(rng, len(size))
    xs = []
    for _ in range(int(rng.integers(1, 4))):
        if name in ("cat", "concat", "concatenate"):
            size[d] = int(rng.integers(0, 4))
        xs.append(real(rng, *size))
    if name in ("cat", "concat", "concatenate", "stack"):
        return lambda *ts: getattr(lib, name)(ts, d), tuple(xs)
    return lambda *ts: getattr(lib, name)(ts), tuple(xs)


@row("split", "chunk", "tensor_split", "unbind", "split_with_sizes",
     "hsplit", "vsplit", "dsplit")
def parted(lib: Any, rng: Any, name: str) -> tuple:
    size = (4, 2, 6) if name in ("hsplit", "vsplit", "dsplit") else shape(
        rng, 1, 3, smallest=1)
    x, d = real(rng, *size), some_dim(rng, len(size))
    n, k = size[d], int(rng.integers(1, 4))
    args = {"split": (k, d), "chunk": (k, d), "tensor_split": (k, d),
            "unbind": (d,), "split_with_sizes": ([n - n // 2, n // 2], d),
            "hsplit": (2,), "vsplit": (2,), "dsplit": ([1, 4],)}[name]
    return lambda t: getattr(lib, name)(t, *args), (x,)


@row("gather", "scatter", "scatter_add", "take_along_dim")
def gathered(lib: Any, rng: Any, name: str) -> tuple:
    size = shape(rng, 1, 3, smallest=1)
    d = int(rng.integers(len(size)))
    small = [int(rng.integers(1, n + 1)) for n in size]
    small[d] = int(rng.integers(1, 6))
    if name == "take_along_dim":
        small = list(size)
    if name == "scatter":  # each place once: the order does not matter
        small[d] = size[d]
        i = rng.permuted(np.broadcast_to(np.arange(size[d]).reshape(
            [-1 if k == d else 1 for k in range(len(size))]), small), axis=d)
    else:
        i = rng.integers(0, size[d], small)
    i = i.astype(np.int64)
    x, src = real(rng, *size), real(rng, *small)
    if name == "gather":
        return lambda t, i: lib.gather(t, d, i), (x, i)
    if name == "take_along_dim":
        return lambda t, i: lib.take_along_dim(t, i, d), (x, i)
    return (lambda t, i, s: getattr(lib, name)(t, d, i, s)), (x, i, src)


@row("scatter_reduce")
def scatter_reduced(lib: Any, rng: Any) -> tuple:
    x, src = real(rng, 3, 4), real(rng, 3, 5)
    i = rng.integers(0, 4, (3, 5))
    how = pick(rng, "sum", "mean", "prod", "amax", "amin")
    keep = bool(rng.integers(2))
    return lambda t, i, s: lib.scatter_reduce(
        t, 1, i, s, how, include_self=keep), (x, i, src)


@row("segment_reduce", order=1)
def in_segments(lib: Any, rng: Any) -> tuple:
    d, n = int(rng.integers(2)), int(rng.integers(0, 6))
    size = [n, 2] if d == 0 else [2, n]
    cuts = np.sort(rng.integers(0, n + 1, (size[0], 3) if d else 3))
    ends = np.concatenate((np.zeros_like(cuts[..., :1]), cuts,
                           np.full_like(cuts[..., :1], n)), -1)
    how = pick(rng, "sum", "mean", "prod", "max", "min")
    first = pick(rng, None, None if how == "mean" else 0.5)
    # torch reads beyond the data where each row has offsets of its own
    by = ({"offsets": ends} if d == 0 and rng.integers(2) else
          {"lengths": np.diff(ends)})

    def call(t: Any) -> Any:
        given = {word: lib.from_numpy(a) for word, a in by.items()}
        return lib.segment_reduce(
            t, how, axis=d, initial=first, **given).nan_to_num(0., 0., 0.)

    return call, (real(rng, *size),)


@row("index_select", "index_add", "index_copy", "index_fill")
def by_index(lib: Any, rng: Any, name: str) -> tuple:
    size = list(shape(rng, 1, 3, smallest=1))
    d = int(rng.integers(len(size)))
    x = real(rng, *size)
    i = (rng.permutation(size[d]) if name == "index_copy" else
         rng.integers(0, size[d], int(rng.integers(0, 5)))).astype(np.int64)
    size[d] = len(i)
    if name == "index_select":
        return lambda t, i: lib.index_select(t, d, i), (x, i)
    if name == "index_fill":
        return lambda t, i: lib.index_fill(t, d, i, 1.5), (x, i)
    return (lambda t, i, s: getattr(lib, name)(t, d, i, s),
            (x, i, real(rng, *size)))


@row("index_add", "index_copy", "index_fill", "index_select", examples=16)
def number_by_index(lib: Any, rng: Any, name: str) -> tuple:
    """An x without dimensions, as if it had one; a number that fills and
    has a slope of its own."""
    if name == "index_fill":
        size = shape(rng, 0, 3, smallest=1)
        d = int(rng.integers(max(1, len(size))))
        some = int(rng.integers(0 if size else 1, 4))
        i = rng.integers(0, (size or (1,))[d], some)
        return (lambda t, i, v: lib.index_fill(t, d, i, v),
                (real(rng, *size), i, real(rng)))
    i = np.zeros(pick(rng, (), (1,)), np.int64)
    if name == "index_select":
        return lambda t, i: lib.index_select(t, 0, i), (real(rng), i)
    side = () if name == "index_add" else pick(rng, (), (1,))
    return (lambda t, i, s: getattr(lib, name)(t, 0, i, s),
            (real(rng), i, real(rng, *side)))


@row("index_put", "take", "masked_fill", "masked_select", "masked_scatter",
     "where", "repeat_interleave")
def chosen(lib: Any, rng: Any, name: str) -> tuple:
    size = shape(rng, 1, 3, smallest=1)
    x, mask = real(rng, *size), rng.random(size) < 0.5
    if name == "index_put":
        i = rng.integers(0, size[0], 3)
        add = bool(rng.integers(2))
        i = i if add else rng.permutation(size[0])[:3]
        return (lambda t, i, v: lib.index_put(t, (i,), v, add),
                (x, i, real(rng, len(i), *size[1:])))
    if name == "take":
        n = x.size
        return lib.take, (x, rng.integers(-n, n, shape(rng, 0, 2)))
    if name == "masked_fill":
        return lib.masked_fill, (x, mask, real(rng))
    if name == "masked_select":
        return lib.masked_select, (x, mask)
    if name == "masked_scatter":
        return lib.masked_scatter, (x, mask, real(rng, x.size + 2))
    if name == "where":
        return (lambda m, a, b: lib.where(m, a, b),
                (mask, x, real(rng, *size[1:])))
    d = int(rng.integers(len(size)))
    times = rng.integers(0, 3, size[d])
    return lambda t, n: lib.repeat_interleave(t, n, d), (x, times)


@row("Tensor.__getitem__")
def indexed(lib: Any, rng: Any) -> tuple:
    x = real(rng, 4, 3, 5)
    i, j = rng.integers(-4, 4, 3), rng.integers(-3, 3, (2, 1))
    mask = rng.random(4) < 0.5
    index = pick(rng, 0, -1, slice(1, 3), (slice(None), 1), (..., 2), None,
                 (slice(0, 4, 2), None, -1), (0, 1, 2), "i", "ij", "mask",
                 "mixed")

    def call(t: Any, i: Any, j: Any, mask: Any) -> Any:
        where = {"i": i, "ij": (i, j), "mask": mask,
                 "mixed": (slice(1, 3), j, slice(None, None, 2))
                 }.get(index, index) if isinstance(index, str) else index
        return t[where]

    return call, (x, i, j, mask)


@row("Tensor.__setitem__")
def assigned(lib: Any, rng: Any) -> tuple:
    x, v = real(rng, 4, 3), real(rng, 3)
    i, mask = rng.permutation(4)[:2], rng.random(4) < 0.5
    kind = int(rng.integers(5))

    def call(t: Any, v: Any, i: Any, mask: Any) -> Any:
        y = t * 2
        where = (0, (slice(1, 3), slice(None)), i, mask,
                 (slice(None), slice(None)))[kind]
        y[where] = v
        return y

    return call, (x, v, i, mask)


@row("tril", "triu", "diag", "diag_embed", "diagflat", "trace")
def triangles(lib: Any, rng: Any, name: str) -> tuple:
    k = int(rng.integers(-2, 3))
    size = shape(rng, 2, 3, smallest=1)
    if name == "trace":
        return lib.trace, (real(rng, *size[:2]),)
    if name == "diag":
        size = size[:int(rng.integers(1, 3))]
    return lambda t: getattr(lib, name)(t, k), (real(rng, *size),)


@row("diagonal_scatter", "select_scatter", "slice_scatter")
def pasted(lib: Any, rng: Any, name: str) -> tuple:
    x = real(rng, 4, 4)
    if name == "diagonal_scatter":
        return lib.diagonal_scatter, (x, real(rng, 4))
    if name == "select_scatter":
        return lambda t, s: lib.select_scatter(t, s, 1, 2), (x, real(rng, 4))
    return (lambda t, s: lib.slice_scatter(t, s, 1, 0, 4, 2),
            (x, real(rng, 4, 2)))


@row("mm", "mv", "dot", "bmm", "matmul", "outer", "ger", "inner", "vdot",
     "kron", "chain_matmul", "tensordot")
def products(lib: Any, rng: Any, name: str) -> tuple:
    n, k, m, b = (int(s) for s in rng.integers(1, 5, 4))
    n = 0 if rng.random() < 0.1 else n
    shapes = {
        "mm": ((n, k), (k, m)), "mv": ((n, k), (k,)), "dot": ((k,), (k,)),
        "bmm": ((b, n, k), (b, k, m)), "outer": ((n,), (m,)),
        "ger": ((n,), (m,)), "inner": ((n, k), (m, k)),
        "vdot": ((k,), (k,)), "kron": ((n, k), (m,)),
        "chain_matmul": ((n, k), (k, m), (m, b)),
        "tensordot": ((n, k, m), (k, m, b)),
        "matmul": pick(rng, ((k,), (k,)), ((n, k), (k,)), ((k,), (k, m)),
                       ((b, 1, n, k), (2, k, m)), ((n, k), (b, k, m))),
    }[name]
    return getattr(lib, name), tuple(real(rng, *s) for s in shapes)


@row("addmm", "addmv", "addr", "addbmm", "baddbmm", examples=80)
def scaled_products(lib: Any, rng: Any, name: str) -> tuple:
    # with several entries the largest seldom is one that has cancelled
    n, k, m = (int(s) for s in rng.integers(2, 6, 3))
    whole = rng.random() < 0.5  # else the first is broadcast
    shapes = {"addmm": ((n, m) if whole else (m,), (n, k), (k, m)),
              "addmv": ((n,), (n, k), (k,)),
              "addr": ((n, m), (n,), (m,)),
              "addbmm": ((n, m), (2, n, k), (2, k, m)),
              "baddbmm": ((1 + whole, n, m), (2, n, k), (2, k, m))}[name]
    beta, alpha = pick(rng, 1, 0.5, 0), pick(rng, 1, 2, -0.5)
    return (lambda *ts: getattr(lib, name)(*ts, beta=beta, alpha=alpha),
            tuple(real(rng, *s) for s in shapes))


EQUATIONS = {
    "ij,jk->ik": ((2, 3), (3, 4)), "bij,bjk->bik": ((2, 2, 3), (2, 3, 4)),
    "i,j->ij": ((3,), (2,)), "ij->ji": ((2, 3),), "ii->i": ((3, 3),),
    "ij,ij->": ((2, 3), (2, 3)), "...i,ij->...j": ((2, 2, 3), (3, 2)),
    "i,i,i->": ((3,), (3,), (3,)), "ij,kj": ((2, 3), (4, 3)),
    "bhqd,bhkd->bhqk": ((2, 1, 3, 2), (2, 1, 4, 2)),
}


@row("einsum")
def named_sums(lib: Any, rng: Any) -> tuple:
    equation = pick(rng, *EQUATIONS)
    xs = tuple(real(rng, *s) for s in EQUATIONS[equation])
    return lambda *ts: lib.einsum(equation, *ts), xs


@row("meshgrid", "block_diag", "cartesian_prod", "combinations",
     "broadcast_tensors")
def combined(lib: Any, rng: Any, name: str) -> tuple:
    xs = tuple(real(rng, int(n)) for n in rng.integers(1, 4, 2))
    if name == "meshgrid":
        how = pick(rng, "ij", "xy")
        return lambda *ts: lib.meshgrid(*ts, indexing=how), xs
    if name == "combinations":
        again = bool(rng.integers(2))
        return (lambda t: lib.combinations(t, 2, again)), (real(rng, 4),)
    if name == "block_diag":
        return lib.block_diag, (*xs, real(rng, 2, 3))
    if name == "broadcast_tensors":
        return lib.broadcast_tensors, (real(rng, 3, 1), real(rng, 4))
    return lib.cartesian_prod, xs


@row("as_strided")
def stepping(lib: Any, rng: Any) -> tuple:
    first = int(rng.integers(0, 3))
    return (lambda t: lib.as_strided(t.contiguous(), (2, 3), (1, 2), first),
            (real(rng, 8),))


@row("as_strided", examples=16)
def stepping_over_a_view(lib: Any, rng: Any) -> tuple:
    """A part of a turned tensor is changed in place; the gradients lie in
    memory unlike the tensor."""
    first, turned = int(rng.integers(0, 3)), bool(rng.integers(2))

    def call(x: Any, v: Any, w: Any) -> Any:
        y = (x.t() if turned else x) * 1
        lib.as_strided(y, (2, 2), (1, 4), first).mul_(v)
        return y * w if turned else y.t() * w

    return call, (real(rng, 3, 4), real(rng, 2, 2), real(rng, 4, 3))


@outcome("tensor", "as_tensor", "asarray", "from_numpy", "scalar_tensor",
         examples=20, exact=True)
def made_from(lib: Any, rng: Any, dtype: Any, name: str) -> Any:
    if name == "scalar_tensor":
        return lib.scalar_tensor(float(rng.standard_normal()), dtype=dtype)
    a = rng.standard_normal(shape(rng, 0, 3))
    make = getattr(lib, name)
    kinds = [make(a), make(a.astype(np.float32)), make(np.arange(3))]
    if name == "from_numpy":
        return kinds
    return [*kinds, make(a.tolist() if a.size else [], dtype=dtype),
            make([[1, 2], [3, 4]]), make([True, False]), make(1.5),
            make([1.5, 2])]


@outcome("zeros", "ones", "full", "eye", "arange", "linspace",
         "zeros_like", "ones_like", "full_like", "tril_indices",
         "triu_indices", "broadcast_shapes", examples=20, exact=True)
def filled(lib: Any, rng: Any, dtype: Any, name: str) -> Any:
    size = shape(rng, 0, 3)
    n, m = (int(k) for k in rng.integers(0, 6, 2))
    x = lib.zeros(size, dtype=dtype)
    low, high = (float(v) for v in rng.integers(-5, 6, 2))
    step = float(rng.integers(1, 5)) / 4 * (1 if high >= low else -1)
    return {
        "zeros": lambda: [lib.zeros(size, dtype=dtype), lib.zeros(n, m)],
        "ones": lambda: [lib.ones(size, dtype=dtype), lib.ones(n, m)],
        "full": lambda: [lib.full(size, 2), lib.full(size, 1.5, dtype=dtype),
                         lib.full(size, True)],
        "eye": lambda: [lib.eye(n, m, dtype=dtype), lib.eye(n)],
        "arange": lambda: [lib.arange(n), lib.arange(n, n + m),
                           lib.arange(low, high, step, dtype=dtype)],
        "linspace": lambda: lib.linspace(low, high, n, dtype=lib.float32),
        "zeros_like": lambda: lib.zeros_like(x),
        "ones_like": lambda: lib.ones_like(x, dtype=lib.int32),
        "full_like": lambda: lib.full_like(x, 2.5),
        "tril_indices": lambda: lib.tril_indices(n, m, 1),
        "triu_indices": lambda: lib.triu_indices(n, m, -1),
        "broadcast_shapes": lambda: list(lib.broadcast_shapes(
            (3, 1), (1, m), (n, 1, 1))),
    }[name]()


@outcome("nonzero", "argwhere", "numel", "empty", "empty_like",
         "empty_strided", "range", examples=20, exact=True)
def said(lib: Any, rng: Any, dtype: Any, name: str) -> Any:
    size = shape(rng, 0, 3)
    x = lib.from_numpy(rng.integers(0, 2, size).astype(np.float64))
    if name in ("nonzero", "argwhere", "numel"):
        return getattr(lib, name)(x)
    if name == "range":
        return lib.range(1, 4, 0.5, dtype=dtype)
    made = {"empty": lambda: lib.empty(size, dtype=dtype),
            "empty_like": lambda: lib.empty_like(x, dtype=dtype),
            "empty_strided": lambda: lib.empty_strided((2, 3), (1, 2))}
    return list(made[name]().shape)


@outcome("logspace", examples=20)
def powers(lib: Any, rng: Any, dtype: Any) -> Any:
    return lib.logspace(0, 3, int(rng.integers(0, 6)), dtype=dtype)
