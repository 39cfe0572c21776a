"""Results lie in memory as torch's do: what can be viewed there can here."""

import warnings
from typing import Any

import numpy as np
import pytest
import torch
import torch.nn.functional
from hypothesis import assume, given
from hypothesis import strategies as st

import scratch

LIBS = (scratch, torch)
CONTIGUOUS = {
    "softmax": lambda lib, x: x.softmax(-1),
    "log_softmax": lambda lib, x: x.log_softmax(0),
    "logsumexp": lambda lib, x: x.logsumexp(0),
    "layer_norm": lambda lib, x: lib.nn.functional.layer_norm(
        x, x.shape[-1:]),
    "sum": lambda lib, x: x.sum(-1),
    "mean": lambda lib, x: x.mean(0, keepdim=True),
    "prod": lambda lib, x: x.prod(1),
    "var": lambda lib, x: x.var(1),
    "cumsum": lambda lib, x: x.cumsum(1),
    "cumprod": lambda lib, x: x.cumprod(0),
    "masked_fill": lambda lib, x: x.masked_fill(x > 0, 0.0),
    "tril": lambda lib, x: x.tril(),
    "triu": lambda lib, x: x.triu(),
    "cat": lambda lib, x: lib.cat([x, x], -1),
    "stack": lambda lib, x: lib.stack([x, x], 1),
    "roll": lambda lib, x: x.roll(1, 0),
    "matmul": lambda lib, x: x @ lib.ones(x.shape[-1], 2),
    "topk": lambda lib, x: x.topk(1, 0)[0],
}
ALIKE = {
    "clone": lambda lib, x: x.clone(),
    "double": lambda lib, x: x.double(),
    "bool": lambda lib, x: x.bool(),
    "zeros_like": lambda lib, x: lib.zeros_like(x),
    "randn_like": lambda lib, x: lib.randn_like(x),
    "relu": lambda lib, x: x.relu(),
    "erf": lambda lib, x: x.erf(),
    "exp": lambda lib, x: x.exp(),
    "add": lambda lib, x: x + 1,
    "dropout": lambda lib, x: lib.nn.functional.dropout(x, 0.5),
}


@st.composite
def looks(draw: Any) -> Any:
    """A shape, an order of its dimensions, and one to repeat."""
    ndim = draw(st.integers(2, 4))
    shape = draw(st.lists(st.integers(2, 4), min_size=ndim, max_size=ndim))
    order = draw(st.permutations(range(ndim)))
    return shape, order, draw(st.sampled_from([None, *range(ndim + 1)]))


def seen(lib: Any, look: Any) -> Any:
    """A tensor that does not lie row by row."""
    shape, order, repeated = look
    a = np.arange(np.prod(shape), dtype=np.float32).reshape(shape) - 3
    if repeated is not None:  # along a new dimension
        x = lib.from_numpy(a).unsqueeze(repeated)
        sizes = list(x.shape)
        sizes[repeated] = 3
        return x.expand(sizes)
    return lib.from_numpy(a).permute(*order)


@pytest.mark.parametrize("name", CONTIGUOUS)
@given(look=looks())
def test_rows_one_after_another(name: str, look: Any) -> None:
    ours, theirs = (CONTIGUOUS[name](lib, seen(lib, look)) for lib in LIBS)
    assert ours.is_contiguous() == theirs.is_contiguous()
    assert ours.view(-1).shape == theirs.view(-1).shape


@pytest.mark.parametrize("name", ALIKE)
@given(look=looks())
def test_as_the_input_lies(name: str, look: Any) -> None:
    ours, theirs = (ALIKE[name](lib, seen(lib, look)) for lib in LIBS)
    assert ours.stride() == theirs.stride()


@pytest.mark.parametrize("drop", ["dropout", "alpha_dropout"])
@given(look=looks())
def test_dropout_draws_in_the_order_of_memory(drop: str, look: Any) -> None:
    results = []
    for lib in LIBS:
        lib.manual_seed(0)
        x = seen(lib, look)
        results.append(getattr(lib.nn.functional, drop)(x, 0.4, True))
    np.testing.assert_allclose(results[0].numpy(), results[1].numpy(), 1e-5,
                               1e-5)


@pytest.mark.parametrize("drop", [
    "dropout", "alpha_dropout", "dropout1d", "dropout2d",
    "feature_alpha_dropout"])
@pytest.mark.parametrize(("p", "train"), [(0.0, True), (0.5, False)])
def test_idle_dropout_writes_nothing(drop: str, p: float, train: bool) -> None:
    for lib in LIBS:
        x = lib.ones(2, 3, 4, 4)[..., 0 if drop == "dropout1d" else slice(4)]
        x = x.detach().requires_grad_()  # a leaf must not be written
        y = getattr(lib.nn.functional, drop)(x, p, train, inplace=True)
        assert y is x and x._version == 0


