"""JSON lines in pieces of whole lines; a key that first appears in a later piece is a column from there on."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace

from engine.diagnostics import Diagnostic, errors
from engine.profiles import pieces
from engine.profiles.native import read_jsonl
from engine.profiles.numerals import SAMPLE
from engine.profiles.sheet import Sheet
from engine.profiles.sources.base import Piece, Refused
from engine.profiles.sources.streams import Again, Counted, Rereadable, Whole
from engine.profiles.sources.text import LARGEST_HEAD, MARK

BLOCK = 1 << 22


@dataclass(frozen=True, slots=True)
class LinesReader:
    """`columns`: the keys of the first rows, which every piece has."""

    name: str
    columns: tuple[str, ...] = ()

    def sheet(self, piece: Piece) -> tuple[Sheet | None, list[Diagnostic]]:
        import pyarrow as pa

        sheet, found = read_jsonl(self.name, piece.body, piece.row)
        if sheet is None:
            return None, read_jsonl(self.name, b"\n" * piece.line + piece.body, piece.row)[1] if piece.line else found
        own, missing = sheet.line_of, pa.chunked_array([pa.nulls(sheet.size)])
        columns = {name: sheet.columns.get(name, missing) for name in self.columns} | dict(sheet.columns)

        def line_of(rows: Sequence[int]) -> Sequence[int | None]:
            return [None if line is None else line + piece.line for line in own(rows)]

        return replace(sheet, columns=columns, line_of=line_of), found

    def rows(self, piece: Piece) -> int | None:
        return _filled(piece.body)


class JsonLines(Rereadable):
    rows: int | None = None

    def __init__(self, name: str, stream: Whole, raw: Counted, size: int, again: Again | None) -> None:
        self._raw, self._stream, self._again, self.size = raw, stream, again, size
        self.said: list[Diagnostic] = []
        self.reader = LinesReader(name)
        first = stream.read(len(MARK))
        self._mark = len(MARK) if first == MARK else 0
        self._carry = first[self._mark :]

    @property
    def done(self) -> int:
        return self._raw.done

    def sample(self) -> Sheet | None:
        while len(self._carry) < LARGEST_HEAD and self._carry.count(b"\n") <= SAMPLE and (more := self._stream.read(BLOCK)):
            self._carry += more
        end = _after(self._carry, SAMPLE)
        if not self._carry[:end].strip():
            return None
        sheet, found = self.reader.sheet(Piece(0, 0, 0, self._carry[:end], end))
        if sheet is None:
            raise Refused(errors(found))
        self.reader = LinesReader(self.reader.name, tuple(sheet.columns))
        return sheet

    def use(self, columns: Collection[str]) -> None:
        """A line is read whole."""

    def pieces(self) -> Iterator[Piece]:
        carry, self._carry = self._carry, b""
        row = number = 0
        for piece in pieces.pieces(self._stream, 0, 0, carry, None):
            if piece.body.strip():
                yield replace(piece, number=number, row=row)
                row, number = row + _filled(piece.body), number + 1

    def nothing(self) -> list[Diagnostic]:
        return read_jsonl(self.reader.name, b"")[1]


def _filled(body: bytes) -> int:
    return sum(1 for line in body.decode("utf-8", "replace").split("\n") if line.strip())


def _after(body: bytes, lines: int) -> int:
    """Where the given number of filled lines ends."""
    at = 0
    for line in body.split(b"\n"):
        at += len(line) + 1
        lines -= bool(line.strip())
        if not lines:
            break
    return min(at, len(body))
