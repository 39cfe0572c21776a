"""A version as a text that compares by its numbers: '2.10' after '2.4'."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from typing import Any

__all__ = ["TorchVersion"]

# 1!2.15.0rc1.post2.dev3+local.4, as PEP 440 spells versions
SPELLING = re.compile(
    r"""\s*v?
    (?:(?P<epoch>[0-9]+)!)?
    (?P<release>[0-9]+(?:\.[0-9]+)*)
    (?:[-_.]?(?P<stage>alpha|a|beta|b|preview|pre|c|rc)
       [-_.]?(?P<pre>[0-9]*))?
    (?:-(?P<bare>[0-9]+)|[-_.]?(?P<word>post|rev|r)[-_.]?(?P<post>[0-9]*))?
    (?:[-_.]?(?P<unfinished>dev)[-_.]?(?P<dev>[0-9]*))?
    (?:\+(?P<local>[a-z0-9]+(?:[-_.][a-z0-9]+)*))?
    \s*""", re.VERBOSE | re.IGNORECASE | re.ASCII)
STAGES = {"a": 0, "alpha": 0, "b": 1, "beta": 1,
          "c": 2, "rc": 2, "pre": 2, "preview": 2}


def rank(version: str) -> tuple | None:
    """What orders versions: 1.0.dev1 < 1.0a1 < 1.0rc1 < 1.0 < 1.0.post1

    None for a text that is no version.
    """
    if not (found := SPELLING.fullmatch(version)):
        return None
    part = found.groupdict(default="")
    release = [int(number) for number in part["release"].split(".")]
    while release and not release[-1]:
        release.pop()  # 1.0 is 1
    after = part["bare"] or part["word"] and (part["post"] or "0")
    stage: tuple = (3,)
    if part["stage"]:
        stage = STAGES[part["stage"].lower()], int(part["pre"] or 0)
    elif part["unfinished"] and not after:
        stage = (-1,)  # before every stage of that release
    places = re.split("[-_.]", part["local"].lower()) if part["local"] else []
    return (int(part["epoch"] or 0), release, stage, int(after or -1),
            not part["unfinished"], int(part["dev"] or 0),
            [(word.isdigit(), int(word) if word.isdigit() else word)
             for word in places])


class TorchVersion(str):
    """`torch.__version__`: compares with '2.4', (2, 4) and its like

    Any other text, as 'parrot', is compared letter by letter.
    """

    __slots__ = ()


def comparison(name: str) -> Callable[[Any, Any], Any]:
    """One of <, <=, ==, >=, > between versions."""
    of_text = getattr(str, name)

    def compare(self: TorchVersion, other: Any) -> Any:
        text = other
        if not isinstance(other, str) and isinstance(other, Iterable):
            text = ".".join(map(str, other))
        mine = rank(str(self))
        its = rank(text) if isinstance(text, str) else None
        if mine is None or its is None:
            return of_text(str(self), other)
        return getattr(mine, name)(its)

    return compare


# torch: != stays that of texts, so '1.0' == '1' and '1.0' != '1'
for _name in ("__lt__", "__le__", "__eq__", "__ge__", "__gt__"):
    setattr(TorchVersion, _name, comparison(_name))
