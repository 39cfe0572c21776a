"""Module: registration, iteration, conversion, hooks and state, as torch's.

Each test is one program, run with both libraries; what it returns is equal.
"""

from __future__ import annotations

import warnings
from collections import OrderedDict
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import torch

import scratch

PROGRAMS: dict[str, Callable] = {}


def program(function: Callable) -> Callable:
    """A function of a library whose result is compared."""
    PROGRAMS[function.__name__] = function
    return function


def told(value: Any) -> Any:
    """Values without the library they come from."""
    if isinstance(value, (torch.Tensor, scratch.Tensor)):
        return str(value.dtype), value.detach().numpy().tolist()
    if isinstance(value, dict):
        return {k: told(v) for k, v in value.items()}
    if isinstance(value, (tuple, list)):
        return [told(v) for v in value]
    if isinstance(value, (str, int, float, bool, type(None))):
        return value
    return repr(value)


@pytest.mark.parametrize("name", PROGRAMS)
def test_a_program_gives_the_same(name: str) -> None:
    results = []
    for lib in (scratch, torch):
        lib.manual_seed(0)
        results.append(told(PROGRAMS[name](lib)))
    assert results[0] == results[1]


def net(lib: Any) -> Any:
    nn = lib.nn

    class Net(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.first = nn.Linear(2, 3)
            self.block = nn.Sequential(nn.BatchNorm1d(3), nn.ReLU())
            self.again = self.first
            self.scale = nn.Parameter(lib.ones(3))
            self.register_buffer("mean", lib.zeros(3))
            self.register_buffer("rest", lib.ones(1), persistent=False)
            self.nothing = None

        def forward(self, x: Any) -> Any:
            return self.block(self.first(x)) * self.scale

    return Net()


@program
def looking_around(lib: Any) -> Any:
    m = net(lib)
    m.register_parameter("absent", None)
    return [
        [n for n, _ in m.named_parameters()],
        [n for n, _ in m.named_parameters("p", False)],
        [n for n, _ in m.named_parameters(remove_duplicate=False)],
        [n for n, _ in m.named_buffers()],
        [n for n, _ in m.named_modules()],
        [n for n, _ in m.named_modules(prefix="x", remove_duplicate=False)],
        [n for n, _ in m.named_children()], len(list(m.children())),
        len(list(m.modules())), len(list(m.parameters())), repr(m),
        [n for n in dir(m) if n in ("first", "scale", "mean", "absent")],
        list(m.state_dict()), m.get_submodule("block.0"),
        m.get_parameter("first.weight"), m.get_buffer("block.0.running_var")]


@program
def assigning(lib: Any) -> Any:
    m, found = net(lib), []
    for name, value in (("scale", None), ("mean", lib.ones(1)),
                        ("mean", None), ("first", None), ("new", lib.nn.ReLU())
                        , ("again", 3), ("scale", 3), ("mean", 3),
                        ("plain", lib.ones(2)),
                        ("b", lib.nn.Buffer(lib.ones(1), persistent=False)),
                        ("mean", lib.nn.Parameter(lib.ones(1))),
                        ("plain", lib.nn.Parameter(lib.ones(1)))):
        try:
            setattr(m, name, value)
        except Exception as error:
            found.append([type(error).__name__, str(error)])
    del m.new
    found += [list(m._parameters), list(m._buffers), list(m._modules),
              sorted(m._non_persistent_buffers_set), "new" in dir(m),
              hasattr(m, "new"), hasattr(m, "plain")]
    return found


@program
def before_init(lib: Any) -> Any:
    found = []
    for value in (lib.nn.Parameter(lib.ones(1)), lib.nn.ReLU()):
        class Bad(lib.nn.Module):
            def __init__(self, value: Any = value) -> None:
                self.x = value

        try:
            Bad()
        except AttributeError as error:
            found.append(str(error))
    return found


@program
def conversion(lib: Any) -> Any:
    m = net(lib)
    m(lib.ones(4, 2)).sum().backward()
    weight = m.first.weight
    found = []
    for change in (lambda: m.double(), lambda: m.half(), lambda: m.float(),
                   lambda: m.to(lib.float64), lambda: m.to("cpu"),
                   lambda: m.to(lib.ones(1)), lambda: m.cpu(),
                   lambda: m.type(lib.float64)):
        assert change() is m
        assert m.first.weight is weight
        found.append([{k: str(v.dtype) for k, v in m.state_dict().items()},
                      str(weight.grad.dtype), weight.grad])
    return found


@program
def modes(lib: Any) -> Any:
    m = net(lib)
    m(lib.ones(4, 2)).sum().backward()
    found: list = [m.training, m.eval().block[0].training,
                   m.train().block.training, m.eval() is m]
    m.requires_grad_(False)
    found += [[p.requires_grad for p in m.parameters()]]
    m.zero_grad(set_to_none=False)
    found += [p.grad for p in m.parameters()]
    m.zero_grad()
    found += [p.grad for p in m.parameters()]
    names: list = []
    m.apply(lambda part: names.append(type(part).__name__))
    return found + names


@program
def forward_hooks(lib: Any) -> Any:
    m, seen = lib.nn.Linear(2, 2), []
    handles = [
        m.register_forward_pre_hook(lambda m, a: seen.append(["pre", a])),
        m.register_forward_pre_hook(lambda m, a: (a[0] * 2,), prepend=True),
        m.register_forward_pre_hook(
            lambda m, a, k: (a, {"input": k["input"] * 3})
            if "input" in k else None, with_kwargs=True),
        m.register_forward_hook(lambda m, a, y: seen.append([a, y])),
        m.register_forward_hook(lambda m, a, y: y + 1, prepend=True),
        m.register_forward_hook(
            lambda m, a, k, y: seen.append([list(k)]), with_kwargs=True)]
    seen.append(m(lib.ones(1, 2)))
    handles[1].remove()
    seen.append(m(input=lib.ones(1, 2)))
    for handle in handles:
        handle.remove()
    return [*seen, m(lib.ones(1, 2)), len(m._forward_hooks)]


@program
def hooks_that_are_always_called(lib: Any) -> Any:
    m, seen = lib.nn.Linear(2, 2), []
    m.register_forward_hook(lambda m, a, y: seen.append(["a", y]),
                            always_call=True)
    m.register_forward_hook(lambda m, a, y: seen.append(["b", y]))
    with pytest.raises(RuntimeError):
        m(lib.ones(3))
    return seen


@program
def backward_hooks(lib: Any) -> Any:
    m, seen = lib.nn.Bilinear(2, 2, 1), []
    m.register_full_backward_pre_hook(lambda m, g: seen.append(["pre", g]))
    m.register_full_backward_pre_hook(lambda m, g: (g[0] * 2,))
    m.register_full_backward_hook(lambda m, i, o: seen.append([i, o]))
    m.register_full_backward_hook(
        lambda m, i, o: tuple(None if g is None else g * 3 for g in i))
    x, y = lib.ones(1, 2), lib.ones(1, 2, requires_grad=True)
    m(x, y).sum().backward()
    seen += [y.grad, m.weight.grad]
    z = lib.ones(1, 2, requires_grad=True)
    m(z, y).sum().backward()
    return [*seen, y.grad, z.grad]


@program
def backward_hooks_without_input_gradient(lib: Any) -> Any:
    m, seen = lib.nn.Linear(2, 1), []
    m.register_full_backward_hook(lambda m, i, o: seen.append([i, o]))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        m(lib.ones(1, 2)).sum().backward()
    return [*seen, m.weight.grad]


@program
def double_backward_through_hooks(lib: Any) -> Any:
    m, seen = lib.nn.Linear(2, 1), []
    m.register_full_backward_hook(lambda m, i, o: seen.append([i, o]))
    x = lib.ones(1, 2, requires_grad=True)
    (g,) = lib.autograd.grad((m(x) ** 2).sum(), [x], create_graph=True)
    g.sum().backward()
    return [*seen[:1], g, x.grad, m.weight.grad]


@program
def global_hooks(lib: Any) -> Any:
    module = getattr(lib.nn.modules, "module", None) if hasattr(
        lib.nn, "modules") else lib.nn._hooks
    seen: list = []
    handles = [
        module.register_module_forward_pre_hook(
            lambda m, a: seen.append(type(m).__name__)),
        module.register_module_forward_hook(
            lambda m, a, y: seen.append(y)),
        module.register_module_full_backward_hook(
            lambda m, i, o: seen.append([i, o]))]
    x = lib.ones(1, 2, requires_grad=True)
    lib.nn.Sequential(lib.nn.Linear(2, 1), lib.nn.ReLU())(x).sum().backward()
    for handle in handles:
        handle.remove()
    return seen


@program
def extra_state_and_hooks_of_state(lib: Any) -> Any:
    class Counter(lib.nn.Module):
        count = 3

        def get_extra_state(self) -> Any:
            return {"count": self.count}

        def set_extra_state(self, state: Any) -> None:
            self.count = state["count"] + 1

    m, seen = lib.nn.Sequential(Counter(), lib.nn.Linear(1, 1)), []
    m.register_state_dict_pre_hook(lambda m, p, k: seen.append([p, k]))
    m.register_state_dict_post_hook(
        lambda m, s, p, meta: s.update(more=lib.ones(1)))
    m[1].register_load_state_dict_pre_hook(
        lambda m, s, p, *rest: seen.append([sorted(s), p]))
    m.register_load_state_dict_post_hook(
        lambda m, keys: keys.unexpected_keys.clear())
    state = m.state_dict(prefix="a.")
    seen += [list(state), dict(state._metadata)]
    seen.append(str(m.load_state_dict(m.state_dict())))
    return [*seen, m[0].count]


@program
def loading(lib: Any) -> Any:
    m, found = net(lib), []
    state = m.state_dict()
    wrong = OrderedDict(state)
    wrong["first.weight"] = lib.ones(3, 3)
    wrong["scale"] = lib.ones(2)
    wrong["mean"] = 3
    wrong["odd"] = wrong.pop("first.bias")
    for strict in (True, False):
        try:
            m.load_state_dict(wrong, strict=strict)
        except RuntimeError as error:
            found.append(str(error))
    found.append(m.load_state_dict({"odd": lib.ones(1)}, strict=False))
    given = {k: v.clone() for k, v in state.items()}
    m.load_state_dict(given, assign=True)
    given["mean"].add_(1)
    given["scale"].mul_(5)
    found += [m.mean, m.scale, type(m.scale).__name__,
              m.scale.requires_grad]
    kept = m.state_dict(keep_vars=True)["scale"]
    return [*found, kept is m.scale, kept.requires_grad]


@program
def old_batch_norm_states(lib: Any) -> Any:
    m = lib.nn.BatchNorm1d(2)
    state = m.state_dict()
    del state["num_batches_tracked"]
    del state._metadata
    return [str(m.load_state_dict(state)), m.num_batches_tracked]


@program
def sequential(lib: Any) -> Any:
    nn = lib.nn
    m = nn.Sequential(nn.Linear(1, 2), nn.ReLU(), nn.Linear(2, 1))
    found = [m[1:], m[-1], len(m), m[0:0]]
    m.append(nn.Tanh()).extend(nn.Sequential(nn.ELU(), nn.GELU()))
    m.insert(1, nn.SELU())
    m.insert(-1, nn.CELU())
    m[0] = nn.Linear(1, 2, bias=False)
    found += [repr(m), m.pop(1), repr(m), list(m.state_dict())]
    del m[2:4]
    m += nn.Sequential(nn.Mish())
    found += [repr(m), repr(m + m[:1]), repr(m[:1] * 2), repr(2 * m[:1])]
    m *= 2
    named = nn.Sequential(OrderedDict(a=nn.ReLU(), b=nn.Tanh()))
    return [*found, repr(m), named[0:1], named.b, list(named._modules),
            "0" in dir(m)]


@program
def lists_and_dictionaries(lib: Any) -> Any:
    nn = lib.nn
    m = nn.ModuleList([nn.ReLU()])
    m.append(nn.Tanh()).extend([nn.ELU()])
    m.insert(0, nn.GELU())
    m[1] = nn.Sigmoid()
    found: list = [repr(m), repr(m[1:]), repr(m + [nn.ReLU()]), m.pop(-1)]
    del m[0]
    found += [repr(m), len(m), [repr(x) for x in m]]
    d = nn.ModuleDict({"a": nn.ReLU()})
    d["b"] = nn.Linear(1, 1)
    d.update([["c", nn.Tanh()]])
    found += [repr(d), list(d), "b" in d, list(d.keys()), len(d),
              [repr(v) for v in d.values()], d.pop("a"), repr(d)]
    p = nn.ParameterList([lib.ones(1), nn.Parameter(lib.ones(2))])
    p += [lib.zeros(1)]
    found += [repr(p), repr(p[1:]), len(p), list(p.state_dict())]
    q = nn.ParameterDict({"z": lib.ones(1), "a": lib.ones(2)})
    q["k"] = lib.zeros(1)
    found += [repr(q), list(q), q.pop("a"), q.setdefault("m", lib.ones(1)),
              list(q.keys()), repr(q | nn.ParameterDict({"y": 3})),
              q.popitem(), q.get("none"), len(q), "k" in q,
              repr(q.fromkeys(["r", "s"], 1)), list(reversed(q))]
    q.clear()
    return [*found, repr(q)]


@program
def parameters(lib: Any) -> Any:
    x = lib.ones(2)
    p = lib.nn.Parameter(x)
    x[0] = 5
    q = lib.nn.Parameter(p.detach(), requires_grad=False)
    b = lib.nn.Buffer(x)
    return [repr(p), repr(q), str(p), p.requires_grad, q.requires_grad,
            isinstance(p, lib.Tensor), isinstance(x, lib.nn.Parameter),
            isinstance(p, lib.nn.Parameter), p.is_leaf, b.persistent,
            type(p * 1).__name__, repr(lib.nn.Parameter())]


@program
def clipping(lib: Any) -> Any:
    found = []
    utils = lib.nn.utils
    for norm in (2.0, 1.0, float("inf"), 3.0):
        ps = [lib.nn.Parameter(lib.ones(3)), lib.nn.Parameter(lib.ones(2, 2))]
        ps[0].grad = lib.full((3,), 2.0)
        ps[1].grad = lib.full((2, 2), -3.0)
        total = utils.clip_grad_norm_(ps, 1.5, norm)
        found.append([round(float(total), 5)] + [
            np.round(p.grad.numpy().astype("d"), 5).tolist() for p in ps])
        utils.clip_grad_value_(ps, 0.3)
        found += [p.grad for p in ps]
    vector = utils.parameters_to_vector(ps)
    utils.vector_to_parameters(vector.detach() * 2, ps)
    try:
        ps[0].grad = lib.full((3,), float("nan"))
        utils.clip_grad_norm_(ps, 1.0, error_if_nonfinite=True)
    except RuntimeError as error:
        found.append(str(error))
    return [*found, vector, *ps]
