"""Number types: torch's names, NumPy's storage, torch's promotion."""

from __future__ import annotations

import builtins
from typing import Any

import numpy as np

BOOL, INTEGER, FLOATING, COMPLEX = range(4)  # the categories, rising


class dtype:
    """The type of a tensor's numbers: `scratch.float32` and its kin.

    numpy: the NumPy dtype that stores it;  category: BOOL … COMPLEX.
    like: the NumPy dtype of the same kind and size, where this library has
        no tensors of the numbers themselves: the dtype can be named only.
    """

    numpy: np.dtype

    def __init__(self, name: str, like: str | None = None):
        self.name = name
        stored = np.dtype(like or name)
        if like is None:
            self.numpy = stored
        self.category = "biufc".replace("u", "").index(
            stored.kind.replace("u", "i"))
        self.is_floating_point = self.category == FLOATING
        self.is_complex = self.category == COMPLEX
        self.is_signed = stored.kind not in "bu"
        self.itemsize = stored.itemsize

    def __getattr__(self, word: str) -> Any:
        """Reached where `numpy` is missing: no array can hold the numbers."""
        if word == "numpy":
            why, instead = (
                ("torch computes next to nothing with such numbers",
                 "torch.int32 or torch.int64")
                if self.category == INTEGER else
                ("NumPy has no such numbers",
                 "torch.float32 or torch.float16"))
            raise NotImplementedError(f"{self!r}: {why}, so this library has "
                                      f"no tensors of them; use {instead}")
        raise AttributeError(
            f"'{type(self).__name__}' object has no attribute '{word}'")

    def to_real(self) -> dtype:
        return _REAL.get(self, self)

    def to_complex(self) -> dtype:
        return _COMPLEX.get(self, self)

    def __repr__(self) -> str:
        return f"torch.{self.name}"

    def __reduce__(self) -> str:
        return self.name  # pickled by reference, as a global of this module


float16 = half = dtype("float16")
float32 = float = dtype("float32")
float64 = double = dtype("float64")
uint8 = dtype("uint8")
int8 = dtype("int8")
int16 = short = dtype("int16")
int32 = int = dtype("int32")
int64 = long = dtype("int64")
bool = dtype("bool")
complex64 = cfloat = dtype("complex64")
complex128 = cdouble = dtype("complex128")
# Names only: programs compare with them; a tensor of them is refused.
bfloat16 = dtype("bfloat16", like="float16")
complex32 = chalf = dtype("complex32", like="complex64")
complex32.itemsize = 4
uint16 = dtype("uint16", like="uint16")
uint32 = dtype("uint32", like="uint32")
uint64 = dtype("uint64", like="uint64")
float8_e4m3fn = dtype("float8_e4m3fn", like="float16")
float8_e4m3fnuz = dtype("float8_e4m3fnuz", like="float16")
float8_e5m2 = dtype("float8_e5m2", like="float16")
float8_e5m2fnuz = dtype("float8_e5m2fnuz", like="float16")
float8_e8m0fnu = dtype("float8_e8m0fnu", like="float16")
FLOAT8 = {float8_e4m3fn, float8_e4m3fnuz, float8_e5m2, float8_e5m2fnuz,
          float8_e8m0fnu}
for _small in FLOAT8:
    _small.itemsize = 1
float8_e8m0fnu.is_signed = False

DTYPES = (float16, float32, float64, uint8, int8, int16, int32, int64,
          bool, complex64, complex128)
UNSIGNED = {uint16, uint32, uint64}
_OF = {d.numpy: d for d in DTYPES}
_REAL = {complex32: float16, complex64: float32, complex128: float64}
_COMPLEX = {float16: complex64, bfloat16: complex64, float32: complex64,
            float64: complex128}
# torch's names in C++, which some of its messages use
TORCH_NAMES = {
    "float16": "Half", "float32": "Float", "float64": "Double",
    "uint8": "Byte", "int8": "Char", "int16": "Short", "int32": "Int",
    "int64": "Long", "bool": "Bool", "complex64": "ComplexFloat",
    "complex128": "ComplexDouble", "bfloat16": "BFloat16",
    "complex32": "ComplexHalf", "uint16": "UInt16", "uint32": "UInt32",
    "uint64": "UInt64"}
# Python's own types stand for dtypes too: zeros(2, dtype=float)
PYTHON = {builtins.bool: bool, builtins.int: int64, builtins.float: float64,
          complex: complex128}
