"""Turn a column's numbers or words into the Column of an input, and say which cells cannot stand."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache, partial
from typing import Any

import numpy as np

from engine.diagnostics import Diagnostic, Hint
from engine.feel.arrays import Bits, Bool, Column, Items, Mask, Num, Str, Texts, from_values, null_of, take
from engine.model.plan import Input
from engine.profiles import cells, numerals, reasons
from engine.profiles.cells import Wrong
from engine.profiles.numerals import EN, Written
from engine.profiles.table import shortened

YES = ("yes", "y", "true", "ya", "benar", "betul", "ada", "sudah", "1")
NO = ("no", "n", "f", "false", "tidak", "tdk", "salah", "tidak_ada", "belum", "0")
YES_NO = {**dict.fromkeys(YES, True), **dict.fromkeys(NO, False)}
T = {"en": True, "id": False}  # a lone `t` is true, or tidak
Shown = Callable[[np.ndarray], list[str | None]]


@dataclass(frozen=True, slots=True)
class Field:
    """An input as a source gives it, for all rows. `column` is a function for free texts. `text`: a free text's pyarrow column, trimmed.
    `source`: the column as the file calls it. `shown`: the texts of that column at some rows. `currency`: the words for currencies in its cells."""

    column: Column | Callable[[], Column]
    null: Mask
    wrongs: tuple[Wrong, ...]
    source: str
    shown: Shown
    text: Any = None
    currency: Any = None


def from_cells(item: Input, column: Any, source: str, written: Written = EN) -> Field:
    """An input from a pyarrow column of a sheet. `written`: how its numbers are written, as `numerals.settled` says."""
    shown = partial(cells.at, column)
    if item.type.kind == "number":
        read = cells.typed_numbers(column) if cells.is_typed(column) else numerals.numbers(item, column, written)
        unread = [
            (read.not_numbers, partial(reasons.not_a_number, item, written.locale)),
            (read.too_large, reasons.too_large),
            (read.two_ways, partial(reasons.two_ways, item)),
        ]
        first = tuple(cells.wrong(rows, shown(rows), why) for rows, why in unread if rows.size)
        made, rest = from_numbers(item, read.values, read.null, shown, np.concatenate([rows for rows, _ in unread]))
        return Field(made, read.null, (*first, *rest), source, shown, currency=read.currency)
    texts = cells.texts(column)
    if item.type.kind == "string" and item.type.values is None:
        text = cells.trimmed(texts)
        null = text.is_null().to_numpy() if text.null_count else None
        return Field(partial(_free_text, text), null, (), source, shown, text)
    codes, words = cells.words(texts)
    column_, wrongs = from_words(item, codes, words, written)
    return Field(column_, null_of(column_), wrongs, source, shown)


def _free_text(text: Any) -> Str:
    codes, distinct = cells.encoded(text)
    return Str(codes, Texts(distinct))


def decoded(column: Str) -> Any:
    """A column of words as a pyarrow array."""
    import pyarrow as pa

    codes = np.asarray(column.codes)
    return pa.array(column.words, pa.string()).take(pa.array(codes, mask=codes < 0))


def from_numbers(item: Input, values: np.ndarray, null: Mask, shown: Shown, unread: np.ndarray | None = None) -> tuple[Num, tuple[Wrong, ...]]:
    """Numbers that are within the input's range, and whole where they have to be. `unread`: rows that have been found wrong before."""
    known = np.ones(values.shape, dtype=bool) if null is None else ~null
    if unread is not None:
        known[unread] = False
    low, high = item.type.low, item.type.high
    inside = (values > low if item.low_open else values >= low) & (values < high if item.high_open else values <= high)
    checks: list[tuple[np.ndarray, Callable[[str], Diagnostic]]] = [(~inside & known, partial(reasons.out_of_range, item))]
    if item.type.integer:
        checks.append(((values != np.rint(values)) & inside & known, reasons.not_whole))
    found = [(np.flatnonzero(mask), why) for mask, why in checks]
    return Num(values, null), tuple(cells.wrong(rows, shown(rows), why) for rows, why in found if rows.size)


