"""torch.__config__: what this library stands on, in words."""

from __future__ import annotations

import os
import platform
from typing import Any

import numpy as np

from .kernels.threads import cores, get_num_threads
from .version import __version__

VARIABLES = ("OMP_NUM_THREADS", "MKL_NUM_THREADS")


def show() -> str:
    """Which Python, NumPy and BLAS compute here."""
    built: Any = np.show_config(mode="dicts") or {}
    blas = built.get("Build Dependencies", {}).get("blas", {})
    return "\n".join([
        f"scratch {__version__} built with:",
        f"  - Python {platform.python_version()}",
        f"  - NumPy {np.__version__}",
        f"  - BLAS {blas.get('name', 'unknown')} {blas.get('version', '')}",
        f"  - {platform.machine()}, {platform.system()}", ""])


def parallel_info() -> str:
    """How many threads work, on how many cores, and what was asked for."""
    asked = [f"\t{name} : {os.environ.get(name, '[not set]')}"
             for name in VARIABLES]
    return "\n".join([
        "ATen/Parallel:",
        f"\tat::get_num_threads() : {get_num_threads()}",
        f"std::thread::hardware_concurrency() : {cores()}",
        "Environment variables:", *asked,
        "ATen parallel backend: native thread pool", ""])
