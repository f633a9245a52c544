"""Turn the bytes of a CSV file into a Sheet of texts, or into diagnostics that say where reading stopped. Nothing is inferred; an empty cell is null."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import zip_longest
from typing import Any

import numpy as np

from engine.cells import record
from engine.diagnostics import Diagnostic, Hint, Source, Span
from engine.profiles.csv_scan import broken_quotes, lines_of, place, well_quoted
from engine.profiles.dialect import ENCODINGS, UNREADABLE, Dialect, dialect_of, mended, plain, without_declaration
from engine.profiles.sheet import Broken, Sheet
from engine.texts import Word

BLOCK = 1 << 22  # bytes parsed at a time; a file with a longer row is read again as one block
LARGEST_BLOCK = 2**31 - 1
HEADER = 1 << 22
_CONTENT = re.compile(rb"[^\r\n]")


def read_csv(name: str, data: bytes, dialect: Dialect | None = None) -> tuple[Sheet | None, list[Diagnostic]]:
    """The sheet of a CSV file's bytes. Rows with too few or too many cells, or unreadable ones, are in it as `broken`.

    `dialect`: how the file is written; found from its beginning, and said, when it is not given.
    """
    said: list[Diagnostic] = []
    if dialect is None:
        dialect = dialect_of(data)
        said = dialect.said(name)
    sheet, found = read_plain(name, plain(data, dialect.encoding), dialect)
    return sheet, found if sheet is None else said


def read_plain(name: str, data: bytes, dialect: Dialect) -> tuple[Sheet | None, list[Diagnostic]]:
    """The same of bytes that have been made UTF-8. `dialect.encoding`: what they were before."""
    if not data or data.isspace():
        return None, [Diagnostic("P104", {}, Source(name, "").span(0, 0), Hint("hint.template"))]
    body = without_declaration(data.lstrip(b"\r\n")).lstrip(b"\r\n")
    return sheet_of(name, body, data[: len(data) - len(body)].count(b"\n"), dialect)


def sheet_of(name: str, body: bytes, blank: int, dialect: Dialect) -> tuple[Sheet | None, list[Diagnostic]]:
    """The same of bytes that begin with the column names. `blank`: lines before them."""
    import pyarrow as pa

    head, found = _header(name, body, blank, dialect)
    if head is None:
        return None, found
    if _CONTENT.search(body, head.end) is None:
        return None, [Diagnostic("P105", {}, head.source.span(head.spans[0].start, head.spans[-1].end), Hint("hint.template"))]
    odd: Mapping[int, str] = {}
    if dialect.quote.encode() in body and not well_quoted(body, dialect):
        open_at, odd = broken_quotes(body, dialect)
        if open_at is not None:
            return None, [Diagnostic("P108", {}, place(name, body, open_at, blank), Hint("hint.close_cell"))]
    try:
        table, broken, body = _rows(body, len(head.names), dialect)
    except pa.ArrowInvalid as error:
        return None, [Diagnostic("P103", {"file": name, "why": " ".join(str(error).split())[:120]}, Source(name, "").span(0, 0))]
    if b"\0" in body:
        table, unreadable = _unreadable(table, head.names, dialect)
        broken = (*broken, *(item for item in unreadable if item.row not in {other.row for other in broken}))
    size = table.num_rows
    rest = [Broken(row, text, Diagnostic("P313", {}, None, Hint("hint.double_quote"))) for row, text in odd.items() if row < size]
    known = {item.row for item in broken}
    columns = {column: table.column(i) for i, column in enumerate(head.names) if column}
    spans = {column: span for column, span in zip(head.names, head.spans, strict=True) if column}
    unnamed = tuple(i + 1 for i, column in enumerate(head.names) if not column)

    def line_of(rows: Sequence[int]) -> Sequence[int | None]:
        return lines_of(body, size, blank, rows, dialect)

    return Sheet(head.source, columns, size, spans, unnamed, (*broken, *(item for item in rest if item.row not in known)), line_of), []


# -- the header


@dataclass(frozen=True, slots=True)
class _Head:
    source: Source
    names: tuple[str, ...]
    spans: tuple[Span, ...]
    end: int  # bytes of the header, its line break excluded


def _header(name: str, body: bytes, blank: int, dialect: Dialect) -> tuple[_Head | None, list[Diagnostic]]:
    text, wrong = _start(body)
    first = record(text, dialect.delimiter, dialect.quote)
    if wrong is not None and first.end >= len(text):
        return None, [Diagnostic("P106", {"byte": f"0x{body[wrong]:02x}"}, place(name, body, wrong, blank), Hint("hint.utf8"))]
    if first.open_at is not None:
        return None, [Diagnostic("P108", {}, place(name, body, len(text[: first.open_at].encode()), blank), Hint("hint.close_cell"))]
    line = text[: first.end]
    source = Source(name, "\n" * blank + line)
    spans = tuple(source.span(blank + start, blank + stop) for _, start, stop in first.cells)
    names = tuple(" ".join(cell.split()) for cell, _, _ in first.cells)
    if (zero := line.find("\0")) >= 0:
        return None, [Diagnostic("P107", {}, place(name, body, len(line[:zero].encode()), blank), Hint("hint.save_csv"))]
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


def _rows(body: bytes, width: int, dialect: Dialect) -> tuple[Any, tuple[Broken, ...], bytes]:
    """The file as a pyarrow table of texts with columns by number, its broken rows, and the bytes that were read. Raises ArrowInvalid when it cannot be."""
    import pyarrow as pa

    try:
        return _parse(body, width, BLOCK, None, dialect), (), body
    except pa.ArrowInvalid as error:
        why = str(error)
    body = mended(body)
    whole = min(len(body) + 1, LARGEST_BLOCK)
    if "columns, got" not in why:  # bytes that are no character, or a row longer than a block
        try:
            return _parse(body, width, whole, None, dialect), (), body
        except pa.ArrowInvalid as error:
            why = str(error)
    if "columns, got" not in why:
        raise pa.ArrowInvalid(why)
    skipped: list[Any] = []

    def skip(row: Any) -> str:
        skipped.append(row)
        return "skip"

    table = _parse(body, width, whole, skip, dialect)
    return *_with_broken(table, skipped, width, dialect), body


def _parse(body: bytes, width: int, block: int, handler: Any, dialect: Dialect) -> Any:
    import pyarrow as pa
    from pyarrow import csv

    names = [str(i) for i in range(width)]
    return csv.read_csv(
        pa.BufferReader(body),
        # records are numbered, for the handler, only without threads
        read_options=csv.ReadOptions(use_threads=handler is None and len(body) > block, block_size=block, column_names=names, skip_rows_after_names=1),
        parse_options=csv.ParseOptions(
            delimiter=dialect.delimiter, quote_char=dialect.quote, newlines_in_values=dialect.quote.encode() in body, invalid_row_handler=handler
        ),
        convert_options=csv.ConvertOptions(
            column_types=dict.fromkeys(names, pa.string()), strings_can_be_null=True, null_values=[""], quoted_strings_can_be_null=True
        ),
    )


def _with_broken(table: Any, skipped: list[Any], width: int, dialect: Dialect) -> tuple[Any, tuple[Broken, ...]]:
    """Put the rows that the parser skipped back in their places; their cells stand in the columns as far as they go."""
    import pyarrow as pa
    import pyarrow.compute as pc

    broken: list[Broken] = []
    cells: list[list[str]] = []
    hint = Hint("hint.cells") if dialect.delimiter == "," else Hint("hint.cells_of", {"char": _shown(dialect)})
    why = {got: Diagnostic("P301", {"got": got, "wanted": width}, None, hint) for got in {row.actual_columns for row in skipped}}
    for row in skipped:  # records are numbered from 1, blank lines not counted; the first is the header
        broken.append(Broken(row.number - 2, _legible(row.text), why[row.actual_columns]))
        cells.append(_cells(row.text, dialect))
    size = table.num_rows + len(broken)
    places = np.array([item.row for item in broken], dtype=np.int64)
    good = np.ones(size, dtype=bool)
    good[places] = False
    order = np.zeros(size, dtype=np.int64)
    order[good] = np.arange(table.num_rows)
    order[places] = table.num_rows + np.arange(len(broken))
    columns = [*zip_longest(*cells)]
    more = {
        str(i): pc.if_else(pc.equal(column := pa.array(columns[i] if i < len(columns) else [None] * len(cells), pa.string()), ""), None, column)
        for i in range(width)
    }
    return pa.concat_tables([table, pa.table(more)]).take(pa.array(order)), tuple(broken)


def _cells(text: str, dialect: Dialect) -> list[str]:
    if dialect.quote in text:
        return [cell for cell, _, _ in record(text, dialect.delimiter, dialect.quote).cells]
    return re.split("[\r\n]", text, maxsplit=1)[0].split(dialect.delimiter)


def _shown(dialect: Dialect) -> str:
    return Word("tab") if dialect.delimiter == "\t" else f"`{dialect.delimiter}`"


def _unreadable(table: Any, names: Sequence[str], dialect: Dialect) -> tuple[Any, tuple[Broken, ...]]:
    """The table without zeros, and the rows that have one: of the file itself, or where bytes are no character."""
    import pyarrow.compute as pc

    found: dict[int, Broken] = {}
    for i, name in enumerate(names):
        column = table.column(i)
        marked = pc.match_substring(column, "\0").fill_null(False)
        for row in pc.indices_nonzero(marked).to_pylist():
            cell = column[row].as_py()
            code = "P315" if UNREADABLE in cell else "P314"
            found.setdefault(
                row, Broken(row, _legible(cell), Diagnostic(code, {"encoding": ENCODINGS[dialect.encoding]}, None, Hint("hint.type_again")), name or None)
            )
        if pc.any(marked).as_py():
            clean = pc.replace_substring(pc.replace_substring(column, UNREADABLE, "\ufffd"), "\0", "\ufffd")
            table = table.set_column(i, table.column_names[i], clean)
    return table, tuple(found.values())


def _legible(text: str) -> str:
    return text.replace(UNREADABLE, "\ufffd").replace("\0", "\ufffd")