def from_words(item: Input, codes: np.ndarray, words: Sequence[str | tuple[str | None, ...]], written: Written = EN) -> tuple[Column, tuple[Wrong, ...]]:
    """What each distinct word means for the input, spread over the rows. A tuple is a list of words."""
    mean = meaning(item, written)
    meanings = [mean(word) for word in words]
    bad = [code for code, value in enumerate(meanings) if isinstance(value, Diagnostic)]
    values = [None if isinstance(value, Diagnostic) else value for value in meanings]
    column = _tight(take(from_values([*values, None], item.type.kind, item.type.values), codes))
    if not bad:
        return column, ()
    place = np.full(len(words) + 1, -1, dtype=np.int64)
    place[bad] = np.arange(len(bad))
    rows = np.flatnonzero(place[codes] >= 0)
    findings = tuple((shortened(_joined(words[code])), value) for code, value in enumerate(meanings) if isinstance(value, Diagnostic))
    return column, (Wrong(rows, place[codes[rows]], findings),)


def _joined(word: str | tuple[str | None, ...]) -> str:
    return word if isinstance(word, str) else ";".join(member or "null" for member in word)


def meaning(item: Input, written: Written = EN) -> Callable[[str | tuple[str | None, ...]], Any]:
    """A function from a cell's words to the input's value, None when missing, or a diagnostic."""
    kind = item.type.kind
    known = spoken(item)
    spelled = reasons.Spelled(known)

    def one(given: str | tuple[str | None, ...]) -> Any:
        word = _joined(given).strip()
        if not word:
            return None
        if kind == "boolean":
            key = folded(word)
            if key == "t" and not written.sure:
                return Diagnostic("P318", {"text": word}, None, Hint("hint.yes_no"))
            answer = T[written.locale] if key == "t" else YES_NO.get(key)
            return reasons.not_yes_or_no(word) if answer is None else answer
        found = known.get(word) or known.get(folded(word))
        return found if found is not None else reasons.unknown_word(item, word, spelled)

    def several(word: str | tuple[str | None, ...]) -> Any:
        if isinstance(word, str):
            if word.strip() == "-":
                return ()
            word = tuple(part for part in word.split(";") if part.strip())
            if not word:
                return None
        members = []
        for part in word:
            member = one(part or "null")
            if isinstance(member, Diagnostic):
                return member
            if kind == "ranking" and member in members:
                return Diagnostic("P310", {"text": member})
            members.append(member)
        return tuple(members)

    return several if kind in ("set", "ranking") else one


def spoken(item: Input) -> Mapping[str, str]:
    """Every way to write one of the input's words: itself, whatever its case, and its labels. What could mean two words means none."""
    ways: dict[str, set[str]] = {}
    for value in item.type.values or ():
        for way in (value, *item.value_labels.get(value, {}).values(), *item.value_aliases.get(value, ())):
            ways.setdefault(folded(way), set()).add(value)
    return {way: min(means) for way, means in ways.items() if len(means) == 1} | {value: value for value in item.type.values or ()}


@lru_cache(maxsize=1 << 16)
def folded(text: str) -> str:
    """A name without regard to case, spaces, underscores or punctuation."""
    return re.sub(r"[\W_]+", "_", text.casefold()).strip("_")


def settled_words(column: Any) -> Written:
    """What a lone `t` means in a column of yes and no, by its first rows: true ("en") beside f, tidak ("id") beside y, not sure otherwise."""
    first = {folded(word) for word in cells.words(cells.texts(column.slice(0, numerals.SAMPLE)))[1]}
    en, id = bool(first & {"f", "false", "true"}), bool(first & {"y", "ya", "tidak"})
    return Written("id" if id else "en", en != id)


def _tight(column: Column) -> Column:
    """The column without masks that mask nothing."""
    match column:
        case Num(values=values, null=null) if null is not None and not null.any():
            return Num(values)
        case Bool(true=true, _false=false) if false is not None and (true | false).all():
            return Bool(true)
        case Bits(bits=bits, words=words, null=null) if null is not None and not null.any():
            return Bits(bits, words)
        case Items(items=items, count=count, null=null) if null is not None and not null.any():
            return Items(items, count)
    return column
