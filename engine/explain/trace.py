"""Turn a criterion's contribution to one structure into what set it: parameters, inputs, decisions, attributes, facts and rules, with file and line."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from engine.diagnostics import Span
from engine.explain.case import Case
from engine.feel.tree import Tree, refs
from engine.model.compile import formulas as formulas_of
from engine.model.plan import Criterion, Formula, Structure


@dataclass(frozen=True, slots=True)
class Origin:
    """One thing that a number rests on. `kind`: parameter, input, decision, attribute, fact or rule. `place`: file and line, empty for an input."""

    kind: str
    name: str
    value: Any
    place: str


@dataclass(frozen=True, slots=True)
class Trace:
    """What set a criterion's weight, what set its value for the structure, and the rules that fired and stand behind the work it counts."""

    criterion: str
    weight: tuple[Origin, ...]
    value: tuple[Origin, ...]
    rules: tuple[Origin, ...]


def trace(case: Case, k: int) -> list[Trace]:
    """One per criterion, for the structure at `k`."""
    structure = list(case.plan.structures.values())[k]
    return [_one(case, k, structure, criterion) for criterion in case.plan.criteria.values()]


def _one(case: Case, k: int, structure: Structure, criterion: Criterion) -> Trace:
    weight = tuple(_origins(case, k, structure, [criterion.weight]))
    value = tuple(_origins(case, k, structure, [criterion.value]))
    return Trace(criterion.id, weight, value, tuple(_rules(case, structure, (criterion.weight, criterion.value))))


def _origins(case: Case, k: int, structure: Structure, formulas: Iterable[Formula]) -> Iterator[Origin]:
    """What the formulas name, each once, in their order; an attribute also names what it is set by."""
    plan = case.plan
    seen: set[str] = set()
    for formula in formulas:
        for name in _named(formula.tree):
            if name in seen:
                continue
            seen.add(name)
            value = case.value(name, k)
            if name in plan.parameters:
                yield Origin("parameter", name, value, place(plan.parameters[name].span))
            elif name in plan.inputs:
                yield Origin("input", name, value, "")
            elif name.startswith("structure.") and name.removeprefix("structure.") in structure.attributes:
                attribute = structure.attributes[name.removeprefix("structure.")]
                yield Origin("attribute", name, value, place(attribute.span))
                yield from _origins(case, k, structure, [attribute])
            elif name in plan.decisions:
                yield Origin("decision", name, value, place(plan.decisions[name].span))
            else:
                yield Origin("fact", name, value, place(plan.roles[name.split(".")[1]].span if name.startswith("role.") else structure.span))


def _named(tree: Tree) -> list[str]:
    return [name for name in dict.fromkeys(refs(tree)) if not name.startswith("assumed.")]


def _rules(case: Case, structure: Structure, formulas: Iterable[Formula]) -> Iterator[Origin]:
    """The rules that activated the roles on which the formulas rest, directly, through decisions, or through the structure's staff."""
    plan = case.plan
    roles: set[str] = set()
    open_ = [name for formula in formulas for name in _named(formula.tree)]
    seen: set[str] = set()
    while open_:
        name = open_.pop()
        if name in seen:
            continue
        seen.add(name)
        if name.startswith("role."):
            roles.add(name.split(".")[1])
        elif name.startswith("staffing.coverage_of."):
            roles.add(name.rpartition(".")[2])
        elif name.startswith("staffing."):
            roles.update(role for post in structure.posts for role in post.covers)
        elif name in plan.decisions:
            open_ += [found for formula in formulas_of(plan.decisions[name]) for found in _named(formula.tree)]
    active = {role for role in roles if case.value(f"role.{role}.active")}
    for rule in plan.rules.values():
        if rule.effect == "activate" and rule.target in active and bool(case.decisions.activations.fired[rule.id][0]):
            yield Origin("rule", rule.id, rule.target, place(rule.span))


def place(span: Span | None) -> str:
    return f"{span.source.name}:{span.line}" if span is not None else ""


def data(case: Case, k: int) -> dict[str, Any]:
    """For programs: criterion -> the origins of its weight and value, and the rules."""

    def plain(origins: Iterable[Origin]) -> list[dict[str, Any]]:
        return [{"kind": item.kind, "name": item.name, "value": item.value, "place": item.place} for item in origins]

    return {item.criterion: {"weight": plain(item.weight), "value": plain(item.value), "rules": plain(item.rules)} for item in trace(case, k)}
