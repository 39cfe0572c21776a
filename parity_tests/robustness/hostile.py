"""Files that attack whoever loads them: each must be refused by `load`.

Whichever code one of them could run would write the canary, a file; an audit
hook sees what else it does.
"""

from parity_tests.robustness.hostile_archives import archives, pack
from parity_tests.robustness.hostile_programs import programs


def files(canary: str) -> dict[str, bytes]:
    """Every hostile file by what it tries."""
    found = {}
    for name, code in programs(canary):
        found[name] = pack(b"\x80\2" + code + b".")
    found["a pickle without its end"] = pack(b"\x80\2N")
    found.update(archives(canary))
    assert len(set(found.values())) == len(found)
    return found
