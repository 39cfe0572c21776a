"""How the tests run: one thread, one of three depths, warnings as errors.

HYPOTHESIS_PROFILE chooses the depth:
dev      a few new examples of everything: seconds, while you work (default)
ci       the same examples on every machine and every day
intense  many more examples, and the tests marked `intense`
"""

import os
import re

import pytest
import torch
from hypothesis import HealthCheck, settings

SLOW = [HealthCheck.too_slow, HealthCheck.data_too_large]

settings.register_profile(
    "dev", deadline=None, max_examples=20, suppress_health_check=SLOW
)
settings.register_profile(
    "ci",
    deadline=None,
    max_examples=20,
    suppress_health_check=SLOW,
    derandomize=True,
    database=None,
    print_blob=True,
)
settings.register_profile(
    "intense", deadline=None, max_examples=400, suppress_health_check=SLOW
)
PROFILE = os.environ.get("HYPOTHESIS_PROFILE", "dev")
settings.load_profile(PROFILE)
torch.set_num_threads(1)

# What a test's name may not hold, as it differs from process to process: an
# address, or a set, whose order follows the hash of its strings.
FLEETING = re.compile(r" at 0x|\{[^:{}]+,[^:{}]+\}")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Leave the long forms out, unless they are asked for.

    All workers have to collect the same names.
    """
    fleeting = [item.nodeid for item in items if FLEETING.search(item.name)]
    if fleeting:
        raise pytest.UsageError(f"not the same in every process: {fleeting}")
    if PROFILE == "intense":
        return
    skip = pytest.mark.skip(reason="HYPOTHESIS_PROFILE=intense runs it")
    for item in items:
        if item.get_closest_marker("intense"):
            item.add_marker(skip)
