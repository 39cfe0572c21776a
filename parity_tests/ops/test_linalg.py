"""Linear algebra against torch.linalg."""

import numpy as np
import pytest
import torch
from hypothesis import example, given
from hypothesis import strategies as st

import scratch
from parity_tests.nn.tools import complaint
from parity_tests.parity import assert_parity
from parity_tests.strategies import DTYPES, normal, seeds

batches = st.sampled_from([(), (2,), (2, 1)])
SQUARE = {
    "inv": lambda A, x: A.inv(x),
    "det": lambda A, x: A.det(x),
    "slogdet": lambda A, x: A.slogdet(x)[1],
    "cholesky": lambda A, x: A.cholesky(x),
    "cholesky upper": lambda A, x: A.cholesky(x, upper=True),
    "eigvalsh": lambda A, x: A.eigvalsh(x),
    "eigh": lambda A, x: A.eigh(x)[1] ** 2,
    "eigvals": lambda A, x: A.eigvals(x @ x.mT).abs().sort(-1)[0],
    "eig": lambda A, x: A.eig(x @ x.mT).eigenvectors.abs().sum(-1),
    "matrix_power": lambda A, x: A.matrix_power(x, 3),
    "inverse power": lambda A, x: A.matrix_power(x, -2),
    "matrix_exp": lambda A, x: A.matrix_exp(x / 4),
    "cond": lambda A, x: A.cond(x),
    "matrix_rank": lambda A, x: A.matrix_rank(x),
    "pinv": lambda A, x: A.pinv(x),
}


def spd(seed, *shape):
    """Symmetric matrices with eigenvalues from 1 to 3, well apart."""
    n = shape[-1]
    q = np.linalg.qr(normal(seed, *shape))[0]
    return q * np.linspace(1, 3, n) @ q.swapaxes(-1, -2)


@pytest.mark.parametrize("name", SQUARE)
@given(seed=seeds, batch=batches, n=st.integers(1, 4))
def test_of_a_square_matrix(name, seed, batch, n):
    f = SQUARE[name]
    assert_parity(lambda x: f(scratch.linalg, x),
                  lambda x: f(torch.linalg, x), spd(seed, *batch, n, n),
                  single=False)


RECTANGULAR = {
    "svdvals": lambda A, x: A.svdvals(x),
    "svd U": lambda A, x: A.svd(x, full_matrices=False).U ** 2,
    "svd Vh": lambda A, x: A.svd(x, full_matrices=False).Vh ** 2,
    "svd": lambda A, x: A.svd(x, full_matrices=False).U
    @ A.svd(x, full_matrices=False).Vh,
    "qr Q": lambda A, x: A.qr(x).Q,
    "qr R": lambda A, x: A.qr(x).R,
    "pinv": lambda A, x: A.pinv(x),
    "matrix_rank": lambda A, x: A.matrix_rank(x),
}


@pytest.mark.parametrize("name", RECTANGULAR)
@given(seed=seeds, batch=batches, m=st.integers(1, 4), n=st.integers(1, 4))
def test_of_a_rectangular_matrix(name, seed, batch, m, n):
    x = normal(seed, *batch, m, n)
    u, s, v = np.linalg.svd(x, False)
    x = u * np.linspace(3, 1, s.shape[-1]) @ v  # values well apart
    f = RECTANGULAR[name]
    assert_parity(lambda x: f(scratch.linalg, x),
                  lambda x: f(torch.linalg, x), x, single=False)


@given(seed=seeds, batch=batches, left=st.booleans())
def test_linear_systems(seed, batch, left):
    a = spd(seed, *batch, 3, 3)
    b = normal(seed + 1, 3, 4) if left else normal(seed + 1, 4, 3)
    assert_parity(lambda a, b: scratch.linalg.solve(a, b, left=left),
                  lambda a, b: torch.linalg.solve(a, b, left=left), a, b,
                  single=False)
    for upper in (True, False):
        options = dict(upper=upper, left=left, unitriangular=not upper)
        assert_parity(
            lambda a, b, o=options: scratch.linalg.solve_triangular(
                a, b, **o),
            lambda a, b, o=options: torch.linalg.solve_triangular(
                a, b, **o), a, b, single=False)
    assert_parity(scratch.linalg.solve, torch.linalg.solve, a,
                  normal(seed, *batch, 3), single=False)


