"""A grid of pictures with true and predicted labels, as SVG text."""

from collections.abc import Sequence
from html import escape

from scratch import Tensor

STYLE = (
    "<style>svg{background:#fff;font:11px sans-serif}"
    "rect{shape-rendering:crispEdges}text{text-anchor:middle}"
    "@media(prefers-color-scheme:dark){svg{background:#16181c}}</style>"
)


def grid(
    pixels: Tensor,
    labels: Sequence[int],
    found: Sequence[int],
    names: Sequence[str],
    columns: int = 5,
    side: int = 84,
) -> str:
    """Grey or colour pictures (N, C, h, w) of bytes, each with its label
    and the one that was found, red where they differ."""
    cells = []
    for i, picture in enumerate(pixels):
        x, y = (i % columns) * (side + 20), (i // columns) * (side + 40)
        good = labels[i] == found[i]
        colour = "#3f8f4f" if good else "#c0392b"
        word = (
            names[found[i]]
            if good
            else (f"{names[found[i]]} ({names[labels[i]]})")
        )
        cells.append(
            f'<g transform="translate({x + 10},{y + 10})">'
            f"{squares(picture, side)}"
            f'<text x="{side / 2}" y="{side + 14}" style="fill:{colour}">'
            f"{escape(word)}</text></g>"
        )
    rows = -(-len(labels) // columns)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 '
        f'{columns * (side + 20)} {rows * (side + 40)}">{STYLE}'
        + "".join(cells)
        + "</svg>\n"
    )


def squares(picture: Tensor, side: int) -> str:
    """One picture as squares; runs of one colour are one rectangle."""
    data = picture.tolist()
    height, width = len(data[0]), len(data[0][0])
    size = side / width
    found = []
    for r in range(height):
        start = 0
        colours = [
            tuple(channel[r][c] for channel in data) for c in range(width)
        ]
        for c in range(1, width + 1):
            if c == width or colours[c] != colours[start]:
                shade = colours[start] * (3 if len(data) == 1 else 1)
                found.append(
                    f'<rect x="{start * size:.1f}" y="{r * size:.1f}" '
                    f'width="{(c - start) * size:.1f}" height="{size:.1f}" '
                    f'style="fill:rgb{shade}"/>'
                )
                start = c
    return "".join(found)
