"""Turn a plan into what is not wrong but probably not meant: one file per lint, one row each here."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from engine.diagnostics import Diagnostic
from engine.model.lint import cites, estimates, never, overlaps, requirements, sentences, silence, subsumed, tables, unused
from engine.model.lint.meaning import Meaning
from engine.model.plan import Plan

OFF = "off"


@dataclass(frozen=True, slots=True)
class Lint:
    """`name`: what model.yaml's `lints` calls it. `code`: its row in the table of codes, which has the severity it has by itself."""

    name: str
    code: str
    check: Callable[[Plan, Meaning], Iterator[Diagnostic]]


LINTS: tuple[Lint, ...] = (
    Lint("unused-input", "L101", unused.inputs),
    Lint("unused-parameter", "L102", unused.parameters),
    Lint("unused-decision", "L103", unused.decisions),
    Lint("rule-never-fires", "L104", never.rules),
    Lint("rule-subsumed", "L105", subsumed.rules),
    Lint("rule-twice", "L106", subsumed.twice),
    Lint("rows-overlap", "L107", overlaps.rows),
    Lint("rows-missing", "L108", tables.gaps),
    Lint("row-masked", "L109", tables.masked),
    Lint("hit-policy", "L110", tables.policy),
    Lint("role-never-active", "L111", never.roles),
    Lint("structure-never-eligible", "L112", requirements.structures),
    Lint("estimate-without-range", "L113", estimates.ranges),
    Lint("languages-differ", "L114", sentences.languages),
    Lint("no-source", "L115", cites.sources),
    Lint("silent-absence", "L116", silence.inputs),
)
NAMES = tuple(lint.name for lint in LINTS)


def lint(plan: Plan) -> list[Diagnostic]:
    """Every finding of the lints that the model has not turned off, in the order of files and lines."""
    meaning = Meaning(plan)
    found: list[Diagnostic] = []
    for each in LINTS:
        level = plan.lints.get(each.name)
        if level != OFF:
            found += [replace(item, level=level) for item in each.check(plan, meaning)]
    return sorted(found, key=_place)


def _place(item: Diagnostic) -> tuple[str, int, str]:
    return (item.span.source.name, item.span.start, item.code) if item.span is not None else ("", 0, item.code)
