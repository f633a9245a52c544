"""Turn the activation rules into and/or over tests of single facts, which any rules engine has, and settled columns into those facts.

A set or ranking is a flag for each member that a rule asks for and a number for how many there are; parameters are the numbers that they stand for.
Every peer's rules are written from these, so they change when the rules do.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from benchmarks.rules_susun import activation_rules
from engine.feel.arrays import Column, to_values
from engine.feel.guards import All, Formula, Guard, guards
from engine.feel.interpret import interpret
from engine.feel.numbers import round12
from engine.feel.tree import Const, Op, Ref, Tree, refs
from engine.model.plan import Plan

Value = float | str | bool
Facts = list[dict[str, Any]]
OPERATORS = {"equal": "==", "less": "<", "less_equal": "<=", "greater": ">", "greater_equal": ">="}
OPPOSITE = {"==": "!=", "<": ">=", "<=": ">", ">": "<=", ">=": "<"}
TURNED = {"==": "==", "<": ">", "<=": ">=", ">": "<", ">=": "<="}


@dataclass(frozen=True, slots=True)
class Test:
    """One comparison of a fact with a constant."""

    fact: str
    op: str  # ==, !=, <, <=, >, >=
    value: Value


@dataclass(frozen=True, slots=True)
class Group:
    """`all` of the parts, or any of them. Without parts: true, or false."""

    all: bool
    parts: tuple[Condition, ...]


Condition = Test | Group


def conditions(plan: Plan) -> dict[str, Condition]:
    """Rule id -> its condition. Nothing in it may be null, as nothing in the settled columns is."""
    return {id_: _condition(plan, id_, guards(plan.rules[id_].when.tree)) for id_ in activation_rules(plan)}


def tests(condition: Condition) -> Iterator[Test]:
    match condition:
        case Test():
            yield condition
        case Group(parts=parts):
            for part in parts:
                yield from tests(part)


def infix(condition: Condition) -> str:
    """As text, the way zen-engine and rule-engine both write it."""
    match condition:
        case Test(fact=fact, value=True):
            return fact
        case Test(fact=fact, value=False):
            return f"not({fact})"
        case Test(fact=fact, op=op, value=str(value)):
            return f'{fact} {op} "{value}"'
        case Test(fact=fact, op=op, value=value):
            return f"{fact} {op} {value:.12g}"
    if not condition.parts:
        return "true" if condition.all else "false"
    return f"({(' and ' if condition.all else ' or ').join(map(infix, condition.parts))})"


def facts(plan: Plan, columns: Mapping[str, Column], size: int) -> Facts:
    """The settled columns as one message a profile: what every peer is given, made before the clock starts."""
    values = {name: to_values(column, size) for name, column in columns.items()}
    made: dict[str, list[Any]] = {}
    for id_ in activation_rules(plan):
        for guard in _guards(guards(plan.rules[id_].when.tree)):
            fact, column = _fact(plan, guard.tree)
            if fact and fact not in made:
                made[fact] = [_value(guard.tree, value) for value in values[column]]
    return [dict(zip(made, row, strict=True)) for row in zip(*made.values(), strict=True)]


def _condition(plan: Plan, id_: str, formula: Formula) -> Condition:
    match formula:
        case Guard(tree=tree, wanted=wanted):
            return _test(plan, id_, tree, wanted)
    return Group(isinstance(formula, All), tuple(_condition(plan, id_, part) for part in formula.parts))


def _test(plan: Plan, id_: str, tree: Tree, wanted: bool) -> Test:
    fact, column = _fact(plan, tree)
    if fact is None or plan.names[column].nullable:
        raise SystemExit(f"benchmarks/conditions.py has no words for a part of the rule {id_}")
    if not isinstance(tree, Op) or tree.name == "contains_item":
        return Test(fact, "==", wanted)
    left, right = tree.args
    turned = _is_constant(plan, left)
    constant = interpret(left if turned else right, lambda name: plan.parameters[name].value)
    op = OPERATORS[tree.name]
    if isinstance(constant, bool):
        return Test(fact, "==", constant is wanted)
    op = TURNED[op] if turned else op
    return Test(fact, op if wanted else OPPOSITE[op], round12(constant) if isinstance(constant, float) else constant)


def _fact(plan: Plan, tree: Tree) -> tuple[str | None, str]:
    """(what the tested fact is called, the column that it is made of); None: no fact says this."""
    match tree:
        case Ref(name=name):
            return name, name
        case Op(name="contains_item", args=(Ref(name=name), Const(value=word))):
            return f"{name}_{word}", name
        case Op(name="count", args=(Ref(name=name),)):
            return f"{name}_count", name
        case Op(name=op, args=(left, right)) if op in OPERATORS and _is_constant(plan, left) != _is_constant(plan, right):
            return _fact(plan, right if _is_constant(plan, left) else left)
    return None, ""


def _value(tree: Tree, value: Any) -> Any:
    """The fact of one profile: numbers as the comparisons see them, whole ones without a fraction, which every peer reads faster."""
    match tree:
        case Op(name="contains_item", args=(_, Const(value=word))):
            return word in value
        case Op(name="count"):
            return len(value)
        case Op(args=(left, right)):
            return _value(right if isinstance(left, Const) else left, value)
    if isinstance(value, float):
        value = round12(value)
        return int(value) if value.is_integer() else value
    return value


def _is_constant(plan: Plan, tree: Tree) -> bool:
    return all(name in plan.parameters for name in refs(tree))


def _guards(formula: Formula) -> Iterator[Guard]:
    if isinstance(formula, Guard):
        yield formula
    else:
        for part in formula.parts:
            yield from _guards(part)
