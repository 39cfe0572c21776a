"""Schedules: torch's sequence of rates, to the last bit."""

import gc
import math
import warnings
import weakref
from importlib import import_module

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

import scratch
import scratch.optim

LIBS = scratch, torch
STEPS = 100


def schedules(lib):
    return import_module(f"{lib.__name__}.optim.lr_scheduler")


def optimizer(lib, kind="SGD", lrs=(0.1, 0.03)):
    groups = [{"params": [lib.zeros(2, requires_grad=True)]} for _ in lrs]
    options = {"momentum": 0.9} if kind == "SGD" else {}
    opt = getattr(lib.optim, kind)(groups, lr=0.5, **options)
    for group, lr in zip(opt.param_groups, lrs):
        group["lr"] = lr
    return opt


def seen(opt):
    """What a schedule may write: rates and momenta."""
    keys = "lr", "momentum", "betas"
    return [tuple(g[k] for k in keys if k in g) for g in opt.param_groups]


def walk(opt, scheduler, steps=STEPS, change=None):
    """Rates, get_last_lr and last_epoch of every step."""
    found = [(seen(opt), list(scheduler.get_last_lr()))]
    for i in range(steps):
        opt.step()
        if change and i == change:
            opt.param_groups[0]["lr"] = 0.77  # the user's own rate
        scheduler.step()
        epoch = getattr(scheduler, "last_epoch", None)
        found.append((seen(opt), list(scheduler.get_last_lr()), epoch))
    return found


class Halving:
    """A callable object, whose attributes are saved."""

    def __init__(self, base):
        self.base = base

    def __call__(self, t):
        return self.base**t


def same_on_both_sides(make, kind="SGD", **options):
    found = []
    for lib in LIBS:
        opt = optimizer(lib, kind)
        found.append(walk(opt, make(schedules(lib), opt), **options))
    assert found[0] == found[1]


EACH = {
    "LambdaLR": lambda s, o: s.LambdaLR(o, lambda t: 0.95**t),
    "LambdaLR of each": lambda s, o: s.LambdaLR(
        o, [lambda t: 1 / (1 + 0.1 * t), lambda t: math.exp(-0.05 * t)]),
    "MultiplicativeLR": lambda s, o: s.MultiplicativeLR(o, lambda t: 0.97),
    "StepLR": lambda s, o: s.StepLR(o, 7, gamma=0.3),
    "MultiStepLR": lambda s, o: s.MultiStepLR(o, [3, 10, 10, 40], gamma=0.7),
    "ConstantLR": lambda s, o: s.ConstantLR(o, factor=0.3, total_iters=9),
    "LinearLR": lambda s, o: s.LinearLR(o, 0.2, 0.9, total_iters=30),
    "ExponentialLR": lambda s, o: s.ExponentialLR(o, 0.93),
    "PolynomialLR": lambda s, o: s.PolynomialLR(o, 60, power=1.7),
    "CosineAnnealingLR": lambda s, o: s.CosineAnnealingLR(o, 13, 1e-3),
    "CosineAnnealingLR 1": lambda s, o: s.CosineAnnealingLR(o, 1),
    "CosineAnnealingWarmRestarts": lambda s, o: (
        s.CosineAnnealingWarmRestarts(o, 5, 2, 1e-4)),
    "CosineAnnealingWarmRestarts 1": lambda s, o: (
        s.CosineAnnealingWarmRestarts(o, 9)),
    "OneCycleLR": lambda s, o: s.OneCycleLR(o, [0.3, 0.2], total_steps=100),
    "OneCycleLR three": lambda s, o: s.OneCycleLR(
        o, 0.3, epochs=20, steps_per_epoch=6, three_phase=True,
        anneal_strategy="linear", pct_start=0.21, div_factor=7.0),
    "OneCycleLR still": lambda s, o: s.OneCycleLR(
        o, 0.3, total_steps=120, cycle_momentum=False),
    **{
        f"CyclicLR {mode}": lambda s, o, mode=mode: s.CyclicLR(
            o, [1e-3, 2e-3], 0.1, 7, 11, mode, gamma=0.98)
        for mode in ("triangular", "triangular2", "exp_range")
    },
    "CyclicLR own": lambda s, o: s.CyclicLR(
        o, 1e-3, 0.1, 8, scale_fn=lambda x: 0.9**x, scale_mode="iterations",
        cycle_momentum=False),
}  # fmt: skip


