"""The recorded graph of a result as SVG text, values and gradients on it."""

from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from html import escape
from typing import Any

import torch
from torch import Tensor
from torch.autograd.graph import Node
from torch.overrides import TorchFunctionMode

from torchref.datasets import example_shape
from torchref.networks import NETWORKS
from torchref.recipes import RECIPES

WIDE, HIGH, GAP_X, GAP_Y = 176, 58, 24, 34
STYLE = (
    "<style>svg{background:#fff;font:11px sans-serif}rect{fill:#eef3fa;"
    "stroke:#2f6fb5}.leaf{fill:#eaf5ec;stroke:#3f8f4f}path{stroke:#888;"
    "fill:none}text{fill:#222;text-anchor:middle}"
    "@media(prefers-color-scheme:dark){svg{background:#16181c}"
    "rect{fill:#22303f}.leaf{fill:#233427}text{fill:#ddd}}</style>"
)


class Valued(TorchFunctionMode):
    """Every step recorded meanwhile keeps its value."""

    def __torch_function__(
        self, function: Any, types: Any, args: Any = (), kwargs: Any = None
    ) -> Any:
        y = function(*args, **(kwargs or {}))
        if isinstance(y, Tensor) and y.grad_fn is not None:
            y.grad_fn.metadata.setdefault("value", y.detach().clone())
        return y


@contextmanager
def valued() -> Iterator[None]:
    """Every step recorded meanwhile keeps its value."""
    with Valued():
        yield


def value_of(node: Node) -> Tensor | None:
    """What a step's result, or a leaf, is; a step inside one of torch's own
    functions (log_softmax within cross_entropy) is not seen."""
    return node.variable if is_leaf(node) else node.metadata.get("value")


def shape_of(node: Node) -> tuple[int, ...]:
    """The shape of a step's result."""
    return tuple(node._input_metadata[0].shape)


def example(what: str) -> tuple[Tensor, dict[str, Tensor]]:
    """The result of a network on one example of its data, or of an
    expression in x, w and b (vectors of three) and the library's names; and
    the leaves by their names."""
    if what in RECIPES:
        recipe = RECIPES[what]
        make: Any = NETWORKS[recipe.network]
        net = make(**recipe.sizes).eval()
        with valued():
            result = net(torch.rand(1, *example_shape(recipe))).sum()
        return result, dict(net.named_parameters())
    leaves = {
        name: torch.tensor(values, requires_grad=True)
        for name, values in (
            ("x", [1.0, 2.0, 3.0]),
            ("w", [0.5, -1.0, 2.0]),
            ("b", [0.1, 0.2, 0.3]),
        )
    }
    names = {n: getattr(torch, n) for n in dir(torch) if n[0] != "_"}
    with valued():
        names |= {"__builtins__": {}, "torch": torch, **leaves}
        result = eval(what, names)
    if not isinstance(result, Tensor) or not result.requires_grad:
        raise ValueError(
            f"{what!r} is neither a network nor an expression whose result "
            "depends on x, w or b"
        )
    return result, leaves


def is_leaf(node: Node) -> bool:
    """Whether a path starts there."""
    return node.name().endswith("AccumulateGrad")


def parents(node: Node) -> list[Node]:
    """The steps that made a step's inputs, each once."""
    found = (parent for parent, _ in node.next_functions)
    return list(dict.fromkeys(p for p in found if p is not None))


def levels(root: Node) -> dict[Node, int]:
    """How far each step is from the result, on the longest way; results come
    before what they were made from."""
    uses: dict[Node, int] = {root: 0}
    stack = [root]
    while stack:
        for parent in parents(stack.pop()):
            if parent not in uses:
                stack.append(parent)
            uses[parent] = uses.get(parent, 0) + 1
    found, ready = {root: 0}, [root]
    order: dict[Node, int] = {}
    while ready:
        node = ready.pop()
        order[node] = found[node]
        for parent in parents(node):
            found[parent] = max(found.get(parent, 0), found[node] + 1)
            uses[parent] -= 1
            if not uses[parent]:
                ready.append(parent)
    return order


def gradients(result: Tensor, nodes: list[Node]) -> dict[Node, Tensor]:
    """The gradient that arrives at every node."""
    seen: dict[Node, Tensor] = {}

    def note(node: Node, arriving: tuple) -> None:
        known = [g for g in arriving if g is not None]
        if known:
            seen[node] = known[0].detach().clone()

    handles = [
        node.register_prehook(lambda arriving, node=node: note(node, arriving))
        for node in nodes
    ]
    result.sum().backward(retain_graph=True)
    for handle in handles:
        handle.remove()
    return seen


def text_of(node: Node, grad: Tensor | None, names: dict) -> list[str]:
    """Three lines: what the step is, its value, its gradient; of a leaf its
    name, by its id."""
    value = value_of(node)
    if is_leaf(node):
        kind = names.get(id(value), "leaf")
        shape = () if value is None else tuple(value.shape)
    else:
        kind, shape = node.name(), shape_of(node)
    return [
        f"{kind} {'×'.join(map(str, shape)) or 'number'}",
        "" if value is None else "value" + short(value),
        "" if grad is None else "grad" + short(grad),
    ]


def short(x: Tensor) -> str:
    """Up to three of a tensor's numbers."""
    values = [f"{v:.3g}" for v in x.detach().reshape(-1)[:3].tolist()]
    more = ", …" if x.numel() > 3 else ""
    return f" [{', '.join(values)}{more}]"


def draw(result: Tensor, leaves: dict[str, Tensor], values: bool = True) -> str:
    """The graph of a result as an SVG, inputs on top; without values, the
    steps alone."""
    root = result.grad_fn
    if root is None:
        raise ValueError("the result has no graph: nothing requires grad")
    level = levels(root)
    grads = gradients(result, list(level)) if values else {}
    rows: dict[int, list[Node]] = defaultdict(list)
    for node in reversed(level):
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
    parts = [arrow(place[p], place[n]) for n in level for p in parents(n)]
    names = {id(leaf): name for name, leaf in leaves.items()}
    for node in level:
        lines = text_of(node, grads.get(node), names)
        lines = lines if values else lines[:1]
        parts.append(box(lines, place[node], is_leaf(node)))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:.0f} '
        f'{height}">{STYLE}' + "".join(parts) + "</svg>\n"
    )


def arrow(start: tuple, end: tuple) -> str:
    """From the foot of one box to the head of another."""
    x1, y1 = start[0] + WIDE / 2, start[1] + HIGH
    x2, y2 = end[0] + WIDE / 2, end[1]
    half = (y1 + y2) / 2
    return (
        f'<path d="M{x1:.0f},{y1}C{x1:.0f},{half:.0f} {x2:.0f},{half:.0f} '
        f'{x2:.0f},{y2}"/>'
    )


def box(lines: list[str], at: tuple, leaf: bool) -> str:
    """A step as a rectangle with its lines, long ones pressed together."""
    x, y = at
    kind = ' class="leaf"' if leaf else ""
    written = "".join(
        f'<text x="{x + WIDE / 2:.0f}" y="{y + 17 + 16 * i}" '
        f'textLength="{min(WIDE - 8, 6 * len(line))}" '
        f'lengthAdjust="spacingAndGlyphs">{escape(line)}</text>'
        for i, line in enumerate(lines)
        if line
    )
    return (
        f'<rect{kind} x="{x:.0f}" y="{y}" width="{WIDE}" height="{HIGH}" '
        f'rx="5"/>{written}'
    )
