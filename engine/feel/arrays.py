"""Columns: what a name or an expression is for a whole batch at once. Arrays broadcast: () a constant, (N,) profiles, (K, 1) structures, (K, N) both.

Missing is a mask for numbers and containers, two masks for booleans (is true, is false), code -1 for texts.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np

Mask = Any  # a boolean array, or None for "no such row"


@dataclass(slots=True)
class Num:
    """`values`: float64; at null positions they are finite and mean nothing."""

    values: Any
    null: Mask = None


@dataclass(slots=True)
class Bool:
    """`true` and `false`: never both. `_false` None: there are no nulls."""

    true: Any
    _false: Mask = None

    @property
    def false(self) -> Any:
        if self._false is None:
            self._false = np.logical_not(self.true)
        return self._false


class Texts:
    """Distinct words, as a pyarrow array and, when one of them is asked for, as Python texts."""

    __slots__ = ("_words", "array")

    def __init__(self, array: Any) -> None:
        self.array = array
        self._words: tuple[str, ...] | None = None

    @property
    def words(self) -> tuple[str, ...]:
        if self._words is None:
            self._words = tuple(self.array.to_pylist())
        return self._words


@dataclass(slots=True)
class Str:
    """`codes`: positions in `words`, -1 for null."""

    codes: Any
    source: tuple[str, ...] | Texts

    @property
    def words(self) -> tuple[str, ...]:
        return self.source if isinstance(self.source, tuple) else self.source.words


@dataclass(slots=True)
class Bits:
    """A set: bit i is set when `words[i]` is a member."""

    bits: Any
    words: tuple[str, ...]
    null: Mask = None


@dataclass(slots=True)
class Items:
    """A list or ranking: `items[i]` is its member i + 1 where `count` exceeds i; elsewhere a text is null, and anything else means nothing."""

    items: list[Column]
    count: Any
    null: Mask = None


Column = Num | Bool | Str | Bits | Items


def either(a: Mask, b: Mask) -> Mask:
    """The union of two masks, either of which may be None."""
    if a is None:
        return b
    return a if b is None else a | b


def null_of(column: Column) -> Mask:
    """Where a column is null, or None when nowhere."""
    match column:
        case Num(null=null) | Bits(null=null) | Items(null=null):
            return null
        case Bool():
            return None if column._false is None else ~(column.true | column.false)
        case Str(codes=codes):
            missing = np.asarray(codes) < 0
            return missing if missing.any() else None


def recode(column: Str, words: tuple[str, ...]) -> Any:
    """The column's codes in another list of words; -2 for a text that is not in it, -1 stays null."""
    if column.words is words or column.words == words:
        return column.codes
    return _recoding(column.words, words)[column.codes]


@lru_cache(maxsize=4096)
def _recoding(old: tuple[str, ...], new: tuple[str, ...]) -> np.ndarray:
    place = {word: i for i, word in enumerate(new)}
    return np.array([place.get(word, -2) for word in old] + [-1], dtype=np.int64)


def merge_words(a: tuple[str, ...], b: tuple[str, ...]) -> tuple[str, ...]:
    return a if a == b else tuple(dict.fromkeys(a + b))


def encode(texts: Sequence[str | None]) -> Str:
    """Texts as codes over their distinct words, in order of first appearance."""
    place: dict[str, int] = {}
    codes = np.fromiter((-1 if text is None else place.setdefault(text, len(place)) for text in texts), dtype=np.int64, count=len(texts))
    return Str(codes, tuple(place))


def from_values(values: Sequence[Any], kind: str, words: tuple[str, ...] | None = None, item: Any = None) -> Column:
    """A column from Python values, None for missing. `kind` is a type's kind; `words` its declared values."""
    n = len(values)
    missing = np.array([value is None for value in values], dtype=bool)
    null = missing if missing.any() else None
    match kind:
        case "number":
            return Num(np.array([0.0 if value is None else float(value) for value in values], dtype=np.float64), null)
        case "boolean":
            true = np.array([value is True for value in values], dtype=bool)
            return Bool(true, None if null is None else ~true & ~missing)
        case "string" if words is not None:
            place = {word: i for i, word in enumerate(words)}
            return Str(np.array([-1 if value is None else place[value] for value in values], dtype=np.int64), words)
        case "string":
            return encode(values)
        case "set":
            assert words is not None
            place = {word: i for i, word in enumerate(words)}
            bits = [0 if value is None else sum(1 << place[word] for word in set(value)) for value in values]
            return Bits(np.array(bits, dtype=np.uint64), words, null)
        case "ranking":
            assert words is not None
            return _items(values, n, null, "string", words, None, len(words))
        case "list":
            longest = max((len(value) for value in values if value is not None), default=0)
            return _items(values, n, null, item.kind if item else "number", item.values if item else None, item.item if item else None, longest)
    raise ValueError(kind)


def _items(values: Sequence[Any], n: int, null: Mask, kind: str, words: tuple[str, ...] | None, item: Any, longest: int) -> Items:
    columns = [from_values([None if v is None or i >= len(v) else v[i] for v in values], kind, words, item) for i in range(longest)]
    count = np.array([0 if value is None else len(value) for value in values], dtype=np.int64)
    return Items(columns, count, null)


def to_values(column: Column, n: int) -> list[Any]:
    """The column as Python values, None for missing: the inverse of `from_values`. Any shape that broadcasts to (n,)."""

    def flat(array: Any) -> list[Any]:
        return list(np.broadcast_to(np.asarray(array), (n,)).tolist())

    missing = flat(False if (null := null_of(column)) is None else null)
    found: list[Any]
    match column:
        case Num(values=values):
            found = [value + 0.0 for value in flat(values)]
        case Bool(true=true):
            found = flat(true)
        case Str(codes=codes, words=words):
            found = [words[code] if code >= 0 else None for code in flat(codes)]
        case Bits(bits=bits, words=words):
            found = [tuple(word for i, word in enumerate(words) if int(bit) >> i & 1) for bit in flat(bits)]
        case Items(items=items, count=count):
            members = [to_values(item, n) for item in items]
            found = [tuple(members[i][row] for i in range(int(k))) for row, k in enumerate(flat(count))]
    return [None if gone else value for gone, value in zip(missing, found, strict=True)]


def mapped(column: Column, change: Callable[[Any], Any]) -> Column:
    """The column with every array of it changed; `change` is also given None, for a mask that is not there."""
    match column:
        case Num(values=values, null=null):
            return Num(change(values), change(null))
        case Bool():
            return Bool(change(column.true), change(column._false))
        case Str(codes=codes, source=source):
            return Str(change(codes), source)
        case Bits(bits=bits, words=words, null=null):
            return Bits(change(bits), words, change(null))
        case Items(items=items, count=count, null=null):
            return Items([mapped(item, change) for item in items], change(count), change(null))


def take(column: Column, rows: Any) -> Column:
    """The column at some rows of its last axis; constants stay as they are."""

    def pick(array: Any) -> Any:
        return array if array is None or np.ndim(array) == 0 or (np.shape(array)[-1] == 1 and np.ndim(array) > 1) else array[..., rows]

    return mapped(column, pick)


def broadcast(column: Column, n: int) -> Column:
    """The column with every array of shape (n,)."""
    return mapped(column, lambda array: None if array is None else np.broadcast_to(np.asarray(array), (n,)))
