"""The syntax tree of an expression: what was written, with the characters each node covers. It has no types yet (`tree` has)."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, field

Chars = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Literal:
    value: float | str | bool | None
    span: Chars = field(compare=False)


@dataclass(frozen=True, slots=True)
class Name:
    parts: tuple[str, ...]
    span: Chars = field(compare=False)

    @property
    def text(self) -> str:
        return ".".join(self.parts)


@dataclass(frozen=True, slots=True)
class Apply:
    """An operator or function on its arguments: `Apply("+", (a, b))`, `Apply("if", (c, a, b))`, `Apply("list contains", (xs, x))`."""

    op: str
    args: tuple[Node, ...]
    span: Chars = field(compare=False)
    name_span: Chars = field(default=(0, 0), compare=False)


@dataclass(frozen=True, slots=True)
class ListOf:
    items: tuple[Node, ...]
    span: Chars = field(compare=False)


@dataclass(frozen=True, slots=True)
class In:
    """`value in tests`: true when one of the tests is."""

    value: Node
    tests: tuple[Test, ...]
    span: Chars = field(compare=False)


@dataclass(frozen=True, slots=True)
class Compare:
    op: str
    value: Node
    span: Chars = field(compare=False)


@dataclass(frozen=True, slots=True)
class Equals:
    """A bare value among tests: equal to it, or a member when it is a list."""

    value: Node
    span: Chars = field(compare=False)


@dataclass(frozen=True, slots=True)
class Range:
    low: Node
    high: Node
    low_closed: bool
    high_closed: bool
    span: Chars = field(compare=False)


@dataclass(frozen=True, slots=True)
class Not:
    tests: tuple[Test, ...]
    span: Chars = field(compare=False)


@dataclass(frozen=True, slots=True)
class Anything:
    span: Chars = field(compare=False)


CHAINS = ("+", "-", "*", "/")
CHAIN_STEP = 0.4
Node = Literal | Name | Apply | ListOf | In
Test = Compare | Equals | Range | Not | Anything


def children(node: Node | Test) -> tuple[Node | Test, ...]:
    match node:
        case Literal() | Name() | Anything():
            return ()
        case Apply(args=args):
            return args
        case ListOf(items=items):
            return items
        case In(value=value, tests=tests):
            return (value, *tests)
        case Compare(value=value) | Equals(value=value):
            return (value,)
        case Range(low=low, high=high):
            return (low, high)
        case Not(tests=tests):
            return tests


def names(node: Node | Test) -> Iterator[Name]:
    """Every name in the tree, from left to right."""
    if isinstance(node, Name):
        yield node
    for child in children(node):
        yield from names(child)


def depth(node: Node | Test) -> int:
    """Levels of the tree, counted without recursion so that any tree can be measured. A long sum is one level and a little for each term."""
    deepest = 0.0
    todo: list[tuple[Node | Test, float]] = [(node, 1.0)]
    while todo:
        current, level = todo.pop()
        deepest = max(deepest, level)
        chain = current.op if isinstance(current, Apply) and current.op in CHAINS else None
        for i, child in enumerate(children(current)):
            same = chain is not None and i == 0 and isinstance(child, Apply) and child.op in CHAINS
            todo.append((child, level + (CHAIN_STEP if same else 1.0)))
    return math.ceil(deepest)
