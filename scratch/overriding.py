"""Overriding: a class with __torch_function__ answers torch's functions.

torch.add(x, y), x.add(y), x + y and x.shape ask the arguments whose classes
define __torch_function__(cls, func, types, args, kwargs) before they compute.
A class derived from Tensor has torch's own answer: compute as for plain
tensors, then give the result in the derived class.

Plain tensors pay nothing for it: the methods of Tensor ask nobody until the
first such class, or the first mode, wakes them.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import update_wrapper, wraps
from inspect import unwrap
from sys import modules
from types import FunctionType, MethodType
from typing import Any

from .misfits import misfit
from .modes import modes
from .numpy_names import found_as
from .tensor import Tensor

awake: list[bool] = []  # not empty once somebody may want to be asked
NOBODY: Any = object()  # no argument answers: compute
PLAIN = frozenset([Tensor, bool, int, float, complex, str, type(None), slice])
# torch: these take whatever is given; only modes are asked
UNASKED = {"tensor", "as_tensor", "asarray"}
# torch asks nobody for these functions and methods
CLOSED = {"from_numpy", "from_dlpack", "frombuffer"}
SILENT = (
    "__init__ __new__ __getattr__ __hash__ __iter__ __init_subclass__ "
    "__torch_function__ __reduce__ as_subclass new"
).split()
# the operators that torch asks for by the name of a method
OPERATORS = {
    "__add__": "add", "__radd__": "add", "__sub__": "sub",
    "__mul__": "mul", "__rmul__": "mul", "__truediv__": "div",
    "__rtruediv__": "__rdiv__", "__mod__": "remainder", "__pow__": "pow",
    "__matmul__": "matmul", "__ne__": "ne", "__lt__": "lt", "__le__": "le",
    "__gt__": "gt", "__ge__": "ge", "__rand__": "bitwise_and",
    "__ror__": "bitwise_or", "__rxor__": "bitwise_xor", "__neg__": "neg",
    "__pos__": "positive", "__abs__": "abs", "__iadd__": "add_",
    "__isub__": "sub_", "__imul__": "mul_", "__itruediv__": "div_",
    "__ipow__": "pow_", "__ifloordiv__": "floor_divide_",
    "__imod__": "remainder_",
}  # fmt: skip
ALONE = (
    "__eq__ __floordiv__ __rsub__ __rfloordiv__ __rmod__ __rpow__ "
    "__rmatmul__ __and__ __or__ __xor__ __lshift__ __rlshift__ "
    "__rshift__ __rrshift__ __iand__ __ior__ __ixor__ __ilshift__ "
    "__irshift__"
).split()


# ---- who is asked


def answers(kind: type) -> bool:
    """Whether a class wants to be asked."""
    own = getattr(kind, "__torch_function__", None)
    return own is not None and own is not disabled


def overriders(given: Any) -> list:
    """The arguments that want to be asked, one of each class, from the left
    to the right, but a derived class before its base; lists are looked into.
    """
    found: list = []
    for a in given:
        kind = type(a)
        if kind in PLAIN:
            continue
        for x in a if isinstance(a, (list, tuple)) else (a,):
            add_overrider(x, found)
    return found


def add_overrider(x: Any, found: list) -> None:
    kind = type(x)
    if kind in PLAIN or not answers(kind):
        return
    kinds = [type(other) for other in found]
    if kind not in kinds:
        found.insert(
            next(
                (i for i, other in enumerate(kinds) if issubclass(kind, other)),
                len(kinds),
            ),
            x,
        )


def ask(function: Any, args: tuple, kwargs: dict) -> Any:
    """The answer of a mode or an argument; NOBODY if none wants to."""
    if modes.hop:
        modes.hop = False
        return NOBODY
    found = (
        []
        if modes.unasked or function.__name__ in UNASKED
        else (overriders((*args, *kwargs.values())))
    )
    if not found and not modes.asked_first:
        return NOBODY
    result = answer_of(function, found, args, kwargs)
    if result is not NotImplemented:
        return result
    home = (
        "torch.Tensor"
        if isinstance(function, (Method, MethodType))
        else (function.__module__.replace("scratch", "torch", 1))
    )
    asked = [f"  - mode object {mode}\n" for mode in modes.asked_first[-1:]]
    asked += [f"  - tensor subclass {type(x)}\n" for x in found]
    raise TypeError(
        f"Multiple dispatch failed for '{home}.{function.__name__}'; all "
        "__torch_function__ handlers returned NotImplemented:\n\n"
        f"{''.join(asked)}\nFor more information, try re-running with "
        "TORCH_LOGS=not_implemented"
    )


def answer_of(function: Any, found: list, args: tuple, kwargs: dict) -> Any:
    """The first answer that is not NotImplemented: of the innermost mode,
    which is not asked again meanwhile, then of the arguments."""
    kinds = tuple(type(x) for x in found)
    stack = modes.asked_first
    if stack:
        modes.asked_first = stack[:-1]
        try:
            result = stack[-1].__torch_function__(function, kinds, args, kwargs)
        finally:
            modes.asked_first = stack
        if result is not NotImplemented:
            return result
    for x in found:
        result = x.__torch_function__(function, kinds, args, kwargs)
        if result is not NotImplemented:
            return result
    return NotImplemented


class DisableTorchFunctionSubclass:
    """Inside, arguments are not asked; modes still are."""

    def __enter__(self) -> None:
        self.before = modes.unasked, modes.asked_first
        modes.unasked = True

    def __exit__(self, *error: Any) -> None:
        modes.unasked, modes.asked_first = self.before


class DisableTorchFunction(DisableTorchFunctionSubclass):
    """Inside, nobody is asked."""

    def __enter__(self) -> None:
        super().__enter__()
        modes.asked_first = ()


# ---- the answers that torch has


def disabled(func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
    """The answer of a class that is to be no more than a Tensor."""
    with DisableTorchFunctionSubclass():
        return func(*args, **(kwargs or {}))


def in_own_class(
    cls: Any, func: Any, types: Any, args: Any = (), kwargs: Any = None
) -> Any:
    """Tensor's own answer: the plain result, in the derived class."""
    if not all(issubclass(cls, kind) for kind in types):
        return NotImplemented
    with DisableTorchFunctionSubclass():
        result = func(*args, **(kwargs or {}))
        return result if func in kept_plain() else converted(result, cls)


