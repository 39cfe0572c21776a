"""python -m torchref: train, list, summary, graph, predict, finetune,
houses."""

import math
import os
import statistics
import sys
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field, fields
from pathlib import Path
from typing import Annotated, Any, NoReturn

import torch
import typer

from torchref import config, devices
from torchref import houses as prices_from
from torchref.data import Images, Table
from torchref.datasets import classes, example_shape, load
from torchref.distributed import World, join
from torchref.drawing import draw, example
from torchref.finetuning import compare, finetuned
from torchref.looking import grid
from torchref.networks import NETWORKS
from torchref.options import Options, exact, fastest
from torchref.recipes import RECIPES, Recipe, toy
from torchref.runs import Run, choose, stoppable
from torchref.summary import table
from torchref.training import Epoch, build, fit, predict

app = typer.Typer(
    add_completion=False,
    no_args_is_help=True,
    help="The networks in torch, trained at full size.",
    pretty_exceptions_enable=False,
)
PROBLEMS = (
    ValueError,
    KeyError,
    RuntimeError,
    OSError,
)
Changes = Annotated[
    list[str] | None,
    typer.Option("--set", help="key=value, part.key=value; repeatable"),
]
Seed = Annotated[int, typer.Option(help="of weights, batches and draws")]
Written = Annotated[Path, typer.Option(help="the file that is written")]
Device = Annotated[str, typer.Option(help="cpu, cuda, cuda:1 … or auto")]


@dataclass(frozen=True)
class Settings(Recipe):
    """A recipe, and how fast it runs: all that --set may change."""

    options: Options = field(default_factory=Options)

    @property
    def recipe(self) -> Recipe:
        return Recipe(**{f.name: getattr(self, f.name) for f in fields(Recipe)})


def recipe_named(name: str, to_train: bool = True) -> Recipe:
    """The recipe of that name, or an error with the nearest one."""
    if name == "house_price" and to_train:
        raise ValueError(
            "house prices come from two CSV files: "
            "`houses train.csv test.csv` trains on them"
        )
    if name in RECIPES:
        return RECIPES[name]
    hint = config.nearest(name, list(RECIPES))
    raise ValueError(f"no network {name!r}{hint} (`list` shows all)")


def settings_of(
    recipe: Recipe,
    world: World,
    assignments: list[str],
    deterministic: bool,
    scale: bool,
) -> Settings:
    """The recipe with the device's fastest options and the user's changes."""
    options = fastest(world.device, recipe.resize == 0, world.size)
    if deterministic:
        options = exact(options)
    parts = {f.name: getattr(recipe, f.name) for f in fields(Recipe)}
    new = config.change(Settings(**parts, options=options), assignments)
    if scale:
        lr = new.optimizer.lr * new.batch / recipe.batch
        new = config.change(new, [f"optimizer.lr={lr!r}"])
    return new


def seeds_of(text: str) -> list[int]:
    """`0..4` or `0,2,5`."""
    if ".." in text:
        first, last = text.split("..")
        return list(range(int(first), int(last) + 1))
    return [int(part) for part in text.split(",")]


def line(epoch: Epoch, epochs: int) -> str:
    """An epoch as one plain line."""
    text = f"epoch {epoch.epoch}/{epochs}  loss {epoch.loss:.4g}"
    if not math.isnan(epoch.accuracy):
        text += f"  train {epoch.accuracy:.3f}  test {epoch.test_accuracy:.3f}"
    else:
        text += f"  test loss {epoch.test_loss:.4g}"
    return text + (
        f"  {epoch.seconds:.2f} s  {epoch.examples_per_second:,.0f} examples/s"
    )


def shown(epochs: Iterator[Epoch], count: int, rank: int) -> Iterator[Epoch]:
    """Every epoch as it comes: a bar in a terminal, a line elsewhere."""
    if rank > 0:
        yield from epochs
    elif sys.stderr.isatty():
        from rich.console import Console
        from rich.progress import Progress

        with Progress(console=Console(stderr=True)) as bar:
            task = bar.add_task("training", total=count)
            for epoch in epochs:
                text = line(epoch, count)
                bar.update(task, completed=epoch.epoch, description=text)
                yield epoch
    else:
        for epoch in epochs:
            print(line(epoch, count), flush=True)
            yield epoch


