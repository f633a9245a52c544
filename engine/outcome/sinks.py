"""Turn output tables, one after another, into one file or stream: what a worker makes of its table, and what is added to the file in order."""

from __future__ import annotations

import io
import json
from abc import ABC, abstractmethod
from typing import Any, BinaryIO

import numpy as np

from engine.outcome.write import stream_csv


class Sink(ABC):
    """`shaped(table, first)` may run in another process; `add` takes its bytes in order; `close` ends the file."""

    def __init__(self, stream: BinaryIO) -> None:
        self.stream = stream

    @staticmethod
    @abstractmethod
    def shaped(table: Any, first: bool) -> Any:
        """The bytes of one table, or an object whose buffer they are. `first`: it is the one that the file begins with."""

    def add(self, content: Any) -> None:
        self.stream.write(content)

    def close(self) -> None:  # noqa: B027 - most formats have no end of their own
        """Nothing more comes."""


class Csv(Sink):
    @staticmethod
    def shaped(table: Any, first: bool) -> Any:
        out = io.BytesIO()
        stream_csv(table, out, first)
        return np.frombuffer(out.getbuffer(), dtype=np.uint8)


class Jsonl(Sink):
    @staticmethod
    def shaped(table: Any, first: bool) -> bytes:
        return "".join(json.dumps(row, ensure_ascii=False, default=str) + "\n" for row in table.to_pylist()).encode()


class _Arrow(Sink):
    """Tables go from process to process as Arrow streams; the file is written here."""

    writer: Any = None

    @staticmethod
    def shaped(table: Any, first: bool) -> Any:
        import pyarrow as pa

        out = pa.BufferOutputStream()
        with pa.ipc.new_stream(out, table.schema) as writer:
            writer.write_table(table)
        return out.getvalue()

    def add(self, content: Any) -> None:
        import pyarrow as pa

        table = pa.ipc.open_stream(pa.BufferReader(content)).read_all()
        if self.writer is None:
            self.writer = self.opened(table.schema)
        self.writer.write_table(table)

    def close(self) -> None:
        if self.writer is not None:
            self.writer.close()

    @abstractmethod
    def opened(self, schema: Any) -> Any:
        """A writer of tables with this schema."""


class Parquet(_Arrow):
    def opened(self, schema: Any) -> Any:
        from pyarrow import parquet

        return parquet.ParquetWriter(self.stream, schema)


SINKS: dict[str, type[Sink]] = {".csv": Csv, ".jsonl": Jsonl, ".parquet": Parquet}
