"""Turn data that has types of its own (Parquet, JSON, a DataFrame, Python dicts) into a Sheet, or into diagnostics."""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from engine.diagnostics import Diagnostic, Hint, Source
from engine.profiles.csv_scan import place
from engine.profiles.sheet import Sheet, no_lines
from engine.texts import Word

ARROW = b"ARROW1"  # with which an Arrow file begins; a stream has no such mark


def read_parquet(name: str, data: bytes) -> tuple[Sheet | None, list[Diagnostic]]:
    import pyarrow as pa
    from pyarrow import parquet

    try:
        table = parquet.read_table(pa.BufferReader(data))
        table.validate(full=True)  # texts and names that are no UTF-8 are found here, not in the middle of a conversion
        names = table.column_names
    except (pa.ArrowException, OSError, ValueError):
        return None, [damaged(name, "P113")]
    return from_arrow(name, table.rename_columns(names))


def read_arrow(name: str, data: bytes) -> tuple[Sheet | None, list[Diagnostic]]:
    """Arrow IPC: a file (Feather) or a stream."""
    import pyarrow as pa

    opened = pa.ipc.open_file if data.startswith(ARROW) else pa.ipc.open_stream
    try:
        table = opened(pa.BufferReader(data)).read_all()
        table.validate(full=True)
        names = table.column_names
    except (pa.ArrowException, OSError, ValueError):
        return None, [damaged(name, "P132")]
    return from_arrow(name, table.rename_columns(names))


def damaged(name: str, code: str) -> Diagnostic:
    """What is to be said of a file of tables that cannot be read."""
    return Diagnostic(code, {}, Source(name, "").span(0, 0), Hint("hint.save_csv"))


def decoded(table: Any) -> Any:
    """A pyarrow table whose columns hold their values themselves, not numbers of them in a dictionary."""
    import pyarrow as pa

    for i, field in enumerate(table.schema):
        if pa.types.is_dictionary(field.type):
            table = table.set_column(i, field.name, table.column(i).cast(field.type.value_type))
    return table


def read_json(name: str, data: bytes) -> tuple[Sheet | None, list[Diagnostic]]:
    """A JSON list of objects, or one object."""
    text, found = _text_of(name, data)
    if text is None:
        return None, found
    try:
        content = json.loads(text)
    except json.JSONDecodeError as error:
        return None, [_not_json(name, text, error.pos)]
    except RecursionError:
        return None, [_not_json(name, text, 0)]
    if isinstance(content, dict):
        content = [content]
    if not isinstance(content, list):
        return None, [Diagnostic("R203", {"wanted": Word("objects")}, Source(name, "").span(0, 0))]
    return from_records(name, content)


def read_jsonl(name: str, data: bytes, before: int = 0) -> tuple[Sheet | None, list[Diagnostic]]:
    """One JSON object a line; empty lines are passed over. `before`: objects that came before these."""
    text, found = _text_of(name, data)
    if text is None:
        return None, found
    lines = [(number, line) for number, line in enumerate(text.split("\n"), 1) if line.strip()]
    try:
        content = json.loads("[" + ",".join(line for _, line in lines) + "]")
    except (json.JSONDecodeError, RecursionError):
        content = None
    if content is None or len(content) != len(lines):
        at = 0
        for line in text.split("\n"):
            try:
                json.loads(line or "null")
            except json.JSONDecodeError as error:
                return None, [_not_json(name, text, at + error.pos)]
            except RecursionError:
                return None, [_not_json(name, text, at)]
            at += len(line) + 1
    sheet, found = from_records(name, content or [], before)
    if sheet is None:
        return None, found
    numbers = [number for number, _ in lines]
    return Sheet(sheet.source, sheet.columns, sheet.size, line_of=lambda rows: [numbers[row] for row in rows]), found


