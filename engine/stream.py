"""Turn a source of profiles into pieces of answers, in order: reading, deciding and writing overlap, and only a few pieces are held at a time."""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache, partial
from typing import Any

import numpy as np

from engine.api import inputs_of
from engine.batch import evaluate
from engine.diagnostics import Diagnostic, errors
from engine.model.plan import Plan
from engine.outcome.journal import Kept
from engine.parallel import keep_memory, processors, streamed
from engine.profiles.convert import convert, match
from engine.profiles.convert import locales_of as convert_locales
from engine.profiles.gather import repeated
from engine.profiles.locales import Locales
from engine.profiles.mapping import convert_mapped, used_columns
from engine.profiles.mapping import locales_of as mapped_locales
from engine.profiles.mapping_file import MappingFile
from engine.profiles.seen import Seen, keys_of
from engine.profiles.sheet import Lines, Sheet
from engine.profiles.sources.base import Piece, Reader, Refused, Source
from engine.profiles.table import Profiles, Reject, without
from engine.scoring.chosen import Chosen
from engine.scoring.robustness.samples import Sampling


@dataclass(frozen=True, slots=True)
class Asked:
    """What is asked of every piece. `shape(table, first)`: the bytes that go into the output."""

    plan: Plan
    name: str
    shape: Callable[[Any, bool], bytes]
    mapping: MappingFile | None = None
    keep: tuple[str, ...] = ()
    top: int = 3
    form: str = "wide"
    lang: str = "en"
    method: Chosen | None = None
    sampling: Sampling | None = None
    locale: str | None = None


@dataclass(frozen=True, slots=True)
class Done:
    """One piece's answers. `rejects`: rows count from the file's first. `keys`: of every row's id, 0 where it has none that counts.
    `found`: what is to be said of the columns; with errors there is no answer."""

    read: int = 0
    content: bytes = b""
    statuses: Counter[str] = field(default_factory=Counter)
    rejects: tuple[Reject, ...] = ()
    keys: np.ndarray = field(default_factory=lambda: np.zeros(0, dtype=np.uint64))
    found: tuple[Diagnostic, ...] = ()
    lines: np.ndarray | None = None  # see `_lines`


class Changed(Exception):
    """The input is no longer what it was when its first pieces were answered."""


@dataclass(frozen=True, slots=True)
class _Head:
    """What holds for all pieces: how to read one, and how the columns are written, by the first rows. `again`: pieces can be read again."""

    reader: Reader
    again: bool
    locales: Locales | None = None


def run(asked: Asked, source: Source, workers: int | None = None, before: Iterable[Kept] = ()) -> Iterator[tuple[Piece, Done]]:
    """Every piece with its answers, in order; the first one's say what is to be said of the whole input. `before`: the first pieces, which have been answered
    and are passed over.

    Raises Refused when the input, or a piece of it, can't be read, and Changed when the first pieces are others.
    """
    head, said = _settled(asked, source)
    keep_memory()
    seen, earlier, row = Seen(), _Earlier(asked, head, source), 0
    pieces, first = source.pieces(), True
    for kept in before:
        passed = next(pieces, None)
        if passed is None or not kept.is_of(passed):
            raise Changed
        seen.add(kept.keys, row)
        earlier.add(row, passed, kept.lines)
        row += kept.read
    for piece, done in streamed(partial(answer, asked, head), pieces, workers or processors()):
        if errors(done.found):
            raise Refused(done.found)
        again = seen.add(done.keys, row)
        if again and (twice := earlier.twice(again, piece)):
            done = answer(asked, head, piece, twice)
        found = (*source.said, *done.found, *said) if first else ()
        first = False
        yield piece, replace(done, rejects=tuple(replace(item, row=item.row + row) for item in done.rejects), found=found)
        earlier.add(row, piece, done.lines)
        row += done.read
    if not row:
        raise Refused(source.nothing())


