"""Turn a boolean tree into and/or over guards: comparisons that are evaluated elsewhere, each taken as "is true" or "is false".

Pushing `not` down to the guards keeps three-valued logic exact: `not(a and b)` is true when a is false or b is false, whatever is missing.
"""

from __future__ import annotations

from dataclasses import dataclass

from engine.feel.tree import Const, Op, Tree


@dataclass(frozen=True, slots=True)
class Guard:
    """One comparison, by its tree; holds when its value is `wanted`, or, `negated`, when it is not (the other, or null)."""

    tree: Tree
    wanted: bool
    negated: bool = False

    @property
    def key(self) -> tuple[int, bool, bool]:
        return self.tree.key, self.wanted, self.negated


@dataclass(frozen=True, slots=True)
class All:
    parts: tuple[Formula, ...]


@dataclass(frozen=True, slots=True)
class Any_:
    parts: tuple[Formula, ...]


Formula = Guard | All | Any_


def guards(tree: Tree, wanted: bool = True) -> Formula:
    """The formula that holds exactly when `tree` is `wanted` (not null, not the other)."""
    match tree:
        case Const(value=value):
            return All(()) if value is wanted else Any_(())
        case Op(name="not", args=(inner,)):
            return guards(inner, not wanted)
        case Op(name="and" | "or" as name, args=args):
            parts = tuple(guards(arg, wanted) for arg in args)
            return All(parts) if (name == "and") == wanted else Any_(parts)
        case Op(name="if", args=(condition, yes, no)):
            holds = guards(condition, True)
            return Any_((All((holds, guards(yes, wanted))), All((Guard(condition, True, negated=True), guards(no, wanted)))))
    return Guard(tree, wanted)


def atoms(formula: Formula) -> list[Guard]:
    """The guards of a formula, each once, in order."""
    match formula:
        case Guard():
            return [formula]
        case All(parts=parts) | Any_(parts=parts):
            return list({guard.key: guard for part in parts for guard in atoms(part)}.values())


def holds(formula: Formula, is_so: dict[tuple[int, bool, bool], bool]) -> bool:
    """Whether a formula holds, given for each guard's key whether it does."""
    match formula:
        case Guard():
            return is_so[formula.key]
        case All(parts=parts):
            return all(holds(part, is_so) for part in parts)
        case Any_(parts=parts):
            return any(holds(part, is_so) for part in parts)
