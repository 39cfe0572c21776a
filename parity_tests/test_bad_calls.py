"""What torch refuses is refused: in its class, saying why, changing nothing."""

import pytest

from parity_tests import bad_calls


@pytest.mark.parametrize("part", bad_calls.TABLE)
def test_a_refusal_is_torchs_and_changes_nothing(part: str) -> None:
    faults = {line: fault for line in bad_calls.TABLE[part]
              if bad_calls.known(line) and (fault := bad_calls.fault(line))}
    assert not faults, "\n".join(
        f"{line}\n    {fault}" for line, fault in faults.items())


def test_the_table_is_long_and_says_each_thing_once() -> None:
    lines = [line for part in bad_calls.TABLE.values() for line in part]
    assert len(lines) >= 1500
    assert len(set(lines)) == len(lines)


def test_a_call_that_is_accepted_or_changes_something_is_noticed() -> None:
    assert bad_calls.fault("c + c") == "torch accepts it"
    spoiled = "if not hasattr(torch, 'cuda_'): c.add_(1)"  # in both
    assert bad_calls.fault(f"{spoiled}\n{'c.reshape(5)'}") == ""
    only_ours = "if torch.__name__ == 'scratch': c.add_(1)\nc.reshape(5)"
    assert bad_calls.fault(only_ours) == "it changed c"
