"""Turn the bytes of a CSV file into a Sheet of texts, or into diagnostics that say where reading stopped. Nothing is inferred; an empty cell is null."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from engine.cells import record
from engine.diagnostics import Diagnostic, Hint, Source, Span
from engine.profiles.csv_scan import broken_quotes, lines_of, place, well_quoted
from engine.profiles.sheet import Broken, Sheet
from engine.texts import Word

BLOCK = 1 << 22  # bytes parsed at a time; a file with a longer row is read again as one block
LARGEST_BLOCK = 2**31 - 1
HEADER = 1 << 22
_CONTENT = re.compile(rb"[^\r\n]")
_OTHERS = {";": "comma_semicolon", "\t": "comma_tab", "|": "comma_pipe"}


def read_csv(name: str, data: bytes) -> tuple[Sheet | None, list[Diagnostic]]:
    """The sheet of a CSV file's bytes. Rows with too few or too many cells are in it as `broken`."""
    import pyarrow as pa

    data = data.removeprefix(b"\xef\xbb\xbf")
    if not data or data.isspace():
        return None, [Diagnostic("P104", {}, Source(name, "").span(0, 0), Hint("hint.template"))]
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return None, [Diagnostic("P106", {"byte": f"0x{data[0]:02x}"}, place(name, data, 0), Hint("hint.utf8"))]
    if (zero := data.find(b"\0")) >= 0:
        return None, [Diagnostic("P107", {}, place(name, data, zero), Hint("hint.save_csv"))]
    body = data.lstrip(b"\r\n")
    blank = data[: len(data) - len(body)].count(b"\n")
    head, found = _header(name, body, blank)
    if head is None:
        return None, found
    if _CONTENT.search(body, head.end) is None:
        return None, [Diagnostic("P105", {}, head.source.span(head.spans[0].start, head.spans[-1].end), Hint("hint.template"))]
    odd: Mapping[int, str] = {}
    if b'"' in body and not well_quoted(body):
        open_at, odd = broken_quotes(body)
        if open_at is not None:
            return None, [Diagnostic("P108", {}, place(name, body, open_at, blank), Hint("hint.close_cell"))]
    try:
        table, broken = _rows(body, len(head.names))
    except (pa.ArrowInvalid, UnicodeDecodeError) as error:
        return None, [_refused(name, body, blank, str(error))]
    size = table.num_rows
    rest = [Broken(row, text, Diagnostic("P313", {}, None, Hint("hint.double_quote"))) for row, text in odd.items() if row < size]
    known = {item.row for item in broken}
    columns = {column: table.column(i) for i, column in enumerate(head.names) if column}
    spans = {column: span for column, span in zip(head.names, head.spans, strict=True) if column}
    unnamed = tuple(i + 1 for i, column in enumerate(head.names) if not column)

    def line_of(rows: Sequence[int]) -> Sequence[int | None]:
        return lines_of(body, size, blank, rows)

    return Sheet(head.source, columns, size, spans, unnamed, (*broken, *(item for item in rest if item.row not in known)), line_of), []


# -- the header


@dataclass(frozen=True, slots=True)
class _Head:
    source: Source
    names: tuple[str, ...]
    spans: tuple[Span, ...]
    end: int  # bytes of the header, its line break excluded


def _header(name: str, body: bytes, blank: int) -> tuple[_Head | None, list[Diagnostic]]:
    text, wrong = _start(body)
    first = record(text)
    if wrong is not None and first.end >= len(text):
        return None, [Diagnostic("P106", {"byte": f"0x{body[wrong]:02x}"}, place(name, body, wrong, blank), Hint("hint.utf8"))]
    if first.open_at is not None:
        return None, [Diagnostic("P108", {}, place(name, body, len(text[: first.open_at].encode()), blank), Hint("hint.close_cell"))]
    line = text[: first.end]
    source = Source(name, "\n" * blank + line)
    spans = tuple(source.span(blank + start, blank + stop) for _, start, stop in first.cells)
    names = tuple(" ".join(cell.split()) for cell, _, _ in first.cells)
    for char, word in _OTHERS.items():
        if line.count(char) > line.count(","):
            return None, [Diagnostic("P109", {"char": Word(word)}, spans[0], Hint("hint.commas"))]
    twice = [(column, span) for i, (column, span) in enumerate(zip(names, spans, strict=True)) if column and column in names[:i]]
    found = [Diagnostic("P201", {"name": column}, span, Hint("hint.rename_column")) for column, span in twice]
    return (None if found else _Head(source, names, spans, len(line.encode()))), found


