"""What the operators on lists, sets, rankings and texts do with whole columns; cell by cell equal to `scalar`."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any

import numpy as np

from engine.feel import scalar
from engine.feel.arrays import Bits, Bool, Column, Items, Num, Str, either, encode, null_of, recode
from engine.feel.numbers import number_text
from engine.feel.select import select
from engine.feel.vector import finite, nothing_like, pick, same

# -- lists


def list_of(*items: Column) -> Items:
    return Items(list(items), np.int64(len(items)))


def _at(xs: Items, index: Any) -> Column:
    """The member at a 0-based index (an array); null outside."""
    if not xs.items:
        return Num(np.float64(0.0), np.bool_(True))
    found = nothing_like(xs.items[0])
    for i, column in enumerate(xs.items):
        found = pick(np.equal(index, i) & (np.asarray(xs.count) > i), column, found)
    return found


def listed(xs: Items | Bits) -> Items:
    """A set as the list of its members, in declared order."""
    if isinstance(xs, Items):
        return xs
    found: Any = np.int64(0)
    codes: list[Any] = []
    for i in range(len(xs.words)):
        here = (xs.bits >> np.uint64(i) & np.uint64(1)).astype(bool)
        codes.append(np.int64(-1))
        for j in range(i + 1):
            codes[j] = select(here & (found == j), np.int64(i), codes[j])
        found = found + here
    return Items([Str(code, xs.words) for code in codes], found, xs.null)


def item(xs: Items | Bits, n: Num) -> Column:
    xs = listed(xs)
    whole = np.rint(n.values)
    index = select(whole > 0, whole - 1, select(whole < 0, xs.count + whole, -1))
    index = select((whole == n.values) & (index >= 0), index, -1)
    missing = either(xs.null, n.null)
    if missing is not None:
        index = select(missing, -1, index)
    return _at(xs, index)


def count(xs: Items | Bits) -> Num:
    if isinstance(xs, Bits):
        return Num(np.bitwise_count(xs.bits).astype(np.float64), xs.null)
    return Num(np.asarray(xs.count).astype(np.float64), xs.null)


def _fold(xs: Items, step: Callable[[Any, Any], Any], start: float | None) -> Num:
    """Left to right over the members; null when one of them is, or when there is none to start from."""
    null = xs.null
    size = np.asarray(xs.count)
    result: Any = np.float64(0.0 if start is None else start)
    for i, member in enumerate(xs.items):
        assert isinstance(member, Num)
        present = size > i
        value = step(result, member.values) if i or start is not None else member.values
        result = value if present.all() else select(present, value, result)
        if member.null is not None:
            null = either(null, present & member.null)
    if start is None and (size == 0).any():
        null = either(null, size == 0)
    return finite(result, null, False)


def total(xs: Items) -> Num:
    return _fold(xs, np.add, 0.0)


def least(xs: Items) -> Num:
    return _fold(xs, np.minimum, None)


def most(xs: Items) -> Num:
    return _fold(xs, np.maximum, None)


def contains_item(xs: Items | Bits, x: Column) -> Bool:
    if isinstance(xs, Bits):
        assert isinstance(x, Str)
        code = recode(x, xs.words)
        if np.ndim(code) == 0:
            found = np.not_equal(xs.bits & np.uint64(1 << int(code)), 0) if code >= 0 else np.zeros(np.shape(xs.bits), dtype=bool)
            return _known(found, xs.null)
        shift = select(np.less(code, 0), 0, code).astype(np.uint64)
        found = ((xs.bits >> shift) & np.uint64(1)).astype(bool) & np.greater_equal(code, 0)
    else:
        found = np.bool_(False)
        word = isinstance(x, Str) and np.ndim(x.codes) == 0 and x.codes >= 0  # never equal to the null that stands after the last member
        for i, member in enumerate(xs.items):
            here = same(member, x)
            found = found | (here if word else here & (np.asarray(xs.count) > i))
    return _known(found, xs.null)


def _known(found: Any, null: Any) -> Bool:
    return Bool(found) if null is None else Bool(found & ~null, ~found & ~null)


def index_of(xs: Items | Bits, x: Column) -> Items:
    xs = listed(xs)
    found = np.int64(0)
    positions: list[Any] = []
    for i, member in enumerate(xs.items):
        match = same(member, x) & (np.asarray(xs.count) > i)
        positions.append(np.float64(0.0))
        for j in range(i + 1):
            positions[j] = select(match & (found == j), np.float64(i + 1), positions[j])
        found = found + match
    return Items([Num(values) for values in positions], found, xs.null)


def sublist(xs: Items, start: Num, length: Num | None = None) -> Items:
    first = select(start.values > 0, start.values - 1, xs.count + start.values)
    null = either(xs.null, start.null)
    wrong = (start.values == 0) | (start.values != np.rint(start.values)) | (first < 0) | (first > xs.count)
    size = np.asarray(xs.count) - first
    if length is not None:
        null = either(null, length.null)
        wrong = wrong | np.less(length.values, 0)
        size = np.minimum(size, np.trunc(np.minimum(length.values, 1e9)))
    null = either(null, wrong if np.any(wrong) else None)
    if null is not None:
        first, size = select(null, 0, first), select(null, 0, size)
    return Items([_at(xs, select(np.less(i, size), first + i, -1)) for i in range(len(xs.items))], np.maximum(size, 0).astype(np.int64), null)


@cache
def _centroids(most_members: int) -> np.ndarray:
    table = np.zeros((most_members + 1, most_members + 1))
    for size in range(1, most_members + 1):
        for place in range(size):
            table[size, place] = scalar.centroid(place + 1, size)
    return table


def rank_weight(xs: Items, x: Str) -> Num:
    table = _centroids(max(1, len(xs.items)))
    result: Any = np.float64(0.0)
    for i, member in enumerate(xs.items):
        match = same(member, x) & (np.asarray(xs.count) > i)
        result = select(match, table[xs.count, i], result)
    return Num(result, either(xs.null, null_of(x)))


# -- texts: functions run once per distinct word


def _map_words(a: Str, function: Callable[[str], str]) -> Str:
    table = encode([function(word) for word in a.words])
    return Str(np.append(table.codes, -1)[a.codes], table.words)


def lower_case(a: Str) -> Str:
    return _map_words(a, scalar.lower_case)


def upper_case(a: Str) -> Str:
    return _map_words(a, scalar.upper_case)


def number(a: Str) -> Num:
    found = [scalar.number(word) for word in a.words] + [None]
    values = np.array([0.0 if value is None else value for value in found])
    missing = np.array([value is None for value in found])
    null = missing[a.codes]
    return Num(values[a.codes], null if null.any() else None)


def string(a: Column) -> Str:
    match a:
        case Str():
            return a
        case Bool():
            return Str(select(a.true, 0, select(a.false, 1, -1)), ("true", "false"))
        case Num():
            distinct, codes = np.unique(np.asarray(a.values), return_inverse=True)
            table = encode([number_text(float(value)) if np.isfinite(value) else "" for value in distinct])
            codes = table.codes[codes.reshape(np.shape(a.values))]
            return Str(codes if a.null is None else select(a.null, -1, codes), table.words)
    raise TypeError("string of a list")


def _pairs(a: Str, b: Str) -> tuple[list[tuple[str, str]], Any, Any]:
    """The distinct pairs of words, the pair of each cell, and where either is null."""
    left, right = np.broadcast_arrays(np.asarray(a.codes), np.asarray(b.codes))
    null = (left < 0) | (right < 0)
    joint = select(null, 0, left * max(1, len(b.words)) + right)
    distinct, inverse = np.unique(joint, return_inverse=True)
    width = max(1, len(b.words))
    words = [(a.words[k // width] if a.words else "", b.words[k % width] if b.words else "") for k in distinct.tolist()]
    return words, inverse.reshape(left.shape), null


def concat(a: Str, b: Str) -> Str:
    words, cells, null = _pairs(a, b)
    table = encode([left + right for left, right in words])
    codes = table.codes[cells] if len(table.codes) else cells
    return Str(select(null, -1, codes), table.words)


def _text_test(function: Callable[[str, str], bool]) -> Callable[[Str, Str], Bool]:
    def apply(a: Str, b: Str) -> Bool:
        words, cells, null = _pairs(a, b)
        answers = np.array([function(left, right) for left, right in words] or [False])[cells]
        return Bool(answers & ~null, ~answers & ~null) if null.any() else Bool(answers)

    return apply


contains = _text_test(scalar.contains)
starts_with = _text_test(scalar.starts_with)
