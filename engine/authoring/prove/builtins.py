"""Turn a plan into the properties that every model should have: one row, no division by zero, FTE, an eligible structure, weights, roles that are covered."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from engine.authoring.prove.case import Case
from engine.authoring.prove.goals import Cases, Goal, Property, Worlds
from engine.authoring.prove.solver import Term, both, either, opposite, real
from engine.authoring.prove.team import notes_about
from engine.authoring.prove.values import equal_terms, total
from engine.authoring.prove.world import World
from engine.decide import Decisions
from engine.feel.interpret import interpret
from engine.feel.tree import Op, Ref, Tree, refs
from engine.feel.types import BOOLEAN
from engine.model.plan import Decision, Formula, Plan, Table, Text

TRUE, NOT_TRUE, NOT_FALSE = "true", "not true", "not false"
Path = tuple[tuple[Tree, str], ...]  # conditions on the way to a part of a formula


def builtins(plan: Plan, labels: dict[str, Text]) -> list[Property]:
    """The built-in properties that this model has something to ask for. `labels`: their texts by id."""
    made = {
        "one-row": tuple(_one_row(decision) for decision in plan.decisions.values() if decision.table is not None and decision.table.policy == "unique"),
        "no-division-by-zero": tuple(_divisions(plan)),
        "fte-is-a-number": tuple(_fte(plan, id_) for id_ in plan.roles),
        "some-structure-is-eligible": (_some_structure(plan),) if plan.structures else (),
        "weights-are-not-negative": tuple(_weight(plan, id_) for id_ in plan.criteria),
        "some-weight-is-positive": (_some_weight(plan),) if plan.criteria else (),
        "active-roles-are-covered": tuple(_covered(plan, structure, role) for structure in plan.structures for role in plan.roles),
    }
    return [Property(id_, labels[id_], goals) for id_, goals in made.items() if goals]


# -- tables


def _one_row(decision: Decision) -> Goal:
    """At most one row matches, and one does unless there is a default."""
    table = decision.table
    assert table is not None

    def holds(worlds: Worlds) -> Term:
        hits = worlds["p"].matches(table)
        apart = both(*(opposite(both(hits[i], hits[j])) for i in range(len(hits)) for j in range(i)))
        return apart if table.default is not None else both(apart, either(*hits))

    def confirm(cases: Cases) -> bool:
        hits = _hits(table, cases["p"])
        return hits <= 1 if table.default is not None else hits == 1

    return Goal(decision.id, holds, confirm, span=decision.span)


def _hits(table: Table, case: Case) -> int:
    return sum(case.read(row.when) is True for row in table.rows)


# -- divisions


@dataclass(frozen=True, slots=True)
class Division:
    """One division or modulo: its divisor, and the conditions under which it is computed."""

    op: Op
    path: Path
    formula: Formula
    what: str
    structures: tuple[str, ...]  # for which it is computed, where it is not computed for the profile alone


def divisions(plan: Plan) -> Iterator[Division]:
    """Every division of what is derived for a profile or asked of a structure."""
    for what, formula, path in _formulas(plan):
        owner = what.partition(":")[0]
        of_team = any(name.startswith(("staffing.", "structure.")) for name in refs(formula.tree))
        structures = () if not of_team else (owner,) if owner in plan.structures else tuple(plan.structures)
        yield from (Division(op, found, formula, what, structures) for op, found in _within(formula.tree, path))


def _formulas(plan: Plan) -> Iterator[tuple[str, Formula, Path]]:
    for input_ in plan.inputs.values():
        if input_.default is not None:
            yield input_.id, input_.default, ((_flag(f"stated.{input_.id}"), NOT_TRUE),)
    for decision in plan.decisions.values():
        if decision.formula is not None:
            yield decision.id, decision.formula, ()
        for row in decision.table.rows if decision.table else ():
            yield decision.id, row.then, ((row.when, TRUE),)
        for formula in (*decision.table.inputs, *((decision.table.default,) if decision.table.default else ())) if decision.table else ():
            yield decision.id, formula, ()
    for role in plan.roles.values():
        yield f"role.{role.id}.fte", role.fte, ((_flag(f"role.{role.id}.active"), TRUE),)
        yield f"role.{role.id}.wage", role.wage, ()
    for rule in plan.rules.values():
        if rule.stage == "profile":
            yield rule.id, rule.when, ()
    for criterion in plan.criteria.values():
        yield f"{criterion.id}.weight", criterion.weight, ()
        yield criterion.id, criterion.value, ()
    for structure in plan.structures.values():
        for post in structure.posts:
            more = [formula for formula in (post.max, post.grade) if formula is not None]
            for formula in (*post.share.values(), post.fte, post.min, post.productivity, post.fee, post.reaches, *more):
                yield f"{structure.id}.{post.id}", formula, ()
        for name, formula in structure.attributes.items():
            yield f"{structure.id}.{name}", formula, ()
        for requirement in structure.eligible:
            yield f"{structure.id}: {requirement.needs.text}", requirement.needs, ()


def _flag(name: str) -> Tree:
    return Ref(name, BOOLEAN, -1)


def _within(tree: Tree, path: Path) -> Iterator[tuple[Op, Path]]:
    if not isinstance(tree, Op):
        return
    if tree.name in ("div", "modulo"):
        yield tree, path
    if tree.name == "if":
        condition, yes, no = tree.args
        yield from _within(condition, path)
        yield from _within(yes, (*path, (condition, TRUE)))
        yield from _within(no, (*path, (condition, NOT_TRUE)))
        return
    before = path
    for arg in tree.args:
        yield from _within(arg, before)
        if tree.name in ("and", "or"):  # what follows does not matter once the part before has decided
            before = (*before, (arg, NOT_FALSE if tree.name == "and" else NOT_TRUE))


def _divisions(plan: Plan) -> Iterator[Goal]:
    for division in divisions(plan):
        if division.op.args[1].type.is_nonzero:
            yield replace(_division(division, None), typed=True)
        else:
            yield from (_division(division, structure) for structure in division.structures or (None,))


def _division(division: Division, structure: str | None) -> Goal:
    divisor = division.op.args[1]

    def holds(worlds: Worlds) -> Term:
        world = worlds["p"]
        reader = world.reader if structure is None else world.team(structure).reader
        reached = []
        for tree, wanted in division.path:
            value = world.value(tree.name) if isinstance(tree, Ref) and tree.key < 0 else reader.read(tree)
            reached.append(value.true if wanted == TRUE else opposite(value.true) if wanted == NOT_TRUE else opposite(value.false))
        at = reader.read(divisor)
        return either(opposite(both(*reached)), at.null, opposite(equal_terms(at.term, real(0))))

    def confirm(cases: Cases) -> bool:
        look = cases["p"].value if structure is None else cases["p"].at(structure)
        for tree, wanted in division.path:
            value = interpret(tree, look)
            if not (value is True if wanted == TRUE else value is not True if wanted == NOT_TRUE else value is not False):
                return True
        return bool(interpret(divisor, look) != 0)

    return Goal(division.what, holds, confirm, span=division.formula.span)


# -- roles and weights


def _fte(plan: Plan, id_: str) -> Goal:
    tree = plan.roles[id_].fte.tree

    def holds(worlds: Worlds) -> Term:
        world = worlds["p"]
        value = world.reader.read(tree)
        return either(opposite(world.value(f"role.{id_}.active").term), both(opposite(value.null), value.term >= 0))

    def confirm(cases: Cases) -> bool:
        case = cases["p"]
        value = case.read(tree)
        return case.value(f"role.{id_}.active") is not True or (value is not None and value >= 0)

    typed = not tree.type.nullable and tree.type.low >= 0
    return Goal(f"role.{id_}.fte", holds, confirm, typed=typed, span=plan.roles[id_].fte.span)


def _weight(plan: Plan, id_: str) -> Goal:
    weight = plan.criteria[id_].weight

    def holds(worlds: Worlds) -> Term:
        value = worlds["p"].value(f"weight.{id_}")
        return both(opposite(value.null), value.term >= 0)

    def confirm(cases: Cases) -> bool:
        value = cases["p"].value(f"weight.{id_}")
        return value is not None and value >= 0

    return Goal(id_, holds, confirm, typed=not weight.tree.type.nullable and weight.tree.type.low >= 0, span=weight.span)


def _some_weight(plan: Plan) -> Goal:
    def holds(worlds: Worlds) -> Term:
        return total([worlds["p"].value(f"weight.{id_}").term for id_ in plan.criteria]) > 0

    def confirm(cases: Cases) -> bool:
        return sum(cases["p"].value(f"weight.{id_}") or 0.0 for id_ in plan.criteria) > 0

    types = [criterion.weight.tree.type for criterion in plan.criteria.values()]
    typed = all(type_.low >= 0 and not type_.nullable for type_ in types) and any(type_.low > 0 for type_ in types)
    return Goal("", holds, confirm, typed=typed)


# -- structures


def _some_structure(plan: Plan) -> Goal:
    def holds(worlds: Worlds) -> Term:
        return either(*(worlds["p"].value(f"eligible.{id_}").term for id_ in plan.structures))

    def violated(decisions: Mapping[str, Decisions]) -> Any:
        return ~decisions["p"].judged.eligible.any(axis=0)

    return Goal("", holds, lambda cases: any(cases["p"].eligible(id_) for id_ in plan.structures), violated=violated)


def _covered(plan: Plan, structure: str, role: str) -> Goal:
    """Where the structure is eligible and the role active, some post covers it, or a note says that none does."""
    chosen = plan.structures[structure]
    typed = any(role in post.covers for post in chosen.posts)

    def holds(worlds: Worlds) -> Term:
        world: World = worlds["p"]
        team = world.team(structure)
        enough = either(opposite(world.value(f"role.{role}.active").term), team.said(role))
        return enough if enough is True else either(enough, opposite(team.eligible()))

    def confirm(cases: Cases) -> bool:
        case = cases["p"]
        return case.value(f"role.{role}.active") is not True or not case.eligible(structure) or _said(plan, case, structure, role)

    return Goal(f"{structure}: {role}", holds, confirm, typed=typed, span=chosen.span)


def _said(plan: Plan, case: Case, structure: str, role: str) -> bool:
    return any(interpret(rule.when.tree, case.at(structure)) is True for rule in notes_about(plan, role))