def kept_plain() -> set:
    """The attributes whose tensors stay plain ones."""
    return {Tensor._base.__get__, Tensor.grad.__get__}


def converted(result: Any, cls: Any) -> Any:
    """A result, or the parts of one, in a derived class."""
    if cls is Tensor:
        return result
    if isinstance(result, Tensor) and not isinstance(result, cls):
        return result.as_subclass(cls)
    if isinstance(result, (tuple, list)):
        return type(result)(converted(part, cls) for part in result)
    return result


# ---- where they are asked


def door(function: Callable, fill: Any = None) -> Callable:
    """The function, that asks its arguments first.

    As long as nobody is known to answer, it asks only when it fails.
    fill(args, kwargs) computes where `out` is given.
    """

    @wraps(function)
    def call(*args: Any, **kwargs: Any) -> Any:
        if not awake and (fill is None or "out" not in kwargs):
            try:
                return function(*args, **kwargs)
            except (TypeError, AttributeError) as error:
                if not overriders((*args, *kwargs.values())):
                    if isinstance(error, TypeError):
                        raise
                    raise misfit(error, function, args, kwargs) from None
            wake()
        result = ask(call, args, kwargs)
        if result is not NOBODY:
            return result
        try:
            if fill is not None and "out" in kwargs:
                return fill(args, kwargs)
            return function(*args, **kwargs)
        except AttributeError as error:
            raise misfit(error, function, args, kwargs) from None

    doors[call] = call
    doors.setdefault(function, call)
    doors.setdefault(unwrap(function), call)
    return call


doors: dict[Any, Callable] = {}  # of each function, and of each door itself


