"""Rules, roles, structures and criteria that do not say where they come from."""

from __future__ import annotations

from collections.abc import Iterator

from engine.diagnostics import Diagnostic, Hint
from engine.model.lint.meaning import Meaning
from engine.model.plan import Plan
from engine.texts import Word


def sources(plan: Plan, meaning: Meaning) -> Iterator[Diagnostic]:
    for kind, items in (("rule", plan.rules), ("role", plan.roles), ("structure", plan.structures), ("criterion", plan.criteria)):
        for id_, item in items.items():
            if not item.cites:
                yield Diagnostic("L115", {"kind": Word(kind), "name": id_}, item.span, Hint("hint.add_cites"))
