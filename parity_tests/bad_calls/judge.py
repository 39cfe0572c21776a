"""How a refusal is judged: its class, its words, and what it left behind."""

from __future__ import annotations

import ast
import types
import warnings
from collections import deque
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
import torch

import scratch


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


ROOMS: dict[Any, tuple[dict, dict]] = {}  # the names where nothing changed


def refusal(lib: Any, line: str) -> Refusal | None:
    """What a library answers to a call; None where it accepts."""
    setup, _, call = line.rpartition(" ;; ")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        here, clean = prepared(lib, setup)
        parts, rest = apart(call)
        try:
            for part in parts:
                exec(part, here)
        except Exception:  # what is refused is one of its own parts
            here, clean = prepared(lib, setup)
            rest = call
        before = clean | state(lib, here, set(clean))
        try:
            exec(rest, here)
        except Exception as error:
            after = state(lib, here, set(here) - set(before))
            changed = [k for k in before if before[k] != after[k]]
            if not setup and not set(changed) & set(clean):
                ROOMS[lib] = {k: here[k] for k in clean}, clean
            return Refusal(type(error), str(error), changed)
    return None


def prepared(lib: Any, setup: str) -> tuple[dict, dict]:
    """What a call finds, and the state of it: made anew where need be."""
    if not setup and lib in ROOMS:
        here, clean = ROOMS.pop(lib)
        here = dict(here)
    else:
        here = names(lib)
        if setup:
            exec(setup, here)
        clean = state(lib, here, set(SETTINGS))
    lib.default_generator.manual_seed(3)
    return here, clean


@cache
def apart(call: str) -> tuple[list[str], str]:
    """The module and the arguments of a call, made before it: so they can
    be seen. nn.Linear(2, 3)(r(5)) -> [p0 = nn.Linear(2, 3), p1 = r(5)],
    p0(p1)
    """
    body = ast.parse(call).body
    tree = body[0].value if len(body) == 1 and isinstance(
        body[0], ast.Expr) else None
    if not isinstance(tree, ast.Call):
        return [], call
    made: list[str] = []

    def named(part: Any) -> Any:
        if isinstance(part, (ast.Constant, ast.Name, ast.Starred)):
            return part
        name = f"p{len(made)}"
        made.append(f"{name} = {ast.unparse(part)}")
        return ast.Name(name)

    if isinstance(tree.func, ast.Attribute):
        tree.func.value = named(tree.func.value)
    elif isinstance(tree.func, ast.Call):
        tree.func = named(tree.func)
    tree.args = [named(part) for part in tree.args]
    for word in tree.keywords:
        word.value = named(word.value) if word.arg else word.value
    return made, ast.unparse(tree)


SETTINGS: dict[str, Any] = {
    "generator": lambda lib: numbers(lib.get_rng_state()),
    "recording": lambda lib: lib.is_grad_enabled(),
    "default dtype": lambda lib: str(lib.get_default_dtype()),
}


def state(lib: Any, here: dict[str, Any], known: set[str]) -> dict[str, Any]:
    """All that a call could change, but what is known, to be compared."""
    seen: dict[int, int] = {}
    found = {name: ask(lib) for name, ask in SETTINGS.items()
             if name not in known}
    for name, thing in here.items():
        if not name.startswith("__") and name not in known:
            found[name] = plain(thing, seen)
    return found


PLAIN = (int, float, complex, str, bytes, bool, type(None))
FIXED = (type, types.ModuleType, types.FunctionType, types.MethodType,
         types.BuiltinFunctionType)


def plain(thing: Any, seen: dict[int, int]) -> Any:
    """A thing with all that it holds: numbers as bytes, NaN or not.

    seen: what stands in the walk already, by its id; each only once.
    """
    if isinstance(thing, PLAIN):
        return type(thing).__name__, repr(thing)
    if isinstance(thing, FIXED):
        return id(thing)
    if id(thing) in seen:
        return "seen", seen[id(thing)]
    seen[id(thing)] = len(seen)
    if isinstance(thing, (torch.Tensor, scratch.Tensor)):
        grad = thing.grad if thing.is_leaf else None
        return (id(thing), thing._version, thing.requires_grad,
                numbers(thing), None if grad is None else numbers(grad))
    if isinstance(thing, np.ndarray):
        return thing.tobytes(), thing.shape, str(thing.dtype)
    if isinstance(thing, (torch.Generator, scratch.Generator)):
        return numbers(thing.get_state())
    inner: Any = []
    if isinstance(thing, dict):
        inner = [(plain(k, seen), plain(v, seen)) for k, v in thing.items()]
    elif isinstance(thing, (list, tuple, set, frozenset, deque)):
        inner = [plain(part, seen) for part in thing]
    return (id(thing), type(thing).__name__, inner,
            [(k, plain(v, seen)) for k, v in getattr(
                thing, "__dict__", {}).items()])


def numbers(x: Any) -> tuple:
    """The bytes, the shape and the dtype of a tensor."""
    array = np.asarray(x.detach())
    return array.tobytes(), array.shape, str(x.dtype)


def fault(line: str, in_its_words: bool = False) -> str:
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
    if in_its_words and unpathed(ours.message) != unpathed(theirs.message):
        return f"{ours.message[:400]}; {words}"
    return ""


def word(kind: type) -> str:
    """The name of an exception's class, private or not."""
    return kind.__name__.lstrip("_")


def unpathed(message: str) -> str:
    """A message without the paths of classes."""
    for path in ("torch.nn.modules.container.", "torch.nn.modules.module.",
                 "scratch.nn.container.", "scratch.nn.module."):
        message = message.replace(path, "")
    return message