@pytest.mark.parametrize("name", ["gelu", "silu", "sigmoid", "relu"])
@pytest.mark.parametrize("size", [2, 40])
@given(order=st.permutations(range(4)), gaps=st.booleans())
def test_transposed_images(name: str, size: int, order: Any, gaps: bool
                           ) -> None:
    a = np.linspace(-2, 2, 12 * size**2).reshape(2, size, size, 6)
    ours, theirs = (getattr(lib.nn.functional, name)(
        lib.from_numpy(a)[..., ::1 + gaps].permute(*order)) for lib in LIBS)
    assert ours.stride() == theirs.stride()
    np.testing.assert_allclose(ours.numpy(), theirs.numpy(), 1e-9)


@given(st.lists(st.integers(1, 3), max_size=4),
       st.lists(st.integers(1, 3), max_size=4))
def test_the_last_size_that_differs_is_told(a: list, b: list) -> None:
    told = []
    for lib in LIBS:
        try:
            told.append(str((lib.ones(a) + lib.ones(b)).shape))
        except RuntimeError as error:
            told.append(str(error))
    assert told[0] == told[1]


FORMATS = ("contiguous_format", "preserve_format", "channels_last",
           "channels_last_3d")
FORMED = {
    "clone": lambda lib, x, form: x.clone(memory_format=form),
    "contiguous": lambda lib, x, form: x.contiguous(memory_format=form),
    "to": lambda lib, x, form: x.to(lib.float32, memory_format=form),
    "to_double": lambda lib, x, form: x.to(lib.float64, memory_format=form),
    "copied": lambda lib, x, form: x.to(
        lib.float32, copy=True, memory_format=form),
    "bool": lambda lib, x, form: x.bool(memory_format=form),
    "cpu": lambda lib, x, form: x.cpu(memory_format=form),
    "zeros_like": lambda lib, x, form: lib.zeros_like(x, memory_format=form),
    "full_like": lambda lib, x, form: lib.full_like(
        x, 2, memory_format=form),
    "rand_like": lambda lib, x, form: lib.rand_like(x, memory_format=form),
    "empty": lambda lib, x, form: lib.empty(
        x.shape, memory_format=lib.contiguous_format
        if form is lib.preserve_format else form),
}


@pytest.mark.parametrize("name", FORMED)
@given(size=st.lists(st.integers(2, 3), min_size=3, max_size=5),
       form=st.sampled_from(FORMATS), how=st.sampled_from(("", "t", "last")))
def test_memory_formats(name: str, size: list, form: str, how: str) -> None:
    def formed(lib: Any) -> Any:
        x = lib.arange(float(np.prod(size))).reshape(size)
        if how == "t":
            x = x.transpose(0, -1)
        elif how == "last":
            x = x.movedim(1, -1).contiguous().movedim(-1, 1)
        x.requires_grad_()
        try:
            y = FORMED[name](lib, x, getattr(lib, form))
        except RuntimeError as error:
            return str(error)
        kinds = [y.is_contiguous(memory_format=getattr(lib, other))
                 for other in FORMATS if other != "preserve_format"]
        return y.stride(), y is x, kinds, y.grad_fn and y.grad_fn.name()

    assert formed(scratch) == formed(torch)


@given(size=st.lists(st.integers(0, 3), min_size=1, max_size=4))
def test_steps_where_nothing_lies(size: list) -> None:
    assert scratch.zeros(size).stride() == torch.zeros(size).stride()


def test_what_a_view_looks_at() -> None:
    for lib in LIBS:
        x = lib.arange(6.0)
        y = x.view(2, 3)
        assert x._base is None and not x._is_view()
        assert y._base is x and y[0].t()._base is x and y._is_view()
        assert not y.clone()._is_view() and y.clone()._base is None


@pytest.mark.parametrize("call", (
    "x.view(L.float64)", "x.t().view(L.float64)", "x[:, :2].view(L.float64)",
    "x[:, :3].view(L.float64)", "y.view(L.float64)", "z.view(L.uint8)",
    "z.view(L.int32)", "x.view(L.uint8)", "x.t().view(L.int16)",
    "x.view(L.int32)", "z.H", "y.H", "x.H", "x[None].H", "x.mH",
    "z.mH", "y.mH", "z.mT", "y.mT", "z.adjoint()", "y.adjoint()",
    "L.view_as_complex(x.view(3, 2, 2))", "L.view_as_complex(x[:, ::2])",
    "L.view_as_complex(L.ones(3, 5)[:1, :2])",
    "L.view_as_complex(L.ones(3, 5)[:2, :2])",
    "L.ones(3, 5)[:1, :2].view(L.float64)",
    "L.view_as_complex(x[:, 1:3])", "'a' in x", "None in x", "[1] in x",
    "1 in x", "2j in x", "y in x", "x[0] in x", "z in x"))
