"""Text tables of every dialect, packed or not, in pieces that end where a record ends outside quotes."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from engine.cells import record
from engine.diagnostics import Diagnostic
from engine.profiles import pieces
from engine.profiles.csv_file import HEADER, read_plain, sheet_of
from engine.profiles.csv_scan import broken_quotes, well_quoted
from engine.profiles.dialect import HEAD, Dialect, dialect_of, without_declaration
from engine.profiles.numerals import SAMPLE
from engine.profiles.sheet import Sheet
from engine.profiles.sources.base import Piece
from engine.profiles.sources.streams import Again, Counted, Decoded, Rereadable, Whole

LARGEST_HEAD = 1 << 26  # bytes: rows so long that fewer than `SAMPLE` fit are judged by fewer
MARK = b"\xef\xbb\xbf"


@dataclass(frozen=True, slots=True)
class TextReader:
    """`header`: the column names with their line break, as UTF-8. `blank`: lines before it; `line`: lines up to its end."""

    name: str
    dialect: Dialect
    header: bytes
    blank: int
    line: int

    def sheet(self, piece: Piece) -> tuple[Sheet | None, list[Diagnostic]]:
        before = piece.line - self.line
        sheet, found = sheet_of(self.name, self.header + piece.body, self.blank, self.dialect)
        if sheet is None:
            return None, sheet_of(self.name, b"\n" * before + self.header + piece.body, self.blank, self.dialect)[1] if before else found
        own = sheet.line_of

        def line_of(rows: Sequence[int]) -> Sequence[int | None]:
            return [None if line is None else line + before for line in own(rows)]

        return replace(sheet, line_of=line_of), found

    def rows(self, piece: Piece) -> int | None:
        """Line breaks outside quotes that end something, where every quote is in its place."""
        body = piece.body
        text, quote = np.frombuffer(body, dtype=np.uint8), ord(self.dialect.quote)
        if self.dialect.quote.encode() in body and not well_quoted(body, self.dialect):
            return None
        if b"\r" in body and body.count(b"\r") != body.count(b"\r\n"):
            return None
        ends = np.append(np.flatnonzero(text == ord("\n")), text.size)
        quotes = np.flatnonzero(text == quote)
        if quotes.size:
            ends = ends[np.searchsorted(quotes, ends) % 2 == 0]
        starts = np.append(0, ends[:-1] + 1)
        lengths = ends - starts
        returns = (lengths == 1) & (text[np.minimum(starts, text.size - 1)] == ord("\r"))
        return int(((lengths > 0) & ~returns).sum())


def _lines_end(text: bytes, lines: int) -> int:
    """Where the first so many lines end, and one more."""
    ends = np.flatnonzero(np.frombuffer(text, dtype=np.uint8) == ord("\n"))
    return int(ends[lines]) + 1 if lines < len(ends) else len(text)


class Text(Rereadable):
    """`again`: bytes of the file once more, where that is possible."""

    rows: int | None = None

    def __init__(self, name: str, stream: Whole, raw: Counted, size: int, again: Again | None) -> None:
        self._raw, self._again, self.size = raw, again, size
        block = stream.read(HEAD)
        dialect = dialect_of(block)
        plain = dialect.encoding == "utf-8"
        self._again = again if plain else None
        self._mark = len(MARK) if plain and block.startswith(MARK) else 0
        behind = Whole(name, stream, front=block)
        self._stream = Decoded(behind, dialect.encoding)
        self.said = dialect.said(name)
        self._front(name, dialect)

    @property
    def done(self) -> int:
        return self._raw.done

    def _front(self, name: str, dialect: Dialect) -> None:
        """Read the header, and what stands behind it."""
        block = self._stream.read(HEADER)
        while block and not block.strip(b"\r\n") and (more := self._stream.read(HEADER)):
            block += more
        body = without_declaration(block.lstrip(b"\r\n")).lstrip(b"\r\n")
        begin = len(block) - len(body)
        text = body[:HEADER].decode("utf-8", "surrogateescape")
        end = len(text[: record(text, dialect.delimiter, dialect.quote).end].encode("utf-8", "surrogateescape"))
        end += len(body[end : end + 2]) if body[end : end + 2] == b"\r\n" else len(body[end : end + 1])
        blank = block.count(b"\n", 0, begin)
        self.reader = TextReader(name, dialect, body[:end], blank, blank + body.count(b"\n", 0, end))
        self._start, self._carry, self._whole = begin + end, body[end:], block

    def sample(self) -> Sheet | None:
        lines, ended = SAMPLE, False
        while True:
            while not ended and len(self._carry) < LARGEST_HEAD and self._carry.count(b"\n") <= lines:
                more = self._stream.read(HEADER)
                self._carry, ended = self._carry + more, not more
            some = self._carry[: _lines_end(self._carry, lines)]
            part = some if ended and len(some) == len(self._carry) else some[: pieces.cut(some, self.reader.dialect.quote) or len(some)]
            sheet = self._readable(part)
            if sheet is None or sheet.size >= SAMPLE or len(self._carry) >= LARGEST_HEAD or (ended and len(some) == len(self._carry)):
                return sheet
            lines = some.count(b"\n") + SAMPLE - sheet.size

    def _readable(self, part: bytes) -> Sheet | None:
        """The rows up to the quote that may swallow what comes after it."""
        reader = self.reader
        sheet, _ = reader.sheet(Piece(0, 0, reader.line, part, len(part)))
        if sheet is None and (open_at := broken_quotes(reader.header + part, reader.dialect)[0]) is not None:
            end = part.rfind(b"\n", 0, max(0, open_at - len(reader.header))) + 1
            sheet, _ = reader.sheet(Piece(0, 0, reader.line, part[:end], end))
        return sheet

    def use(self, columns: Collection[str]) -> None:
        """All columns are parsed: a row is known by the number of its cells."""

    def pieces(self) -> Iterator[Piece]:
        carry, self._carry = self._carry, b""
        filled = (piece for piece in pieces.pieces(self._stream, self._start, self.reader.line, carry, self.reader.dialect) if piece.body.strip(b"\r\n"))
        for number, piece in enumerate(filled):
            yield replace(piece, number=number)

    def nothing(self) -> list[Diagnostic]:
        return read_plain(self.reader.name, self._whole, self.reader.dialect)[1]