@pytest.mark.parametrize("kind", ["SGD", "Adam"])
@pytest.mark.parametrize("name", EACH)
def test_every_schedule_gives_the_rates_of_torch(name, kind):
    same_on_both_sides(EACH[name], kind)


@pytest.mark.parametrize("name", EACH)
def test_a_rate_that_the_user_writes_is_carried_on(name):
    same_on_both_sides(EACH[name], change=17)


@given(
    st.floats(1e-6, 10), st.floats(0.01, 0.99), st.integers(1, 30),
    st.integers(1, 3),
)
def test_any_numbers_give_the_same_rates(lr, factor, period, times):
    makes = [
        lambda s, o: s.StepLR(o, period, factor),
        lambda s, o: s.ExponentialLR(o, factor),
        lambda s, o: s.LinearLR(o, factor, 1 - factor, period),
        lambda s, o: s.PolynomialLR(o, period, times),
        lambda s, o: s.CosineAnnealingLR(o, period, lr * factor / 10),
        lambda s, o: s.CosineAnnealingWarmRestarts(o, period, times),
        lambda s, o: s.ConstantLR(o, factor, period),
        lambda s, o: s.CyclicLR(o, lr * factor, lr, period, times),
        lambda s, o: s.OneCycleLR(o, lr, 40, pct_start=factor),
    ]
    for make in makes:
        found = []
        for lib in LIBS:
            opt = optimizer(lib, lrs=(lr,))
            found.append(
                outcome(lambda o=opt, lib=lib, make=make: walk(
                    o, make(schedules(lib), o), 40)))
        assert found[0] == found[1]


def warm_up(s, o):
    first = s.LinearLR(o, 0.1, total_iters=10)
    second = s.CosineAnnealingLR(o, 60)
    third = s.ExponentialLR(o, 0.9)
    return s.SequentialLR(o, [first, second, third], milestones=[10, 70])


def chained(s, o):
    return s.ChainedScheduler([
        s.ConstantLR(o, 0.5, total_iters=4),
        s.ExponentialLR(o, 0.95),
        s.StepLR(o, 30),
    ])


def nested(s, o):
    inner = s.SequentialLR(
        o, [s.ConstantLR(o, 0.1), s.StepLR(o, 9)], milestones=[5])
    o.step()  # else the first step of the inner one is warned of
    return s.SequentialLR(o, [inner, s.ExponentialLR(o, 0.9)], [40])


COMPOSED = {"warm up": warm_up, "chained": chained, "nested": nested}


@pytest.mark.parametrize("name", COMPOSED)
def test_composed_schedules_give_the_rates_of_torch(name):
    same_on_both_sides(COMPOSED[name])
    same_on_both_sides(COMPOSED[name], change=25)


PLATEAUS = [
    dict(),
    dict(mode="max", factor=0.5, patience=3),
    dict(patience=2, threshold=0.05, cooldown=4, min_lr=[0.01, 0.001]),
    dict(patience=1, threshold=0.1, threshold_mode="abs", eps=1e-3),
    dict(mode="max", patience=0, threshold_mode="abs", min_lr=1e-3),
]


@pytest.mark.parametrize("options", PLATEAUS)
@given(st.lists(
    st.floats(-2, 2) | st.just(math.nan), min_size=30, max_size=100))
def test_a_plateau_lowers_the_rate_when_torch_does(options, metrics):
    found = []
    for lib in LIBS:
        opt = optimizer(lib)
        scheduler = schedules(lib).ReduceLROnPlateau(opt, **options)
        found.append([])
        for metric in metrics:
            scheduler.step(lib.tensor(metric))
            found[-1].append((seen(opt), scheduler.get_last_lr(),
                              scheduler.num_bad_epochs))
    assert found[0] == found[1]


