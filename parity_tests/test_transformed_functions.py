"""Derivatives of functions: torch's results and refusals, call by call."""

import re
import warnings
from collections import defaultdict, deque, namedtuple

import pytest
import torch

import scratch

Pair = namedtuple("Pair", "first second")
CALLS = """
F.vjp(double, x) | F.jvp(double, x) | F.vjp(two, (x, y), (v, T(1.)))
F.vjp(two, (x, y), (v,)) | F.vjp(two, (x, y), (v, v)) | F.vjp(two, (x, y), 3)
F.vjp(two, 3) | F.jvp(two, (3, x)) | F.vjp(three, x, v) | F.jacobian(three, x)
F.vjp(linear, x, strict=True, create_graph=True) | F.hvp(linear, x, v)
F.jvp(linear, x, v, strict=True, create_graph=True) | F.hvp(constant, x, v)
F.vjp(constant, x, strict=True) | F.jvp(constant, x, v, strict=True)
F.hvp(linear, x, v, strict=True) | F.vhp(linear, x, v, strict=True)
F.hvp(first, (x, y), (v, v), strict=True) | F.vhp(first, (x, y), (v, v))
F.vhp(first, (x, y), (v, v), strict=True) | F.hvp(cube, T(2.)) | F.hvp(cube, x)
F.hvp(cube, x, v, create_graph=True) | F.vhp(cube, x, v, create_graph=True)
F.hvp(two, (x, y), (v, v)) | F.vhp(double, x, v) | F.hessian(double, x)
F.hvp(lambda a: cube(a).reshape(1), x, v) | F.hessian(two, (x, y))
F.hessian(lambda a: cube(a).reshape(1), x) | F.hessian(constant, x)
F.jacobian(constant, x, strict=True) | F.jacobian(first, (x, y), strict=True)
F.jacobian(double, x, strict=True, create_graph=True) | F.jacobian(two, [x, y])
F.hessian(linear, x, strict=True) | F.hessian(constant, x, strict=True)
F.hessian(first, (x, y), strict=True) | F.jacobian(double, x, strategy="x")
F.jacobian(double, x, vectorize=True) | F.jacobian(two, (x, y))
F.jacobian(double, x, vectorize=True, strategy="forward-mode")
F.jacobian(double, x, strategy="forward-mode")
F.jacobian(double, x, strict=True, vectorize=True)
F.jacobian(double, x, True, False, True, "forward-mode")
F.hessian(cube, x, outer_jacobian_strategy="x") | F.jacobian(double, T([1, 2]))
F.hessian(cube, x, vectorize=True) | F.hessian(mixed, (x, y))
fn.grad(double)(x) | fn.grad(three)(x) | fn.grad(cube, argnums=2)(x)
fn.grad(mixed, argnums=-1)(x, y) | fn.grad(mixed, argnums=(0, 1))(x, y)
fn.grad(mixed, argnums=(0, 0))(x, y) | fn.grad(mixed, argnums=())(x, y)
fn.grad(mixed, argnums="x")(x, y) | fn.grad(cube)(T([1, 2])) | fn.grad(cube)(2.)
fn.grad(lambda a: (cube(a), a * 2), has_aux=True)(x)
fn.grad(cube, has_aux=True)(x) | fn.grad(lambda p: mixed(**p))(dict(a=x, b=y))
fn.grad_and_value(lambda a: (cube(a), {"k": a * 2}), has_aux=True)(x)
fn.vjp(double, x)[1](v) | fn.vjp(double, x)[1](T(1.)) | fn.vjp(three, x)
fn.vjp(double, x)[1]((v, v)) | fn.vjp(two, x, y)[1]((v, T(1.)))
fn.vjp(lambda a: {"k": a ** 2}, x)[1]({"k": v}) | fn.jvp(double, (x,), (v,))
fn.jvp(double, x, (v,)) | fn.jvp(double, (x,), v) | fn.jvp(double, (x,), (v, v))
fn.jvp(double, (x,), (T(1.),)) | fn.jvp(lambda: 1, (), ())
fn.jvp(lambda a: (a ** 2, a), (x,), (v,), has_aux=True)
fn.jvp(constant, (x,), (v,)) | fn.jvp(constant, (x,), (v,), strict=True)
fn.jacrev(two)(x, y) | fn.jacrev(two, argnums=(0, 1))(x, y)
fn.jacrev(three)(x)
fn.jacfwd(two, argnums=(1,))(x, y) | fn.jacfwd(three)(x)
fn.jacrev(lambda a: (a ** 2, a), has_aux=True)(x)
fn.functionalize(double)(x) | fn.functionalize(lambda a: a.clone().mul_(2))(x)
fn.functionalize(two, remove="mutations_and_views")(x, y)
fn.functionalize(double, remove="views")(x) | fn.functionalize(lambda a: 3)(x)
fn.jacrev(lambda p: p["a"] * p["b"])({"a": x, "b": y})
fn.jacfwd(lambda p: {"o": p["a"] * p["b"]})({"a": x, "b": y})
fn.jacrev(double, chunk_size=1)(x) | fn.jacrev(double, chunk_size=0)
fn.jacfwd(double, randomness="same")(x) | fn.hessian(cube)(x)
fn.hessian(mixed, argnums=(0, 1))(x, y) | fn.jacrev(constant)(x)
fn.vmap(total)(X) | fn.vmap(total, in_dims=1)(X) | fn.vmap(total, in_dims=-1)(X)
fn.vmap(mixed, in_dims=(0, None))(X, v) | fn.vmap(double, out_dims=1)(X)
fn.vmap(lambda a: (a * 2, a.sum()), out_dims=(1, 0))(X)
fn.vmap(double, out_dims=-1)(X) | fn.vmap(double, out_dims=5)(X)
fn.vmap(double, out_dims=(0, 0))(X) | fn.vmap(double, out_dims="x")(X)
fn.vmap(double, in_dims=2)(X) | fn.vmap(double, in_dims=(0, 0))(X)
fn.vmap(double, in_dims="x")(X) | fn.vmap(double, in_dims=(None,))(X)
fn.vmap(mixed)(X, v) | fn.vmap(lambda: X)() | fn.vmap(double)(3)
fn.vmap(mixed, in_dims=(0, 0))(X, 3) | fn.vmap(three)(X)
fn.vmap(lambda a: None)(X) | fn.vmap(lambda p: {"o": p["a"] * 2})({"a": X})
fn.vmap(lambda p: p["a"] * p["b"], ({"a": 0, "b": None},))({"a": X, "b": v})
fn.vmap(total, chunk_size=2)(X) | fn.vmap(total, chunk_size=0)
fn.vmap(lambda a: a + t.randn(()))(X) | fn.vmap(total, randomness="x")(X)
fn.vmap(lambda a: a * 0 + t.randn(()), randomness="same")(X)
fn.vmap(lambda a: v)(X) | fn.vmap(lambda a: v, out_dims=None)(X)
fn.vjp(top, X) | fn.jvp(top, (X,), (X,)) | fn.jacrev(top)(X)
fn.jacfwd(top)(X) | fn.jvp(three, (x,), (v,)) | fn.vmap(top)(X)
fn.jvp(cube, (x,), (v,), has_aux=True) | fn.vmap(lambda a: a.shape)(X)
fn.vmap(lambda a: Pair(a, [a * 2]))(X) | fn.vmap(lambda a: deque([a]))(X)
fn.vmap(lambda a: defaultdict(list, k=a))(X) | fn.vmap(double)(Pair(X, X))
fn.grad(lambda p: cube(p["k"]))(defaultdict(list, k=x))
fn.vjp(lambda a: Pair(a, a), x)[1]((v, v))
fn.jvp(lambda p: p[0], ([x],), ((x,),)) | fn.vmap(double, (0, 0))([X])
fn.vmap(fn.grad(cube))(X) | fn.vmap(double)(t.zeros(0, 3))
fn.functional_call(m, P, (x,)) | fn.functional_call(m, P, x)
fn.functional_call(m, P, (), {"input": x}) | fn.functional_call(m, 3, x)
fn.functional_call(m, {"weight": W}, x) | fn.functional_call(m, {"no": W}, x)
fn.functional_call(m, {"no": W}, x, strict=True) | fn.functional_call(m, [3], x)
fn.functional_call(m, {"weight": W}, x, strict=True)
fn.functional_call(m, [{"weight": W}, {"weight": W}], x)
fn.functional_call(m, [{"weight": W}, {"bias": T([1.])}], x)
fn.functional_call(m, {"weight": 3}, x) | fn.functional_call(m, P, x, 3)
fn.stack_module_state([m, m])[0] | fn.stack_module_state([])
fn.stack_module_state([m, t.nn.ReLU()])
A.gradcheck(double, d) | A.gradcheck(double, d.detach()) | A.gradcheck(total, c)
A.gradcheck(double, d, check_backward_ad=False)
A.gradcheck(double, d, check_batched_forward_grad=True)
A.gradcheck(lambda a: a.detach() ** 2, d)
A.gradcheck(lambda a: a.detach() ** 2, d, raise_exception=False)
A.gradcheck(lambda a: a.detach() * a, d) | A.gradcheck(lambda a: a.abs(), c)
A.gradcheck(lambda a: a.detach() * a, d, raise_exception=False)
A.gradcheck(double, d[:1].expand(2)) | A.gradcheck(lambda a: a * a, c)
A.gradcheck(lambda a: (a * a.conj()).real, c) | A.gradgradcheck(cube, d)
"""


