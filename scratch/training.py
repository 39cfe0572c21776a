"""Training a network by its recipe: opposite torchref/training.py."""

import contextlib
import math
import time
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import scratch as torch
from scratch import Tensor, checkpoint, nn
from scratch.data import Images, Table
from scratch.networks import INITIALISATIONS, NETWORKS
from scratch.nn import functional as F
from scratch.recipes import Recipe


class Diverged(RuntimeError):
    """The loss is no number any more."""


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


# Each is a sum over the batch; `mean` divides it by the number of examples.
LOSSES: dict[str, Callable[[Tensor, Tensor], Tensor]] = {
    "cross_entropy": lambda y, t: F.cross_entropy(y, t, reduction="sum"),
    "mse": lambda y, t: F.mse_loss(y, t, reduction="sum"),
    "half_squared": lambda y, t: F.mse_loss(y, t, reduction="sum") / 2,
}


def build(recipe: Recipe, seed: int = 0) -> nn.Module:
    """The recipe's network with the weights that the seed alone decides."""
    torch.manual_seed(seed)
    network: Any = NETWORKS[recipe.network]
    net = network(**recipe.sizes)
    return net.apply(INITIALISATIONS[recipe.initialisation])


def shuffled(data: Images | Table, seed: int, epoch: int) -> Tensor:
    """The order of an epoch, the same after a break; pictures then draw
    which of them are mirrored."""
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
    seed: int = 0,
    state: Path | None = None,
    resume: bool = False,
    save_every: int = 0,
) -> Iterator[Epoch]:
    """Train by the recipe; yield one line of the record per epoch.

    state: the file that keeps what a resumed run needs, written after every
    epoch and every `save_every` steps.
    """
    rule = optimizer(net, recipe)
    if not resume:
        torch.manual_seed(seed)  # of dropout
    done = restore(state, net, rule, recipe, seed) if resume else Progress()
    with explained(recipe, state):
        for epoch in range(done.epoch, recipe.epochs):
            net.train()
            for group in rule.param_groups:
                group["lr"] = (
                    recipe.schedule.factor(epoch) * recipe.optimizer.lr
                )
            order = shuffled(train, seed, epoch)
            clock, before = time.perf_counter(), done.step
            for rows in order.split(recipe.batch)[done.step :]:
                x, target = train.batch(rows)
                y, loss = step(net, rule, recipe, x, target)
                count(done, y, target, loss)
                if save_every and done.step % save_every == 0:
                    keep(state, net, rule, done, recipe, seed)
            seconds = time.perf_counter() - clock
            mean_loss, accuracy = (total / len(train) for total in done.totals)
            if not math.isfinite(mean_loss):
                raise Diverged(f"the loss of epoch {epoch + 1} is {mean_loss}")
            test_loss, test_accuracy = evaluate(net, test, recipe)
            if recipe.loss != "cross_entropy":
                accuracy = test_accuracy = math.nan
            examples = len(train) - before * recipe.batch
            done = Progress(epoch + 1)
            yield Epoch(
                epoch + 1,
                mean_loss,
                accuracy,
                test_loss,
                test_accuracy,
                seconds,
                examples / seconds,
            )  # recorded first: a run killed here comes by it twice
            keep(state, net, rule, done, recipe, seed)


def step(
    net: nn.Module,
    rule: torch.optim.Optimizer,
    recipe: Recipe,
    x: Tensor,
    target: Tensor,
) -> tuple[Tensor, Tensor]:
    """One step down the slope of the loss: (what the network says, loss)."""
    y = net(x)
    loss = LOSSES[recipe.loss](y, target)
    rule.zero_grad()
    mean = recipe.reduction == "mean"
    (loss / len(x) if mean else loss).backward()
    rule.step()
    return y, loss


def count(done: Progress, y: Tensor, target: Tensor, loss: Tensor) -> None:
    """One step more, its loss, and how many it got right."""
    done.step += 1
    done.totals[0] += loss.item()
    done.totals[1] += right(y, target)


