"""Turn a typed tree and one profile's values into the tree's value: the reference meaning of the language."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from engine.feel.operators import BY_NAME
from engine.feel.tree import Const, Op, Ref, Tree

Lookup = Callable[[str], Any]


def interpret(tree: Tree, value_of: Lookup) -> Any:
    """The value: float, str, bool, tuple (lists, rankings; sets in declared order), or None for null."""
    match tree:
        case Const(value=value):
            return value
        case Ref(name=name):
            return value_of(name)
        case Op(name="if", args=(condition, yes, no)):
            return interpret(yes if interpret(condition, value_of) is True else no, value_of)
        case Op(name=name, args=args):
            row = BY_NAME[name]
            values = [interpret(arg, value_of) for arg in args]
            if row.strict and any(value is None for value in values):
                return None
            return row.scalar(*values)
