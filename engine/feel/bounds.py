"""Interval arithmetic on types: the bounds that an operator's result must lie within, and so whether it can overflow."""

from __future__ import annotations

import math
from itertools import product

from engine.feel.types import INF, Type, number


def _clean(x: float, instead: float) -> float:
    return instead if math.isnan(x) else x


def add(a: Type, b: Type) -> Type:
    return number(_clean(a.low + b.low, -INF), _clean(a.high + b.high, INF), integer=a.integer and b.integer)


def sub(a: Type, b: Type) -> Type:
    return number(_clean(a.low - b.high, -INF), _clean(a.high - b.low, INF), integer=a.integer and b.integer)


def _times(x: float, y: float) -> float:
    return 0.0 if x == 0 or y == 0 else x * y


def mul(a: Type, b: Type) -> Type:
    ends = [_times(x, y) for x, y in product((a.low, a.high), (b.low, b.high))]
    return number(min(ends), max(ends), integer=a.integer and b.integer)


def div(a: Type, b: Type) -> Type:
    if b.low > 0 or b.high < 0:
        ends = [_clean(x / y, 0.0) if math.isfinite(y) else 0.0 for x, y in product((a.low, a.high), (b.low, b.high))]
        return number(min(ends), max(ends))
    if a.low >= 0 and b.low >= 0:
        return number(0.0, INF)
    return number()


def power(a: Type, b: Type) -> Type:
    if a.low < 0:
        return number(0.0, INF) if b.low == b.high == 2 else number()
    try:
        ends = [x**y for x, y in product((a.low, a.high), (b.low, b.high))]
    except (ZeroDivisionError, OverflowError):
        return number(0.0, INF)
    return number(_clean(min(ends), 0.0), _clean(max(ends), INF))


def negate(a: Type) -> Type:
    return number(-a.high, -a.low, integer=a.integer)


def absolute(a: Type) -> Type:
    low = 0.0 if a.low <= 0 <= a.high else min(abs(a.low), abs(a.high))
    return number(low, max(abs(a.low), abs(a.high)), integer=a.integer)


def least(types: list[Type]) -> Type:
    return number(min(t.low for t in types), min(t.high for t in types), integer=all(t.integer for t in types))


def most(types: list[Type]) -> Type:
    return number(max(t.low for t in types), max(t.high for t in types), integer=all(t.integer for t in types))


def whole(a: Type) -> Type:
    low = math.floor(a.low) if math.isfinite(a.low) else a.low
    high = math.ceil(a.high) if math.isfinite(a.high) else a.high
    return number(low, high, integer=True)


def modulo(a: Type, b: Type) -> Type:
    size = max(abs(b.low), abs(b.high))
    return number(0.0 if b.low >= 0 else -size, size if b.high > 0 else 0.0, integer=a.integer and b.integer)


def rounded(a: Type) -> Type:
    wide = number(a.low - 1 if a.low else 0.0, a.high + 1)
    return number(2 * wide.low if wide.low < 0 else 0.0, 2 * wide.high if wide.high > 0 else 0.0)
