"""Turn the links of a model into a drawing in a file, .svg or .dot, and an exit code."""

from __future__ import annotations

from pathlib import Path

from engine.authoring.graph.dot import dot
from engine.authoring.graph.links import Links
from engine.authoring.graph.select import around, arrows, whole
from engine.authoring.graph.svg import svg
from engine.commands.common import DONE, finish, refuse_output, stop, to_stderr
from engine.diagnostics import Diagnostic, Hint, Source
from engine.model.plan import Plan
from engine.outcome.write import write_text
from engine.texts import say, shown

FORMATS = {".svg": svg, ".dot": dot}


def draw(plan: Plan, graph: Links, name: str | None, path: Path, lang: str) -> int:
    """All definitions and what each needs, or those around the ones with an id."""
    write = FORMATS.get(path.suffix.lower())
    if write is None:
        hint = Hint("hint.formats", {"formats": ", ".join(FORMATS)})
        raise stop([Diagnostic("X202", {"suffix": path.suffix or path.name}, Source(str(path), "").span(0, 0), hint)], lang)
    refuse_output(path, map(Path, plan.files), lang)
    if name is None:
        focus: list[str] = []
        needs = whole(graph)
        title = say("graph.whole", lang, title=plan.title.get(lang, plan.name), version=plan.version)
    else:
        focus = [node.key for node in graph.named(name)]
        needs, steps = around(graph, focus)
        title = say("graph.around", lang, name=name, steps=steps)
    if (code := finish(write_text(write(graph, needs, focus, title, lang), path), lang)) == DONE:
        to_stderr(say("graph.written", lang, count=shown.number(len(needs), lang), links=shown.number(arrows(needs), lang), file=path))
    return code
