"""Sentences that show a value in one language and not in the other, or that are the same in both."""

from __future__ import annotations

import re
from collections.abc import Iterator

from engine.diagnostics import Diagnostic, Hint
from engine.model.lint.meaning import Meaning
from engine.model.plan import Plan, Template

_PLACEHOLDER = re.compile(r"\{([^{}]*)\}")


def languages(plan: Plan, meaning: Meaning) -> Iterator[Diagnostic]:
    for template in templates(plan):
        english, indonesian = (set(_PLACEHOLDER.findall(template.texts.get(lang, ""))) for lang in ("en", "id"))
        for name in sorted(english ^ indonesian):
            yield Diagnostic("L114", {"name": name, "lang": "en" if name in english else "id"}, template.span, Hint("hint.both_languages"))


def templates(plan: Plan) -> Iterator[Template]:
    """Every sentence of the model with placeholders."""
    found = [rule.because for rule in plan.rules.values()]
    found += [requirement.otherwise for structure in plan.structures.values() for requirement in structure.eligible]
    found += [item.because for item in plan.inputs.values() if item.because is not None]
    found += [row.because for decision in plan.decisions.values() if decision.table is not None for row in decision.table.rows if row.because is not None]
    yield from (template for template in found if template.span is not None)
