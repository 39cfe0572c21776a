"""Helpers around training: data sets and loaders, tables, folds, made data."""

from scratch.utils import data, folds, scaling, synthetic, tables
