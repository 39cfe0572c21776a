"""LU, LDL, reflections, square roots and tensors as matrices."""

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

import scratch
from parity_tests.nn.tools import complaint
from parity_tests.parity import assert_parity
from parity_tests.strategies import normal, seeds

batches = st.sampled_from([(), (2,), (2, 1), (0,)])
sizes = st.integers(0, 5)


def complexes(seed, *shape):
    return normal(seed, *shape) + 1j * normal(seed + 1, *shape)


def tensors(a):
    return ((lib, lib.from_numpy(a)) for lib in (scratch, torch))


def assert_equal(ours, theirs):
    for x, y in zip(ours, theirs, strict=True):
        assert str(x.dtype) == str(y.dtype)
        assert tuple(x.shape) == tuple(y.shape)
        assert np.allclose(x.numpy(), y.resolve_conj().numpy())


@given(seed=seeds, batch=batches, m=sizes, n=sizes)
def test_lu(seed, batch, m, n):
    for a in (normal(seed, *batch, m, n), complexes(seed, *batch, m, n)):
        both = [lib.linalg.lu_factor_ex(x) for lib, x in tensors(a)]
        assert_equal(*both)
        assert_equal(*[lib.linalg.lu(x) for lib, x in tensors(a)])
        assert_equal(scratch.lu_unpack(*both[0][:2]),
                     torch.lu_unpack(*both[1][:2]))
    a = normal(seed, *batch, m, n)
    if a.size:
        assert_parity(lambda x: [*scratch.linalg.lu(x)][1:],
                      lambda x: [*torch.linalg.lu(x)][1:], a, single=False)
        assert_parity(lambda x: scratch.linalg.lu_factor_ex(x).LU,
                      lambda x: torch.linalg.lu_factor_ex(x).LU, a,
                      single=False)


@pytest.mark.parametrize("shape", [(40, 40), (2, 50, 37), (37, 60)])
def test_lu_of_larger_matrices(shape):
    a = normal(0, *shape)
    assert_equal(*[lib.linalg.lu_factor_ex(x) for lib, x in tensors(a)])
    P, L, U = scratch.linalg.lu(scratch.from_numpy(a))
    assert np.allclose((P @ L @ U).numpy(), a)


@given(seed=seeds, left=st.booleans(), adjoint=st.booleans(),
       batch=st.sampled_from([((), ()), ((2,), (2,)), ((2, 1), (3,)),
                              ((), (2,))]))
def test_systems_from_an_lu(seed, left, adjoint, batch):
    a = normal(seed, *batch[0], 3, 3) + 3 * np.eye(3)
    b = normal(seed + 1, *batch[1], *((3, 2) if left else (2, 3)))

    def solved(lib):
        return lambda a, b: lib.linalg.lu_solve(
            *lib.linalg.lu_factor(a), b, left=left, adjoint=adjoint)

    assert_parity(solved(scratch), solved(torch), a, b, single=False)
    a, b = a + 1j, b - 1j
    assert_equal(*[[solved(lib)(x, lib.from_numpy(b))]
                   for lib, x in tensors(a)])


@given(seed=seeds, hermitian=st.booleans(), empty=st.booleans(), n=sizes)
def test_ldl(seed, hermitian, empty, n):
    for a in (normal(seed, n, n), complexes(seed, n, n)):
        if empty:  # so that blocks of two are needed
            a = a * (1 - np.eye(n))
        a = a + (a.T.conj() if hermitian else a.T)
        both = [lib.linalg.ldl_factor_ex(x, hermitian=hermitian)
                for lib, x in tensors(a)]
        assert_equal(*both)
        if both[0].info.item():
            continue
        b = normal(seed, n, 2).astype(a.dtype)
        x = scratch.linalg.ldl_solve(
            *both[0][:2], scratch.from_numpy(b), hermitian=hermitian)
        assert np.allclose(a @ x.numpy(), b, atol=1e-6)


def test_the_derivative_of_a_system_from_an_ldl():
    a, b = normal(0, 2, 4, 4), normal(1, 4, 3)
    a = a + a.swapaxes(-1, -2)
    A = scratch.from_numpy(a)
    LD, pivots = scratch.linalg.ldl_factor(A)
    scratch.autograd.gradcheck(
        lambda b: scratch.linalg.ldl_solve(LD, pivots, b),
        scratch.from_numpy(b).requires_grad_())
    with pytest.raises(NotImplementedError, match="ldl_factor_ex"):
        scratch.linalg.ldl_factor(A.requires_grad_())[0].sum().backward()


@given(seed=seeds, batch=st.sampled_from([(), (2,)]), n=st.integers(1, 3),
       more=st.integers(0, 2))
