"""Mixed precision: the scaler's whole life beside torch's."""

import math
import warnings
from typing import Any

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

import scratch

LIBS = (scratch, torch)
numbers = st.sampled_from([1.0, -0.5, 3e4, math.inf, -math.inf, math.nan])
moves = st.lists(
    st.tuples(st.sampled_from(["step", "unscale", "update", "new", "load"]),
              numbers), max_size=12)  # fmt: skip


def told(function: Any, *args: Any) -> Any:
    """What it returns or, of an error, its class and first words."""
    try:
        return function(*args)
    except Exception as error:
        return type(error).__name__, str(error)[:40]


def life(lib: Any, moves: list, interval: int) -> list:
    """What a scaler and a parameter show after each move."""
    scaler = lib.amp.GradScaler("cpu", 1024.0, growth_interval=interval)
    p = lib.nn.Parameter(lib.tensor([1.0, 2.0]))
    optimizer = lib.optim.SGD([p], lr=0.1)
    seen: list = []
    for kind, number in moves:
        match kind:
            case "step":
                loss = scaler.scale(p.sum() * number)
                optimizer.zero_grad()
                loss.backward()
                seen.append(loss.item())
                seen.append(told(scaler.step, optimizer))
            case "unscale":
                seen.append(told(scaler.unscale_, optimizer))
            case "update":
                seen.append(told(scaler.update))
            case "new":
                seen.append(told(scaler.update, 8.0))
            case "load":
                state = scaler.state_dict()
                scaler = lib.amp.GradScaler("cpu")
                scaler.load_state_dict(state)
        seen += [scaler.get_scale(), scaler.state_dict(), p.tolist()]
        seen.append(None if p.grad is None else p.grad.tolist())
    return seen


@given(moves, st.integers(1, 3))
def test_a_scalers_life_is_torchs(moves: list, interval: int) -> None:
    ours, theirs = (life(lib, moves, interval) for lib in LIBS)
    assert repr(ours) == repr(theirs)


@pytest.mark.parametrize("make", [
    lambda lib: lib.amp.GradScaler("cpu", growth_factor=1.0),
    lambda lib: lib.amp.GradScaler("cpu", backoff_factor=1.0),
    lambda lib: lib.amp.GradScaler("cpu").load_state_dict({}),
    lambda lib: lib.amp.GradScaler("cpu").update(),
    lambda lib: lib.amp.GradScaler("cpu").scale(3),
    lambda lib: lib.autocast("cpus"),
    lambda lib: lib.autocast(3),
])  # fmt: skip
def test_refusals_are_torchs(make: Any) -> None:
    ours, theirs = (told(make, lib) for lib in LIBS)
    assert isinstance(ours, tuple) and ours == theirs


@pytest.mark.parametrize("lib", LIBS)
def test_without_a_gpu_its_precision_is_off(lib: Any) -> None:
    if torch.cuda.is_available():
        pytest.skip("torch finds a GPU here")
    with pytest.warns(UserWarning, match="is not available"):
        scaler = lib.amp.GradScaler()
    assert (scaler.is_enabled(), scaler.get_scale()) == (False, 1.0)
    assert scaler.state_dict() == {}
    x = lib.ones(2)
    assert scaler.scale(x) is x
    with pytest.warns(UserWarning, match="Disabling autocast"):
        block = lib.autocast("cuda")
    with block:
        assert (x @ x).dtype == lib.float32
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # torch calls the old names so
        assert not lib.cuda.amp.GradScaler().is_enabled()
        assert lib.cuda.amp.autocast()(lib.sum)(x) == 2


def test_what_a_cpu_cannot_do_is_refused() -> None:
    with pytest.raises(NotImplementedError, match="bfloat16"):
        scratch.autocast("cpu")
    with scratch.autocast("cpu", enabled=False):
        pass


def test_nothing_is_cast() -> None:
    for lib in (scratch, torch):
        with lib.autocast("cuda", enabled=False):
            assert not lib.is_autocast_enabled()
            assert not lib.is_autocast_enabled("cpu")
        assert lib.get_autocast_dtype("cuda") is lib.float16
        assert lib.get_autocast_dtype("cpu") is lib.bfloat16
        assert lib.is_autocast_cache_enabled()
        assert lib.clear_autocast_cache() is None
        with pytest.raises(TypeError, match="argument 'device_type'"):
            lib.is_autocast_enabled(3)
        with pytest.raises(RuntimeError, match="Expected one of cpu, cuda"):
            lib.get_autocast_dtype("zz")


KINDS = st.sampled_from(["cpu", "cuda"])


def squared(lib: Any, kind: str, cast: bool) -> Any:
    """A function of the user's own, as programs for mixed precision write
    it; what its context was told."""
    told: list = []

    class Square(lib.autograd.Function):
        @staticmethod
        @lib.amp.custom_fwd(device_type=kind,
                            cast_inputs=lib.float16 if cast else None)
        def forward(ctx: Any, x: Any, power: int = 2) -> Any:
            ctx.save_for_backward(x)
            told.extend([str(ctx._dtype), ctx._fwd_used_autocast])
            return x ** power

        @staticmethod
        @lib.amp.custom_bwd(device_type=kind)
        def backward(ctx: Any, grad: Any) -> tuple:
            (x,) = ctx.saved_tensors
            told.append(str(x.dtype))
            return 2 * x * grad, None

    return Square, told


@given(KINDS, st.booleans(), st.lists(st.floats(-9, 9, width=32)))
def test_a_function_of_ones_own_is_not_cast(kind: str, cast: bool,
                                            numbers: list) -> None:
    found = []
    for lib in LIBS:
        function, told_ = squared(lib, kind, cast)
        x = lib.tensor(numbers, requires_grad=True)
        y = function.apply(x, 2)
        y.sum().backward()
        found.append([told_, str(y.dtype), y.tolist(), x.grad.tolist()])
    assert found[0] == found[1]


@pytest.mark.parametrize("call", [
    lambda lib: lib.amp.custom_fwd(device_type=3),
    lambda lib: lib.amp.custom_bwd(device_type=None),
    lambda lib: lib.amp.custom_fwd(abs),
    lambda lib: lib.amp.custom_fwd(id, device_type="zz")(lib.ones(1)),
    lambda lib: lib.amp.custom_bwd(id, device_type="cpu")(lib.ones(1)),
])  # fmt: skip
def test_what_the_decorators_refuse(call: Any) -> None:
    ours, theirs = (told(call, lib) for lib in LIBS)
    assert isinstance(ours, tuple) and ours[0] == theirs[0]


def test_the_old_names_of_the_decorators() -> None:
    for lib in LIBS:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # torch calls them so
            forward = lib.cuda.amp.custom_fwd(lambda ctx, x: x + 1)
            again = lib.cuda.amp.custom_fwd(cast_inputs=lib.float16)(len)
            backward = lib.cuda.amp.custom_bwd(lambda ctx, g: g * 2)
        ctx = lib.autograd.function.FunctionCtx()
        assert forward(ctx, 1) == 2 and backward(ctx, 3) == 6
        assert again.__name__ == "len"
