"""Indices of every kind, read and assigned, against torch's: what they
pick, how it lies in memory, slopes, and what is refused."""

import warnings
from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

import scratch

LIBS = (scratch, torch)
SHAPE = (3, 4, 2, 5)
KINDS = ("whole", "slice", "none", "int", "number", "list", "mask", "rows",
         "turned", "truth", "grid")


@st.composite
def indices(draw: Any) -> tuple:
    """An order of the dimensions, and the kinds of the parts of an index
    with at most one ellipsis."""
    order = draw(st.permutations(range(4)))
    kinds = draw(st.lists(st.sampled_from(KINDS), min_size=1, max_size=5))
    if draw(st.booleans()):
        kinds.insert(draw(st.integers(0, len(kinds))), "...")
    return tuple(order), tuple(kinds), draw(st.integers(0, 9999))


def part(lib: Any, rng: Any, kind: str, shape: tuple) -> Any:
    """One part of an index, for the first of the dimensions left."""
    n = shape[0] if shape else 2
    if kind == "mask" or kind == "grid":
        size = shape[:1 + (kind == "grid")]
        a = np.zeros(size, bool)
        a.reshape(-1)[rng.permutation(a.size)[:2]] = True
        return lib.from_numpy(a)
    size = {"rows": (2,), "list": (2,), "turned": (2, 2)}.get(kind, ())
    i = rng.integers(-n, n, size)
    return {"whole": slice(None), "slice": slice(1, None), "none": None,
            "...": ..., "truth": bool(n % 2), "int": int(i.flat[0]),
            "number": lib.tensor(int(i.flat[0])), "list": i.tolist(),
            }.get(kind, lib.from_numpy(i).t() if i.ndim == 2 else
                  lib.from_numpy(np.asarray(i)))


def subject(lib: Any, case: tuple) -> tuple:
    """A tensor, and an index of its dimensions."""
    order, kinds, seed = case
    rng = np.random.default_rng(seed)
    x = lib.arange(120.0).reshape(SHAPE).permute(order)
    wide = {"none": 0, "truth": 0, "...": 0, "grid": 2}
    left = 4 - sum(wide.get(kind, 1) for kind in kinds)
    index, d = [], 0
    for kind in kinds:
        index.append(part(lib, rng, kind, tuple(x.shape[d:])))
        d += max(left, 0) if kind == "..." else wide.get(kind, 1)
    return x, tuple(index)


def outcome(f: Any) -> Any:
    """What comes of it; of an error or a warning, its class and words."""
    try:
        return f()
    except Exception as error:
        words = str(error).split(" (Triggered internally")[0]
        return type(error).__name__, words


@given(case=indices())
def test_what_an_index_picks(case: tuple) -> None:
    def picked(lib: Any) -> Any:
        x, index = subject(lib, case)
        x.requires_grad_()
        y = x[index]
        y.backward(lib.arange(float(y.numel())).reshape(y.shape))
        view = {*case[1]} <= {"whole", "slice", "none", "int", "..."}
        steps = [s for s, n in zip(y.stride(), y.shape) if view or n > 1]
        return (y.tolist(), tuple(y.shape), y.numel() and steps,
                x.grad.tolist())

    ours, theirs = (outcome(lambda lib=lib: picked(lib)) for lib in LIBS)
    assert ours == theirs


@given(case=indices(), one=st.booleans(), leading=st.integers(0, 2))
def test_what_an_index_is_assigned(case: tuple, one: bool, leading: int
                                   ) -> None:
    def assigned(lib: Any) -> Any:
        x, index = subject(lib, case)
        x = x.clone()
        y = x[index]
        if len(set(y.flatten().tolist())) < y.numel():
            return None  # the order in which places are written is free
        v = lib.arange(float(y.numel())).reshape((1,) * leading + y.shape)
        v = (v[..., :1] if one and y.ndim else v).requires_grad_()
        x[index] = v
        (x * lib.arange(120.0).reshape(x.shape)).sum().backward()
        return x.tolist(), v.grad.tolist()

    ours, theirs = (outcome(lambda lib=lib: assigned(lib)) for lib in LIBS)
    assert ours == theirs


