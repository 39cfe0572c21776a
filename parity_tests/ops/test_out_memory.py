"""out= that lies in the memory of an input; weights that want gradients."""

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
