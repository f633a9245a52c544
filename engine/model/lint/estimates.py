"""Estimates that do not say how far off they may be."""

from __future__ import annotations

from collections.abc import Iterator

from engine.diagnostics import Diagnostic, Hint
from engine.model.lint.meaning import Meaning
from engine.model.plan import Plan


def ranges(plan: Plan, meaning: Meaning) -> Iterator[Diagnostic]:
    for id_, item in plan.parameters.items():
        if item.estimate and item.range is None:
            yield Diagnostic("L113", {"name": id_}, item.span, Hint("hint.add_range"))
