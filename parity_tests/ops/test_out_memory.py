"""out=: its memory, its dtype, its shape; weights that want gradients."""

from typing import Any

import pytest
import torch

import scratch

CALLS = """
L.exp(b[:4], out=b[1:5])
L.add(b[:4], 1, out=b[:4])
L.cumsum(b[:4], 0, out=b[1:5])
L.cumsum(b[:4], 0, out=b[:4])
L.cat([b[:2], b[2:4]], out=b[:4])
L.stack([b[:2], b[2:4]], out=b[:4].view(2, 2))
L.maximum(b[:3], b[3:], out=b[1:4])
L.gather(b, 0, L.tensor([0, 1, 2, 3, 4, 5]), out=b)
L.index_select(b, 0, L.tensor([0, 1]), out=b[:2])
L.topk(b, 2, out=(b[:2], L.tensor([0, 0])))
L.cross(b[:3], b[3:], 0, out=b[:3])
L.masked_select(b, b >= 0, out=b)
F.gelu(b * 0, out=L.empty(0))
F.linear(b[:3], b.view(2, 3), out=w)
F.avg_pool2d(b.view(1, 2, 3), (1, 3), out=L.empty(0))
F.avg_pool3d(b.view(1, 1, 2, 3), (1, 1, 3), out=L.empty(0))
F.hardshrink(b, 2.0, out=b)
L.hardshrink(b, 2.0, out=L.empty(6))
F.logsigmoid(b, out=L.empty(6))
F.softplus(b * 0, 2.0, out=L.empty(0))
F.softshrink(b, out=L.empty(6))
F.nll_loss(L.ones(3, 2), L.tensor([0, 1, 1]), weight=w)
F.nll_loss(L.ones(3, 2, 2), L.zeros(3, 2).long(), weight=w)
F.cross_entropy(L.ones(3, 2), L.tensor([0, 1, 1]), weight=w)
F.cross_entropy(L.ones(3, 2), L.ones(3, 2), weight=w).requires_grad
"""


@pytest.mark.parametrize("call", CALLS.strip().splitlines())
def test_memory_that_is_read_is_not_written(call: str) -> None:
    found = []
    for lib in (scratch, torch):
        b = lib.arange(6.0)
        w = lib.ones(2, requires_grad=True)
        space = {"L": lib, "F": lib.nn.functional, "b": b, "w": w}
        try:
            found.append((str(eval(call, space)), b.tolist()))
        except RuntimeError as error:
            found.append((str(error), b.tolist()))
    assert found[0] == found[1]


KINDS = "float32 float64 float16 int64 int32 uint8 bool complex64".split()
OUTS = """
abs ceil neg round sgn exp sqrt sum:0 prod:0 mean:0 cumsum:0 cumprod:0 all
any amax:0 argmax max:0 sort mode kthvalue:2 topk:2 aminmax median:0 isposinf
signbit eq:1 add:1 mul:1.5 div:2 pow:2 float_power:2 nan_to_num softmax:0 tril
cummax:0 triu norm:2,0 narrow_copy:0,0,1
""".split()
MAKING = """
ones(4) zeros(2,2) arange(4) arange(3) linspace(0,1,4) eye(2) full((2,),2)
full((4,),1.5) logspace(0,1,4) ones(4,dtype=L.float32)
""".split()


def outcome(call: str, lib: Any, kind: str, shape: tuple) -> str:
    x = lib.tensor([[1.0, 4.0], [3.0, 2.0]])
    out = lib.full(shape, 7, dtype=getattr(lib, kind))
    space = {"L": lib, "x": x, "out": out}
    try:
        y = eval(call, space)
    except (RuntimeError, TypeError, NotImplementedError) as error:
        return f"{type(error).__name__}: {error}"
    several = isinstance(y, tuple)
    return str([(z, z is out) for z in (y if several else [y])])


@pytest.mark.parametrize("call", OUTS)
def test_the_dtypes_that_out_may_have(call: str) -> None:
    name, _, rest = call.partition(":")
    args = f"x, {rest}" if rest else "x"
    if name in "max sort mode kthvalue topk aminmax median cummax".split():
        second = "L.zeros(0)" if name == "aminmax" else (
            "L.zeros(0, dtype=L.int64)")
        line = f"L.{name}({args}, out=(out, {second}))"
    else:
        line = f"L.{name}({args}, out=out)"
    for kind in KINDS:
        found = [outcome(line, lib, kind, (0,)) for lib in (scratch, torch)]
        assert found[0] == found[1]


@pytest.mark.filterwarnings("ignore:The number of elements in the out")
@pytest.mark.parametrize("call", MAKING)
def test_what_is_made_takes_the_dtype_of_out(call: str) -> None:
    line = f"L.{call[:-1]}, out=out)"
    for kind in KINDS[:-1]:
        for shape in (4,), (2, 2), (0,):
            found = [outcome(line, lib, kind, shape)
                     for lib in (scratch, torch)]
            assert found[0] == found[1]
