"""Products of vectors, matrices and stacks of every shape: the shape of what
comes of them, or torch's refusal, word for word."""

from collections.abc import Callable
from typing import Any

import pytest
import torch
from hypothesis import assume, example, given
from hypothesis import strategies as st

import scratch

SHAPES = st.lists(st.integers(0, 3), max_size=4).map(tuple)
PRODUCTS: dict[str, Callable] = {
    "matmul": lambda lib, x, y: lib.matmul(x, y),
    "mm": lambda lib, x, y: lib.mm(x, y),
    "mv": lambda lib, x, y: lib.mv(x, y),
    "bmm": lambda lib, x, y: lib.bmm(x, y),
    "linear": lambda lib, x, y: lib.nn.functional.linear(x, y),
    "linear with a bias": lambda lib, x, y: lib.nn.functional.linear(
        x, y, lib.ones(1)),
    "addmm": lambda lib, x, y: lib.addmm(lib.ones(1), x, y),
}


SIGNS = st.sampled_from("... . -> , i j k 1 -".split() + [" "])


def answer(call: Callable) -> Any:
    try:
        return tuple(call().shape)
    except (RuntimeError, IndexError, ValueError) as error:
        return type(error), str(error)


def told(lib: Any, name: str, a: tuple, b: tuple) -> Any:
    return answer(lambda: PRODUCTS[name](lib, lib.ones(a), lib.ones(b)))


@pytest.mark.parametrize("name", PRODUCTS)
@given(a=SHAPES, b=SHAPES)
@example((4, 5), (2, 3))
@example((2, 2, 3), (2, 3))
@example((2, 2, 3), (2, 2, 3))
@example((2, 1, 2, 3), (3, 2, 3))
@example((2, 2, 3), (2,))
def test_a_product_of_two_shapes(name: str, a: tuple, b: tuple) -> None:
    assume(len(a) > 1 or name != "mv")  # torch: trips over its sizes first
    ours, theirs = told(scratch, name, a, b), told(torch, name, a, b)
    if name == "matmul" and len(a) < len(b) and len(b) > 2:
        # how torch folds a stack on the right depends on its strides
        ours, theirs = ours[:1], theirs[:1]
    assert ours == theirs


@given(st.lists(SIGNS, max_size=7).map("".join), st.lists(SHAPES, max_size=3))
@example("ij,jk", [(2, 2)] * 3)
@example("i1", [(2, 2)])
@example("ij", [])
@example("ij->i->j", [(2, 2)])
@example("ij.", [(2, 2)])
@example("i......", [(2, 2)])
@example("ij->......", [(2, 2)])
@example("i...j->..", [()])
def test_an_equation_is_read_as_torch_reads_it(equation, shapes):
    shapes = [tuple(2 for _ in shape) for shape in shapes]
    with pytest.MonkeyPatch.context() as patch:  # it refuses in other words
        patch.setattr(torch.backends.opt_einsum, "enabled", False)
        ours, theirs = (
            answer(lambda lib=lib: lib.einsum(equation, *map(lib.ones, shapes)))
            for lib in (scratch, torch))
    assert ours == theirs
