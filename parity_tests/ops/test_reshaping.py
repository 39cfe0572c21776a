"""Other shapes in place: views, versions and refusals as in torch."""

import numpy as np
import pytest
import torch

import scratch
from parity_tests.nn.tools import complaint

START = "x = torch.ones(2, 3, requires_grad=True); y = x * 1; v = y[0]; "
PROGRAMS = [
    START + "y.t_(); v.mul_(3); say(y.tolist(), v); y.sum().backward()",
    START + "y.t_(); y.mul_(2); y[0].mul_(5); say(v); (y*y).sum().backward()",
    START + "y.t_(); y.mul_(2); y.t_(); y += x; (v * v).sum().backward()",
    START + "v.unsqueeze_(0); v.mul_(2); say(v, y); y.sum().backward()",
    START + "z = y * y; y.unsqueeze_(0); z.sum().backward()",
    START + "z = y.exp(); z.unsqueeze_(0); z.sum().backward()",
    START + "z = y.sum(0); y.unsqueeze_(0); z.sum().backward()",
    START + "x.t_()",
    START + "x.resize_(3)",
    START + "y.resize_(3)",
    START + "y.unsqueeze_(5)",
    "x = torch.ones(2, 3, requires_grad=True)\n"
    "with torch.no_grad(): x.t_()\nsay(x.is_leaf); (x * 2).sum().backward()",
    "x = torch.ones(2, 3); x.t_(); x.requires_grad_(); say(x.is_leaf); "
    "(x * 2).sum().backward()",
    "x = torch.ones(2, 3); x.t_(); x.requires_grad_(); x.mul_(2)",
    "x = torch.ones(2, 3, 4); x.t_()",
    "x = torch.ones(2, 3); y = x.t_(); say(y is x, x.stride(), x._version)",
    "x = torch.ones(2, 3); v = x[0]; x.unsqueeze_(0); w = torch.ones(3, "
    "requires_grad=True); v.mul_(w); say(x.requires_grad); x = w; "
    "v.sum().backward()",
    "x = torch.arange(6.); y = x.view(2, 3); y.resize_(2, 2); y += 1; say(y)",
    "x = torch.arange(6.).view(2, 3).t(); x.resize_(2, 2); say(x.stride())",
    "x = torch.ones(1); torch.arange(6.).resize_(-1)",
    "x = torch.arange(6.); x.resize_([2, 2]); x.resize_(6); say(x._version)",
    "x = torch.arange(6.)[2:]; x.resize_(2, 2); say(x.storage_offset())",
    "x = torch.arange(3); x.resize_(2, 3); say(x[0], x.shape)",
]


def told(lib: object, program: str) -> list:
    """What a program says, its gradient, and its refusal."""
    out: list = []
    space: dict = {"torch": lib,
                   "say": lambda *a: out.append(" ".join(map(str, a)))}
    try:
        exec(program, space)
    except (RuntimeError, IndexError) as error:
        out.append(f"{type(error).__name__} {error}"[:120])
    x = space["x"]
    out.append(str(x.tolist()) if x.numel() < 6 or "resize_(2, 3)" not in (
        program) else "")
    return [*out, str(x.grad)]


@pytest.mark.parametrize("program", PROGRAMS)
def test_programs_say_the_same(program: str) -> None:
    assert told(scratch, program) == told(torch, program)


def test_gradients_share_no_memory() -> None:
    """Seen in another shape, a gradient is somebody's all the same."""
    x, y, z = (scratch.ones(2, 3, requires_grad=True) for _ in range(3))
    g = scratch.arange(6.0)
    (x.reshape(6) + y.reshape(6) * 2 + z.t().reshape(6)).backward(g)
    grads = [g.numpy(), *(t.grad.numpy() for t in (x, y, z))]
    for i, a in enumerate(grads):
        assert not any(np.shares_memory(a, b) for b in grads[:i])
    np.testing.assert_array_equal(grads[1], np.arange(6.0).reshape(2, 3))
    np.testing.assert_array_equal(grads[3], np.arange(6.0).reshape(3, 2).T)


REFUSALS = """
r(2).set_(3)
r(2).set_(r(6).untyped_storage(), -1, (2,), (2,))
r(2).set_(r(6).untyped_storage(), 0, (2, 2), (2,))
r(2).set_(r(6).double())
r(2).set_(r(2, 3).t(), 0, (2,))
torch.ones(2, requires_grad=True).set_(r(3))
r(2, 1).dim_order(ambiguity_check=True)
r(2, 1, 3, 3).dim_order(ambiguity_check=[torch.channels_last_3d])
r(2).dim_order(ambiguity_check="yes")
r(2, 3).squeeze((0, 0))
r(2, 3).unfold(1, -1, 1)
torch.diagonal_scatter(r(3, 3), r(2))
torch.tensor_split(r(3), r(2))
torch.cat([r(2, 3), r(2, 2)])
torch.vstack([r(2), r(3)])
r(2).repeat(-1)
r(2, 3).tile(-1)
torch.repeat_interleave(r(3), -1)
torch.repeat_interleave(r(3), r(3))
torch.repeat_interleave(r(3), k([1, -1, 2]))
torch.repeat_interleave(r(3), 2, output_size=7)
torch.repeat_interleave(r(2), k([1, 2]), output_size=7)
torch.repeat_interleave(r(2))
torch.repeat_interleave(k([[1]]))
torch.repeat_interleave(k([-1]))
torch.repeat_interleave(k([1]), output_size=7)
torch.constant_pad_nd(r(2), (1,))
""".strip().split("\n")


@pytest.mark.parametrize("call", REFUSALS)
def test_what_they_refuse(call: str) -> None:
    said, ours = complaint(call, torch), complaint(call, scratch)
    assert said is not None and ours is not None
    assert ours[0] is said[0]
    if said[0] is not TypeError:
        assert ours[1] == said[1]


def test_counts_of_any_whole_dtype_repeat_places() -> None:
    for name in "int8 int32 int64".split():
        found = []
        for lib in (scratch, torch):
            y = lib.repeat_interleave(lib.tensor([2, 0, 1]).to(
                getattr(lib, name)))
            found.append((y.tolist(), str(y.dtype).split(".")[1]))
        assert found[0] == found[1] == ([0, 0, 2], name)


def test_set_shares_memory_and_leaves_the_old_base() -> None:
    for lib in (scratch, torch):
        base = lib.arange(4.0)
        v, other = base[1:], lib.ones(2)
        assert v.set_(other) is v
        other[0] = 7
        assert v.tolist() == [7, 1]
        v.mul_(2)
        assert other.tolist() == [14, 2]
        assert base.tolist() == [0, 1, 2, 3]
