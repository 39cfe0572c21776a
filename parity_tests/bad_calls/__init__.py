"""One table of calls that torch refuses, and how a refusal is judged.

A call is a line of text, run once in each library. `setup ;; call` prepares
something first. Names in it: torch, nn, F, optim, data; r (randn), k
(tensor); and the things that `names` makes.
"""

from __future__ import annotations

import re
import warnings
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch

import scratch
from parity_tests.bad_calls import layers, misuse, operations, training

TABLE: dict[str, list[str]] = {
    **operations.TABLE, **layers.TABLE, **training.TABLE, **misuse.TABLE}


def names(lib: Any) -> dict[str, Any]:
    """What every call finds ready, the same numbers in both libraries."""
    lib.manual_seed(3)
    x = lib.randn(3, 4).requires_grad_()
    net = lib.nn.Sequential(lib.nn.Linear(4, 3), lib.nn.BatchNorm1d(3),
                            lib.nn.Dropout(0.5))
    opt = lib.optim.SGD(net.parameters(), lr=0.1, momentum=0.9)
    (net(x) ** 2).sum().backward()
    opt.step()
    data = lib.utils.data
    rows = data.TensorDataset(lib.arange(12).reshape(6, 2))
    return {
        "torch": lib, "nn": lib.nn, "F": lib.nn.functional,
        "r": lib.randn, "k": lib.tensor, "np": np,
        "optim": lib.optim, "sched": lib.optim.lr_scheduler, "data": data,
        "x": x, "y": x * 2, "c": lib.randn(3, 4), "v": lib.randn(4),
        "i": lib.arange(12).reshape(3, 4), "b": lib.ones(3, 4).bool(),
        "d": lib.randn(3, 4).double(), "z": lib.randn(()),
        "e": lib.zeros(0, 3), "m": lib.randn(3, 3),
        "h": lib.randn(2, 3, 4), "net": net, "opt": opt, "rows": rows,
        "gen": lib.Generator().manual_seed(5),
    }


@dataclass
class Refusal:
    """The class and the words of an exception; what it changed."""

    kind: type
    message: str
    changed: list[str]


def refusal(lib: Any, line: str) -> Refusal | None:
    """What a library answers to a call; None where it accepts."""
    here = names(lib)
    setup, _, call = line.rpartition(" ;; ")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        if setup:
            exec(setup, here)
        before = state(lib, here)
        try:
            exec(call, here)
        except Exception as error:
            after = state(lib, here)
            changed = [k for k in before if before[k] != after.get(k)]
            return Refusal(type(error), str(error), changed)
    return None


def state(lib: Any, here: dict[str, Any]) -> dict[str, Any]:
    """Every tensor, module, optimizer and generator that can be seen."""
    found = {"generator": plain(lib.get_rng_state()),
             "recording": lib.is_grad_enabled(),
             "default dtype": str(lib.get_default_dtype())}
    for name, thing in here.items():
        if isinstance(thing, lib.Tensor):
            grad = thing.grad if thing.is_leaf else None
            found[name] = (plain(thing), plain(grad), thing._version,
                           thing.requires_grad)
        elif isinstance(thing, lib.nn.Module):
            found[name] = (repr(thing), plain(dict(thing.state_dict())), [
                (m.training, sorted(vars(m))) for m in thing.modules()], [
                plain(p.grad) for p in thing.parameters()])
        elif isinstance(thing, lib.Generator):
            found[name] = plain(thing.get_state())
        elif hasattr(thing, "state_dict") and not isinstance(thing, type):
            found[name] = plain(thing.state_dict())
    return found


def plain(thing: Any) -> Any:
    """The same with bytes for tensors: comparable, NaN or not."""
    if isinstance(thing, (torch.Tensor, scratch.Tensor)):
        array = np.asarray(thing.detach())
        return array.tobytes(), array.shape, str(thing.dtype)
    if isinstance(thing, dict):
        return {str(k): plain(v) for k, v in thing.items()}
    if isinstance(thing, (list, tuple)):
        return [plain(part) for part in thing]
    return thing if isinstance(thing, (int, float, str)) else repr(
        type(thing))


def fault(line: str) -> str:
    """What is wrong with our answer to a call; empty when it is right."""
    theirs, ours = refusal(torch, line), refusal(scratch, line)
    if theirs is None:
        return "torch accepts it"
    words = f"torch: {theirs.kind.__name__}: {theirs.message[:200]}"
    if ours is None:
        return f"accepted; {words}"
    if word(theirs.kind) not in map(word, ours.kind.__mro__):
        return f"{ours.kind.__name__}: {ours.message[:200]}; {words}"
    more = set(ours.changed) - set(theirs.changed)
    if more:  # both draw the random arguments of a call
        return f"it changed {', '.join(sorted(more))}"
    if not ours.message.strip() and theirs.message.strip():
        return f"no message; {words}"
    return ""


def known(line: str) -> bool:
    """Whether scratch has the names of a call; what it lacks is the
    business of promised.py."""
    spaces = {"torch": scratch, "nn": scratch.nn,
              "F": scratch.nn.functional}
    return all(hasattr(spaces[space], name) or not hasattr(
        {"torch": torch, "nn": torch.nn, "F": torch.nn.functional}[space],
        name) for space, name in re.findall(r"\b(torch|nn|F)\.(\w+)", line))


def word(kind: type) -> str:
    """The name of an exception's class, private or not."""
    return kind.__name__.lstrip("_")
