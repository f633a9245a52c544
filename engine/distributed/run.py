"""Turn answers on Spark into a file in the order of the input, or into a folder that Spark's workers write together; read = decided + rejected."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable
from typing import Any, BinaryIO

from engine.api import SusunError
from engine.diagnostics import Diagnostic, Hint, Source
from engine.distributed.evaluate import Asked
from engine.distributed.sources import Rows, lines_of, rows_of
from engine.distributed.work import REJECTS, STATUSES, told
from engine.outcome.sinks import Sink
from engine.texts import Word

PARQUET, CSV = (".parquet", ".pq"), (".csv", ".txt", ".csv.gz")
SCHEME = re.compile(r"^[A-Za-z][A-Za-z0-9+.-]*://|^file:/")
Said = Callable[[str], Any]


def has_scheme(path: str) -> bool:
    """Whether a path is Spark's to understand: `s3a://...`, `hdfs://...`, `file:/...`."""
    return SCHEME.match(path) is not None


def opened(spark: Any, path: str) -> Rows:
    """The rows of a Parquet file or folder, or of a CSV file. Raises SusunError."""
    name = path.rstrip("/").lower()
    if name.endswith(PARQUET):
        return rows_of(spark.read.parquet(path), path)
    if name.endswith(CSV):
        return lines_of(spark, path)
    last = name.rsplit("/", 1)[-1]
    suffix = last[last.rfind(".") :] if "." in last else last
    raise SusunError([Diagnostic("X412", {"suffix": suffix}, Source(path, "").span(0, 0), Hint("hint.formats", {"formats": ".parquet, .csv"}))])


def into_file(asked: Asked, sink: type[Sink], stream: BinaryIO, rejected: Said) -> Counter[str]:
    """Write the answers to a stream, in order. `rejected`: takes the lines of rejects. How many rows there are of each status.

    All pieces are decided on all workers first and kept on their disks; then they come here one after another."""
    from pyspark import StorageLevel

    kept = asked.pieces(sink).persist(StorageLevel.DISK_ONLY)
    statuses: Counter[str] = Counter()
    to, row = sink(stream), 0
    try:
        kept.count()
        for piece in kept.toLocalIterator():
            if piece["first"] != row:
                raise SusunError([Diagnostic("X409", {"read": row, "found": piece["first"]})])
            row += piece["read"]
            to.add(bytes(piece["content"]))
            rejected(piece[REJECTS])
            statuses += Counter({status: piece[f"_{status}"] for status in STATUSES})
        to.close()
    finally:
        kept.unpersist()
    _agree(row if asked.rows.read is None else asked.rows.read, statuses)
    return statuses


def into_folder(asked: Asked, path: str, rejected: Said | None) -> Counter[str]:
    """Let the workers write the answers into a new folder. The rest as in `into_file`."""
    from pyspark import StorageLevel
    from pyspark.sql import Observation
    from pyspark.sql import functions as f

    kind = path.rstrip("/").rsplit(".", 1)[-1].lower()
    answers = asked.answers(said=True, plain=kind == "csv")
    if rejected is not None:
        answers = answers.persist(StorageLevel.DISK_ONLY)
    seen = Observation()
    counted = answers.observe(seen, *(f.sum(f"_{status}").alias(status) for status in STATUSES))
    shown = counted.where("input_row is not null").drop(REJECTS, *(f"_{status}" for status in STATUSES))
    try:
        if kind == "parquet":
            shown.write.parquet(path)
        elif kind == "csv":
            same = {"ignoreLeadingWhiteSpace": False, "ignoreTrailingWhiteSpace": False}
            shown.write.csv(path, header=True, escape='"', nullValue="", **same)
        else:
            shown.write.json(path, ignoreNullFields=False)
        if rejected is not None:
            for row in answers.where(f"{REJECTS} is not null").select(REJECTS).toLocalIterator():
                rejected(row[0])
    finally:
        if rejected is not None:
            answers.unpersist()
    found = seen.get
    statuses = Counter({status: int(found.get(status) or 0) for status in STATUSES})
    _agree(sum(statuses.values()) if asked.rows.read is None else asked.rows.read, statuses)
    return statuses


def _agree(read: int, statuses: Counter[str]) -> None:
    if read != sum(statuses.values()):
        raise SusunError([Diagnostic("X409", {"read": read, "found": sum(statuses.values())})])


def reason_of(error: Exception) -> list[Diagnostic]:
    """What went wrong on Spark: what a task found, else the last cause that Spark gives, shortened."""
    text = str(error)
    if found := told(text):
        return found
    if "PATH_ALREADY_EXISTS" in text:
        path = re.search(r"Path (\S+) already exists", text)
        return [Diagnostic("X201", {"file": path.group(1) if path else "-", "why": Word("exists")}, None, Hint("hint.other_folder"))]
    causes = re.findall(r"(?:Caused by: )?[\w.$]+(?:Exception|Error): ([^\n]+)", text)
    lines = [line.strip() for line in (causes[-1:] or text.splitlines()) if line.strip()]
    return [Diagnostic("X405", {"why": lines[0][:200] if lines else Word("unclear")})]
