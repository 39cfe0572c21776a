"""Rows: other shapes in place, inside graphs and beside older views."""

from __future__ import annotations

from typing import Any

from ..registry import pick, real, row


@row(*[f"Tensor.{word}_" for word in (
    "squeeze", "unsqueeze", "t", "transpose", "swapaxes", "swapdims")],
    examples=24)
def turned(lib: Any, rng: Any, name: str) -> tuple:
    word, size = name.split(".")[1], pick(rng, (1, 3), (3, 2), (2, 1))
    args = {"squeeze_": pick(rng, (), (0,), (-1,), ((0, 1),)),
            "unsqueeze_": (int(rng.integers(-3, 3)),), "t_": ()}.get(
                word, (0, -1))
    part = bool(rng.integers(2))

    def call(x: Any, w: Any) -> list:
        y = x * w
        before = y[0]
        look = before if part and word == "unsqueeze_" else y
        getattr(look, word)(*args)
        before.mul_(2)
        look.mul_(3)
        return [y * y, before * w.sum(), look.exp()]

    return call, (real(rng, *size), real(rng, *size))


@row("Tensor.resize_", "Tensor.resize_as_", "resize_as_", order=0,
     examples=20)
def resized(lib: Any, rng: Any, name: str) -> tuple:
    """No larger: what torch finds in new memory is left open."""
    shape = pick(rng, (2, 3), (6,), (1, 2), (0, 4), (), (2, 2))
    way = int(rng.integers(3))

    def call(x: Any) -> list:
        x = x.clone()
        y = (x, x.t(), x[1])[way]
        if way == 2:
            y = y.view(3)
        size = shape if way < 2 else shape[:1] and (2,)
        if name == "Tensor.resize_":
            y.resize_(*size) if size and way else y.resize_(size)
        else:
            like = lib.zeros(size)
            (lib.resize_as_(y, like) if name == "resize_as_" else
             y.resize_as_(like))
        y += 1
        return [x, y]

    return call, (real(rng, 2, 3),)
