"""Turn an expression for an input into a typed tree, and what it gives into the input's column, checked like cells that say the same."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np

from engine.diagnostics import Diagnostic, Hint, Span
from engine.feel.arrays import Bits, Bool, Column, Items, Num, Str, broadcast
from engine.feel.check import Locate, Scope, check
from engine.feel.numbers import number_text
from engine.feel.parse import parse
from engine.feel.tree import Tree
from engine.model.plan import Input
from engine.profiles.cells import Wrong
from engine.profiles.fields import from_numbers, from_words
from engine.texts import Word

_FITS = {"set": ("list", "set", "string"), "ranking": ("list", "ranking", "string")}


def typed(item: Input, text: str, scope: Scope, locate: Locate, advise: Callable[[Tree], Hint | None] = lambda _: None) -> tuple[Tree | None, list[Diagnostic]]:
    """The typed tree of an expression, of a kind that the input takes. `advise`: the hint where it is of another kind."""
    node, found = parse(text, locate)
    if node is None:
        return None, found
    tree, found = check(node, scope, locate)
    if tree is None or found:
        return None, found
    kind, got = item.type.kind, tree.type.kind
    fits = got == "null" or got in _FITS.get(kind, (kind,))
    if fits and not (got == "list" and tree.type.item is not None and tree.type.item.kind not in ("string", "null")):
        return tree, []
    span: Span = locate(*tree.span)
    values = {"input": item.id, "wanted": Word(kind), "text": " ".join(span.text.split())[:60], "got": Word(got)}
    return None, [Diagnostic("P402", values, span, advise(tree))]


def converted(item: Input, column: Column, size: int, shown: Any) -> tuple[Column, tuple[Wrong, ...]]:
    """A computed column as the input's, checked."""
    if isinstance(column, Num):
        column = broadcast(column, size)
        assert isinstance(column, Num)
        null = None if column.null is None or not column.null.any() else np.array(column.null)
        return from_numbers(item, column.values + 0.0, null, shown or partial(shown_values, column))
    if isinstance(column, Bool):
        column = broadcast(column, size)
        assert isinstance(column, Bool)
        return Bool(np.array(column.true), None if column._false is None else np.array(column._false)), ()
    if isinstance(column, Str):
        codes = np.broadcast_to(column.codes, (size,)).astype(np.int64)
        if item.type.kind == "string" and item.type.values is None:
            return _trimmed(codes, column.words), ()
        return from_words(item, codes, column.words)
    codes, lists = _members(column, size) if isinstance(column, Bits) else _lists(column, size)
    return from_words(item, codes, lists)


def _trimmed(codes: np.ndarray, words: tuple[str, ...]) -> Str:
    """Texts without space around them, empty ones null."""
    place: dict[str, int] = {}
    table = np.array([place.setdefault(word.strip(), len(place)) if word.strip() else -1 for word in words] + [-1], dtype=np.int64)
    return Str(table[codes], tuple(place))


def _members(column: Bits, size: int) -> tuple[np.ndarray, list[tuple[str | None, ...]]]:
    """A column of sets as codes over its distinct sets, -1 where null."""
    distinct, codes = np.unique(np.broadcast_to(column.bits, (size,)), return_inverse=True)
    sets: list[tuple[str | None, ...]] = [tuple(word for i, word in enumerate(column.words) if bits >> i & 1) for bits in distinct.tolist()]
    null = np.zeros(size, dtype=bool) if column.null is None else column.null
    return np.where(null, -1, codes.reshape(-1)), sets


def _lists(column: Items, size: int) -> tuple[np.ndarray, list[tuple[str | None, ...]]]:
    """A column of lists of words as codes over its distinct lists, -1 where null."""
    parts = [member for member in column.items if isinstance(member, Str)]
    count = np.asarray(column.count)
    keys = [np.where(count > i, np.asarray(member.codes), -2) for i, member in enumerate(parts)]
    null = np.zeros((), dtype=bool) if column.null is None else np.asarray(column.null)
    table = np.stack([np.asarray(key, dtype=np.int64) for key in np.broadcast_arrays(np.where(null, -3, count), *keys)], axis=-1)
    distinct, codes = np.unique(table.reshape(-1, table.shape[-1]), axis=0, return_inverse=True)
    lists: list[tuple[str | None, ...]] = []
    place = np.full(len(distinct), -1, dtype=np.int64)
    for row, (length, *members) in enumerate(distinct.tolist()):
        if length >= 0:
            place[row] = len(lists)
            lists.append(tuple(part.words[code] if code >= 0 else None for part, code in zip(parts, members[:length], strict=False)))
    return np.broadcast_to(place[codes.reshape(-1)], (size,)), lists


def shown_values(column: Column, rows: np.ndarray) -> list[str | None]:
    """Computed values at some rows, as a cell would hold them."""
    match column:
        case Num(values=values, null=null):
            return [None if null is not None and null[row] else number_text(float(values[row])) for row in rows.tolist()]
        case Str(codes=codes, words=words):
            return [words[code] if code >= 0 else None for code in codes[rows].tolist()]
    return [None] * len(rows)
