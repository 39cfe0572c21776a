"""Learning curves as an SVG that suits a light and a dark page."""

from collections.abc import Mapping, Sequence
from html import escape

WIDTH, HEIGHT, LEFT, BOTTOM, TOP = 480, 260, 52, 36, 28
COLOURS = ("#2f6fb5", "#c2571a", "#3f8f4f", "#8a5fb0", "#a8862a", "#b0457a")
STYLE = (
    "<style>svg{background:#fff;font:12px sans-serif}"
    "text{fill:#222}.axis{stroke:#999;fill:none}.line{fill:none;"
    "stroke-width:2}@media(prefers-color-scheme:dark){svg{background:#16181c}"
    "text{fill:#ddd}.axis{stroke:#666}}</style>"
)


def ticks(low: float, high: float, n: int = 5) -> list[float]:
    """Evenly spaced values from low to high."""
    return [low + (high - low) * i / (n - 1) for i in range(n)]


def curves(
    lines: Mapping[str, tuple[Sequence[float], Sequence[float]]],
    title: str = "",
    across: str = "epoch",
    up: str = "",
    show: tuple[str | None, str | None] = (None, None),
) -> str:
    """An SVG of named lines, each (x, y); values that are no numbers are
    left out.

    show: "2" or "10" for an axis whose values are logarithms to that base.
    """
    points = {
        name: [(a, b) for a, b in zip(x, y) if a == a and b == b]
        for name, (x, y) in lines.items()
    }
    points = {name: p for name, p in points.items() if p}
    xs = [a for p in points.values() for a, _ in p] or [0.0, 1.0]
    ys = [b for p in points.values() for _, b in p] or [0.0, 1.0]
    box = (min(xs), max(xs), min(ys), max(ys))
    parts = [frame(box, title, across, up, show)]
    for i, (name, p) in enumerate(points.items()):
        colour = COLOURS[i % len(COLOURS)]
        where = " ".join(f"{x:.1f},{y:.1f}" for x, y in placed(p, box))
        parts.append(
            f'<polyline class="line" stroke="{colour}" points="{where}"/>'
            f'<text x="{WIDTH - 8}" y="{TOP + 14 * i + 4}" text-anchor="end" '
            f'style="fill:{colour}">{escape(name)}</text>'
        )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} '
        f'{HEIGHT}" role="img">{STYLE}<title>{escape(title)}</title>'
        + "".join(parts)
        + "</svg>\n"
    )


Box = tuple[float, float, float, float]


def placed(points: list[tuple[float, float]], box: Box) -> list[tuple]:
    """Data coordinates to the picture's."""
    left, right, low, high = box
    wide, tall = (right - left) or 1, (high - low) or 1
    return [
        (
            LEFT + (x - left) / wide * (WIDTH - LEFT - 16),
            HEIGHT - BOTTOM - (y - low) / tall * (HEIGHT - BOTTOM - TOP),
        )
        for x, y in points
    ]


def number(value: float, base: str | None) -> str:
    """A tick's text; of a logarithm, the number that it stands for."""
    return f"{float(base) ** value if base else value:.3g}"


def frame(
    box: Box,
    title: str,
    across: str,
    up: str,
    show: tuple[str | None, str | None],
) -> str:
    """Axes with numbers, and what they show."""
    left, right, low, high = box
    floor = HEIGHT - BOTTOM
    parts = [
        f'<path class="axis" d="M{LEFT},{TOP}V{floor}H{WIDTH - 16}"/>',
        f'<text x="{LEFT}" y="16">{escape(title)}</text>',
        f'<text x="{WIDTH / 2}" y="{HEIGHT - 4}">{escape(across)}</text>',
        f'<text x="4" y="{TOP - 8}">{escape(up)}</text>',
    ]
    for value in ticks(left, right):
        ((x, _),) = placed([(value, low)], box)
        parts.append(
            f'<text x="{x:.1f}" y="{floor + 16}" text-anchor="middle">'
            f"{number(value, show[0])}</text>"
        )
    for value in ticks(low, high):
        ((_, y),) = placed([(left, value)], box)
        parts.append(
            f'<text x="{LEFT - 6}" y="{y + 4:.1f}" text-anchor="end">'
            f"{number(value, show[1])}</text>"
        )
    return "".join(parts)
