"""The OpenBLAS library that comes with NumPy: its threads, and y + a x.

NumPy has no call for either, so they are reached through ctypes, once. Where
NumPy uses another library there is nothing to set, and nothing to call.
"""

import ctypes
import threading
from collections.abc import Callable
from pathlib import Path

import numpy as np


class Blas:
    """`get()` and `set(number)` of threads; None where they are not found.

    axpys: by dtype, the functions (n, a, x, 1, y, 1) for y ← y + a x.
    """

    def __init__(self) -> None:
        self.get: Callable[[], int] | None = None
        self.set: Callable[[int], None] | None = None
        self.axpys: dict[np.dtype, Callable[..., None]] = {}
        self.turn = threading.Lock()
        self.inside = self.before = 0  # how many `with single()` are open
        home = Path(np.__file__).parent
        for folder in (home.parent / "numpy.libs", home / ".dylibs"):
            for path in sorted(folder.glob("*openblas*")):
                self.bind(ctypes.CDLL(str(path)))

    def bind(self, library: ctypes.CDLL) -> None:
        for name in ("scipy_openblas_{}64_", "openblas_{}64_", "openblas_{}"):
            if hasattr(library, name.format("set_num_threads")):
                self.get = getattr(library, name.format("get_num_threads"))
                self.set = getattr(library, name.format("set_num_threads"))
                self.bind_axpys(library, name.replace("openblas_", "cblas_"))
                return

    def bind_axpys(self, library: ctypes.CDLL, name: str) -> None:
        """The integers of names with 64 have as many bits."""
        integer = ctypes.c_int64 if "64" in name else ctypes.c_int
        kinds = (("s", ctypes.c_float, "f4"), ("d", ctypes.c_double, "f8"))
        for letter, number, kind in kinds:
            if not hasattr(library, name.format(letter + "axpy")):
                continue
            axpy = getattr(library, name.format(letter + "axpy"))
            array = (ctypes.c_void_p, integer)
            axpy.restype, axpy.argtypes = None, (integer, number, *array * 2)
            self.axpys[np.dtype(kind)] = axpy

    def single(self) -> "Blas":
        """One thread inside `with`, and afterwards as before."""
        return self

    def __enter__(self) -> None:
        with self.turn:
            self.inside += 1
            if self.inside == 1 and self.get and self.set:
                self.before = self.get()
                self.set(1)

    def __exit__(self, *error: object) -> None:
        with self.turn:
            self.inside -= 1
            if self.inside == 0 and self.set:
                self.set(self.before)


blas = Blas()
