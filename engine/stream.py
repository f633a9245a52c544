"""Turn a CSV file or stream of profiles into pieces of answers, in order: reading, deciding and writing overlap, and only a few pieces are held at a time."""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache, partial
from typing import Any, BinaryIO

import numpy as np

from engine.api import inputs_of
from engine.batch import evaluate
from engine.cells import record
from engine.diagnostics import Diagnostic, errors
from engine.model.plan import Plan
from engine.parallel import keep_memory, processors, streamed
from engine.profiles.convert import convert
from engine.profiles.convert import locales_of as convert_locales
from engine.profiles.csv_file import HEADER, read_csv
from engine.profiles.dialect import PLAIN
from engine.profiles.gather import repeated
from engine.profiles.locales import Locales
from engine.profiles.mapping import convert_mapped
from engine.profiles.mapping import locales_of as mapped_locales
from engine.profiles.mapping_file import MappingFile
from engine.profiles.numerals import SAMPLE as ROWS
from engine.profiles.pieces import Piece, pieces
from engine.profiles.seen import Seen, keys_of
from engine.profiles.sheet import Lines, Sheet
from engine.profiles.table import Profiles, Reject, without
from engine.scoring.chosen import Chosen
from engine.scoring.robustness.samples import Sampling

LARGEST_HEAD = 1 << 26  # bytes: rows so long that fewer than `ROWS` fit are judged by fewer


@dataclass(frozen=True, slots=True)
class Asked:
    """What is asked of every piece. `shape(table, first)`: the bytes that go into the output."""

    plan: Plan
    name: str
    shape: Callable[[Any, bool], Any]
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
    content: Any = b""
    statuses: Counter[str] = field(default_factory=Counter)
    rejects: tuple[Reject, ...] = ()
    keys: np.ndarray = field(default_factory=lambda: np.zeros(0, dtype=np.uint64))
    found: tuple[Diagnostic, ...] = ()


class Refused(Exception):
    """Internal: the input can't be read; `found` says why."""

    def __init__(self, found: Sequence[Diagnostic]) -> None:
        super().__init__()
        self.found = list(found)


@dataclass(frozen=True, slots=True)
class _Head:
    """The header with its line break, and what stands behind it. `start`, `line`: bytes and lines before `carry`."""

    text: bytes
    start: int
    line: int
    carry: bytes
    mark: int  # bytes of a byte order mark
    locales: Locales | None = None  # how the columns are written, by the first rows


def run(asked: Asked, stream: BinaryIO, workers: int | None = None, reread: Callable[[int, int], bytes] | None = None) -> Iterator[tuple[Piece, Done]]:
    """Every piece with its answers, in order. `reread(start, size)`: bytes of the input again, to see which row had an id first; None for a stream.

    Raises Refused when the input, or a piece of it, can't be read.
    """
    head = _head(stream)
    head, said = _settled(asked, head)
    keep_memory()
    seen, earlier, row = Seen(), _Earlier(asked, head, reread), 0
    filled = (piece for piece in pieces(stream, head.start, head.line, head.carry) if piece.body.strip(b"\r\n"))
    numbered = (replace(piece, number=number) for number, piece in enumerate(filled))
    for piece, done in streamed(partial(answer, asked, head), numbered, workers or processors()):
        if errors(done.found):
            raise Refused(done.found)
        again = seen.add(done.keys, row)
        if again and (twice := earlier.twice(again, piece)):
            done = answer(asked, head, piece, twice)
        found = (*done.found, *said) if piece.number == 0 else done.found
        yield piece, replace(done, rejects=tuple(replace(item, row=item.row + row) for item in done.rejects), found=found)
        earlier.add(row, piece)
        row += done.read
    if not row:
        raise Refused(read_csv(asked.name, head.text)[1])


def answer(asked: Asked, head: _Head, piece: Piece, twice: Mapping[int, Diagnostic] | None = None) -> Done:
    """Read, decide and lay out one piece. `twice`: rows of it whose id an earlier piece has."""
    sheet, found = _sheet(asked.name, head, piece)
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
    return Done(answered.read, asked.shape(answered.table, piece.number == 0), answered.statuses, answered.rejects, keys, tuple(found))


