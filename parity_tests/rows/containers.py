"""Rows: containers of modules and parameters; types and their limits."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..layers import SEED
from ..registry import outcome, pick, real, row

CONTAINERS = ("Sequential", "ModuleList", "ModuleDict", "ParameterList",
              "ParameterDict", "Module", "Parameter", "Buffer")


def network(lib: Any, kind: str) -> Any:
    """Two layers that one kind of container holds."""
    nn = lib.nn
    if kind == "Sequential":
        return nn.Sequential(nn.Linear(3, 4), nn.Tanh(), nn.Linear(4, 2))

    class Net(nn.Module):  # type: ignore[name-defined]
        def __init__(self) -> None:
            super().__init__()
            first, last = nn.Linear(3, 4), nn.Linear(4, 2)
            w = nn.Parameter(lib.randn(4, 3))
            self.shift = nn.Buffer(lib.ones(2))
            if kind == "ModuleList":
                self.held = nn.ModuleList([first, last])
            elif kind == "ModuleDict":
                self.held = nn.ModuleDict({"0": first, "1": last})
            elif kind == "ParameterList":
                self.held = nn.ParameterList([w, last.weight])
            elif kind == "ParameterDict":
                self.held = nn.ParameterDict({"0": w, "1": last.weight})
            else:
                self.first, self.last = first, last

        def forward(self, x: Any) -> Any:
            if kind in ("ModuleDict", "ParameterDict"):
                a, b = self.held["0"], self.held["1"]
            elif kind in ("ModuleList", "ParameterList"):
                a, b = self.held
            else:
                a, b = self.first, self.last
            if "Parameter" in kind and kind != "Parameter":
                return (x @ a.mT).tanh() @ b.mT + self.shift
            return b(a(x).tanh()) + self.shift

    return Net()


@row(*[f"nn.{kind}" for kind in CONTAINERS], examples=12)
def held(lib: Any, rng: Any, name: str) -> tuple:
    """Values, and the gradients of all parameters by one backward pass."""
    def call(x: Any) -> list:
        lib.manual_seed(SEED)
        net = network(lib, name.split(".")[1]).to(x.dtype)
        y = net(x)
        params = list(net.parameters())
        slopes = lib.autograd.grad(y.square().sum(), params,
                                   create_graph=True)
        assert len(net.state_dict()) >= len(params)
        return [y, *slopes, *[p.detach() for p in params],
                *[b.clone() for b in net.buffers()]]

    return call, (real(rng, int(rng.integers(0, 4)), 3),)


KINDS = ("float16 float32 float64 uint8 int8 int16 int32 int64 bool "
         "complex64 complex128").split()


@outcome("can_cast", "promote_types", "result_type", "finfo", "iinfo",
         "is_tensor", "is_conj", "is_neg", "is_storage", "typename",
         exact=True, examples=40)
def kinds(lib: Any, rng: Any, dtype: Any, name: str) -> Any:
    a, b = (getattr(lib, pick(rng, *KINDS)) for _ in range(2))
    if name in ("can_cast", "promote_types"):
        return str(getattr(lib, name)(a, b))
    if name == "result_type":
        x, y = lib.ones(2, dtype=a), lib.ones((), dtype=b)
        return [str(lib.result_type(x, y)), str(lib.result_type(y, 2.5)),
                str(lib.result_type(3, x))]
    if name == "finfo":
        f = lib.finfo(getattr(lib, pick(rng, *KINDS[:3])))
        return [f.bits, f.eps, f.max, f.min, f.tiny, f.resolution]
    if name == "iinfo":
        i = lib.iinfo(getattr(lib, pick(rng, *KINDS[3:8])))
        return [i.bits, i.max, i.min]
    x = lib.ones(2, dtype=a)
    if name == "typename":
        return lib.typename(x)
    if name == "is_storage":
        return [lib.is_storage(y) for y in (
            x, 3, x.untyped_storage(), x.untyped_storage)]
    return [getattr(lib, name)(x), lib.is_tensor(3)]


@row("cholesky_inverse", "Tensor.cholesky_inverse", "Tensor.imag",
     examples=20)
def late(lib: Any, rng: Any, name: str) -> tuple:
    n = int(rng.integers(1, 4))
    if name == "Tensor.imag":
        return (lambda x, y: lib.complex(x, y).imag,
                (real(rng, 3), real(rng, 3)))
    x, upper = real(rng, n, n) / 2, bool(rng.integers(2))
    x = x + 4 * np.eye(n)

    def call(t: Any) -> Any:
        t = t.triu() if upper else t.tril()
        if name.startswith("Tensor"):
            return t.cholesky_inverse(upper)
        return lib.cholesky_inverse(t, upper)

    return call, (x,)
