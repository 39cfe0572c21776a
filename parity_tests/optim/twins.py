"""The same optimization on both sides: parameters, gradients, options."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import product
from typing import Any

import numpy as np
import torch

import scratch
import scratch.optim

# Every documented option that changes the formula, with the values to try:
# the default and a generic one (no value is chosen for its rounding).
OPTIONS: dict[str, dict[str, list]] = {
    "SGD": {
        "lr": [0.05],
        "momentum": [0, 0.37, 0.9],
        "dampening": [0, 0.77],
        "weight_decay": [0, 0.1],
        "nesterov": [False, True],
        "maximize": [False, True],
    },
    "Adagrad": {
        "lr": [0.1],
        "lr_decay": [0, 0.01],
        "weight_decay": [0, 0.1],
        "initial_accumulator_value": [0, 0.5],
        "eps": [1e-10, 1e-3],
        "maximize": [False, True],
    },
    "RMSprop": {
        "lr": [0.01],
        "alpha": [0.99, 0.123, 0.4],
        "eps": [1e-8, 1e-3],
        "weight_decay": [0, 0.1],
        "momentum": [0, 0.9],
        "centered": [False, True],
        "maximize": [False, True],
    },
    "Adadelta": {
        "lr": [1.0, 0.5],
        "rho": [0.9, 0.123, 0.5],
        "eps": [1e-6, 1e-3],
        "weight_decay": [0, 0.1],
        "maximize": [False, True],
    },
    "Adam": {
        "lr": [0.1],
        "betas": [(0.9, 0.999), (0.3, 0.5), (0.8, 0.99)],
        "eps": [1e-8, 1e-3],
        "weight_decay": [0, 0.1],
        "amsgrad": [False, True],
        "maximize": [False, True],
        "decoupled_weight_decay": [False, True],
    },
    "AdamW": {
        "lr": [0.1],
        "betas": [(0.9, 0.999), (0.3, 0.5), (0.8, 0.99)],
        "eps": [1e-8, 1e-3],
        "weight_decay": [0, 0.1],
        "amsgrad": [False, True],
        "maximize": [False, True],
    },
    "Adamax": {
        "lr": [0.1],
        "betas": [(0.9, 0.999), (0.3, 0.5), (0.8, 0.99)],
        "eps": [1e-8, 1e-3],
        "weight_decay": [0, 0.1],
        "maximize": [False, True],
    },
    "NAdam": {
        "lr": [0.1],
        "betas": [(0.9, 0.999), (0.3, 0.5), (0.8, 0.99)],
        "eps": [1e-8, 1e-3],
        "weight_decay": [0, 0.1],
        "momentum_decay": [4e-3, 0.5],
        "decoupled_weight_decay": [False, True],
        "maximize": [False, True],
    },
    "RAdam": {
        "lr": [0.1],
        "betas": [(0.9, 0.999), (0.85, 0.6), (0.3, 0.95)],
        "eps": [1e-8, 1e-3],
        "weight_decay": [0, 0.1],
        "decoupled_weight_decay": [False, True],
        "maximize": [False, True],
    },
    "Rprop": {
        "lr": [0.01],
        "etas": [(0.5, 1.2), (0.3, 1.5)],
        "step_sizes": [(1e-6, 50), (1e-2, 0.1)],
        "maximize": [False, True],
    },
    "ASGD": {
        "lr": [0.05],
        "lambd": [1e-4, 0.1],
        "alpha": [0.75, 0.2],
        "t0": [1e6, 5],
        "weight_decay": [0, 0.1],
        "maximize": [False, True],
    },
    "LBFGS": {
        "lr": [1, 0.3],
        "max_iter": [1, 20],
        "max_eval": [None, 3],
        "tolerance_grad": [1e-7, 1e-2],
        "tolerance_change": [1e-9, 1e-3],
        "history_size": [100, 2],
        "line_search_fn": [None, "strong_wolfe"],
        "maximize": [True],
    },
}
NAMES = sorted(OPTIONS)
ELEMENTWISE = [name for name in NAMES if name != "LBFGS"]


def configurations(name: str) -> Iterator[dict[str, Any]]:
    """Every combination of the options that the optimizer allows."""
    table = OPTIONS[name]
    for values in product(*table.values()):
        options = dict(zip(table, values, strict=True))
        if options.get("nesterov") and (
            not options["momentum"] or options["dampening"]
        ):
            continue
        yield options


def everything_on(name: str) -> dict[str, Any]:
    """The last value of every option, but downhill and without a conflict."""
    options = {key: values[-1] for key, values in OPTIONS[name].items()}
    options["maximize"] = False
    if name == "SGD":
        options["dampening"] = 0
    if name == "LBFGS":
        options.update(max_iter=5, max_eval=8, tolerance_grad=1e-7)
        options.update(tolerance_change=1e-9)
    return options


def optimizer(lib: Any, name: str, params: list, options: dict) -> Any:
    return getattr(lib.optim, name)(params, **options)


def parameters(lib: Any, arrays: list[np.ndarray]) -> list:
    """Leaves that ask for a gradient, each with an array of its own."""
    return [lib.from_numpy(a.copy()).requires_grad_() for a in arrays]


def arrays_of(params: list) -> list[np.ndarray]:
    return [p.detach().numpy().copy() for p in params]


def quadratic(params: list, sign: int = 1) -> Any:
    """½ Σ cᵢ (θᵢ - 1)², of unequal curvatures c: a long valley."""
    total = 0
    for k, p in enumerate(params):
        lib = scratch if isinstance(p, scratch.Tensor) else torch
        c = 0.5 + k + 0.7 * np.arange(int(np.prod(p.shape)))
        c = c.reshape(tuple(p.shape))
        total = total + (lib.from_numpy(c) * (p - 1) ** 2).sum()
    return sign * 0.5 * total


def rosenbrock(params: list, sign: int = 1) -> Any:
    """(1 - x)² + 100 (y - x²)²: a bent valley, its bottom at (1, 1)."""
    x, y = params[0][0], params[0][1]
    return sign * ((1 - x) ** 2 + 100 * (y - x * x) ** 2)


def trajectory(
    params: list, opt: Any, loss: Callable, steps: int, sign: int = 1
) -> list[list[np.ndarray]]:
    """The parameters after each step."""

    def closure() -> Any:
        opt.zero_grad()
        value = loss(params, sign)
        value.backward()
        return value

    places = []
    for _ in range(steps):
        opt.step(closure)
        places.append(arrays_of(params))
    return places


def both(
    name: str, options: dict, arrays: list, loss: Callable, steps: int
) -> tuple[list, list]:
    """The trajectories of scratch and of torch."""
    sign = -1 if options.get("maximize") else 1
    found = []
    for lib in scratch, torch:
        params = parameters(lib, arrays)
        opt = optimizer(lib, name, params, options)
        found.append(trajectory(params, opt, loss, steps, sign))
    return found[0], found[1]


def worst(ours: list, theirs: list) -> float:
    """The largest relative difference of two trajectories, per array.

    Each array is measured by its own largest element at that step; NaN and
    infinity must stand in the same places.
    """
    largest = 0.0
    for step, other in zip(ours, theirs, strict=True):
        for a, b in zip(step, other, strict=True):
            np.testing.assert_array_equal(np.isfinite(a), np.isfinite(b))
            scale = max(np.abs(b).max(initial=0), 1e-300)
            gap = np.nan_to_num(np.abs(a - b), nan=0, posinf=0)
            largest = max(largest, float(gap.max(initial=0) / scale))
    return largest


def to_torch(value: Any) -> Any:
    """A state of scratch as torch would hold it; and `to_scratch` back."""
    return mapped(value, scratch.Tensor, torch.from_numpy)


def to_scratch(value: Any) -> Any:
    return mapped(value, torch.Tensor, scratch.from_numpy)


def mapped(value: Any, kind: type, make: Callable) -> Any:
    if isinstance(value, kind):
        return make(value.detach().numpy().copy())
    if isinstance(value, dict):
        return {k: mapped(v, kind, make) for k, v in value.items()}
    if isinstance(value, (list, tuple)):
        return type(value)([mapped(v, kind, make) for v in value])
    return value
