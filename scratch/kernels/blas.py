"""The OpenBLAS library that comes with NumPy: how many threads it uses.

NumPy has no call for it, so it is reached through ctypes, once. Where NumPy
uses another library there is nothing to set.
"""

import ctypes
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np


class Blas:
    """`get()` and `set(number)` of threads; None where they are not found."""

    def __init__(self) -> None:
        self.get: Callable[[], int] | None = None
        self.set: Callable[[int], None] | None = None
        home = Path(np.__file__).parent
        for folder in (home.parent / "numpy.libs", home / ".dylibs"):
            for path in sorted(folder.glob("*openblas*")):
                self.bind(ctypes.CDLL(str(path)))

    def bind(self, library: ctypes.CDLL) -> None:
        for name in ("scipy_openblas_{}64_", "openblas_{}64_", "openblas_{}"):
            if hasattr(library, name.format("set_num_threads")):
                self.get = getattr(library, name.format("get_num_threads"))
                self.set = getattr(library, name.format("set_num_threads"))
                return

    @contextmanager
    def single(self) -> Iterator[None]:
        """One thread inside, and afterwards as before."""
        if self.get is None or self.set is None:
            yield
            return
        before = self.get()
        self.set(1)
        try:
            yield
        finally:
            self.set(before)


blas = Blas()