def one_run(
    settings: Settings, world: World, seed: int, folder: Path, resume: bool
) -> list[Epoch]:
    """Train once and leave the run's folder."""
    recipe = settings.recipe
    facts = {**asdict(settings), "seed": seed, "processes": world.size}
    facts["versions"] = devices.describe(world.device)
    run = Run(folder, facts) if world.rank == 0 else None
    if run:
        print(f"{folder}: seed {seed} on {facts['versions']['device']}")
    net = build(recipe, seed)
    data = load(recipe, settings.options.dtype)
    epochs = fit(
        net,
        recipe,
        *data,
        settings.options,
        world,
        seed,
        folder / "state.pt",
        resume,
    )
    done = []
    for epoch in shown(epochs, recipe.epochs, world.rank):
        done.append(epoch)
        if run:
            run.record(epoch)
    if run:
        run.finish(net)
        print(f"look at {folder / 'curves.svg'}")
    return done


def folder_of(
    world: World, root: Path, name: str, given: bool, resume: bool
) -> Path:
    """What process 0 chooses, for all."""
    answer: Any = None
    if world.rank == 0:
        try:
            answer = choose(root, name, given, resume)
        except OSError as error:
            answer = error
    answer = world.gather(answer)[0]
    if isinstance(answer, OSError):
        raise answer
    return answer


@app.command()
def train(
    network: str,
    device: Device = "auto",
    set_: Changes = None,
    seed: Seed = 0,
    seeds: Annotated[str, typer.Option(help="0..4 or 0,2,5")] = "",
    name: Annotated[str, typer.Option(help="of the run's folder")] = "",
    runs: Annotated[
        Path, typer.Option(help="where the folders of runs are")
    ] = Path("runs"),
    resume: Annotated[
        bool, typer.Option(help="go on with the latest run of the name")
    ] = False,
    deterministic: Annotated[
        bool, typer.Option(help="the same numbers each time; slower")
    ] = False,
    scale: Annotated[
        bool, typer.Option(help="learning rate in step with the batch")
    ] = False,
    quick: Annotated[bool, typer.Option(help="toy size")] = False,
) -> None:
    """Train a network; under torchrun, on several devices."""
    restarted = int(os.environ.get("TORCHELASTIC_RESTART_COUNT", 0)) > 0
    recipe = recipe_named(network)
    recipe = toy(recipe) if quick else recipe
    last = []
    with join(device) as world:
        settings = settings_of(recipe, world, set_ or [], deterministic, scale)
        for number in seeds_of(seeds) if seeds else [seed]:
            own = f"{name or network}-{number}" if seeds or not name else name
            going = resume or restarted
            try:
                folder = folder_of(world, runs, own, bool(name), going)
            except FileNotFoundError:
                if resume:
                    raise
                going = False  # restarted before the first checkpoint
                folder = folder_of(world, runs, own, bool(name), going)
            going = going and (folder / "state.pt").is_file()
            with stoppable():
                epochs = one_run(settings, world, number, folder, going)
            last += epochs[-1:]
    if len(last) > 1 and world.rank == 0:
        print(spread(last))


def spread(last: list[Epoch]) -> str:
    """Mean ± standard deviation over the seeds."""
    parts = []
    for name in ("loss", "accuracy", "test_accuracy"):
        values = [getattr(epoch, name) for epoch in last]
        mean, deviation = statistics.mean(values), statistics.stdev(values)
        parts.append(f"{name} {mean:.4g} ± {deviation:.2g}")
    return f"{len(last)} seeds: " + ", ".join(parts)


@app.command("list")
def list_() -> None:
    """Every network: parameters, data, batch, epochs, optimizer."""
    for name, recipe in RECIPES.items():
        with torch.device("meta"):
            network: Any = NETWORKS[recipe.network]
            net = network(**recipe.sizes)
        count = sum(p.numel() for p in net.parameters())
        side = f" {recipe.resize}²" if recipe.resize else ""
        rule = recipe.optimizer
        print(
            f"{name:<20}{count:>12,}  {recipe.data}{side}, batch "
            f"{recipe.batch}, epochs {recipe.epochs}, {rule.name} {rule.lr:g}"
        )


@app.command()
def summary(
    network: str,
    set_: Changes = None,
) -> None:
    """Layers, output shapes, parameters and operations of a network."""
    recipe = config.change(recipe_named(network, False), set_ or [])
    with torch.device("meta"):
        make: Any = NETWORKS[recipe.network]
        net = make(**recipe.sizes)
    print(table(net, example_shape(recipe)))