def answer(asked: Asked, head: _Head, piece: Piece, twice: Mapping[int, Diagnostic] | None = None) -> Done:
    """Read, decide and lay out one piece. `twice`: rows of it whose id an earlier piece has."""
    sheet, found = head.reader.sheet(piece)
    if sheet is None:
        return Done(found=tuple(found))
    profiles, more = _profiles(asked, head, sheet)
    found = [*found, *more]
    if profiles is None:
        return Done(found=tuple(found))
    keys = keys_of(profiles.labels["id"])
    keys[[item.row for item in sheet.broken]] = 0
    if twice:
        profiles = without(profiles, asked.plan.settings.id, twice, sheet.line_of)
    answered = evaluate(asked.plan, profiles, None, asked.top, asked.form, asked.lang, method=asked.method, sampling=asked.sampling, workers=1)
    content = asked.shape(answered.table, piece.number == 0)
    return Done(answered.read, content, answered.statuses, answered.rejects, keys, tuple(found), None if head.again else _lines(sheet))


def _profiles(asked: Asked, head: _Head, sheet: Sheet) -> tuple[Profiles | None, list[Diagnostic]]:
    inputs = inputs_of(asked.plan)
    if asked.mapping is None:
        return convert(sheet, inputs, asked.keep, locales=head.locales)
    return convert_mapped(sheet, asked.mapping, inputs, asked.keep, locales=head.locales)


def _settled(asked: Asked, source: Source) -> tuple[_Head, list[Diagnostic]]:
    """What the first rows say of how numbers are written: all pieces are read by that. Columns that nothing is made of are not read any further."""
    sheet = source.sample()
    if sheet is None:
        return _Head(source.reader, source.twice), []
    inputs = inputs_of(asked.plan)
    if asked.mapping is None:
        locales, said = convert_locales(sheet, inputs, asked.locale)
        used = set(match(sheet, inputs)[0].values())
    else:
        locales, said = mapped_locales(sheet, asked.mapping, inputs, asked.locale)
        used = set(used_columns(sheet, asked.mapping, inputs))
    source.use(used | set(asked.keep))
    return _Head(source.reader, source.twice, locales), said


def _lines(sheet: Sheet) -> np.ndarray | None:
    """(n,) how far each row's line is from where it would be if every row was one line; None where each is there, or where there are no lines."""
    lines = sheet.line_of(range(sheet.size))
    if lines[0] is None:
        return None
    found = np.array(lines, dtype=np.int64) - np.arange(sheet.size)
    return found if len(found) and (found != found[0]).any() else found[:1]


class _Earlier:
    """Where each piece begins, to find the row that had an id first; and the ids of the pieces asked for last."""

    def __init__(self, asked: Asked, head: _Head, source: Source) -> None:
        self._asked, self._head, self._source = asked, head, source
        self._rows: list[int] = []
        self._pieces: list[Piece] = []
        self._lines: list[np.ndarray | None] = []
        self._known = lru_cache(maxsize=4)(self._ids)

    def add(self, row: int, piece: Piece, lines: np.ndarray | None) -> None:
        self._rows.append(row)
        self._pieces.append(replace(piece, body=None))
        self._lines.append(lines)

    def twice(self, again: Mapping[int, int], piece: Piece) -> dict[int, Diagnostic]:
        """`again`: rows of the piece -> the row of the file with the same key. What is to be said of those whose ids are the same."""
        mine, _ = self._labels(piece)
        found: dict[int, Diagnostic] = {}
        for position, row in again.items():
            text = mine[position].as_py()
            number = bisect_right(self._rows, row) - 1
            there = row - self._rows[number]
            if not self._head.again:
                found[position] = repeated(text, self._line(number, there), row)
                continue
            ids, line_of = self._known(number)
            if ids[there].as_py() == text:
                found[position] = repeated(text, line_of([there])[0], row)
        return found

    def _line(self, number: int, there: int) -> int | None:
        lines = self._lines[number]
        return None if lines is None else int(lines[there if len(lines) > 1 else 0]) + there

    def _ids(self, number: int) -> tuple[Any, Lines]:
        return self._labels(self._source.again(self._pieces[number]))

    def _labels(self, piece: Piece) -> tuple[Any, Lines]:
        sheet, _ = self._head.reader.sheet(piece)
        assert sheet is not None
        profiles = _profiles(self._asked, self._head, sheet)[0]
        assert profiles is not None
        return profiles.labels["id"], sheet.line_of
