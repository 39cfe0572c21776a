"""Mutated data files are refused, or read as what they are."""

from pathlib import Path

import pytest

from parity_tests.robustness import readers


@pytest.mark.parametrize("name", readers.READERS)
def test_a_mutated_file_is_refused_or_read_as_it_is(
    name: str, tmp_path: Path
) -> None:
    refused, _ = readers.read_all(name, 150, tmp_path)
    assert refused > 20


@pytest.mark.intense
def test_the_long_form() -> None:
    readers.mutants()
