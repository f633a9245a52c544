"""Turn a plan's conditions into obligations: each comparison is to hold once, and once not, where that alone decides the condition (masking MC/DC).

A comparison decides where everything it is joined with by `and` holds and nothing it is joined with by `or` does (Chilenski 2001). Null counts as not true.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from engine.diagnostics import Span
from engine.executors.base import mask
from engine.feel.arrays import Bool
from engine.feel.columns import Reader
from engine.feel.guards import All, Any_, Formula, Guard, atoms, guards
from engine.feel.tree import Const, Op, Ref
from engine.model.lint.meaning import Meaning
from engine.model.plan import Formula as Written
from engine.model.plan import Plan

Key = tuple[int, bool, bool]


@dataclass(frozen=True, slots=True)
class Condition:
    """A condition of the model: of a rule, or of a structure (`team`: its position)."""

    kind: str  # rule, structure
    id: str
    number: int  # which of the structure's requirements, from 0
    written: Written
    formula: Formula
    stage: str = "profile"
    team: int = -1

    @property
    def span(self) -> Span:
        return self.written.span


@dataclass(frozen=True, slots=True)
class Obligation:
    """One comparison of a condition that is to hold (`holds`), or not to, with effect on the condition."""

    condition: int
    guard: Guard
    holds: bool


def text_of(condition: Condition, guard: Guard) -> str:
    """A comparison as it is written in its condition."""
    tree = guard.tree
    written = condition.written.text[slice(*tree.span)] or condition.written.text
    if isinstance(tree, Op) and tree.name == "contains_item" and isinstance(tree.args[1], Const) and isinstance(tree.args[0], Ref):
        written = f'"{tree.args[1].value}" in {tree.args[0].name}'  # one word of `("a", "b") in x`
    plain = guard.wanted is not guard.negated or (isinstance(tree, Op) and tree.name in ("equal", "is_null") and "!=" in written)
    return written if plain else f"not({written})"


def conditions(plan: Plan) -> list[Condition]:
    """Every condition of rules and structures, in the order of ids."""
    found = [Condition("rule", rule.id, 0, rule.when, guards(rule.when.tree), rule.stage) for rule in plan.rules.values()]
    for k, structure in enumerate(plan.structures.values()):
        found += [Condition("structure", structure.id, i, item.needs, guards(item.needs.tree), "structure", k) for i, item in enumerate(structure.eligible)]
    return found


def obligations(found: list[Condition]) -> list[Obligation]:
    return [Obligation(i, guard, holds) for i, condition in enumerate(found) for guard in atoms(condition.formula) for holds in (True, False)]


def met(condition: Condition, reader: Reader, size: int) -> Iterator[tuple[Key, np.ndarray, np.ndarray]]:
    """For each comparison of a condition: its key, where it holds with effect, and where it does not, with effect: (N,) each."""
    holding: dict[Key, np.ndarray] = {guard.key: _holds(guard, reader, size) for guard in atoms(condition.formula)}
    effect: dict[Key, np.ndarray] = {}
    _spread(condition.formula, np.ones(size, dtype=bool), holding, effect)
    for key, where in effect.items():
        yield key, where & holding[key], where & ~holding[key]


def _holds(guard: Guard, reader: Reader, size: int) -> np.ndarray:
    column = reader.read(guard.tree)
    found = mask((column.true if guard.wanted else column.false) if isinstance(column, Bool) else False, size)
    return ~found if guard.negated else found


def _value(formula: Formula, holding: dict[Key, np.ndarray], size: int) -> np.ndarray:
    if isinstance(formula, Guard):
        return holding[formula.key]
    parts = [_value(part, holding, size) for part in formula.parts]
    start = np.ones(size, dtype=bool) if isinstance(formula, All) else np.zeros(size, dtype=bool)
    return np.asarray(np.logical_and.reduce([start, *parts]) if isinstance(formula, All) else np.logical_or.reduce([start, *parts]))


def _spread(formula: Formula, where: np.ndarray, holding: dict[Key, np.ndarray], effect: dict[Key, np.ndarray]) -> None:
    """Where each comparison decides; one that stands twice decides where either does."""
    if isinstance(formula, Guard):
        effect[formula.key] = effect[formula.key] | where if formula.key in effect else where
        return
    values = [_value(part, holding, len(where)) for part in formula.parts]
    for i, part in enumerate(formula.parts):
        others = [value if isinstance(formula, All) else ~value for j, value in enumerate(values) if j != i]
        _spread(part, np.logical_and.reduce([where, *others]), holding, effect)


# -- what cannot be met


def feasible(obligation: Obligation, condition: Condition, meaning: Meaning) -> bool:
    """Whether some profile may meet it; also when that is too hard to tell."""
    return any(meaning.possible(*path) for path in asked(obligation, condition.formula))


def asked(obligation: Obligation, formula: Formula) -> Iterator[list[Formula]]:
    """What must hold together, for each place where the comparison stands."""
    guard = obligation.guard
    if isinstance(formula, Guard):
        if formula.key == guard.key:
            yield [guard if obligation.holds else contrary(guard)]
        return
    for i, part in enumerate(formula.parts):
        others = [other if isinstance(formula, All) else contrary(other) for j, other in enumerate(formula.parts) if j != i]
        for path in asked(obligation, part):
            yield [*others, *path]


def contrary(formula: Formula) -> Formula:
    """What holds exactly where the formula does not."""
    match formula:
        case Guard(tree=tree, wanted=wanted, negated=negated):
            return Guard(tree, wanted, not negated)
        case All(parts=parts):
            return Any_(tuple(map(contrary, parts)))
        case Any_(parts=parts):
            return All(tuple(map(contrary, parts)))
