"""Training: learning, exactness of options, resuming, clear errors."""

import math
from dataclasses import replace
from pathlib import Path

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from torchref import checkpoint, devices, steps, training
from torchref.data import Table
from torchref.datasets import load
from torchref.distributed import World
from torchref.options import Options, fastest
from torchref.recipes import RECIPES, Recipe, Schedule, adam, sgd, toy
from torchref.steps import blocks
from torchref.training import Diverged, Epoch, OutOfMemory, build, fit

PICTURES = [n for n, r in RECIPES.items() if r.loss == "cross_entropy"]
TABLES = [n for n in RECIPES if n not in PICTURES and n != "house_price"]


def trained(
    recipe: Recipe, options: Options | None = None, **more
) -> tuple[torch.nn.Module, list[Epoch]]:
    options = options or Options()
    net = build(recipe, 0)
    data = load(recipe, options.dtype)
    return net, list(fit(net, recipe, *data, options, **more))


def small(name: str = "lenet_relu", **more) -> Recipe:
    """Two short epochs whose last batch is not whole."""
    short = dict(epochs=2, examples=27, optimizer=sgd(0.05))
    return replace(toy(RECIPES[name]), **{**short, **more})


def assert_same(a: torch.nn.Module, b: torch.nn.Module, far: float) -> None:
    theirs = b.state_dict()
    for key, mine in a.state_dict().items():
        torch.testing.assert_close(
            mine.double(), theirs[key].double(), atol=far, rtol=far, msg=key
        )


@pytest.mark.parametrize("name", PICTURES)
def test_a_recipe_learns_at_toy_size(name: str) -> None:
    _, epochs = trained(toy(RECIPES[name]))
    assert epochs[-1].loss < 0.3 * epochs[0].loss
    assert epochs[-1].accuracy > 0.8


def test_regressions_reach_their_noise() -> None:
    _, line = trained(RECIPES["linear_regression"])
    assert 0.9e-4 < line[-1].test_loss < 1.2e-4
    _, curve = trained(RECIPES["polynomial"])
    assert 0.005 < curve[-1].test_loss < 0.02
    net, edge = trained(RECIPES["edge_kernel"])
    assert edge[-1].loss < 1.0
    assert math.isnan(edge[-1].accuracy)


def test_weight_decay_spares_the_bias_and_shrinks_the_weights() -> None:
    recipe = RECIPES["weight_decay"]
    free = replace(recipe, optimizer=sgd(0.003))
    norms = [trained(r)[0][0].weight.norm().item() for r in (free, recipe)]
    assert 10 < norms[0] < 17
    assert norms[1] < 1


