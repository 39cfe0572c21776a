"""What is saved for backward, and the graph's edges, as torch's users see."""

import io

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

import scratch
from parity_tests.strategies import arrays

SIDES = (scratch, torch)
# every way in which rules hold their tensors
CASES = {
    "mul": lambda t, x, y: x * y,
    "square": lambda t, x, y: x * x + y,
    "exp": lambda t, x, y: x.exp() + y,
    "pow": lambda t, x, y: (x * x + 1) ** y,
    "div": lambda t, x, y: x / (y * y + 1),
    "matmul": lambda t, x, y: x @ y.T,
    "linear": lambda t, x, y: t.nn.functional.linear(x, y, x[:, 0]),
    "softmax": lambda t, x, y: x.softmax(1) * y.log_softmax(0),
    "norm": lambda t, x, y: x.norm() * t.linalg.vector_norm(y, dim=1),
    "where": lambda t, x, y: t.where(x > y, x.sin(), y.tanh()),
    "view": lambda t, x, y: x.reshape(-1)[1:].prod() * y.T.cos().sum(),
    "cat": lambda t, x, y: t.cat([x.sigmoid(), y]).cumsum(0).cumprod(1),
    "loss": lambda t, x, y: t.nn.functional.smooth_l1_loss(x, y)
    + t.nn.functional.binary_cross_entropy_with_logits(x, y.sigmoid()),
    "norms": lambda t, x, y: t.nn.functional.layer_norm(
        x, [3], y[0], y[1]) + t.nn.functional.gelu(x),
    "conv": lambda t, x, y: t.nn.functional.conv1d(
        x[None], y[:, :, None]).relu(),
    "pool": lambda t, x, y: t.nn.functional.max_pool1d(
        (x * y)[None], 2, stride=1),
    "einsum": lambda t, x, y: t.einsum("ij,ij->i", x, y) + t.einsum(
        "ij,kj->ik", x, y).sum(),
    "inplace": lambda t, x, y: (x * 1).mul_(y).add_(x).exp_(),
    "solve": lambda t, x, y: t.linalg.solve(
        x @ x.T + 3 * t.eye(3, dtype=x.dtype), y),
    "index": lambda t, x, y: x[[0, 2, 0]] * y.gather(
        1, t.tensor([[0], [1], [2]])),
}


def gradients(t, case, x, y, hooks=None):
    """∂/∂x and ∂/∂y, and the derivatives of their squares."""
    x = t.from_numpy(x).requires_grad_()
    y = t.from_numpy(y).requires_grad_()
    if hooks is None:
        z = CASES[case](t, x, y)
    else:
        with t.autograd.graph.saved_tensors_hooks(*hooks):
            z = CASES[case](t, x, y)
    first = t.autograd.grad(z.sum(), (x, y), create_graph=True)
    second = t.autograd.grad(
        sum((g * g).sum() for g in first), (x, y), allow_unused=True)
    return [g.detach().numpy() if g is not None else None
            for g in (*first, *second)]


def equal(ours, theirs):
    for a, b in zip(ours, theirs, strict=True):
        if a is not None and b is not None:
            np.testing.assert_allclose(a, b, 1e-9, 1e-9)


@pytest.mark.parametrize("case", CASES)
@given(arrays((3, 3)), arrays((3, 3)))
def test_gradients_come_through_what_hooks_kept(case, x, y):
    kept = []

    def pack(tensor):
        """As text on a disk: nothing of the tensor itself is left."""
        assert tensor.dtype
        kept.append(tensor.detach().tolist())
        return str(tensor.dtype)[6:], tensor.detach().tolist(), tensor.shape

    def unpack(packed):
        dtype, numbers, shape = packed
        return scratch.tensor(
            numbers, dtype=getattr(scratch, dtype)).reshape(shape)

    with np.errstate(all="ignore"):
        equal(gradients(scratch, case, x, y, (pack, unpack)),
              gradients(torch, case, x, y))
    assert kept or case in ("view",)


