"""What was asked for and is not there is an error, not a report of nothing."""

from collections.abc import Callable

import pytest

from parity_tests import (
    networks32,
    planted,
    report,
    summaries,
    trainings,
    whole_networks,
)
from parity_tests.robustness import __main__ as robustness

NOBODY: dict[str, Callable] = {
    "the report": lambda: report.everything(True, 1, "nobody", False, False),
    "planted": lambda: planted.show(1, "nobody"),
    "training": lambda: trainings.show(
        "nobody", 0.0, "float32", 1, 0, "default", False),
    "summary": lambda: summaries.show("nobody"),
    "whole networks": lambda: whole_networks.main(["nobody"]),
    "in float32": lambda: networks32.main(["lenet", "nobody"]),
    "robustness": lambda: robustness.main(["nobody"]),
}


@pytest.mark.parametrize("name", NOBODY)
def test_nobody_is_refused(name: str) -> None:
    with pytest.raises(SystemExit) as stopped:
        NOBODY[name]()
    assert isinstance(stopped.value.code, str)  # told, and exit code 1
