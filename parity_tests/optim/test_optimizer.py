"""The Optimizer: groups, hooks, refusals, counted writes."""

import math
from importlib import import_module

import numpy as np
import pytest
import torch

import scratch
from parity_tests.optim.twins import (
    ELEMENTWISE,
    NAMES,
    arrays_of,
    everything_on,
    optimizer,
    parameters,
    quadratic,
    trajectory,
    worst,
)

START = [np.array([-1.5, 0.3, 2.0]), np.array([[0.7], [-0.2]])]
LIBS = scratch, torch


def leaves(lib):
    return parameters(lib, START)


def outcome(call):
    """The class and message of what a call raises, or its result."""
    try:
        return call()
    except Exception as error:
        return type(error), str(error)


BAD_OPTIONS = {
    "SGD": [
        dict(lr=-1), dict(momentum=-0.1), dict(weight_decay=-2),
        dict(nesterov=True), dict(nesterov=True, momentum=0.9, dampening=0.1),
        dict(fused=True, foreach=True), dict(fused=True, differentiable=True),
    ],
    "Adagrad": [
        dict(lr=-1), dict(lr_decay=-0.1), dict(weight_decay=-2),
        dict(initial_accumulator_value=-1), dict(eps=-1e-3),
        dict(fused=True, foreach=True),
    ],
    "RMSprop": [
        dict(lr=-1), dict(alpha=-0.1), dict(eps=-1), dict(weight_decay=-2),
        dict(momentum=-0.5),
    ],
    "Adadelta": [
        dict(lr=-1), dict(rho=1.1), dict(rho=-0.1), dict(eps=-1),
        dict(weight_decay=-2),
    ],
    "Adam": [
        dict(lr=-1), dict(eps=-1), dict(betas=(1.0, 0.9)),
        dict(betas=(0.9, -0.1)), dict(weight_decay=-2), dict(betas=(0, 0.9)),
        dict(lr=math.nan), dict(fused=True, foreach=True),
    ],
    "Adafactor": [
        dict(lr=-1), dict(beta2_decay=0.1), dict(eps=(-1, 0.1)),
        dict(eps=(None, -1)), dict(d=0.5), dict(weight_decay=-2),
    ],
    "AdamW": [dict(lr=-1), dict(eps=-1), dict(betas=(0.9, 1.0))],
    "Adamax": [
        dict(lr=-1), dict(eps=-1), dict(betas=(1.0, 0.9)),
        dict(weight_decay=-2),
    ],
    "NAdam": [
        dict(lr=-1), dict(eps=-1), dict(betas=(1.0, 0.9)),
        dict(weight_decay=-2), dict(momentum_decay=-0.2),
    ],
    "RAdam": [
        dict(lr=-1), dict(eps=-1), dict(betas=(0.5, 1.0)),
        dict(weight_decay=-2),
    ],
    "Rprop": [dict(lr=-1), dict(etas=(1.0, 1.2)), dict(etas=(0.5, 0.9))],
    "ASGD": [
        dict(lr=-1), dict(lambd=-1), dict(alpha=-1), dict(weight_decay=-2),
    ],
    "LBFGS": [dict(lr=-1)],
}  # fmt: skip


@pytest.mark.parametrize("name", NAMES)
def test_a_bad_option_is_refused_in_the_words_of_torch(name):
    for options in [*BAD_OPTIONS[name], dict(lr="a"), dict(unknown=1)]:
        ours, theirs = (
            outcome(lambda lib=lib, options=options: optimizer(
                lib, name, leaves(lib), options))
            for lib in LIBS
        )
        assert ours[0] is theirs[0], options
        if ours[0] is not TypeError:
            assert ours == theirs


@pytest.mark.parametrize("name", ["SGD", "Adam", "LBFGS"])
def test_a_tensor_lr_has_one_element(name):
    found = [
        outcome(lambda lib=lib: optimizer(
            lib, name, leaves(lib), dict(lr=lib.tensor([0.1, 0.2]))))
        for lib in LIBS
    ]
    assert found[0] == found[1]


def test_tensor_options_need_the_loop():
    for options in dict(lr=0.1), dict(betas=(0.9, 0.99)):
        found = []
        for lib in LIBS:
            given_ = {
                k: tuple(map(lib.tensor, v)) if k == "betas" else lib.tensor(v)
                for k, v in options.items()
            }
            found.append(outcome(lambda lib=lib, o=given_: lib.optim.Adam(
                leaves(lib), foreach=True, **o)))
        assert found[0] == found[1]


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_a_tensor_lr_steps_as_in_torch(name, dtype):
    found = []
    for lib in LIBS:
        lr = lib.tensor(0.07, dtype=getattr(lib, dtype))
        params = leaves(lib)
        opt = optimizer(lib, name, params, {**everything_on(name), "lr": lr})
        found.append(trajectory(params, opt, quadratic, 10))
    assert worst(*found) < 1e-12