@pytest.mark.intense
@pytest.mark.timeout(900)
@pytest.mark.parametrize("name", [*PICTURES, *TABLES])
def test_two_steps_at_full_size(name: str) -> None:
    """House prices have their own test: their files are not ours."""
    recipe = replace(RECIPES[name], epochs=1)
    if recipe.data == "cifar10":
        recipe = replace(recipe, data="toy_colour")
    count = 2
    if name in TABLES:
        count = min(2, -(-len(load(recipe)[0]) // recipe.batch))
    recipe = replace(recipe, examples=count * recipe.batch)
    train, test = load(recipe)
    if name in PICTURES:
        test.pixels, test.labels = test.pixels[:64], test.labels[:64]
    parts = Options(accumulate=min(8, recipe.batch))  # of less memory
    net = build(recipe)
    few = torch.arange(len(train))[:2]
    net(train.batch(few)[0])  # lazy layers learn their sizes
    before = [p.detach().clone() for p in net.parameters()]
    (epoch,) = fit(net, recipe, train, test, parts)
    assert math.isfinite(epoch.loss) and 0 < epoch.loss < 500
    if name in PICTURES:
        assert epoch.loss < 20
    moved = [not torch.equal(p, q) for p, q in zip(net.parameters(), before)]
    assert sum(moved) > len(moved) / 2


@pytest.mark.parametrize(
    ("options", "far"),
    [
        (Options(fused=True), 1e-6),
        (Options(channels_last=True), 1e-5),
        (Options(wait=True), 0),
        (Options(graph=3), 0),
        (Options(deterministic=True), 0),
        (Options(accumulate=3), 1e-6),
        (Options(accumulate=100), 1e-6),
        (Options(precision="float64"), 1e-4),
        (Options(precision="bf16"), 0.05),
        pytest.param(Options(compile=True), 1e-5, marks=pytest.mark.intense),
    ],
    ids=str,
)
def test_an_option_changes_weights_by_rounding_alone(
    options: Options, far: float
) -> None:
    plain, _ = trained(small())
    other, _ = trained(small(), options)
    assert_same(plain, other, far)


def test_accumulated_gradients_are_the_whole_batch() -> None:
    double = Options(precision="float64")
    plain, _ = trained(small(), double)
    parts, _ = trained(small(), replace(double, accumulate=3))
    assert_same(plain, parts, 1e-12)


def test_switches_are_put_back() -> None:
    before = (
        torch.get_float32_matmul_precision(),
        torch.backends.cudnn.allow_tf32,
        torch.are_deterministic_algorithms_enabled(),
    )
    trained(small(), Options(precision="tf32", deterministic=True))
    assert before == (
        torch.get_float32_matmul_precision(),
        torch.backends.cudnn.allow_tf32,
        torch.are_deterministic_algorithms_enabled(),
    )


@given(
    st.integers(0, 60), st.integers(1, 12), st.integers(1, 5), st.integers(0, 9)
)
def test_blocks_cover_every_example_once(
    n: int, batch: int, together: int, done: int
) -> None:
    order = torch.randperm(n)
    done = min(done, n // batch)
    found = list(blocks(order, batch, together, done))
    rows = [row for block in found for row in block.flatten().tolist()]
    assert rows == order[done * batch :].tolist()
    assert all(len(block) <= together for block in found)


def test_an_epoch_is_shuffled_by_seed_and_number() -> None:
    rows = Table(torch.zeros(50), torch.zeros(50))
    first = training.shuffled(rows, 0, 0)
    assert torch.equal(first, training.shuffled(rows, 0, 0))
    assert not torch.equal(first, training.shuffled(rows, 0, 1))
    assert not torch.equal(first, training.shuffled(rows, 1, 0))
    assert first.sort().values.tolist() == list(range(50))


class Power(Exception):
    """The plug is pulled."""


@pytest.mark.parametrize("name", ["lenet_bn", "dropout_mlp", "light"])
@pytest.mark.parametrize("after", [1, 2, 4, 5, 7])
def test_a_resumed_run_ends_with_the_same_bits(
    name: str, after: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    recipe = small(name, examples=26)
    options = Options(save_every=1)
    whole, epochs = trained(recipe, options, state=tmp_path / "whole.pt")
    saved, real = [], checkpoint.save

    def pulled(path: Path, state: object) -> None:
        real(path, state)
        saved.append(path)
        if len(saved) == after:
            raise Power

    monkeypatch.setattr(checkpoint, "save", pulled)
    state = tmp_path / "state.pt"
    with pytest.raises(Power):
        trained(recipe, options, state=state)
    monkeypatch.setattr(checkpoint, "save", real)
    again, rest = trained(recipe, options, state=state, resume=True)
    assert_same(whole, again, 0)
    for mine, theirs in zip(reversed(rest), reversed(epochs)):
        assert mine.loss == theirs.loss
        assert mine.test_accuracy == theirs.test_accuracy


def recorded(patch: pytest.MonkeyPatch) -> None:
    """As on a GPU, where the learning rate is a number on the device; the
    recording itself is left out."""
    patch.setattr(Options, "recorded", lambda self, _: self.graph > 0)
    patch.setattr(steps, "Recorded", lambda work, *_: work)


@pytest.mark.parametrize("first", [0, 1])
def test_a_resumed_run_records_or_not_as_it_likes(
    first: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What wrote the checkpoint does not freeze the learning rate."""
    recorded(monkeypatch)
    schedule = Schedule("steps", milestones=(1, 2), gamma=0.1)
    recipe = small(epochs=3, schedule=schedule)
    whole, _ = trained(recipe, Options(graph=first))
    state = tmp_path / "state.pt"
    net = build(recipe, 0)
    data = load(recipe)
    next(iter(fit(net, recipe, *data, Options(graph=first), state=state)))
    other = Options(graph=1 - first)
    again, _ = trained(recipe, other, state=state, resume=True)
    assert_same(whole, again, 1e-6)


@pytest.mark.parametrize("graph", [0, 1])
def test_an_optimizer_keeps_its_own_way_of_running(
    graph: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    recorded(monkeypatch)
    recipe = small(optimizer=adam(0.01))
    train, _ = load(recipe)
    made = [
        steps.Steps(build(recipe), recipe, train, Options(graph=g), World())
        for g in (graph, 1 - graph)
    ]
    rates = []
    for one in made:
        one.start(0.5)
        rates.append(one.optimizer.param_groups[0]["lr"])
    assert sorted(isinstance(rate, torch.Tensor) for rate in rates) == [0, 1]
    assert [float(rate) for rate in rates] == pytest.approx([0.005] * 2)
    made[1].load(made[0].optimizer.state_dict())
    made[1].start(1.0)
    group = made[1].optimizer.param_groups[0]
    assert group["capturable"] == (graph == 0)
    assert isinstance(group["lr"], torch.Tensor) == (graph == 0)
    assert float(group["lr"]) == pytest.approx(0.01)


def test_small_networks_are_exact_and_many_steps_a_launch() -> None:
    gpu = torch.device("cuda")
    small_, large = fastest(gpu, True), fastest(gpu, False)
    assert (small_.precision, large.precision) == ("tf32", "bf16")
    assert small_.graph > 1 == large.graph
    assert fastest(gpu, True, processes=2).graph == 0
    assert fastest(torch.device("cpu"), True) == Options()


def test_a_checkpoint_is_whole_or_not_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "state.pt"
    checkpoint.save(path, {"a": 1})

    def broken(state: object, file) -> None:
        file.write(b"half")
        raise OSError("disk full")

    monkeypatch.setattr(torch, "save", broken)
    with pytest.raises(OSError, match="disk full"):
        checkpoint.save(path, {"a": 2})
    monkeypatch.undo()
    assert checkpoint.load(path) == {"a": 1}


def test_a_checkpoint_of_another_run_is_refused(tmp_path: Path) -> None:
    state = tmp_path / "state.pt"
    trained(small(), state=state)
    other = small(batch=5)
    with pytest.raises(ValueError, match="belongs to seed 0"):
        trained(other, state=state, resume=True)
    with pytest.raises(FileNotFoundError, match="nothing to resume"):
        trained(other, state=tmp_path / "none.pt", resume=True)


@pytest.mark.filterwarnings("ignore")
def test_a_loss_that_is_no_number_keeps_the_last_good_state(
    tmp_path: Path,
) -> None:
    state = tmp_path / "state.pt"
    recipe = small("linear_regression", epochs=1, examples=0)
    trained(recipe, state=state)
    good = state.read_bytes()
    wild = replace(recipe, optimizer=sgd(1e30), epochs=3)
    with pytest.raises(Diverged, match="optimizer.lr=3.33e.29.*last good"):
        trained(wild, state=state)
    assert state.read_bytes() == good


def test_too_large_a_batch_says_what_to_change(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def full(*_: object) -> None:
        raise torch.OutOfMemoryError("tried to allocate 1 TiB\nmore")

    monkeypatch.setattr(training, "evaluate", full)
    with pytest.raises(OutOfMemory, match="accumulate=4.*batch=4"):
        trained(small())


@pytest.mark.skipif(torch.cuda.is_available(), reason="a GPU is there")
def test_a_missing_device_is_said_at_once() -> None:
    with pytest.raises(RuntimeError, match="sees 0 GPUs"):
        devices.pick("cuda:3")
    with pytest.raises((ValueError, RuntimeError)):
        devices.pick("abacus")
    assert devices.pick("auto").type == "cpu"
    assert devices.try_all_gpus() == [torch.device("cpu")]