def test_products_of_reflections(seed, batch, n, more):
    a, tau = normal(seed, *batch, n + more, n), normal(seed, *batch, n)
    assert_parity(lambda a, t: scratch.linalg.householder_product(a, t),
                  lambda a, t: torch.linalg.householder_product(a, t), a,
                  tau, single=False)
    found = [lib.geqrf(x) for lib, x in tensors(a)]
    assert_equal(*found)
    a, tau = (part.numpy() for part in found[0])
    for left, transpose in ((True, False), (False, True)):
        y = normal(seed, *batch, n + more, n + more)
        assert_equal(*[[lib.ormqr(x, lib.from_numpy(tau), lib.from_numpy(y),
                                  left, transpose)] for lib, x in tensors(a)])
    q = [lib.orgqr(x, lib.from_numpy(tau)) for lib, x in tensors(a)]
    assert_equal(*[[x] for x in q])


@given(seed=seeds, batch=st.sampled_from([(), (2,)]), n=st.integers(1, 3),
       more=st.integers(0, 2))
def test_square_roots(seed, batch, n, more):
    x = normal(seed, *batch, n + more, n) + 2 * np.eye(n + more, n)
    assert_parity(lambda x: list(scratch.linalg.polar(x)),
                  lambda x: list(torch.linalg.polar(x)), x, single=False)

    def root(lib):
        one = lib.from_numpy(np.eye(n))
        return lambda x: lib.linalg.matrix_sqrth(
            x.mT @ x + one.to(x.dtype))

    assert_parity(root(scratch), root(torch), x, single=False)


@given(seed=seeds, dim=st.sampled_from([0, 1, -1]))
def test_products_along_a_dimension(seed, dim):
    x, y = normal(seed, 3, 3), normal(seed + 1, 2, 3, 3)
    assert_parity(lambda x, y: scratch.linalg.vecdot(x, y, dim=dim),
                  lambda x, y: torch.linalg.vecdot(x, y, dim=dim), x, y)
    x = complexes(seed, 4)
    assert_equal(*[[lib.linalg.vecdot(x, x * 1j)] for lib, x in tensors(x)])
    assert_parity(lambda x: scratch.linalg.diagonal(x, offset=1),
                  lambda x: torch.linalg.diagonal(x, offset=1), y)


@given(seed=seeds)
def test_tensors_as_matrices(seed):
    a, b = normal(seed, 2, 3, 6), normal(seed, 2, 3)
    a = a + 3 * np.eye(6).reshape(2, 3, 6)
    assert_parity(scratch.linalg.tensorsolve, torch.linalg.tensorsolve, a, b,
                  single=False)
    assert_parity(
        lambda a, b: scratch.linalg.tensorsolve(a.movedim(2, 0), b, (0,)),
        lambda a, b: torch.linalg.tensorsolve(a.movedim(2, 0), b, (0,)), a,
        b, single=False)
    assert_parity(lambda a: scratch.linalg.tensorinv(a, ind=2),
                  lambda a: torch.linalg.tensorinv(a, ind=2), a,
                  single=False)


def test_what_fails_in_a_batch_spoils_no_other():
    a = np.stack([np.eye(2) * 2, np.ones((2, 2)), np.eye(2)])
    for lib, x in tensors(a):
        inverse, info = lib.linalg.inv_ex(x)
        assert info.tolist() == [0, 2, 0]
        assert inverse[0].tolist() == [[0.5, 0], [0, 0.5]]
        b = lib.ones(3, 2, 1, dtype=x.dtype)
        result, info = lib.linalg.solve_ex(x, b)
        assert info.tolist() == [0, 2, 0]
        assert result[2].tolist() == [[1], [1]]
        with pytest.raises(RuntimeError, match="solve_ex: .Batch element 1"):
            lib.linalg.solve_ex(x, b, check_errors=True)


def test_the_greatest_of_no_entries_is_nought():
    for lib in (scratch, torch):
        for p in (1, 2, float("inf"), "fro", "nuc"):
            assert lib.linalg.norm(lib.zeros(3, 0), p).item() == 0
        with pytest.raises(IndexError, match="amin"):
            lib.linalg.norm(lib.zeros(3, 0), -1)


def test_only_the_lower_half_of_a_hermitian_matrix_is_read():
    for lib in (scratch, torch):
        x = lib.tensor([[1.0, 9.0], [3.0, 4.0]])
        y = lib.linalg.pinv(x, hermitian=True)
        assert np.allclose(y.numpy(), [[-0.8, 0.6], [0.6, -0.2]])


