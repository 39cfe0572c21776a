"""L-BFGS: Newton's method with a curvature learned from the last steps."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import torch

from torchref.optim.arithmetic import axpy
from torchref.optim.line_search import Line, strong_wolfe
from torchref.optim.optimizer import Optimizer, as_real


class LBFGS(Optimizer):
    """d = -Hg    θ ← θ + td

    H, the inverse of the curvature, is never built: it is applied through
    the last history_size pairs of step s and change of gradient y. t is lr,
    or found by a line search ("strong_wolfe"). One step evaluates the
    closure up to max_eval times. One group of parameters only.
    Nocedal, 1980; Liu & Nocedal, 1989.
    """

    def __init__(
        self,
        params: Iterable,
        lr: float = 1,
        max_iter: int = 20,
        max_eval: int | None = None,
        tolerance_grad: float = 1e-7,
        tolerance_change: float = 1e-9,
        history_size: int = 100,
        line_search_fn: str | None = None,
        *,
        maximize: bool = False,
    ):
        if max_eval is None:
            max_eval = max_iter * 5 // 4
        super().__init__(
            params,
            dict(
                lr=lr,
                max_iter=max_iter,
                max_eval=max_eval,
                tolerance_grad=tolerance_grad,
                tolerance_change=tolerance_change,
                history_size=history_size,
                line_search_fn=line_search_fn,
                maximize=maximize,
            ),
        )

    @torch.no_grad()
    def step(self, closure: Any) -> Any:
        """Take up to max_iter steps; the closure gives loss and gradients."""
        closure = torch.enable_grad()(closure)
        group = self.param_groups[0]
        memory = self.state[group["params"][0]]
        memory.setdefault("func_evals", 0)
        memory.setdefault("n_iter", 0)
        first_loss = closure()
        memory["func_evals"] += 1
        loss, grad = self._signed(first_loss), self._flat_grad()
        if grad.abs().max() <= group["tolerance_grad"]:
            return first_loss
        self._descend(closure, memory, loss, grad)
        return first_loss

    def _descend(
        self, closure: Callable, memory: dict, loss: float, grad: torch.Tensor
    ) -> None:
        group = self.param_groups[0]
        max_iter, max_eval = group["max_iter"], group["max_eval"]
        tolerance = group["tolerance_change"]
        d, t = memory.get("d"), memory.get("t")
        evaluations = 1
        for i in range(1, max_iter + 1):
            memory["n_iter"] += 1
            d = direction(memory, grad, d, t, group["history_size"])
            memory["prev_flat_grad"], memory["prev_loss"] = grad, loss
            t = group["lr"]
            if memory["n_iter"] == 1:
                t = min(1.0, 1.0 / grad.abs().sum()) * t
            slope = grad.dot(d)
            if slope > -tolerance:
                break
            left = max_eval - evaluations
            before = loss
            loss, grad, t, calls = self._move(
                closure, d, t, loss, grad, slope, left, last=i == max_iter
            )
            evaluations += calls
            memory["func_evals"] += calls
            if (
                evaluations >= max_eval
                or grad.abs().max() <= group["tolerance_grad"]
                or (t * d).abs().max() <= tolerance
                or abs(loss - before) < tolerance
            ):
                break
        memory["d"], memory["t"] = d, t

    def _move(
        self,
        closure: Callable,
        d: torch.Tensor,
        t: Any,
        loss: float,
        grad: torch.Tensor,
        slope: Any,
        left: int,
        last: bool,
    ) -> tuple[float, torch.Tensor, Any, int]:
        """Go t along d (or as far as the search says).

        -> loss and gradient there, the length, the evaluations it took.
        The last iteration does not look where it came to.
        """
        search = self.param_groups[0]["line_search_fn"]
        if search is None:
            self._add(t, d)
            if last:
                return loss, grad, t, 0
            loss = self._signed(closure())
            return loss, self._flat_grad(), t, 1
        if search != "strong_wolfe":
            raise RuntimeError("only 'strong_wolfe' is supported")
        start = [p.clone() for p in self.param_groups[0]["params"]]

        def evaluate(t: Any) -> tuple[float, torch.Tensor]:
            self._add(t, d)
            found = self._signed(closure()), self._flat_grad()
            for p, before in zip(self.param_groups[0]["params"], start):
                p.copy_(before)
            return found

        line = Line(evaluate, d, loss, grad, slope, left)
        point = strong_wolfe(line, t)
        self._add(point.t, d)
        return point.f, point.grad, point.t, line.calls

    def _signed(self, loss: Any) -> float:
        """The loss as a number; the negative of what is to be maximized."""
        value = loss.item() if isinstance(loss, torch.Tensor) else float(loss)
        return -value if self.param_groups[0]["maximize"] else value

    def _flat_grad(self) -> torch.Tensor:
        """All gradients in a row; a parameter without one counts as 0."""
        flat = []
        for p in self.param_groups[0]["params"]:
            g = torch.zeros_like(p) if p.grad is None else p.grad
            flat.append(as_real(g).reshape(-1))
        grad = torch.cat(flat)
        return -grad if self.param_groups[0]["maximize"] else grad

    def _add(self, t: Any, d: torch.Tensor) -> None:
        """θ ← θ + td"""
        start = 0
        for p in self.param_groups[0]["params"]:
            real = as_real(p)
            piece = d[start : start + real.numel()].reshape(real.shape)
            axpy(real, t, piece)
            start += real.numel()


def direction(
    memory: dict, grad: torch.Tensor, d: Any, t: Any, history_size: int
) -> torch.Tensor:
    """d = -Hg by the two loops over the pairs (s, y), newest first.

    memory: old_stps s, old_dirs y, ro 1 / (y·s), H_diag (s·y) / (y·y).
    """
    if memory["n_iter"] == 1:
        memory.update(old_dirs=[], old_stps=[], ro=[], H_diag=1)
        return -grad
    ys, ss, ro = memory["old_dirs"], memory["old_stps"], memory["ro"]
    y, s = grad - memory["prev_flat_grad"], d * t
    curvature = y.dot(s)
    if curvature > 1e-10:
        for pairs, new in (ys, y), (ss, s), (ro, 1.0 / curvature):
            if len(pairs) == history_size:
                pairs.pop(0)
            pairs.append(new)
        memory["H_diag"] = curvature / y.dot(y)
    al = memory.setdefault("al", [None] * history_size)
    q = -grad
    for i in reversed(range(len(ss))):
        al[i] = ss[i].dot(q) * ro[i]
        axpy(q, -al[i], ys[i])
    q *= memory["H_diag"]
    for i in range(len(ss)):
        axpy(q, al[i] - ys[i].dot(q) * ro[i], ss[i])
    return q
