"""Connectionist temporal classification: a text without its times.

The text's letters may each last, with or without blanks between them; the
loss adds up the probabilities of all such paths (Graves et al., 2006).
"""

from __future__ import annotations

from typing import Any

import numpy as np

from ..graph import record
from ..tensor import Tensor, wrap
from .combine import cat, stack
from .gather import pick
from .masks import keep
from .operands import refuse
from .recurrence import apart

__all__: list[str] = []
METHODS: list[str] = []
IN_PLACE: list[str] = []


def ctc_losses(logs: Tensor, targets: Tensor, times: list[int],
               lengths: list[int], blank: int,
               zero_infinity: bool) -> Tensor:
    """-log P(text) of each: logs (T, N, C), targets (N, S) or (Σ S) -> (N)

    times: how long each input is; lengths: how long each text.
    """
    check_ctc(logs, targets, times, lengths, blank)
    letters = spread(targets, lengths, blank)
    y = paths(logs, letters, np.array(times), np.array(lengths), blank)
    return with_slopes(y, logs, np.array(times), zero_infinity)


def spread(targets: Tensor, lengths: list[int], blank: int) -> np.ndarray:
    """The texts with blanks around every letter: (N, 2 S + 1)"""
    a = targets.array.astype(np.int64)
    most = max(lengths, default=0)
    letters = np.full((len(lengths), 2 * most + 1), blank)
    start = 0
    for i, n in enumerate(lengths):
        text = a[i, :n] if a.ndim == 2 else a[start:start + n]
        letters[i, 1:2 * n:2] = text
        start += n
    return letters


def paths(logs: Tensor, letters: np.ndarray, times: np.ndarray,
          lengths: np.ndarray, blank: int) -> Tensor:
    """-log Σ P over the paths; αₜ[s]: log P of all up to letter s at t

    αₜ[s] = log yₜ[s] + log(e^αₜ₋₁[s] + e^αₜ₋₁[s-1] + e^αₜ₋₁[s-2]), the last
    where letter s is neither blank nor that before it
    """
    span, n, classes = logs.shape
    rows = np.arange(span * n).reshape(span, n, 1) * classes
    steps = [y.squeeze(0) for y in apart(
        pick(logs, rows + letters), [1] * span, 0)]
    place = np.arange(letters.shape[1])
    a = closed(steps[0], (place > 1) | (place > 2 * lengths[:, None]))
    skips = np.zeros(letters.shape, bool)
    skips[:, 2:] = (letters[:, 2:] != blank) & (
        letters[:, 2:] != letters[:, :-2])
    for t in range(1, span):
        ways = [a, shifted(a, 1), closed(shifted(a, 2), ~skips)]
        new = log_total(stack(ways)) + steps[t]
        goes_on = np.broadcast_to(t < times[:, None], letters.shape)
        a = keep(new, goes_on) + keep(a, ~goes_on)
    ends = (place == 2 * lengths[:, None]) | (
        place == 2 * lengths[:, None] - 1)
    # torch: without time, only the empty text is possible
    never = (times == 0)[:, None] & ((lengths > 0)[:, None] | (place > 0))
    a = keep(a, np.broadcast_to((times > 0)[:, None], letters.shape))
    return -log_total(closed(a, ~ends | never).t())


def closed(a: Tensor, where: np.ndarray) -> Tensor:
    """a, and -∞ where no path is"""
    return a.masked_fill(wrap(np.broadcast_to(where, a.array.shape).copy()),
                         -np.inf)


def shifted(a: Tensor, k: int) -> Tensor:
    """b[:, s] = a[:, s - k], -∞ where that is none"""
    n, width = a.array.shape
    k = min(k, width)
    none = wrap(np.full((n, k), -np.inf, a.array.dtype))
    return cat([none, a.narrow(1, 0, width - k)], 1)