def names(lib):
    """What the calls use, of one library."""
    T = lib.tensor
    m = lib.nn.Linear(2, 1)
    with lib.no_grad():
        m.weight.fill_(1.0)
        m.bias.fill_(0.0)
    return {
        "t": lib, "T": T, "F": lib.autograd.functional, "fn": lib.func,
        "A": lib.autograd, "x": T([1., 2.]), "y": T([3., 4.]),
        "v": T([1., 0.]), "X": T([[1., 2.], [3., 4.], [5., 6.]]),
        "W": T([[2., 2.]]), "m": m, "P": dict(m.named_parameters()),
        "d": T([1., 2.], dtype=lib.float64, requires_grad=True),
        "c": T([1 + 2j, 2j], dtype=lib.complex128, requires_grad=True),
        "double": lambda a: a * 2, "cube": lambda a: (a ** 3).sum(),
        "two": lambda a, b: (a * b, (a + b).sum()), "three": lambda a: 3,
        "linear": lambda a: (a * 2).sum(), "constant": lambda a: T(1.),
        "first": lambda a, b: (a * a).sum(), "total": lambda a: a.sum(),
        "mixed": lambda a, b: (a * b * b).sum(), "top": lambda a: a.max(0),
        "Pair": Pair, "deque": deque, "defaultdict": defaultdict}


