"""Turn a Spark DataFrame, or the path of a CSV file, into an input whose rows have numbers that stay the same, and its first rows as a sheet."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from engine.api import SusunError
from engine.cells import record
from engine.diagnostics import Diagnostic, Hint, Source
from engine.distributed.feeds import KEY, Feed, Lines, Typed, in_utc
from engine.profiles.csv_file import read_csv
from engine.profiles.csv_scan import well_quoted
from engine.profiles.dialect import PLAIN, dialect_of, without_declaration
from engine.profiles.native import from_arrow
from engine.profiles.numerals import SAMPLE
from engine.profiles.sheet import Sheet
from engine.texts import Word


@dataclass(frozen=True, slots=True)
class Rows:
    """An input on Spark. `frame`: a Spark DataFrame for `feed` to read. `first`: its first rows; `read`: how many there are, where that is known before."""

    frame: Any
    feed: Feed
    first: Sheet
    read: int | None

    def only(self, column: str) -> Rows:
        """With one column, if the columns can be told apart before they are read."""
        if not isinstance(self.feed, Typed):
            return self
        return replace(self, frame=self.frame.select(f"c{self.feed.names.index(column)}", KEY), feed=replace(self.feed, names=(column,)))


def rows_of(frame: Any, name: str = "DataFrame", order: str | None = None) -> Rows:
    """The rows of a Spark DataFrame in the order of a column whose values are all different, or in the order in which Spark reads them if that is fixed:
    for files, the same as long as the files are. Raises SusunError when they have no order, or are none."""
    from pyspark.sql import functions as f

    names = tuple(frame.columns)
    plain = frame.toDF(*(f"c{i}" for i in range(len(names))))  # names may hold dots, or differ in case only
    if order is not None:
        plain = _ordered(plain, names, order)
    keyed = plain.withColumn(KEY, f.monotonically_increasing_id())
    if order is None and not (_deterministic(plain) and _unshuffled(keyed)):
        raise SusunError([Diagnostic("X406", {}, None, Hint("hint.order_rows"))])
    found = {row[0]: row[1] for row in keyed.groupBy(f.spark_partition_id()).count().collect()}
    counts = np.array([found.get(part, 0) for part in range(max(found, default=-1) + 1)], dtype=np.int64)
    if not counts.sum():
        raise SusunError([Diagnostic("P105", {}, Source(name, "").span(0, 0), Hint("hint.template"))])
    first = frame.sparkSession.createDataFrame(plain.take(SAMPLE), plain.schema, verifySchema=False).toArrow()
    sheet, wrong = from_arrow(name, in_utc(first.rename_columns(list(names))))
    if sheet is None:
        raise SusunError(wrong)
    return Rows(keyed, Typed(name, names, counts), sheet, int(counts.sum()))


def _ordered(plain: Any, names: tuple[str, ...], order: str) -> Any:
    """In the order of a column, kept so on the workers' disks: sorted again, rows could fall into other partitions."""
    if order not in names:
        raise SusunError([Diagnostic("X407", {"name": order, "why": Word("no_column")}, None, Hint("hint.columns_here", {"names": ", ".join(names[:12])}))])
    column = f"c{names.index(order)}"
    found = plain.orderBy(column).localCheckpoint()
    wrong = found.groupBy(column).count().where(f"`count` > 1 or {column} is null").take(1)
    if wrong:
        why = Word("empty_value") if wrong[0][0] is None else Word("same_value")
        raise SusunError([Diagnostic("X407", {"name": order, "why": why}, None, Hint("hint.order_rows"))])
    return found


def _deterministic(frame: Any) -> bool:
    """Whether Spark gives the same values each time. Spark Connect does not say."""
    java = getattr(frame, "_jdf", None)
    return java is not None and bool(java.queryExecution().analyzed().deterministic())


def _unshuffled(frame: Any) -> bool:
    """Whether Spark gives the rows in the same places each time: after a shuffle it does not."""
    plan = frame._jdf.queryExecution().executedPlan().toString()
    return not any(word in plan for word in ("AdaptiveSparkPlan", "Exchange"))


# -- CSV


