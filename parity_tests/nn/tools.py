"""What the tests of nn share: both libraries asked the same question."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import torch

import scratch
from parity_tests.parity import assert_parity

FLOATS = (torch.float32, torch.float64, scratch.float32, scratch.float64)


def squared(y: Any) -> Any:
    """y² of every real result: what is linear gets a second derivative."""
    if isinstance(y, (tuple, list)):
        return [squared(part) for part in y]
    return y * y if y.dtype in FLOATS else y


def assert_same(function: Callable, *arrays: np.ndarray,
                order: int = 2) -> None:
    """function(F, *tensors) agrees for F of both libraries."""
    assert_parity(
        lambda *xs: squared(function(scratch.nn.functional, *xs)),
        lambda *xs: squared(function(torch.nn.functional, *xs)),
        *arrays, order=order)


def both(expression: str) -> tuple[Any, Any]:
    """An expression in `nn` and `torch`, from one seed, in both libraries."""
    scratch.manual_seed(7)
    ours = eval(expression, {"nn": scratch.nn, "torch": scratch})
    torch.manual_seed(7)
    theirs = eval(expression, {"nn": torch.nn, "torch": torch})
    return ours, theirs


def complaint(expression: str, library: Any) -> tuple[type, str] | None:
    """The exception that an expression raises, if it does."""
    names = {"torch": library, "nn": library.nn, "F": library.nn.functional,
             "r": library.randn, "k": library.tensor}
    try:
        eval(expression, names)
    except Exception as error:
        return type(error), str(error)
    return None
