"""Both sides' layers of a network beside each other."""

from __future__ import annotations

from dataclasses import asdict
from itertools import zip_longest
from typing import Any

import torch

from scratch.config import nearest
from scratch.datasets import example_shape
from scratch.networks import NETWORKS as OURS
from scratch.recipes import RECIPES, Recipe
from scratch.summary import layers as our_layers
from torchref.networks import NETWORKS as THEIRS
from torchref.summary import layers as torch_layers


def recipe_named(network: str) -> Recipe:
    """The recipe of a network, or an error with the nearest name."""
    if network not in RECIPES:
        hint = nearest(network, list(RECIPES))
        raise SystemExit(f"error: no network {network!r}{hint}")
    return RECIPES[network]


def both(recipe: Recipe) -> tuple[Any, Any]:
    """The network of `scratch`, and torch's, which has shapes alone."""
    ours: Any = OURS[recipe.network]
    theirs: Any = THEIRS[recipe.network]
    with torch.device("meta"):
        twin = theirs(**recipe.sizes)
    return ours(**recipe.sizes), twin


def state(net: Any) -> list[tuple]:
    """Name and shape of everything that is saved."""
    found = net.state_dict().items()
    return [(name, tuple(value.shape)) for name, value in found]


def count(net: Any) -> int:
    """How many numbers are learned."""
    return sum(p.numel() for p in net.parameters())


def cell(row: Any) -> str:
    """One layer as text: kind, output, parameters, MFLOP."""
    if row is None:
        return "nothing"
    size = "×".join(map(str, row.shape))
    return f"{row.kind} {size} {row.parameters:,} {row.flops / 1e6:.3f}"


def alike(mine: Any, torchs: Any) -> bool:
    """Whether a layer has the same name, kind, shape, sizes on both sides."""
    return bool(mine and torchs) and asdict(mine) == asdict(torchs)


def differences(ours: Any, theirs: Any) -> list[str]:
    """What is saved on one side and not on the other, or in another shape."""
    mine, torchs = state(ours), state(theirs)
    return [
        f"scratch saves {a}, torch {b}"
        for a, b in zip_longest(mine, torchs)
        if a != b
    ]


def show(network: str) -> bool:
    """Print both sides' layers, each difference marked; whether there is
    none."""
    recipe = recipe_named(network)
    ours, theirs = both(recipe)
    shape = example_shape(recipe)
    rows = zip_longest(our_layers(ours, shape), torch_layers(theirs, shape))
    good = True
    print(f"  {'layer':<18}{'scratch':<46}torch")
    for mine, torchs in rows:
        same = alike(mine, torchs)
        good = good and same
        name = (mine or torchs).name
        mark = " " if same else "≠"
        print(f"{mark} {name:<18}{cell(mine):<46}{cell(torchs)}")
    unlike = differences(ours, theirs)
    totals = f"{count(ours):,}", f"{count(theirs):,}"
    print(f"  {'parameters':<18}{totals[0]:<46}{totals[1]}")
    print("\n".join(unlike) or "  what is saved: the same names and shapes")
    return good and not unlike and totals[0] == totals[1]
