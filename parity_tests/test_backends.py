"""What a program asks about GPUs and backends is answered as without any."""

import importlib
from collections.abc import Iterator
from typing import Any

import pytest
import torch

import scratch

LIBS = (scratch, torch)
ALIKE = """
    cuda._initialized
    cuda.memory_allocated() cuda.max_memory_allocated() cuda.memory_reserved()
    cuda.max_memory_reserved() cuda.set_device(-1) cuda.is_available()
    cuda.device_count() cuda.is_initialized() cuda.get_rng_state_all()
    cuda.set_rng_state_all([]) cuda.manual_seed(1) cuda.manual_seed_all(1)
    cuda.seed() cuda.empty_cache() cuda.memory_stats() cuda.is_bf16_supported()
    accelerator.is_available() accelerator.device_count()
    accelerator.current_accelerator(True) mps.is_available()
    mps.device_count() mps.manual_seed(0) xpu.is_available()
    xpu.device_count() xpu.manual_seed(0) xpu.empty_cache()
    xpu.is_initialized() cpu.is_available() cpu.device_count()
    cpu.current_device() cpu.synchronize() get_default_device().type
    set_default_device('cpu') backends.cudnn.enabled
    backends.cudnn.benchmark backends.cudnn.deterministic
    backends.cudnn.allow_tf32 backends.cudnn.benchmark_limit
    backends.cuda.matmul.allow_tf32 backends.cuda.flash_sdp_enabled()
    backends.mps.is_available() backends.mps.is_built()
    backends.mkldnn.enabled backends.cuda.math_sdp_enabled()
    backends.cuda.mem_efficient_sdp_enabled()
""".split()
REFUSED = """
    cuda.current_device() cuda.get_device_name() cuda.get_device_name(0)
    cuda.get_device_properties(0) cuda.get_device_capability()
    cuda.mem_get_info() cuda.set_device(0) cuda.synchronize() cuda.init()
    cuda.get_rng_state() cuda.current_stream() cuda.Stream()
    cuda.reset_peak_memory_stats() accelerator.synchronize()
    accelerator.current_device_index() mps.empty_cache() mps.synchronize()
""".split()


@pytest.fixture(autouse=True)
def no_device_is_set() -> Iterator[None]:
    """torch: with a device set, F.l1_loss forgets its weights."""
    yield
    for lib in LIBS:
        lib.set_default_device(None)


@pytest.mark.parametrize("question", ALIKE)
def test_the_answers_are_those_of_a_torch_without_gpu(question: str) -> None:
    ours, theirs = (eval(f"lib.{question}", {"lib": lib}) for lib in LIBS)
    assert ours == theirs


@pytest.mark.parametrize("question", REFUSED)
def test_what_needs_a_gpu_is_refused(question: str) -> None:
    for lib in LIBS:
        with pytest.raises(RuntimeError):
            eval(f"lib.{question}", {"lib": lib})


@pytest.mark.parametrize(
    "name",
    ["cudnn", "cuda", "mps", "mkldnn", "mkl", "openmp", "opt_einsum", "cpu"],
)
def test_a_backend_is_a_module(name: str) -> None:
    for lib in LIBS:
        module = importlib.import_module(f"{lib.__name__}.backends.{name}")
        assert module is getattr(lib.backends, name)


@pytest.mark.parametrize("lib", LIBS)
def test_switches_are_put_back_after_their_block(lib: Any) -> None:
    cudnn = lib.backends.cudnn
    before = cudnn.benchmark, cudnn.deterministic
    with cudnn.flags(enabled=True, benchmark=True, deterministic=True):
        assert cudnn.benchmark and cudnn.deterministic
    assert (cudnn.benchmark, cudnn.deterministic) == before
    cudnn.benchmark = True
    assert cudnn.benchmark
    cudnn.benchmark = False
    flash = lib.backends.cuda.flash_sdp_enabled
    lib.backends.cuda.enable_flash_sdp(False)
    assert not flash()
    lib.backends.cuda.enable_flash_sdp(True)
    assert flash()


@pytest.mark.parametrize("lib", LIBS)
def test_blocks_for_a_device_run_here(lib: Any) -> None:
    with lib.device("cpu"), lib.cuda.device(-1), lib.cuda.stream(None):
        assert lib.ones(1).device == lib.device("cpu")
    assert lib.cuda.Event(enable_timing=True) is not None


@pytest.mark.parametrize("kind", ["cuda", "mps", "xpu"])
def test_no_other_device_is_chosen(kind: str) -> None:
    with pytest.raises(RuntimeError):
        scratch.set_default_device(kind)
    with pytest.raises(RuntimeError), scratch.device(kind):
        pass
    assert scratch.get_default_device() == scratch.device("cpu")


@pytest.mark.parametrize("lib", LIBS)
def test_a_kernel_for_attention_may_be_chosen(lib: Any) -> None:
    attention = importlib.import_module(f"{lib.__name__}.nn.attention")
    kinds = attention.SDPBackend
    q = lib.arange(12.0).reshape(1, 3, 4)
    plain = lib.nn.functional.scaled_dot_product_attention(q, q, q)
    for choice in (kinds.MATH, [kinds.FLASH_ATTENTION, kinds.MATH]):
        with attention.sdpa_kernel(choice):
            y = lib.nn.functional.scaled_dot_product_attention(q, q, q)
        assert (y - plain).abs().max() < 1e-5
    with pytest.raises(AssertionError), attention.sdpa_kernel(3):
        pass
    assert (str(kinds.MATH), int(kinds.MATH)) == ("SDPBackend.MATH", 0)
    checkpoint = importlib.import_module(f"{lib.__name__}.utils.checkpoint")
    assert checkpoint.get_device_states(q) == ([], [])
    checkpoint.set_device_states([], [])
