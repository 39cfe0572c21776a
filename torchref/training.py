"""Training a network by its recipe, at the speed of the device."""

import contextlib
import math
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn

from torchref import checkpoint, devices
from torchref.data import Images, Table
from torchref.distributed import World, synchronised, watched
from torchref.networks import INITIALISATIONS, NETWORKS
from torchref.options import Options, autocast, numerics, place
from torchref.recipes import Recipe
from torchref.steps import LOSSES, Steps, blocks, measured


class Diverged(RuntimeError):
    """The loss is no number any more."""


class OutOfMemory(RuntimeError):
    """The device has no room for what the run asks for."""


@dataclass(frozen=True)
class Epoch:
    """One line of the record; a regression has no accuracies (NaN).

    `loss` and `accuracy` are means while training went on, `seconds` holds
    the steps alone.
    """

    epoch: int
    loss: float
    accuracy: float
    test_loss: float
    test_accuracy: float
    seconds: float
    examples_per_second: float


@dataclass
class Progress:
    """How far a run has come: whole epochs, and steps of the next one."""

    epoch: int = 0
    step: int = 0
    totals: list[float] = field(default_factory=lambda: [0.0, 0.0])


def build(recipe: Recipe, seed: int = 0) -> nn.Module:
    """The recipe's network with the weights that the seed alone decides."""
    torch.manual_seed(seed)
    network: Any = NETWORKS[recipe.network]
    net = network(**recipe.sizes)
    return net.apply(INITIALISATIONS[recipe.initialisation])


def shuffled(data: Images | Table, seed: int, epoch: int) -> Tensor:
    """The order of an epoch, the same for every process and after a break;
    pictures then draw which of them are mirrored."""
    g = torch.Generator().manual_seed(seed * 1_000_003 + epoch)
    order = torch.randperm(len(data), generator=g)
    if isinstance(data, Images):
        data.draw(g)
    return order


def fit(
    net: nn.Module,
    recipe: Recipe,
    train: Images | Table,
    test: Images | Table,
    options: Options | None = None,
    world: World | None = None,
    seed: int = 0,
    state: Path | None = None,
    resume: bool = False,
) -> Iterator[Epoch]:
    """Train by the recipe; yield one line of the record per epoch.

    state: the file that keeps what a resumed run needs.
    """
    options, world = options or Options(), world or World()
    with numerics(options), watched(world), explained(recipe, state):
        net = place(net, options, world.device)
        if options.sync_bn and world.size > 1:
            net = synchronised(net)
        train, test = train.to(world.device), test.to(world.device)
        steps = Steps(net, recipe, train, options, world)
        if not resume:
            torch.manual_seed(seed + 1000 * world.rank)  # of dropout
        done = restore(state, net, steps, seed) if resume else Progress()
        for epoch in range(done.epoch, recipe.epochs):
            net.train()
            steps.start(recipe.schedule.factor(epoch))
            if world.rank == 0:
                steps.totals += steps.totals.new_tensor(done.totals)
            order = shuffled(train, seed, epoch).to(world.device)
            clock, before = time.perf_counter(), done.step
            for block in blocks(
                order, recipe.batch, options.graph or 1, done.step
            ):
                steps(block)
                done.step += len(block)
                if due(options.save_every, done.step, len(block)):
                    keep(state, net, steps, done, seed)
            loss, accuracy = means(steps.totals, len(train), world)
            seconds = time.perf_counter() - clock
            examples = len(train) - before * recipe.batch
            if not math.isfinite(loss):
                raise Diverged(f"the loss of epoch {epoch + 1} is {loss}")
            test_loss, test_accuracy = evaluate(
                net, test, recipe, options, world
            )
            if recipe.loss != "cross_entropy":
                accuracy = test_accuracy = math.nan
            done = Progress(epoch + 1)
            keep(state, net, steps, done, seed)
            yield Epoch(
                epoch + 1,
                loss,
                accuracy,
                test_loss,
                test_accuracy,
                seconds,
                examples / seconds,
            )


def due(every: int, step: int, block: int) -> bool:
    """Whether a multiple of `every` lies in the last block of steps."""
    return every > 0 and step // every > (step - block) // every


