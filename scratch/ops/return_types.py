"""What an operation with several results returns: a tuple with names.

    values, indices = x.max(dim=0)      or      x.max(dim=0).values
"""

from __future__ import annotations

from operator import itemgetter
from typing import Any


class ReturnType(tuple):
    """A tuple whose places have names; it prints as torch prints it."""

    _fields: tuple[str, ...] = ()
    __slots__ = ()

    def __new__(cls, values: Any) -> Any:
        values = tuple(values)
        if len(values) != len(cls._fields):
            raise TypeError(
                f"torch.return_types.{cls.__name__}() takes a "
                f"{len(cls._fields)}-sequence ({len(values)}-sequence given)")
        return super().__new__(cls, values)

    @property
    def n_fields(self) -> int:
        """How many results there are."""
        return len(self._fields)

    n_sequence_fields = n_fields

    def __repr__(self) -> str:
        places = ",\n".join(f"{name}={value!r}" for name, value
                            in zip(self._fields, self))
        return f"torch.return_types.{type(self).__name__}(\n{places})"

    def __reduce__(self) -> Any:
        return type(self), (tuple(self),)


def named(name: str, fields: str) -> Any:
    """A new kind of result with these places."""
    names = tuple(fields.split())
    places = {field: property(itemgetter(i), doc=f"place {i}")
              for i, field in enumerate(names)}
    return type(name, (ReturnType,), {
        "__slots__": (), "_fields": names, "__module__": __name__,
        "__doc__": f"({', '.join(names)})", **places})


max = named("max", "values indices")
min = named("min", "values indices")
sort = named("sort", "values indices")
topk = named("topk", "values indices")
mode = named("mode", "values indices")
median = named("median", "values indices")
nanmedian = named("nanmedian", "values indices")
kthvalue = named("kthvalue", "values indices")
cummax = named("cummax", "values indices")
cummin = named("cummin", "values indices")
aminmax = named("aminmax", "min max")
frexp = named("frexp", "mantissa exponent")
histogram = named("histogram", "hist bin_edges")
histogramdd = named("histogramdd", "hist bin_edges")
slogdet = named("slogdet", "sign logabsdet")
svd = named("svd", "U S V")
qr = named("qr", "Q R")
linalg_eig = named("linalg_eig", "eigenvalues eigenvectors")
linalg_eigh = named("linalg_eigh", "eigenvalues eigenvectors")
linalg_svd = named("linalg_svd", "U S Vh")
linalg_qr = named("linalg_qr", "Q R")
linalg_slogdet = named("linalg_slogdet", "sign logabsdet")
linalg_lstsq = named(
    "linalg_lstsq", "solution residuals rank singular_values")
linalg_inv_ex = named("linalg_inv_ex", "inverse info")
linalg_cholesky_ex = named("linalg_cholesky_ex", "L info")
linalg_solve_ex = named("linalg_solve_ex", "result info")
linalg_lu = named("linalg_lu", "P L U")
linalg_lu_factor = named("linalg_lu_factor", "LU pivots")
linalg_lu_factor_ex = named("linalg_lu_factor_ex", "LU pivots info")
_lu_with_info = named("_lu_with_info", "LU pivots info")
lu_unpack = named("lu_unpack", "P L U")
linalg_ldl_factor = named("linalg_ldl_factor", "LD pivots")
linalg_ldl_factor_ex = named("linalg_ldl_factor_ex", "LD pivots info")
linalg_polar = named("linalg_polar", "U H")
geqrf = named("geqrf", "a tau")
triangular_solve = named("triangular_solve",
                         "solution cloned_coefficient")
