"""torch._C: torch's inner part, of which other libraries call some."""

from .overriding import (
    DisableTorchFunction,
    DisableTorchFunctionSubclass,
)
from .overriding import disabled as _disabled_torch_function_impl

__all__ = [
    "DisableTorchFunction",
    "DisableTorchFunctionSubclass",
    "_disabled_torch_function_impl",
    "_log_api_usage_once",
]


def _log_api_usage_once(event: str) -> None:
    """Nothing is counted."""
