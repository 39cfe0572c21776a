"""Adafactor: squares of slopes remembered by their rows and columns."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import numpy as np

from scratch.modes import no_grad
from scratch.optim.checks import check_one_number
from scratch.optim.optimizer import Optimizer, loss_of
from scratch.optim.state import plain, scalar
from scratch.tensor import Tensor, wrap


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
        lr: float | Tensor = 1e-2,
        beta2_decay: float = -0.8,
        eps: tuple[float | None, float] = (None, 1e-3),
        d: float = 1.0,
        weight_decay: float = 0.0,
        *,
        foreach: bool | None = None,
        maximize: bool = False,
    ):
        check_one_number(lr)
        for holds, words, value in (
            (0.0 <= lr, "Learning rate should be >= 0", lr),
            (beta2_decay <= 0.0, "beta2_decay should be <= 0", beta2_decay),
            (eps[0] is None or 0.0 <= eps[0], "epsilon1 should be >= 0",
             eps[0]),
            (0.0 <= eps[1], "epsilon2 should be >= 0", eps[1]),
            (1.0 <= d, "Clipping threshold d should be >= 1", d),
            (0.0 <= weight_decay, "weight_decay should be >= 0",
             weight_decay),
        ):  # fmt: skip
            if not holds:
                raise ValueError(f"{words} but is: {value}")
        super().__init__(params, dict(
            lr=lr, beta2_decay=beta2_decay, eps=eps, d=d,
            weight_decay=weight_decay, foreach=foreach, maximize=maximize))

    @no_grad()
    def step(self, closure: Callable | None = None) -> Any:
        """Change the parameters once, by their gradients."""
        loss = loss_of(closure)
        for group in self.param_groups:
            options = {k: plain(v) for k, v in group.items() if k != "params"}
            for p in group["params"]:
                if p.grad is None:
                    continue
                if p.is_complex():
                    raise RuntimeError(
                        "Adafactor does not support complex parameters")
                state = self.state[p]
                state.update(state or begin(p.grad))
                state["step"].array += 1
                grad = p.grad.array
                with np.errstate(all="ignore"):
                    update(p.array, -grad if options["maximize"] else grad,
                           {k: v.array for k, v in state.items()}, **options)
                p.version[0] += 1
        return loss


def begin(grad: Tensor) -> dict[str, Tensor]:
    """The state of a parameter before its first step."""
    a = grad.array
    if a.ndim < 2:
        return {"step": scalar(), "variance": wrap(np.zeros_like(a))}
    return {"step": scalar(),
            "row_var": wrap(np.zeros_like(a[..., :1])),
            "col_var": wrap(np.zeros_like(a[..., :1, :]))}


def rms(a: np.ndarray) -> float:
    """√(mean of a²)"""
    if not a.size:
        return float("nan")
    return float(np.sqrt(np.square(a).sum())) / a.size**0.5


def lerp(a: np.ndarray, b: np.ndarray, share: float) -> None:
    """a ← a + share (b - a), from the nearer end"""
    if share < 0.5:
        a += a.dtype.type(share) * (b - a)
    else:
        a[...] = b - (b - a) * a.dtype.type(1 - share)


def update(param: np.ndarray, grad: np.ndarray, state: dict[str, np.ndarray],
           *, lr: float, beta2_decay: float, eps: tuple, d: float,
           weight_decay: float, **_: Any) -> None:
    """Write one step into param and the arrays of state."""
    t = state["step"].item()
    eps1 = float(np.finfo(param.dtype).eps) if eps[0] is None else eps[0]
    size = max(eps[1], rms(param)) * min(lr, 1 / t**0.5)
    if weight_decay:
        param *= param.dtype.type(1 - lr * weight_decay)
    square, share = grad * grad, t**beta2_decay
    if grad.ndim > 1:
        row, column = state["row_var"], state["col_var"]
        lerp(row, square.mean(-1, keepdims=True), share)
        lerp(column, square.mean(-2, keepdims=True), share)
        mean = row.mean(-2, keepdims=True)
        v = row @ column / np.maximum(mean, param.dtype.type(eps1))
    else:
        lerp(state["variance"], square, share)
        v = state["variance"]
    u = grad / np.sqrt(np.maximum(v, param.dtype.type(eps1 * eps1)))
    param -= param.dtype.type(size / max(1.0, rms(u) / d)) * u