READ = """
x[t([0, 1]), t([0, 1, 2])]
x[t([3])]
x[:, t([-5])]
x[0, t([4])]
x[:, t([True, False])]
x[t([True, False])]
x[t([[True, False]])]
x[0, 0, 0, 0, 0]
x[0, 0, 0, 0, t([0])]
x[:, :, :, :, :]
x[t([0, 1], dtype=torch.int8)]
x[t([0, 1], dtype=torch.int16)]
x[t([0, 1], dtype=torch.int32)]
x[t([1, 0, 1], dtype=torch.uint8)]
x[t([0.0])]
x[[0, 1]]
x[[0.0, 1.7]]
x[[]]
x[[[0, 1], [1, 2]]]
x[[[0, 1]]]
x[[[[0, 1]]]]
x[[(0, 1), (1, 2)]]
x[[t([0, 1])]]
x[[t(0), t(1)]]
x[:, [t([1]), t([0])]]
x[:, [t([0, 1])]]
x[[1, None]]
x[[1, ...]]
x[[1, slice(None)]]
x[[1, "a"]]
x["a"]
x[range(2)]
x[1.5]
x[{1}]
x[{}]
x[object()]
x[np.bool_(True)]
x[np.array([0, 1], np.int16)]
x[np.array([[0, 1], [1, 0]])]
x[np.array([0.0, 1.0])]
x[np.int64(1)]
x[..., ...]
x[..., 0, ...]
x[1.5:]
x[t([0, 1]):]
x[t(1):]
x[::0]
x[::-1]
x[2 ** 70]
x[True, True]
x[False, t([0])]
x[0, True, t([0, 1])]
z[0]
z[0, 0]
z[:]
z[...]
z[None]
z[True]
z[t([0])]
z[t([0]), 0]
torch.zeros(0, 3)[t([0])]
""".strip().split("\n")


def with_names(lib: Any, text: str) -> Any:
    x = lib.arange(120.0).reshape(SHAPE)
    names = {"torch": lib, "np": np, "x": x, "t": lib.tensor,
             "z": lib.tensor(3.0), "m": x > 50, "i": lib.tensor([0, 1]),
             "k": lib.tensor([0, 1, 2]), "u": lib.zeros(3, dtype=lib.uint8)}
    return names, text


@pytest.mark.parametrize("silent", (False, True))
@pytest.mark.parametrize("text", READ)
def test_an_index_as_it_is_written(text: str, silent: bool) -> None:
    """What it picks; or the first warning, where that is an error."""
    def read(lib: Any) -> Any:
        names, line = with_names(lib, text)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore" if silent else "error")
            y = eval(line, names)
        return y.tolist(), tuple(y.shape)

    ours, theirs = (outcome(lambda lib=lib: read(lib)) for lib in LIBS)
    assert ours == theirs


WRITTEN = """
x[m] = t(3)
x[m] = t([3])
x[m] = t([[2.5]], dtype=torch.float64)
x[i] = t(3)
x[i] = t(3.0, dtype=torch.float64)
x[i] = 3
x[0] = torch.ones(1, 1, 1, 2, 1)
x[0] = torch.ones(2, 4, 2, 5)
x[0, 0, 0, 0] = torch.ones(1, 1)
x[0, 0, 0, 0] = torch.ones(2)
x[m] = torch.ones(69)
x[m] = torch.ones(1, 69)
x[m] = torch.ones(70)
x[m] = torch.ones(3, 23)
x[0] = torch.ones(4, 2, 5).long()
x[i] = torch.ones(4, 2, 5).long()
x[0, :, k[:2]] = torch.ones(2, 4, 5)
x[...] = torch.ones(6)
x[:] = torch.ones(1, 3, 4, 2, 5)
x[0:0] = torch.ones(7)
x[i[:0]] = torch.ones(7)
x[i[:0]] = torch.ones(5)
x[m & False] = torch.ones(5)
x[m & False] = torch.ones(1)
x[[0, 1]] = 7.0
x[[[0, 1], [1, 2]]] = 7.0
x[t([1, 0], dtype=torch.int16)] = 7.0
x[()] = 7.0
x[True] = 7.0
x[False] = 7.0
x[0, True] = torch.ones(1, 4, 2, 5)
x[None] = 2
x[0] = 1j
x[m] = 1j
x[0] = np.ones((4, 2, 5))
x[0] = np.float32(3)
x[0] = np.float64(3)
x[0] = np.int64(3)
x[0] = None
x[0] = [1.0]
x[0] = 1e39
x[5] = 1
x[t([7])] = 1
x["a"] = 1
x[1.5] = 1
k[0] = 1.7
k[i] = 1.7
k[k > 0] = t(2.7)
k[0] = 2 ** 70
k[0] = float("nan")
k[i] = float("inf")
u[0] = 300
u[0] = -1
u[i] = 300
x.index_put_((t(0), i), t(5.0))
x.index_put_((i, i), t(5.0), accumulate=True)
x.index_put_((t([1, 1]),), t(5.0), accumulate=True)
x.index_put_((m,), t(5))
x.index_put_((i,), t(5))
""".strip().split("\n")


@pytest.mark.parametrize("text", WRITTEN)
def test_an_assignment_as_it_is_written(text: str) -> None:
    def write(lib: Any) -> Any:
        names, line = with_names(lib, text)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            failed = outcome(lambda: exec(line, names))
        return failed, [names[name].tolist() for name in "xku"]

    ours, theirs = (write(lib) for lib in LIBS)
    assert ours == theirs
