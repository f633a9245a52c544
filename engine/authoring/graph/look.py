"""Turn a kind of definition into its shape and colours, and a definition into the words on and behind its box."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from engine.authoring.graph.links import Links, Node
from engine.texts import say


@dataclass(frozen=True, slots=True)
class Look:
    """`outline`: an SVG path for a box of a width and height around (0, 0); colours by day, and by night."""

    outline: Callable[[float, float], str]
    dot: str
    fill: str
    line: str
    dark_fill: str
    dark_line: str


def _polygon(*points: tuple[float, float]) -> str:
    return "M" + "L".join(f"{x:g} {y:g}" for x, y in points) + "Z"


def _box(w: float, h: float) -> str:
    return _polygon((-w / 2, -h / 2), (w / 2, -h / 2), (w / 2, h / 2), (-w / 2, h / 2))


def _slanted(w: float, h: float) -> str:
    return _polygon((-w / 2 + 9, -h / 2), (w / 2, -h / 2), (w / 2 - 9, h / 2), (-w / 2, h / 2))


def _hexagon(w: float, h: float) -> str:
    return _polygon((-w / 2 + 10, -h / 2), (w / 2 - 10, -h / 2), (w / 2, 0), (w / 2 - 10, h / 2), (-w / 2 + 10, h / 2), (-w / 2, 0))


def _round(w: float, h: float, r: float) -> str:
    arc = f"a{r:g} {r:g} 0 0 1 "
    top, right = f"M{-w / 2 + r:g} {-h / 2:g}h{w - 2 * r:g}", f"v{h - 2 * r:g}"
    return f"{top}{arc}{r:g} {r:g}{right}{arc}{-r:g} {r:g}h{2 * r - w:g}{arc}{-r:g} {-r:g}v{2 * r - h:g}{arc}{r:g} {-r:g}Z"


def _cut(w: float, h: float) -> str:
    return _polygon((-w / 2, -h / 2), (w / 2 - 10, -h / 2), (w / 2, -h / 2 + 10), (w / 2, h / 2), (-w / 2, h / 2))


def _house(w: float, h: float) -> str:
    return _polygon((-w / 2, -h / 2), (w / 2 - 12, -h / 2), (w / 2, 0), (w / 2 - 12, h / 2), (-w / 2, h / 2))


def _double(w: float, h: float) -> str:
    return _box(w, h) + _polygon((-w / 2 + 4, -h / 2), (-w / 2 + 4, h / 2)) + _polygon((w / 2 - 4, -h / 2), (w / 2 - 4, h / 2))


LOOKS: dict[str, Look] = {
    "inputs": Look(_slanted, "parallelogram", "#dcecff", "#2b6cb0", "#17324d", "#63a4e8"),
    "parameters": Look(lambda w, h: _round(w, h, h / 2), "oval", "#eeeeee", "#777777", "#303030", "#9a9a9a"),
    "decisions": Look(_box, "box", "#fff4cc", "#a67c00", "#413510", "#d9ad2b"),
    "rules": Look(_hexagon, "hexagon", "#ffe0d6", "#c2410c", "#4a2115", "#f08a5d"),
    "roles": Look(lambda w, h: _round(w, h, 8), "box3d", "#d9f2de", "#1e7d3c", "#143a20", "#58c27d"),
    "structures": Look(_double, "component", "#e9ddfb", "#6b3fb5", "#33234f", "#a98be0"),
    "criteria": Look(_house, "cds", "#d5f3f4", "#0b7d84", "#0f3a3d", "#4cc4cb"),
    "kpis": Look(_cut, "note", "#fbdcec", "#b0266f", "#4a1733", "#e377ad"),
    "model": Look(_box, "folder", "#ffffff", "#333333", "#222222", "#dddddd"),
}


def label(node: Node, lang: str) -> str:
    return " ".join((node.label.get(lang) or node.id).split())


def tooltip(graph: Links, node: Node, lang: str) -> str:
    """Id, kind and place; the label in full."""
    full = label(node, lang)
    lines = [node.id if full == node.id else f"{node.id}: {full}", say(f"one.{node.kind}", lang), graph.place(node)]
    return "\n".join(line for line in lines if line)
