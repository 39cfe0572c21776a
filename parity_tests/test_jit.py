"""Programs marked for torch's compiler run as they are."""

import copy
import re
import warnings
from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

import scratch

LIBS = (scratch, torch)


@pytest.fixture(autouse=True)
def quiet() -> Any:
    """torch calls its own compiler deprecated; that is no matter here."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", FutureWarning)
        warnings.simplefilter("ignore", DeprecationWarning)
        yield


def raised(function: Any, lib: Any) -> Exception | None:
    """What a call raises."""
    try:
        function(lib)
    except Exception as error:
        return error
    return None


def network(lib: Any, sizes: list[int], kinds: list[str]) -> Any:
    """Linear layers and what stands between them, two of them nested."""
    lib.manual_seed(0)
    layers = []
    for i, (a, b) in enumerate(zip(sizes, sizes[1:], strict=False)):
        layers += [lib.nn.Linear(a, b), getattr(lib.nn, kinds[i % 3])()]
    return lib.nn.Sequential(lib.nn.Sequential(*layers[:2]), *layers[2:])


@given(
    st.lists(st.integers(1, 4), min_size=2, max_size=4),
    st.lists(
        st.sampled_from(["ReLU", "Tanh", "Dropout", "Identity"]),
        min_size=3,
        max_size=3,
    ),
    st.booleans(),
)
def test_a_module_runs_as_before_and_shares_its_numbers(
    sizes: list[int], kinds: list[str], traced: bool
) -> None:
    shown = []
    for lib in LIBS:
        net = network(lib, sizes, kinds).eval()
        x = lib.ones(2, sizes[0])
        made = lib.jit.trace(net, x) if traced else lib.jit.script(net)
        assert isinstance(made, lib.jit.ScriptModule)
        assert made.original_name == "Sequential"
        assert dict(made.named_parameters())["0.0.weight"] is net[0][0].weight
        made(x).sum().backward()
        assert net[0][0].weight.grad is not None
        assert list(made.state_dict()) == list(net.state_dict())
        assert made.train().training and not net.training
        shown.append((repr(made), made.eval()(x).tolist()))
    assert shown[0][0] == shown[1][0]
    np.testing.assert_allclose(shown[0][1], shown[1][1], rtol=1e-5, atol=1e-6)


def test_methods_of_the_class_run_with_its_own_attributes() -> None:
    class Counted(scratch.nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.steps = 2
            self.parts = scratch.nn.ModuleList([scratch.nn.Linear(2, 2)])
            self.again = self.parts[0]

        def forward(self, x: Any) -> Any:
            for part in self.parts:
                x = part(x)
            return self.times(x)

        @scratch.jit.export
        def times(self, x: Any) -> Any:
            return x * self.steps

    net = Counted()
    made = scratch.jit.script(net)
    made.steps = 3
    x = scratch.ones(1, 2)
    assert made.times(x).tolist() == [[3, 3]] and net.steps == 2
    assert made.again is made.parts[0] and scratch.jit.script(made) is made
    assert (made(x) / 3 - net(x) / 2).abs().max() < 1e-6
    assert copy.deepcopy(made)(x).tolist() == made(x).tolist()
    kinds = re.findall(r"original_name=(\w+)", repr(made))
    assert kinds == ["Counted", "ModuleList", "Linear", "Linear"]


@pytest.mark.parametrize("lib", LIBS)
def test_functions_and_marks_are_as_they_were(lib: Any) -> None:
    def double(x):  # type: ignore[no-untyped-def]
        """Twice x."""
        return x * 2

    jit = lib.jit
    for made in (
        jit.script(double),
        jit.trace(double, lib.ones(2)),
        jit.trace(double, (lib.ones(2),), check_trace=False),
    ):
        assert isinstance(made, jit.ScriptFunction) and made.name == "double"
        assert made(lib.ones(3)).tolist() == [2, 2, 2]
    for mark in (jit.export, jit.unused, jit.ignore, jit.ignore(drop=False)):
        assert mark(double) is double
    assert jit.script_if_tracing(double)(lib.ones(1)).tolist() == [2]
    assert not jit.is_scripting() and not jit.is_tracing()
    assert jit.annotate(list[int], [3]) == [3]
    assert jit.Attribute(3, int).value == 3


@given(
    st.recursive(
        st.one_of(st.integers(), st.text(max_size=1), st.none(), st.floats()),
        lambda inner: st.lists(inner, max_size=2),
        max_leaves=4,
    )
)
def test_isinstance_looks_into_containers(value: Any) -> None:
    kinds = [
        int,
        str,
        list[int],
        list[list[float]],
        dict[str, int],
        tuple[int, str],
        int | None,
        (list[str], int),
    ]
    for kind in kinds:
        holders = [value, (value, "a"), {"a": value}]
        for given_ in holders:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore", UserWarning)
                assert scratch.jit.isinstance(given_, kind) == (
                    torch.jit.isinstance(given_, kind)
                ), (given_, kind)


@pytest.mark.parametrize(
    "wrong",
    [
        lambda t: t.jit.script(3),
        lambda t: t.jit.script(t.nn.ReLU),
        lambda t: t.jit.trace(t.nn.Linear(2, 2).extra_repr, t.ones(1)),
        lambda t: t.jit.trace(t.nn.Linear(2, 2), t.ones(1, 3)),
        lambda t: t.jit.freeze(t.nn.ReLU()),
        lambda t: t.jit.freeze(t.jit.script(t.nn.ReLU())),
        lambda t: t.jit.load("/no/such/file"),
    ],
)
def test_what_torch_refuses_is_refused(wrong: Any) -> None:
    ours, theirs = (raised(wrong, lib) for lib in LIBS)
    assert type(ours) is type(theirs), (ours, theirs)


def test_what_needs_a_compiler_says_so(tmp_path: Any) -> None:
    made = scratch.jit.script(scratch.nn.Linear(2, 2))
    file = tmp_path / "m.pt"
    file.write_bytes(b"")
    for asks in (
        lambda: made.code,
        lambda: made.graph,
        lambda: made.save(file),
        lambda: scratch.jit.load(file),
        lambda: scratch.jit.save(made, file),
    ):
        with pytest.raises(RuntimeError, match="state_dict"):
            asks()
