"""Helpers around training: data sets and loaders, tables, folds, made data,
activations computed twice."""

from scratch.utils import (
    _pytree,
    benchmark,
    checkpoint,
    data,
    dlpack,
    folds,
    hooks,
    model_zoo,
    scaling,
    synthetic,
    tables,
)