@given(seed=seeds, m=st.integers(3, 5))
def test_least_squares(seed, m):
    a, b = normal(seed, m, 3), normal(seed + 1, m, 2)
    assert_parity(lambda a, b: scratch.linalg.lstsq(a, b)[0],
                  lambda a, b: torch.linalg.lstsq(a, b)[0], a, b, order=1,
                  single=False)


@pytest.mark.parametrize("ord", [
    None, "fro", "nuc", 1, -1, 2, -2, np.inf, -np.inf])
@given(seed=seeds, keep=st.booleans())
def test_norms_of_matrices(ord, seed, keep):
    x = normal(seed, 2, 3)
    assert_parity(lambda x: scratch.linalg.norm(x, ord, keepdim=keep),
                  lambda x: torch.linalg.norm(x, ord, keepdim=keep), x,
                  single=False)
    if ord is not None:
        assert_parity(
            lambda x: scratch.linalg.matrix_norm(x, ord, (0, 2), keep),
            lambda x: torch.linalg.matrix_norm(x, ord, (0, 2), keep),
            normal(seed, 2, 2, 3), single=False)


@pytest.mark.parametrize("p", [0, 0.5, 1, 1.5, 2, 3, np.inf, -np.inf, -1.5])
@given(seed=seeds, keep=st.booleans(),
       dim=st.sampled_from([None, 0, -1, (0, 1)]))
@example(seed=8192, keep=False, dim=None)
@example(seed=2335, keep=False, dim=None)  # one number outweighs all
def test_norms_of_vectors(p, seed, keep, dim):
    x, y = normal(seed, 3, 4), normal(seed + 1, 3, 4)
    options = dict(dim=dim, keepdim=keep)
    order = 2 if p else 0  # torch: a gradient of its 0-norm fails
    assert_parity(lambda x: scratch.linalg.vector_norm(x, p, **options),
                  lambda x: torch.linalg.vector_norm(x, p, **options), x,
                  order=order)
    assert_parity(lambda x: scratch.norm(x, p, **options),
                  lambda x: torch.norm(x, p, **options), x, order=order)
    assert_parity(lambda x, y: scratch.dist(x, y, p),
                  lambda x, y: torch.dist(x, y, p), x, y, order=order)


@pytest.mark.parametrize("p", [0.5, 1, 1.5, 2, 3, np.inf])
def test_the_norm_of_nought_has_no_slope(p):
    assert_parity(lambda x: scratch.norm(x, p), lambda x: torch.norm(x, p),
                  np.zeros(3), order=1)


@given(seed=seeds)
def test_products(seed):
    x, y = normal(seed, 2, 3), normal(seed + 1, 2, 3)
    assert_parity(lambda x, y: scratch.cross(x, y, dim=1),
                  lambda x, y: torch.cross(x, y, dim=1), x, y)
    assert_parity(lambda x, y: scratch.linalg.cross(x, y),
                  lambda x, y: torch.linalg.cross(x, y), x, y)
    assert_parity(lambda x, y: scratch.linalg.multi_dot([x, y.mT, x, y[0]]),
                  lambda x, y: torch.linalg.multi_dot([x, y.mT, x, y[0]]),
                  x, y)
    assert_parity(lambda x: scratch.linalg.vander(x, N=4),
                  lambda x: torch.linalg.vander(x, N=4), x)
    assert_parity(scratch.vander, torch.vander, x[0], order=0)


def test_the_determinant_of_a_singular_matrix_has_a_gradient():
    x = np.array([[1.0, 2, 3], [2, 4, 6], [1, 0, 1]])
    assert_parity(scratch.det, torch.det, x, single=False)


ALIASES = ["inverse", "det", "logdet", "slogdet", "pinverse", "matrix_exp"]


