"""Versions compare as torch's do: numbers, tuples, texts that are none."""

import operator
from typing import Any

from hypothesis import example, given
from hypothesis import strategies as st
from torch.torch_version import TorchVersion as Theirs

import scratch
from scratch import version
from scratch.torch_version import TorchVersion as Ours

NUMBERS = st.integers(0, 11).map(str)


@st.composite
def versions(draw: st.DrawFn) -> str:
    """Texts as PEP 440 allows them, and others near to them."""
    text = draw(st.sampled_from(["", "", "v", "1!", " "]))
    text += ".".join(draw(st.lists(NUMBERS, min_size=1, max_size=4)))
    for words in (["a", ".alpha", "-b", "beta", "rc", "_c", "pre", "Preview"],
                  ["-", ".post", "post", "r", "-rev.", ".post-"],
                  ["dev", ".dev", "-DEV."],
                  ["+", "+cpu.", "+a-", "+cu12_", "++"]):
        if draw(st.integers(0, 3)) == 0:
            text += draw(st.sampled_from(words))
            text += draw(NUMBERS | st.just(""))
    return text


OTHERS: Any = versions() | st.sampled_from(["parrot", "", "2..1"]) | st.lists(
    st.integers(0, 11) | st.sampled_from(["4a1", "x"]), max_size=3).map(tuple)


def answers(make: Any, text: str, other: Any) -> list:
    """What each comparison says, or refuses with."""
    found: list = []
    for compare in (operator.lt, operator.le, operator.eq, operator.ne,
                    operator.ge, operator.gt):
        try:
            found.append(compare(make(text), other))
        except TypeError as refusal:
            found.append(str(refusal).replace("Theirs", "Ours"))
    return found


@given(versions() | st.just("parrot"), OTHERS)
@example("2.15.0+scratch", "2.4")
@example("2.15.0+scratch", (2, 15))
@example("1.0", None)
@example("1.0", 3)
def test_versions_are_ordered_as_torchs(text: str, other: Any) -> None:
    assert answers(Ours, text, other) == answers(Theirs, text, other)
    assert hash(Ours(text)) == hash(text)


def test_this_library_and_what_it_tells_programs() -> None:
    assert isinstance(scratch.__version__, Ours)
    assert scratch.__version__ == version.__version__
    told: Any = Ours(version.TORCH)
    assert told > "2.4" and told >= (2, 15)