@app.command()
def graph(
    what: str,
    out: Written = Path("graph.svg"),
    values: Annotated[
        bool, typer.Option(help="the numbers, on the nodes")
    ] = True,
) -> None:
    """The recorded graph of a network or an expression such as
    "(x * w).sum()", as an SVG."""
    out.write_text(draw(*example(what), values), encoding="utf-8")
    print(f"written: {out}")


@app.command("predict")
def predict_(
    run: Path,
    count: Annotated[int, typer.Option(help="pictures")] = 25,
    out: Written = Path("predictions.svg"),
    device: Device = "auto",
) -> None:
    """A grid of test pictures with true and predicted labels, by the model
    that a run left."""
    if not (run / "model.pt").is_file():
        raise FileNotFoundError(f"{run} holds no model.pt of a finished run")
    settings = config.read_toml(run / "config.toml")
    recipe = config.recipe_of(settings, Recipe)
    net = build(recipe)
    net.load_state_dict(torch.load(run / "model.pt", weights_only=True))
    _, test = load(recipe)
    if not isinstance(test, Images):
        raise ValueError(f"{run} was trained on a table: there is no picture")
    rows = torch.arange(len(test))[:count]
    pixels, labels = test.pixels[rows], test.labels[rows]
    found = predict(net, test, rows, devices.pick(device)).cpu()
    names = classes(recipe.data)
    picture = grid(pixels, labels.tolist(), found.tolist(), names)
    out.write_text(picture, encoding="utf-8")
    right = int((found == labels).sum())
    print(f"{right} of {len(rows)} right; written: {out}")


@app.command()
def finetune(
    network: str = "lenet_relu",
    few: Annotated[int, typer.Option(help="pictures of each class")] = 5,
    seeds: Annotated[str, typer.Option(help="0..4 or 0,2,5")] = "0..4",
    set_: Changes = None,
) -> None:
    """Five classes learned from few pictures, with and without a body that
    was trained on the other five."""
    recipe = config.change(finetuned(recipe_named(network)), set_ or [])
    train_set, test_set = load(recipe)
    if isinstance(train_set, Table) or isinstance(test_set, Table):
        raise ValueError(f"{network} learns no classes")
    ahead = 0
    for seed in seeds_of(seeds):
        found = compare(recipe, train_set, test_set, seed, few)
        ahead += found.tuned > found.scratch
        print(
            f"seed {seed}: fine-tuned {found.tuned:.4f}, body frozen "
            f"{found.frozen:.4f}, from scratch {found.scratch:.4f}",
            flush=True,
        )
    print(f"fine-tuning was ahead in {ahead} of {len(seeds_of(seeds))}")


@app.command()
def houses(
    train_csv: Path,
    test_csv: Path,
    out: Written = Path("submission.csv"),
    folds: Annotated[int, typer.Option(help="of cross-validation")] = 5,
    seed: Seed = 0,
    set_: Changes = None,
) -> None:
    """House prices: k folds, training on all rows, predictions as CSV."""
    recipe = config.change(RECIPES["house_price"], set_ or [])
    known, wanted = map(prices_from.read_csv, (train_csv, test_csv))
    encode = prices_from.encoding(known, wanted)
    x, y = encode(known), prices_from.prices(known)
    errors = prices_from.cross_validate(recipe, x, y, folds, seed)
    for i, (train_error, valid_error) in enumerate(errors, 1):
        print(f"fold {i}: {train_error:.4f} train, {valid_error:.4f} valid")
    means = [statistics.mean(part) for part in zip(*errors)]
    print(f"mean log-rmse: {means[0]:.4f} train, {means[1]:.4f} valid")
    net = prices_from.trained(recipe, Table(x, y), seed)
    print(f"all rows: {prices_from.log_rmse(net, x, y):.4f} train")
    prices_from.submission(net, wanted, encode(wanted), out)
    print(f"{out}: {len(wanted[prices_from.ID])} predictions")


def main() -> None:
    """The commands; a foreseen problem is one line, not a trace."""
    try:
        app()
    except SystemExit as end:  # as typer ends
        leave(end.code)
    except PROBLEMS as error:
        text = error.args[0] if error.args else error
        print(
            f"error: {text if isinstance(error, KeyError) else error}",
            file=sys.stderr,
        )
        leave(1)


def leave(code: Any) -> NoReturn:
    """End the process; one of several at once, for threads of Gloo that
    still run may abort a Python that takes itself apart."""
    if int(os.environ.get("WORLD_SIZE", 1)) > 1 and isinstance(code, int):
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)
    sys.exit(code)


if __name__ == "__main__":
    main()
