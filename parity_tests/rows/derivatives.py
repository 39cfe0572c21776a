"""Rows: autograd's own functions, and the transforms of autograd.func."""

from __future__ import annotations

from typing import Any

from ..registry import outcome, pick, real, row


def curve(lib: Any, kind: int) -> Any:
    """A function of x (n,) with a vector as its result."""
    return (lambda x: lib.sin(x) * x.sum(),
            lambda x: lib.stack([x[0] * x[-1], (x * x).sum()]),
            lambda x: lib.exp(x * 0.3))[kind]


def height(lib: Any, kind: int) -> Any:
    """A function of x (n,) with a number as its result."""
    inner = curve(lib, kind)
    return lambda x: (inner(x) ** 2).sum()


@row("autograd.functional.jacobian", "autograd.functional.hessian",
     "autograd.functional.vjp", "autograd.functional.jvp",
     "autograd.functional.hvp", "autograd.functional.vhp", order=1,
     examples=20)
def functional(lib: Any, rng: Any, name: str) -> tuple:
    word, kind = name.rsplit(".", 1)[1], int(rng.integers(3))
    f = getattr(lib.autograd.functional, word)
    n = int(rng.integers(1, 4))
    of = height if word in ("hessian", "hvp", "vhp") else curve
    g = of(lib, kind)
    if word in ("jacobian", "hessian"):
        return lambda x: f(g, x, create_graph=True), (real(rng, n),)
    m = n if word != "vjp" or kind != 1 else 2
    return (lambda x, v: f(g, x, v, create_graph=True),
            (real(rng, n), real(rng, m)))


@row("func.grad", "func.grad_and_value", "func.jacrev", "func.jacfwd",
     "func.hessian", "func.vjp", "func.jvp", "func.vmap", "vmap", order=1,
     examples=20)
def transforms(lib: Any, rng: Any, name: str) -> tuple:
    word, kind = name.rsplit(".", 1)[-1], int(rng.integers(3))
    f = getattr(lib.func, word)
    n = int(rng.integers(1, 4))
    g, h = curve(lib, kind), height(lib, kind)
    m = 2 if kind == 1 else n
    if word in ("grad", "grad_and_value", "hessian"):
        return f(h), (real(rng, n),)
    if word in ("jacrev", "jacfwd"):
        return f(g), (real(rng, n),)
    if word == "vjp":
        def pulled(x: Any, v: Any) -> Any:
            y, back = f(g, x)
            return [y, back(v)]
        return pulled, (real(rng, n), real(rng, m))
    if word == "jvp":
        return lambda x, v: f(g, (x,), (v,)), (real(rng, n), real(rng, n))
    ahead = int(rng.integers(0, 2))
    return f(g, in_dims=ahead), (real(rng, 3, 3),)


@row("func.functional_call", examples=20)
def called(lib: Any, rng: Any) -> tuple:
    def call(x: Any, w: Any, b: Any) -> Any:
        layer = lib.nn.Linear(3, 2).to(x.dtype)
        return lib.func.functional_call(
            layer, {"weight": w, "bias": b}, (x,)) ** 2

    return call, (real(rng, 4, 3), real(rng, 2, 3), real(rng, 2))


@row("autograd.grad", "autograd.backward", examples=20)
def engine(lib: Any, rng: Any, name: str) -> tuple:
    kind = int(rng.integers(3))

    def call(x: Any) -> Any:
        y = curve(lib, kind)(x)
        v = lib.ones_like(y)
        if name == "autograd.grad":
            return lib.autograd.grad(y, x, v, create_graph=True)
        z = x * 1
        lib.autograd.backward(curve(lib, kind)(z), v, create_graph=True,
                              inputs=[z])
        return z.grad

    return call, (real(rng, 3),)


@row("autograd.Function", order=1, examples=20)
def by_hand(lib: Any, rng: Any) -> tuple:
    class Cube(lib.autograd.Function):
        @staticmethod
        def forward(ctx: Any, x: Any) -> Any:
            ctx.save_for_backward(x)
            return x ** 3

        @staticmethod
        def backward(ctx: Any, g: Any) -> Any:
            x, = ctx.saved_tensors
            return g * 3 * x ** 2

    return Cube.apply, (real(rng, 2, 3),)


@outcome("autograd.gradcheck", "autograd.gradgradcheck", exact=True)
def checked(lib: Any, rng: Any, dtype: Any, name: str) -> Any:
    check = getattr(lib.autograd, name.split(".")[1])
    x = lib.from_numpy(real(rng, 3)).requires_grad_()
    f = curve(lib, int(rng.integers(3)))
    wrong = pick(rng, False, True)
    return check(lambda t: f(t) + (f(t).detach() * t.sum() if wrong else 0),
                 (x,), raise_exception=False)
