"""Tables that can only be read whole (JSON, workbooks), in pieces of so many rows."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import replace
from functools import partial

import numpy as np

from engine.diagnostics import Diagnostic
from engine.profiles.sheet import Sheet
from engine.profiles.sources.base import ROWS, Piece


class SheetReader:
    """A process that is forked has the whole sheet; a piece is which of its rows are meant."""

    def __init__(self, sheet: Sheet) -> None:
        self._sheet, self.name = sheet, sheet.name

    def sheet(self, piece: Piece) -> tuple[Sheet | None, list[Diagnostic]]:
        return part(self._sheet, piece.start, piece.size), []

    def rows(self, piece: Piece) -> int | None:
        return piece.size


def part(sheet: Sheet, start: int, size: int) -> Sheet:
    """Some rows of a sheet as one of its own; copied, because a slice of a column drags all of its texts along."""
    import pyarrow as pa

    rows = pa.array(np.arange(start, start + size))
    return replace(
        sheet,
        columns={name: column.take(rows) for name, column in sheet.columns.items()},
        size=size,
        broken=tuple(replace(item, row=item.row - start) for item in sheet.broken if start <= item.row < start + size),
        line_of=partial(_lines, sheet.line_of, start),
    )


def _lines(line_of: Callable[[Sequence[int]], Sequence[int | None]], start: int, rows: Sequence[int]) -> Sequence[int | None]:
    return line_of([row + start for row in rows])


class WholeSheet:
    """A sheet that has been read."""

    rows: int | None = None

    def __init__(self, sheet: Sheet, said: Sequence[Diagnostic], size: int) -> None:
        self._sheet, self.reader, self.said, self.size = sheet, SheetReader(sheet), list(said), size
        self._row = 0

    @property
    def done(self) -> int:
        return self.size * self._row // max(1, self._sheet.size)

    def sample(self) -> Sheet | None:
        return self._sheet

    def use(self, columns: Collection[str]) -> None:
        """They have all been read."""

    def pieces(self) -> Iterator[Piece]:
        for number, start in enumerate(range(0, self._sheet.size, ROWS)):
            self._row = min(start + ROWS, self._sheet.size)
            yield Piece(number, start, 0, None, self._row - start)

    @property
    def twice(self) -> bool:
        return True

    def again(self, piece: Piece) -> Piece:
        return piece

    def nothing(self) -> list[Diagnostic]:
        return []
