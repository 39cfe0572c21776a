"""Classes and modes with __torch_function__: what they see and give."""

import functools
import pickle
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

import scratch

BOTH = [scratch, torch]
SHAPES = [(2,), (0,), (1, 3), (2, 3)]


def logged(lib: Any, log: list) -> Any:
    """A class that keeps a mark and tells what it is asked for."""

    class Marked(lib.Tensor):
        mark = 0

        @classmethod
        def __torch_function__(
            cls, func: Any, types: Any, args: Any = (), kwargs: Any = None
        ) -> Any:
            if func.__name__ != "__get__":
                log.append(
                    (
                        func.__name__,
                        len(args),
                        *(
                            kind.__name__
                            for kind in types
                            if kind != lib.Tensor
                        ),
                    )
                )
            y = super().__torch_function__(func, types, args, kwargs or {})
            if isinstance(y, Marked) and not y.mark:
                y.mark = max(
                    [x.mark for x in args if isinstance(x, Marked)], default=0
                )
            return y

    return Marked


# each expression in a marked x, a plain p of the same shape, and lib
EXPRESSIONS = """
x + 1|1 + x|x * p|p * x|p - x|2 - x|2 / x|x ** 2|2 ** x|-x|+x|abs(x)|x // 2|
7 % (x + 3)|x == p|p != x|x > p|~(x > 0)|x[..., None]|x[..., :1]|x.data|
x.sum()|x.exp()|x.relu()|x.clone()|x.detach()|x.reshape(-1)|x.double()|x.mT|
x.mean(0)|x.type_as(p)|x.new_zeros(2)|p.add(x)|p.where(x > 0, p)|x.shape|
x.dtype|x.ndim|x.device|x.is_leaf|x.size()|x.dim()|x.numel()|x.tolist()|
lib.add(p, x)|lib.stack([p, x])|lib.cat((x, p))|lib.where(x > 0, p, p)|
lib.zeros_like(x)|lib.relu(x)|lib.softmax(x, 0)|lib.equal(x, p)|
lib.nn.functional.relu(x)|lib.nn.functional.mse_loss(x, p)|
lib.nn.functional.pad(x, (1, 1))|lib.nn.ReLU()(x)|lib.nn.Sigmoid()(x)|
lib.nn.MSELoss()(x, p)|lib.linalg.norm(x)|lib.einsum("...->", x)|
lib.as_tensor(x)|lib.is_nonzero(x.sum())|
x.max(-1)|lib.sort(x, -1)|lib.unbind(x)|x.split(1)|x.aminmax()|
x.clone().add_(1)|x.clone().zero_()|x.as_subclass(lib.Tensor)|
lib.ones(2)|x.unbind()|[*x]|lib.utils.data.default_collate([x, p])|
x.numpy().sum()|x.untyped_storage().nbytes()|lib.is_tensor(x)|x.grad
""".replace("\n", "").split("|")


def kinds(y: Any) -> Any:
    """The class of a result and of its parts, and the marks they carry."""
    if isinstance(y, (list, tuple)) and not hasattr(y, "numel"):
        return type(y).__name__, [kinds(part) for part in y]
    return type(y).__name__, getattr(y, "mark", None)


@pytest.mark.parametrize("text", EXPRESSIONS)
@pytest.mark.parametrize("tracked", [False, True])
def test_a_derived_class_is_asked_and_given_back(
    text: str, tracked: bool
) -> None:
    for shape in SHAPES:
        found = []
        for lib in BOTH:
            log: list = []
            p = lib.ones(shape)
            x = lib.arange(p.numel(), dtype=p.dtype).reshape(shape)
            x = x.requires_grad_(tracked).as_subclass(logged(lib, log))
            x.mark = 3
            log.clear()
            try:
                y = eval(text, {"lib": lib, "x": x, "p": p})
            except Exception as error:
                y = type(error).__name__
            seen = [*log]
            found.append((kinds(y), seen, getattr(y, "requires_grad", None)))
        assert renamed(found[0]) == renamed(found[1]), (text, shape)


def renamed(found: Any) -> Any:
    """torch's own words where ours are shorter: it dims and rows itself."""
    kinds, seen, tracked = found
    names = [step for step in seen if step[0] not in ("dim", "__len__")]
    return kinds, names, tracked


@given(st.sampled_from(SHAPES), st.booleans())
def test_gradients_go_through_a_derived_class(
    shape: tuple[int, ...], twice: bool
) -> None:
    found = []
    for lib in BOTH:
        x = lib.arange(int(np.prod(shape)), dtype=lib.float64)
        x = x.reshape(shape).requires_grad_()
        y = x.as_subclass(logged(lib, []))
        z = (y * y).exp() + lib.nn.functional.silu(y)
        if twice:
            (z,) = lib.autograd.grad(z.sum(), y, create_graph=True)
        z.sum().backward()
        found.append(
            (type(z).__name__, type(x.grad) is lib.Tensor, x.grad.numpy())
        )
    assert found[0][:2] == found[1][:2]
    np.testing.assert_allclose(found[0][2], found[1][2], rtol=1e-12)


