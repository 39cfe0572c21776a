"""Ordinary torch programs, run with both imports by test_tutorials."""
