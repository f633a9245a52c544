"""Turn definitions and what they need into a drawing: one SVG file that needs nothing else."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from xml.sax.saxutils import escape

from engine.authoring.graph.layout import Layout, Spot, layout
from engine.authoring.graph.links import KINDS, Links, Node
from engine.authoring.graph.look import LOOKS, label, tooltip
from engine.texts import say

WIDTH, HEIGHT, GAP, BETWEEN = 190.0, 38.0, 9.0, 110.0  # of a box; between boxes of a layer; between layers
MARGIN, HEAD = 24.0, 116.0
FITS = 2600.0  # a drawing up to this width is legible when it is made as wide as the window
_UNHELD = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\u202a-\u202e\u2066-\u2069\ufffe\uffff]")  # what XML does not hold, and what turns text around
_NARROW, _WIDE = frozenset("ijlt.,:;'|!()[] frI-"), frozenset("mwMW@%")


def svg(graph: Links, needs: Mapping[str, Sequence[str]], focus: Sequence[str], title: str, lang: str) -> str:
    """`needs`: the definitions to draw and what each of them needs; `focus`: those drawn with a heavier line."""
    placed = layout(needs, HEIGHT, GAP)
    columns = 1 + max(placed.layers.values(), default=0)
    kinds = [kind for kind in (*reversed(KINDS), "model") if any(graph.nodes[key].kind == kind for key in needs)]
    width = max(2 * MARGIN + columns * WIDTH + (columns - 1) * BETWEEN, 2 * MARGIN + 150.0 * len(kinds), 420.0)
    height = HEAD + MARGIN + max((y for y in placed.spots.values()), default=0.0) + HEIGHT
    fit = ' style="max-width:100%;height:auto"' if width <= FITS else ""
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width:g}" height="{height:.0f}" viewBox="0 0 {width:g} {height:.0f}" role="img" lang="{lang}"{fit}>',
        f"<title>{_text(title)}</title>",
        f"<style>{_style()}</style>",
        '<rect class="page" width="100%" height="100%"/>',
        f'<text class="head" x="{MARGIN:g}" y="32">{_text(title)}</text>',
        *_legend(graph, needs, kinds, lang),
        *_lines(graph, placed),
        *(_node(graph, graph.nodes[key], placed, key in focus, lang) for key in needs),
        "</svg>",
    ]
    return "\n".join(parts) + "\n"


def _style() -> str:
    rules = [
        "text{font:12px system-ui,'Segoe UI',Roboto,Helvetica,Arial,sans-serif;fill:#1a1a1a}.head{font-size:18px;font-weight:600}",
        ".page{fill:#fff}.link{fill:none;stroke-opacity:.45;stroke-width:1.2}.turned{stroke-dasharray:5 4}.box path{stroke-width:1.4;stroke-linejoin:round}",
        ".box text{text-anchor:middle}.focus path{stroke-width:3.5}.focus text{font-weight:600}.box:hover path{stroke-width:3}",
    ]
    rules += [f".{kind} path{{fill:{look.fill};stroke:{look.line}}}.link.{kind}{{stroke:{look.line}}}" for kind, look in LOOKS.items()]
    dark = [f".{kind} path{{fill:{look.dark_fill};stroke:{look.dark_line}}}.link.{kind}{{stroke:{look.dark_line}}}" for kind, look in LOOKS.items()]
    return "".join(rules) + "@media(prefers-color-scheme:dark){.page{fill:#161616}text{fill:#ececec}" + "".join(dark) + "}"


def _legend(graph: Links, needs: Mapping[str, Sequence[str]], kinds: Sequence[str], lang: str) -> list[str]:
    found = []
    for i, kind in enumerate(kinds):
        count = sum(graph.nodes[key].kind == kind for key in needs)
        shape = f'<g class="box {kind}" transform="translate({MARGIN + 17 + 150 * i:g} 60)"><path d="{LOOKS[kind].outline(34, 18)}"/></g>'
        found.append(shape + f'<text x="{MARGIN + 42 + 150 * i:g}" y="64">{_text(say(f"one.{kind}", lang))} ({count})</text>')
    return [*found, f'<text class="note" x="{MARGIN:g}" y="92">{_text(say("graph.arrows", lang))}</text>']


def _x(layer: int) -> float:
    """The left edge of a layer's boxes."""
    return MARGIN + layer * (WIDTH + BETWEEN)


def _lines(graph: Links, placed: Layout) -> list[str]:
    """One path for the lane of each box, with its branches."""
    paths: dict[tuple[str, bool], list[str]] = {}
    for a, b in placed.links:
        turned = b[0] != a[0] and (a[0], b[0]) in placed.turned
        paths.setdefault((a[0], turned), []).append(_curve(placed, a, b))
    return [f'<path class="link {graph.nodes[key].kind}{" turned" if turned else ""}" d="{"".join(found)}"/>' for (key, turned), found in paths.items()]


def _curve(placed: Layout, a: Spot, b: Spot) -> str:
    lane = placed.layers[a[0]] != a[1]
    x1, y1, x2, y2 = _x(a[1]) + WIDTH, placed.spots[a] + HEAD, _x(b[1]), placed.spots[b] + HEAD
    begin = f"M{x1 - WIDTH:g} {y1:.1f}H{x1:g}" if lane else f"M{x1:g} {y1:.1f}"
    return f"{begin}C{x1 + BETWEEN / 2:g} {y1:.1f} {x2 - BETWEEN / 2:g} {y2:.1f} {x2:g} {y2:.1f}"


def _node(graph: Links, node: Node, placed: Layout, focus: bool, lang: str) -> str:
    layer = placed.layers[node.key]
    x, y = _x(layer) + WIDTH / 2, placed.spots[node.key, layer] + HEAD
    lines = _fitted(label(node, lang), WIDTH - 26)
    texts = "".join(f'<text y="{4 + 14 * (i - (len(lines) - 1) / 2):g}">{_text(line)}</text>' for i, line in enumerate(lines))
    place = f'class="box {node.kind}{" focus" if focus else ""}" transform="translate({x:g} {y:.1f})"'
    return f'<g {place}><title>{_text(tooltip(graph, node, lang))}</title><path d="{LOOKS[node.kind].outline(WIDTH, HEIGHT)}"/>{texts}</g>'


def _fitted(text: str, room: float) -> list[str]:
    """At most two lines; what does not fit ends in an ellipsis. A long id may break after `-` or `_`."""
    lines = [""]
    for word in re.findall(r"\s*(?:[^\s_-]+[_-]?|[_-])", text):
        if len(lines) < 2 and lines[0] and _width(lines[0] + word) > room:
            lines.append(word.lstrip())
        else:
            lines[-1] += word
    return [line if _width(line) <= room else _cut(line, room) for line in lines]


def _cut(line: str, room: float) -> str:
    while line and _width(line + "…") > room:
        line = line[:-1]
    return line.rstrip() + "…"


def _width(text: str) -> float:
    """About how wide a text is at 12 pixels."""
    return sum(4.2 if char in _NARROW else 10.5 if char in _WIDE else 12.5 if ord(char) > 0x2E7F else 8.0 if char.isupper() else 7.0 for char in text)


def _text(text: str) -> str:
    return escape(_UNHELD.sub("\ufffd", text))
