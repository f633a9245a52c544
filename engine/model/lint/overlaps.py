"""Rows that match together where their table's hit policy does not bear it: two under `unique`, two that differ under `any`."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations

from engine.diagnostics import Diagnostic, Hint
from engine.feel.interpret import interpret
from engine.feel.tree import Const
from engine.model.lint.meaning import Meaning
from engine.model.lint.tables import all_tables, profile
from engine.model.plan import Plan, Row


def rows(plan: Plan, meaning: Meaning) -> Iterator[Diagnostic]:
    for decision, table in all_tables(plan):
        if table.policy not in ("unique", "any"):
            continue
        for a, b in combinations(table.rows, 2):
            if table.policy == "any" and not _differ(a, b):
                continue
            point = meaning.example([a.when, b.when])
            if point is not None:
                values = {"table": decision.id, "a": a.number, "b": b.number, "profile": profile(point)}
                yield Diagnostic("L107", values, b.span, Hint("hint.overlap"))


def _differ(a: Row, b: Row) -> bool:
    """Whether two outputs are constants that are not the same."""
    return isinstance(a.then.tree, Const) and isinstance(b.then.tree, Const) and interpret(a.then.tree, str) != interpret(b.then.tree, str)
