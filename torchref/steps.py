"""The optimizer's steps, one after another or many in one launch."""

import contextlib
from collections.abc import Callable, Iterator
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from torchref.data import Images, Table
from torchref.distributed import World, spread
from torchref.options import Options, autocast
from torchref.recipes import Recipe

# Settings of an optimizer that change its speed alone.
HOW = ("fused", "foreach", "capturable")
# Each is a sum over the batch; `mean` divides it by the number of examples.
LOSSES: dict[str, Callable[[Tensor, Tensor], Tensor]] = {
    "cross_entropy": lambda y, t: F.cross_entropy(y, t, reduction="sum"),
    "mse": lambda y, t: F.mse_loss(y, t, reduction="sum"),
    "half_squared": lambda y, t: F.mse_loss(y, t, reduction="sum") / 2,
}


@torch.no_grad()
def measured(y: Tensor, target: Tensor, loss: Tensor) -> Tensor:
    """(loss, how many have their highest logit at the label), in float64 so
    that an epoch's sum is exact; a regression has no labels."""
    right = torch.zeros_like(loss)
    if not target.is_floating_point():
        right = (y.argmax(1) == target).sum()
    return torch.stack([loss.double(), right.double()])


def blocks(
    order: Tensor, batch: int, together: int, done: int = 0
) -> Iterator[Tensor]:
    """The rows of an epoch in launches: (together, batch) while there are so
    many, (fewer, batch), then (1, n mod batch).

    done: steps that the epoch has behind it.
    """
    whole = len(order) // batch
    for first in range(done, whole, together):
        last = min(first + together, whole)
        yield order[first * batch : last * batch].view(-1, batch)
    if len(order) % batch and done <= whole:
        yield order[whole * batch :].view(1, -1)


def groups(net: nn.Module, recipe: Recipe) -> list[dict[str, Any]]:
    """Weights, which decay, and biases, which do so only if asked to; one
    group where that makes no difference, since each is a launch."""
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


def optimizer(
    net: nn.Module, recipe: Recipe, options: Options, device: torch.device
) -> torch.optim.Optimizer:
    """The recipe's optimizer; in a CUDA graph its learning rate is a number
    on the device, so that it can change between launches."""
    rule = recipe.optimizer
    recorded = options.recorded(device)
    lr: Any = torch.tensor(rule.lr, device=device) if recorded else rule.lr
    fused = options.fused or recorded or None
    params = groups(net, recipe)
    if rule.name == "sgd":
        return torch.optim.SGD(
            params, lr=lr, momentum=rule.momentum, fused=fused
        )
    if rule.name == "adam":
        return torch.optim.Adam(params, lr=lr, fused=fused, capturable=recorded)
    raise ValueError(f"optimizer.name is {rule.name!r}; expected sgd or adam")