def diagonals(lib: Any) -> Any:
    """A class that is no tensor, and the functions that it answers."""
    handled: dict = {}

    class Diagonal:
        def __init__(self, n: int, value: float):
            self.n, self.value = n, value

        @classmethod
        def __torch_function__(
            cls, func: Any, types: Any, args: Any = (), kwargs: Any = None
        ) -> Any:
            if func not in handled:
                return NotImplemented
            return handled[func](*args, **(kwargs or {}))

    def answers(function: Any) -> Any:
        return lambda own: handled.setdefault(function, own)

    @answers(lib.mean)
    def mean(input: Any, dim: Any = None) -> Any:
        return input.value / input.n, dim

    @answers(lib.add)
    def add(input: Any, other: Any) -> Any:
        return [getattr(x, "value", 1.0) for x in (input, other)]

    @answers(lib.Tensor.mul)
    def mul(input: Any, other: Any) -> Any:
        return "a product"

    @answers(lib.nn.functional.relu)
    def relu(input: Any, inplace: bool = False) -> Any:
        return max(input.value, 0)

    return Diagonal


def told(function: Any, *args: Any) -> Any:
    """What a call returns, or the class and the words of its error."""
    try:
        return function(*args)
    except Exception as error:
        words = str(error)
        return type(error).__name__, words if "dispatch" in words else ""


@pytest.mark.parametrize(
    "text",
    [
        "lib.mean(s)",
        "lib.mean(s, dim=1)",
        "lib.add(s, s)",
        "lib.add(s, p)",
        "lib.add(p, s)",
        "p * s",
        "p.mul(s)",
        "lib.Tensor.mul(p, s)",
        "lib.nn.functional.relu(s)",
        "lib.nn.ReLU()(s)",
        "lib.sum(s)",
        "lib.stack([p, s])",
        "lib.add(p, p, out=s)",
        "p - s",
        "s * p",
        "p.sub(s)",
        "lib.nn.Tanh()(s)",
        "p[s]",
        "p == s",
        "lib.tensor(s)",
        "lib.is_tensor(s)",
        "lib.where(p > 0, s, p)",
        "lib.add(p, 'a')",
        "p + 'a'",
        "p.cos().add(s)",
        "lib.full((2,), s)",
        "p.add_(s)",
    ],
)
def test_a_class_that_is_no_tensor_answers(text: str) -> None:
    found = []
    for lib in BOTH:
        names = {"lib": lib, "s": diagonals(lib)(2, 3.0), "p": lib.ones(2, 2)}
        y = told(eval, text, names)
        found.append(y.tolist() if isinstance(y, lib.Tensor) else y)
    assert found[0] == found[1]


def test_a_class_answers_where_nobody_was_known_to() -> None:
    """As at the start of a program: only functions and operators ask."""
    program = """
import scratch as torch
class Own:
    @classmethod
    def __torch_function__(cls, func, types, args=(), kwargs=None):
        return func.__name__
assert torch.mean(Own()) == 'mean' == torch.ones(2).add.__name__[:0] + 'mean'
assert torch.ones(2) + Own() == 'add'
assert torch.ones(2).mul(Own()) == 'mul'
"""
    exec(program, {})


@functools.cache
def modes_of(lib: Any) -> Any:
    class Seen(lib.overrides.TorchFunctionMode):
        def __init__(self, log: list, name: str = ""):
            super().__init__()
            self.log, self.name = log, name

        def __torch_function__(
            self, func: Any, types: Any, args: Any = (), kwargs: Any = None
        ) -> Any:
            self.log.append(self.name + func.__name__)
            return func(*args, **(kwargs or {}))

    return Seen


@pytest.mark.parametrize(
    "text",
    [
        "lib.ones(2)",
        "q + 1",
        "lib.add(q, 1)",
        "q.shape",
        "q.sum().backward()",
        "lib.nn.functional.relu(q)",
        "lib.tensor([1.])",
        "lib.cat([q, q])",
        "q[0]",
        "len(q)",
        "lib.nn.Sigmoid()(q)",
        "lib.arange(3)",
        "lib.rand(2)",
        "lib.as_tensor([1])",
        "lib.is_tensor(q)",
        "q.detach().fill_(1)",
        "lib.nn.functional.dropout(q)",
        "lib.einsum('i->', q)",
        "q.grad",
    ],
)
def test_a_mode_is_asked_first(text: str) -> None:
    found = []
    for lib in BOTH:
        log: list = []
        mode, q = modes_of(lib), lib.ones(2, requires_grad=True)
        with mode(log, "outer "), mode(log, "inner "):
            eval(text, {"lib": lib, "q": q})
        found.append(log)
    assert found[0] == found[1]


def test_nobody_is_asked_where_that_is_switched_off() -> None:
    found = []
    for lib in BOTH:
        log: list = []
        kind = logged(lib, log)
        x, mode = lib.ones(2).as_subclass(kind), modes_of(lib)
        with mode(log, "mode "):
            with lib._C.DisableTorchFunctionSubclass():
                log.append(type(x * 2).__name__)
            with lib._C.DisableTorchFunction():
                log.append(type(x * 2).__name__)
            log.append(type(x * 2).__name__)
        log.append(type(x * 2).__name__)
        found.append(log)
    assert found[0] == found[1]


