"""Tests of how speed is measured and told."""
