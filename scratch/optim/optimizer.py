"""The Optimizer: groups of parameters, their state, saving and loading."""

from __future__ import annotations

import functools
import warnings
from collections import OrderedDict, defaultdict
from collections.abc import Callable, Iterable
from copy import deepcopy
from itertools import chain
from typing import Any

from scratch.modes import enable_grad
from scratch.node import Handle
from scratch.optim.state import fit
from scratch.tensor import Tensor

KINDS_OF_HOOKS = (
    "step_pre",
    "step_post",
    "state_dict_pre",
    "state_dict_post",
    "load_state_dict_pre",
    "load_state_dict_post",
)
_hooks_of_all: dict[str, OrderedDict] = {
    "step_pre": OrderedDict(),
    "step_post": OrderedDict(),
}


class Required:
    """Stands where a group must bring its own value."""

    def __repr__(self) -> str:
        return "<required parameter>"


required = Required()


def register_optimizer_step_pre_hook(hook: Callable) -> Handle:
    """Call hook(optimizer, args, kwargs) before every optimizer's step."""
    return Handle(_hooks_of_all["step_pre"], hook)


def register_optimizer_step_post_hook(hook: Callable) -> Handle:
    """Call hook(optimizer, args, kwargs) after every optimizer's step."""
    return Handle(_hooks_of_all["step_post"], hook)