def test_looks_that_are_refused(call: str) -> None:
    found = []
    for lib in LIBS:
        space = {"L": lib, "x": lib.ones(3, 4), "y": lib.ones(3),
                 "z": lib.tensor(1j if "H" in call or "adj" in call
                                 else 1.0)}
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                y = eval(call, space)
            found.append(y if isinstance(y, bool) else y.tolist())
        except RuntimeError as error:
            found.append(str(error))
    assert found[0] == found[1]


def test_a_number_is_transposed_with_a_warning() -> None:
    for kind in (scratch.float32, scratch.complex64):
        x = scratch.tensor(2.0, dtype=kind)
        with pytest.warns(UserWarning, match=r"Tensor\.mT is .*the identity"):
            assert x.mT is x
        for word in ("mH", "H"):
            with pytest.warns(UserWarning, match=rf"r\.{word} is .*x\.conj"):
                assert getattr(x, word) == x.conj()
        with pytest.warns(UserWarning, match=r"^adjoint\(\) is deprecated"):
            assert x.adjoint() == x.conj()


TOGETHER = {
    "add": lambda lib, x, y, z: x + y,
    "sub": lambda lib, x, y, z: x - y,
    "alpha": lambda lib, x, y, z: lib.add(x, y, alpha=2),
    "mul": lambda lib, x, y, z: x * y,
    "div": lambda lib, x, y, z: x / y,
    "floor_divide": lambda lib, x, y, z: x // y,
    "pow": lambda lib, x, y, z: x**y,
    "lt": lambda lib, x, y, z: x < y,
    "maximum": lambda lib, x, y, z: lib.maximum(x, y),
    "hypot": lambda lib, x, y, z: lib.hypot(x, y),
    "logaddexp": lambda lib, x, y, z: lib.logaddexp(x, y),
    "isclose": lambda lib, x, y, z: lib.isclose(x, y),
    "xlogy": lambda lib, x, y, z: lib.xlogy(x, y),
    "addcmul": lambda lib, x, y, z: lib.addcmul(x, y, z),
    "addcdiv": lambda lib, x, y, z: lib.addcdiv(x, y, z),
    "lerp": lambda lib, x, y, z: lib.lerp(x, y, z),
    "clamp": lambda lib, x, y, z: lib.clamp(x, y, z),
    "complex": lambda lib, x, y, z: lib.complex(x, y),
}


@st.composite
def several(draw: Any) -> Any:
    """A shape; for each of three operands: the order in which it lies,
    where it repeats itself, whether it is stretched, and whether it has
    gaps."""
    ndim = draw(st.integers(2, 4))
    flags = st.lists(st.sampled_from([0, 0, 0, 1]), min_size=ndim,
                     max_size=ndim)
    shape = draw(st.lists(st.integers(2, 4), min_size=ndim, max_size=ndim))
    return shape, [(draw(st.permutations(range(ndim))), draw(flags),
                    draw(st.booleans()), draw(st.booleans()))
                   for _ in range(3)]


def operand(lib: Any, shape: list, way: tuple) -> Any:
    order, once, stretched, gaps = way
    sizes = [1 if flag else n for n, flag in zip(shape, once)]
    slow = [sizes[d] for d in order]
    a = np.arange(1, np.prod(slow) * (1 + gaps) + 1, dtype=np.float32)
    x = lib.from_numpy(a.reshape(*slow[:-1], -1))[..., ::1 + gaps]
    x = x.permute(*np.argsort(order).tolist())
    return x.expand(*shape) if stretched else x


@pytest.mark.parametrize("name", TOGETHER)
@given(drawn=several())
def test_operands_that_lie_in_several_orders(name: str, drawn: Any) -> None:
    """torch: the first operand that knows decides."""
    shape, ways = drawn
    assume(not any(all(once) for _, once, _, _ in ways))
    ours, theirs = (TOGETHER[name](lib, *[
        operand(lib, shape, way) for way in ways]) for lib in LIBS)
    long = [d for d, n in enumerate(ours.shape) if n > 1]
    assert [ours.stride(d) for d in long] == [theirs.stride(d) for d in long]
    np.testing.assert_allclose(ours.numpy(), theirs.numpy(), 1e-5, 1e-5)
