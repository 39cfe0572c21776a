"""How a tensor looks when it is printed: character for character as in torch.

All numbers of a tensor share one form (whole, fixed or scientific) and one
width. A large tensor shows only the first and last few entries of each side.
"""

from __future__ import annotations

import contextlib
import math
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from scratch import dtypes


@dataclass
class PrintOptions:
    """What `set_printoptions` sets."""

    precision: int = 4
    threshold: float = 1000
    edgeitems: int = 3
    linewidth: int = 80
    sci_mode: bool | None = None


options = PrintOptions()

PROFILES: dict[str, dict[str, Any]] = {
    "default": dict(precision=4, threshold=1000, edgeitems=3, linewidth=80),
    "short": dict(precision=2, threshold=1000, edgeitems=2, linewidth=80),
    "full": dict(precision=4, threshold=math.inf, edgeitems=3, linewidth=80),
}


def set_printoptions(
    precision: int | None = None,
    threshold: float | None = None,
    edgeitems: int | None = None,
    linewidth: int | None = None,
    profile: str | None = None,
    sci_mode: bool | None = None,
) -> None:
    """Set how tensors are printed from now on; None leaves an option as is."""
    # torch: sci_mode alone goes back to automatic when it is left out.
    options.sci_mode = sci_mode
    chosen = dict(PROFILES.get(profile, {})) if profile is not None else {}
    given = dict(
        precision=precision,
        threshold=threshold,
        edgeitems=edgeitems,
        linewidth=linewidth,
    )
    chosen.update((k, v) for k, v in given.items() if v is not None)
    for name, value in chosen.items():
        setattr(options, name, value)


def get_printoptions() -> dict[str, Any]:
    """The options as `set_printoptions(**options)` takes them."""
    return asdict(options)


@contextlib.contextmanager
def printoptions(**kwargs: Any) -> Iterator[None]:
    """Print with other options inside a with block."""
    before = get_printoptions()
    set_printoptions(**kwargs)
    try:
        yield
    finally:
        set_printoptions(**before)


def tensor_str(
    array: np.ndarray,
    dtype: dtypes.dtype,
    requires_grad: bool = False,
    grad_fn: str | None = None,
    is_parameter: bool = False,
    type_name: str = "Tensor",
    contents: str | None = None,
) -> str:
    """The text of a tensor: tensor([1., 2.], grad_fn=<MulBackward0>)

    `grad_fn` is the node's name, `type_name` the name of the tensor's class;
    `contents` stands in place of the numbers.
    """
    plain = type_name in ("Tensor", "Parameter", "Buffer")
    prefix = "tensor(" if plain else f"{type_name}("
    suffixes = _suffixes(array, dtype)
    if grad_fn is not None:
        suffixes.append(f"grad_fn=<{grad_fn}>")
    elif requires_grad:
        suffixes.append("requires_grad=True")
    if contents is None:
        contents = _numbers(array, len(prefix))
    text = _join_suffixes(prefix + contents, suffixes, len(prefix))
    if not is_parameter:
        return text
    # torch: only a class derived from Parameter is wrapped a second time.
    return "Parameter containing:\n" + (text if plain else f"Parameter({text})")


def _suffixes(array: np.ndarray, dtype: dtypes.dtype) -> list[str]:
    """The shape and the dtype, where the numbers do not tell them."""
    default = dtypes.get_default_dtype()
    parts = []
    if array.size == 0:
        if array.ndim != 1:
            parts.append(f"size={array.shape}")
        told = dtype == default
    else:
        if not options.edgeitems:
            parts.append(f"size={array.shape}")
        double = default == dtypes.float64
        complex_ = dtypes.complex128 if double else dtypes.complex64
        told = dtype in (default, complex_, dtypes.int64, dtypes.bool)
    return parts if told else [*parts, f"dtype={dtype}"]


def _join_suffixes(text: str, suffixes: list[str], indent: int) -> str:
    """Append the suffixes; one that does not fit starts a new line."""
    # torch: counts the last line one longer than it is, when it has no break.
    width = len(text) - text.rfind("\n") + 1
    for suffix in suffixes:
        if width + len(suffix) + 2 > options.linewidth:
            text += ",\n" + " " * indent + suffix
            width = indent + len(suffix)
        else:
            text += ", " + suffix
            width += len(suffix) + 2
    return text + ")"