class Steps:
    """Calls of this train the network on blocks of row numbers (k, batch);
    losses add up on the device, and nothing waits for them."""

    def __init__(
        self,
        net: nn.Module,
        recipe: Recipe,
        train: Images | Table,
        options: Options,
        world: World,
    ):
        self.recipe, self.options, self.world = recipe, options, world
        self.device = world.device
        self.model = spread(net, world)
        self.train = train
        self.criterion = LOSSES[recipe.loss]
        self.optimizer = optimizer(net, recipe, options, self.device)
        self.scaler = torch.amp.GradScaler(
            self.device.type, enabled=options.precision == "float16"
        )
        self.whole = compiled(self.forward) if options.compile else self.forward
        self.totals = torch.zeros(2, dtype=torch.float64, device=self.device)
        self.launch = self.many
        if options.recorded(self.device):
            self.launch = Recorded(self.many, self.device, options.graph)

    def start(self, factor: float) -> None:
        """A new epoch: the learning rate, and sums from zero."""
        lr = factor * self.recipe.optimizer.lr
        for group in self.optimizer.param_groups:
            if not self.options.recorded(self.device):
                group["lr"] = lr
            elif isinstance(group["lr"], Tensor):
                group["lr"].fill_(lr)  # where a recording reads it
            else:
                group["lr"] = torch.tensor(lr, device=self.device)
        self.totals.zero_()

    def load(self, state: dict[str, Any]) -> None:
        """The optimizer of a checkpoint; how its kernels run is this run's
        choice, not that of the run which wrote it."""
        for old, mine in zip(
            state["param_groups"], self.optimizer.param_groups
        ):
            old.update({key: mine[key] for key in HOW if key in mine})
        self.optimizer.load_state_dict(state)

    def forward(self, rows: Tensor) -> tuple[Tensor, Tensor]:
        """The loss of these rows, summed, and what the record wants of them."""
        x, target = self.train.batch(rows)
        if self.options.channels_last and x.dim() == 4:
            x = x.contiguous(memory_format=torch.channels_last)
        with autocast(self.options, self.device):
            y = self.model(x)
            loss = self.criterion(y, target)
        return loss, measured(y, target, loss)

    def step(self, rows: Tensor) -> None:
        """One batch: gradients of all its parts, then one update.

        rows (batch,), of all processes together.
        """
        self.optimizer.zero_grad()
        mine = self.world.share(rows)
        # a compiled step is made for whole batches; the rest goes without
        full = len(rows) == self.recipe.batch
        forward = self.whole if full else self.forward
        # DistributedDataParallel divides by the number of processes
        scale = float(self.world.size)
        if self.recipe.reduction == "mean":
            scale /= len(rows)
        parts = [p for p in mine.chunk(self.options.accumulate) if len(p)]
        spare = mine if self.options.sync_bn else rows[:1]
        for i, part in enumerate(parts or [spare]):
            with self.alone(last=i >= len(parts) - 1):
                loss, sums = forward(part)
                if not parts:  # no row was left for this process
                    loss, sums = loss * 0, sums * 0
                self.scaler.scale(loss * scale).backward()
            self.totals += sums
        self.scaler.step(self.optimizer)
        self.scaler.update()

    def alone(self, last: bool) -> contextlib.AbstractContextManager:
        """Only the last part's gradients go round the processes."""
        if self.world.size == 1 or last:
            return contextlib.nullcontext()
        return self.model.no_sync()

    def many(self, block: Tensor) -> None:
        """block (k, batch): k steps."""
        for rows in block:
            self.step(rows)
            if self.options.wait:
                self.totals[0].item()

    def __call__(self, block: Tensor) -> None:
        self.launch(block)


def compiled(forward: Callable[..., Any]) -> Callable[..., Any]:
    """torch.compile for one shape; the limit on how many networks one process
    may compile is lifted, or it would go on uncompiled in silence."""
    torch._dynamo.config.recompile_limit = 256
    return torch.compile(forward, dynamic=False)


class Recorded:
    """Runs `work(block)` by launching a recording of it (a CUDA graph).

    The first three blocks run as they are, so that libraries choose their
    kernels; the fourth is recorded. From then on a launch copies the row
    numbers to where the recording reads them and replays it: same kernels,
    same addresses, one call. Blocks of another shape run as they are.
    """

    def __init__(
        self,
        work: Callable[[Tensor], None],
        device: torch.device,
        together: int,
    ):
        self.work, self.device, self.together = work, device, together
        self.warm = 0
        self.graph: torch.cuda.CUDAGraph | None = None
        self.stream: torch.cuda.Stream | None = None
        self.rows: Tensor | None = None

    def __call__(self, block: Tensor) -> None:
        if len(block) < self.together or (
            self.rows is not None and block.shape != self.rows.shape
        ):
            self.work(block)
        elif self.warm < 3:
            self.warm += 1
            with self.beside():
                self.work(block)
        else:
            self.replay(block)

    def replay(self, block: Tensor) -> None:
        """Launch the recording, made now if there is none."""
        if self.graph is None or self.rows is None:
            self.rows = block.clone()
            self.graph = torch.cuda.CUDAGraph()
            with torch.cuda.graph(self.graph, stream=self.stream):
                self.work(self.rows)
        self.rows.copy_(block)
        self.graph.replay()

    @contextlib.contextmanager
    def beside(self) -> Iterator[None]:
        """On a stream of its own, as recording wants it: always the same,
        for memory that is let go of belongs to its stream."""
        stream = self.stream = self.stream or torch.cuda.Stream(self.device)
        stream.wait_stream(torch.cuda.current_stream(self.device))
        with torch.cuda.stream(stream):
            yield
        torch.cuda.current_stream(self.device).wait_stream(stream)
