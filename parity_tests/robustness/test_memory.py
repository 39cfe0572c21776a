"""The short forms of the checks on memory; the long ones are intense."""

import pytest

from parity_tests.robustness import memory


def test_training_steps_give_their_memory_back() -> None:
    memory.steps(60, 120)


def test_errors_give_their_memory_back() -> None:
    memory.failures(20, 30)


def test_a_deep_graph_is_walked_without_recursion() -> None:
    memory.chain()


def test_a_step_leaves_no_cycle() -> None:
    memory.cycles(10)


@pytest.mark.intense
@pytest.mark.parametrize("name", memory.CHECKS)
def test_the_long_form(name: str) -> None:
    memory.CHECKS[name]()
