"""Turn a typed tree and columns of names into the tree's column: every profile, and every structure, at once."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import lru_cache
from weakref import WeakMethod

import numpy as np

from engine.feel.arrays import Bits, Bool, Column, Items, Num, Str
from engine.feel.operators import BY_NAME
from engine.feel.tree import Const, Op, Ref, Tree
from engine.feel.types import Type

Lookup = Callable[[str], Column]


@dataclass(slots=True)
class Reader:
    """Evaluates trees against `column_of`; remembers the results of the keys in `shared`, so that what several conditions share is computed once.

    `parent` reads every tree whose key is not in `own`: what does not depend on this reader's names is computed once for all its siblings."""

    column_of: Lookup
    shared: frozenset[int] = frozenset()
    remembered: dict[int, Column] = field(default_factory=dict)
    parent: Reader | None = None
    own: frozenset[int] = frozenset()

    def read(self, tree: Tree) -> Column:
        match tree:
            case Const():
                return constant(tree)
            case Ref(name=name):
                return self.column_of(name)
            case Op(key=key):
                if self.parent is not None and key not in self.own:
                    return self.parent.read(tree)
                if key in self.remembered:
                    return self.remembered[key]
                column = self._apply(tree)
                if key in self.shared:
                    self.remembered[key] = column
                return column

    def _apply(self, op: Op) -> Column:
        row = BY_NAME[op.name]
        args = [self.read(arg) for arg in op.args]
        if op.name == "item" and isinstance(args[0], Items) and not args[0].items:
            return nothing(op.type)  # an empty list has no member whose kind could be asked
        found: Column = row.vector(*args, safe=op.safe) if row.arithmetic else row.vector(*args)
        return found


def weakly(method: Lookup) -> Lookup:
    """A bound method that does not keep its object alive: an object that owns its reader would otherwise be a ring, and its columns wait for the collector."""
    kept = WeakMethod(method)

    def column_of(name: str) -> Column:
        found = kept()
        assert found is not None
        return found(name)

    return column_of


@lru_cache(maxsize=65_536)
def constant(tree: Const) -> Column:
    """The column of a constant; made once for each place where it is written."""
    return constant_column(tree.value, tree.type)


def constant_column(value: object, type_: Type) -> Column:
    """A column of shape () that is `value` everywhere."""
    if value is None:
        return nothing(type_)
    match value:
        case bool():
            return Bool(np.bool_(value))
        case float() | int():
            return Num(np.float64(value))
        case str():
            return Str(np.int64(0), (value,)) if type_.values is None else Str(np.int64(type_.values.index(value)), type_.values)
        case tuple() if type_.kind == "set" and type_.values is not None:
            return Bits(np.uint64(sum(1 << type_.values.index(word) for word in value)), type_.values)
        case tuple():
            inner = type_.item or Type("string", values=type_.values)
            return Items([constant_column(item, inner) for item in value], np.int64(len(value)))
    raise TypeError(type(value).__name__)


def nothing(type_: Type) -> Column:
    """Null of a type."""
    match type_.kind:
        case "boolean":
            return Bool(np.bool_(False), np.bool_(False))
        case "string":
            return Str(np.int64(-1), type_.values or ())
        case "set":
            return Bits(np.uint64(0), type_.values or (), np.bool_(True))
        case "list" | "ranking":
            return Items([], np.int64(0), np.bool_(True))
    return Num(np.float64(0.0), np.bool_(True))
