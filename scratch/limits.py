"""The limits of the number types: torch.finfo and torch.iinfo."""

from __future__ import annotations

from typing import Any

import numpy as np

from scratch import dtypes

# float8: the largest number, the step after 1 and the smallest normal number
# (Micikevicius et al., "FP8 Formats for Deep Learning", 2022)
FLOAT8 = {
    dtypes.float8_e4m3fn: (448.0, 2.0**-3, 2.0**-6),
    dtypes.float8_e4m3fnuz: (240.0, 2.0**-3, 2.0**-7),
    dtypes.float8_e5m2: (57344.0, 2.0**-2, 2.0**-14),
    dtypes.float8_e5m2fnuz: (57344.0, 2.0**-2, 2.0**-15),
    dtypes.float8_e8m0fnu: (2.0**127, 1.0, 2.0**-127),
}


class finfo:
    """Largest, smallest and nearest to one of a floating-point dtype.

    eps is the step from 1 to the next number, tiny the smallest number of
    full precision. For a complex dtype: the limits of its two parts.
    """

    def __init__(self, type: dtypes.dtype | None = None):
        type = dtypes.get_default_dtype() if type is None else type
        _check_dtype("finfo", type)
        if not (type.is_floating_point or type.is_complex):
            raise TypeError(
                "torch.finfo() requires a floating point input type. "
                "Use torch.iinfo to handle 'torch.finfo'"
            )
        if type is dtypes.bfloat16:  # float32's range, 8 bits of precision
            self._set("bfloat16", 16, (2 - 2.0**-7) * 2.0**127, 2.0**-7,
                      2.0**-126, 0.01)
            return
        if type in FLOAT8:
            largest, eps, tiny = FLOAT8[type]
            self._set(type.name, 8, largest, eps, tiny, 1.0)
            if not type.is_signed:
                self.min = tiny
            return
        limits = np.finfo(dtypes.float16.numpy if type is dtypes.complex32
                          else type.numpy)
        self._set(str(limits.dtype), limits.bits, float(limits.max),
                  float(limits.eps), float(limits.tiny),
                  float(str(limits.resolution)))

    def _set(self, dtype: str, bits: int, largest: float, eps: float,
             tiny: float, resolution: float) -> None:
        self.dtype, self.bits = dtype, bits
        self.min, self.max, self.eps = -largest, largest, eps
        self.tiny = self.smallest_normal = tiny
        self.resolution = resolution

    def __repr__(self) -> str:
        names = "resolution min max eps smallest_normal tiny".split()
        shown = [f"{name}={getattr(self, name):g}" for name in names]
        return f"finfo({', '.join(shown)}, dtype={self.dtype})"

    def __eq__(self, other: Any) -> bool:
        return isinstance(other, finfo) and self.dtype == other.dtype

    def __hash__(self) -> int:
        return hash((finfo, self.dtype))


class iinfo:
    """Smallest and largest number of an integer dtype."""

    def __init__(self, type: dtypes.dtype):
        _check_dtype("iinfo", type)
        if type.is_floating_point or type.is_complex:
            raise TypeError(
                "torch.iinfo() requires an integer input type. "
                "Use torch.finfo to handle 'torch.iinfo'"
            )
        if type == dtypes.bool:
            raise TypeError("torch.bool is not supported by torch.iinfo")
        limits = np.iinfo(type.name)
        self.dtype = str(limits.dtype)
        self.bits = limits.bits
        self.min, self.max = int(limits.min), int(limits.max)

    def __repr__(self) -> str:
        # torch: six digits, so int64 reads max=9.22337e+18.
        return f"iinfo(min={self.min:g}, max={self.max:g}, dtype={self.dtype})"

    def __eq__(self, other: Any) -> bool:
        return isinstance(other, iinfo) and self.dtype == other.dtype

    def __hash__(self) -> int:
        return hash((iinfo, self.dtype))


def _check_dtype(function: str, type: Any) -> None:
    if not isinstance(type, dtypes.dtype):
        raise TypeError(
            f"{function}(): argument 'type' (position 1) must be "
            f"torch.dtype, not {type.__class__.__name__}"
        )
