"""Programs marked for torch's compiler: here they run as plain Python."""

from __future__ import annotations

import builtins
import functools
import inspect
import os
from collections.abc import Callable
from typing import Any, Final, NamedTuple, get_args, get_origin

from .modes import no_grad
from .nn.module import Module

__all__ = [
    "Attribute",
    "Error",
    "Final",
    "ScriptFunction",
    "ScriptModule",
    "annotate",
    "enable_onednn_fusion",
    "export",
    "freeze",
    "ignore",
    "interface",
    "is_scripting",
    "is_tracing",
    "isinstance",
    "load",
    "onednn_fusion_enabled",
    "optimize_for_inference",
    "optimized_execution",
    "save",
    "script",
    "script_if_tracing",
    "script_method",
    "set_fusion_strategy",
    "strict_fusion",
    "trace",
    "trace_module",
    "unused",
]

KEPT = ("_parameters", "_buffers", "_modules")
NEEDS_A_COMPILER = (
    "{} needs TorchScript, torch's compiled form of a program; this library "
    "runs the plain Python and compiles nothing. Save the numbers with "
    "torch.save(model.state_dict(), file), and build the model from its class"
)
Error = type("Error", (RuntimeError,), {"__module__": __name__})


class Attribute(NamedTuple):
    """A value with the type that a compiler should see."""

    value: Any
    type: Any


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
        if builtins.isinstance(module, ScriptModule):
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
        {"original_name": kind.__name__, "__module__": __name__},
    )


def script(
    obj: Any,
    optimize: Any = None,
    _frames_up: int = 0,
    _rcb: Any = None,
    example_inputs: Any = None,
) -> Any:
    """A function or module that runs as before, in torch's wrapping."""
    if builtins.isinstance(obj, Module):
        return twin(obj, RecursiveScriptModule, RecursiveScriptModule)
    if builtins.isinstance(obj, (Compiled, type)):
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
    if builtins.isinstance(owner, Module):
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
    if hasattr(given, "array") or builtins.isinstance(given, dict):
        given = (given,)
    with no_grad():
        function(*given, **(named or {}))


def trace_module(mod: Module, inputs: dict[str, Any], **options: Any) -> Any:
    """As trace, for the named methods of a module."""
    if not builtins.isinstance(inputs, dict):
        raise AttributeError(
            "expected a dictionary of (method_name, input) pairs"
        )
    for name, given in inputs.items():
        run_once(getattr(mod, name), given, None)
    return traced(mod)


def traced(obj: Any) -> Any:
    """A module in trace's wrapping; a function in script's."""
    if builtins.isinstance(obj, Module):
        return twin(obj, TopLevelTracedModule, TracedModule)
    return script(obj)


def freeze(
    mod: Any, preserved_attrs: Any = None, optimize_numerics: bool = True
) -> Any:
    """The module as it is: there is no compiled form to fold numbers into."""
    if not builtins.isinstance(mod, ScriptModule):
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
    if not builtins.isinstance(mod, ScriptModule):
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
    if builtins.isinstance(f, (str, os.PathLike)) and not os.path.exists(f):
        raise ValueError(f"The provided filename {f} does not exist")
    raise RuntimeError(NEEDS_A_COMPILER.format("torch.jit.load"))


# ---- marks for the compiler, and questions to it


def export(fn: Callable) -> Callable:
    """Marks a method to be compiled too: the function as it is."""
    return fn


def unused(fn: Callable) -> Callable:
    """Marks a method that is not to be compiled: the function as it is."""
    return fn


def script_method(fn: Callable) -> Callable:
    """Marks a method of a ScriptModule: the function as it is."""
    return fn


def ignore(drop: Any = False, **options: Any) -> Any:
    """Marks a method to be left to Python: @ignore or @ignore(drop=…)."""
    return drop if callable(drop) else lambda fn: fn


def interface(obj: type) -> type:
    """Marks a class of method signatures: the class as it is."""
    return obj


def script_if_tracing(fn: Callable) -> Callable:
    """Compiled only while tracing: here always the plain function."""
    return functools.wraps(fn)(lambda *given, **named: fn(*given, **named))


def is_scripting() -> bool:
    """Whether compiled code runs: no."""
    return False


def is_tracing() -> bool:
    """Whether operations are being recorded by trace: no."""
    return False


def annotate(the_type: Any, the_value: Any) -> Any:
    """The value; the type is for the compiler."""
    return the_value


def isinstance(obj: Any, target_type: Any) -> bool:
    """Whether obj has a type such as list[int], its parts included."""
    if builtins.isinstance(target_type, tuple):
        return any(isinstance(obj, kind) for kind in target_type)
    origin, parts = get_origin(target_type), get_args(target_type)
    if origin is None:
        return builtins.isinstance(
            obj, type(None) if target_type is None else target_type
        )
    if not builtins.isinstance(origin, type) or type(None) in parts:
        return any(isinstance(obj, kind) for kind in parts)
    if not builtins.isinstance(obj, origin):
        return False
    return holds(obj, origin, parts)


def holds(obj: Any, origin: type, parts: tuple) -> bool:
    """Whether what a container holds has the types named in brackets."""
    if origin is dict:
        return all(
            isinstance(k, parts[0]) and isinstance(v, parts[1])
            for k, v in obj.items()
        )
    if origin is tuple:
        return len(obj) == len(parts) and all(map(isinstance, obj, parts))
    return all(isinstance(item, parts[0]) for item in obj)


class strict_fusion:
    """with strict_fusion(): nothing is fused here."""

    def __enter__(self) -> None:
        pass

    def __exit__(self, *stopped: Any) -> None:
        pass


class optimized_execution(strict_fusion):
    """with optimized_execution(True): Python runs as it runs."""

    def __init__(self, should_optimize: bool):
        self.should_optimize = should_optimize


def set_fusion_strategy(strategy: list[tuple[str, int]]) -> Any:
    """Nothing is fused; returns torch's standing choice."""
    return [("STATIC", 2), ("DYNAMIC", 10)]


def enable_onednn_fusion(enabled: bool) -> None:
    """Nothing is fused, whatever was wished."""


def onednn_fusion_enabled() -> bool:
    """Whether oneDNN fuses operations: no."""
    return False