def log_total(x: Tensor) -> Tensor:
    """log Σ eˣ over the first axis; -∞ of nothing has no slope"""
    a = x.array
    top = a.max(0)
    base = np.where(np.isfinite(top), top, 0)
    y = np.log(np.exp(a - base).sum(0)) + base

    def rule(g: Tensor, y: Tensor) -> Tensor:
        empty = wrap(np.isneginf(y.array))
        return g * (x - y.masked_fill(empty, 0.0)).exp()

    return record(y.astype(a.dtype, copy=False), (x, rule, x),
                  keep_result=True)


def with_slopes(y: Tensor, logs: Tensor, times: np.ndarray,
                zero_infinity: bool) -> Tensor:
    """The losses y (N), with torch's gradient for the logs.

    torch: ∂logs is given for what log_softmax was taken of: it has e^logs
    in it, which log_softmax takes out again; a loss of ∞ has none (NaN),
    unless it is to be 0.
    """
    lost = np.isposinf(y.array)
    span = logs.array.shape[0]
    runs = np.arange(span)[:, None, None] < times[None, :, None]
    runs = np.broadcast_to(runs, logs.array.shape)
    number = y.array.dtype.type
    value = np.where(lost, number(0 if zero_infinity else np.inf), y.array)
    none = wrap(np.where(lost, number(0 if zero_infinity else np.nan),
                         number(1)))
    return record(
        value, (y, lambda g: keep(g, ~lost)),
        (logs, lambda g: keep((g * none).view(1, -1, 1) * logs.exp(), runs),
         logs), name="CtcLossBackward0")


# ---- the checks

def check_ctc(logs: Tensor, targets: Tensor, times: list[int],
              lengths: list[int], blank: int) -> None:
    """Refuse what is no (T, N, C) with labels and lengths that fit it."""
    place = "(while checking arguments for ctc_loss_allocate_outputs)"
    if not logs.numel():
        raise RuntimeError("log_probs tensor must not be empty")
    if logs.dim() != 3:
        raise RuntimeError(
            f"Expected 3-dimensional tensor, but got {logs.dim()}-dimensional"
            f" tensor for argument #1 'log_probs' {place}")
    refuse(logs.array, "biuc", "ctc_loss_cpu")
    if logs.array.dtype == np.float16:
        raise NotImplementedError(
            "\"ctc_loss_cpu\" not implemented for 'Half'")
    span, n, classes = logs.shape
    if not 0 <= blank < classes:
        raise RuntimeError("blank must be in label range")
    for name, counts in (("input_lengths", times),
                         ("target_lengths", lengths)):
        if len(counts) != n:
            raise RuntimeError(f"{name} must be of size batch_size")
    for name, counts in (("target_lengths", lengths),
                         ("input_lengths", times)):
        if min(counts) < 0:
            raise RuntimeError(f"Expected {name} to have value at least 0, "
                               f"but got value {min(counts)} {place}")
    check_targets(targets, lengths, place)
    if max(times) > span:
        raise RuntimeError(
            f"Expected input_lengths to have value at most {span}, but got "
            f"value {max(times)} {place}")
    found = spread(targets, lengths, blank)
    if found.min() < 0 or found.max() >= classes:
        raise RuntimeError(
            f"Expected targets to lie in [0, {classes}), but got "
            f"{found.min() if found.min() < 0 else found.max()}")


def check_targets(targets: Tensor, lengths: list[int], place: str) -> None:
    """Refuse labels that are neither in one row nor in a row for each."""
    a: Any = targets.array
    if a.ndim == 1 and len(a) != sum(lengths):
        raise RuntimeError(
            f"Expected tensor to have size {sum(lengths)} at dimension 0, "
            f"but got size {len(a)} for argument #2 'targets' {place}")
    if a.ndim == 2 and len(a) != len(lengths):
        raise RuntimeError(
            f"Expected tensor to have size {len(lengths)} at dimension 0, "
            f"but got size {len(a)} for argument #2 'targets' {place}")
    if a.ndim == 2 and a.shape[1] < max(lengths):
        raise RuntimeError(
            f"Expected tensor to have size at least {max(lengths)} at "
            f"dimension 1, but got size {a.shape[1]} for argument #2 "
            f"'targets' {place}")
    if a.ndim not in (1, 2):
        raise RuntimeError("targets should be 1D or 2D")
