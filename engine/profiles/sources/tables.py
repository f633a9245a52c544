"""Parquet and Arrow, a few thousand rows at a time, of the columns that are asked for."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from itertools import chain
from typing import Any

from engine.diagnostics import Diagnostic
from engine.profiles.native import damaged, decoded, from_arrow
from engine.profiles.numerals import SAMPLE
from engine.profiles.sheet import Sheet
from engine.profiles.sources.base import ROWS, Piece, Refused
from engine.profiles.sources.streams import Counted

BUFFER = 1 << 20  # bytes of a column chunk held while it is read


@dataclass(frozen=True, slots=True)
class TableReader:
    """`columns`: of the input; those that were not asked for are empty. `code`: of what is said when it is damaged."""

    name: str
    columns: tuple[str, ...]
    code: str

    def sheet(self, piece: Piece) -> tuple[Sheet | None, list[Diagnostic]]:
        import pyarrow as pa

        table = pa.ipc.open_stream(piece.body).read_all()
        try:
            table.validate(full=True)  # texts that are no UTF-8 are found here, not in the middle of a conversion
        except (pa.ArrowException, ValueError):
            return None, [damaged(self.name, self.code)]
        unread = pa.nulls(table.num_rows)
        known = set(table.column_names)
        return from_arrow(self.name, pa.table([table.column(name) if name in known else unread for name in self.columns], list(self.columns)))

    def rows(self, piece: Piece) -> int | None:
        return piece.size


class _Tables(ABC):
    """Record batches, put together or taken apart into pieces. The batches that the sample needed are kept for the pieces."""

    code = "P132"
    once = False  # batches come one after another and cannot be asked for again
    rows: int | None = None  # as the file itself says

    def __init__(self, name: str, file: Any, raw: Counted, size: int) -> None:
        import pyarrow as pa

        self._raw, self.size, self.said = raw, size, list[Diagnostic]()
        self._front: list[Any] = []
        self._wanted: list[str] | None = None
        self._row = 0
        self._errors = (pa.ArrowException, OSError, ValueError)
        try:
            self._schema = self._open(file)
            self.reader = TableReader(name, tuple(self._schema.names), self.code)
            self._empty = from_arrow(name, self._schema.empty_table())[1]
        except self._errors:
            raise Refused([damaged(name, self.code)]) from None
        if any(item.code != "P105" for item in self._empty):
            raise Refused(self._empty)

    @property
    def done(self) -> int:
        return self.size * self._row // self.rows if self.rows else self._raw.done

    @abstractmethod
    def _open(self, file: Any) -> Any:
        """Begin to read; the schema."""

    @abstractmethod
    def _batches(self, columns: list[str] | None) -> Iterator[Any]:
        """Tables or batches, in order, none of them empty of columns."""

    def sample(self) -> Sheet | None:
        import pyarrow as pa

        self._rest, count = self._read(None), 0
        for batch in self._rest:
            self._front.append(batch)
            count += batch.num_rows
            if count >= SAMPLE:
                break
        if not count:
            return None
        return from_arrow(self.reader.name, pa.Table.from_batches(self._front).slice(0, SAMPLE))[0]

    def use(self, columns: Collection[str]) -> None:
        self._wanted = [name for name in self.reader.columns if name in columns] or [*self.reader.columns[:1]]

    def _read(self, columns: list[str] | None) -> Iterator[Any]:
        try:
            yield from self._batches(columns)
        except self._errors:
            raise Refused([damaged(self.reader.name, self.code)]) from None

    def pieces(self) -> Iterator[Piece]:
        import pyarrow as pa

        waiting: list[Any] = []
        number = 0
        batches = chain(self._front, self._rest) if self.once else self._read(self._wanted)
        self._front, self._rest = [], iter(())  # they hold what has been read
        for batch in batches:
            waiting.append(batch if self._wanted is None else batch.select(self._wanted))
            if sum(part.num_rows for part in waiting) < ROWS:
                continue
            table = pa.Table.from_batches(waiting)
            whole = table.num_rows - table.num_rows % ROWS
            for start in range(0, whole, ROWS):
                yield self._piece(number, table.slice(start, ROWS))
                number += 1
            waiting = table.slice(whole).to_batches()
        if waiting:
            yield self._piece(number, pa.Table.from_batches(waiting))

    def _piece(self, number: int, table: Any) -> Piece:
        import pyarrow as pa

        table = decoded(table)
        out = pa.BufferOutputStream()
        with pa.ipc.new_stream(out, table.schema) as writer:
            writer.write_table(table)
        start, self._row = self._row, self._row + table.num_rows
        return Piece(number, start, 0, out.getvalue().to_pybytes(), table.num_rows)

    @property
    def twice(self) -> bool:
        return False

    def again(self, piece: Piece) -> Piece:
        raise NotImplementedError

    def nothing(self) -> list[Diagnostic]:
        return self._empty


class Parquet(_Tables):
    """`file`: one that can be read anywhere."""

    code = "P113"

    def _open(self, file: Any) -> Any:
        from pyarrow import parquet

        self._file = parquet.ParquetFile(file, buffer_size=BUFFER, pre_buffer=False)
        self.rows = self._file.metadata.num_rows
        return self._file.schema_arrow

    def _batches(self, columns: list[str] | None) -> Iterator[Any]:
        yield from self._file.iter_batches(ROWS, columns=columns, use_threads=False)


class ArrowFile(_Tables):
    """Feather and `.arrow`: batches by number."""

    def _open(self, file: Any) -> Any:
        import pyarrow as pa

        self._source = file
        self._file = pa.ipc.open_file(file)
        return self._file.schema

    def _batches(self, columns: list[str] | None) -> Iterator[Any]:
        import pyarrow as pa

        fields = None if columns is None else [self._schema.names.index(name) for name in columns]
        file = self._file if fields is None else pa.ipc.open_file(self._source, options=pa.ipc.IpcReadOptions(included_fields=fields))
        for i in range(file.num_record_batches):
            batch = file.get_batch(i)
            yield from (batch.slice(start, ROWS) for start in range(0, batch.num_rows, ROWS))


class ArrowStream(_Tables):
    """Batches one after another."""

    once = True

    def _open(self, file: Any) -> Any:
        import pyarrow as pa

        self._file = pa.ipc.open_stream(file)
        return self._file.schema

    def _batches(self, columns: list[str] | None) -> Iterator[Any]:
        for batch in self._file:
            yield from (batch.slice(start, ROWS) for start in range(0, batch.num_rows, ROWS))