def plain(state):
    """A state dictionary without what has no value of its own."""
    return {k: v for k, v in state.items() if k != "_schedulers"}


SAVED = {
    **EACH, **COMPOSED,
    "object": lambda s, o: s.LambdaLR(o, Halving(0.9)),
}  # fmt: skip


@pytest.mark.parametrize("name", SAVED)
def test_a_schedule_resumes_on_either_side(name):
    for first, second in (scratch, torch), (torch, scratch):
        opt = optimizer(first)
        scheduler = SAVED[name](schedules(first), opt)
        walk(opt, scheduler, 20)
        saved = scheduler.state_dict()
        other = optimizer(second)
        resumed = SAVED[name](schedules(second), other)
        resumed.load_state_dict(saved)
        for group, new in zip(opt.param_groups, other.param_groups):
            new.update({k: v for k, v in group.items() if k != "params"})
        assert walk(opt, scheduler, 20)[1:] == walk(other, resumed, 20)[1:]


@pytest.mark.parametrize("name", SAVED)
def test_a_state_dict_has_the_keys_of_torch(name):
    states = []
    for lib in LIBS:
        opt = optimizer(lib)
        scheduler = SAVED[name](schedules(lib), opt)
        walk(opt, scheduler, 3)
        states.append(plain(scheduler.state_dict()))
    assert states[0] == states[1]


@pytest.mark.parametrize("name", EACH)
def test_last_epoch_resumes_in_the_middle(name):
    found = []
    for lib in LIBS:
        opt = optimizer(lib)
        walk(opt, EACH[name](schedules(lib), opt), 5)

        class Later:
            """Makes each schedule with last_epoch=5."""

            def __getattr__(self, name, lib=lib):
                make = getattr(schedules(lib), name)
                return lambda *args, **kw: make(*args, last_epoch=5, **kw)

        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            found.append(outcome(
                lambda o=opt: walk(o, EACH[name](Later(), o), 20)))
    assert found[0] == found[1]


@pytest.mark.parametrize("name", EACH)
def test_an_epoch_can_be_named(name):
    found = []
    for lib in LIBS:
        opt = optimizer(lib)
        scheduler = EACH[name](schedules(lib), opt)
        opt.step()
        with warnings.catch_warnings(record=True) as told:
            warnings.simplefilter("always")
            rates = []
            for epoch in 3, 11, 4:
                scheduler.step(epoch)
                rates.append((seen(opt), scheduler.last_epoch))
        found.append((rates, [str(w.message) for w in told]))
    assert found[0] == found[1]


def outcome(call):
    try:
        return call()
    except Exception as error:
        return type(error), str(error)


