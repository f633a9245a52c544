"""Turn output tables, one after another, into one file or stream: what a worker makes of its table, and what is added to the file in order."""

from __future__ import annotations

import gzip
import io
from abc import ABC, abstractmethod
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np

from engine.diagnostics import Diagnostic, Hint
from engine.outcome.json_text import json_lines
from engine.profiles.native import decoded
from engine.profiles.neutral import neutral_table
from engine.profiles.sources.base import Refused

GZIP_LEVEL = 6  # what the program gzip takes
Shape = Callable[[Any, bool], Any]  # gives bytes, or an object whose buffer they are


class Sink(ABC):
    """`shaped(table, first)` may run in another process; `add` takes its bytes in order; `close` ends the file."""

    shaped: Shape

    def __init__(self, stream: BinaryIO) -> None:
        self.stream = stream

    def add(self, content: Any) -> None:
        self.stream.write(content)

    def close(self) -> None:  # noqa: B027 - most formats have no end of their own
        """Nothing more comes."""


def stream_csv(table: Any, stream: Any, header: bool = True) -> None:
    """Write CSV to a binary stream: dictionary columns as text, nothing that a spreadsheet would run as a formula."""
    from pyarrow import csv

    csv.write_csv(neutral_table(decoded(table)), stream, csv.WriteOptions(include_header=header, quoting_style="needed"))


def _csv(table: Any, first: bool) -> Any:
    out = io.BytesIO()
    stream_csv(table, out, first)
    return np.frombuffer(out.getbuffer(), dtype=np.uint8)


def _jsonl(table: Any, first: bool) -> bytes:
    return json_lines(table)


def _arrow(table: Any, first: bool) -> Any:
    """Tables go from process to process as Arrow streams; the file is written from these."""
    import pyarrow as pa

    table = decoded(table)
    for i, field in enumerate(table.schema):
        if pa.types.is_null(field.type):  # nothing is known of what comes
            table = table.set_column(i, field.name, table.column(i).cast(pa.string()))
    out = pa.BufferOutputStream()
    with pa.ipc.new_stream(out, table.schema) as writer:
        writer.write_table(table)
    return out.getvalue()


def _packed(shape: Shape, archive: str, table: Any, first: bool) -> bytes:
    """Archives one after another are an archive, so every piece is packed where it was made."""
    import pyarrow as pa

    content = shape(table, first)
    if archive == ".gz":
        return gzip.compress(content, GZIP_LEVEL, mtime=0)
    packed: bytes = pa.compress(content, codec="zstd", asbytes=True)
    return packed


class Csv(Sink):
    shaped = staticmethod(_csv)


class Jsonl(Sink):
    shaped = staticmethod(_jsonl)


class _Tables(Sink):
    """Files of tables, which begin with what columns they have."""

    shaped = staticmethod(_arrow)
    writer: Any = None

    def add(self, content: Any) -> None:
        import pyarrow as pa

        table = pa.ipc.open_stream(pa.BufferReader(content)).read_all()
        if self.writer is None:
            self.writer = self.opened(table.schema)
            self.schema = table.schema
        self.writer.write_table(table if table.schema == self.schema else _fitted(table, self.schema))

    def close(self) -> None:
        if self.writer is not None:
            self.writer.close()

    @abstractmethod
    def opened(self, schema: Any) -> Any:
        """A writer of tables with this schema."""


class Parquet(_Tables):
    def opened(self, schema: Any) -> Any:
        from pyarrow import parquet

        return parquet.ParquetWriter(self.stream, schema)


class ArrowFile(_Tables):
    def opened(self, schema: Any) -> Any:
        import pyarrow as pa

        return pa.ipc.new_file(self.stream, schema)


class ArrowStream(_Tables):
    def opened(self, schema: Any) -> Any:
        import pyarrow as pa

        return pa.ipc.new_stream(self.stream, schema)


def _fitted(table: Any, schema: Any) -> Any:
    """The table with the columns' types of the first one: a column that was kept from JSON may hold other things further on."""
    import pyarrow as pa

    columns = []
    for field, column in zip(schema, table.columns, strict=True):
        try:
            columns.append(column.cast(field.type))
        except (pa.ArrowInvalid, pa.ArrowNotImplementedError):
            values = {"name": field.name, "first": str(field.type), "later": str(column.type)}
            raise Refused([Diagnostic("X232", values, None, Hint("hint.formats", {"formats": ".csv, .jsonl"}))]) from None
    return pa.table(columns, schema)


def _archive(inner: type[Sink], archive: str) -> type[Sink]:
    return type(f"{inner.__name__}{archive}", (inner,), {"shaped": staticmethod(partial(_packed, inner.shaped, archive))})


SINKS: dict[str, type[Sink]] = {
    ".csv": Csv,
    ".jsonl": Jsonl,
    ".parquet": Parquet,
    ".arrow": ArrowFile,
    ".feather": ArrowFile,
    ".arrows": ArrowStream,
    **{f"{ending}{archive}": _archive(inner, archive) for ending, inner in ((".csv", Csv), (".jsonl", Jsonl)) for archive in (".gz", ".zst")},
}
TO = {name.removeprefix("."): sink for name, sink in SINKS.items() if name not in (".arrow", ".feather", ".arrows")} | {"arrow": ArrowStream}


def ending(path: Path) -> str:
    """The end of a file's name that says its format: `.csv`, or `.csv.gz`."""
    return "".join(path.suffixes[-2:] if path.suffix.lower() in (".gz", ".zst") else path.suffixes[-1:]).lower()