def door_of(function: Callable) -> Callable:
    """The door that a function got, for who has the function itself."""
    return doors.get(function) or doors.get(unwrap(function), function)


opened: dict[str, dict[str, Callable]] = {}  # by module and name
SUPPORT = [f"scratch.ops.{name}" for name in ("operands", "kinds", "inplace")]


def open_doors(space: dict, names: Any = None) -> None:
    """Let a module's functions ask first: of these names, or all of them."""
    home = space["__name__"]
    for name, function in list(space.items()):
        if name in names if names else is_public(name, function, home):
            if function not in doors:
                space[name] = door(function)
                found_as(space, name)
            space[name] = doors[function]
            opened.setdefault(home, {})[name] = space[name]


def is_public(name: str, function: Any, home: str) -> bool:
    """Whether this is one of the functions that a module offers."""
    if (
        not isinstance(function, FunctionType)
        or name[0] == "_"
        or (name in CLOSED)
    ):
        return False
    source = function.__module__
    if source.startswith("scratch.ops."):
        return home == "scratch" or source not in SUPPORT
    if source == home:
        return name in getattr(modules[home], "__all__", [name]) and (
            function.__code__.co_varnames[0] != "operation"
        )
    return source.startswith("scratch.nn._")


class Method:
    """A method of Tensor that asks first. It equals the method that it
    stands for, so that both are one key of a user's table.

    shown: what those who are asked get to see, such as add for __add__.
    """

    def __init__(self, plain: Any, name: str):
        update_wrapper(self, plain)
        self.plain, self.shown = plain, self
        self.__name__, self.__qualname__ = name, f"Tensor.{name}"

    def __get__(self, x: Any, kind: Any = None) -> Any:
        return self if x is None else MethodType(self, x)

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        result = ask(self.shown, args, kwargs)
        return self.plain(*args, **kwargs) if result is NOBODY else result

    def __eq__(self, other: object) -> bool:
        return other is self or other is self.plain

    def __hash__(self) -> int:
        return hash(self.plain)

    def __repr__(self) -> str:
        return f"<method '{self.__name__}' of 'Tensor' objects>"


class Operator(Method):
    """An operator: who is asked in vain leaves it to the other side."""

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        try:
            result = ask(self.shown, args, kwargs)
        except TypeError:
            return NotImplemented
        return self.plain(*args, **kwargs) if result is NOBODY else result


class Attribute(property):
    """An attribute of Tensor that asks first."""

    def __get__(self, x: Any, kind: Any = None) -> Any:
        if x is None:
            return self
        result = ask(self.__get__, (x,), {})
        return property.__get__(self, x, kind) if result is NOBODY else result

    def __set__(self, x: Any, value: Any) -> None:
        if ask(self.__set__, (x, value), {}) is NOBODY:
            property.__set__(self, x, value)

    def __delete__(self, x: Any) -> None:
        if ask(self.__delete__, (x,), {}) is NOBODY:
            property.__delete__(self, x)


def wake() -> None:
    """From now on the methods and attributes of Tensor ask first."""
    if awake:
        return
    awake.append(True)
    asking: dict[str, Any] = {}
    for name, value in vars(Tensor).items():
        private = name[0] == "_" and name[:2] != "__"
        if name in SILENT or private:
            continue
        if isinstance(value, property):
            asking[name] = Attribute(
                value.fget, value.fset, value.fdel, value.__doc__
            )
        elif callable(value) and not isinstance(value, type):
            kind = Operator if name in OPERATORS or name in ALONE else Method
            asking[name] = kind(value, name)
    for name, method in OPERATORS.items():
        asking[name].shown = asking[method]
    for name, value in asking.items():
        setattr(Tensor, name, value)


def derived(cls: Any, **named: Any) -> None:
    """A class derived from Tensor: it wakes the methods, unless disabled."""
    super(Tensor, cls).__init_subclass__(**named)
    if answers(cls):
        wake()


for name, function in (
    ("__torch_function__", in_own_class),
    ("__init_subclass__", derived),
):
    setattr(Tensor, name, classmethod(function))
