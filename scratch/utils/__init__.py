"""Helpers around training: data sets, samplers and loaders."""

from scratch.utils import data
