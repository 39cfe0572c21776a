"""L-BFGS: Newton's method with a curvature learned from the last steps."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import numpy as np

from scratch.modes import enable_grad, no_grad
from scratch.ops.matmul import inner_product
from scratch.optim.arithmetic import axpy
from scratch.optim.checks import check_lr
from scratch.optim.line_search import Line, strong_wolfe
from scratch.optim.optimizer import Optimizer
from scratch.optim.state import as_real, plain
from scratch.tensor import Tensor, wrap

KEPT = (  # in the order of torch
    "func_evals", "n_iter", "al", "d", "t", "old_dirs", "old_stps", "ro",
    "H_diag", "prev_flat_grad", "prev_loss",
)  # fmt: skip


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
        lr: float | Tensor = 1,
        max_iter: int = 20,
        max_eval: int | None = None,
        tolerance_grad: float = 1e-7,
        tolerance_change: float = 1e-9,
        history_size: int = 100,
        line_search_fn: str | None = None,
        *,
        maximize: bool = False,
    ):
        check_lr(lr)
        if max_eval is None:
            max_eval = max_iter * 5 // 4
        super().__init__(params, dict(
            lr=lr, max_iter=max_iter, max_eval=max_eval,
            tolerance_grad=tolerance_grad, tolerance_change=tolerance_change,
            history_size=history_size, line_search_fn=line_search_fn,
            maximize=maximize))
        if len(self.param_groups) != 1:
            raise ValueError(
                "LBFGS doesn't support per-parameter options (parameter "
                "groups)"
            )

    @no_grad()
    def step(self, closure: Any) -> Any:
        """Take up to max_iter steps; the closure gives loss and gradients."""
        closure = enable_grad()(closure)
        group = self.param_groups[0]
        if not group["params"]:
            return closure()
        state = self.state[group["params"][0]]
        state.setdefault("func_evals", 0)
        state.setdefault("n_iter", 0)
        first_loss = closure()
        state["func_evals"] += 1
        loss, grad = self._signed(first_loss), self._flat_grad()
        if np.abs(grad).max() <= group["tolerance_grad"]:
            return first_loss
        memory = unpacked(state)
        self._descend(closure, memory, loss, grad)
        memory = packed(memory)
        state.update({key: memory[key] for key in KEPT if key in memory})
        return first_loss

    def _descend(
        self, closure: Callable, memory: dict, loss: float, grad: np.ndarray
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
            t = plain(group["lr"])
            if memory["n_iter"] == 1:
                t = min(1.0, 1.0 / np.abs(grad).sum()) * t
            slope = inner_product(grad, d)
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
                or np.abs(grad).max() <= group["tolerance_grad"]
                or np.abs(t * d).max() <= tolerance
                or abs(loss - before) < tolerance
            ):
                break
        memory["d"], memory["t"] = d, t

    def _move(
        self, closure: Callable, d: np.ndarray, t: Any, loss: float,
        grad: np.ndarray, slope: Any, left: int, last: bool,
    ) -> tuple[float, np.ndarray, Any, int]:
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
        start = [p.array.copy() for p in self.param_groups[0]["params"]]

        def evaluate(t: Any) -> tuple[float, np.ndarray]:
            self._add(t, d)
            found = self._signed(closure()), self._flat_grad()
            for p, array in zip(self.param_groups[0]["params"], start):
                p.array[...] = array
                p.version[0] += 1
            return found

        line = Line(evaluate, d, loss, grad, slope, left)
        point = strong_wolfe(line, t)
        self._add(point.t, d)
        return point.f, point.grad, point.t, line.calls

    def _signed(self, loss: Any) -> float:
        """The loss as a number; the negative of what is to be maximized."""
        return -float(loss) if self._climbs() else float(loss)

    def _climbs(self) -> bool:
        return self.param_groups[0].get("maximize", False)

    def _flat_grad(self) -> np.ndarray:
        """All gradients in a row; a parameter without one counts as 0."""
        flat = []
        for p in self.param_groups[0]["params"]:
            g = np.zeros_like(p.array) if p.grad is None else p.grad.array
            flat.append(as_real(g).ravel())
        grad = np.concatenate(flat)
        return -grad if self._climbs() else grad

    def _add(self, t: Any, d: np.ndarray) -> None:
        """θ ← θ + td"""
        start = 0
        for p in self.param_groups[0]["params"]:
            array = as_real(p.array)
            piece = d[start : start + array.size].reshape(array.shape)
            axpy(array, t, piece)
            p.version[0] += 1
            start += array.size


def direction(
    memory: dict, grad: np.ndarray, d: Any, t: Any, history_size: int
) -> np.ndarray:
    """d = -Hg by the two loops over the pairs (s, y), newest first.

    memory: old_stps s, old_dirs y, ro 1 / (y·s), H_diag (s·y) / (y·y).
    """
    if memory["n_iter"] == 1:
        memory.update(old_dirs=[], old_stps=[], ro=[], H_diag=1)
        return -grad
    ys, ss, ro = memory["old_dirs"], memory["old_stps"], memory["ro"]
    y, s = grad - memory["prev_flat_grad"], d * t
    curvature = inner_product(y, s)
    if curvature > 1e-10:
        for pairs, new in (ys, y), (ss, s), (ro, 1.0 / curvature):
            if len(pairs) == history_size:
                pairs.pop(0)
            pairs.append(new)
        memory["H_diag"] = curvature / inner_product(y, y)
    al = memory.setdefault("al", [None] * history_size)
    q = -grad
    for i in reversed(range(len(ss))):
        al[i] = inner_product(ss[i], q) * ro[i]
        axpy(q, -al[i], ys[i])
    q *= memory["H_diag"]
    for i in range(len(ss)):
        axpy(q, al[i] - inner_product(ys[i], q) * ro[i], ss[i])
    return q


def unpacked(state: dict[str, Any]) -> dict[str, Any]:
    """A state with arrays and NumPy numbers in place of tensors."""

    def array_of(value: Any) -> Any:
        if isinstance(value, list):
            return [array_of(v) for v in value]
        return value.array[()] if isinstance(value, Tensor) else value

    return {key: array_of(value) for key, value in state.items()}


def packed(memory: dict[str, Any]) -> dict[str, Any]:
    """The opposite of `unpacked`."""

    def tensor_of(value: Any) -> Any:
        if isinstance(value, list):
            return [tensor_of(v) for v in value]
        array = isinstance(value, (np.ndarray, np.generic))
        return wrap(value) if array else value

    return {key: tensor_of(value) for key, value in memory.items()}
