"""The parity report: every promised name against torch, then trainings.

python -m parity_tests               the whole report
python -m parity_tests run NAME      one row, or one example of it
python -m parity_tests train NET     one network on both sides, step by step
python -m parity_tests planted       are errors in the rules noticed?
python -m parity_tests summary NET   both sides' layers beside each other
"""

from __future__ import annotations

import typer

app = typer.Typer(add_completion=False, help=__doc__,
                  pretty_exceptions_enable=False)


@app.callback(invoke_without_command=True)
def report(
    context: typer.Context,
    quick: bool = typer.Option(False, help="a tenth of the examples, and "
                               "training on the small sample"),
    jobs: int = typer.Option(2, help="processes that run rows"),
    only: str = typer.Option("", help="rows whose name contains this"),
    train: bool = typer.Option(True, help="train the networks as well"),
    full: bool = typer.Option(False, help="an error if all of Fashion-MNIST "
                              "is not at hand"),
) -> None:
    """Check everything; exit code 1 on any miss."""
    if context.invoked_subcommand:
        return
    from parity_tests import report
    good = report.everything(quick, jobs, only, train and not only, full)
    raise typer.Exit(0 if good else 1)


@app.command()
def run(name: str, example: int = typer.Option(
        -1, help="one example alone, with its full error")) -> None:
    """Run one row; `--example` shows one example whole."""
    from parity_tests import report
    raise typer.Exit(0 if report.one(name, example) else 1)


@app.command("train")
def train_network(
    network: str, lr: float = typer.Option(0.0, help="0: the recipe's"),
    dtype: str = "float32", steps: int = typer.Option(0, help="0: an epoch"),
    seed: int = 0, initialisation: str = typer.Option(
        "default", help="default: torch's own; else as in the recipe"),
    full: bool = True,
) -> None:
    """Train on both sides from one seed; print the differences."""
    from parity_tests import trainings
    raise typer.Exit(0 if trainings.show(
        network, lr, dtype, steps, seed, initialisation, full) else 1)


@app.command()
def planted(examples: int = 6, only: str = "") -> None:
    """Plant an error of 1e-6 into every rule in turn; each is caught?"""
    from parity_tests import planted
    raise typer.Exit(0 if planted.show(examples, only) else 1)


@app.command()
def summary(network: str) -> None:
    """Layers, shapes and parameters of both sides; fails where they
    differ."""
    from parity_tests import summaries
    raise typer.Exit(0 if summaries.show(network) else 1)


if __name__ == "__main__":
    app()
