"""Averaged networks and their schedule, beside torch's."""

import copy
import inspect
import pickle

import numpy as np
import pytest
import torch
import torch.optim.swa_utils as theirs
from hypothesis import given
from hypothesis import strategies as st

import scratch
import scratch.optim.swa_utils as ours
from parity_tests.optim.twins import to_scratch

SIDES = [(scratch, ours), (torch, theirs)]
AVERAGES = {
    "default": lambda swa: {},
    "swa": lambda swa: {"avg_fn": swa.get_swa_avg_fn()},
    "swa of lists": lambda swa: {"multi_avg_fn": swa.get_swa_multi_avg_fn()},
    "ema": lambda swa: {"avg_fn": swa.get_ema_avg_fn(0.7)},
    "ema of lists": lambda swa: {"multi_avg_fn": swa.get_ema_multi_avg_fn()},
    "a learner's": lambda swa: {"avg_fn": lambda a, p, n: a + (p - a) / 2},
}


def network(lib):
    torch.manual_seed(0)
    model = torch.nn.Sequential(
        torch.nn.Linear(3, 4), torch.nn.BatchNorm1d(4), torch.nn.Linear(4, 2)
    )
    if lib is torch:
        return model.double()
    twin = scratch.nn.Sequential(
        scratch.nn.Linear(3, 4),
        scratch.nn.BatchNorm1d(4),
        scratch.nn.Linear(4, 2),
    )
    twin.load_state_dict(to_scratch(dict(model.state_dict())))
    return twin.double()


def inputs(lib, count=4):
    x = np.random.default_rng(1).standard_normal((count, 5, 3))
    return [lib.from_numpy(batch) for batch in x]


def averaged(lib, swa, kind, use_buffers):
    model = network(lib)
    average = swa.AveragedModel(
        model, use_buffers=use_buffers, **AVERAGES[kind](swa)
    )
    opt = lib.optim.SGD(model.parameters(), lr=0.1)
    for x in inputs(lib):
        opt.zero_grad()
        model(x).square().sum().backward()
        opt.step()
        average.update_parameters(model)
    return average


@pytest.mark.parametrize("use_buffers", [False, True])
@pytest.mark.parametrize("kind", AVERAGES)
def test_an_averaged_model_holds_torchs_average(kind, use_buffers):
    if (kind, use_buffers) == ("swa of lists", True):
        for side in SIDES:  # torch: a count of batches cannot be averaged so
            with pytest.raises(RuntimeError, match="Integer division"):
                averaged(*side, kind, use_buffers)
        return
    mine, torchs = (averaged(*side, kind, use_buffers) for side in SIDES)
    expected = torchs.state_dict()
    assert list(mine.state_dict()) == list(expected)
    for name, value in mine.state_dict().items():
        np.testing.assert_allclose(
            value.numpy(), expected[name].numpy(), rtol=1e-12, atol=1e-15
        )
        assert str(value.dtype) == str(expected[name].dtype)
    assert repr(mine) == repr(torchs)
    for swa, average, lib in (
        (ours, mine, scratch),
        (theirs, torchs, torch),
    ):
        swa.update_bn([(x, 0) for x in inputs(lib)], average)
    for a, b in zip(mine.buffers(), torchs.buffers(), strict=True):
        np.testing.assert_allclose(a.numpy(), b.numpy(), rtol=1e-12)
    assert [m.momentum for m in mine.modules() if hasattr(m, "momentum")] == [
        0.1
    ]


@given(
    swa_lr=st.one_of(st.floats(0, 2), st.lists(st.floats(0, 2), max_size=3)),
    epochs=st.integers(-1, 12),
    strategy=st.sampled_from(["cos", "linear", "steps"]),
    written=st.integers(0, 20),
)
def test_a_schedule_to_a_constant_rate(swa_lr, epochs, strategy, written):
    seen = []
    for lib, swa in SIDES:
        groups = [
            {"params": [lib.ones(1, requires_grad=True)], "lr": lr}
            for lr in (0.1, 0.7)
        ]
        opt = lib.optim.SGD(groups, lr=1)
        try:
            schedule = swa.SWALR(opt, swa_lr, epochs, strategy)
        except ValueError as error:
            seen.append(str(error))
            continue
        rates = []
        for step in range(20):
            opt.step()
            if step == written:
                opt.param_groups[0]["lr"] = 0.3
                schedule.load_state_dict(copy.deepcopy(schedule.state_dict()))
            schedule.step()
            rates.append([g["lr"] for g in opt.param_groups])
        seen.append((rates, schedule.get_last_lr()))
    assert seen[0] == seen[1]


def test_what_is_refused():
    for call in (
        lambda lib, swa: swa.get_ema_avg_fn(1.5),
        lambda lib, swa: swa.get_ema_multi_avg_fn(-0.1),
        lambda lib, swa: swa.AveragedModel(
            network(lib), avg_fn=len, multi_avg_fn=len
        ),
    ):
        told = []
        for side in SIDES:
            with pytest.raises((ValueError, AssertionError)) as caught:
                call(*side)
            told.append((caught.type, str(caught.value)))
        assert told[0] == told[1]


def test_names_signatures_and_copies():
    assert set(ours.__all__) == set(theirs.__all__)
    for name in theirs.__all__:
        mine, torchs = (
            inspect.signature(getattr(swa, name)).parameters for _, swa in SIDES
        )
        assert [(p.name, p.default) for p in mine.values()] == [
            (p.name, p.default) for p in torchs.values()
        ]
    average = averaged(*SIDES[0], "default", False)
    for twin in copy.deepcopy(average), pickle.loads(pickle.dumps(average)):
        assert twin.n_averaged == 4
        twin.update_parameters(network(scratch))