def _numbers(array: np.ndarray, indent: int) -> str:
    """The nested brackets; `indent` columns stand before them."""
    if array.size == 0:
        return "[]"
    summarize = array.size > options.threshold
    shown = _edges(array) if summarize else array
    if array.dtype.kind == "c":
        form: _Form = _ComplexForm(shown)
    else:
        form = _RealForm(shown)
    return _nested(array, indent, summarize, form)


def _edges(array: np.ndarray) -> np.ndarray:
    """The entries that a summary shows: both ends of every axis."""
    edge = options.edgeitems
    if not edge:
        return array if array.ndim == 1 else array.ravel()[:0]
    for axis, n in enumerate(array.shape):
        if n > 2 * edge:
            ends = [*range(edge), *range(n - edge, n)]
            array = array.take(ends, axis)
    return array


class _Form:
    """One form for all numbers of a tensor, at most `width` characters."""

    width: int

    def format(self, value: Any) -> str:
        raise NotImplementedError


class _RealForm(_Form):
    """Whole numbers (`int_mode`), fixed point or scientific."""

    def __init__(self, array: np.ndarray):
        self.width = 1
        self.pattern = "{}"
        self.int_mode = self.sci_mode = False
        if array.dtype.kind != "f":
            texts = map(str, array.ravel().tolist())
            self.width = max(map(len, texts), default=1)
            return
        values = array[np.isfinite(array) & (array != 0)]
        # Whole numbers, or no number at all: zeros are whole.
        self.int_mode = bool((values == np.ceil(values)).all())
        self.sci_mode = bool(values.size) and _wants_scientific(values)
        digits = options.precision
        if self.sci_mode:
            self.pattern = f"{{:.{digits}e}}"
        elif self.int_mode:
            self.pattern = "{:.0f}"
        else:
            self.pattern = f"{{:.{digits}f}}"
        texts = map(self.pattern.format, values.tolist())
        self.width = max(map(len, texts), default=0)
        if self.int_mode and not self.sci_mode:
            self.width += 1  # the dot

    def format(self, value: Any) -> str:
        text = self.pattern.format(value)
        if self.int_mode and not self.sci_mode and math.isfinite(value):
            text += "."
        return text.rjust(self.width)


class _ComplexForm(_Form):
    """Real and imaginary parts, each in a form of its own."""

    def __init__(self, array: np.ndarray):
        self.real, self.imag = _RealForm(array.real), _RealForm(array.imag)
        self.width = self.real.width + self.imag.width + 1  # the j

    def format(self, value: Any) -> str:
        imag = (self.imag.format(value.imag) + "j").lstrip()
        plus = "" if imag[0] in "+-" else "+"
        return self.real.format(value.real) + plus + imag


def _wants_scientific(values: np.ndarray) -> bool:
    """Whether fixed point would be wide or would lose digits."""
    if options.sci_mode is not None:
        return options.sci_mode
    sizes = np.abs(values).astype(np.float64)
    low, high = sizes.min(), sizes.max()
    with np.errstate(over="ignore"):
        return bool(high / low > 1000 or high > 1e8 or low < 1e-4)


def _nested(x: np.ndarray, indent: int, summarize: bool, form: _Form) -> str:
    """[first, second, …, last]: rows one below the other."""
    if x.ndim == 0:
        return form.format(x.item())
    if x.ndim == 1:
        return _row(x, indent, summarize, form)
    edge, n = options.edgeitems, len(x)

    def rows(which: range) -> list[str]:
        return [_nested(x[i], indent + 1, summarize, form) for i in which]

    if summarize and n > 2 * edge:
        parts = [*rows(range(edge)), "...", *rows(range(n - edge, n))]
    else:
        parts = rows(range(n))
    gap = "," + "\n" * (x.ndim - 1) + " " * (indent + 1)
    return "[" + gap.join(parts) + "]"


def _row(x: np.ndarray, indent: int, summarize: bool, form: _Form) -> str:
    """[1., 2., 3.]: as many numbers on each line as fit."""
    per_line = max(1, (options.linewidth - indent) // (form.width + 2))
    edge, n = options.edgeitems, len(x)

    def texts(part: np.ndarray) -> list[str]:
        return [form.format(value) for value in part.tolist()]

    if summarize and not edge:
        data = ["..."]
    elif summarize and n > 2 * edge:
        data = [*texts(x[:edge]), " ...", *texts(x[-edge:])]
    else:
        data = texts(x)
    lines = [
        ", ".join(data[i : i + per_line]) for i in range(0, len(data), per_line)
    ]
    return "[" + (",\n" + " " * (indent + 1)).join(lines) + "]"
