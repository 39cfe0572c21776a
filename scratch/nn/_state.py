"""A module's state: out into a dictionary of tensors, and in again."""

from __future__ import annotations

import warnings
from collections import OrderedDict, namedtuple
from collections.abc import Mapping
from typing import Any
from weakref import ref

from ..modes import no_grad
from ..node import Handle
from ..tensor import Tensor
from .parameter import Parameter, is_lazy

EXTRA = "_extra_state"
_Keys = namedtuple("_Keys", ["missing_keys", "unexpected_keys"])


class _IncompatibleKeys(_Keys):
    """What load_state_dict returns: the keys that found no partner."""

    __slots__ = ()

    def __repr__(self) -> str:
        if not self.missing_keys and not self.unexpected_keys:
            return "<All keys matched successfully>"
        return ("_IncompatibleKeys(missing_keys="
                f"{self.missing_keys!r}, unexpected_keys="
                f"{self.unexpected_keys!r})")

    __str__ = __repr__


class _ModuleFirst:
    """A hook that is given its module as well, held weakly."""

    def __init__(self, hook: Any, module: Any):
        self.hook, self.module = hook, ref(module)

    def __call__(self, *args: Any) -> Any:
        module = self.module()
        if module is None:
            raise RuntimeError(
                "You are trying to call the hook of a dead Module!")
        return self.hook(module, *args)

    def __reduce__(self) -> Any:
        return _ModuleFirst, (self.hook, self.module())


