"""Printed tensors, shapes and number limits read as in torch, to the byte."""

import numpy as np
import pytest
import torch
from hypothesis import example, given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from torch import _tensor_str as torch_printing

import scratch
from scratch import dtypes, limits, printing

NAMES = (
    "float16 float32 float64 uint8 int8 int16 int32 int64 bool "
    "complex64 complex128"
).split()
FLOATS = ["float16", "float32", "float64"]
SPECIAL = [0.0, -0.0, np.inf, -np.inf, np.nan, 1.0, -1.0, 0.5, 1e-4, 1000.0]


@st.composite
def arrays(draw, max_side=5):
    """Arrays of every dtype: drawn numbers, or one magnitude throughout."""
    name = draw(st.sampled_from(NAMES))
    shape = draw(hnp.array_shapes(min_dims=0, min_side=0, max_side=max_side))
    dtype = np.dtype(name)
    if dtype.kind in "iub":
        return draw(hnp.arrays(dtype, shape))
    seed = draw(st.integers(0, 2**32 - 1))
    form = np.random.default_rng(seed)
    x = form.standard_normal(shape)
    if dtype.kind == "c":
        x = x + 1j * form.standard_normal(shape)
    x = np.asarray(x * 10.0 ** draw(st.integers(-12, 12)))
    match draw(st.sampled_from(["as is", "round", "special", "few", "any"])):
        case "round":
            x = np.asarray(np.round(x))
        case "special":
            x = np.where(form.random(shape) < 0.3, form.choice(SPECIAL), x)
        case "few":
            x = np.asarray(form.choice(SPECIAL, shape))
        case "any":
            return draw(hnp.arrays(dtype, shape))
    with np.errstate(all="ignore"):
        return np.asarray(x).astype(dtype)


def ours(x, **more):
    return printing.tensor_str(x, dtypes.of(x.dtype), **more)


@pytest.fixture(autouse=True)
def options_as_before():
    """Each test leaves the options as a new process has them."""
    yield
    both("set_printoptions", profile="default")


def both(name, **options):
    getattr(printing, name)(**options)
    getattr(torch_printing, name)(**options)


@given(arrays())
def test_a_tensor_prints_as_in_torch(x):
    assert ours(x) == repr(torch.from_numpy(x.copy()))


@given(
    arrays(max_side=8),
    st.fixed_dictionaries(
        {},
        optional=dict(
            profile=st.sampled_from(["default", "short", "full", "other"]),
            precision=st.integers(0, 9),
            threshold=st.integers(0, 40),
            edgeitems=st.integers(0, 4),
            linewidth=st.integers(1, 200),
            sci_mode=st.sampled_from([True, False, None]),
        ),
    ),
)
def test_the_options_mean_the_same(x, options):
    theirs = torch.from_numpy(x.copy())
    with (
        printing.printoptions(**options),
        torch_printing.printoptions(**options),
    ):
        assert printing.get_printoptions() == torch_printing.get_printoptions()
        assert ours(x) == repr(theirs)
    assert printing.get_printoptions() == torch_printing.get_printoptions()
    assert ours(x) == repr(theirs)


@pytest.mark.parametrize(
    "shape",
    [(1001,), (1000,), (40, 40), (7, 2, 80), (2, 3, 4, 5, 11), (1, 3000)],
)
@pytest.mark.parametrize("name", NAMES)
def test_large_tensors_are_summarised_alike(shape, name):
    form = np.random.default_rng(0)
    x = (form.standard_normal(shape) * 50).astype(name)
    assert ours(x) == repr(torch.from_numpy(x))
    assert ours(x.T) == repr(torch.from_numpy(x.T))


@given(arrays(), st.sampled_from(FLOATS), st.integers(10, 120))
@example(np.ones(15, np.float32), "float32", 80)
def test_suffixes_follow_as_in_torch(x, default, linewidth):
    theirs = torch.from_numpy(x.copy())
    before = torch.get_default_dtype()
    both("set_printoptions", linewidth=linewidth)
    try:
        dtypes.set_default_dtype(getattr(dtypes, default))
        torch.set_default_dtype(getattr(torch, default))
        assert ours(x) == repr(theirs)
        if x.dtype.kind not in "fc":
            return
        leaf = theirs.clone().requires_grad_()
        assert ours(x, requires_grad=True) == repr(leaf)
        result = leaf.clone()
        text = ours(x, requires_grad=True, grad_fn="CloneBackward0")
        assert text == repr(result)
        parameter = torch.nn.Parameter(theirs)
        assert ours(x, requires_grad=True, is_parameter=True) == repr(parameter)
    finally:
        dtypes.set_default_dtype(getattr(dtypes, str(before)[6:]))
        torch.set_default_dtype(before)


def test_a_derived_class_is_named_first():
    x = np.arange(30, dtype=np.float32) / 7

    def texts(library, x):
        class Mine(library.Tensor):
            pass

        class Weight(library.nn.Parameter):
            pass

        yield repr(Mine([1.5, 2]))
        yield repr(Weight(x))
        yield repr(library.nn.Parameter(x))
        yield repr(library.nn.Buffer(x))
        yield x.__repr__(tensor_contents="[...]")

    theirs = [*texts(torch, torch.from_numpy(x))]
    assert [*texts(scratch, scratch.from_numpy(x))] == theirs
    weight = ours(x, requires_grad=True, is_parameter=True, type_name="Weight")
    assert weight == theirs[1]


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("info", ["finfo", "iinfo"])
def test_number_limits_are_torchs(info, name):
    def look(library, types):
        try:
            found = getattr(library, info)(getattr(types, name))
        except TypeError as error:
            return str(error)
        fields = "bits min max dtype".split()
        if info == "finfo":
            fields += "eps tiny smallest_normal resolution".split()
        values = [getattr(found, field) for field in fields]
        return repr(found), str(found), values, list(map(type, values))

    assert look(limits, dtypes) == look(torch, torch)


def test_number_limits_compare_and_refuse():
    f, i = limits.finfo, limits.iinfo
    assert f() == f(dtypes.float32) == f(dtypes.complex64) != f(dtypes.float64)
    assert i(dtypes.int8) != i(dtypes.uint8) and i(dtypes.int8) != f()
    for wrong in (3, "float32", np.float32):
        with pytest.raises(TypeError, match="must be torch.dtype, not"):
            f(wrong)
        with pytest.raises(TypeError, match="must be torch.dtype, not"):
            i(wrong)
    with pytest.raises(TypeError):
        i()
