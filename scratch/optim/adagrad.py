"""Adagrad: a step for each parameter, smaller where slopes were steep."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from scratch.optim.arithmetic import add_ratio, add_scaled, plus_scaled, root_of
from scratch.optim.checks import check, check_lr, check_switches
from scratch.optim.elementwise import Elementwise
from scratch.optim.state import full_like, scalar
from scratch.tensor import Tensor


class Adagrad(Elementwise):
    """s ← s + g²    θ ← θ - γ / (1 + (t - 1)η) · g / (√s + ε)

    γ lr, η lr_decay; weight_decay λ adds λθ to g first.
    Duchi, Hazan & Singer, 2011.
    """

    def __init__(
        self,
        params: Iterable,
        lr: float | Tensor = 1e-2,
        lr_decay: float = 0,
        weight_decay: float = 0,
        initial_accumulator_value: float = 0,
        eps: float = 1e-10,
        foreach: bool | None = None,
        *,
        maximize: bool = False,
        differentiable: bool = False,
        fused: bool | None = None,
    ):
        check_lr(lr)
        check(0.0 <= lr_decay, "lr_decay value", lr_decay)
        check(0.0 <= weight_decay, "weight_decay value", weight_decay)
        check(
            0.0 <= initial_accumulator_value,
            "initial_accumulator_value value",
            initial_accumulator_value,
        )
        check(0.0 <= eps, "epsilon value", eps)
        check_switches(differentiable, foreach, fused)
        super().__init__(params, dict(
            lr=lr, lr_decay=lr_decay, eps=eps, weight_decay=weight_decay,
            initial_accumulator_value=initial_accumulator_value,
            foreach=foreach, maximize=maximize, differentiable=differentiable,
            fused=fused))
        # torch: the state is there before the first step
        for group in self.param_groups:
            for p in group["params"]:
                self.state[p] = self.begin(p, group)

    def share_memory(self) -> None:
        """Accepted; a process that is started here copies the state."""

    def begin(self, p: Tensor, group: dict[str, Any]) -> dict[str, Tensor]:
        start = self.defaults["initial_accumulator_value"]
        return {"step": scalar(), "sum": full_like(p, start)}

    def update(
        self, param, grad, state, *, step, lr, lr_decay, weight_decay, eps, **_
    ):
        if weight_decay:
            grad = plus_scaled(grad, weight_decay, param)
        s = state["sum"]
        add_scaled(s, grad, grad)
        root = root_of(s)
        root += eps
        add_ratio(param, -(lr / (1 + (step - 1) * lr_decay)), grad, root)
