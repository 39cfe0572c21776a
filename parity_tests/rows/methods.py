"""Rows: methods of Tensor that are no function's: types, copies, facts."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..registry import outcome, pick, positive, real, row, shape, ties

TYPES = ("half float double short int long bool byte char cfloat cdouble"
         ).split()


@outcome(*[f"Tensor.{word}" for word in TYPES], "Tensor.to", "Tensor.type",
         "Tensor.type_as", "Tensor.to_dense", exact=True, examples=16)
def converted(lib: Any, rng: Any, dtype: Any, name: str) -> Any:
    word, x = name.split(".")[1], lib.from_numpy(
        np.asarray(3 * ties(rng, *shape(rng)))).abs().to(dtype)
    if word == "to":
        return [x.to(lib.int32), x.to("cpu"), x.to(lib.zeros(1)), x.to(
            dtype=lib.float16, copy=True)]
    if word == "type":
        return [x.type(lib.uint8), x.type() == "torch.DoubleTensor"]
    if word == "to_dense":
        return [x.to_dense(), x.to_dense(lib.float64, masked_grad=True),
                x.to_dense() is x, x.to_dense(lib.int32) is x]
    if word == "type_as":
        return x.type_as(lib.zeros(1, dtype=lib.int16))
    return [getattr(x, word)(), getattr(lib.arange(5), word)()]


FACTS = ("numel nelement size dim ndimension stride storage_offset "
         "is_contiguous element_size is_floating_point is_complex is_signed "
         "get_device is_pinned is_shared is_conj is_neg").split()


@outcome(*[f"Tensor.{word}" for word in FACTS], exact=True, examples=16)
def facts(lib: Any, rng: Any, dtype: Any, name: str) -> Any:
    size = shape(rng, 2, 3, smallest=1)
    x = lib.zeros(size, dtype=dtype)
    several = [x, x.transpose(0, 1), x[-1:], lib.ones((), dtype=lib.int8)]
    return [getattr(t, name.split(".")[1])() for t in several]


@outcome("Tensor.is_same_size", "Tensor.is_set_to", "is_same_size",
         exact=True, examples=16)
def beside(lib: Any, rng: Any, dtype: Any, name: str) -> Any:
    x = lib.from_numpy(ties(rng, *shape(rng, 1, 3))).to(dtype)
    others = [x, x.clone(), x.detach(), x.view(x.shape), x[:1], x[..., :1],
              x.reshape(-1), x.transpose(0, -1), x.to(lib.int8), x[None]]
    ask = getattr(x, name.removeprefix("Tensor."))
    return [ask(y) for y in others]


@outcome("Tensor.dim_order", "Tensor.set_", exact=True, examples=16)
def lying(lib: Any, rng: Any, dtype: Any, name: str) -> Any:
    order = rng.permutation(3).tolist()
    x = lib.from_numpy(ties(rng, 2, 3, 4)).to(dtype).permute(*order)
    if name == "Tensor.dim_order":
        return [x.dim_order(), lib.ones(()).dim_order()]
    y = lib.zeros(2, dtype=dtype)
    found = [[y.set_(x).clone(), y.stride()]]
    for source in x.contiguous()[1:], x.untyped_storage():
        y.set_(source, 1, (2, 2), (1, 2))[0] += 1
        found.append([y.clone(), y.stride()])
    return [*found, x, y.set_(x[0]).clone(), y.set_()]


@outcome("Tensor.cpu", "Tensor.new_tensor", "Tensor.new_zeros",
         "Tensor.new_ones", "Tensor.new_full", "Tensor.new_empty",
         "Tensor.nonzero", "Tensor.argwhere", "Tensor.unique",
         "Tensor.unique_consecutive", "Tensor.equal", "Tensor.allclose",
         "Tensor.item", "Tensor.tolist", "Tensor.numpy", "Tensor.is_nonzero",
         "Tensor.__iter__", "Tensor.__reversed__", "is_nonzero", exact=True,
         examples=16)
def given(lib: Any, rng: Any, dtype: Any, name: str) -> Any:
    x = lib.from_numpy(ties(rng, *shape(rng, 1, 2, smallest=1))).to(dtype)
    y, word = x.clone() * pick(rng, 1, 2), name.split(".")[-1]
    calls = {
        "new_tensor": lambda: x.new_tensor([1.5, 2]),
        "new_zeros": lambda: x.new_zeros(2, 3),
        "new_ones": lambda: x.new_ones((2, 3)),
        "new_full": lambda: x.new_full((2,), 1.5),
        "new_empty": lambda: list(x.new_empty(2, 3).shape),
        "equal": lambda: x.equal(y), "allclose": lambda: x.allclose(y),
        "item": lambda: x.sum().item(), "__iter__": lambda: list(x),
        "__reversed__": lambda: reversed(x),
        "is_nonzero": lambda: (lib.is_nonzero(x.sum()) if "." not in name
                               else x.sum().is_nonzero()),
    }
    return calls[word]() if word in calls else getattr(x, word)()


@row("Tensor.expand_as", "Tensor.reshape_as", "Tensor.view_as",
     "Tensor.copy_", "Tensor.fill_", "Tensor.zero_", "Tensor.fill_diagonal_",
     "Tensor.as_subclass", "Tensor.put_", "Tensor.detach",
     "Tensor.hardshrink", "Tensor.prelu",
     "Tensor.conj_physical", "Tensor.resolve_conj", "Tensor.resolve_neg",
     "Tensor.T", "Tensor.mT", "Tensor.H", "Tensor.mH", "Tensor.real",
     "conj_physical", "resolve_conj", "resolve_neg", examples=20)
def written(lib: Any, rng: Any, name: str) -> tuple:
    word, x, y = name.split(".")[-1], real(rng, 3, 4), real(rng, 3, 4)
    if "." not in name:
        return lambda t: getattr(lib, word)(t * 1), (x,)
    if word in ("T", "mT", "H", "mH", "real"):
        return lambda t: getattr(t, word), (x,)
    if word == "put_":
        i = rng.permutation(12)[:4].reshape(2, 2)
        add = bool(rng.integers(2))
        return (lambda t, i, v: (t * 1).put_(i, v, add),
                (x, i, real(rng, 2, 2)))
    if word == "prelu":
        return lambda t, w: t.prelu(w), (x, real(rng, 4))
    if word == "as_subclass":
        own = type("Own", (lib.Tensor,), {})
        return lambda t, s: (t * 1).as_subclass(own).as_subclass(
            lib.Tensor) * s, (x, y)
    if word in ("expand_as", "copy_"):
        small = real(rng, *pick(rng, (4,), (3, 1), ()))
        if word == "copy_":
            return lambda t, s: (t * 1).copy_(s) * t, (x, small)
        return lambda t, s: s.expand_as(t) * t, (x, small)
    if word in ("reshape_as", "view_as"):
        return (lambda t, s: getattr(t.contiguous(), word)(s),
                (x, real(rng, 2, 6)))
    args = {"fill_": (1.5,), "fill_diagonal_": (2.0, bool(rng.integers(2)))}
    return lambda t, s: getattr(t * 1, word)(*args.get(word, ())) * s, (x, y)


@row("Tensor.backward", "Tensor.requires_grad_", "Tensor.retain_grad",
     "Tensor.register_hook", "Tensor.detach_", "Tensor.grad",
     "Tensor.register_post_accumulate_grad_hook", examples=12)
def backwards(lib: Any, rng: Any, name: str) -> tuple:
    word = name.split(".")[1]

    def doubled(t: Any) -> None:
        t.grad = t.grad * 2

    def call(x: Any) -> list:
        y = x.detach().clone().requires_grad_()
        z = y ** 2
        z.retain_grad()
        if word == "register_hook":
            z.register_hook(lambda g: g * 3)
        if word.startswith("register_post"):
            y.register_post_accumulate_grad_hook(doubled)
        z.exp().sum().backward()
        if word == "detach_":
            return [z.detach_() * x]
        return [y.grad * x, z.grad]

    def chosen(x: Any) -> list:
        w, z = x * 2, x * 3  # w's gradient is not asked for
        (w * z ** 3).backward(z, retain_graph=True, create_graph=True,
                              inputs=[z])
        return [z.grad, z.grad * x]

    if word == "backward" and rng.random() < 0.5:
        return chosen, (real(rng, 2, 3) / 2,)
    return call, (real(rng, 2, 3) / 2,)


@outcome("Tensor.share_memory_", "Tensor.pin_memory", "Tensor.is_leaf",
         "Tensor.requires_grad", "Tensor.ndim", "Tensor.shape",
         "Tensor.nbytes", "Tensor.itemsize", "Tensor.is_cuda",
         "Tensor.is_sparse", "Tensor.is_quantized", "Tensor.retains_grad",
         "Tensor.output_nr", "Tensor.data", "Tensor.is_cpu", "Tensor.is_meta",
         "Tensor.is_mps", "Tensor.dtype", "Tensor.device", "Tensor.layout",
         "Tensor.grad_fn", exact=True, examples=8)
def attributes(lib: Any, rng: Any, dtype: Any, name: str) -> Any:
    x = lib.from_numpy(real(rng, 2, 3)).to(dtype)
    if name == "Tensor.share_memory_":
        return x.share_memory_()
    if name == "Tensor.pin_memory":
        return x.is_pinned()
    y = x.clone().requires_grad_()
    word = name.split(".")[1]
    if word in ("dtype", "device", "layout"):
        return [str(getattr(x, word))]
    if word == "grad_fn":
        return [y.grad_fn is None, (y * 2).grad_fn.name()]
    return [getattr(t, word) for t in (x, y, (y * 2).detach())]


@outcome("Tensor.__dlpack__", "Tensor.__dlpack_device__",
         "Tensor.data_ptr", exact=True, examples=8)
def memory(lib: Any, rng: Any, dtype: Any, name: str) -> Any:
    x = lib.from_numpy(real(rng, 2, 3).copy()).to(dtype)
    if name == "Tensor.data_ptr":
        return [x.data_ptr() == x.view(-1).data_ptr(),
                x[1].data_ptr() - x.data_ptr()
                == x.stride(0) * x.element_size()]
    return np.from_dlpack(x)


@row("Tensor.where", "Tensor.polygamma", "Tensor.polygamma_", examples=12)
def in_another_order(lib: Any, rng: Any, name: str) -> tuple:
    x = positive(rng, 3, 4)
    if name == "Tensor.where":
        return (lambda t, m, y: t.where(m, y),
                (x, rng.random((3, 4)) < 0.5, real(rng, 4)))
    n, word = int(rng.integers(0, 3)), name.split(".")[1]
    return lambda t: getattr(t * 1, word)(n), (x,)


@outcome("Tensor.float_power_", examples=12)
def power_in_place(lib: Any, rng: Any, dtype: Any) -> Any:
    """torch: in float64 alone."""
    x = lib.from_numpy(positive(rng, 3, 4))
    return [x.clone().float_power_(pick(rng, 2, 0.5, -1)),
            x.clone().float_power_(lib.ones(4) * 1.5)]
