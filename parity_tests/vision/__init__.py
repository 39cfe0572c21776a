"""The tests of scratch.vision."""
