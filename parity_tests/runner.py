"""Runs rows: draws their examples, measures, and gives a verdict."""

from __future__ import annotations

import traceback
from dataclasses import dataclass, field
from typing import Any
from zlib import crc32

import numpy as np
import torch

import scratch

from .parity import (
    EPS,
    ORDERS,
    Errors,
    array_of,
    compare,
    ratio,
    relative,
    results,
    same_places,
)
from .registry import ROWS, Row


@dataclass
class Result:
    """What a row showed. Errors by order: value, gradient, second."""

    name: str
    examples: int = 0
    double: dict[int, float] = field(default_factory=dict)  # worst, / allowed
    single: dict[int, float] = field(default_factory=dict)  # rms E, ours
    torchs: dict[int, float] = field(default_factory=dict)  # rms E, torch's
    worst_example: int = 0
    failures: list[str] = field(default_factory=list)

    @property
    def passed(self) -> bool:
        return not self.failures


def seeded(row: Row, example: int) -> np.random.Generator:
    """The random numbers of one example of a row."""
    return np.random.default_rng([crc32(row.name.encode()), example])


def run_example(row: Row, example: int) -> Errors:
    """Both sides of one example, compared."""
    kind = example % len(row.draws)
    draw, order = row.draws[kind], row.orders[kind]
    if order < 0:
        return run_outcome(row, draw, example)
    ours, arrays = draw(scratch, seeded(row, example))
    theirs, _ = draw(torch, seeded(row, example))
    try:
        return compare(ours, theirs, *arrays, order=order)
    except Exception as error:
        if not isinstance(error, AssertionError) and refused(
                theirs, arrays, type(error)):
            raise Refused from error
        raise


class Refused(Exception):
    """Both sides refuse an example with the same error class."""


def refused(theirs: Any, arrays: tuple, kind: type) -> bool:
    """Whether torch raises the same for these inputs."""
    try:
        for _ in results(torch, theirs, arrays, 0):
            pass
    except Exception as error:
        return type(error) is kind
    return False


def run_outcome(row: Row, draw: Any, example: int) -> Errors:
    """Results of both sides in float64, and in float32 beside float64."""
    def side(lib: Any, dtype: str) -> list:
        lib.manual_seed(example)
        found = draw(lib, seeded(row, example), getattr(lib, dtype))
        return [as_array(y) for y in flat(found)]

    errors = Errors()
    ours, truth = side(scratch, "float64"), side(torch, "float64")
    assert len(ours) == len(truth), (
        f"{len(ours)} results here, {len(truth)} in torch")
    if row.exact:
        check_equal(ours, truth)
        check_equal(side(scratch, "float32"), side(torch, "float32"))
        errors.double[0] = errors.ours[0] = errors.theirs[0] = [0.0]
        return errors
    errors.double[0] = [ratio(y, u, "result") for y, u in zip(ours, truth)]
    low, single = side(scratch, "float32"), side(torch, "float32")
    errors.ours[0], errors.theirs[0] = [], []
    for y, u, t in zip(low, single, truth, strict=True):
        same_places(y, u, t, "result")
        errors.ours[0].append(relative(y, t))
        errors.theirs[0].append(relative(u, t))
    return errors


def flat(found: Any) -> list:
    if isinstance(found, dict):
        found = list(found.values())
    if isinstance(found, (list, tuple)):
        return [y for part in found for y in flat(part)]
    return [found]


def as_array(y: Any) -> np.ndarray:
    if isinstance(y, (torch.Tensor, scratch.Tensor)):
        return np.array(array_of(y))
    return np.asarray(y)


def check_equal(ours: list, theirs: list) -> None:
    for i, (y, u) in enumerate(zip(ours, theirs, strict=True)):
        assert y.dtype == u.dtype and y.shape == u.shape, (
            f"result {i}: {y.dtype} {y.shape} here, {u.dtype} {u.shape} in "
            "torch")
        assert np.array_equal(y, u, equal_nan=y.dtype.kind in "fc"), (
            f"result {i}: {y} here, {u} in torch")


def run_row(name: str, examples: int | None = None) -> Result:
    """All examples of a row, and the verdict."""
    row, result = ROWS[name], Result(name)
    found: dict[int, Errors] = {}
    wanted = examples or row.examples * len(row.draws)
    for example in range(4 * wanted):
        if len(found) == wanted or len(result.failures) == 3:
            break
        try:
            found[example] = run_example(row, example)
        except Refused:
            continue
        except Exception as error:
            result.failures.append(told(error, example))
            result.worst_example = example
    result.examples = len(found)
    judge_double(result, found)
    judge_single(result, found)
    if result.examples < wanted and not result.failures:
        result.failures.append(
            f"only {result.examples} of {wanted} examples could be compared")
    return result


def judge_double(result: Result, found: dict[int, Errors]) -> None:
    """float64: no example is farther from torch than allowed."""
    worst = 0.0
    for example, errors in found.items():
        for k, figures in errors.double.items():
            high = max(figures, default=0.0)
            result.double[k] = max(result.double.get(k, 0.0), high)
            if high > 1:
                result.failures.append(
                    f"example {example}: {ORDERS[k]} in float64 is "
                    f"{high:.3g} times as far from torch as allowed")
            if high > worst:
                worst, result.worst_example = high, example


def judge_single(result: Result, found: dict[int, Errors]) -> None:
    """float32: as near to the float64 truth as torch is."""
    singles: dict[int, list] = {}
    for example, errors in found.items():
        for k, figures in errors.ours.items():
            singles.setdefault(k, []).extend(
                zip(figures, errors.theirs[k], [example] * len(figures)))
    for k, trio in singles.items():
        judge(result, k, trio)


def judge(result: Result, k: int, trio: list) -> None:
    """One order of derivatives: (our error, torch's, the example) of each
    result; by the root of their mean square, and by the worst."""
    ours = np.array([t[0] for t in trio], float)
    theirs = np.array([t[1] for t in trio], float)
    rms = result.single[k] = root_mean_square(ours)
    bar = result.torchs[k] = root_mean_square(theirs)
    if rms > 2 * bar + 2 * EPS:
        result.failures.append(
            f"{ORDERS[k]} in float32: root mean square error {rms:.3g}, "
            f"torch's {bar:.3g}")
        result.worst_example = trio[int(ours.argmax())][2]
    limit = 2 * theirs.max(initial=0) + 16 * EPS
    if ours.max(initial=0) > limit:
        result.failures.append(
            f"{ORDERS[k]} in float32: worst error {ours.max():.3g}, torch's "
            f"worst {theirs.max():.3g}")
        result.worst_example = trio[int(ours.argmax())][2]


def root_mean_square(errors: np.ndarray) -> float:
    return float(np.sqrt(np.mean(errors ** 2))) if errors.size else 0.0


def told(error: Exception, example: int) -> str:
    frame = traceback.extract_tb(error.__traceback__)[-1]
    where = f"{frame.filename.rsplit('/', 1)[-1]}:{frame.lineno}"
    words = " ".join(str(error).split())[:300]
    return f"example {example}: {type(error).__name__}: {words} ({where})"
