"""The names within a module: how parameters, buffers and children register.

Assigning an attribute is the registration: a Parameter goes to the
dictionary `_parameters`, a Module to `_modules`, a Buffer (or what takes
the place of one) to `_buffers`. These are real dictionaries.
"""

from __future__ import annotations

from collections import OrderedDict
from inspect import signature
from typing import Any

from ..node import Handle
from ..tensor import Tensor
from .parameter import Buffer, Parameter, typename

on_buffer: OrderedDict = OrderedDict()
on_module: OrderedDict = OrderedDict()
on_parameter: OrderedDict = OrderedDict()


def register_module_buffer_registration_hook(hook: Any) -> Handle:
    """Call hook(module, name, buffer) whenever a buffer registers."""
    return Handle(on_buffer, hook)


def register_module_module_registration_hook(hook: Any) -> Handle:
    """Call hook(module, name, submodule) whenever a module registers."""
    return Handle(on_module, hook)


def register_module_parameter_registration_hook(hook: Any) -> Handle:
    """Call hook(module, name, param) whenever a parameter registers."""
    return Handle(on_parameter, hook)


def announced(hooks: dict, module: Any, name: str, value: Any) -> Any:
    """What the hooks make of a value that registers."""
    for hook in hooks.values():
        other = hook(module, name, value)
        if other is not None:
            value = other
    return value


def takes_persistent(register_buffer: Any) -> bool:
    """Whether a subclass's own register_buffer knows non-persistent ones."""
    own = getattr(register_buffer, "__func__", None)
    return own is Names.register_buffer or (
        "persistent" in signature(register_buffer).parameters)