class Optimizer:
    """What all optimizers share; a subclass brings `step`.

    param_groups: dictionaries of parameters ("params") and their options.
    state: for each parameter what the method remembers of it.
    defaults: the options of a group that does not set its own.
    """

    param_groups: list[dict[str, Any]]
    state: defaultdict[Any, Any]

    def __init__(self, params: Iterable, defaults: dict[str, Any]):
        self.defaults = defaults
        self._prepare_hooks()
        if isinstance(params, Tensor):
            raise TypeError(
                "params argument given to the optimizer should be an "
                "iterable of Tensors or dicts, but got "
                + typename(params)
            )
        if isinstance(params, set):
            warnings.warn(
                "optimizer parameters need to be organized in ordered "
                "collections, but the ordering of tensors in sets will "
                "change between runs. Please use a list instead. This will "
                "be an error in a future release.",
                FutureWarning,
                stacklevel=2,
            )
        self.state = defaultdict(dict)
        self.param_groups = []
        groups = list(params)
        if not groups:
            raise ValueError("optimizer got an empty parameter list")
        if not isinstance(groups[0], dict):
            groups = [{"params": groups}]
        for group in groups:
            self.add_param_group(group)

    def __init_subclass__(cls, **kwargs: Any):
        """A subclass's own step calls the hooks, too."""
        super().__init_subclass__(**kwargs)
        if "step" in vars(cls):
            setattr(cls, "step", with_hooks(vars(cls)["step"]))  # noqa: B010

    def step(self, closure: Callable | None = None) -> Any:
        """Change the parameters once, by their gradients."""
        raise NotImplementedError

    def zero_grad(self, set_to_none: bool = True) -> None:
        """Forget the gradients, or (set_to_none=False) fill them with 0."""
        for group in self.param_groups:
            for p in group["params"]:
                if p.grad is None:
                    continue
                if set_to_none:
                    p.grad = None
                    continue
                p.grad._node = None
                p.grad.array[...] = 0
                p.grad.version[0] += 1

    def add_param_group(self, param_group: dict[str, Any]) -> None:
        """Add a group: {"params": tensors or (name, tensor) pairs, option…}.

        An option that the group leaves out is filled in from the defaults.
        """
        if not isinstance(param_group, dict):
            raise TypeError(
                f"param_group must be a dict, but got {type(param_group)}"
            )
        params, names = split_names(param_group["params"])
        for p in params:
            self._check_param(p)
        for option, value in self.defaults.items():
            if value is required and option not in param_group:
                raise ValueError(
                    "parameter group didn't specify a value of required "
                    f"optimization parameter {option}"
                )
        if len(params) != len(set(params)):
            warnings.warn(
                "optimizer contains a parameter group with duplicate "
                "parameters; in future, this will cause an error; "
                "see github.com/pytorch/pytorch/issues/40967 for more "
                "information",
                stacklevel=3,
            )
        named = bool(names) or "param_names" in param_group
        self._check_group(params, named)
        param_group["params"] = params
        if names:
            param_group["param_names"] = names
        for option, value in self.defaults.items():
            param_group.setdefault(option, value)
        self.param_groups.append(param_group)

    def _check_param(self, p: Any) -> None:
        if not isinstance(p, Tensor):
            raise TypeError(
                "optimizer can only optimize Tensors, but one of the params "
                "is " + typename(p)
            )
        if self.defaults.get("differentiable"):
            return
        if not (p.is_leaf or p._retains):
            raise ValueError("can't optimize a non-leaf Tensor")

    def _check_group(self, params: list, named: bool) -> None:
        """A new group has names if the others do, and none of their params."""
        known: set = set()
        for group in self.param_groups:
            known.update(group["params"])
            if named != ("param_names" in group):
                raise ValueError(
                    "all optimizer param groups should be with/without "
                    "names. cannot add param group "
                    f"{'with' if named else 'without'} names to the optimizer"
                )
        if not known.isdisjoint(params):
            raise ValueError(
                "some parameters appear in more than one parameter group"
            )

    # ---- saving and loading

    def state_dict(self) -> dict[str, Any]:
        """{"state": …, "param_groups": …}, parameters as numbers 0, 1, ….

        Parameters are numbered in the order of the groups. The tensors are
        those of the optimizer, not copies.
        """
        for hook in list(self._hooks["state_dict_pre"].values()):
            hook(self)
        numbers: dict[int, int] = {}
        groups, start = [], 0
        for group in self.param_groups:
            packed = {k: v for k, v in group.items() if k != "params"}
            for i, p in enumerate(group["params"], start):
                numbers.setdefault(id(p), i)
            packed["params"] = [numbers[id(p)] for p in group["params"]]
            start += len(packed["params"])
            groups.append(packed)
        state = {
            numbers[id(key)] if isinstance(key, Tensor) else key: value
            for key, value in self.state.items()
        }
        result: dict[str, Any] = {"state": state, "param_groups": groups}
        for hook in list(self._hooks["state_dict_post"].values()):
            changed = hook(self, result)
            result = result if changed is None else changed
        return result

    def load_state_dict(self, state_dict: dict[str, Any]) -> None:
        """Take over a saved state; its options replace those of the groups.

        Tensors are copied to the dtype of their parameter. Groups are
        matched by their order and must hold as many parameters.
        """
        state_dict = state_dict.copy()
        for hook in list(self._hooks["load_state_dict_pre"].values()):
            changed = hook(self, state_dict)
            state_dict = state_dict if changed is None else changed
        saved = deepcopy(state_dict["param_groups"])
        self._check_sizes(saved)
        param_of = dict(
            zip(
                chain.from_iterable(group["params"] for group in saved),
                chain.from_iterable(g["params"] for g in self.param_groups),
            )
        )
        state: defaultdict[Any, Any] = defaultdict(dict)
        for key, value in state_dict["state"].items():
            if key in param_of:
                state[param_of[key]] = fit(value, param_of[key])
            else:
                state[key] = value
        for group, new in zip(self.param_groups, saved):
            new["params"] = group["params"]
            if "param_names" in group:
                new.setdefault("param_names", group["param_names"])
        self.__setstate__({"state": state, "param_groups": saved})
        for hook in list(self._hooks["load_state_dict_post"].values()):
            hook(self)

    def _check_sizes(self, saved: list[dict[str, Any]]) -> None:
        if len(saved) != len(self.param_groups):
            raise ValueError(
                "loaded state dict has a different number of parameter groups"
            )
        for group, new in zip(self.param_groups, saved):
            if len(group["params"]) != len(new["params"]):
                raise ValueError(
                    "loaded state dict contains a parameter group that "
                    "doesn't match the size of optimizer's group"
                )

    def __getstate__(self) -> dict[str, Any]:
        return {
            "defaults": self.defaults,
            "state": self.state,
            "param_groups": self.param_groups,
        }

    def __setstate__(self, state: dict[str, Any]) -> None:
        self.__dict__.update(state)
        if "_hooks" not in self.__dict__:
            self._prepare_hooks()
        self.defaults.setdefault("differentiable", False)

    def __repr__(self) -> str:
        lines = [type(self).__name__ + " ("]
        for i, group in enumerate(self.param_groups):
            lines += [""] * (i > 0) + [f"Parameter Group {i}"]
            lines += [
                f"    {key}: {group[key]}"
                for key in sorted(group)
                if key != "params"
            ]
        return "\n".join(lines) + "\n)"

    # ---- hooks

    def _prepare_hooks(self) -> None:
        self._hooks: dict[str, OrderedDict] = {
            kind: OrderedDict() for kind in KINDS_OF_HOOKS
        }

    def _add_hook(
        self, kind: str, hook: Callable, first: bool = False
    ) -> Handle:
        handle = Handle(self._hooks[kind], hook)
        if first:
            self._hooks[kind].move_to_end(handle.id, last=False)
        return handle

    def register_step_pre_hook(self, hook: Callable) -> Handle:
        """Call hook(optimizer, args, kwargs) before step.

        It may return new (args, kwargs).
        """
        return self._add_hook("step_pre", hook)

    def register_step_post_hook(self, hook: Callable) -> Handle:
        """Call hook(optimizer, args, kwargs) after step."""
        return self._add_hook("step_post", hook)

    def register_state_dict_pre_hook(
        self, hook: Callable, prepend: bool = False
    ) -> Handle:
        """Call hook(optimizer) before state_dict."""
        return self._add_hook("state_dict_pre", hook, prepend)

    def register_state_dict_post_hook(
        self, hook: Callable, prepend: bool = False
    ) -> Handle:
        """Call hook(optimizer, state_dict) after it; may return another."""
        return self._add_hook("state_dict_post", hook, prepend)

    def register_load_state_dict_pre_hook(
        self, hook: Callable, prepend: bool = False
    ) -> Handle:
        """Call hook(optimizer, state_dict) before loading; may replace it."""
        return self._add_hook("load_state_dict_pre", hook, prepend)

    def register_load_state_dict_post_hook(
        self, hook: Callable, prepend: bool = False
    ) -> Handle:
        """Call hook(optimizer) after loading."""
        return self._add_hook("load_state_dict_post", hook, prepend)