class State:
    """state_dict, load_state_dict and their hooks."""

    _version = 1
    _parameters: dict[str, Any]
    _buffers: dict[str, Any]
    _modules: dict[str, Any]
    _non_persistent_buffers_set: set[str]
    _state_dict_hooks: OrderedDict
    _state_dict_pre_hooks: OrderedDict
    _load_state_dict_pre_hooks: OrderedDict
    _load_state_dict_post_hooks: OrderedDict

    # ---- hooks

    def _register_state_dict_hook(self, hook: Any) -> Handle:
        if getattr(hook, "_from_public_api", False):
            raise RuntimeError(
                "Cannot register the same function as the state dict post "
                "hook that was previously registered via "
                "register_state_dict_post_hook")
        return Handle(self._state_dict_hooks, hook)

    def register_state_dict_post_hook(self, hook: Any) -> Handle:
        """Call hook(module, state_dict, prefix, local_metadata) after."""
        hook._from_public_api = True
        return Handle(self._state_dict_hooks, hook)

    def register_state_dict_pre_hook(self, hook: Any) -> Handle:
        """Call hook(module, prefix, keep_vars) before state_dict."""
        return Handle(self._state_dict_pre_hooks, hook)

    def _register_load_state_dict_pre_hook(
            self, hook: Any, with_module: bool = False) -> Handle:
        return Handle(self._load_state_dict_pre_hooks,
                      _ModuleFirst(hook, self) if with_module else hook)

    def register_load_state_dict_pre_hook(self, hook: Any) -> Handle:
        """Call hook(module, state_dict, prefix, local_metadata, strict,
        missing_keys, unexpected_keys, error_msgs) before loading."""
        return self._register_load_state_dict_pre_hook(hook, True)

    def register_load_state_dict_post_hook(self, hook: Any) -> Handle:
        """Call hook(module, incompatible_keys) after loading."""
        return Handle(self._load_state_dict_post_hooks, hook)

    # ---- what has no tensor

    def get_extra_state(self) -> Any:
        """Override: what else belongs into the state_dict."""
        raise RuntimeError(
            "get_extra_state() is for subclasses to override; Module itself "
            "has no extra state.")

    def set_extra_state(self, state: Any) -> None:
        """Override: take back what get_extra_state gave."""
        raise RuntimeError(
            "set_extra_state() is for subclasses to override; Module itself "
            "has no extra state.")

    # ---- out

    def state_dict(self, *args: Any, destination: Any = None,
                   prefix: str = "", keep_vars: bool = False) -> Any:
        """All parameters and persistent buffers, by their dotted names.

        They share the module's memory; without keep_vars, detached. The
        dictionary's `_metadata` holds each module's version of its layout.
        """
        if args:
            warnings.warn(
                "Positional args are being deprecated, use kwargs instead.",
                FutureWarning, stacklevel=2)
            given = dict(zip(("destination", "prefix", "keep_vars"), args))
            destination = destination or given.get("destination")
            prefix = prefix or given.get("prefix", "")
            keep_vars = keep_vars or given.get("keep_vars", False)
        if destination is None:
            destination = OrderedDict()
            destination._metadata = OrderedDict()
        local_metadata = {"version": self._version}
        if hasattr(destination, "_metadata"):
            destination._metadata[prefix[:-1]] = local_metadata
        for hook in self._state_dict_pre_hooks.values():
            hook(self, prefix, keep_vars)
        self._save_to_state_dict(destination, prefix, keep_vars)
        for name, module in self._modules.items():
            if module is not None:
                module.state_dict(destination=destination,
                                  prefix=f"{prefix}{name}.",
                                  keep_vars=keep_vars)
        for hook in self._state_dict_hooks.values():
            result = hook(self, destination, prefix, local_metadata)
            if result is None:
                continue
            if getattr(hook, "_from_public_api", False):
                raise RuntimeError("state_dict post-hook must return None")
            destination = result
        return destination

    def _save_to_state_dict(self, destination: Any, prefix: str,
                            keep_vars: bool) -> None:
        """This module's own entries, its children's left out."""
        for name, x in self._own_state().items():
            destination[prefix + name] = x if keep_vars else x.detach()
        if type(self).get_extra_state is not State.get_extra_state:
            destination[prefix + EXTRA] = self.get_extra_state()

    def _own_state(self) -> dict[str, Tensor]:
        state = {k: p for k, p in self._parameters.items() if p is not None}
        for name, x in self._buffers.items():
            if x is not None and name not in self._non_persistent_buffers_set:
                state[name] = x
        return state

    # ---- in

    def load_state_dict(self, state_dict: Mapping[str, Any],
                        strict: bool = True,
                        assign: bool = False) -> _IncompatibleKeys:
        """Copy a state into this module's parameters and buffers.

        strict: the keys must be just those of state_dict(). assign: take
        the given tensors themselves instead of copying their values. All
        that does not fit is told in one error.
        """
        if not isinstance(state_dict, Mapping):
            raise TypeError("Expected state_dict to be dict-like, got "
                            f"{type(state_dict)}.")
        metadata = getattr(state_dict, "_metadata", None)
        state: Any = OrderedDict(state_dict)
        if metadata is not None:
            state._metadata = metadata
        keys = _IncompatibleKeys([], [])
        errors: list[str] = []
        _load(self, state, "", metadata, assign, keys, errors)
        if strict:
            for kind, names in (("Unexpected", keys.unexpected_keys),
                                ("Missing", keys.missing_keys)):
                if names:
                    listed = ", ".join(f'"{k}"' for k in names)
                    errors.insert(
                        0, f"{kind} key(s) in state_dict: {listed}. ")
        if errors:
            raise RuntimeError(
                f"Error(s) in loading state_dict for {type(self).__name__}:"
                "\n\t" + "\n\t".join(errors))
        return keys

    def _load_from_state_dict(
            self, state_dict: Any, prefix: str, local_metadata: dict,
            strict: bool, missing_keys: list, unexpected_keys: list,
            error_msgs: list) -> None:
        """Load this module's own entries, its children's left out."""
        for hook in self._load_state_dict_pre_hooks.values():
            hook(state_dict, prefix, local_metadata, strict, missing_keys,
                 unexpected_keys, error_msgs)
        own = self._own_state()
        assign = local_metadata.get("assign_to_params_buffers", False)
        for name, x in own.items():
            key = prefix + name
            if key in state_dict:
                error = self._take(name, key, x, state_dict[key], assign)
                error_msgs += error
            elif strict:
                missing_keys.append(key)
        extra = prefix + EXTRA
        if type(self).set_extra_state is not State.set_extra_state:
            if extra in state_dict:
                self.set_extra_state(state_dict[extra])
            elif strict:
                missing_keys.append(extra)
        elif strict and extra in state_dict:
            unexpected_keys.append(extra)
        for key in state_dict if strict else ():
            if key.startswith(prefix) and key != extra:
                name, *rest = key[len(prefix):].split(".", 1)
                if name not in (self._modules if rest else own):
                    unexpected_keys.append(key)

    def _take(self, name: str, key: str, x: Any, value: Any,
              assign: bool) -> list[str]:
        """Load one entry; returns the error, if there is one."""
        if is_lazy(x) and is_lazy(value):
            return []
        if not isinstance(value, Tensor):
            return [f'While copying the parameter named "{key}", expected '
                    "torch.Tensor or Tensor-like object from checkpoint but "
                    f"received {type(value)}"]
        if x.array.ndim == 0 and value.array.shape == (1,):
            value = value[0]  # torch: as states were before version 0.4
        if value.array.shape != x.array.shape:
            return [f"size mismatch for {key}: copying a param with shape "
                    f"{value.shape} from checkpoint, the shape in current "
                    f"model is {x.shape}."]
        try:
            with no_grad():
                if not assign:
                    x.copy_(value)
                    return []
                if isinstance(x, Parameter):
                    value = as_parameter(value, x.requires_grad)
                setattr(self, name, value)
        except Exception as error:
            return [f'While copying the parameter named "{key}", whose '
                    f"dimensions in the model are {x.shape} and whose "
                    f"dimensions in the checkpoint are {value.shape}, an "
                    f"exception occurred : {error.args}."]
        return []


def as_parameter(value: Tensor, requires_grad: bool) -> Parameter:
    """The value as a parameter: itself where it is one already."""
    if isinstance(value, Parameter):
        value.requires_grad_(requires_grad)
        return value
    return Parameter(value, requires_grad)


def _load(module: Any, state: Any, prefix: str, metadata: Any, assign: bool,
          keys: _IncompatibleKeys, errors: list) -> None:
    """Load a module, then its children, each from its part of the state."""
    local = {} if metadata is None else metadata.get(prefix[:-1], {})
    if assign:
        local["assign_to_params_buffers"] = assign
    module._load_from_state_dict(state, prefix, local, True,
                                 keys.missing_keys, keys.unexpected_keys,
                                 errors)
    for name, child in module._modules.items():
        if child is not None:
            below = f"{prefix}{name}."
            part = {k: v for k, v in state.items() if k.startswith(below)}
            _load(child, part, below, metadata, assign, keys, errors)
    for hook in module._load_state_dict_post_hooks.values():
        if hook(module, keys) is not None:
            raise AssertionError(
                "Hooks registered with ``register_load_state_dict_post_hook"
                "`` are not expected to return new values, if "
                "incompatible_keys need to be modified, it should be done "
                "inplace.")
