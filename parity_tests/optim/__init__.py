"""Tests of scratch/optim."""
