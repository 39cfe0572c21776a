"""How a network is asked for: by its function or name, with weights or none.

Trained weights are read from where torchvision keeps them; nothing is fetched.
"""

from __future__ import annotations

import functools
import inspect
import os
import warnings
from collections.abc import Callable, Iterable
from enum import Enum
from fnmatch import filter as matching
from pathlib import Path
from typing import Any

from scratch import nn
from scratch.serialization import load

__all__ = [
    "WeightsEnum",
    "get_model",
    "get_model_builder",
    "get_model_weights",
    "get_weight",
    "list_models",
]

# Every function that makes a network, by its name.
BUILDERS: dict[str, Any] = {}


class WeightsEnum(Enum):
    """Trained weights of one network; a value is the name of the file."""

    @classmethod
    def verify(cls, obj: Any) -> Any:
        """A member from itself or from its name; None stays None."""
        if obj is None or isinstance(obj, cls):
            return obj
        if isinstance(obj, str):
            return cls[obj.replace(cls.__name__ + ".", "")]
        raise TypeError(
            f"Invalid Weight class provided; expected {cls.__name__} but "
            f"received {type(obj).__name__}."
        )

    def get_state_dict(self, *args: Any, **kwargs: Any) -> Any:
        """The weights by their names, from the file."""
        return load(cached(self.value), weights_only=True)

    def __repr__(self) -> str:
        return f"{type(self).__name__}.{self.name}"


def cached(name: str) -> Path:
    """The file where torch keeps what it has fetched: nothing is fetched
    here."""
    caches = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    home = Path(os.environ.get("TORCH_HOME") or caches / "torch")
    path = home / "hub" / "checkpoints" / name
    if not path.is_file():
        raise FileNotFoundError(
            f"no {path}: nothing is downloaded here; torchvision fetches it "
            "(python -c 'from torchvision.models import resnet18; "
            'resnet18(weights="DEFAULT")\', say), or put the file there'
        )
    return path


def made(kind: Any, weights: Any, more: dict, *args: Any, **must: Any) -> Any:
    """kind(*args, **more), with the weights of a file where one is named,
    which must have some arguments."""
    if weights is None:
        return kind(*args, **more)
    fixed(more, **must, num_classes=1000)
    state = weights.get_state_dict()
    net = kind(*args, **more)
    net.load_state_dict(state)
    return net


def fixed(more: dict, **values: Any) -> None:
    """Set arguments that a caller may not give otherwise."""
    for name, value in values.items():
        if more.setdefault(name, value) != value:
            raise ValueError(
                f"The parameter '{name}' expected value {value} but got "
                f"{more[name]} instead."
            )


# ---- older ways to ask


def builder(kinds: type[WeightsEnum]) -> Callable:
    """Enter a function in the list of networks; it receives a member of
    `kinds` or None, in whichever way weights were asked for."""

    def enter(make: Callable) -> Callable:
        @functools.wraps(make)
        def build(*args: Any, **kwargs: Any) -> Any:
            kwargs |= placed(args)
            kwargs["weights"] = chosen(kinds, kwargs)
            return make(*args[2:], **kwargs)

        BUILDERS[make.__name__] = build
        build.kinds = kinds  # type: ignore[attr-defined]
        return build

    return enter


def placed(args: tuple) -> dict:
    """What is given by place, by its name."""
    named = dict(zip(("weights", "progress"), args))
    if named:
        said(
            f"Using {' and '.join(map(repr, named))} as positional "
            "parameter(s) is deprecated since 0.13 and may be removed in the "
            "future. Please use keyword parameter(s) instead."
        )
    return named


def chosen(kinds: Any, kwargs: dict) -> Any:
    """The weights meant by `weights`, or by `pretrained` as it once was."""
    if "weights" not in kwargs and "pretrained" in kwargs:
        said(
            "The parameter 'pretrained' is deprecated since 0.13 and may be "
            "removed in the future, please use 'weights' instead."
        )
        kwargs["weights"] = bool(kwargs.pop("pretrained"))
    given = kwargs.get("weights")
    if given is None or isinstance(given, (WeightsEnum, str)):
        return kinds.verify(given)
    first = kinds["IMAGENET1K_V1"] if given else None
    more = (
        f" You can also use `weights={kinds.__name__}.DEFAULT` to get the "
        "most up-to-date weights."
    )
    said(
        "Arguments other than a weight enum or `None` for 'weights' are "
        "deprecated since 0.13 and may be removed in the future. The current "
        f"behavior is equivalent to passing `weights={first!r}`."
        + (more if given else "")
    )
    return first


def said(text: str) -> None:
    """A warning at the line that asked for the network."""
    warnings.warn(text, UserWarning, stacklevel=4)


# ---- by name


def list_models(
    module: Any = None,
    include: Iterable[str] | str | None = None,
    exclude: Iterable[str] | str | None = None,
) -> list[str]:
    """The names of the networks, sorted; patterns (`resnet*`) say which."""
    names = {
        name
        for name, build in BUILDERS.items()
        if module is None
        or build.__module__.rpartition(".")[0] == module.__name__
    }
    if include:
        names = among(names, include)
    if exclude:
        names -= among(names, exclude)
    return sorted(names)


def among(names: set[str], patterns: Iterable[str] | str) -> set[str]:
    """The names that fit one of the patterns."""
    several = [patterns] if isinstance(patterns, str) else patterns
    return {name for one in several for name in matching(names, one)}


def get_model_builder(name: str) -> Callable[..., nn.Module]:
    """The function that makes the network of this name, in any case."""
    name = name.lower()
    if name not in BUILDERS:
        raise ValueError(f"Unknown model {name}")
    return BUILDERS[name]


def get_model(name: str, **config: Any) -> nn.Module:
    """The network of this name: get_model("resnet18", num_classes=10)"""
    return get_model_builder(name)(**config)


def get_model_weights(name: Callable | str) -> Any:
    """The weights that there are for a network, by its name or function."""
    build = get_model_builder(name) if isinstance(name, str) else name
    if "weights" not in inspect.signature(build).parameters:
        raise ValueError("The method is missing the 'weights' argument.")
    if not hasattr(build, "kinds"):
        raise ValueError(
            "The WeightsEnum class for the specific method couldn't be "
            "retrieved. Make sure the typing info is correct."
        )
    return build.kinds


def get_weight(name: str) -> Any:
    """Weights by their full name: "ResNet50_Weights.IMAGENET1K_V2" """
    kind, dot, member = name.partition(".")
    if not dot or "." in member:
        raise ValueError(f"Invalid weight name provided: '{name}'.")
    for build in BUILDERS.values():
        if build.kinds.__name__ == kind:
            return build.kinds[member]
    raise ValueError(
        f"The weight enum '{kind}' for the specific method couldn't be "
        "retrieved."
    )