class Names:
    """Registration by name and by assignment."""

    _parameters: dict[str, Any]
    _buffers: dict[str, Any]
    _modules: dict[str, Any]
    _non_persistent_buffers_set: set[str]

    def _check_name(self, name: Any, kind: str, known: dict) -> None:
        if not isinstance(name, str):
            raise TypeError(
                f"{kind} name should be a string. Got {typename(name)}")
        if kind == "module" and hasattr(self, name) and name not in known:
            raise KeyError(f"attribute '{name}' already exists")
        if "." in name:
            raise KeyError(f"{kind} name can't contain \".\"" + (
                f", got: {name}" if kind == "module" else ""))
        if name == "":
            raise KeyError(f"{kind} name can't be empty string \"\"")
        if hasattr(self, name) and name not in known:
            raise KeyError(f"attribute '{name}' already exists")

    def register_buffer(self, name: str, tensor: Tensor | None,
                        persistent: bool = True) -> None:
        """Keep a tensor that is no parameter, such as a running mean.

        It moves and is saved with the module; a buffer that is not
        persistent stays out of the state_dict.
        """
        if "_buffers" not in self.__dict__:
            raise AttributeError(
                "cannot assign buffer before Module.__init__() call")
        self._check_name(name, "buffer", self._buffers)
        if tensor is not None and not isinstance(tensor, Tensor):
            raise TypeError(
                f"cannot assign '{typename(tensor)}' object to buffer "
                f"'{name}' (torch Tensor or None required)")
        self._buffers[name] = announced(on_buffer, self, name, tensor)
        if persistent:
            self._non_persistent_buffers_set.discard(name)
        else:
            self._non_persistent_buffers_set.add(name)

    def register_parameter(self, name: str, param: Parameter | None) -> None:
        """Keep a parameter under a name; None holds the name free."""
        if "_parameters" not in self.__dict__:
            raise AttributeError(
                "cannot assign parameter before Module.__init__() call")
        self._check_name(name, "parameter", self._parameters)
        if param is None:
            self._parameters[name] = None
            return
        if not isinstance(param, Parameter):
            raise TypeError(
                f"cannot assign '{typename(param)}' object to parameter "
                f"'{name}' (torch.nn.Parameter or None required)")
        if param.grad_fn is not None:
            raise ValueError(
                f"Cannot assign non-leaf Tensor to parameter '{name}'. Model"
                f" parameters must be created explicitly. To express '{name}'"
                " as a function of another Tensor, compute the value in the "
                "forward() method.")
        self._parameters[name] = announced(on_parameter, self, name, param)

    def add_module(self, name: str, module: Any) -> None:
        """Keep a child under a name."""
        if not isinstance(module, Names) and module is not None:
            raise TypeError(f"{typename(module)} is not a Module subclass")
        self._check_name(name, "module", self._modules)
        self._modules[name] = announced(on_module, self, name, module)

    def register_module(self, name: str, module: Any) -> None:
        """As add_module."""
        self.add_module(name, module)

    # ---- attributes

    def __getattr__(self, name: str) -> Any:
        for kind in ("_parameters", "_buffers", "_modules"):
            held = self.__dict__.get(kind)
            if held is not None and name in held:
                return held[name]
        raise AttributeError(
            f"'{type(self).__name__}' object has no attribute '{name}'")

    def __setattr__(self, name: str, value: Any) -> None:
        params = self.__dict__.get("_parameters")
        if isinstance(value, Parameter):
            if params is None:
                raise AttributeError(
                    "cannot assign parameters before Module.__init__() call")
            self._forget(name, "_buffers", "_modules")
            self.register_parameter(name, value)
        elif params is not None and name in params:
            if value is not None:
                raise TypeError(
                    f"cannot assign '{typename(value)}' as parameter "
                    f"'{name}' (torch.nn.Parameter or None expected)")
            self.register_parameter(name, value)
        elif isinstance(value, Names) or name in self.__dict__.get(
                "_modules", ()):
            self._set_module(name, value)
        elif isinstance(value, Buffer) or name in self.__dict__.get(
                "_buffers", ()):
            self._set_buffer(name, value)
        else:
            object.__setattr__(self, name, value)

    def _set_module(self, name: str, value: Any) -> None:
        if "_modules" not in self.__dict__:
            raise AttributeError(
                "cannot assign module before Module.__init__() call")
        if isinstance(value, Names):
            self._forget(name, "_parameters", "_buffers")
        elif value is not None:
            raise TypeError(
                f"cannot assign '{typename(value)}' as child module '{name}'"
                " (torch.nn.Module or None expected)")
        self._modules[name] = announced(on_module, self, name, value)

    def _set_buffer(self, name: str, value: Any) -> None:
        if value is not None and not isinstance(value, Tensor):
            raise TypeError(
                f"cannot assign '{typename(value)}' as buffer '{name}' "
                "(torch.nn.Buffer, torch.Tensor or None expected)")
        if isinstance(value, Buffer):
            persistent = value.persistent
        else:
            persistent = name not in self._non_persistent_buffers_set
        if takes_persistent(self.register_buffer):
            self.register_buffer(name, value, persistent)
        elif persistent:
            self.register_buffer(name, value)
        else:
            raise RuntimeError(
                "Registering a non-persistent buffer on a Module subclass "
                "that implements register_buffer() without the persistent "
                "argument is not allowed.")

    def _forget(self, name: str, *kinds: str) -> None:
        """Free a name that is to hold something of another kind."""
        self.__dict__.pop(name, None)
        for kind in kinds:
            self.__dict__[kind].pop(name, None)
        self._non_persistent_buffers_set.discard(name)

    def __delattr__(self, name: str) -> None:
        if name in self._parameters:
            del self._parameters[name]
        elif name in self._buffers:
            del self._buffers[name]
            self._non_persistent_buffers_set.discard(name)
        elif name in self._modules:
            del self._modules[name]
        else:
            object.__delattr__(self, name)

    def __dir__(self) -> list[str]:
        names = [*dir(type(self)), *self.__dict__, *self._parameters,
                 *self._modules, *self._buffers]
        return sorted(name for name in names if not name[0].isdigit())

    # ---- by dotted path

    def get_submodule(self, target: str) -> Any:
        """The module at a path such as "block.0.conv"."""
        found: Any = self
        for name in target.split(".") if target else ():
            found = _attribute(found, name)
            if not isinstance(found, Names):
                raise AttributeError(f"`{name}` is not an nn.Module")
        return found

    def set_submodule(self, target: str, module: Any,
                      strict: bool = False) -> None:
        """Put a module at a path; strict: only where there was one."""
        if target == "":
            raise ValueError(
                "Cannot set the submodule without a target name!")
        if not isinstance(module, Names):
            raise ValueError(
                f"`module` is not an nn.Module, found {type(module)}")
        path, _, name = target.rpartition(".")
        parent = self.get_submodule(path)
        if strict or hasattr(parent, name):
            if not isinstance(_attribute(parent, name), Names):
                raise AttributeError(f"`{name}` is not an nn.Module")
        setattr(parent, name, module)

    def get_parameter(self, target: str) -> Parameter:
        """The parameter at a path such as "block.0.conv.weight"."""
        path, _, name = target.rpartition(".")
        found = _attribute(self.get_submodule(path), name)
        if not isinstance(found, Parameter):
            raise AttributeError(f"`{name}` is not an nn.Parameter")
        return found

    def get_buffer(self, target: str) -> Tensor:
        """The buffer at a path."""
        path, _, name = target.rpartition(".")
        module = self.get_submodule(path)
        found = _attribute(module, name)
        if name not in module._buffers:
            raise AttributeError(f"`{name}` is not a buffer")
        return found


def _attribute(module: Any, name: str) -> Any:
    if not hasattr(module, name):
        raise AttributeError(
            f"{type(module).__name__} has no attribute `{name}`")
    return getattr(module, name)
