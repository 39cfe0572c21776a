"""Whole models and objects of any class: saved, and read by who trusts."""

import copy
import io
import os
import pickle
from collections import OrderedDict, defaultdict, namedtuple
from enum import Enum
from functools import partial

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

import scratch
from parity_tests.serialization.ways import plain, round_trip, saved
from scratch import nn
from scratch.serialization import load, save
from scratch.serialization.archive import LoadError

Pair = namedtuple("Pair", "a b")


class Colour(Enum):
    RED = 1


class Net(nn.Module):
    """A user's model: layers, a function, a class inside."""

    class Options:
        __slots__ = ("width", "more")

        def __init__(self, width):
            self.width, self.more = width, [self]

    def __init__(self, width=3):
        super().__init__()
        self.body = nn.Sequential(nn.Linear(2, width), nn.BatchNorm1d(width))
        self.act, self.options = scratch.tanh, self.Options(width)
        self.tied = self.body[0].weight
        self.register_buffer("mask", scratch.ones(width) > 0)

    def forward(self, x):
        return self.act(self.body(x)) * self.mask


class Marked(scratch.Tensor):
    """A user's class of tensors."""


class Slotted:
    def __init__(self):
        self.seen = 1

    def __getstate__(self):
        return {"seen": self.seen + 1}

    def __setstate__(self, state):
        self.seen = state["seen"] * 10


class Positional(tuple):
    def __new__(cls, a, b=2):
        return super().__new__(cls, (a, b))

    def __getnewargs_ex__(self):
        return (self[0],), {"b": self[1]}


def trusted(x):
    return load(io.BytesIO(saved(x)), weights_only=False)


SIMPLE = [
    len, range(3), frozenset([1, "a"]), 1 << 3000, -(1 << 2100), Ellipsis,
    NotImplemented, type(None), Pair(1, (2,)), type, scratch.Tensor, Net,
    Net.Options, Colour.RED, defaultdict(list, a=[1]), slice(1, None), Pair,
    OrderedDict(a=1).__class__, scratch.relu, scratch.linalg.norm, np.dtype(
        "int8"), Positional(3, b=4), b"\xff" * 9, scratch.strided, print,
    scratch.add, nn.functional.relu, scratch.nn.init.zeros_, str.upper,
]  # fmt: skip


@pytest.mark.parametrize("x", SIMPLE, ids=lambda x: type(x).__name__)
def test_objects_of_any_class_come_back(x):
    assert trusted([x])[0] == x and type(trusted([x])[0]) is type(x)
    assert pickle.loads(pickle.dumps(x)) == x


@given(st.recursive(
    st.one_of(st.integers(), st.text(), st.frozensets(st.integers())),
    lambda inner: st.one_of(
        st.lists(inner), st.builds(Pair, inner, inner),
        st.lists(inner).map(tuple),
        st.dictionaries(st.text(), inner).map(
            lambda d: defaultdict(int, d)),
    ), max_leaves=9))  # fmt: skip
def test_nested_objects_come_back_as_pickle_brings_them(x):
    assert trusted(x) == pickle.loads(pickle.dumps(x)) == x


def test_odd_states_are_kept():
    array = np.arange(6.0).reshape(2, 3)[:, ::2]
    back = trusted({"array": array, "s": Slotted(), "p": partial(max, 1)})
    assert (back["array"] == array).all() and back["s"].seen == 20
    assert back["p"](0) == 1
    loop = ([],)
    loop[0].append(loop)
    twin = trusted(loop)
    assert twin[0][0] is twin


@pytest.mark.parametrize("x", [1, 2.5, "a", None])
@pytest.mark.parametrize("protocol", [0, 1, 2, 3, 4, 5])
def test_every_protocol_is_taken(protocol, x):
    file = io.BytesIO()
    save([x], file, pickle_protocol=protocol)
    assert load(io.BytesIO(file.getvalue())) == [x]
    assert torch.load(io.BytesIO(file.getvalue())) == [x]


def test_a_whole_model_computes_the_same(tmp_path):
    net, x = Net(), scratch.randn(4, 2)
    net(x).sum().backward()
    save(net, tmp_path / "net.pt")
    for options in (
        {},
        {"mmap": True},
        {"map_location": "cpu"},
        {"pickle_module": pickle},
        {"encoding": "ascii"},
    ):
        twin = load(tmp_path / "net.pt", weights_only=False, **options)
        assert type(twin) is Net and twin.act is scratch.tanh
        assert plain(twin.eval()(x)) == plain(net.eval()(x))
        assert plain(twin.state_dict()) == plain(net.state_dict())
        assert twin.tied is twin.body[0].weight and twin.tied.grad is None
        assert twin.options.more[0] is twin.options
    again = load(tmp_path / "net.pt", pickle_module=pickle)
    assert again.training and plain(again.eval()(x)) == plain(net(x))


def test_a_model_its_optimizer_and_schedule_stay_together():
    net = Net()
    optimizer = scratch.optim.Adam(net.parameters(), 0.1)
    schedule = scratch.optim.lr_scheduler.StepLR(optimizer, 1)
    for make in (
        trusted,
        copy.deepcopy,
        lambda x: pickle.loads(pickle.dumps(x)),
    ):
        a, b, c = make((net, optimizer, schedule))
        assert b.param_groups[0]["params"][0] is a.body[0].weight
        assert c.optimizer is b and c.state_dict() == schedule.state_dict()
        (a(scratch.randn(4, 2)) ** 3).sum().backward()
        b.step()
        with pytest.warns(UserWarning, match="has been overridden"):
            c.step()  # torch: the copy of a schedule says so, too
        assert b.param_groups[0]["lr"] == pytest.approx(0.01)
        assert optimizer.param_groups[0]["lr"] == 0.1
        assert (a.tied != net.tied).any()