REFUSALS = """
torch.linalg.lu(r(3))
torch.linalg.lu(r(2, 2), pivot=False)
torch.linalg.lu(r(2, 2).half())
torch.linalg.lu(r(2, 2).long())
torch.linalg.lu_factor(r(3))
torch.linalg.lu_factor(torch.ones(2, 2))
torch.linalg.lu_factor(torch.ones(2, 2, 2))
torch.linalg.lu_factor_ex(torch.ones(2, 2), check_errors=True)
torch.lu_unpack(r(2, 2), k([1, 2]))
torch.lu_unpack(r(2, 2), k([1], dtype=torch.int32))
torch.linalg.lu_solve(r(2, 2), k([1, 2]), r(2, 2))
torch.linalg.lu_solve(r(2, 2), k([1, 2], dtype=torch.int32), r(2))
torch.linalg.lu_solve(r(2, 2), k([1, 2], dtype=torch.int32), r(3, 2))
torch.linalg.lu_solve(r(2, 2), k([1], dtype=torch.int32), r(2, 2))
torch.linalg.lu_solve(r(2, 2), k([1, 2], dtype=torch.int32), r(2, 2).double())
torch.linalg.lu_solve(r(2, 3), k([1, 2], dtype=torch.int32), r(2, 2))
torch.linalg.ldl_factor(r(2, 3))
torch.linalg.ldl_solve(r(2, 3), k([1, 2]), r(2, 1))
torch.linalg.ldl_solve(r(2, 2), k([1]), r(2, 1))
torch.linalg.ldl_solve(r(2, 2), k([1, 2]), r(3, 1))
torch.linalg.ldl_solve(r(2, 2), k([1, 2]), r(2, 1).double())
torch.linalg.householder_product(r(2, 3), r(2))
torch.linalg.householder_product(r(3, 2), r(3))
torch.linalg.householder_product(r(3, 2), r(4, 2))
torch.linalg.householder_product(r(3, 2), r(2).double())
torch.linalg.householder_product(r(3), r(2))
torch.linalg.householder_product(r(3, 2).long(), r(2).long())
torch.ormqr(r(3, 2), r(2), r(2, 2))
torch.ormqr(r(3), r(2), r(3, 2))
torch.ormqr(r(3, 3), r(2), r(3, 2))
torch.ormqr(r(3, 2), r(2), r(3, 2), left=False)
torch.ormqr(r(2, 3, 2), r(2, 2), r(3, 2))
torch.ormqr(r(3, 2).double(), r(2).double(), r(3, 2))
torch.linalg.vecdot(r(3), r(3).double())
torch.linalg.vecdot(k([1]), k([1]))
torch.linalg.tensorinv(r(2, 3))
torch.linalg.tensorinv(r(2, 2), ind=0)
torch.linalg.tensorsolve(r(2, 3, 4), r(2, 3))
torch.linalg.diagonal(r(3))
torch.linalg.polar(r(2, 3))
torch.linalg.polar(r(3))
torch.linalg.polar(k([[1]]))
torch.linalg.matrix_sqrth(r(2, 3))
torch.linalg.vander(r(2), N=1)
""".strip().split("\n")


@pytest.mark.parametrize("call", REFUSALS)
def test_what_they_refuse(call):
    said = complaint(call, torch)
    assert said is not None and complaint(call, scratch) == said


def test_the_older_names_still_work():
    a = normal(0, 3, 3)
    for lib, x in tensors(a):
        with pytest.warns(UserWarning, match="torch.lu is deprecated"):
            LU, pivots = lib.lu(x)
        with pytest.warns(UserWarning, match="torch.lu_solve is deprecated"):
            y = lib.lu_solve(lib.ones(3, 1, dtype=x.dtype), LU, pivots)
        assert np.allclose(a @ y.numpy(), 1)


@pytest.mark.parametrize("call", [
    "linalg.lu(x)[1]", "linalg.lu_factor(x)[0]", "linalg.polar(x)[0]",
    "lu_unpack(x, torch.ones(3, dtype=torch.int32))[2]",
    "linalg.matrix_sqrth(x)", "linalg.vecdot(x, x)", "linalg.diagonal(x)",
    "linalg.solve_ex(x, x)[0]", "linalg.tensorinv(x, ind=1)",
    "linalg.householder_product(x, x[0])", "orgqr(x, x[0])",
    "linalg.lu_solve(x, torch.ones(3, dtype=torch.int32), x)"])
def test_steps_have_torchs_names(call):
    names = []
    for lib in (scratch, torch):
        x = (lib.eye(3) + lib.ones(3, 3)).requires_grad_()
        names.append(eval("torch." + call, {"torch": lib, "x": x})
                     .grad_fn.name())
    assert names[0] == names[1]
