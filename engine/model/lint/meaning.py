"""Turn names of decisions and roles into the conditions that they stand for, so that what can hold is asked across the whole model, not rule by rule."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from typing import Any

from engine.feel.guards import All, Any_, Formula, Guard, guards
from engine.feel.interpret import interpret
from engine.feel.satisfy import TooHard, fixed, satisfy
from engine.feel.tree import Const, Op, Ref, Tree, subtrees
from engine.feel.types import BOOLEAN, Type
from engine.model.plan import Plan, Table

ORDERED = ("less", "less_equal", "greater", "greater_equal", "equal")
DEEPEST = 8


class Meaning:
    """What a plan's names mean, and what can hold."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self._made: dict[tuple[str, int, int], Op] = {}
        self._expanded: dict[tuple[int, bool, bool], Formula | None] = {}

    @cached_property
    def effects(self) -> dict[str, tuple[list[Tree], list[Tree]]]:
        """Role -> the conditions of the rules that activate it, and of those that exclude it."""
        found: dict[str, tuple[list[Tree], list[Tree]]] = {id_: ([], []) for id_ in self.plan.roles}
        for rule in self.plan.rules.values():
            if rule.effect in ("activate", "exclude"):
                found[rule.target][rule.effect == "exclude"].append(rule.when.tree)
        return found

    def possible(self, *formulas: Formula, whole: bool = True) -> bool:
        """Whether all can hold together; taken to be so when it is too hard to tell. `whole`: with what decisions and roles stand for."""
        try:
            return satisfy(All(formulas), self.expand if whole else None) is not None
        except TooHard:
            return True

    def example(self, holds: Sequence[Tree], fails: Sequence[Tree] = ()) -> dict[str, Any] | None:
        """Values of the names in conditions for which some hold and the others do not, tried in the interpreter; None when none were found."""
        wanted: list[Formula] = [*(guards(tree) for tree in holds), *(Guard(tree, True, negated=True) for tree in fails)]
        if not self.possible(*wanted):
            return None
        try:
            found = satisfy(All(tuple(wanted)))
        except TooHard:
            return None
        if found is None:
            return None
        types = {ref.name: ref.type for tree in (*holds, *fails) for ref in subtrees(tree) if isinstance(ref, Ref)}
        point = {name: found.get(name, _plain(type_)) for name, type_ in types.items()}
        point |= {name: parameter.value for name, parameter in self.plan.parameters.items() if name in point}
        if any(interpret(tree, point.__getitem__) is not True for tree in holds) or any(interpret(tree, point.__getitem__) is True for tree in fails):
            return None
        return {name: value for name, value in point.items() if name not in self.plan.parameters}

    # -- what a guard stands for

    def expand(self, guard: Guard) -> Formula | None:
        """For `satisfy`: the condition that a decision or a role stands for; None for a plain comparison."""
        if guard.key not in self._expanded:
            self._expanded[guard.key] = self._expand(guard)
        return self._expanded[guard.key]

    def _expand(self, guard: Guard) -> Formula | None:
        tree = guard.tree
        if isinstance(tree, Ref) and tree.type.kind == "boolean":
            return self._boolean(tree, guard)
        if isinstance(tree, Op) and tree.name in ORDERED:
            for side, (inner, other) in enumerate((tree.args, tree.args[::-1])):
                if isinstance(other, Const) or fixed(other) is not None:
                    return self._compared(tree, side, inner, guard)
        return None

    def _boolean(self, tree: Ref, guard: Guard) -> Formula | None:
        if tree.name.startswith("role.") and tree.name.endswith(".active"):
            activate, exclude = self.effects[tree.name.split(".")[1]]
            if guard.wanted is not guard.negated:  # to be active
                return All((Any_(tuple(guards(when) for when in activate)), *(Guard(when, True, negated=True) for when in exclude)))
            return Any_((All(tuple(Guard(when, True, negated=True) for when in activate)), *(guards(when) for when in exclude)))
        decision = self.plan.decisions.get(tree.name)
        if decision is None or decision.formula is None:
            return None
        return Guard(decision.formula.tree, guard.wanted, True) if guard.negated else guards(decision.formula.tree, guard.wanted)

    def _compared(self, tree: Op, side: int, inner: Tree, guard: Guard) -> Formula | None:
        """A comparison of a decision with a constant, as the conditions under which each of its values stands."""
        cases = self._cases(inner, 0)
        if cases is None or not all(isinstance(value, Const) or fixed(value) is not None for _, value in cases):
            return None
        found: list[Formula] = []
        for conditions, value in cases:
            args = (value, tree.args[1]) if side == 0 else (tree.args[0], value)
            got = interpret(Op(tree.name, args, BOOLEAN, -1), self._fixed_value)
            if (got is guard.wanted) is not guard.negated:
                found.append(All(tuple(conditions)))
        return Any_(tuple(found))

    def _fixed_value(self, name: str) -> float:
        """The one value of a parameter, or of a decision that is no other than a number."""
        return self.plan.parameters[name].value if name in self.plan.parameters else self.plan.names[name].low

    def _cases(self, tree: Tree, depth: int) -> list[tuple[list[Formula], Tree]] | None:
        """The values that a tree may have, each with its conditions; None for a value that is reckoned."""
        if depth > DEEPEST:
            return None
        if isinstance(tree, Const) or fixed(tree) is not None:
            return [([], tree)]
        if isinstance(tree, Op) and tree.name == "if":
            condition, yes, no = tree.args
            both = [self._cases(part, depth + 1) for part in (yes, no)]
            if both[0] is None or both[1] is None:
                return None
            held: list[Formula] = [guards(condition), Guard(condition, True, negated=True)]
            return [([held[i], *conditions], value) for i, part in enumerate(both) for conditions, value in part or ()]
        if isinstance(tree, Ref) and tree.name in self.plan.decisions:
            decision = self.plan.decisions[tree.name]
            if decision.formula is not None:
                return self._cases(decision.formula.tree, depth + 1)
            return None if decision.table is None else self._rows(decision.table)
        return None

    def _rows(self, table: Table) -> list[tuple[list[Formula], Tree]] | None:
        if table.policy not in ("unique", "any", "first"):
            return None
        found: list[tuple[list[Formula], Tree]] = []
        before: list[Formula] = []
        for row in table.rows:
            found.append(([guards(row.when), *(before if table.policy == "first" else ())], row.then.tree))
            before.append(Guard(row.when, True, negated=True))
        otherwise = table.default.tree if table.default is not None else Const(None, table.rows[0].then.tree.type, -2)
        return [*found, (before, otherwise)]


def _plain(type_: Type) -> Any:
    """A value of a type."""
    if type_.nullable:
        return None
    match type_.kind:
        case "number":
            return min(max(0.0, type_.low), type_.high)
        case "boolean":
            return False
        case "string":
            return (type_.values or ("",))[0]
    return ()