def lines_of(spark: Any, path: str) -> Rows:
    """The rows of a CSV file, read by the reader of this program. Where every line is a record, tasks share the lines; else one task reads them all.

    Raises SusunError when it is several files, not UTF-8 with commas, or has no rows."""
    from pyspark.sql import functions as f

    frame = spark.read.option("lineSep", "\n").text(path)
    if len(files := frame.inputFiles()) != 1:
        raise SusunError([Diagnostic("X411", {"count": len(files)}, Source(path, "").span(0, 0), Hint("hint.as_parquet"))])
    lines = frame.select(f.col("value").cast("binary").alias("line"))
    count = SAMPLE + SAMPLE // 8
    while True:
        taken = lines.take(count)
        block = b"".join(bytes(row[0]) + b"\n" for row in taken)
        dialect = dialect_of(block)
        if dialect != PLAIN or without_declaration(block.lstrip(b"\r\n")) != block.lstrip(b"\r\n"):
            values = {"encoding": dialect.encoding.upper(), "char": dialect.delimiter}
            raise SusunError([Diagnostic("X410", values, Source(path, "").span(0, 0), Hint("hint.as_parquet"))])
        first, found = read_csv(path, block[: _whole(block)] if len(taken) == count else block, PLAIN)
        if first is None and len(taken) < count:
            raise SusunError(found)
        if len(taken) < count or (first is not None and first.size >= SAMPLE):
            break
        count *= 2
    assert first is not None
    skip, head = _header(block)
    parts = [row.asDict() for row in frame.select("value").mapInArrow(_counted, "part int, lines long, rows long, simple boolean").collect()]
    if len(parts) > 1 and not all(part["simple"] for part in parts):
        return Rows(lines.coalesce(1), Lines(path, head, skip, block.count(b"\n", 0, skip), _none(), _none()), first, None)
    order = range(max((part["part"] for part in parts), default=0) + 1)
    at = {part["part"]: part for part in parts}
    if any(not part["simple"] for part in parts):
        return Rows(lines, Lines(path, head, skip, block.count(b"\n", 0, skip), _none(), _none()), first, None)
    rows, each = (np.array([at[part][key] if part in at else 0 for part in order], dtype=np.int64) for key in ("rows", "lines"))
    rows[0] -= 1  # the header
    return Rows(lines, Lines(path, head, skip, block.count(b"\n", 0, skip), rows, each), first, int(rows.sum()))


def _none() -> np.ndarray:
    return np.zeros(0, dtype=np.int64)


def _whole(block: bytes) -> int:
    """The end of the last record that is whole, as far as quotes tell."""
    at = block.rfind(b"\n")
    while at >= 0 and block.count(b'"', 0, at + 1) % 2:
        at = block.rfind(b"\n", 0, at)
    return at + 1


def _header(block: bytes) -> tuple[int, bytes]:
    """How many bytes there are up to the end of the header's line, and the header."""
    begin = len(block) - len(block.lstrip(b"\r\n"))
    text = block[begin:].decode("utf-8", "replace")
    end = begin + len(text[: record(text).end].encode())
    end = block.index(b"\n", end) + 1
    return end, block[begin:end]


def _counted(batches: Iterator[Any]) -> Iterator[Any]:
    """How many lines and rows a partition has, and whether every line surely is a record: quotes pair on it, and no other line break stands in it."""
    import pyarrow as pa
    import pyarrow.compute as pc
    from pyspark import TaskContext

    lines = rows = 0
    simple = True
    for batch in batches:
        column = batch.column(0).cast(pa.binary())
        body = b"\n".join(column.to_pylist()) + b"\n"
        lines += batch.num_rows
        rows += batch.num_rows - len(column.filter(pc.or_(pc.equal(column, b""), pc.equal(column, b"\r"))))
        simple = simple and body.count(b"\r") == body.count(b"\r\n")
        if simple and b'"' in body:
            odd = pc.bit_wise_and(pc.count_substring(column, b'"'), 1)
            simple = not pc.any(pc.equal(odd, 1)).as_py() and well_quoted(body)
    context = TaskContext.get()
    yield pa.record_batch(
        {
            "part": pa.array([context.partitionId() if context is not None else 0], pa.int32()),
            "lines": pa.array([lines], pa.int64()),
            "rows": pa.array([rows], pa.int64()),
            "simple": pa.array([simple]),
        }
    )
