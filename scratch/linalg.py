"""Linear algebra, under the names of torch.linalg."""

from __future__ import annotations

from .ops.decompositions import (
    eig,
    eigh,
    eigvals,
    eigvalsh,
    qr,
    svdvals,
)
from .ops.decompositions import linalg_svd as svd
from .ops.elimination import linalg_lu as lu
from .ops.elimination import lu_factor, lu_factor_ex
from .ops.elimination import lu_solve_named as lu_solve
from .ops.ldl import ldl_factor, ldl_factor_ex, ldl_solve
from .ops.linalg import (
    LinAlgError,
    cholesky,
    cholesky_ex,
    det,
    inv,
    inv_ex,
    solve,
    solve_ex,
    solve_triangular,
)
from .ops.linalg import linalg_slogdet as slogdet
from .ops.matmul import matmul
from .ops.matrices import (
    cond,
    lstsq,
    matrix_exp,
    matrix_power,
    matrix_rank,
    multi_dot,
    pinv,
)
from .ops.matrices import linalg_cross as cross
from .ops.matrices import linalg_vander as vander
from .ops.norms import linalg_norm as norm
from .ops.norms import matrix_norm, vector_norm
from .ops.reflections import householder_product
from .ops.square_roots import matrix_sqrth, polar
from .ops.tensor_systems import linalg_diagonal as diagonal
from .ops.tensor_systems import tensorinv, tensorsolve, vecdot

__all__ = [
    "LinAlgError", "cholesky", "cholesky_ex", "cond", "cross", "det",
    "diagonal", "eig", "eigh", "eigvals", "eigvalsh", "householder_product",
    "inv", "inv_ex", "ldl_factor", "ldl_factor_ex", "ldl_solve", "lstsq",
    "lu", "lu_factor", "lu_factor_ex", "lu_solve", "matmul", "matrix_exp",
    "matrix_norm", "matrix_power", "matrix_rank", "matrix_sqrth",
    "multi_dot", "norm", "pinv", "polar", "qr", "slogdet", "solve",
    "solve_ex", "solve_triangular", "svd", "svdvals", "tensorinv",
    "tensorsolve", "vander", "vecdot", "vector_norm",
]