@pytest.mark.parametrize("name", NAMES)
def test_the_groups_are_checked_in_the_words_of_torch(name):
    def cases(lib):
        p, q = leaves(lib)
        new = getattr(lib.optim, name)
        yield lambda: new(p)
        yield lambda: new([])
        yield lambda: new([3])
        yield lambda: new([[p]])
        yield lambda: new(["a"])
        yield lambda: new([p * 2])
        yield lambda: new([{"params": {p, q}}])
        yield lambda: new([("p", p), q])
        yield lambda: new([{"params": [p]}, {"params": [p]}])
        yield lambda: new([{"params": [("p", p)]}, {"params": [q]}])
        yield lambda: new([p]).add_param_group([q])
        yield lambda: new([p]).add_param_group({"params": [p]})
        yield lambda: new([p]).add_param_group({"params": [q * 1]})
        yield lambda: new([p]).load_state_dict(new([p, q]).state_dict())
        yield lambda: new([p]).load_state_dict(
            {"state": {}, "param_groups": []})

    for ours, theirs in zip(cases(scratch), cases(torch), strict=True):
        ours, theirs = outcome(ours), outcome(theirs)
        assert isinstance(ours, tuple)
        assert ours == theirs


@pytest.mark.parametrize("lib", LIBS, ids=["scratch", "torch"])
def test_what_is_doubtful_is_warned_of(lib):
    p, _ = leaves(lib)
    with pytest.warns(UserWarning, match="duplicate parameters"):
        lib.optim.SGD([p, p])
    with pytest.warns(FutureWarning, match="ordered collections"):
        lib.optim.SGD({p})


def test_a_refused_group_changes_nothing():
    p, q = leaves(scratch)
    opt = scratch.optim.SGD([p])
    group = {"params": [q * 2]}
    with pytest.raises(ValueError):
        opt.add_param_group(group)
    assert len(opt.param_groups) == 1 and list(group) == ["params"]


@pytest.mark.parametrize("name", ELEMENTWISE)
def test_groups_keep_their_own_options(name):
    found = []
    for lib in LIBS:
        p, q = leaves(lib)
        opt = getattr(lib.optim, name)([{"params": p, "lr": 0.02}], lr=0.01)
        first = trajectory([p], opt, quadratic, 3)
        extra = {} if name == "Rprop" else {"weight_decay": 0.1}
        opt.add_param_group({"params": [q], **extra})
        found.append([*first, *trajectory([p, q], opt, quadratic, 5)])
    assert worst(*found) < 1e-12


def test_names_are_kept_with_the_parameters():
    found = []
    for lib in LIBS:
        p, q = leaves(lib)
        opt = lib.optim.Adam([("p", p), ("q", q)])
        found.append((opt.param_groups[0]["param_names"],
                      opt.state_dict()["param_groups"]))
    assert found[0] == found[1]


def test_a_parameter_without_a_gradient_stays():
    p, q = leaves(scratch)
    opt = scratch.optim.Adam([p, q])
    quadratic([p]).backward()
    before = arrays_of([q])
    opt.step()
    np.testing.assert_array_equal(q.detach().numpy(), before[0])
    assert list(opt.state) == [p]


@pytest.mark.parametrize("name", NAMES)
def test_a_step_counts_the_version_of_what_it_writes(name):
    params = leaves(scratch)
    opt = optimizer(scratch, name, params, {})
    before = [p._version for p in params]
    trajectory(params, opt, quadratic, 1)
    assert all(p._version > n for p, n in zip(params, before))


def test_zero_grad_forgets_or_fills():
    for lib in LIBS:
        params = leaves(lib)
        opt = lib.optim.SGD(params)
        quadratic(params).backward()
        kept = params[0].grad
        opt.zero_grad(set_to_none=False)
        assert params[0].grad is kept and not kept.numpy().any()
        opt.zero_grad()
        assert all(p.grad is None for p in params)


def test_hooks_are_called_in_the_order_of_torch():
    found = []
    for lib in LIBS:
        calls = []

        def note(name, result=None, calls=calls):
            return lambda *args: (calls.append((name, len(args))), result)[1]

        module = import_module(f"{lib.__name__}.optim.optimizer")
        handles = [
            module.register_optimizer_step_pre_hook(note("all before")),
            module.register_optimizer_step_post_hook(note("all after")),
        ]
        opt = lib.optim.SGD(leaves(lib))
        opt.register_step_pre_hook(note("before"))
        removed = opt.register_step_pre_hook(note("gone"))
        opt.register_step_post_hook(note("after"))
        opt.register_state_dict_pre_hook(note("save"))
        opt.register_state_dict_pre_hook(note("first"), prepend=True)
        opt.register_state_dict_post_hook(note("saved"))
        opt.register_load_state_dict_pre_hook(note("load"))
        opt.register_load_state_dict_post_hook(note("loaded"))
        removed.remove()
        opt.step(lambda calls=calls: calls.append("closure"))
        opt.load_state_dict(opt.state_dict())
        for handle in handles:
            handle.remove()
        opt.step()
        found.append(calls)
    assert found[0] == found[1]


