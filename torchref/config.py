"""A run's settings: changed from the command line, kept as TOML."""

import difflib
import json
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import fields, is_dataclass, replace
from typing import Any


def change(settings: Any, assignments: Sequence[str]) -> Any:
    """Settings with `key=value` or `part.key=value` put in; a wrong key is
    refused with the nearest right one."""
    for text in assignments:
        key, equals, value = text.partition("=")
        if not equals:
            raise ValueError(f"--set {text}: expected key=value")
        settings = put(settings, key.strip().split("."), value.strip(), text)
    return settings


def put(settings: Any, path: list[str], value: str, text: str) -> Any:
    """The settings with one value replaced, however deep it lies."""
    key, *rest = path
    names = known(settings)
    if key not in names and not isinstance(settings, Mapping):
        hint = nearest(key, every(settings))
        raise KeyError(f"--set {text}: no setting {key!r}{hint}")
    if isinstance(settings, Mapping):
        return {**settings, key: read(value, settings.get(key), text)}
    old = getattr(settings, key)
    if rest:
        new = put(old, rest, value, text)
    elif is_dataclass(old) or isinstance(old, Mapping):
        inner = known(old)
        raise KeyError(f"--set {text}: {key} has parts {', '.join(inner)}")
    else:
        new = read(value, old, text)
    return replace(settings, **{key: new})


def nearest(key: str, names: Sequence[str]) -> str:
    """The end of an error's sentence: the name that was probably meant."""
    ends = {name.split(".")[-1]: name for name in reversed(names)}
    found = difflib.get_close_matches(key, [*names, *ends], 1, 0.4)
    return f"; did you mean {ends.get(found[0], found[0])}?" if found else ""


def known(settings: Any) -> list[str]:
    """The names of the settings."""
    if is_dataclass(settings):
        return [f.name for f in fields(settings)]
    return list(settings) if isinstance(settings, Mapping) else []


def every(settings: Any, before: str = "") -> list[str]:
    """The names of all settings, `part.key` for those inside."""
    names = []
    for name in known(settings):
        names.append(before + name)
        if is_dataclass(settings):
            inner = getattr(settings, name)
            names += every(inner, f"{before}{name}.")
    return names


def read(value: str, old: Any, text: str) -> Any:
    """The value in the type of the one that it replaces."""
    if isinstance(old, bool):
        if value.lower() in ("true", "false"):
            return value.lower() == "true"
        raise ValueError(f"--set {text}: expected true or false")
    try:
        if isinstance(old, int):
            return int(value)
        if isinstance(old, float):
            return float(value)
        if isinstance(old, str):
            return value
        parsed = json.loads(value)  # a list, or what a network takes
    except ValueError:
        kind = "a number" if old is None else type(old).__name__
        raise ValueError(f"--set {text}: {value!r} is no {kind}") from None
    return tuple(parsed) if isinstance(parsed, list) else parsed


def toml(settings: Mapping[str, Any], table: str = "") -> str:
    """Nested mappings as TOML, plain values before tables."""
    lines, tables = [], []
    for key, value in settings.items():
        if isinstance(value, Mapping):
            name = f"{table}.{key}" if table else key
            tables.append(f"\n[{name}]\n{toml(value, name)}")
        else:
            # JSON's strings, numbers, lists and booleans are TOML's too
            lines.append(f"{key} = {json.dumps(value)}\n")
    return "".join(lines + tables)


def read_toml(path: Any) -> dict[str, Any]:
    """The settings that a run was made with."""
    with open(path, "rb") as file:
        return tomllib.load(file)


def recipe_of(settings: Mapping[str, Any], like: Any) -> Any:
    """The dataclass that these settings were written from."""
    known = {f.name: f for f in fields(like)}
    values = {}
    for name, value in settings.items():
        if name not in known:
            continue
        make = known[name].default_factory
        if isinstance(value, Mapping) and is_dataclass(make):
            value = recipe_of(value, make)
        values[name] = tuple(value) if isinstance(value, list) else value
    return like(**values)
