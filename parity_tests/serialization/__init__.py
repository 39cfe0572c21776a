"""Saved files, written and read by either side."""
