"""Switches for computing on a GPU; without one they change nothing."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from types import SimpleNamespace
from typing import Any

matmul = SimpleNamespace(
    allow_tf32=False,
    allow_fp16_reduced_precision_reduction=True,
    allow_bf16_reduced_precision_reduction=True,
    fp32_precision="none",
)
KINDS = {"flash": True, "math": True, "mem_efficient": True, "cudnn": True}


def is_built() -> bool:
    """Whether it was built in: no."""
    return False


def preferred_linalg_library(backend: Any = None) -> None:
    """There is no choice of libraries: NumPy's LAPACK computes."""


def flash_sdp_enabled() -> bool:
    """Whether attention may use the kernel of this name."""
    return KINDS["flash"]


def math_sdp_enabled() -> bool:
    """Whether attention may use the plain formula."""
    return KINDS["math"]


def mem_efficient_sdp_enabled() -> bool:
    """Whether attention may use the kernel of this name."""
    return KINDS["mem_efficient"]


def cudnn_sdp_enabled() -> bool:
    """Whether attention may use the kernel of this name."""
    return KINDS["cudnn"]


def enable_flash_sdp(enabled: bool) -> None:
    """Allow attention a kernel that a GPU would have."""
    KINDS["flash"] = enabled


def enable_math_sdp(enabled: bool) -> None:
    """Allow attention the plain formula, which computes here always."""
    KINDS["math"] = enabled


def enable_mem_efficient_sdp(enabled: bool) -> None:
    """Allow attention a kernel that a GPU would have."""
    KINDS["mem_efficient"] = enabled


def enable_cudnn_sdp(enabled: bool) -> None:
    """Allow attention a kernel that a GPU would have."""
    KINDS["cudnn"] = enabled


@contextmanager
def sdp_kernel(
    enable_flash: bool = True,
    enable_math: bool = True,
    enable_mem_efficient: bool = True,
    enable_cudnn: bool = True,
) -> Iterator[dict]:
    """The kernels that attention may use in a block of code."""
    before = dict(KINDS)
    KINDS.update(
        flash=enable_flash,
        math=enable_math,
        mem_efficient=enable_mem_efficient,
        cudnn=enable_cudnn,
    )
    try:
        yield {}
    finally:
        KINDS.update(before)
