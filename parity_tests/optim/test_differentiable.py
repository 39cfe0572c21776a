"""Steps that are recorded: gradients through them, as torch has them."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import torch

import scratch
import scratch.optim

OPTIONS: dict[str, list[dict]] = {
    "SGD": [{}, dict(momentum=0.9, weight_decay=0.1),
            dict(momentum=0.9, nesterov=True, maximize=True)],
    "Adam": [{}, dict(amsgrad=True, weight_decay=0.1)],
    "AdamW": [{}, dict(amsgrad=True, maximize=True)],
    "Adamax": [{}, dict(weight_decay=0.1)],
    "NAdam": [{}, dict(decoupled_weight_decay=True, weight_decay=0.1)],
    "RAdam": [{}, dict(weight_decay=0.1, betas=(0.3, 0.95))],
    "Adagrad": [{}, dict(lr_decay=0.1, weight_decay=0.1)],
    "Adadelta": [{}, dict(weight_decay=0.1, rho=0.5)],
    "ASGD": [{}, dict(t0=1, lambd=0.1)],
    "RMSprop": [{}, dict(momentum=0.9, centered=True)],
    "Rprop": [{}],
}  # fmt: skip
CASES = [(name, i) for name, all_ in OPTIONS.items() for i in range(len(all_))]
SLOPE, START = np.array([0.3, -0.7, 1.1]), np.array([1.0, 2.0, -1.5])


def walk(lib: Any, name: str, options: dict, steps: int, slope: Any,
         start: Any, lr: Any = None, complex: bool = False) -> Any:
    """Where `steps` steps lead, as a function of all that is given."""
    p = start.clone()
    options = dict(options, differentiable=True)
    if lr is not None:
        options["lr"] = lr
    optimizer = getattr(lib.optim, name)([p], **options)
    for i in range(steps):
        g = slope * (i + 1) * (-1 if i == 2 else 1) + lib.tensor(0.1 * START)
        p.grad = lib.complex(g, -g) if complex else g
        optimizer.step()
    return p


def gradients(lib: Any, name: str, options: dict, steps: int, *,
              learned: bool = False, complex: bool = False) -> list:
    slope = lib.tensor(SLOPE, requires_grad=True)
    start = lib.tensor(START, requires_grad=True)
    lr = lib.tensor(0.1, dtype=lib.float64, requires_grad=True)
    given = lib.complex(start, 2 * start) if complex else start
    p = walk(lib, name, options, steps, slope, given,
             lr if learned else None, complex)
    asked = [slope, start] + [lr] * learned
    if complex:
        p = p.real + 2 * p.imag
    loss = (p * lib.tensor([1.0, 2.0, 3.0], dtype=lib.float64)).sum()
    found = lib.autograd.grad(loss, asked, allow_unused=True)
    return [p.detach().numpy(), *(
        np.zeros(3) if g is None else g.numpy() for g in found)]


@pytest.mark.parametrize("complex", [False, True])
@pytest.mark.parametrize("case", CASES, ids=str)
def test_a_step_is_differentiated_as_in_torch(
    case: tuple, complex: bool
) -> None:
    name, options = case[0], OPTIONS[case[0]][case[1]]
    if complex and name in ("Adadelta", "SGD", "Rprop"):
        complex = False  # torch: not for complex numbers, or no derivative
    ours, theirs = (gradients(lib, name, options, 1, complex=complex)
                    for lib in (scratch, torch))
    for a, b in zip(ours, theirs, strict=True):
        np.testing.assert_allclose(a, b, 3e-6, 1e-9)


@pytest.mark.parametrize("case", CASES, ids=str)
def test_several_steps_and_the_rate_are_differentiated(case: tuple) -> None:
    """Held against differences; torch refuses some: it writes to what it
    has saved."""
    name, options = case[0], OPTIONS[case[0]][case[1]]
    if name == "Rprop" or (name == "SGD" and options):
        return  # no slope; torch's first gradient is not recorded
    learned = name != "ASGD"  # its rate is also a number of its state
    found = gradients(scratch, name, options, 3, learned=learned)

    def loss(slope: Any, lr: float) -> float:
        rate = scratch.tensor(lr, dtype=scratch.float64) if learned else None
        end = walk(scratch, name, options, 3, scratch.tensor(slope),
                   scratch.tensor(START), rate)
        return float(end.numpy() @ [1.0, 2.0, 3.0])

    tiny = 1e-5
    for i, step in enumerate(tiny * np.eye(3)):
        rise = loss(SLOPE + step, 0.1) - loss(SLOPE - step, 0.1)
        assert rise / (2 * tiny) == pytest.approx(found[1][i], 1e-4, 1e-6)
    if learned:
        rise = loss(SLOPE, 0.1 + tiny) - loss(SLOPE, 0.1 - tiny)
        assert rise / (2 * tiny) == pytest.approx(found[3], 1e-4, 1e-6)


def test_a_rate_is_learned() -> None:
    """Hypergradients: the rate that a step should have had."""
    for lib in (scratch, torch):
        found = gradients(lib, "SGD", {}, 1, learned=True)
        np.testing.assert_allclose(
            found[3], -((SLOPE + 0.1 * START) * [1, 2, 3]).sum())


def test_a_leaf_is_refused_and_switches_exclude_each_other() -> None:
    for lib in (scratch, torch):
        p = lib.nn.Parameter(lib.ones(2))
        p.grad = lib.ones(2)
        optimizer = lib.optim.SGD([p], differentiable=True)
        with pytest.raises(RuntimeError, match="leaf Variable that requires"):
            optimizer.step()
        with pytest.raises(RuntimeError, match="does not support"):
            lib.optim.Adam([p], fused=True, differentiable=True)