def bad(s, o):
    """Calls that are refused."""
    lib = scratch if "scratch" in s.__name__ else torch
    other = lib.optim.SGD([lib.zeros(1, requires_grad=True)])
    step = s.StepLR(o, 3)
    plateau = s.ReduceLROnPlateau(o)
    yield from [
        lambda: s.StepLR(3, 3),
        lambda: s.StepLR(other, 3, last_epoch=4),
        lambda: s.LambdaLR(o, [lambda t: 1]),
        lambda: s.MultiplicativeLR(o, 3),
        lambda: s.MultiplicativeLR(o, [lambda t: 1] * 3),
        lambda: s.ConstantLR(o, 1.5),
        lambda: s.LinearLR(o, 0),
        lambda: s.LinearLR(o, 1, 2),
        lambda: s.CosineAnnealingWarmRestarts(o, 0),
        lambda: s.CosineAnnealingWarmRestarts(o, 3, 0),
        lambda: s.CosineAnnealingWarmRestarts(o, 3, 2, "a"),
        lambda: s.CosineAnnealingWarmRestarts(o, 3).step(-1),
        lambda: s.CyclicLR(o, 1e-3, 1, mode="odd"),
        lambda: s.CyclicLR(o, [1e-3], 1),
        lambda: s.CyclicLR(lib.optim.Adagrad(other.param_groups), 1e-3, 1),
        lambda: s.CyclicLR(3, 1e-3, 1),
        lambda: s.OneCycleLR(o, 1),
        lambda: s.OneCycleLR(o, 1, total_steps=-1),
        lambda: s.OneCycleLR(o, 1, epochs=2, steps_per_epoch=0),
        lambda: s.OneCycleLR(o, 1, epochs=0, steps_per_epoch=3),
        lambda: s.OneCycleLR(o, 1, 10, pct_start=2.0),
        lambda: s.OneCycleLR(o, 1, 10, anneal_strategy="odd"),
        lambda: s.OneCycleLR(o, [1, 2, 3], 10),
        lambda: [s.OneCycleLR(o, 1, 2, last_epoch=3)],
        lambda: s.ReduceLROnPlateau(o, factor=1.0),
        lambda: s.ReduceLROnPlateau(o, "odd"),
        lambda: s.ReduceLROnPlateau(o, threshold_mode="odd"),
        lambda: s.ReduceLROnPlateau(o, min_lr=[0.1]),
        lambda: s.ReduceLROnPlateau(3),
        lambda: s.SequentialLR(o, [], []),
        lambda: s.SequentialLR(o, [step], [3]),
        lambda: s.SequentialLR(o, [step, plateau], [3]),
        lambda: s.SequentialLR(o, [step, 3], [3]),
        lambda: s.ChainedScheduler([]),
        lambda: s.ChainedScheduler([step, plateau]),
        lambda: s.ChainedScheduler([step, 3]),
    ]
    sequence = s.SequentialLR, s.StepLR(other, 2)
    found = outcome(lambda: sequence[0](o, [step, sequence[1]], [3]))
    yield lambda: (found[0], "different from SGD" in found[1])


def test_bad_arguments_are_refused_in_the_words_of_torch():
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        sides = [bad(schedules(lib), optimizer(lib)) for lib in LIBS]
        for ours, theirs in zip(*sides, strict=True):
            ours, theirs = outcome(ours), outcome(theirs)
            assert isinstance(ours, tuple), theirs
            assert ours == theirs


def told(call):
    with warnings.catch_warnings(record=True) as list_:
        warnings.simplefilter("always")
        call()
    return [(w.category, str(w.message)) for w in list_]


def test_the_warnings_are_those_of_torch():
    found = []
    for lib in LIBS:
        s, opt = schedules(lib), optimizer(lib)
        early = s.StepLR(opt, 3)
        found.append([told(early.step), told(early.step)])
        opt = optimizer(lib)
        changed = s.StepLR(opt, 3)
        opt.step = lambda: None
        found[-1].append(told(changed.step))
        opt = optimizer(lib)
        right = s.StepLR(opt, 3)
        opt.step()
        found[-1].append(told(right.step))
        found[-1].append(told(right.get_lr))
    assert found[0] == found[1]
    assert [len(t) for t in found[0]] == [1, 0, 1, 0, 1]


def test_a_tensor_rate_is_written_in_place():
    found = []
    for lib in LIBS:
        lr = lib.tensor(0.1, dtype=lib.float64)
        opt = lib.optim.SGD([lib.zeros(2, requires_grad=True)], lr=lr)
        scheduler = schedules(lib).ExponentialLR(opt, 0.9)
        rates = []
        for _ in range(5):
            opt.step()
            scheduler.step()
            rates.append(float(opt.param_groups[0]["lr"]))
        assert opt.param_groups[0]["lr"] is lr
        found.append(rates)
    np.testing.assert_allclose(*found, rtol=1e-15)


def test_a_schedule_of_a_learner_works():
    found = []
    for lib in LIBS:
        base = schedules(lib).LRScheduler

        class Root(base):
            """γ / √(t + 1), written as for torch."""

            def get_lr(self):
                return [b / (self.last_epoch + 1) ** 0.5
                        for b in self.base_lrs]

        opt = optimizer(lib)
        found.append(walk(opt, Root(opt), 10))
    assert found[0] == found[1]


def test_a_schedule_does_not_keep_its_optimizer_alive():
    opt = optimizer(scratch)
    scratch.optim.lr_scheduler.StepLR(opt, 3)
    alive = weakref.ref(opt)
    del opt
    gc.collect()
    assert alive() is None
