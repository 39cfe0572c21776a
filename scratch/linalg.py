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
from .ops.linalg import (
    LinAlgError,
    cholesky,
    cholesky_ex,
    det,
    inv,
    inv_ex,
    solve,
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

__all__ = [
    "LinAlgError", "cholesky", "cholesky_ex", "cond", "cross", "det", "eig",
    "eigh", "eigvals", "eigvalsh", "inv", "inv_ex", "lstsq", "matmul",
    "matrix_exp", "matrix_norm", "matrix_power", "matrix_rank", "multi_dot",
    "norm", "pinv", "qr", "slogdet", "solve", "solve_triangular", "svd",
    "svdvals", "vander", "vector_norm",
]
