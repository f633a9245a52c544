"""The types of the language: what a name or an expression can hold, with nullability, declared words and bounds."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

INF = math.inf


@dataclass(frozen=True, slots=True)
class Type:
    """`values`: the declared words of a string, set or ranking. `low`, `high`: closed bounds of a number. `length`: most items of a list."""

    kind: str  # number, boolean, string, list, set, ranking, null
    nullable: bool = False
    values: tuple[str, ...] | None = None
    low: float = -INF
    high: float = INF
    integer: bool = False
    nonzero: bool = False
    item: Type | None = None
    length: int = 0

    def with_null(self, nullable: bool = True) -> Type:
        return self if nullable == self.nullable or self.kind == "null" else replace(self, nullable=nullable)

    @property
    def is_nonzero(self) -> bool:
        return self.nonzero or self.low > 0 or self.high < 0

    @property
    def is_bounded(self) -> bool:
        return self.low > -1e300 and self.high < 1e300

    def __str__(self) -> str:
        words = f"({', '.join(self.values)})" if self.values and self.kind != "list" else ""
        inner = f" of {self.item}" if self.kind == "list" and self.item else ""
        return f"{self.kind}{words}{inner}"


NUMBER = Type("number")
BOOLEAN = Type("boolean")
STRING = Type("string")
NULL = Type("null", nullable=True)


def number(low: float = -INF, high: float = INF, *, integer: bool = False, nullable: bool = False) -> Type:
    return Type("number", nullable, low=low, high=high, integer=integer)


def constant(value: float) -> Type:
    return Type("number", low=value, high=value, integer=value == int(value) if math.isfinite(value) else False)


def words(values: tuple[str, ...], kind: str = "string", nullable: bool = False) -> Type:
    return Type(kind, nullable, values=values, length=len(values) if kind != "string" else 0)


def member(type_: Type) -> Type | None:
    """The type of what a list, set or ranking holds."""
    if type_.kind == "list":
        return type_.item
    if type_.kind in ("set", "ranking"):
        return Type("string", values=type_.values)
    return None


def union(a: Type, b: Type) -> Type | None:
    """The type that holds both, or None when they don't go together."""
    if a.kind == "null":
        return b.with_null()
    if b.kind == "null":
        return a.with_null()
    if a.kind != b.kind:
        return None
    nullable = a.nullable or b.nullable
    if a.kind == "number":
        return Type("number", nullable, low=min(a.low, b.low), high=max(a.high, b.high), integer=a.integer and b.integer, nonzero=a.is_nonzero and b.is_nonzero)
    if a.kind == "boolean":
        return Type("boolean", nullable)
    if a.kind == "string":
        values = None if a.values is None or b.values is None else tuple(dict.fromkeys(a.values + b.values))
        return Type("string", nullable, values=values)
    if a.kind == "list":
        item = a.item if b.item is None else b.item if a.item is None else union(a.item, b.item)
        if item is None and (a.item or b.item):
            return None
        return Type("list", nullable, item=item, length=max(a.length, b.length))
    return a.with_null(nullable) if a.values == b.values else None
