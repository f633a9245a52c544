"""Turn a plan into stages, and the conditions of its rules into and/or over guards in pieces of the size that a ruleset of durable-rules bears.

A rule whose condition depends on whether a role is active comes in a later stage than the rules that decide about that role. Within a stage, a condition too
large for one ruleset is cut into parts: a part is settled in an earlier pass, and from then on is a guard like any other.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import count
from typing import Any

from engine.feel.guards import All, Any_, Formula, Guard, atoms
from engine.feel.tree import Ref, Tree, refs
from engine.feel.types import BOOLEAN
from engine.model.plan import Plan, Table

MOST_BRANCHES = 60  # of all rules in a ruleset, after or-expansion: a fact that satisfies 64 is refused
MOST_GUARDS = 200  # of a ruleset: a fact with 252 properties is refused
MOST_IN_ONE = 50  # branches of one condition; the rest are the rules that collect


def levels(plan: Plan) -> dict[str, int]:
    """For each name, how many times roles must have been settled before it can be known."""
    known: dict[str, int] = {}
    targets: dict[str, list[str]] = {}
    for rule in plan.rules.values():
        targets.setdefault(rule.target, []).append(f"rule:{rule.id}")
    for name in plan.order:
        if name.startswith("role.") and name.endswith(".active"):
            known[name] = max((known[rule] + 1 for rule in targets.get(name.split(".")[1], ())), default=0)
        else:
            needed = {ref.removeprefix("assumed.") for tree in named_trees(plan, name) for ref in refs(tree)}
            known[name] = max((known[ref] for ref in needed if ref in known), default=0)
        if name.endswith(".fte"):
            known[name] = max(known[name], known[name.removesuffix("fte") + "active"])
    return known


def named_trees(plan: Plan, name: str) -> Iterator[Tree]:
    if name.startswith("rule:"):
        yield plan.rules[name[5:]].when.tree
    elif name.startswith("role."):
        yield plan.roles[name.split(".")[1]].fte.tree
    elif name in plan.inputs:
        default = plan.inputs[name].default
        yield from [default.tree] if default is not None else []
    elif (formula := plan.decisions[name].formula) is not None:
        yield formula.tree
    elif (table := plan.decisions[name].table) is not None:
        yield from _table_trees(table)


def _table_trees(table: Table) -> Iterator[Tree]:
    for row in table.rows:
        yield row.when
        yield row.then.tree
    if table.default is not None:
        yield table.default.tree


# -- conditions, cut to size


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is to be known: whether a rule's condition, or a part of one, holds. `effect`: what a rule does to which role; None for a part."""

    id: str
    effect: tuple[str, str] | None
    formula: Formula

    @property
    def branches(self) -> int:
        return _branches(self.formula) + (self.effect is not None)


@dataclass(slots=True)
class Cutter:
    """Cuts conditions that are too large: a part becomes a guard that an earlier pass of the same stage settles."""

    parts: Iterator[int] = field(default_factory=count)

    def passes(self, wanted: list[Wanted]) -> list[list[Wanted]]:
        """What to ask for in each pass; a part comes before what uses it."""
        ready: list[list[Wanted]] = []
        for item in wanted:
            made: list[tuple[int, Wanted]] = []
            formula, depth = self.cut(_plain(item.formula), made)
            if formula != NEVER:
                made.append((depth, Wanted(item.id, item.effect, formula)))
            for at, each in made:
                while len(ready) <= at:
                    ready.append([])
                ready[at].append(each)
        return ready

    def cut(self, formula: Formula, made: list[tuple[int, Wanted]]) -> tuple[Formula, int]:
        """A formula that fits, and the pass in which it can be asked for; the parts it rests on are appended to `made`."""
        if isinstance(formula, Guard) or (_branches(formula) <= MOST_IN_ONE and len(atoms(formula)) <= MOST_GUARDS):
            return formula, 0
        depth = 0
        parts: list[Formula] = []
        for part in formula.parts:
            smaller, at = self.cut(part, made)
            if not isinstance(smaller, Guard):
                smaller = self.part(smaller, at, made)
                at += 1
            parts.append(smaller)
            depth = max(depth, at)
        while len(parts) > MOST_IN_ONE:
            chunks = [parts[i : i + MOST_IN_ONE] for i in range(0, len(parts), MOST_IN_ONE)]
            parts = [self.part(type(formula)(tuple(group)), depth, made) for group in chunks]
            depth += 1
        return type(formula)(tuple(parts)), depth

    def part(self, formula: Formula, depth: int, made: list[tuple[int, Wanted]]) -> Guard:
        number = next(self.parts)
        made.append((depth, Wanted(f"part:{number}", None, formula)))
        return Guard(Ref(f"part:{number}", BOOLEAN, -1 - number), True)


ALWAYS: Formula = All(())
NEVER: Formula = Any_(())


def _plain(formula: Formula) -> Formula:
    """The formula without constants, and without an `and` right inside an `and` or a part that stands twice."""
    if isinstance(formula, Guard):
        return formula
    kind, settles, idle = (All, NEVER, ALWAYS) if isinstance(formula, All) else (Any_, ALWAYS, NEVER)
    parts: dict[Any, Formula] = {}
    for part in map(_plain, formula.parts):
        if part == settles:
            return settles
        for each in part.parts if isinstance(part, kind) else (part,):
            parts[_key(each)] = each
    if not parts:
        return idle
    return next(iter(parts.values())) if len(parts) == 1 else kind(tuple(parts.values()))


def _key(formula: Formula) -> Any:
    return formula.key if isinstance(formula, Guard) else (type(formula).__name__, tuple(_key(part) for part in formula.parts))


def _branches(formula: Formula) -> int:
    """How many ways there are to satisfy the formula: the branches that the library makes of it."""
    if isinstance(formula, Guard):
        return 1
    total = 1 if isinstance(formula, All) else 0
    for part in formula.parts:
        total = total * _branches(part) if isinstance(formula, All) else total + _branches(part)
    return total


def groups(wanted: list[Wanted]) -> Iterator[list[Wanted]]:
    """In order, as many as one ruleset bears."""
    group: list[Wanted] = []
    branches, known = 1, set[Any]()
    for item in wanted:
        keys = {guard.key for guard in atoms(item.formula)}
        if group and (branches + item.branches > MOST_BRANCHES or len(known | keys) > MOST_GUARDS):
            yield group
            group, branches, known = [], 1, set()
        group.append(item)
        branches += item.branches
        known |= keys
    if group:
        yield group
