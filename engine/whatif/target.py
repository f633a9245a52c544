"""Turn the text of a target into a typed condition on a decision, or into diagnostics that say why it can't be one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from engine.decide import Decisions, winner_column
from engine.diagnostics import Diagnostic, Hint, Source, did_you_mean
from engine.executors.base import holds
from engine.feel.arrays import Column, Str
from engine.feel.check import Scope, check, require
from engine.feel.columns import Reader
from engine.feel.guards import All, guards
from engine.feel.nodes import Apply, Compare, Equals, In, ListOf, Literal, Name, Node, Not, Range, Test
from engine.feel.parse import parse
from engine.feel.satisfy import TooHard, satisfy
from engine.feel.tree import Tree, refs
from engine.feel.types import Type, words
from engine.model.lint.meaning import Meaning
from engine.model.plan import Plan
from engine.scoring.ranking import INELIGIBLE
from engine.texts import Word
from engine.whatif.enclosure import needs

RECOMMENDED = "recommended"
SHORT = {
    "score": "ranking.score",
    "margin": "ranking.margin",
    **{name: f"staffing.{name}" for name in ("people", "fte", "cost_month", "cash_month", "coverage")},
}


@dataclass(frozen=True, slots=True)
class Target:
    """A condition on what is decided: as written, and typed. It speaks of the recommended structure."""

    text: str
    tree: Tree

    @property
    def names(self) -> frozenset[str]:
        return frozenset(refs(self.tree))

    @property
    def facts(self) -> frozenset[str]:
        return frozenset(name for name in self.names if name.startswith("staffing."))

    @property
    def of_team(self) -> bool:
        """Whether it takes more than derived values and roles to know it."""
        return any(name == RECOMMENDED or name.startswith(("staffing.", "structure.", "ranking.")) for name in self.names)

    def inputs(self, plan: Plan) -> frozenset[str]:
        """The inputs that it may depend on."""
        if self.of_team:
            return frozenset(plan.inputs)
        return frozenset[str]().union(*(needs(plan).get(name.removeprefix("assumed."), frozenset()) for name in self.names))

    def holds(self, decisions: Decisions) -> np.ndarray:
        """(N,) where it is true. A profile that can't be decided holds nothing."""
        plan, first, winner = decisions.plan, decisions.ranked.order[0], dict(decisions.winner_columns)

        def column_of(name: str) -> Column:
            if name != RECOMMENDED:
                return winner_column(plan, decisions.staffing, first, winner, name)
            at = np.arange(decisions.size)
            return Str(np.where(decisions.ranked.tier[first, at] == INELIGIBLE, -1, first), tuple(plan.structures))

        found = np.array(holds(Reader(column_of).read(self.tree), decisions.size))
        for conflict in decisions.conflicts:
            found[conflict.row] = False
        return found


def read_target(plan: Plan, text: str, option: str = "--want") -> tuple[Target | None, list[Diagnostic]]:
    """A target that can be asked for; or everything that is wrong with it."""
    source = Source(option, text)
    node, found = parse(text, source.span)
    if node is None:
        return None, found
    wrong: list[Diagnostic] = []
    node = _spelled(node, plan, source, wrong)
    if wrong:
        return None, wrong
    names: dict[str, Type] = {**plan.names, RECOMMENDED: words(tuple(plan.structures), nullable=True)}
    tree, found = check(node, Scope({**dict.fromkeys(_short(plan), Type("null")), **names}), source.span)
    if tree is not None:
        found = [*found, *require(tree, "boolean", source.span, nullable=True)]
    if found or tree is None:
        return None, found
    wrong = _refused(plan, tree, source)
    return (None, wrong) if wrong else (Target(text, tree), [])


def _short(plan: Plan) -> Mapping[str, str]:
    """The short words that the model itself does not use."""
    return {word: name for word, name in SHORT.items() if word not in plan.names}


def _spelled(node: Any, plan: Plan, source: Source, wrong: list[Diagnostic]) -> Any:
    """The tree with short words written out, and a bare name beside `recommended` taken as a structure's id."""

    def again(inner: Node | Test) -> Any:
        return _spelled(inner, plan, source, wrong)

    def id_of(inner: Any) -> Any:
        if not isinstance(inner, Name) or inner.text in plan.names:
            if isinstance(inner, Literal) and isinstance(inner.value, str) and inner.value not in plan.structures:
                wrong.append(_no_structure(inner.value, plan, source, inner.span))
            return again(inner)
        if inner.text not in plan.structures:
            wrong.append(_no_structure(inner.text, plan, source, inner.span))
        return Literal(inner.text, inner.span)

    def test_of(inner: Any) -> Any:
        match inner:
            case Equals(value=ListOf(items=items) as listed):
                return replace(inner, value=replace(listed, items=tuple(map(id_of, items))))
            case Equals(value=value):
                return replace(inner, value=id_of(value))
            case Not(tests=tests):
                return replace(inner, tests=tuple(map(test_of, tests)))
        return again(inner)

    match node:
        case Name(parts=(word,)) if word in _short(plan):
            return replace(node, parts=tuple(_short(plan)[word].split(".")))
        case Apply(op="=" | "!=", args=(left, right)) if _is_recommended(left) != _is_recommended(right):
            return replace(node, args=(left, id_of(right)) if _is_recommended(left) else (id_of(left), right))
        case In(value=value, tests=tests) if _is_recommended(value):
            return replace(node, tests=tuple(map(test_of, tests)))
        case Apply(args=args):
            return replace(node, args=tuple(map(again, args)))
        case ListOf(items=items):
            return replace(node, items=tuple(map(again, items)))
        case In(value=value, tests=tests):
            return replace(node, value=again(value), tests=tuple(map(again, tests)))
        case Compare(value=value) | Equals(value=value):
            return replace(node, value=again(value))
        case Range(low=low, high=high):
            return replace(node, low=again(low), high=again(high))
        case Not(tests=tests):
            return replace(node, tests=tuple(map(again, tests)))
    return node


def _is_recommended(node: Any) -> bool:
    return isinstance(node, Name) and node.text == RECOMMENDED


def _no_structure(name: str, plan: Plan, source: Source, span: tuple[int, int]) -> Diagnostic:
    hint = did_you_mean(name, plan.structures) or Hint("hint.known", {"names": ", ".join(plan.structures)})
    return Diagnostic("X206", {"kind": Word("structure"), "name": name}, source.span(*span), hint)


def _refused(plan: Plan, tree: Tree, source: Source) -> list[Diagnostic]:
    """A target that nothing can meet: by itself, or by the model's rules."""
    formula = guards(tree)
    try:
        if satisfy(All((formula,))) is None:
            return [Diagnostic("X120", {}, source.span(0, len(source.text)), Hint("hint.contradiction"))]
    except TooHard:
        return []
    if not Meaning(plan).possible(formula):
        return [Diagnostic("X121", {}, source.span(0, len(source.text)), Hint("hint.never_by_rules"))]
    return []
