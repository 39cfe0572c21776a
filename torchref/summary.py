"""What a network is made of: layers, shapes, parameters, operations."""

import math
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor, nn


@dataclass(frozen=True)
class Layer:
    """One layer at work on one example.

    flops counts a multiplication and an addition as two; inputs and outputs
    are elements, weights those that are multiplied.
    """

    name: str
    kind: str
    shape: tuple[int, ...]
    parameters: int
    flops: int
    inputs: int
    outputs: int


def flops(layer: nn.Module, output: Tensor) -> int:
    """Of the forward pass of one example: 2·weights at every place of the
    output; pools and pointwise layers cost a handful, and count as none."""
    if isinstance(layer, nn.Linear):
        return 2 * layer.weight.numel() * math.prod(output.shape[1:-1])
    if isinstance(layer, nn.Conv2d):
        return 2 * layer.weight.numel() * math.prod(output.shape[2:])
    return 0


def layers(net: nn.Module, shape: tuple[int, ...]) -> list[Layer]:
    """Every layer in the order of its work on one example of that shape;
    nothing is computed (meta tensors have shapes alone)."""
    found: list[Layer] = []

    def seen(name: str) -> Any:
        def hook(layer: nn.Module, inputs: tuple, output: Tensor) -> None:
            own = sum(p.numel() for p in layer.parameters(recurse=False))
            found.append(
                Layer(
                    name,
                    type(layer).__name__,
                    tuple(output.shape[1:]),
                    own,
                    flops(layer, output),
                    inputs[0][0].numel(),
                    output[0].numel(),
                )
            )

        return hook

    hooks = [
        module.register_forward_hook(seen(name))
        for name, module in net.named_modules()
        if not list(module.children())
    ]
    try:
        with torch.no_grad():
            net.eval()(torch.zeros(1, *shape, device="meta"))
    finally:
        for hook in hooks:
            hook.remove()
    return found


def layer_flops(layer: Layer, first: bool) -> int:
    """Of one example's step: forward, the gradient of the weights, and but
    for the first layer that of the input, each as dear as forward."""
    return (2 if first else 3) * layer.flops


def layer_elements(layer: Layer, first: bool) -> int:
    """How many numbers one example's step must move when layers run one by
    one, and pointwise layers (ReLU, dropout, bias) ride along for free.

    A matrix layer reads x and writes y, then reads dy twice and x once more,
    and writes dx; a pool reads x, writes y, reads dy, writes dx; batch
    normalization passes over its map twice forward, three times back.
    """
    if layer.kind in ("Linear", "Conv2d"):
        return (2 if first else 3) * layer.inputs + 3 * layer.outputs
    if layer.kind in ("MaxPool2d", "AvgPool2d", "AdaptiveAvgPool2d"):
        return 2 * (layer.inputs + layer.outputs)
    return 5 * layer.outputs if layer.kind.startswith("BatchNorm") else 0


def training_flops(found: list[Layer]) -> int:
    """Of one example's step through all layers."""
    each = [layer for layer in found if layer.flops]
    return sum(layer_flops(layer, i == 0) for i, layer in enumerate(each))


def table(net: nn.Module, shape: tuple[int, ...]) -> str:
    """The layers as lines of text, and their sums."""
    found = layers(net, shape)
    lines = [
        f"{'layer':<18}{'kind':<20}{'output':<20}{'params':>12}{'MFLOP':>11}"
    ]
    for one in found:
        size = "×".join(map(str, one.shape))
        lines.append(
            f"{one.name:<18}{one.kind:<20}{size:<20}{one.parameters:>12,}"
            f"{one.flops / 1e6:>11,.3f}"
        )
    count = sum(p.numel() for p in net.parameters())
    total = sum(one.flops for one in found)
    lines.append(
        f"{'all':<58}{count:>12,}{total / 1e6:>11,.3f}\n"
        f"one example's training step: {training_flops(found) / 1e6:,.3f} MFLOP"
    )
    return "\n".join(lines)