def told(x, lib):
    """A result as plain values, whatever holds it."""
    if isinstance(x, lib.Tensor):
        return str(x.dtype), tuple(x.shape), x.tolist(), x.requires_grad
    if isinstance(x, dict):
        return {key: told(value, lib) for key, value in x.items()}
    if isinstance(x, (tuple, list, deque)):
        return type(x).__name__, [told(part, lib) for part in x]
    return x if isinstance(x, (bool, float)) else type(x).__name__


@pytest.mark.parametrize("call", [c.strip() for line in CALLS.split("\n")
                                  for c in line.split(" | ") if c.strip()])
def test_results_and_refusals_are_torchs(call):
    found = []
    for lib in (scratch, torch):
        lib.manual_seed(0)
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                found.append(told(eval(call, names(lib)), lib))
        except Exception as error:
            text = str(error).replace("scratch.", "torch.")
            found.append((type(error).__name__, re.sub("0x[0-9a-f]+", "",
                                                       text)))
    assert found[0] == found[1]


def test_linearize_is_jvp_at_one_place():
    use = names(scratch)  # torch's own traces the function: seconds
    for f, xs in ((use["cube"], (use["x"],)),
                  (use["two"], (use["x"], use["y"]))):
        vs = (use["v"],) * len(xs)
        y, push = scratch.func.linearize(f, *xs)
        value, slope = scratch.func.jvp(f, xs, vs)
        assert told((y, push(*vs)), scratch) == told((value, slope), scratch)
