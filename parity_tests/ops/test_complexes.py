"""Complex numbers against torch."""

import numpy as np
import pytest
import torch
from hypothesis import given

import scratch
from parity_tests.parity import assert_parity
from parity_tests.strategies import normal, seeds

FORMULAS = {
    "real": lambda z: z.real,
    "imag": lambda z: z.imag * 2,
    "abs": lambda z: z.abs(),
    "angle": lambda z: z.angle(),
    "conj": lambda z: (z * z.conj() * z).real,
    "product": lambda z: (z * z).imag,
    "quotient": lambda z: (1 / z).real,
    "exp": lambda z: z.exp().abs(),
    "sgn": lambda z: z.sgn().real,
    "power": lambda z: (z**3).imag,
    "tanh": lambda z: z.tanh().abs(),
    "sigmoid": lambda z: z.sigmoid().abs(),
    "tan": lambda z: z.tan().abs(),
}
LINEAR = {
    "linear": (lambda F, z, w: F.linear(z, w), (3, 4), (2, 4)),
    "conv1d": (lambda F, z, w: F.conv1d(z, w, None, 2, 1, 2, 2),
               (2, 4, 7), (2, 2, 3)),
    "conv2d": (lambda F, z, w: F.conv2d(z, w), (1, 2, 4, 3), (3, 2, 2, 1)),
    "conv_transpose1d": (
        lambda F, z, w: F.conv_transpose1d(z, w, None, 2, 1, 1),
        (2, 3, 4), (3, 2, 3)),
}


@pytest.mark.parametrize("name", FORMULAS)
@given(seed=seeds)
def test_a_function_of_a_complex_number(name, seed):
    x, y = normal(seed, 2, 3), normal(seed + 1, 2, 3)
    f = FORMULAS[name]
    assert_parity(lambda x, y: f(scratch.complex(x, y)),
                  lambda x, y: f(torch.complex(x, y)), x, y, single=False)


@pytest.mark.parametrize("name", LINEAR)
@given(seed=seeds)
def test_a_linear_map_of_complex_numbers(name, seed):
    f, size, kernel = LINEAR[name]
    parts = [normal(seed + i, *s)
             for i, s in enumerate((size, size, kernel, kernel))]

    def both(lib):
        def call(a, b, c, d):
            y = f(lib.nn.functional, lib.complex(a, b), lib.complex(c, d))
            return (y * y).abs()

        return call

    assert_parity(both(scratch), both(torch), *parts, single=False)


@given(seed=seeds)
def test_polar_and_views(seed):
    r, t = normal(seed, 4), normal(seed + 1, 4)
    assert_parity(lambda r, t: scratch.view_as_real(scratch.polar(r, t)),
                  lambda r, t: torch.view_as_real(torch.polar(r, t)), r, t,
                  single=False)
    assert_parity(
        lambda x: scratch.view_as_complex(x.reshape(2, 2)).abs(),
        lambda x: torch.view_as_complex(x.reshape(2, 2)).abs(), r,
        single=False)


def test_a_view_shares_memory():
    for lib in (scratch, torch):
        z = lib.complex(lib.ones(2), lib.zeros(2))
        lib.view_as_real(z)[0, 1] = 3.0
        assert z.imag.tolist() == [3.0, 0.0]
        with pytest.raises(TypeError, match="imag is not implemented"):
            _ = lib.ones(2).imag


def test_a_part_is_assigned() -> None:
    found = []
    for lib in (scratch, torch):
        c = lib.tensor([1 + 2j, 3])
        c.real = 5
        c.imag = lib.tensor([1.0, 2.0])
        c.real += 1
        x = lib.ones(2)
        x.real = 3
        y = c * 1
        y.real = w = lib.ones(2, requires_grad=True)
        y.abs().sum().backward()
        found.append([c.tolist(), x.tolist(), y.tolist(), w.grad.tolist()])
        with pytest.raises(TypeError):
            x.imag = 3
    assert found[0][:3] == found[1][:3]
    np.testing.assert_allclose(found[0][3], found[1][3])


def test_real_numbers_of_a_half_spectrum_lie_in_a_row() -> None:
    z = scratch.randn(4, 6, dtype=scratch.complex64)
    for name in "irfft hfft irfft2 irfftn".split():
        assert getattr(scratch.fft, name)(z).is_contiguous()


def test_whole_matrices_have_powers() -> None:
    for n in range(4):
        ours, theirs = (lib.linalg.matrix_power(
            lib.tensor([[1, 2], [3, 4]]), n) for lib in (scratch, torch))
        assert ours.tolist() == theirs.tolist()
