"""What a condition tells about the names and expressions in it: `if x = null or x = 0 then .. else ..` makes x a nonzero number in the else branch."""

from __future__ import annotations

from dataclasses import replace

from engine.feel.tree import Const, Op, Tree
from engine.feel.types import Type

Facts = dict[int, Type]  # tree key -> its narrower type


def facts(condition: Tree, holds: bool) -> Facts:
    """The narrower types when the condition is true (`holds`), or when it is not: false or null."""
    found: Facts = {}
    _collect(condition, holds, found)
    return found


def _collect(tree: Tree, holds: bool, found: Facts) -> None:
    if not isinstance(tree, Op):
        return
    match tree.name:
        case "and" if holds:
            for arg in tree.args:
                _collect(arg, True, found)
        case "or" if not holds:
            for arg in tree.args:
                _collect(arg, False, found)
        case "not":
            if holds or not tree.args[0].type.nullable:
                _collect(tree.args[0], not holds, found)
        case "is_null" if not holds:
            _refine(tree.args[0], found, nullable=False)
        case "is_defined" if holds:
            _refine(tree.args[0], found, nullable=False)
        case "equal":
            _equality(tree, holds, found)
        case "less" | "less_equal" | "greater" | "greater_equal":
            if holds or not tree.type.nullable:
                _ordering(tree, holds, found)
        case "between" | "range_closed_open" | "range_open_closed" | "range_open" if holds:
            x, low, high = tree.args
            open_low = tree.name in ("range_open_closed", "range_open")
            _refine(x, found, nullable=False, low=low.type.low, high=high.type.high, nonzero=open_low and low.type.low >= 0)


def _equality(tree: Op, holds: bool, found: Facts) -> None:
    left, right = tree.args
    if isinstance(left, Const):
        left, right = right, left
    if not isinstance(right, Const):
        return
    if holds and right.value is not None:
        if isinstance(right.value, float):
            _refine(left, found, nullable=False, low=right.value, high=right.value)
        else:
            _refine(left, found, nullable=False)
    elif not holds and right.value == 0 and isinstance(right.value, float):
        _refine(left, found, nonzero=True)


def _ordering(tree: Op, holds: bool, found: Facts) -> None:
    """`a > b` and its kin, as a bound for either side."""
    a, b = tree.args
    less = tree.name in ("less", "less_equal")
    strict = tree.name in ("less", "greater")
    if not holds:
        less, strict = not less, not strict
    if not less:
        a, b = b, a
    # now: a < b (strict) or a <= b
    _refine(a, found, nullable=False, high=b.type.high, nonzero=strict and b.type.high <= 0)
    _refine(b, found, nullable=False, low=a.type.low, nonzero=strict and a.type.low >= 0)


def _refine(tree: Tree, found: Facts, nullable: bool | None = None, low: float | None = None, high: float | None = None, nonzero: bool = False) -> None:
    if isinstance(tree, Const):
        return
    type_ = found.get(tree.key, tree.type)
    if nullable is False:
        type_ = type_.with_null(False)
    if type_.kind == "number":
        type_ = replace(
            type_,
            low=max(type_.low, low) if low is not None else type_.low,
            high=min(type_.high, high) if high is not None else type_.high,
            nonzero=type_.nonzero or nonzero,
        )
    found[tree.key] = type_