def own_functions(lib: Any) -> Iterator[Any]:
    """Functions of a program's own that ask, both ways to write them."""
    space = lib.overrides

    @space.wrap_torch_function(lambda a, b=1: (a, b))
    def product(a: Any, b: Any = 1) -> Any:
        return a * b

    def total(a: Any, b: Any = 1) -> Any:
        if space.has_torch_function((a, b)):
            return space.handle_torch_function(total, (a, b), a, b=b)
        return a + b

    yield from (product, total)


@given(st.booleans(), st.booleans())
def test_functions_of_ones_own_ask(first: bool, second: bool) -> None:
    found = []
    for lib in BOTH:
        log: list = []
        kind = logged(lib, log)
        a, b = (
            lib.ones(2).as_subclass(kind) if own else lib.ones(2)
            for own in (first, second)
        )
        for function in own_functions(lib):
            log.append(type(function(a, b)).__name__)
        log.append(told([*own_functions(lib)][1], diagonals(lib)(1, 2.0)))
        space = lib.overrides
        log += [
            space.has_torch_function((a, b)),
            space.has_torch_function_unary(b),
            space.has_torch_function_variadic(b, a),
            [space.is_tensor_like(x) for x in (a, 3, diagonals(lib))],
        ]
        found.append(log)
    assert found[0] == found[1]


def test_what_there_is_to_override_has_torchs_names() -> None:
    found = []
    for lib in BOTH:
        space, seen = lib.overrides, []
        tensor, F = lib.Tensor, lib.nn.functional
        for f in (
            lib.add,
            tensor.add,
            F.relu,
            tensor.shape.__get__,
            lib.linalg.norm,
            lib.tensor,
            print,
        ):
            seen.append(
                (space.resolve_name(f), space.is_tensor_method_or_property(f))
            )
        offered = space.get_overridable_functions()
        stand_ins = space.get_testing_overrides()
        seen.append(
            [
                lib.add in offered[lib],
                tensor.add in offered[tensor],
                F.relu in offered[F],
                lib.tensor in offered[lib],
                lib.tensor in space.get_ignored_functions(),
                stand_ins[lib.add](1, 2),
                stand_ins[F.relu](1),
                tensor.grad.__get__ in space.get_default_nowrap_functions(),
            ]
        )
        found.append(seen)
    assert found[0] == found[1]


def test_every_promised_function_of_torch_that_asks_is_asked() -> None:
    """Of the functions that both sides have, torch asks for those that it
    lists; so do we."""
    spaces = ["", "nn.functional", "linalg", "fft", "special"]
    for name in spaces:
        ours, theirs = (
            functools.reduce(getattr, name.split(".") if name else [], lib)
            for lib in BOTH
        )
        listed = torch.overrides.get_overridable_functions()[theirs]
        known = set(listed)
        offered = scratch.overrides.get_overridable_functions()[ours]
        missing = [
            word
            for word, f in vars(theirs).items()
            if callable(f)
            and not isinstance(f, type)
            and f in known
            and hasattr(ours, word)
            and getattr(ours, word) not in offered
        ]
        assert not missing, name


class Kept(scratch.Tensor):
    """At the top of a module, where pickle finds it."""


@given(st.sampled_from(SHAPES))
def test_a_derived_tensor_survives_pickle(shape: tuple[int, ...]) -> None:
    x = scratch.ones(shape).as_subclass(Kept)
    y = pickle.loads(pickle.dumps(x))
    assert type(y) is Kept
    assert y.tolist() == x.tolist()
    f = pickle.loads(pickle.dumps(scratch.nn.functional.conv2d))
    assert f is scratch.nn.functional.conv2d
    assert pickle.loads(pickle.dumps(scratch.sum)) is scratch.sum


def test_parameters_and_buffers_give_plain_tensors() -> None:
    for lib in BOTH:
        for made in (lib.nn.Parameter, lib.nn.Buffer):
            x = made(lib.ones(2))
            assert type(x * 2) is type(lib.relu(x)) is lib.Tensor
            assert not lib.overrides.has_torch_function((x,))
        kind = logged(lib, [])
        held = lib.nn.Parameter(lib.ones(2).as_subclass(kind))
        assert type(held * 2) is kind
        assert repr(held).startswith("Parameter(Marked([1., 1.]")


def test_a_class_made_by_the_old_constructor() -> None:
    found = []
    for lib in BOTH:
        kind = logged(lib, [])
        x = lib.ones(2, requires_grad=True)
        found.append(
            [
                repr(kind([1.0, 2.0])),
                tuple(kind(2, 3).shape),
                repr(kind(x)),
                repr(kind(lib.tensor([1]))),
                repr(kind.__new__(kind, [1.0])),
                f"{kind([1.0])[0]}",
                told(format, kind([1.0])[0], ".2f"),
            ]
        )
    assert found[0] == found[1]