def from_records(name: str, records: Sequence[Any], before: int = 0) -> tuple[Sheet | None, list[Diagnostic]]:
    """A list of dicts, one a profile; a field that one of them lacks is missing there."""
    nowhere = Source(name, "").span(0, 0)
    for number, item in enumerate(records, before + 1):
        if not isinstance(item, Mapping):
            return None, [Diagnostic("P112", {"number": number, "got": _kind(item)}, nowhere)]
    if not records:
        return None, [Diagnostic("P105", {}, nowhere, Hint("hint.template"))]
    names = list(dict.fromkeys(key for item in records for key in item))
    return _sheet(name, {str(key): array_of([item.get(key) for item in records]) for key in names}, len(records))


def from_frame(name: str, frame: Any) -> tuple[Sheet | None, list[Diagnostic]]:
    """A pandas DataFrame, whatever the types of its columns. Its index is left out; NaN is missing."""
    nowhere = Source(name, "").span(0, 0)
    if frame.columns.nlevels > 1:
        return None, [Diagnostic("P133", {"levels": frame.columns.nlevels}, nowhere, Hint("hint.one_level"))]
    names = [str(key) for key in frame.columns]
    if twice := [key for i, key in enumerate(names) if key in names[:i]]:
        return None, [Diagnostic("P201", {"name": twice[0]}, nowhere, Hint("hint.rename_column"))]
    return _sheet(name, {key: array_of(frame.iloc[:, i]) for i, key in enumerate(names)}, len(frame))


def from_arrow(name: str, table: Any) -> tuple[Sheet | None, list[Diagnostic]]:
    """A pyarrow Table."""
    for i, column in enumerate(table.column_names):
        if column in table.column_names[:i]:
            return None, [Diagnostic("P201", {"name": column}, Source(name, "").span(0, 0), Hint("hint.rename_column"))]
    return _sheet(name, {column: table.column(column) for column in table.column_names}, table.num_rows)


def array_of(values: Any) -> Any:
    """A pyarrow array of values of any kind; values of several kinds become texts."""
    import pyarrow as pa

    try:
        return pa.array(values, from_pandas=True)
    except (pa.ArrowException, TypeError, ValueError, OverflowError):
        return pa.array([_text(value) for value in values], pa.string())


def _sheet(name: str, columns: Mapping[str, Any], size: int) -> tuple[Sheet | None, list[Diagnostic]]:
    import pyarrow as pa

    source = Source(name, "")
    if size == 0:
        return None, [Diagnostic("P105", {}, source.span(0, 0), Hint("hint.template"))]
    chunked = {key: column if isinstance(column, pa.ChunkedArray) else pa.chunked_array([column]) for key, column in columns.items()}
    plain = {key: column.cast(column.type.value_type) if pa.types.is_dictionary(column.type) else column for key, column in chunked.items()}
    return Sheet(source, plain, size, line_of=no_lines), []


def _text(value: Any) -> str | None:
    """A value as a cell of a CSV would hold it."""
    if value is None or type(value).__name__ in ("NAType", "NaTType") or (isinstance(value, float) and math.isnan(value)):
        return None
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    if isinstance(value, str):
        return value.encode("utf-8", "replace").decode()  # lone surrogates are no text
    if isinstance(value, Mapping):
        return json.dumps(value, default=str)
    if isinstance(value, Iterable):
        return ";".join(_text(item) or "null" for item in value) or "-"
    return str(value)


def _kind(value: Any) -> Word:
    if value is None:
        return Word("null")
    if isinstance(value, bool):
        return Word("boolean")
    return Word("number" if isinstance(value, (int, float)) else "list" if isinstance(value, (list, tuple)) else "string")


def _text_of(name: str, data: bytes) -> tuple[str | None, list[Diagnostic]]:
    if not data.strip():
        return None, [Diagnostic("P104", {}, Source(name, "").span(0, 0), Hint("hint.template"))]
    try:
        return data.decode("utf-8-sig"), []
    except UnicodeDecodeError as error:
        return None, [Diagnostic("P106", {"byte": f"0x{data[error.start]:02x}"}, place(name, data, error.start), Hint("hint.utf8"))]


def _not_json(name: str, text: str, at: int) -> Diagnostic:
    data = text.encode()
    start = min(len(text[:at].encode()), max(0, len(data) - 1))
    return Diagnostic("P111", {}, place(name, data, start))
