"""The typed tree that the readers read: constants, references and operators of the table, each with its type.

Two nodes with equal `key` mean the same; readers that remember results remember them by key.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from engine.feel.nodes import Chars
from engine.feel.types import Type


@dataclass(frozen=True, slots=True, eq=False)
class Const:
    value: Any  # float, str, bool, None, tuple of words (set: in declared order)
    type: Type
    key: int
    span: Chars = (0, 0)


@dataclass(frozen=True, slots=True, eq=False)
class Ref:
    name: str
    type: Type
    key: int
    span: Chars = (0, 0)


@dataclass(frozen=True, slots=True, eq=False)
class Op:
    """An operator of `operators.OPERATORS`. `safe`: its result is proved to be finite and its divisor not zero."""

    name: str
    args: tuple[Tree, ...]
    type: Type
    key: int
    span: Chars = (0, 0)
    safe: bool = False


Tree = Const | Ref | Op


@dataclass(slots=True)
class Keys:
    """Gives equal trees equal keys; one per plan."""

    known: dict[tuple[Any, ...], int] = field(default_factory=dict)

    def const(self, value: Any, type_: Type) -> int:
        return self._key("const", type_.kind, type_.values, repr(value))

    def ref(self, name: str) -> int:
        return self._key("ref", name)

    def op(self, name: str, args: tuple[Tree, ...], safe: bool) -> int:
        return self._key("op", name, safe, *(arg.key for arg in args))

    def _key(self, *parts: Any) -> int:
        return self.known.setdefault(parts, len(self.known))


def refs(tree: Tree) -> Iterator[str]:
    """Every name the tree refers to."""
    match tree:
        case Ref(name=name):
            yield name
        case Op(args=args):
            for arg in args:
                yield from refs(arg)


def subtrees(tree: Tree) -> Iterator[Tree]:
    yield tree
    if isinstance(tree, Op):
        for arg in tree.args:
            yield from subtrees(arg)