@pytest.mark.parametrize("case", ["mul", "square", "exp", "softmax", "pow"])
def test_a_rule_reads_what_unpack_gives(case):
    """Doubling what is saved doubles the gradients just as in torch."""
    x, y = np.full((3, 3), 2.0), np.full((3, 3), 3.0)
    hooks = (lambda t: t * 1, lambda t: t * 2)
    ours, theirs = (gradients(t, case, x, y, hooks)[:2] for t in SIDES)
    equal(ours, theirs)


def test_what_pack_is_given_and_how_often():
    def seen(t):
        rows = []

        def pack(x):
            rows.append(([*x.shape], x.is_leaf, x.requires_grad,
                         None if x.grad_fn is None else x.grad_fn.name()))
            return x

        x = t.full((2,), 2.0, requires_grad=True)
        y = t.full((2,), 3.0, requires_grad=True)
        with t.autograd.graph.saved_tensors_hooks(pack, lambda x: x):
            z = (x - y).exp().sin()
            z * 3, z + 1, z.sum(), z * z, z / 2, z**2, z * y.detach()
            with t.no_grad():
                x * y
            x.detach() * y.detach()
        return rows

    assert seen(scratch) == seen(torch)


class Twice(scratch.autograd.Function):
    @staticmethod
    def forward(ctx, x):
        y = x.exp()
        ctx.save_for_backward(x, None, y)
        return y, y * 2

    @staticmethod
    def backward(ctx, g, h):
        x, none, y = ctx.saved_tensors
        assert none is None
        return g * y + h * y * 2 + x * 0


def test_a_users_function_saves_through_the_hooks_too():
    calls = []
    x = scratch.tensor([1.0, 2.0], requires_grad=True)
    hooks = (lambda t: calls.append(1) or t.tolist(),
             lambda v: calls.append(2) or scratch.tensor(v))
    with scratch.autograd.graph.saved_tensors_hooks(*hooks):
        a, b = Twice.apply(x)
    (g,) = scratch.autograd.grad((a + b).sum(), x)
    assert calls == [1, 1, 2, 2]
    np.testing.assert_allclose(g.numpy(), 3 * np.exp([1.0, 2.0]), 1e-6)
    plain, _ = Twice.apply(x)
    plain.sum().backward()


def test_what_hooks_may_not_do():
    for t in SIDES:
        graph = t.autograd.graph
        x = t.ones(2, requires_grad=True)
        with graph.saved_tensors_hooks(lambda x: x, lambda x: 3):
            y = x * x
        with pytest.raises(TypeError, match="expected to be a Tensor but got"):
            y.sum().backward()
        with graph.saved_tensors_hooks(lambda x: x.add_(1), lambda x: x):
            with pytest.raises(RuntimeError, match="modifying its input in"):
                x * x
        with graph.disable_saved_tensors_hooks("not here"):
            with pytest.raises(RuntimeError, match="not here"):
                with graph.save_on_cpu():
                    pass
        with graph.saved_tensors_hooks(lambda x: x, lambda x: x):
            with pytest.raises(RuntimeError, match="not here"):
                with graph.disable_saved_tensors_hooks("not here"):
                    pass
        with pytest.raises(TypeError):
            graph.saved_tensors_hooks(1, 2).__enter__()
        with graph.save_on_cpu(pin_memory=False):
            y = (x.exp() * 3).sum()
        y.backward()
        assert (x * x).grad_fn is not None


def test_a_saved_tensor_may_change_where_it_is_allowed():
    for t in SIDES:
        graph = t.autograd.graph
        x = t.ones(2, requires_grad=True)
        with graph.allow_mutation_on_saved_tensors():
            y = x * 2
            z = y**2
            y.mul_(10)
            z.sum().backward()
            assert x.grad.tolist() == [8, 8]
            with pytest.raises(RuntimeError, match="cannot be nested"):
                with graph.allow_mutation_on_saved_tensors():
                    pass
            late = (x * 3) ** 2
        with pytest.raises(AssertionError, match="Trying to backward outside"):
            late.sum().backward()