def right(y: Tensor, target: Tensor) -> int:
    """How many have their highest logit at the label; a regression has no
    labels."""
    if target.is_floating_point():
        return 0
    return int((y.argmax(1) == target).sum())


def groups(net: nn.Module, recipe: Recipe) -> list[dict[str, Any]]:
    """Weights, which decay, and biases, which do so only if asked to."""
    rule = recipe.optimizer
    if not rule.weight_decay or rule.decay_bias:
        decay = rule.weight_decay
        return [dict(params=list(net.parameters()), weight_decay=decay)]
    named = list(net.named_parameters())
    biases = [p for n, p in named if n.endswith("bias")]
    weights = [p for n, p in named if not n.endswith("bias")]
    both = [
        dict(params=weights, weight_decay=rule.weight_decay),
        dict(params=biases, weight_decay=0.0),
    ]
    return [group for group in both if group["params"]]


def optimizer(net: nn.Module, recipe: Recipe) -> torch.optim.Optimizer:
    """The recipe's optimizer."""
    rule, params = recipe.optimizer, groups(net, recipe)
    if rule.name == "sgd":
        return torch.optim.SGD(params, lr=rule.lr, momentum=rule.momentum)
    if rule.name == "adam":
        return torch.optim.Adam(params, lr=rule.lr)
    raise ValueError(f"optimizer.name is {rule.name!r}; expected sgd or adam")


@torch.no_grad()
def evaluate(
    net: nn.Module, data: Images | Table, recipe: Recipe
) -> tuple[float, float]:
    """(mean loss, accuracy) in evaluation mode."""
    net.eval()
    total, hits = 0.0, 0
    for rows in torch.arange(len(data)).split(2 * recipe.batch):
        x, target = data.batch(rows)
        y = net(x)
        total += LOSSES[recipe.loss](y, target).item()
        hits += right(y, target)
    return total / max(len(data), 1), hits / max(len(data), 1)


def keep(
    path: Path | None,
    net: nn.Module,
    rule: torch.optim.Optimizer,
    done: Progress,
    recipe: Recipe,
    seed: int,
) -> None:
    """Write what a resumed run needs; never over a good file once the loss
    is no number."""
    if path is None:
        return
    if not all(map(math.isfinite, done.totals)):
        raise Diverged(f"the loss is {done.totals[0]} after {done.step} steps")
    state = dict(
        net=net.state_dict(),
        optimizer=rule.state_dict(),
        progress=asdict(done),
        generator=torch.get_rng_state(),
        recipe=repr(recipe),
        seed=seed,
    )
    checkpoint.save(path, state)


def restore(
    path: Path | None,
    net: nn.Module,
    rule: torch.optim.Optimizer,
    recipe: Recipe,
    seed: int,
) -> Progress:
    """Everything as it stood when the file was written."""
    if path is None:
        raise ValueError("resume needs `state`, the file to resume from")
    state = checkpoint.load(path)
    if state["seed"] != seed or state["recipe"] != repr(recipe):
        raise ValueError(
            f"{path} belongs to seed {state['seed']} of {state['recipe']}; "
            f"this is seed {seed} of {recipe!r}"
        )
    net.load_state_dict(state["net"])
    rule.load_state_dict(state["optimizer"])
    torch.set_rng_state(state["generator"])
    return Progress(**state["progress"])


@contextlib.contextmanager
def explained(recipe: Recipe, state: Path | None) -> Iterator[None]:
    """An error of the run, with what to change and what is kept."""
    try:
        yield
    except Diverged as error:
        kept = ""
        if state and state.is_file():
            kept = f"; the last good checkpoint stands in {state}"
        raise Diverged(
            f"{error}: the weights ran away. Try a lower learning rate "
            f"(--set optimizer.lr={recipe.optimizer.lr / 3:.3g}) or another "
            f"seed{kept}"
        ) from None


def predict(net: nn.Module, data: Images, rows: Tensor) -> Tensor:
    """The most likely class of each of these examples (B,)."""
    net.eval()
    with torch.no_grad():
        x, _ = data.batch(rows)
        return net(x).argmax(1)
