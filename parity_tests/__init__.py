"""Both sides, held equal: `python -m parity_tests` prints the report."""

import os

# What rounding does is compared, so every sum runs in one order: one thread,
# asked for before NumPy starts its own.
for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ.setdefault(name, "1")
