"""What torch refuses is refused: in its class, saying why, changing nothing."""

import pytest

from parity_tests import bad_calls


@pytest.mark.parametrize("part", bad_calls.TABLE)
def test_a_refusal_is_torchs_and_changes_nothing(part: str) -> None:
    words = part in bad_calls.IN_ITS_WORDS
    faults = {line: fault for line in bad_calls.TABLE[part]
              if (fault := bad_calls.fault(line, words))}
    assert not faults, "\n".join(
        f"{line}\n    {fault}" for line, fault in faults.items())


def test_the_table_is_long_and_says_each_thing_once() -> None:
    lines = [line for part in bad_calls.TABLE.values() for line in part]
    assert len(lines) >= 2400
    assert len(set(lines)) == len(lines)


OURS = "if torch.__name__ == 'scratch': "
SPOILERS = {
    "c": "c.add_(1)",
    "x": "x.grad = None",
    "net": "net.extra = 3",
    "opt": "opt.state[net[0].bias]['extra'] = 1",
    "rows": "rows.tensors = ()",
    "gen": "torch.rand(2, generator=gen)",
    "generator": "torch.rand(2)",
    "s": "s.last_epoch += 1",
    "l": "l.collate_fn = None",
    "q": "q.running_mean.zero_()",
}


@pytest.mark.parametrize("name", SPOILERS)
def test_a_change_is_noticed_wherever_it_is(name: str) -> None:
    """Modules, optimizers, schedules, loaders: nothing is overlooked."""
    setup = ("s = optim.lr_scheduler.StepLR(opt, 2); "
             "l = data.DataLoader(rows, 2); q = nn.BatchNorm1d(3); q(m) ;; ")
    line = f"{setup}{OURS}{SPOILERS[name]}\nc.reshape(5)"
    assert bad_calls.fault(line).startswith("it changed")
    assert name in bad_calls.fault(line)
    both = line.replace("== 'scratch'", "!= ''")
    assert bad_calls.fault(both) == ""  # what torch does, we may do


def test_what_stands_inside_a_call_is_looked_at() -> None:
    line = "nn.BatchNorm1d(3)(r(5)).add(1)"
    refused = bad_calls.refusal
    import scratch  # its own class: a forward that changes and then fails

    class Hasty(scratch.nn.Module):
        def forward(self, x: object) -> None:
            self.seen = x
            raise ValueError("too late")

    scratch.nn.Hasty = Hasty  # type: ignore[attr-defined]
    try:
        found = refused(scratch, "nn.Hasty()(r(5))")
    finally:
        del scratch.nn.Hasty  # type: ignore[attr-defined]
    assert found is not None and "p0" in found.changed
    assert refused(scratch, line) is not None


def test_a_call_that_is_accepted_is_noticed() -> None:
    assert bad_calls.fault("c + c") == "torch accepts it"
