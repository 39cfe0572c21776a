"""What a network is made of: opposite torchref/summary.py."""

import math
from dataclasses import dataclass
from typing import Any

import scratch as torch
from scratch import Tensor, nn


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
    """Every layer in the order of its work on one example of that shape."""
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
            net.eval()(torch.zeros(1, *shape))
    finally:
        for hook in hooks:
            hook.remove()
    return found


def training_flops(found: list[Layer]) -> int:
    """Of one example's step: forward, the gradient of the weights, and but
    for the first layer that of the input, each as dear as forward."""
    each = [layer for layer in found if layer.flops]
    return sum((2 if i == 0 else 3) * one.flops for i, one in enumerate(each))


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
