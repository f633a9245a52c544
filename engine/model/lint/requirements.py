"""Structures whose requirements no profile can meet together."""

from __future__ import annotations

from collections.abc import Iterator

from engine.diagnostics import Diagnostic, Hint
from engine.feel.guards import guards
from engine.model.lint.meaning import Meaning
from engine.model.plan import Plan


def structures(plan: Plan, meaning: Meaning) -> Iterator[Diagnostic]:
    for structure in plan.structures.values():
        needs = [guards(requirement.needs.tree) for requirement in structure.eligible]
        for i in range(len(needs)):
            if not meaning.possible(*needs[: i + 1]):
                against = structure.eligible[i].needs
                yield Diagnostic("L112", {"structure": structure.id, "text": against.text}, against.span, Hint("hint.never"))
                break