def _start(body: bytes) -> tuple[str, int | None]:
    """The first characters of the file, and the byte that is not UTF-8 where they end, if that is why they end."""
    raw = body[:HEADER]
    try:
        return raw.decode("utf-8"), None
    except UnicodeDecodeError as error:
        cut = len(body) > HEADER and error.start >= HEADER - 3  # a character cut in two is no mistake
        return raw[: error.start].decode("utf-8"), None if cut else error.start


# -- the rows


def _rows(body: bytes, width: int) -> tuple[Any, tuple[Broken, ...]]:
    """The file as a pyarrow table of texts with columns by number, and its broken rows. Raises ArrowInvalid when it cannot be read."""
    import pyarrow as pa

    whole = min(len(body) + 1, LARGEST_BLOCK)
    try:
        return _parse(body, width, BLOCK, None), ()
    except pa.ArrowInvalid as error:
        why = str(error)
    if "straddl" in why:
        try:
            return _parse(body, width, whole, None), ()
        except pa.ArrowInvalid as error:
            why = str(error)
    if "columns, got" not in why:
        raise pa.ArrowInvalid(why)
    body.decode("utf-8")
    skipped: list[Any] = []

    def skip(row: Any) -> str:
        skipped.append(row)
        return "skip"

    table = _parse(body, width, whole, skip)
    return _with_broken(table, skipped, width)


def _parse(body: bytes, width: int, block: int, handler: Any) -> Any:
    import pyarrow as pa
    from pyarrow import csv

    names = [str(i) for i in range(width)]
    return csv.read_csv(
        pa.BufferReader(body),
        # records are numbered, for the handler, only without threads
        read_options=csv.ReadOptions(use_threads=handler is None, block_size=block, column_names=names, skip_rows_after_names=1),
        parse_options=csv.ParseOptions(newlines_in_values=b'"' in body, invalid_row_handler=handler),
        convert_options=csv.ConvertOptions(
            column_types=dict.fromkeys(names, pa.string()), strings_can_be_null=True, null_values=[""], quoted_strings_can_be_null=True
        ),
    )


def _with_broken(table: Any, skipped: list[Any], width: int) -> tuple[Any, tuple[Broken, ...]]:
    """Put the rows that the parser skipped back in their places; their cells stand in the columns as far as they go."""
    import pyarrow as pa

    broken: list[Broken] = []
    cells: list[list[str]] = []
    for row in skipped:  # records are numbered from 1, blank lines not counted; the first is the header
        diagnostic = Diagnostic("P301", {"got": row.actual_columns, "wanted": width}, None, Hint("hint.cells"))
        broken.append(Broken(row.number - 2, row.text, diagnostic))
        cells.append([cell for cell, _, _ in record(row.text).cells])
    size = table.num_rows + len(broken)
    places = np.array([item.row for item in broken], dtype=np.int64)
    good = np.ones(size, dtype=bool)
    good[places] = False
    order = np.zeros(size, dtype=np.int64)
    order[good] = np.arange(table.num_rows)
    order[places] = table.num_rows + np.arange(len(broken))
    more = {str(i): pa.array([(row[i] or None) if i < len(row) else None for row in cells], pa.string()) for i in range(width)}
    return pa.concat_tables([table, pa.table(more)]).take(pa.array(order)), tuple(broken)


def _refused(name: str, body: bytes, blank: int, why: str) -> Diagnostic:
    try:
        body.decode("utf-8")
    except UnicodeDecodeError as error:
        return Diagnostic("P106", {"byte": f"0x{body[error.start]:02x}"}, place(name, body, error.start, blank), Hint("hint.utf8"))
    return Diagnostic("P103", {"file": name, "why": " ".join(why.split())[:120]}, Source(name, "").span(0, 0))
