"""Adam: a mean of the gradients over the root of a mean of their squares."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from scratch.optim.arithmetic import (
    add_ratio,
    larger,
    lerp,
    mean_of_squares,
    plus_scaled,
    root_of,
)
from scratch.optim.checks import check, check_betas, check_lr, check_switches
from scratch.optim.elementwise import Elementwise
from scratch.optim.state import scalar, zeros_like
from scratch.tensor import Tensor


class Adam(Elementwise):
    """m ← β₁m + (1 - β₁)g    v ← β₂v + (1 - β₂)g²
    m̂ = m / (1 - β₁ᵗ)    v̂ = v / (1 - β₂ᵗ)    θ ← θ - γ m̂ / (√v̂ + ε)

    γ lr; the hats undo the pull of the zeros that m and v began with.
    weight_decay λ adds λθ to g first; decoupled, it shrinks θ by γλ instead
    (AdamW). amsgrad takes the largest v so far in place of v.
    Kingma & Ba, 2014; Reddi, Kale & Kumar, 2018 (amsgrad).
    """

    def __init__(
        self,
        params: Iterable,
        lr: float | Tensor = 1e-3,
        betas: tuple[float | Tensor, float | Tensor] = (0.9, 0.999),
        eps: float = 1e-8,
        weight_decay: float = 0,
        amsgrad: bool = False,
        *,
        foreach: bool | None = None,
        maximize: bool = False,
        capturable: bool = False,
        differentiable: bool = False,
        fused: bool | None = None,
        decoupled_weight_decay: bool = False,
    ):
        check_no_tensor("lr", lr, foreach and not capturable)
        check_lr(lr)
        check(0.0 <= eps, "epsilon value", eps)
        check_betas(betas)
        check(0.0 <= weight_decay, "weight_decay value", weight_decay)
        if not (
            all(isinstance(beta, float) for beta in betas)
            or all(isinstance(beta, Tensor) for beta in betas)
        ):
            raise ValueError(
                "betas must be either both floats or both Tensors"
            )
        for i in 0, 1:
            check_no_tensor(f"betas[{i}]", betas[i], foreach and not capturable)
        check_switches(differentiable, foreach, fused)
        super().__init__(params, dict(
            lr=lr, betas=(betas[0], betas[1]), eps=eps,
            weight_decay=weight_decay, amsgrad=amsgrad, maximize=maximize,
            foreach=foreach, capturable=capturable,
            differentiable=differentiable, fused=fused,
            decoupled_weight_decay=decoupled_weight_decay))

    def begin(self, p: Tensor, group: dict[str, Any]) -> dict[str, Tensor]:
        state = {
            "step": scalar(),
            "exp_avg": zeros_like(p),
            "exp_avg_sq": zeros_like(p),
        }
        if group["amsgrad"]:
            state["max_exp_avg_sq"] = zeros_like(p)
        return state

    def update(
        self, param, grad, state, *, step, lr, betas, eps, weight_decay,
        amsgrad, decoupled_weight_decay, **_
    ):
        beta1, beta2 = betas
        if weight_decay and decoupled_weight_decay:
            param *= 1 - lr * weight_decay
        elif weight_decay:
            grad = plus_scaled(grad, weight_decay, param)
        m, v = state["exp_avg"], state["exp_avg_sq"]
        lerp(m, grad, 1 - beta1)
        mean_of_squares(v, grad, beta2)
        if amsgrad:
            v = larger(state["max_exp_avg_sq"], v)
        root = root_of(v)
        root /= (1 - beta2**step) ** 0.5
        root += eps
        add_ratio(param, -(lr / (1 - beta1**step)), m, root)


def check_no_tensor(name: str, value: Any, refused: Any) -> None:
    """A tensor option has one element, and is not for foreach=True."""
    if not isinstance(value, Tensor):
        return
    if refused:
        raise ValueError(
            f"{name} as a Tensor is not supported for capturable=False and "
            "foreach=True"
        )
    if value.array.size != 1:
        raise ValueError(f"Tensor {name} must be 1-element")
