"""Turn what Spark hands to a task, Arrow batches or lines of a CSV file, into sheets, each with the places of its rows in the input."""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any, Protocol

import numpy as np

from engine.api import SusunError
from engine.batch import CHUNK
from engine.diagnostics import Diagnostic, errors
from engine.profiles.csv_file import read_csv
from engine.profiles.dialect import PLAIN
from engine.profiles.native import from_arrow
from engine.profiles.pieces import pieces
from engine.profiles.sheet import Sheet

LARGEST = 64 << 20  # bytes decided together
KEY = "key"  # Spark's own numbers: a partition's number, 33 bits, the row's number within
BITS = 33


class Feed(Protocol):
    """`sheets(batches)`: the rows of one task, a sheet at a time, and (n,) int64: where each stands in the input, from 0."""

    def sheets(self, batches: Iterator[Any]) -> Iterator[tuple[Sheet, np.ndarray]]: ...


@dataclass(frozen=True, slots=True)
class Typed:
    """A DataFrame's rows. `names`: its columns as their owner calls them. `counts`: rows of each partition when they were counted.
    `keyed`: the last column is KEY."""

    name: str
    names: tuple[str, ...]
    counts: np.ndarray

    def sheets(self, batches: Iterator[Any]) -> Iterator[tuple[Sheet, np.ndarray]]:
        before = np.cumsum(self.counts) - self.counts
        for table in portions(batches):
            keys = table.column(KEY).to_numpy()
            part, inside = keys >> BITS, keys & ((1 << BITS) - 1)
            if (part >= len(self.counts)).any() or (inside >= self.counts[part]).any():
                raise SusunError([Diagnostic("X409", {"read": int(self.counts.sum()), "found": int(inside.max()) + 1})])
            sheet, found = from_arrow(self.name, in_utc(table.drop_columns([KEY]).rename_columns(list(self.names))))
            if sheet is None:
                raise SusunError(found)
            yield sheet, before[part] + inside


def portions(batches: Iterator[Any]) -> Iterator[Any]:
    """The batches as tables of up to CHUNK rows and LARGEST bytes: larger ones are split, smaller ones are put together."""
    import pyarrow as pa

    held: list[Any] = []
    rows = size = 0
    for batch in batches:
        step = int(max(1, min(CHUNK, LARGEST * batch.num_rows // max(1, batch.nbytes))))
        for start in range(0, batch.num_rows, step):
            part = batch.slice(start, step)
            if held and (rows + part.num_rows > CHUNK or size + part.nbytes > LARGEST):
                yield pa.Table.from_batches(held)
                held, rows, size = [], 0, 0
            held.append(part)
            rows, size = rows + part.num_rows, size + part.nbytes
    if held:
        yield pa.Table.from_batches(held)


def in_utc(table: Any) -> Any:
    """Moments as a Parquet file gives them: Spark names them after the time zone of its session."""
    import pyarrow as pa

    for i, each in enumerate(table.schema):
        if pa.types.is_timestamp(each.type) and each.type.tz is not None:
            table = table.set_column(i, each.name, table.column(i).cast(pa.timestamp(each.type.unit, "UTC")))
    return table


@dataclass(frozen=True, slots=True)
class Lines:
    """Lines of a CSV file, in one `line` column of bytes. `head`: the header with its line break; `skip`: bytes of the file up to its end, `lines`: lines.
    `rows_of`, `lines_of`: rows and lines of each partition, the header's lines included; empty when all lines come to one task."""

    name: str
    head: bytes
    skip: int
    lines: int
    rows_of: np.ndarray
    lines_of: np.ndarray

    def sheets(self, batches: Iterator[Any]) -> Iterator[tuple[Sheet, np.ndarray]]:
        from pyspark import TaskContext

        context = TaskContext.get()
        part = context.partitionId() if context is not None and len(self.rows_of) else 0
        row, line = int(self.rows_of[:part].sum()), int(self.lines_of[:part].sum())
        stream, end = _Stream(batches), None if not len(self.rows_of) else row + int(self.rows_of[part])
        if part == 0:
            stream.read(self.skip)
            line = self.lines
        for piece in pieces(stream, 0, line):
            if not piece.body.strip(b"\r\n"):
                continue
            sheet = self.sheet(piece.body, piece.line)
            yield sheet, np.arange(row, row + sheet.size)
            row += sheet.size
        if end is not None and row != end:
            raise SusunError([Diagnostic("X409", {"read": end, "found": row})])

    def sheet(self, body: bytes, before: int) -> Sheet:
        """Some records as a sheet of its own whose lines are those of the file. `before`: lines of the file before them."""
        sheet, found = read_csv(self.name, self.head + body, PLAIN)
        shift = before - self.head.count(b"\n")
        if sheet is None:
            raise SusunError(errors(read_csv(self.name, b"\n" * shift + self.head + body, PLAIN)[1] if shift else found))
        own = sheet.line_of

        def line_of(rows: Sequence[int]) -> Sequence[int | None]:
            return [None if line is None else line + shift for line in own(rows)]

        return replace(sheet, line_of=line_of)


class _Stream:
    """Lines as the bytes that they were."""

    def __init__(self, batches: Iterator[Any]) -> None:
        self._blocks = (b"\n".join(batch.column(0).to_pylist()) + b"\n" for batch in batches if batch.num_rows)
        self._front = io.BytesIO()

    def read(self, size: int = -1, /) -> bytes:
        found = [self._front.read(size)]
        want = size - len(found[0])
        while want > 0 or size < 0:
            block = next(self._blocks, None)
            if block is None:
                break
            self._front = io.BytesIO(block)
            found.append(self._front.read(want if size >= 0 else -1))
            want -= len(found[-1])
        return b"".join(found)
