"""Types, modes and settings behave as torch's, and are put back."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product
from typing import Any

import numpy as np
import pytest
import torch

import scratch

BOTH = [scratch, torch]
KINDS = ("float16 float32 float64 uint8 int8 int16 int32 int64 bool "
         "complex64 complex128").split()


@pytest.fixture(autouse=True)
def restored() -> Iterator[None]:
    """Whatever a test sets goes back."""
    kept = [(lib, lib.get_default_dtype(), lib.get_num_threads(),
             lib.are_deterministic_algorithms_enabled(),
             lib.get_float32_matmul_precision()) for lib in BOTH]
    yield
    for lib, dtype, threads, fixed, precision in kept:
        lib.set_default_dtype(dtype)
        lib.set_num_threads(threads)
        lib.use_deterministic_algorithms(fixed)
        lib.set_float32_matmul_precision(precision)
        lib.set_grad_enabled(True)
        lib.autograd.set_detect_anomaly(False)


def same(ask: Any) -> None:
    """Both libraries answer alike, or refuse with the same class."""
    answers = []
    for lib in BOTH:
        try:
            answers.append(ask(lib))
        except Exception as error:
            answers.append(type(error).__name__)
    assert answers[0] == answers[1]


@pytest.mark.parametrize("kind", KINDS)
def test_dtypes_tell_the_same(kind: str) -> None:
    for fact in ("is_floating_point", "is_complex", "is_signed", "itemsize",
                 "__repr__"):
        def told(lib: Any, fact: str = fact) -> Any:
            value = getattr(getattr(lib, kind), fact)
            return value() if fact == "__repr__" else value
        same(told)
    assert isinstance(getattr(scratch, kind), scratch.dtype)
    array = torch.zeros(1, dtype=getattr(torch, kind)).numpy()
    assert getattr(scratch, kind).numpy == array.dtype


@pytest.mark.parametrize("kind", KINDS)
def test_the_default_dtype(kind: str) -> None:
    def asked(lib: Any) -> list:
        lib.set_default_dtype(getattr(lib, kind))
        return [str(lib.get_default_dtype()), str(lib.zeros(2).dtype),
                str(lib.tensor(1.5).dtype), str((lib.ones(2, dtype=lib.int32)
                                                 / 2).dtype)]
    same(asked)


def test_settings_answer_what_was_set() -> None:
    def asked(lib: Any) -> list:
        lib.set_num_threads(2)
        lib.use_deterministic_algorithms(True)
        lib.set_float32_matmul_precision("high")
        return [lib.get_num_threads(),
                lib.are_deterministic_algorithms_enabled(),
                lib.get_float32_matmul_precision()]
    same(asked)
    same(lambda lib: lib.set_num_threads(0))
    same(lambda lib: lib.set_num_threads("2"))


@pytest.mark.parametrize("mode", [
    True, False, 0, 1, 2, 3, -1, "default", "warn", "error", "other", None])
@pytest.mark.parametrize("warn_only", [True, False])
def test_determinism_is_told_as_it_was_asked_for(mode: Any,
                                                 warn_only: bool) -> None:
    def told(lib: Any) -> list:
        return [lib.are_deterministic_algorithms_enabled(),
                lib.is_deterministic_algorithms_warn_only_enabled(),
                lib.get_deterministic_debug_mode()]

    def asked(lib: Any) -> list:
        first = told(lib)
        if isinstance(mode, bool):
            lib.use_deterministic_algorithms(mode, warn_only=warn_only)
        else:
            lib.set_deterministic_debug_mode(mode)
        return first + told(lib)

    same(asked)


def test_threads_change_no_result() -> None:
    x = np.random.default_rng(0).standard_normal((64, 70))
    found = []
    for n in (1, 2):
        scratch.set_num_threads(n)
        found.append((scratch.tensor(x) @ scratch.tensor(x.T)).numpy())
    np.testing.assert_array_equal(*found)


@pytest.mark.parametrize("name", ["layout", "memory_format"])
def test_layouts_are_named_as_torch_names_them(name: str) -> None:
    words = [word for word in dir(torch)
             if isinstance(getattr(torch, word), getattr(torch, name))
             and hasattr(scratch, word)]
    assert words
    for word in words:
        assert isinstance(getattr(scratch, word), getattr(scratch, name))
        assert repr(getattr(scratch, word)) == repr(getattr(torch, word))


@pytest.mark.parametrize("text", [
    "cpu", "cuda", "cuda:1", "cuda:-1", "cpu:0", "gpu", "", "cuda:x"])
def test_devices(text: str) -> None:
    same(lambda lib: repr(lib.device(text)))
    same(lambda lib: (lib.device(text).type, lib.device(text).index))
    same(lambda lib: hash(lib.device(text)) == hash(lib.device(text))
         and lib.device(text) == lib.device(text))


@pytest.mark.skipif(torch.cuda.is_available(), reason="this machine has one")
def test_a_device_that_is_not_there() -> None:
    for lib in BOTH:
        with pytest.raises((AssertionError, RuntimeError)):
            lib.ones(2).cuda()


MODES = ("no_grad", "enable_grad", "inference_mode")


@pytest.mark.parametrize("mode, outer", list(product(MODES, MODES)))
@pytest.mark.parametrize("space", ["", "autograd"])
def test_modes_nest_and_end(mode: str, outer: str, space: str) -> None:
    def asked(lib: Any) -> list:
        here = getattr(lib, space) if space else lib
        found = []

        def look() -> None:
            y = lib.ones(2, requires_grad=True) * 2
            found.extend([lib.is_grad_enabled(), y.requires_grad,
                          lib.is_inference_mode_enabled()])

        with getattr(here, outer)():
            look()
            with getattr(here, mode)():
                look()
            getattr(here, mode)()(look)()
            look()
        look()
        try:
            with getattr(here, mode)():
                raise KeyError
        except KeyError:
            look()
        return found
    same(asked)


NESTS: dict[str, tuple] = {
    "n": ("no_grad",), "e": ("enable_grad",), "i": ("inference_mode",),
    "f": ("inference_mode", False), "s": ("set_grad_enabled", True),
    "t": ("set_grad_enabled", False)}


@pytest.mark.parametrize("first", NESTS)
def test_modes_within_modes_within_modes(first: str) -> None:
    def asked(lib: Any) -> list:
        w, found = lib.ones(2, requires_grad=True), []

        def within(path: tuple) -> None:
            y = w * 2
            found.append((lib.is_grad_enabled(), y.requires_grad,
                          lib.is_inference_mode_enabled()))
            if path:
                name, *mode = NESTS[path[0]]
                with getattr(lib, name)(*mode):
                    within(path[1:])
                within(())

        for path in product(NESTS, NESTS, NESTS):
            within((first, *path))
        return found
    same(asked)


@pytest.mark.parametrize("space", ["", "autograd"])
def test_setting_the_grad_mode(space: str) -> None:
    def asked(lib: Any) -> list:
        set_to = getattr(lib, space or "autograd").set_grad_enabled
        found = []
        with set_to(False):
            found.append(lib.is_grad_enabled())
        found.append(lib.is_grad_enabled())
        set_to(False)
        found.append(lib.is_grad_enabled())
        set_to(True)
        return [*found, lib.is_grad_enabled()]
    same(asked)


@pytest.mark.filterwarnings("ignore:Anomaly Detection")
@pytest.mark.filterwarnings("ignore:Error detected")
def test_anomaly_mode_finds_the_first_nan() -> None:
    def asked(lib: Any) -> Any:
        found = [lib.is_anomaly_enabled()]
        with pytest.warns(UserWarning), lib.autograd.detect_anomaly():
            found.append(lib.is_anomaly_enabled())
            x = lib.zeros(1, requires_grad=True)
            try:
                (x.sqrt() * 0).sum().backward()
            except RuntimeError as error:
                found.append(str(error).partition(".")[0])
        with lib.autograd.set_detect_anomaly(True):
            found.append(lib.is_anomaly_enabled())
        return [*found, lib.is_anomaly_enabled()]
    same(asked)


def test_compile_leaves_a_function_what_it_is() -> None:
    @scratch.compile
    def double(x: Any) -> Any:
        return x * 2

    layer = scratch.nn.Linear(2, 1)
    x = scratch.ones(3, 2)
    assert scratch.equal(double(x), x * 2)
    assert scratch.equal(scratch.compile(layer)(x), layer(x))


def test_a_variable_is_a_tensor() -> None:
    same(lambda lib: type(lib.autograd.Variable(lib.ones(2))) is lib.Tensor)
    same(lambda lib: lib.autograd.Variable(
        lib.ones(2), requires_grad=True).requires_grad)


def test_a_singular_matrix_raises_linalg_error() -> None:
    for lib in BOTH:
        assert issubclass(lib.linalg.LinAlgError, RuntimeError)
        with pytest.raises(lib.linalg.LinAlgError):
            lib.linalg.inv(lib.zeros(2, 2))


def test_the_constructor_of_tensors() -> None:
    for args in ((), (2, 3), ([1, 2],), ((2,),), ([[1.5], [2]],)):
        same(lambda lib, args=args: [lib.Tensor(*args).shape == (0,),
                                     list(lib.Tensor(*args).shape),
                                     str(lib.Tensor(*args).dtype)])
    same(lambda lib: lib.Tensor([1, 2]).tolist())
    same(lambda lib: lib.Tensor("a"))


def test_an_optimizer_of_ones_own() -> None:
    def walked(lib: Any) -> list:
        class Half(lib.optim.Optimizer):
            def __init__(self, params: Any, lr: float = 0.5):
                super().__init__(params, {"lr": lr})

            def step(self, closure: Any = None) -> None:
                with lib.no_grad():
                    for group in self.param_groups:
                        for p in group["params"]:
                            p -= group["lr"] * p.grad

        class Late(lib.optim.lr_scheduler.LRScheduler):
            def get_lr(self) -> list:
                return [base / (self.last_epoch + 1)
                        for base in self.base_lrs]

        x = lib.ones(2, requires_grad=True)
        opt = Half([x])
        late = Late(opt)
        for _ in range(3):
            opt.zero_grad()
            (x * x).sum().backward()
            opt.step()
            late.step()
        return [x.tolist(), late.get_last_lr(), repr(opt).split()[:2]]
    same(walked)


@pytest.mark.parametrize("mode", [True, False])
@pytest.mark.parametrize("check_nan", [True, False])
def test_anomaly_mode_is_set_in_parts(mode: bool, check_nan: bool) -> None:
    for lib in BOTH:
        lib.set_anomaly_enabled(mode, check_nan)
        assert lib.is_anomaly_enabled() is mode
        assert lib.is_anomaly_check_nan_enabled() is check_nan
