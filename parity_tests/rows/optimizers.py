"""Rows: optimizers by 20 steps, schedules by their rates, gradient tools."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..registry import find, outcome, pick

OPTIONS: dict[str, list[dict]] = {
    "SGD": [{"lr": 0.05}, {"lr": 0.05, "momentum": 0.9, "dampening": 0.3,
                           "weight_decay": 0.1},
            {"lr": 0.03, "momentum": 0.8, "nesterov": True}],
    "Adafactor": [{}, {"lr": 0.1, "weight_decay": 0.1, "d": 1.5}],
    "Adagrad": [{}, {"lr": 0.1, "lr_decay": 0.01, "weight_decay": 0.1,
                     "initial_accumulator_value": 0.5}],
    "RMSprop": [{}, {"momentum": 0.9, "weight_decay": 0.1, "alpha": 0.8},
                {"centered": True, "eps": 1e-3}],
    "Adadelta": [{}, {"rho": 0.5, "weight_decay": 0.1, "eps": 1e-3}],
    "Adam": [{"lr": 0.1}, {"lr": 0.1, "amsgrad": True,
                           "weight_decay": 0.1, "betas": (0.8, 0.99)}],
    "AdamW": [{"lr": 0.1}, {"lr": 0.1, "amsgrad": True,
                            "weight_decay": 0.2}],
    "Adamax": [{"lr": 0.1}, {"lr": 0.1, "weight_decay": 0.1}],
    "NAdam": [{"lr": 0.1}, {"lr": 0.1, "weight_decay": 0.1,
                            "momentum_decay": 0.5}],
    "RAdam": [{"lr": 0.1}, {"lr": 0.1, "weight_decay": 0.1,
                            "betas": (0.3, 0.95)}],
    "Rprop": [{}, {"etas": (0.3, 1.5), "step_sizes": (1e-2, 0.1)}],
    "ASGD": [{"lr": 0.05}, {"lr": 0.05, "t0": 5, "lambd": 0.1,
                            "weight_decay": 0.1}],
    "LBFGS": [{"lr": 0.3, "max_iter": 4}, {"line_search_fn": "strong_wolfe",
                                           "max_iter": 4}],
}


@outcome(*[f"optim.{name}" for name in OPTIONS], examples=12)
def trajectories(lib: Any, rng: Any, dtype: Any, name: str) -> Any:
    """20 steps down a long valley; maximize climbs its mirror image."""
    kind = name.removeprefix("optim.")
    options = dict(pick(rng, *OPTIONS[kind]))
    sign = 1
    if kind != "LBFGS" and rng.integers(2):
        options["maximize"], sign = True, -1
    params = [lib.from_numpy(rng.standard_normal(size)).to(dtype)
              .requires_grad_() for size in ((3,), (2, 2))]
    slopes = [lib.from_numpy(0.5 + rng.random(size)).to(dtype)
              for size in ((3,), (2, 2))]
    opt = getattr(lib.optim, kind)(params, **options)

    def closure() -> Any:
        opt.zero_grad()
        loss = sign * sum((c * (p - 1) ** 2).sum()
                          for c, p in zip(slopes, params))
        loss.backward()
        return loss

    for _ in range(20 if kind != "LBFGS" else 5):
        opt.step(closure)
    return [p.detach() for p in params]


SCHEDULES: dict[str, list[tuple]] = {
    "LambdaLR": [(lambda t: 0.9 ** t,)],
    "MultiplicativeLR": [(lambda t: 0.95,)],
    "StepLR": [(4,), (3, 0.5)], "MultiStepLR": [([2, 5, 9], 0.3)],
    "ConstantLR": [(0.5, 4)], "LinearLR": [(0.1, 1.0, 6)],
    "ExponentialLR": [(0.9,)], "PolynomialLR": [(8, 2.0)],
    "CosineAnnealingLR": [(7, 0.01)],
    "CosineAnnealingWarmRestarts": [(3, 2, 0.01)],
    "CyclicLR": [(0.01, 0.3, 3, 4, "triangular2")],
    "OneCycleLR": [(0.5, 30)], "ReduceLROnPlateau": [("min", 0.5, 2)],
}


def descent(lib: Any, dtype: Any) -> Any:
    groups = [{"params": [lib.zeros(2, dtype=dtype, requires_grad=True)],
               "lr": lr} for lr in (0.1, 0.03)]
    return lib.optim.SGD(groups, momentum=0.9)


@outcome(*[f"optim.lr_scheduler.{name}" for name in SCHEDULES], exact=True,
         examples=6)
def schedules(lib: Any, rng: Any, dtype: Any, name: str) -> Any:
    opt, args = descent(lib, dtype), pick(rng, *SCHEDULES[
        name.rsplit(".", 1)[1]])
    scheduler = find(lib, name)(opt, *args)
    losses = np.round(rng.random(25), 1)
    found = []
    for loss in losses:
        opt.step()
        scheduler.step(*((float(loss),) if "Plateau" in name else ()))
        found += [g["lr"] for g in opt.param_groups]
        found += [g["momentum"] for g in opt.param_groups]
    return found


@outcome("optim.lr_scheduler.ChainedScheduler",
         "optim.lr_scheduler.SequentialLR", exact=True, examples=4)
def joined_schedules(lib: Any, rng: Any, dtype: Any, name: str) -> Any:
    opt, space = descent(lib, dtype), lib.optim.lr_scheduler
    several = [space.ConstantLR(opt, 0.1, 4), space.ExponentialLR(opt, 0.9)]
    scheduler = (space.ChainedScheduler(several) if "Chained" in name else
                 space.SequentialLR(opt, several, [5]))
    found = []
    for _ in range(20):
        opt.step()
        scheduler.step()
        found += [g["lr"] for g in opt.param_groups]
    return found


@outcome("nn.utils.clip_grad_norm_", "nn.utils.clip_grad_value_",
         "nn.utils.clip_grads_with_norm_", "nn.utils.get_total_norm",
         "nn.utils.parameters_to_vector", "nn.utils.vector_to_parameters",
         examples=24)
def gradient_tools(lib: Any, rng: Any, dtype: Any, name: str) -> Any:
    def drawn(size: tuple) -> Any:
        return lib.from_numpy(np.asarray(rng.standard_normal(size))).to(
            dtype)

    params = [drawn(size).requires_grad_() for size in ((3,), (2, 4), ())]
    for p in params:
        p.grad = 3 * drawn(tuple(p.shape))
    f, p = find(lib, name), float(pick(rng, 1, 2, 3, float("inf")))
    if name.endswith("get_total_norm"):
        return f([x.grad for x in params], p)
    if name.endswith("parameters_to_vector"):
        return f(params).detach()
    if name.endswith("vector_to_parameters"):
        f(lib.arange(12, dtype=dtype), params)
        return [x.detach() for x in params]
    if name.endswith("clip_grad_norm_"):
        total = [f(params, 2.0, p)]
    elif name.endswith("clip_grads_with_norm_"):
        total = [f(params, 2.0, lib.tensor(5.0, dtype=dtype))]
    else:
        total = [f(params, 1.5)]
    return [t for t in total if t is not None] + [x.grad for x in params]
