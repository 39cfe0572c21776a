"""The short forms of the checks on saved files; the long ones are intense."""

import pickle

import pytest

from parity_tests.robustness import checkpoints
from parity_tests.robustness.watch import watched


def test_the_watch_sees_what_a_hostile_pickle_does() -> None:
    """Python's own loader, on the same attack, is caught in the act."""
    attack = b"cos\nsystem\n(X\4\0\0\0truetR."
    with watched() as events:
        pickle.loads(attack)
    assert any("os.system" in event for event in events)
    assert any("pickle.find_class" in event for event in events)
    with watched() as events:
        eval("1")
    assert any(event.startswith("exec") for event in events)


def test_a_flipped_bit_changes_no_number() -> None:
    checkpoints.flips(every=17)


def test_random_flips_of_a_larger_file_change_no_number() -> None:
    checkpoints.random_flips(100)


def test_a_file_that_is_cut_is_refused() -> None:
    checkpoints.truncations(every=7)


def test_hostile_files_are_refused_and_run_nothing() -> None:
    checkpoints.hostile_files()


def test_a_save_that_is_killed_loses_nothing() -> None:
    checkpoints.killed(20)


def test_a_full_disk_loses_nothing() -> None:
    checkpoints.full_disk()


def test_a_read_only_folder_loses_nothing() -> None:
    checkpoints.read_only()


@pytest.mark.intense
@pytest.mark.parametrize("name", checkpoints.CHECKS)
def test_the_long_form(name: str) -> None:
    checkpoints.CHECKS[name]()
