"""What each operator does with one profile's values: Python floats, texts, booleans, tuples; None is null. The reference meaning."""

from __future__ import annotations

import math
import re
from typing import Any

from engine.feel import numbers

Value = Any


def finite(x: float) -> float | None:
    return x if math.isfinite(x) else None


# arithmetic (strict: the reader has already answered null for a null argument)


def add(a: float, b: float) -> Value:
    return finite(a + b)


def sub(a: float, b: float) -> Value:
    return finite(a - b)


def mul(a: float, b: float) -> Value:
    return finite(a * b)


def div(a: float, b: float) -> Value:
    return None if b == 0 else finite(a / b)


def power(a: float, b: float) -> Value:
    return finite(numbers.power(a, b))


def negate(a: float) -> Value:
    return -a


def concat(a: str, b: str) -> Value:
    return a + b


# comparison


def less(a: float, b: float) -> Value:
    return numbers.less(a, b)


def less_equal(a: float, b: float) -> Value:
    return not numbers.less(b, a)


def greater(a: float, b: float) -> Value:
    return numbers.less(b, a)


def greater_equal(a: float, b: float) -> Value:
    return not numbers.less(a, b)


def equal(a: Value, b: Value) -> Value:
    """Never null; numbers on 12 digits, lists member by member."""
    if a is None or b is None:
        return a is b
    if isinstance(a, float) and isinstance(b, float):
        return numbers.same(a, b)
    if isinstance(a, tuple) and isinstance(b, tuple):
        return len(a) == len(b) and all(equal(x, y) for x, y in zip(a, b, strict=True))
    return bool(a == b)


def is_null(a: Value) -> Value:
    return a is None


def between(x: float, low: float, high: float) -> Value:
    return not numbers.less(x, low) and not numbers.less(high, x)


def range_closed_open(x: float, low: float, high: float) -> Value:
    return not numbers.less(x, low) and numbers.less(x, high)


def range_open_closed(x: float, low: float, high: float) -> Value:
    return numbers.less(low, x) and not numbers.less(high, x)


def range_open(x: float, low: float, high: float) -> Value:
    return numbers.less(low, x) and numbers.less(x, high)


# logic (Kleene)


def all_of(*args: bool | None) -> Value:
    if any(arg is False for arg in args):
        return False
    return None if any(arg is None for arg in args) else True


def any_of(*args: bool | None) -> Value:
    if any(arg is True for arg in args):
        return True
    return None if any(arg is None for arg in args) else False


def negation(a: bool | None) -> Value:
    return None if a is None else not a


def choose(condition: bool | None, yes: Value, no: Value) -> Value:
    return yes if condition is True else no


# lists


def list_of(*items: Value) -> Value:
    return items


def item(xs: tuple[Value, ...], n: float) -> Value:
    if n != int(n):
        return None
    at = int(n)
    if at > 0:
        return xs[at - 1] if at <= len(xs) else None
    return xs[at] if at < 0 and -at <= len(xs) else None


def count(xs: tuple[Value, ...]) -> Value:
    return float(len(xs))


def total(xs: tuple[Value, ...]) -> Value:
    if any(x is None for x in xs):
        return None
    result: float = 0.0
    for x in xs:
        result = result + x
    return finite(result)


def least(xs: tuple[Value, ...]) -> Value:
    if not xs or any(x is None for x in xs):
        return None
    result = xs[0]
    for x in xs[1:]:
        result = x if x < result else result
    return result


def most(xs: tuple[Value, ...]) -> Value:
    if not xs or any(x is None for x in xs):
        return None
    result = xs[0]
    for x in xs[1:]:
        result = x if x > result else result
    return result


def contains_item(xs: tuple[Value, ...] | None, x: Value) -> Value:
    return None if xs is None else any(equal(y, x) for y in xs)


def index_of(xs: tuple[Value, ...] | None, x: Value) -> Value:
    return None if xs is None else tuple(float(i + 1) for i, y in enumerate(xs) if equal(y, x))


def sublist(xs: tuple[Value, ...], start: float, length: float = math.inf) -> Value:
    if start == 0 or start != int(start) or length < 0:
        return None
    first = int(start) - 1 if start > 0 else len(xs) + int(start)
    if first < 0 or first > len(xs):
        return None
    return xs[first:] if length == math.inf else xs[first : first + int(length)]


def same_set(a: tuple[Value, ...] | None, b: tuple[Value, ...] | None) -> Value:
    if a is None or b is None:
        return a is b
    return set(a) == set(b)


def rank_weight(xs: tuple[Value, ...] | None, x: str | None) -> Value:
    """Rank-order centroid of the member `x`: (1/K) * sum of 1/j for j from its rank to K; 0 when absent."""
    if xs is None or x is None:
        return None
    return centroid(xs.index(x) + 1, len(xs)) if x in xs else 0.0


def centroid(rank: int, size: int) -> float:
    result = 0.0
    for j in range(rank, size + 1):
        result = result + 1.0 / j
    return result / size


# numbers and texts


def floor(x: float) -> Value:
    return numbers.floor(x)


def ceiling(x: float) -> Value:
    return numbers.ceiling(x)


def absolute(x: float) -> Value:
    return abs(x)


def modulo(a: float, b: float) -> Value:
    return None if b == 0 else finite(numbers.modulo(a, b))


def round_half_up(x: float, scale: float) -> Value:
    return finite(numbers.round_half_up(x, scale))


def string(x: Value) -> Value:
    if isinstance(x, bool):
        return "true" if x else "false"
    return numbers.number_text(x) if isinstance(x, float) else x


def number(text: str) -> Value:
    if not re.fullmatch(r"\s*[-+]?(\d+(\.\d+)?|\.\d+)([eE][-+]?\d+)?\s*", text, re.ASCII):
        return None
    return finite(float(text))


def lower_case(text: str) -> Value:
    return text.lower()


def upper_case(text: str) -> Value:
    return text.upper()


def contains(text: str, part: str) -> Value:
    return part in text


def starts_with(text: str, part: str) -> Value:
    return text.startswith(part)
