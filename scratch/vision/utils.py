"""Many pictures as one: a grid, and its file."""

from __future__ import annotations

import math
from typing import Any

from scratch.modes import no_grad
from scratch.ops.combine import cat, stack
from scratch.ops.creation import full
from scratch.tensor import Tensor

__all__ = ["make_grid", "save_image"]


def batch_of(tensor: Any) -> Tensor:
    """(N, C, H, W) of a picture, a list of them or a batch; grey becomes
    three equal colours."""
    if isinstance(tensor, list):
        for x in tensor:
            if not isinstance(x, Tensor):
                raise TypeError(
                    "tensor or list of tensors expected, got a list "
                    f"containing {type(x)}"
                )
        tensor = stack(tensor)
    if not isinstance(tensor, Tensor):
        raise TypeError(
            f"tensor or list of tensors expected, got {type(tensor)}"
        )
    while tensor.dim() < 4:
        tensor = tensor.unsqueeze(0)
    return cat((tensor,) * 3, 1) if tensor.shape[1] == 1 else tensor


def stretch(x: Tensor, span: tuple[float, float] | None) -> None:
    """x ← (x - low) / (high - low) in place, clamped to [0, 1]; without a
    span from its own smallest number to its largest."""
    low, high = span or (float(x.min()), float(x.max()))
    x.clamp_(min=low, max=high)
    x.sub_(low).div_(max(high - low, 1e-5))


@no_grad()
def make_grid(
    tensor: Tensor | list[Tensor],
    nrow: int = 8,
    padding: int = 2,
    normalize: bool = False,
    value_range: tuple[int, int] | None = None,
    scale_each: bool = False,
    pad_value: float = 0.0,
) -> Tensor:
    """Pictures in rows of `nrow`, a margin around each.

    (N, C, H, W) -> (C, rows · (H + padding) + padding, …); one picture alone
    gets no margin
    """
    x = batch_of(tensor)
    if normalize:
        if value_range is not None and not isinstance(value_range, tuple):
            raise TypeError(
                "value_range has to be a tuple (min, max) if specified. min "
                "and max are numbers"
            )
        x = x.clone()
        for part in x if scale_each else (x,):
            stretch(part, value_range)
    n, channels, height, width = x.shape
    if n == 1:
        return x.squeeze(0)
    columns = min(nrow, n)
    high, wide = height + padding, width + padding
    size = math.ceil(n / columns) * high + padding, columns * wide + padding
    y = full((channels, *size), pad_value, dtype=x.dtype)
    for i, picture in enumerate(x):
        top = i // columns * high + padding
        left = i % columns * wide + padding
        y[:, top : top + height, left : left + width] = picture
    return y


@no_grad()
def save_image(
    tensor: Tensor | list[Tensor],
    fp: Any,
    format: str | None = None,
    **kwargs: Any,
) -> None:
    """The grid of pictures in [0, 1] as a file; needs Pillow."""
    from PIL import Image

    y = make_grid(tensor, **kwargs).mul(255).add_(0.5).clamp_(0, 255)
    pixels = y.permute(1, 2, 0).byte().numpy()
    Image.fromarray(pixels).save(fp, format=format)
