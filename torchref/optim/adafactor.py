"""Adafactor: squares of slopes remembered by their rows and columns."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import torch

from torchref.optim.optimizer import Optimizer, loss_of


class Adafactor(Optimizer):
    """R ← lerp(R, mean of g² over a row, t^δ), C so over a column
    V = R C / mean(R)    u = g / √max(V, ε₁²)
    θ ← θ - max(ε₂, rms θ) min(γ, 1/√t) u / max(1, rms(u) / d)

    γ lr, δ beta2_decay, d clips the update. Of a vector V is remembered as
    it is. weight_decay λ shrinks θ by 1 - γλ first.
    Shazeer & Stern, 2018.
    """

    def __init__(
        self,
        params: Iterable,
        lr: float = 1e-2,
        beta2_decay: float = -0.8,
        eps: tuple[float | None, float] = (None, 1e-3),
        d: float = 1.0,
        weight_decay: float = 0.0,
        *,
        maximize: bool = False,
    ):
        super().__init__(params, dict(
            lr=lr, beta2_decay=beta2_decay, eps=eps, d=d,
            weight_decay=weight_decay, maximize=maximize))

    @torch.no_grad()
    def step(self, closure: Callable | None = None) -> Any:
        """Change the parameters once, by their gradients."""
        loss = loss_of(closure)
        for group in self.param_groups:
            for p in group["params"]:
                if p.grad is not None:
                    grad = -p.grad if group["maximize"] else p.grad
                    state = self.state.setdefault(p, {})
                    state.update(state or begin(grad))
                    update(p, grad, state, **group)
        return loss


def begin(grad: torch.Tensor) -> dict[str, torch.Tensor]:
    """The state of a parameter before its first step."""
    step = torch.tensor(0.0)
    if grad.ndim < 2:
        return {"step": step, "variance": torch.zeros_like(grad)}
    return {"step": step, "row_var": torch.zeros_like(grad[..., :1]),
            "col_var": torch.zeros_like(grad[..., :1, :])}


def rms(a: torch.Tensor) -> float:
    """√(mean of a²)"""
    return a.square().mean().sqrt().item()


def update(param: torch.Tensor, grad: torch.Tensor,
           state: dict[str, torch.Tensor], *, lr: float, beta2_decay: float,
           eps: tuple, d: float, weight_decay: float, **_: Any) -> None:
    """Write one step into param and the tensors of state."""
    state["step"] += 1
    t = state["step"].item()
    eps1 = torch.finfo(param.dtype).eps if eps[0] is None else eps[0]
    size = max(eps[1], rms(param)) * min(lr, 1 / t**0.5)
    param -= lr * weight_decay * param
    square, share = grad * grad, t**beta2_decay
    if grad.ndim > 1:
        row, column = state["row_var"], state["col_var"]
        row.lerp_(square.mean(-1, keepdim=True), share)
        column.lerp_(square.mean(-2, keepdim=True), share)
        v = row @ column / row.mean(-2, keepdim=True).clamp(min=eps1)
    else:
        v = state["variance"]
        v.lerp_(square, share)
    u = grad / v.clamp(min=eps1 * eps1).sqrt()
    param -= size / max(1.0, rms(u) / d) * u