def _profiles(asked: Asked, head: _Head, sheet: Sheet) -> tuple[Profiles | None, list[Diagnostic]]:
    inputs = inputs_of(asked.plan)
    if asked.mapping is None:
        return convert(sheet, inputs, asked.keep, locales=head.locales)
    return convert_mapped(sheet, asked.mapping, inputs, asked.keep, locales=head.locales)


def _settled(asked: Asked, head: _Head) -> tuple[_Head, list[Diagnostic]]:
    """With what the first rows say of how numbers are written; all pieces are read by that."""
    end = head.carry.rfind(b"\n") + 1 or len(head.carry)
    sheet, _ = read_csv(asked.name, head.text + head.carry[:end], PLAIN)
    if sheet is None:
        return head, []
    inputs = inputs_of(asked.plan)
    if asked.mapping is None:
        locales, said = convert_locales(sheet, inputs, asked.locale)
    else:
        locales, said = mapped_locales(sheet, asked.mapping, inputs, asked.locale)
    return replace(head, locales=locales), said


def _head(stream: BinaryIO) -> _Head:
    block = stream.read(HEADER)
    while len(block) < LARGEST_HEAD and block.count(b"\n") <= ROWS and (more := stream.read(HEADER)):
        block += more
    mark = 3 if block.startswith(b"\xef\xbb\xbf") else 0
    block = block[mark:]
    begin = len(block) - len(block.lstrip(b"\r\n"))
    text = block[begin:].decode("utf-8", "replace")
    end = begin + len(text[: record(text).end].encode())
    end += len(block[end : end + 2]) if block[end : end + 2] == b"\r\n" else len(block[end : end + 1])
    return _Head(block[:end], end, block.count(b"\n", 0, end), block[end:], mark)


def _sheet(name: str, head: _Head, piece: Piece) -> tuple[Sheet | None, list[Diagnostic]]:
    """The piece as a sheet of its own whose lines are those of the file."""
    sheet, found = read_csv(name, head.text + piece.body, PLAIN)
    before = piece.line - head.line
    if sheet is None:
        return None, read_csv(name, b"\n" * before + head.text + piece.body, PLAIN)[1] if before else found
    own = sheet.line_of

    def line_of(rows: Sequence[int]) -> Sequence[int | None]:
        return [None if line is None else line + before for line in own(rows)]

    return replace(sheet, line_of=line_of), found


class _Earlier:
    """Where each piece begins, to find the row that had an id first; and the ids of the pieces asked for last."""

    def __init__(self, asked: Asked, head: _Head, reread: Callable[[int, int], bytes] | None) -> None:
        self._asked, self._head, self._reread = asked, head, reread
        self._rows: list[int] = []
        self._pieces: list[Piece] = []
        self._sizes: list[int] = []
        self._known = lru_cache(maxsize=4)(self._ids)

    def add(self, row: int, piece: Piece) -> None:
        self._rows.append(row)
        self._pieces.append(replace(piece, body=b""))
        self._sizes.append(len(piece.body))

    def twice(self, again: Mapping[int, int], piece: Piece) -> dict[int, Diagnostic]:
        """`again`: rows of the piece -> the row of the file with the same key. What is to be said of those whose ids are the same."""
        mine, _ = self._labels(piece)
        found: dict[int, Diagnostic] = {}
        for position, row in again.items():
            text = mine[position].as_py()
            if self._reread is None:
                found[position] = repeated(text, None, row)
                continue
            number = bisect_right(self._rows, row) - 1
            ids, line_of = self._known(number)
            there = row - self._rows[number]
            if ids[there].as_py() == text:
                found[position] = repeated(text, line_of([there])[0], row)
        return found

    def _ids(self, number: int) -> tuple[Any, Lines]:
        assert self._reread is not None
        piece = self._pieces[number]
        return self._labels(replace(piece, body=self._reread(piece.start + self._head.mark, self._sizes[number])))

    def _labels(self, piece: Piece) -> tuple[Any, Lines]:
        sheet, _ = _sheet(self._asked.name, self._head, piece)
        assert sheet is not None
        profiles = _profiles(self._asked, self._head, sheet)[0]
        assert profiles is not None
        return profiles.labels["id"], sheet.line_of