_default = float32


def of_python(d: Any) -> Any:
    """The dtype that Python's own type stands for; else d itself."""
    return PYTHON.get(d, d) if isinstance(d, type) else d


def of(numpy_dtype: Any) -> dtype:
    """Our dtype for one of NumPy's."""
    try:
        return _OF[numpy_dtype]
    except KeyError:
        pass
    found = _OF.get(np.dtype(numpy_dtype).newbyteorder("="))
    if found is None:
        kind = np.dtype(numpy_dtype).type
        raise TypeError(
            f"can't convert np.ndarray of type numpy.{kind.__name__}. The only "
            "supported types are: float64, float32, float16, complex64, "
            "complex128, int64, int32, int16, int8, uint8, and bool.")
    return found


def get_default_dtype() -> dtype:
    """The dtype of new floating-point tensors."""
    return _default


def set_default_dtype(d: dtype) -> None:
    """Choose the dtype of new floating-point tensors."""
    global _default
    if not isinstance(d, dtype):
        raise TypeError(
            "invalid dtype object: only floating-point types are supported "
            f"as the default type, not {d!r}")
    if not d.is_floating_point:
        raise TypeError(
            "only floating-point types are supported as the default type")
    assert d.numpy  # refuses what NumPy cannot hold
    _default = d


def torch_kind(d: dtype) -> str:
    """torch's name of it in C++: Float for float32."""
    return TORCH_NAMES.get(d.name, d.name.capitalize())


def of_number(number: Any) -> dtype:
    """The dtype that a Python or NumPy number asks for on its own."""
    if isinstance(number, (np.bool_, builtins.bool)):
        return bool
    if isinstance(number, (builtins.int, np.integer)):
        return int64
    if isinstance(number, (complex, np.complexfloating)):
        return _default.to_complex()
    if isinstance(number, (builtins.float, np.floating)):
        return _default
    raise TypeError("expected a tensor or a number, but got "
                    f"{type(number).__name__}")


NUMBERS = (builtins.bool, builtins.int, builtins.float, complex,
           np.generic)


def real(number: Any, kind: str) -> Any:
    """A number that C can turn into `kind`: without an imaginary part."""
    if not isinstance(number, complex):
        return number
    if number.imag:
        raise RuntimeError(
            f"value cannot be converted to type {kind} without overflow")
    return number.real


def promote_types(type1: dtype, type2: dtype) -> dtype:
    """The smallest type that holds both, category before size."""
    if type1 is type2:
        return type1
    if {type1, type2} & FLOAT8:
        raise RuntimeError(
            "Promotion for Float8 Types is not supported, attempted to "
            f"promote {torch_kind(type1)} and {torch_kind(type2)}")
    low, high = sorted((type1, type2), key=lambda d: d.category)
    if {low, high} & UNSIGNED and not high.is_floating_point:
        raise RuntimeError(
            "Promotion for uint16, uint32, uint64 types is not supported, "
            f"attempted to promote {torch_kind(type1)} and "
            f"{torch_kind(type2)}")
    if bfloat16 in (low, high) and low.category == high.category:
        other = high if low is bfloat16 else low
        return float32 if other is float16 else other
    if complex32 in (low, high) and low.category == high.category:
        return high if low is complex32 else low
    if (low, high) == (float16, complex32):
        return high
    if low.category == high.category:
        return _OF[np.promote_types(low.numpy, high.numpy)]
    if high.is_complex and low.is_floating_point:
        return promote_types(high, low.to_complex())
    return high


def promote(*tiers: list[dtype]) -> dtype:
    """torch's promotion: a lower tier counts only by a higher category.

    The tiers are the dtypes of tensors with dimensions, of tensors
    without, and of plain numbers.
    """
    result = None
    for tier in tiers:
        found = None
        for d in tier:
            found = d if found is None else promote_types(found, d)
        if found is None:
            continue
        if result is None:
            result = found
        elif found.category > result.category:
            result = found if result is float16 or not (
                found.is_complex and result.is_floating_point
                ) else result.to_complex()
    assert result is not None
    return result


def can_cast(from_: dtype, to: dtype) -> builtins.bool:
    """Whether torch lets a result of one type be written into the other."""
    if from_.is_complex or from_.is_floating_point:
        return from_.category <= to.category
    return to is not bool or from_ is bool
