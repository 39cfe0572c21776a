"""script and trace: a function or module in torch's wrapping, run as Python."""

from __future__ import annotations

import inspect
import os
from collections.abc import Callable
from typing import Any

from ..modes import no_grad
from ..nn.module import Module
from ..tensor import Tensor

KEPT = ("_parameters", "_buffers", "_modules")
NEEDS_A_COMPILER = (
    "{} needs TorchScript, torch's compiled form of a program; this library "
    "runs the plain Python and compiles nothing. Save the numbers with "
    "torch.save(model.state_dict(), file), and build the model from its class"
)
Error = type("Error", (RuntimeError,), {"__module__": "scratch.jit"})


class Compiled:
    """What only a compiled program could answer: refused, with the reason."""

    def refuse(self, what: str) -> Any:
        raise RuntimeError(NEEDS_A_COMPILER.format(what))

    code = property(lambda self: self.refuse("code"))
    graph = property(lambda self: self.refuse("graph"))
    inlined_graph = property(lambda self: self.refuse("inlined_graph"))

    def save(self, f: Any, **options: Any) -> None:
        """Refused: there is no compiled program to write."""
        self.refuse("save")


class ScriptFunction(Compiled):
    """A function that was given to script or trace; calling it runs it."""

    def __init__(self, function: Callable):
        self.function, self.__doc__ = function, function.__doc__
        self.__name__ = "ScriptFunction"  # torch: of all of them
        self.name = function.__name__.replace("<lambda>", "_lambda")
        self.qualified_name = f"__torch__.{self.name}"

    def __call__(self, *given: Any, **named: Any) -> Any:
        return self.function(*given, **named)


class ScriptModule(Compiled, Module):
    """The kin of all modules that script or trace gave back."""


class RecursiveScriptModule(ScriptModule):
    """A module as script gives it back: the same parameters, its own frame.

    Its class has the methods of the module's class too, so that they run.
    """

    original_name: str

    def _get_name(self) -> str:
        return "RecursiveScriptModule"

    def extra_repr(self) -> str:
        return f"original_name={self.original_name}"

    __repr__ = Module.__repr__


class TracedModule(RecursiveScriptModule):
    """A part of a module as trace gives it back."""

    def _get_name(self) -> str:
        return self.original_name


class TopLevelTracedModule(TracedModule):
    """A module as trace gives it back."""


def twin(module: Module, base: type, below: type) -> Module:
    """A module that shares the tensors of another, and its parts likewise."""
    known: dict[int, Module] = {}

    def copied(module: Module, base: type) -> Module:
        if isinstance(module, ScriptModule):
            return module
        if id(module) not in known:
            copy: Module = object.__new__(framed(type(module), base))
            known[id(module)] = copy
            vars(copy).update(vars(module))
            for name in KEPT:
                vars(copy)[name] = dict(vars(module)[name])
            for name, part in module._modules.items():
                if part is not None:
                    copy._modules[name] = copied(part, below)
        return known[id(module)]

    return copied(module, base)


def framed(kind: type, base: type) -> type:
    """A class with the methods of one and the frame of the other."""
    return type(
        base.__name__,
        (base, kind),
        {"original_name": kind.__name__, "__module__": "scratch.jit"},
    )


def script(
    obj: Any,
    optimize: Any = None,
    _frames_up: int = 0,
    _rcb: Any = None,
    example_inputs: Any = None,
) -> Any:
    """A function or module that runs as before, in torch's wrapping."""
    if isinstance(obj, Module):
        return twin(obj, RecursiveScriptModule, RecursiveScriptModule)
    if isinstance(obj, (Compiled, type)):
        if inspect.isclass(obj) and issubclass(obj, Module):
            raise RuntimeError(
                f"Type '{obj}' cannot be compiled since it inherits from "
                "nn.Module, pass an instance instead"
            )
        return obj
    if not callable(obj):
        raise TypeError(f"{type(obj)} is a built-in class")
    return ScriptFunction(obj)


def trace(
    func: Any,
    example_inputs: Any = None,
    optimize: Any = None,
    check_trace: bool = True,
    check_inputs: Any = None,
    check_tolerance: float = 1e-5,
    strict: bool = True,
    _force_outplace: bool = False,
    _module_class: Any = None,
    _compilation_unit: Any = None,
    example_kwarg_inputs: dict | None = None,
    _store_inputs: bool = True,
) -> Any:
    """The function or module, run once on the examples, as script's.

    torch: records the operations, so a branch is taken once for all; here
    every call runs the Python again.
    """
    owner = getattr(func, "__self__", None)
    if isinstance(owner, Module):
        if func.__name__ != "forward":
            raise AttributeError(
                "trace doesn't support compiling individual module's "
                "functions.\nPlease use trace_module"
            )
        func = owner
    run_once(func, example_inputs, example_kwarg_inputs)
    return traced(func)


def run_once(function: Callable, given: Any, named: dict | None) -> None:
    """Errors that the examples bring out show now, as in torch."""
    if named is not None:
        given = () if given is None else given
    elif given is None:
        raise RuntimeError("example_kwarg_inputs should be a dict")
    if isinstance(given, (Tensor, dict)):
        given = (given,)
    with no_grad():
        function(*given, **(named or {}))


def trace_module(mod: Module, inputs: dict[str, Any], **options: Any) -> Any:
    """As trace, for the named methods of a module."""
    if not isinstance(inputs, dict):
        raise AttributeError(
            "expected a dictionary of (method_name, input) pairs"
        )
    for name, given in inputs.items():
        run_once(getattr(mod, name), given, None)
    return traced(mod)


def traced(obj: Any) -> Any:
    """A module in trace's wrapping; a function in script's."""
    if isinstance(obj, Module):
        return twin(obj, TopLevelTracedModule, TracedModule)
    return script(obj)


def freeze(
    mod: Any, preserved_attrs: Any = None, optimize_numerics: bool = True
) -> Any:
    """The module as it is: there is no compiled form to fold numbers into."""
    if not isinstance(mod, ScriptModule):
        raise RuntimeError(
            "Freezing expects a ScriptModule as input. Please use "
            "torch.jit.script or torch.jit.trace to script your 'nn.Module'."
        )
    if mod.training:
        raise RuntimeError(
            "Freezing is currently only implemented for modules in eval "
            "mode. Please call .eval() on your module before freezing."
        )
    return mod


def optimize_for_inference(mod: Any, other_methods: Any = None) -> Any:
    """The module as it is."""
    if not isinstance(mod, ScriptModule):
        raise RuntimeError(
            "optimize_for_inference expects a ScriptModule as input. Please "
            "use torch.jit.script or torch.jit.trace to script your "
            "'nn.Module'."
        )
    return freeze(mod) if mod.training else mod


def save(m: Any, f: Any, _extra_files: Any = None) -> None:
    """Refused: there is no compiled program to write."""
    raise RuntimeError(NEEDS_A_COMPILER.format("torch.jit.save"))


def load(
    f: Any,
    map_location: Any = None,
    _extra_files: Any = None,
    _restore_shapes: bool = False,
) -> Any:
    """Refused: a file of torch.jit.save holds a compiled program."""
    if isinstance(f, (str, os.PathLike)) and not os.path.exists(f):
        raise ValueError(f"The provided filename {f} does not exist")
    raise RuntimeError(NEEDS_A_COMPILER.format("torch.jit.load"))
