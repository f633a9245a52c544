"""Decision tables: profiles that no row is for, rows that never get their turn, and hit policies that promise less than the rows keep."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations

from engine.diagnostics import Diagnostic, Hint
from engine.feel.guards import Guard, guards
from engine.model.lint.meaning import Meaning
from engine.model.plan import Decision, Plan, Row, Table

SINGLE = ("unique", "any", "first", "priority")


def all_tables(plan: Plan) -> Iterator[tuple[Decision, Table]]:
    for decision in plan.decisions.values():
        if decision.table is not None:
            yield decision, decision.table


def gaps(plan: Plan, meaning: Meaning) -> Iterator[Diagnostic]:
    """Tables without a default that leave some profile without an answer."""
    for decision, table in all_tables(plan):
        if table.policy in SINGLE and table.default is None:
            point = meaning.example([], [row.when for row in table.rows])
            if point is not None:
                yield Diagnostic("L108", {"table": decision.id, "profile": profile(point)}, decision.span, Hint("hint.gap"))


def masked(plan: Plan, meaning: Meaning) -> Iterator[Diagnostic]:
    """Rows that match no profile, or, in a `first` table, only profiles that an earlier row takes."""
    for decision, table in all_tables(plan):
        for i, row in enumerate(table.rows):
            earlier = table.rows[:i] if table.policy == "first" else ()
            if not meaning.possible(guards(row.when), *(Guard(other.when, True, negated=True) for other in earlier)):
                alone = not meaning.possible(guards(row.when))
                yield Diagnostic("L109", {"table": decision.id, "row": row.number}, row.span, Hint("hint.never" if alone else "hint.masked"))


def policy(plan: Plan, meaning: Meaning) -> Iterator[Diagnostic]:
    """Rows of a `first`, `any` or `priority` table that never match together would bear `unique`, which says so."""
    for decision, table in all_tables(plan):
        if table.policy in ("first", "any", "priority") and len(table.rows) > 1 and not any(overlap(meaning, a, b) for a, b in combinations(table.rows, 2)):
            yield Diagnostic("L110", {"table": decision.id, "policy": table.policy}, decision.span, Hint("hint.unique"))


def overlap(meaning: Meaning, a: Row, b: Row) -> bool:
    return meaning.possible(guards(a.when), guards(b.when))


def profile(point: dict[str, object]) -> str:
    """A profile as messages show it."""
    return ", ".join(f"{name} = {_shown(value)}" for name, value in sorted(point.items())) or "-"


def _shown(value: object) -> str:
    if isinstance(value, float):
        return f"{value:.12g}"
    if isinstance(value, tuple):
        return ";".join(map(str, value)) or "-"
    return "null" if value is None else str(value).lower() if isinstance(value, bool) else str(value)