def test_a_class_of_tensors_stays_and_shares():
    x = scratch.arange(6.0).as_strided((2, 3), (3, 1))
    y = x.view(6).detach()
    y.__class__, y.note, y._own = Marked, "mine", 3
    loaded, other = trusted([y, x])
    assert type(loaded) is Marked and (loaded.note, loaded._own) == ("mine", 3)
    loaded[0] = 9
    assert other[0, 0] == 9
    with pytest.raises(pickle.UnpicklingError, match="Marked"):
        round_trip([y])


def test_by_default_no_class_is_loaded(tmp_path):
    path = tmp_path / "net.pt"
    save(Net(), path)
    name = f"{Net.__module__}.Net"
    for options in ({}, {"weights_only": True}):
        with pytest.raises(pickle.UnpicklingError) as caught:
            load(path, **options)
        assert f"GLOBAL {name} was not an allowed global by default" in (
            str(caught.value)
        )
        assert f"add_safe_globals([{name}])" in str(caught.value)
        with pytest.raises(pickle.UnpicklingError, match="Weights only load"):
            torch.load(path, **options)


def test_environment_variables_decide(tmp_path, monkeypatch):
    path = tmp_path / "x.pt"
    save(Pair(1, 2), path)
    monkeypatch.setenv("TORCH_FORCE_NO_WEIGHTS_ONLY_LOAD", "1")
    assert load(path) == Pair(1, 2)
    with pytest.raises(pickle.UnpicklingError):
        load(path, weights_only=True)
    monkeypatch.setenv("TORCH_FORCE_WEIGHTS_ONLY_LOAD", "yes")
    with pytest.raises(RuntimeError, match="Only one of"):
        load(path)
    monkeypatch.delenv("TORCH_FORCE_NO_WEIGHTS_ONLY_LOAD")
    with pytest.raises(pickle.UnpicklingError):
        load(path, weights_only=False)


@pytest.fixture
def clean():
    yield
    scratch.serialization.clear_safe_globals()


def test_what_is_called_safe_is_loaded(tmp_path, clean):
    path, s = tmp_path / "x.pt", scratch.serialization
    save([Pair(1, scratch.ones(2)), Slotted(), Colour.RED], path)
    unsafe = s.get_unsafe_globals_in_checkpoint(path)
    assert unsafe == sorted(
        f"{k.__module__}.{k.__name__}" for k in (Pair, Slotted, Colour)
    )
    with s.safe_globals([Pair, Slotted, Colour]):
        pair, slotted, colour = load(path)
        assert pair.b.tolist() == [1, 1] and slotted.seen == 20
        assert colour is Colour.RED
        assert s.get_unsafe_globals_in_checkpoint(path) == []
    assert s.get_safe_globals() == []
    s.add_safe_globals([Pair, (Slotted, unsafe[-1])])
    assert set(s.get_safe_globals()) == {Pair, (Slotted, unsafe[-1])}
    with pytest.raises(pickle.UnpicklingError, match="Colour"):
        load(path)
    s.clear_safe_globals()
    for bad, error in (((Pair,), ValueError), ((Pair, 3), TypeError)):
        s.add_safe_globals([bad])
        with pytest.raises(error):
            load(path)
        s.clear_safe_globals()


def test_a_whole_model_may_be_called_safe(clean):
    raw = saved(nn.Sequential(nn.Linear(2, 2), nn.ReLU()))
    with scratch.serialization.safe_globals([nn.Sequential, nn.Linear]):
        with pytest.raises(pickle.UnpicklingError, match="ReLU"):
            load(io.BytesIO(raw))
    safe = [nn.Sequential, nn.Linear, nn.ReLU]
    with scratch.serialization.safe_globals(safe):
        assert load(io.BytesIO(raw))(scratch.ones(1, 2)).shape == (1, 2)


class Evil:
    def __reduce__(self):
        return os.system, ("echo this must not run > evil",)


def test_nothing_runs_that_is_not_allowed(tmp_path, monkeypatch, clean):
    monkeypatch.chdir(tmp_path)
    raw = saved(Evil())
    for safe in ([], [Evil], [os.system]):
        with scratch.serialization.safe_globals(safe):
            with pytest.raises(pickle.UnpicklingError):
                load(io.BytesIO(raw))
    raw = saved([Slotted(), Pair(1, 2)])
    with scratch.serialization.safe_globals([Pair]):
        with pytest.raises(pickle.UnpicklingError, match="Slotted"):
            load(io.BytesIO(raw))
    assert not os.listdir(tmp_path)


def test_a_model_of_torchs_own_classes_is_refused_in_clear_words():
    raw = saved(torch.nn.Linear(2, 2), torch.save)
    with pytest.raises(LoadError, match=r"torch\.nn\.modules\.linear\.Linear"):
        load(io.BytesIO(raw), weights_only=False)
    both = {
        "x": torch.ones(2),
        "p": Pair(torch.nn.Parameter(torch.zeros(1)), torch.float16),
    }
    back = load(io.BytesIO(saved(both, torch.save)), weights_only=False)
    assert back["x"].tolist() == [1, 1] and type(back["p"]) is Pair
    assert type(back["p"].a) is nn.Parameter and back["p"].b is scratch.float16


def test_a_copied_tensor_keeps_what_its_user_set():
    for lib in (scratch, torch):
        x = lib.ones(2, requires_grad=True)
        x.note = ["a"]
        x.sum().backward()
        twin = copy.deepcopy(x)
        assert twin.note == ["a"] and twin.note is not x.note
        assert twin.grad.tolist() == [1, 1]
        assert pickle.loads(pickle.dumps(x)).grad is None
        assert pickle.loads(pickle.dumps(x)).note == ["a"]