def means(totals: Tensor, n: int, world: World) -> tuple[float, float]:
    """(loss, accuracy) over all processes; waits for the device."""
    loss, right = world.total(totals.clone()).tolist()
    return loss / max(n, 1), right / max(n, 1)


@torch.no_grad()
def evaluate(
    net: nn.Module,
    data: Images | Table,
    recipe: Recipe,
    options: Options | None = None,
    world: World | None = None,
) -> tuple[float, float]:
    """(mean loss, accuracy) in evaluation mode, each process on its share."""
    options, world = options or Options(), world or World()
    net.eval()
    totals = torch.zeros(2, dtype=torch.float64, device=world.device)
    rows = world.share(torch.arange(len(data), device=world.device))
    for part in rows.split(2 * recipe.batch):
        x, target = data.batch(part)
        with autocast(options, world.device):
            y = net(x)
            loss = LOSSES[recipe.loss](y, target)
        totals += measured(y, target, loss)
    return means(totals, len(data), world)


def keep(
    path: Path | None, net: nn.Module, steps: Steps, done: Progress, seed: int
) -> None:
    """Write what a resumed run needs; never over a good file once the loss
    is no number."""
    if path is None:
        return
    world = steps.world
    totals = world.total(steps.totals.clone()) if done.step else steps.totals
    numbers = totals.tolist() if done.step else [0.0, 0.0]
    if not all(map(math.isfinite, numbers)):
        raise Diverged(f"the loss is {numbers[0]} after {done.step} steps")
    generators = checkpoint.generators(world)
    if world.rank == 0:
        now = Progress(done.epoch, done.step, numbers)
        state: dict[str, Any] = dict(
            net=net.state_dict(),
            optimizer=steps.optimizer.state_dict(),
            scaler=steps.scaler.state_dict(),
            progress=asdict(now),
            generators=generators,
            recipe=repr(steps.recipe),
            seed=seed,
        )
        checkpoint.save(path, state)


def restore(
    path: Path | None, net: nn.Module, steps: Steps, seed: int
) -> Progress:
    """Everything as it stood when the file was written."""
    if path is None:
        raise ValueError("resume needs `state`, the file to resume from")
    state = checkpoint.load(path, steps.device)
    if state["seed"] != seed or state["recipe"] != repr(steps.recipe):
        raise ValueError(
            f"{path} belongs to seed {state['seed']} of {state['recipe']}; "
            f"this is seed {seed} of {steps.recipe!r}"
        )
    net.load_state_dict(state["net"])
    steps.load(state["optimizer"])
    steps.scaler.load_state_dict(state["scaler"])
    checkpoint.set_generators(state["generators"], steps.world, seed)
    return Progress(**state["progress"])


@contextlib.contextmanager
def explained(recipe: Recipe, state: Path | None) -> Iterator[None]:
    """An error of the run, with what to change and what is kept."""
    kept = ""
    try:
        yield
    except Diverged as error:
        if state and state.is_file():
            kept = f"; the last good checkpoint stands in {state}"
        raise Diverged(
            f"{error}: the weights ran away. Try a lower learning rate "
            f"(--set optimizer.lr={recipe.optimizer.lr / 3:.3g}), another "
            f"seed, or --set options.precision=float32{kept}"
        ) from None
    except torch.OutOfMemoryError as error:
        first = str(error).splitlines()[0]
        raise OutOfMemory(
            f"a batch of {recipe.batch} does not fit: {first} Try --set "
            f"options.accumulate=4 (same gradients, less memory), --set "
            f"batch={max(1, recipe.batch // 2)}, or --set "
            "options.precision=bf16"
        ) from error


def predict(
    net: nn.Module, data: Images, rows: Tensor, device: torch.device
) -> Tensor:
    """The most likely class of each of these examples (B,)."""
    net.eval()
    with torch.no_grad():
        x, _ = data.to(device).batch(rows.to(device))
        return net.to(device)(x).argmax(1)


__all__ = [
    "Diverged",
    "Epoch",
    "OutOfMemory",
    "build",
    "devices",
    "evaluate",
    "fit",
    "predict",
]
