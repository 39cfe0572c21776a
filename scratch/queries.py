"""Questions and settings of the top level that are no operations."""

from __future__ import annotations

from typing import Any

from .modes import modes
from .tensor import Tensor

__all__ = ["is_tensor", "is_nonzero", "is_inference", "typename",
           "compile",
           "is_anomaly_enabled", "is_anomaly_check_nan_enabled",
           "set_anomaly_enabled",
           "is_deterministic_algorithms_warn_only_enabled",
           "get_deterministic_debug_mode", "set_deterministic_debug_mode",
           "use_deterministic_algorithms",
           "are_deterministic_algorithms_enabled",
           "set_float32_matmul_precision", "get_float32_matmul_precision"]


def is_tensor(obj: Any) -> bool:
    """Whether it is a Tensor."""
    return isinstance(obj, Tensor)


def is_nonzero(input: Tensor) -> bool:
    """Whether the one element is not 0."""
    if input.array.size != 1:
        raise RuntimeError(
            "Boolean value of Tensor with "
            f"{'more than one value' if input.array.size else 'no values'} "
            "is ambiguous")
    return bool(input)


def is_inference(input: Tensor) -> bool:
    """Whether it was made in inference mode: here such tensors are plain."""
    return False


def typename(obj: Any) -> str:
    """The name of a type, or of the type of a tensor's numbers."""
    if isinstance(obj, Tensor):
        return obj.type()  # type: ignore[attr-defined]
    kind = obj if isinstance(obj, type) else type(obj)
    module = kind.__module__
    return kind.__qualname__ if module == "builtins" else (
        f"{module}.{kind.__qualname__}")


def compile(model: Any = None, **options: Any) -> Any:
    """The model as it is: NumPy has nothing to compile."""
    if model is None:
        return lambda found: found
    return model


def is_anomaly_enabled() -> bool:
    """Whether anomaly detection is on."""
    return modes.anomaly


def is_anomaly_check_nan_enabled() -> bool:
    """Whether anomaly detection looks for NaN."""
    return modes.check_nan


def set_anomaly_enabled(mode: bool, check_nan: bool = True) -> None:
    """Switch anomaly detection, and whether it looks for NaN."""
    modes.anomaly, modes.check_nan = mode, check_nan


# Everything here is deterministic; what was asked for is told again.
deterministic = {"mode": False, "warn_only": False}


def use_deterministic_algorithms(mode: bool, *,
                                 warn_only: bool = False) -> None:
    """Granted either way: everything here is deterministic."""
    deterministic.update(mode=bool(mode), warn_only=bool(warn_only))


def are_deterministic_algorithms_enabled() -> bool:
    """Whether determinism was asked for; it is there anyway."""
    return deterministic["mode"]


def is_deterministic_algorithms_warn_only_enabled() -> bool:
    """Whether a warning was asked for in place of an error."""
    return deterministic["warn_only"]


DEBUG_MODES = ("default", "warn", "error")


def set_deterministic_debug_mode(debug_mode: int | str) -> None:
    """0 "default", 1 "warn", 2 "error": use_deterministic_algorithms"""
    if not isinstance(debug_mode, (int, str)):
        raise TypeError("debug_mode must be str or int, but got "
                        f"{type(debug_mode)}")
    if isinstance(debug_mode, str):
        if debug_mode not in DEBUG_MODES:
            raise RuntimeError(
                "invalid value of debug_mode, expected one of `default`, "
                f"`warn`, `error`, but got {debug_mode}")
        debug_mode = DEBUG_MODES.index(debug_mode)
    if debug_mode not in (0, 1, 2):
        raise RuntimeError("invalid value of debug_mode, expected 0, 1, or 2,"
                           f" but got {debug_mode}")
    use_deterministic_algorithms(debug_mode > 0, warn_only=debug_mode == 1)


def get_deterministic_debug_mode() -> int:
    """What was set: 0, 1 (warn) or 2 (an error)"""
    if not deterministic["mode"]:
        return 0
    return 1 if deterministic["warn_only"] else 2


matmul_precision = ["highest"]


def set_float32_matmul_precision(precision: str) -> None:
    """float32 products are computed in float32, the highest precision."""
    if precision not in ("highest", "high", "medium"):
        raise RuntimeError(
            f"{precision} is not one of 'highest', 'high', or 'medium'.")
    matmul_precision[0] = precision


def get_float32_matmul_precision() -> str:
    """What was set; float32 products are computed in float32 always."""
    return matmul_precision[0]