def test_a_hook_may_replace_arguments_and_states():
    found = []
    for lib in LIBS:
        opt = lib.optim.SGD(leaves(lib))
        opt.register_step_pre_hook(
            lambda opt, args, kwargs: ((opt, lambda: 7), {}))
        opt.register_state_dict_post_hook(lambda opt, state: {"mine": state})
        found.append((opt.step(), list(opt.state_dict())))
        opt.register_step_pre_hook(lambda *args: 3)
        with pytest.raises(RuntimeError, match="must return None or a tuple"):
            opt.step()
    assert found[0] == found[1] == (7, ["mine"])


def test_a_subclass_of_a_learner_works():
    found = []
    for lib in LIBS:
        module = import_module(f"{lib.__name__}.optim.optimizer")

        class Plain(lib.optim.Optimizer):
            def __init__(self, params, lr=module.required):
                super().__init__(params, dict(lr=lr))

            def step(self, closure=None, lib=lib):
                with lib.no_grad():
                    for group in self.param_groups:
                        for p in group["params"]:
                            p -= group["lr"] * p.grad

        params = leaves(lib)
        with pytest.raises(ValueError, match="required"):
            Plain(params)
        opt = Plain(params, lr=0.1)
        calls = []
        opt.register_step_post_hook(lambda *args, c=calls: c.append(1))
        quadratic(params).backward()
        opt.step()
        found.append(arrays_of(params))
        assert calls == [1]
    assert worst([found[0]], [found[1]]) < 1e-15


@pytest.mark.parametrize("name", ELEMENTWISE)
def test_switches_that_change_nothing_are_accepted(name):
    start = leaves(scratch)
    plain = trajectory(
        start, optimizer(scratch, name, start, {}), quadratic, 3)
    for switch in [dict(foreach=True), dict(foreach=False)]:
        params = leaves(scratch)
        opt = optimizer(scratch, name, params, switch)
        assert worst(plain, trajectory(params, opt, quadratic, 3)) == 0
    if "fused" in opt.defaults:
        params = leaves(scratch)
        opt = optimizer(scratch, name, params, dict(fused=True))
        assert worst(plain, trajectory(params, opt, quadratic, 3)) == 0


@pytest.mark.parametrize("name", ELEMENTWISE)
def test_switches_that_would_change_something_are_refused(name):
    opt = optimizer(scratch, name, leaves(scratch), {})
    if "capturable" not in opt.defaults:
        return
    found = []
    for lib in LIBS:
        params = leaves(lib)
        opt = optimizer(lib, name, params, dict(capturable=True))
        quadratic(params).backward()
        found.append(outcome(opt.step)[0])
    assert found[0] is found[1] is AssertionError


@pytest.mark.parametrize("name", NAMES)
def test_complex_parameters_step_by_their_parts(name):
    found = []
    for lib in LIBS:
        p = lib.from_numpy(np.array([1 + 2j, -0.5j])).requires_grad_()
        opt = optimizer(lib, name, [p], everything_on(name))

        def closure(lib=lib, p=p):
            p.grad = lib.from_numpy(p.detach().numpy() * (2 - 1j))
            return (p.detach().abs() ** 2).sum()

        for _ in range(4):
            opt.step(closure)
        found.append([p.detach().numpy().view(np.float64)])
    assert worst([found[0]], [found[1]]) < 1e-12


@pytest.mark.parametrize("name", ELEMENTWISE)
def test_nan_and_infinity_spread_as_in_torch(name):
    values = np.array([0.0, 1.0, np.nan, np.inf, -np.inf, 1e300, -0.0, 1e-320])
    found = []
    for lib in LIBS:
        p = lib.from_numpy(np.ones(8)).requires_grad_()
        opt = optimizer(lib, name, [p], {})
        steps = []
        for shift in range(3):
            p.grad = lib.from_numpy(np.roll(values, 2 * shift))
            opt.step()
            steps.append(p.detach().numpy().copy())
        found.append(steps)
    np.testing.assert_allclose(*found, rtol=1e-12)


def test_size_0_and_scalars_step():
    for lib in LIBS:
        empty = lib.zeros(0, requires_grad=True)
        number = lib.tensor(2.0, requires_grad=True)
        opt = lib.optim.Adam([empty, number], lr=0.5)
        (number * number + empty.sum()).backward()
        opt.step()
        assert abs(number.item() - 1.5) < 1e-6