def loss_of(closure: Callable | None) -> Any:
    """What a closure returns, its gradients computed; None without one."""
    if closure is None:
        return None
    with enable_grad():
        return closure()


def with_hooks(step: Callable) -> Callable:
    """The step between the hooks: everybody's outside, its own inside."""

    @functools.wraps(step)
    def hooked(self: Optimizer, *args: Any, **kwargs: Any) -> Any:
        # super().step() in a subclass; one that never called __init__
        if type(self).step is not hooked or "_hooks" not in vars(self):
            return step(self, *args, **kwargs)
        before = chain(
            _hooks_of_all["step_pre"].values(),
            self._hooks["step_pre"].values(),
        )
        for hook in list(before):
            # torch: the optimizer itself is the first of the arguments
            result = hook(self, (self, *args), kwargs)
            if result is None:
                continue
            if not (isinstance(result, tuple) and len(result) == 2):
                raise RuntimeError(
                    f"{step} must return None or a tuple of (new_args, "
                    f"new_kwargs), but got {result}."
                )
            (self, *args), kwargs = result
        out = step(self, *args, **kwargs)
        after = chain(
            self._hooks["step_post"].values(),
            _hooks_of_all["step_post"].values(),
        )
        for hook in list(after):
            hook(self, (self, *args), kwargs)
        return out

    return hooked


def split_names(params: Any) -> tuple[list, list[str]]:
    """The tensors of a group, and their names if it has (name, tensor)."""
    if isinstance(params, Tensor):
        return [params], []
    if isinstance(params, set):
        raise TypeError(
            "optimizer parameters need to be organized in ordered "
            "collections, but the ordering of tensors in sets will change "
            "between runs. Please use a list instead."
        )
    params = list(params)
    names = [p[0] for p in params if isinstance(p, tuple)]
    if names and len(names) != len(params):
        raise ValueError(
            "all optimizer params should be with/without names. Some param "
            "names are missing"
        )
    return [p[1] if isinstance(p, tuple) else p for p in params], names


def typename(value: Any) -> str:
    """The name of a value's type, as torch.typename gives it."""
    kind = type(value)
    if issubclass(kind, Tensor):
        return value.type()
    if kind.__module__ in ("builtins", ""):
        return kind.__name__
    return f"{kind.__module__}.{kind.__qualname__}"
