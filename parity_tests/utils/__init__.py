"""The tests of scratch.utils."""
