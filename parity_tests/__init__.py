"""Both sides, held equal: `python -m parity_tests` prints the report."""
