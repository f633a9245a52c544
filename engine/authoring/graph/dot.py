"""Turn definitions and what they need into Graphviz DOT."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from engine.authoring.graph.links import Links
from engine.authoring.graph.look import LOOKS, label, tooltip


def dot(graph: Links, needs: Mapping[str, Sequence[str]], focus: Sequence[str], title: str, lang: str) -> str:
    lines = [f"digraph {_quoted(title)} {{", "  rankdir=LR;", '  node [fontname="sans-serif", fontsize=11, style=filled];', '  edge [color="#888888"];']
    for key in needs:
        node = graph.nodes[key]
        look = LOOKS[node.kind]
        more = ", penwidth=3" if key in focus else ""
        texts = f"label={_quoted(label(node, lang))}, tooltip={_quoted(tooltip(graph, node, lang))}"
        lines.append(f'  {_quoted(key)} [{texts}, shape={look.dot}, fillcolor="{look.fill}", color="{look.line}"{more}];')
    lines += [f"  {_quoted(other)} -> {_quoted(key)};" for key, needed in needs.items() for other in needed if other in needs]
    return "\n".join([*lines, "}"]) + "\n"


def _quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n") + '"'
