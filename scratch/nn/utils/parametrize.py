"""Parametrizations: a weight that is computed from others at every look.

The module gets a class of its own, in which the weight is a property; what
is learned stands in module.parametrizations.weight.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from copy import deepcopy
from typing import Any

from ...modes import no_grad
from ...tensor import Tensor
from ..container import ModuleDict, ModuleList
from ..module import Module
from ..parameter import Parameter

__all__ = ["cached", "ParametrizationList", "register_parametrization",
           "is_parametrized", "remove_parametrizations",
           "type_before_parametrizations",
           "transfer_parametrizations_and_params"]

# Within `cached`, what was computed: (module, name) -> weight.
remembered: dict[tuple[int, str], Tensor] = {}
depth = [0]


@contextmanager
def cached() -> Iterator[None]:
    """Each parametrized weight is computed once within this block."""
    depth[0] += 1
    try:
        yield
    finally:
        depth[0] -= 1
        if not depth[0]:
            remembered.clear()


class ParametrizationList(ModuleList):
    """What is learned (original, or original0, original1, …) and the
    modules through which it goes, one after the other, to the weight."""

    original: Any

    def __init__(self, modules: Sequence[Module], original: Any,
                 unsafe: bool = False):
        if not len(modules):
            raise ValueError(
                "ParametrizationList requires one or more modules.")
        super().__init__(modules)
        self.unsafe = unsafe
        shape, kind = original.shape, original.dtype
        new = self._start(original)
        self.is_tensor = isinstance(new, Tensor)
        self.ntensors = 1 if self.is_tensor else len(new)
        if self.is_tensor:
            if new.dtype is not kind:
                raise ValueError(
                    "When `right_inverse` outputs one tensor, it may not "
                    f"change the dtype.\noriginal.dtype: {kind}\n"
                    f"right_inverse(original).dtype: {new.dtype}")
            original.data = new.detach()
            keep(self, "original", original)
        else:
            for i, part in enumerate(new):
                self._keep_part(i, part, original)
        if not unsafe:
            self._check_kind(shape, kind)

    def _start(self, original: Any) -> Any:
        """What the parametrizations make the original from."""
        new: Any = original
        with no_grad():
            for module in list(self)[::-1]:
                if hasattr(module, "right_inverse"):
                    try:
                        new = module.right_inverse(new)
                    except NotImplementedError:
                        pass
        if not isinstance(new, (Tensor, Sequence)):
            raise ValueError(
                "'right_inverse' must return a Tensor or a Sequence of "
                f"tensors (list, tuple...). Got {type(new).__name__}")
        return new

    def _keep_part(self, i: int, part: Any, original: Any) -> None:
        if not isinstance(part, Tensor):
            raise ValueError(
                "'right_inverse' must return a Tensor or a Sequence of "
                f"tensors (list, tuple...). Got element {i} of the sequence "
                f"with type {type(part).__name__}.")
        learns = original.requires_grad
        if isinstance(original, Parameter):
            part = Parameter(part, learns)
        keep(self, f"original{i}", part.requires_grad_(learns))

    def _check_kind(self, shape: Any, kind: Any) -> None:
        z = self()
        if not isinstance(z, Tensor):
            raise ValueError("A parametrization must return a tensor. Got "
                             f"{type(z).__name__}.")
        for word, before, after in (("dtype", kind, z.dtype),
                                    ("shape", shape, z.shape)):
            if before != after:
                raise ValueError(
                    f"Registering a parametrization may not change the {word}"
                    " of the tensor, unless `unsafe` flag is enabled.\n"
                    f"unparametrized {word}: {before}\n"
                    f"parametrized {word}: {after}")

    def right_inverse(self, value: Tensor) -> None:
        """Set what is learned so that the weight becomes `value`."""
        new: Any = value
        with no_grad():
            for module in list(self)[::-1]:
                if not hasattr(module, "right_inverse"):
                    raise RuntimeError(
                        f"parametrization {type(module).__name__} does not "
                        "implement right_inverse.")
                new = module.right_inverse(new)
        if not self.is_tensor:
            self._set_parts(new)
            return
        if not isinstance(new, Tensor):
            raise ValueError("`right_inverse` should return a tensor. Got "
                             f"{type(new).__name__}")
        if new.dtype is not self.original.dtype:
            raise ValueError(
                f"The tensor returned by `right_inverse` has dtype "
                f"{new.dtype} while `original` has dtype "
                f"{self.original.dtype}")
        self.original.data = new.detach()

    def _set_parts(self, new: Any) -> None:
        if not isinstance(new, Sequence):
            raise ValueError("'right_inverse' must return a sequence of "
                             f"tensors. Got {type(new).__name__}.")
        if len(new) != self.ntensors:
            raise ValueError(
                "'right_inverse' must return a sequence of tensors of length"
                f" {self.ntensors}. Got a sequence of length {len(new)}.")
        for i, part in enumerate(new):
            before = getattr(self, f"original{i}")
            if part.dtype is not before.dtype:
                raise ValueError(
                    f"Tensor {i} returned by `right_inverse` has dtype "
                    f"{part.dtype} while `original{i}` has dtype "
                    f"{before.dtype}")
            before.data = part.detach()

    def forward(self) -> Any:
        first, *rest = list(self)
        x = first(*[self.original] if self.is_tensor else [
            getattr(self, f"original{i}") for i in range(self.ntensors)])
        for module in rest:
            x = module(x)
        return x


def keep(module: Module, name: str, x: Any) -> None:
    """Register a parameter, or a buffer if it is none."""
    if isinstance(x, Parameter):
        module.register_parameter(name, x)
    else:
        module.register_buffer(name, x)


# ---- the class of a parametrized module

def give_class(module: Module) -> None:
    """A class of its own, whose properties concern this module alone."""
    kind: type = type(module)

    def copied(self: Any, memo: dict) -> Any:
        if id(self) not in memo:
            memo[id(self)] = twin = self.__new__(type(self))
            twin.__dict__ = deepcopy(self.__dict__, memo)
        return memo[id(self)]

    def refuse(self: Any) -> Any:
        raise RuntimeError(
            "Serialization of parametrized modules is only supported through"
            " state_dict(). See:\nhttps://pytorch.org/tutorials/beginner/"
            "saving_loading_models.html#saving-loading-a-general-checkpoint-"
            "for-inference-and-or-resuming-training")

    words: dict[str, Any] = {"__getstate__": refuse}
    if not hasattr(kind, "__deepcopy__"):
        words["__deepcopy__"] = copied
    module.__class__ = type(f"Parametrized{kind.__name__}", (kind,), words)


def give_property(module: Module, name: str) -> None:
    """Looking at module.name computes it; setting it asks right_inverse."""
    def look(self: Any) -> Any:
        compute = self.parametrizations[name]
        if not depth[0]:
            return compute()
        key = (id(self), name)
        if key not in remembered:
            remembered[key] = compute()
        return remembered[key]

    def put(self: Any, value: Tensor) -> None:
        self.parametrizations[name].right_inverse(value)

    setattr(type(module), name, property(look, put))


# ---- the public doors

def register_parametrization(module: Any, tensor_name: str,
                             parametrization: Module, *,
                             unsafe: bool = False) -> Module:
    """From now on module.tensor_name = parametrization(what is learned).

    Further ones are applied after those that are there. unsafe: dtype and
    shape may change, and nothing is tried out.
    """
    name = tensor_name
    parametrization.train(module.training)
    if is_parametrized(module, name):
        if not unsafe:
            check_next(module, name, parametrization)
        module.parametrizations[name].append(parametrization)
        module.parametrizations[name].unsafe |= unsafe
        return module
    if name not in module._buffers and name not in module._parameters:
        raise ValueError(
            f"Module '{module}' does not have a parameter, a buffer, or a "
            f"parametrized element with name '{name}'")
    many = ParametrizationList([parametrization], getattr(module, name),
                               unsafe)
    delattr(module, name)
    if not is_parametrized(module):
        give_class(module)
        module.parametrizations = ModuleDict()
    give_property(module, name)
    module.parametrizations[name] = many
    return module


def check_next(module: Any, name: str, parametrization: Any) -> None:
    """A further parametrization keeps dtype and shape, back and forth."""
    y = getattr(module, name)
    x = parametrization(y)
    if not isinstance(x, Tensor):
        raise ValueError("A parametrization must return a tensor. Got "
                         f"{type(x).__name__}.")
    for word in ("dtype", "shape"):
        if getattr(x, word) != getattr(y, word):
            raise ValueError(
                f"Registering a parametrization may not change the {word} of"
                " the tensor, unless the `unsafe` flag is enabled.\n"
                f"module.{name}.{word}: {getattr(y, word)}\n"
                f"parametrization(module.{name}).{word}: {getattr(x, word)}")
    if not hasattr(parametrization, "right_inverse"):
        return
    try:
        z = parametrization.right_inverse(x)
    except NotImplementedError:
        return
    if not isinstance(z, Tensor):
        raise ValueError("parametrization.right_inverse must return a tensor."
                         f" Got: {type(z).__name__}")
    for word in ("dtype", "shape"):
        if getattr(z, word) != getattr(y, word):
            raise ValueError(
                "The tensor returned by parametrization.right_inverse must "
                f"have the same {word} as module.{name}, unless the `unsafe`"
                f" flag is enabled.\nmodule.{name}.{word}: "
                f"{getattr(y, word)}\nreturned {word}: {getattr(z, word)}")


def is_parametrized(module: Any, tensor_name: str | None = None) -> bool:
    """Whether the module, or this tensor of it, has a parametrization."""
    found = getattr(module, "parametrizations", None)
    if not isinstance(found, ModuleDict):
        return False
    return len(found) > 0 if tensor_name is None else tensor_name in found


def remove_parametrizations(module: Any, tensor_name: str,
                            leave_parametrized: bool = True) -> Module:
    """The weight becomes a parameter again, as it is or as it was."""
    name = tensor_name
    if not is_parametrized(module, name):
        raise ValueError(
            f"Module {module} does not have a parametrization on {name}")
    many = module.parametrizations[name]
    if many.is_tensor:
        original = many.original
        if leave_parametrized:
            with no_grad():
                original.data = getattr(module, name).detach()
    elif leave_parametrized:
        weight = getattr(module, name)
        original = Parameter(weight) if weight.requires_grad else weight
    else:
        raise ValueError(
            "Cannot leave unparametrized (`leave_parametrized=False`) a "
            "tensor that is parametrized in terms of a sequence of tensors.")
    delattr(type(module), name)
    del module.parametrizations[name]
    keep(module, name, original)
    if not is_parametrized(module):
        del module.parametrizations
        module.__class__ = type(module).__bases__[0]
    return module


def type_before_parametrizations(module: Any) -> type:
    """The class that the module had without parametrizations."""
    if is_parametrized(module):
        return type(module).__bases__[0]
    return type(module)


def transfer_parametrizations_and_params(
        from_module: Any, to_module: Any,
        tensor_name: str | None = None) -> Module:
    """Give to_module the parametrizations, and what they learned."""
    if not is_parametrized(from_module):
        return to_module
    names = list(from_module.parametrizations) if tensor_name is None else [
        tensor_name]
    for name in names:
        if not hasattr(to_module, name):
            setattr(to_module, name, Parameter(getattr(from_module, name)))
        given = from_module.parametrizations[name]
        for parametrization in given:
            register_parametrization(to_module, name, parametrization)
        taken = to_module.parametrizations[name]
        for key in [*given._parameters, *given._buffers]:
            setattr(taken, key, getattr(given, key))
    return to_module
