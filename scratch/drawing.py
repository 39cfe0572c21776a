"""Pictures as SVG text: the recorded graph, and a grid of images."""

from collections import defaultdict
from collections.abc import Sequence
from html import escape
from typing import Any

import scratch as torch
from scratch import Tensor
from scratch.datasets import example_shape
from scratch.networks import NETWORKS
from scratch.node import Leaf, Node, node_of
from scratch.recipes import RECIPES

WIDE, HIGH, GAP_X, GAP_Y = 150, 44, 24, 34
STYLE = (
    "<style>svg{background:#fff;font:11px sans-serif}rect{fill:#eef3fa;"
    "stroke:#2f6fb5}.leaf{fill:#eaf5ec;stroke:#3f8f4f}path{stroke:#888;"
    "fill:none}text{fill:#222;text-anchor:middle}"
    "@media(prefers-color-scheme:dark){svg{background:#16181c}"
    "rect{fill:#22303f}.leaf{fill:#233427}text{fill:#ddd}}</style>"
)


def example(what: str) -> Tensor:
    """The result of a network on one example of its data, or of an
    expression in x, w and b (vectors of three) and the library's names."""
    if what in RECIPES:
        recipe = RECIPES[what]
        make: Any = NETWORKS[recipe.network]
        net = make(**recipe.sizes)
        return net.eval()(torch.rand(1, *example_shape(recipe))).sum()
    names = {n: getattr(torch, n) for n in dir(torch) if n[0] != "_"}
    for name, values in (
        ("x", [1.0, 2.0, 3.0]),
        ("w", [0.5, -1.0, 2.0]),
        ("b", [0.1, 0.2, 0.3]),
    ):
        names[name] = torch.tensor(values, requires_grad=True)
    result = eval(what, {"__builtins__": {}, "torch": torch, **names})
    if not isinstance(result, Tensor) or not result.requires_grad:
        raise ValueError(
            f"{what!r} is neither a network nor an expression whose result "
            "depends on x, w or b"
        )
    draw.keep = names  # type: ignore[attr-defined]  # leaves stay alive
    return result


def levels(root: Node) -> dict[Node, int]:
    """How far each step is from the result, on the longest way."""
    found: dict[Node, int] = {root: 0}
    stack, nodes = [root], {root}
    while stack:
        for parent, _ in stack.pop().next_functions:
            if parent is not None and parent not in nodes:
                nodes.add(parent)
                stack.append(parent)
    for node in sorted(nodes, key=lambda n: -n.birth):
        for parent, _ in node.next_functions:
            if parent is not None:
                found[parent] = max(found.get(parent, 0), found[node] + 1)
    return found


def gradients(result: Tensor, nodes: list[Node]) -> dict[Node, Any]:
    """The gradient that arrives at every node."""
    seen: dict[Node, Any] = {}
    handles = []
    for node in nodes:
        handles.append(
            node._add(lambda g, node=node: seen.__setitem__(node, g), "tensor")
        )
    result.sum().backward(retain_graph=True)
    for handle in handles:
        handle.remove()
    return seen


def text_of(node: Node, grad: Any) -> list[str]:
    """Two lines: what the step is, and its gradient."""
    shape = "×".join(map(str, node.shape)) or "number"
    if isinstance(node, Leaf):
        x = node.variable
        first = f"leaf {shape}" + ("" if x is None else short(x))
    else:
        first = f"{node.name()} {shape}"
    return [first, "" if grad is None else "grad" + short(grad)]


def short(x: Tensor) -> str:
    """Up to three of a tensor's numbers."""
    values = [f"{v:.3g}" for v in x.detach().reshape(-1)[:3].tolist()]
    more = ", …" if x.numel() > 3 else ""
    return f" [{', '.join(values)}{more}]"


def draw(result: Tensor, values: bool = True) -> str:
    """The graph of a result as an SVG, inputs on top."""
    root = node_of(result)
    if root is None:
        raise ValueError("the result has no graph: nothing requires grad")
    level = levels(root)
    grads = gradients(result, list(level)) if values else {}
    rows: dict[int, list[Node]] = defaultdict(list)
    for node in sorted(level, key=lambda n: n.birth):
        rows[max(level.values()) - level[node]].append(node)
    width = max(map(len, rows.values())) * (WIDE + GAP_X) + GAP_X
    place = {}
    for y, row in rows.items():
        left = (width - len(row) * (WIDE + GAP_X)) / 2 + GAP_X / 2
        for i, node in enumerate(row):
            place[node] = (
                left + i * (WIDE + GAP_X),
                GAP_Y + y * (HIGH + GAP_Y),
            )
    height = GAP_Y + len(rows) * (HIGH + GAP_Y)
    parts = [arrow(place[p], place[n]) for n in level for p, _ in
             n.next_functions if p is not None]
    parts += [box(node, place[node], grads.get(node)) for node in level]
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:.0f} '
        f'{height}">{STYLE}' + "".join(parts) + "</svg>\n"
    )


def arrow(start: tuple, end: tuple) -> str:
    x1, y1 = start[0] + WIDE / 2, start[1] + HIGH
    x2, y2 = end[0] + WIDE / 2, end[1]
    half = (y1 + y2) / 2
    return (
        f'<path d="M{x1:.0f},{y1}C{x1:.0f},{half:.0f} {x2:.0f},{half:.0f} '
        f'{x2:.0f},{y2}"/>'
    )


def box(node: Node, at: tuple, grad: Any) -> str:
    x, y = at
    kind = ' class="leaf"' if isinstance(node, Leaf) else ""
    lines = text_of(node, grad)
    written = "".join(
        f'<text x="{x + WIDE / 2:.0f}" y="{y + 18 + 16 * i}" '
        f'textLength="{min(WIDE - 8, 6 * len(line))}">{escape(line)}</text>'
        for i, line in enumerate(lines)
        if line
    )
    return (
        f'<rect{kind} x="{x:.0f}" y="{y}" width="{WIDE}" height="{HIGH}" '
        f'rx="5"/>{written}'
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
        word = names[found[i]] if good else (
            f"{names[found[i]]} ({names[labels[i]]})"
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
        "<style>rect{stroke:none}</style>" + "".join(cells) + "</svg>\n"
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
