"""The short forms of the checks on disks and Ctrl-C; the long ones are
intense."""

import pytest

from parity_tests.robustness import disks


def test_a_disk_that_is_really_full_loses_nothing() -> None:
    disks.full()


def test_a_run_on_a_full_disk_ends_with_one_line() -> None:
    disks.full_while_training()


def test_places_that_are_none_are_refused() -> None:
    disks.no_places()


def test_ctrl_c_in_a_save_loses_nothing() -> None:
    disks.interrupted_saves(10)


def test_ctrl_c_in_a_run_says_how_to_go_on() -> None:
    disks.interrupted_training()


@pytest.mark.intense
@pytest.mark.parametrize("name", disks.CHECKS)
def test_the_long_form(name: str) -> None:
    disks.CHECKS[name]()