@pytest.mark.parametrize("name", ALIASES)
def test_the_names_outside_linalg(name):
    x = spd(0, 3, 3)
    assert_parity(getattr(scratch, name), getattr(torch, name), x,
                  single=False)
    assert_parity(lambda x: getattr(x, name)(), lambda x: getattr(x, name)(),
                  x, single=False)


def test_older_and_checked_forms():
    x = spd(0, 3, 3)
    assert_parity(lambda x: scratch.svd(x)[1], lambda x: torch.svd(x)[1], x,
                  single=False)
    assert_parity(lambda x: scratch.matrix_power(x, 2),
                  lambda x: torch.matrix_power(x, 2), x, single=False)
    for lib in (scratch, torch):
        a = lib.from_numpy(x)
        assert lib.linalg.inv_ex(a).info.item() == 0
        assert lib.linalg.cholesky_ex(-a).info.item() == 1


def test_what_torch_refuses():
    for lib in (scratch, torch):
        A = lib.linalg
        with pytest.raises(A.LinAlgError, match="diagonal element 1 is zero"):
            A.inv(lib.zeros(2, 2))
        with pytest.raises(A.LinAlgError, match="leading minor of order 2"):
            A.cholesky(lib.tensor([[1.0, 2.0], [2.0, 1.0]]))
        with pytest.raises(RuntimeError, match="batches of square matrices"):
            A.det(lib.zeros(2, 3))
        with pytest.raises(RuntimeError, match="The solver failed because"):
            A.solve(lib.zeros(2, 2), lib.ones(2))


@given(seed=seeds, upper=st.booleans())
def test_from_a_cholesky_factor(seed, upper):
    low = np.linalg.cholesky(spd(seed, 3, 3))
    factor = low.T.copy() if upper else low
    assert_parity(lambda b, f: scratch.cholesky_solve(b, f, upper),
                  lambda b, f: torch.cholesky_solve(b, f, upper),
                  normal(seed, 3, 2), factor, single=False, order=1)
    assert_parity(lambda f: scratch.cholesky_inverse(f, upper),
                  lambda f: torch.cholesky_inverse(f, upper), factor,
                  single=False, order=1)


@given(seed=seeds, size=st.sampled_from([(2, 2), (3, 2), (2, 4)]))
def test_pairs_of_complex_singular_vectors(seed, size):
    """U Vᴴ does not change when both turn, as their phases may."""
    x, y = normal(seed, *size), normal(seed + 1, *size)

    def turned(lib, x, y):
        U, _, Vh = lib.linalg.svd(lib.complex(x, y), full_matrices=False)
        return lib.view_as_real(U @ Vh), lib.linalg.matrix_norm(
            lib.complex(x, y), "nuc")

    assert_parity(lambda x, y: turned(scratch, x, y),
                  lambda x, y: turned(torch, x, y), x, y, single=False)


@given(seed=seeds, size=st.sampled_from([(1, 3), (3, 1), (1, 1), (3, 3)]),
       dims=st.sampled_from([[[0], [2]], [[0, 2], [2, 0]]]))
def test_tensordot_repeats_a_dimension_of_size_1(seed, size, dims):
    x, y = normal(seed, size[0], 2, 4), normal(seed + 1, 4, 3, size[1])
    assert_parity(lambda x, y: scratch.tensordot(x, y, dims),
                  lambda x, y: torch.tensordot(x, y, dims), x, y)


@pytest.mark.parametrize("size", [(0, 0), (0, 3), (2, 0), (2, 3, 0)])
def test_the_pseudo_inverse_of_nothing(size):
    assert_parity(scratch.pinverse, torch.pinverse, np.zeros(size))


KINDS = st.sampled_from([*DTYPES, "complex64", "complex128"])


@given(KINDS, KINDS)
def test_factors_of_two_dtypes_are_refused_in_torchs_words(one, other):
    x, y = (f"torch.ones(2, 2).to(torch.{kind})" for kind in (one, other))
    for call in (f"torch.mm({x}, {y})", f"torch.lerp({x}, {x}, {y})"):
        assert complaint(call, scratch) == complaint(call, torch)