def test_edges_stand_for_tensors():
    for t in SIDES:
        edge_of = t.autograd.graph.get_gradient_edge
        x = t.tensor([1.0, 2.0], requires_grad=True)
        y = x * 3
        z = (y**2).sum()
        at_x, at_y = edge_of(x), edge_of(y)
        assert (at_y.node, at_y.output_nr) == (y.grad_fn, 0)
        assert isinstance(at_y, t.autograd.graph.GradientEdge)
        assert isinstance(at_y.node, t.autograd.graph.Node)
        both = t.autograd.grad(z, [at_x, at_y], retain_graph=True)
        assert [g.tolist() for g in both] == [[18, 36], [6, 12]]
        (g,) = t.autograd.grad(at_y, x, t.ones(2), retain_graph=True)
        assert g.tolist() == [3, 3]
        with pytest.raises(RuntimeError, match="only for scalar outputs"):
            t.autograd.grad(at_y, x)
        z.backward(inputs=[at_x])
        assert x.grad.tolist() == [18, 36]
        with pytest.raises(RuntimeError, match="that does not require grad"):
            edge_of(t.ones(2))
        with pytest.raises(AttributeError):
            edge_of(3)


@given(st.data())
def test_one_hook_of_several_tensors_is_called_as_in_torch(data):
    chosen = data.draw(st.lists(st.sampled_from("abcd"), max_size=5))
    asked = data.draw(st.sampled_from(["cd", "c", "d", "ab", "ac"]))
    only = data.draw(st.sampled_from([None, "a", "b", "ab"]))

    def calls(t):
        a = t.tensor([1.0, 2.0], requires_grad=True)
        b = t.tensor([3.0, 4.0], requires_grad=True)
        names = {"a": a, "b": b, "c": a * b, "d": b.exp()}
        seen = []
        hook = t.autograd.graph.register_multi_grad_hook(
            [names[n] for n in chosen],
            lambda gs: seen.append([g is not None for g in gs]))
        try:
            for _ in range(2):
                sum(names[n].sum() for n in asked).backward(
                    retain_graph=True,
                    inputs=only and [names[n] for n in only])
        except RuntimeError:
            seen.append("error")
        hook.remove()
        names["c"].sum().backward()
        return seen

    assert calls(scratch) == calls(torch)


def test_the_first_gradient_calls_a_hook_of_any():
    for t in SIDES:
        a, b = (t.ones(2, requires_grad=True) for _ in range(2))
        seen = []
        with t.autograd.graph.register_multi_grad_hook(
                (a, b), lambda g, to=seen: to.append(g.tolist()), mode="any"):
            (a + b).sum().backward()
            a.sum().backward()
        a.sum().backward()
        assert seen == [[1, 1], [1, 1]]
        with pytest.raises(ValueError, match="Expects mode to be one of"):
            t.autograd.graph.register_multi_grad_hook([a], print, mode="x")
        with pytest.raises(AssertionError, match="gradient function to be"):
            t.autograd.graph.register_multi_grad_hook([t.ones(2)], print)


def test_versions_can_be_counted_up():
    for t in SIDES:
        x, y = t.ones(2), t.ones(2)
        t.autograd.graph.increment_version(x)
        t.autograd.graph.increment_version(z for z in (x, y))
        assert (x._version, y._version) == (2, 1)
        for bad in (3, [x, 3]):
            with pytest.raises(RuntimeError, match="increment_version expect"):
                t.autograd.graph.increment_version(bad)


def test_tensors_can_be_kept_on_the_disk(tmp_path):
    """torch's tutorial: what is saved goes to files."""
    files = []

    def pack(x):
        file = io.BytesIO()
        scratch.save(x.detach(), file)
        files.append(file)
        return file

    def unpack(file):
        file.seek(0)
        return scratch.load(file)

    net = scratch.nn.Sequential(
        scratch.nn.Linear(4, 8), scratch.nn.BatchNorm1d(8), scratch.nn.ReLU(),
        scratch.nn.Linear(8, 2))
    x, label = scratch.randn(5, 4), scratch.tensor([0, 1, 0, 1, 1])
    grads = []
    for hooks in ((pack, unpack), (lambda x: x, lambda x: x)):
        net.zero_grad()
        with scratch.autograd.graph.saved_tensors_hooks(*hooks):
            loss = scratch.nn.functional.cross_entropy(net(x), label)
        loss.backward()
        grads.append([p.grad.tolist() for p in net.parameters()])
    assert grads[0] == grads[1] and len(files) > 4
