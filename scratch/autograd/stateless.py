"""A module called with other tensors than its own, which it keeps."""

from __future__ import annotations

from typing import Any

from ..ops.combine import stack
from ..tensor import Tensor

__all__ = ["functional_call", "stack_module_state"]


def functional_call(module: Any, parameter_and_buffer_dicts: Any,
                    args: Any = None, kwargs: Any = None, *,
                    tie_weights: bool = True, strict: bool = False) -> Any:
    """module(*args) with other tensors in the place of its own.

    What the module puts in their place stands in the dict afterwards.
    """
    given = parameter_and_buffer_dicts
    tensors = given_tensors(given)
    own = {**dict(module.named_parameters(remove_duplicate=False)),
           **dict(module.named_buffers(remove_duplicate=False))}
    if tie_weights:
        tensors = tied(own, tensors)
    if strict:
        check_keys(module, own, tensors)
    args = () if args is None else args if isinstance(args, tuple) else (
        args,)
    before = []
    try:
        for name in tensors.keys() & own.keys():
            path, _, last = name.rpartition(".")
            owner = module.get_submodule(path)
            holder = next(d for d in (owner._parameters, owner._buffers)
                          if last in d)
            before.append((holder, last, holder[last], name))
            holder[last] = tensors[name]
        return module(*args, **(kwargs or {}))
    finally:
        for holder, last, t, name in before:
            if isinstance(given, dict) and name in given and last in holder:
                given[name] = holder[last]
            holder[last] = t


def tied(own: dict, given: dict) -> dict:
    """The tensors, and each under all names of the one it stands for."""
    names: dict[int, list[str]] = {}
    for name, x in own.items():
        names.setdefault(id(x), []).append(name)
    found = dict(given)
    for twins in names.values():
        said = [name for name in twins if name in given]
        if len({id(given[name]) for name in said}) > 1:
            raise ValueError(
                "functional_call got multiple values for keys "
                f"{sorted(said)}, which are tied. Consider using "
                "tie_weights=False")
        if said:
            found |= dict.fromkeys(twins, given[said[0]])
    return found


def given_tensors(given: Any) -> dict:
    """One dict of the tensors, from one or several; checked."""
    if not isinstance(given, (dict, list, tuple)):
        raise ValueError(
            "Expected parameter_and_buffer_dicts to be a dict, or a "
            f"list/tuple of dicts, but got {type(given)}")
    dicts = [given] if isinstance(given, dict) else list(given)
    if not all(isinstance(d, dict) for d in dicts):
        raise ValueError("Expected all elements of "
                         "parameter_and_buffer_dicts to be dictionaries")
    names = [name for d in dicts for name in d]
    repeated = [name for name in dict.fromkeys(names)
                if names.count(name) > 1]
    if repeated:
        raise ValueError(f"{repeated} appeared in multiple dictionaries; "
                         "behavior of functional call is ambiguous")
    for d in dicts:
        for t in d.values():
            if not isinstance(t, Tensor):
                raise TypeError(f"{t} is not an instance of torch.Tensor")
    return {name: t for d in dicts for name, t in d.items()}


def check_keys(module: Any, own: dict, given: dict) -> None:
    """strict: all names of the module, and no others."""
    words = []
    for title, names in (("Unexpected", set(given) - set(own)),
                         ("Missing", set(own) - set(given))):
        if names:
            listed = ", ".join(map(repr, sorted(names)))
            words.append(f"\n\t{title} key(s): {listed}.")
    if words:
        raise RuntimeError("Error(s) in reparametrizing for "
                           f"{type(module).__name__}:{''.join(words)}")


def stack_module_state(models: Any) -> tuple[dict, dict]:
    """The parameters, and the buffers, of several like modules, stacked."""
    models = list(models)
    if not models:
        raise RuntimeError("stack_module_state: Expected at least one model, "
                           "got 0.")
    if not (all(m.training for m in models)
            or all(not m.training for m in models)):
        raise RuntimeError("stack_module_state: Expected all models to have "
                           "the same training/eval mode.")
    if any(type(m) is not type(models[0]) for m in models):
        raise RuntimeError("stack_module_state: Expected all models to be of "
                           "the same class.")
    all_parameters = [dict(m.named_parameters()) for m in models]
    all_buffers = [dict(m.named_buffers()) for m in models]
    return tuple(  # type: ignore[return-value]
        {name: stacked([d[name] for d in dicts]) for name in dicts[0]}
        for dicts in (all_parameters, all_buffers))


def stacked(tensors: list) -> Tensor:
    """A new leaf, that asks for a gradient if these do."""
    asks = {t.requires_grad for t in tensors}
    if len(asks) > 1:
        raise RuntimeError("Expected tensors to have the same requires_grad")
    return stack([t.detach() for t in tensors]).requires_grad_(asks.pop())
