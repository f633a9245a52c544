"""Turn the bytes of an .xlsx workbook into a Sheet of one of its pages, or into diagnostics: values as stored, formulas by their stored results."""

from __future__ import annotations

import datetime
import io
import re
import warnings
import zipfile
from collections.abc import Sequence
from itertools import zip_longest
from typing import Any

from engine.diagnostics import Diagnostic, GridSource, Hint, Source, did_you_mean
from engine.profiles.sheet import Broken, Sheet

_MERGED = re.compile(rb'<(?:\w+:)?mergeCell\s[^>]*?ref="([A-Z]+)([0-9]+):[A-Z]+([0-9]+)"')
_FORMULA = re.compile(rb"<(?:\w+:)?f[\s>/]")
_GROUPED = re.compile(r"(-?[0-9]{1,3}\.[0-9]{3})\Z")
Row = tuple[Any, ...]


def read_xlsx(name: str, data: bytes, page: str | None = None) -> tuple[Sheet | None, list[Diagnostic]]:
    """The sheet of a workbook's page, the first one unless `page` names another. Lines are the page's rows; wholly empty rows are passed over."""
    nowhere = Source(name, "").span(0, 0)
    try:
        import openpyxl
    except ImportError:
        return None, [Diagnostic("X203", {"file": name}, nowhere, Hint("hint.install_xlsx"))]
    try:
        with warnings.catch_warnings(action="ignore"):
            book = openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=True)
            titles = [each.title for each in book.worksheets]
            if titles and page is not None and page not in titles:
                return None, [Diagnostic("P119", {"sheet": page}, nowhere, did_you_mean(page, titles) or Hint("hint.known", {"names": ", ".join(titles)}))]
            chosen = book[page or titles[0]]
            chosen.reset_dimensions()
            rows = [tuple(row) for row in chosen.iter_rows(values_only=True)]
            with zipfile.ZipFile(io.BytesIO(data)) as archive:
                content = archive.read(getattr(chosen, "_worksheet_path"))  # noqa: B009
            unsolved = _unsolved(data, chosen.title, rows) if _FORMULA.search(content) else {}
    except Exception:  # whatever a part that is missing or cut off makes openpyxl stumble over: KeyError, TypeError, ParseError, zlib.error, ...
        return None, [Diagnostic("P118", {}, nowhere, Hint("hint.save_xlsx"))]
    calculated = {number for number, _ in unsolved}
    filled = [number for number, row in enumerate(rows) if number in calculated or any(_text(value) is not None for value in row)]
    if not filled:
        return None, [Diagnostic("P104", {}, nowhere, Hint("hint.template"))]
    rows = _unmerged(rows, content, filled)
    said = [Diagnostic("P120", {"sheet": chosen.title}, nowhere, Hint("hint.sheet"))] if page is None and len(titles) > 1 else []
    sheet, found = _sheet(name, chosen.title, rows, filled, unsolved)
    return sheet, found if sheet is None else said


def _sheet(name: str, title: str, rows: list[Row], filled: list[int], unsolved: dict[tuple[int, int], str]) -> tuple[Sheet | None, list[Diagnostic]]:
    from openpyxl.utils import get_column_letter

    first, body = filled[0], filled[1:]
    texts = [" ".join((_text(value) or "").split()) for value in rows[first]]
    starts = [sum(len(text) + 1 for text in texts[:i]) for i in range(len(texts))]
    marks = {start: f"{title}!{get_column_letter(i + 1)}{first + 1}" for i, start in enumerate(starts)}
    source = GridSource(name, "\t".join(texts), marks)
    spans = {text: source.span(start, start + len(text)) for text, start in zip(texts, starts, strict=True) if text}
    twice = [Diagnostic("P201", {"name": text}, spans[text], Hint("hint.rename_column")) for i, text in enumerate(texts) if text and text in texts[:i]]
    if twice:
        return None, twice
    if not body:
        return None, [Diagnostic("P105", {}, source.span(0, len(source.text)), Hint("hint.template"))]
    columns = list(zip_longest(*(rows[number] for number in body)))
    columns += [(None,) * len(body)] * (len(texts) - len(columns))
    unnamed = tuple(i + 1 for i, column in enumerate(columns) if (i >= len(texts) or not texts[i]) and any(_text(value) is not None for value in column))
    order = {number: row for row, number in enumerate(body)}
    broken: dict[int, Broken] = {}
    for (number, column), formula in unsolved.items():
        if number in order and column < len(texts) and texts[column]:
            where = f"{get_column_letter(column + 1)}{number + 1}"
            item = Broken(order[number], formula, Diagnostic("P320", {"cell": where}, None, Hint("hint.save_xlsx")), texts[column])
            broken.setdefault(number, item)
    named = {text: _column(columns[i]) for i, text in enumerate(texts) if text}

    def line_of(wanted: Sequence[int]) -> Sequence[int | None]:
        return [body[row] + 1 for row in wanted]

    return Sheet(source, named, len(body), spans, unnamed, tuple(broken.values()), line_of), []


def _unsolved(data: bytes, title: str, rows: list[Row]) -> dict[tuple[int, int], str]:
    """Formulas whose results are not stored, by row and column from 0: a program wrote them that does not calculate."""
    import openpyxl

    page = openpyxl.load_workbook(io.BytesIO(data), read_only=True)[title]
    page.reset_dimensions()
    found = {}
    for number, row in enumerate(page.iter_rows()):
        for column, cell in enumerate(row):
            if cell.data_type == "f" and (column >= len(rows[number]) or rows[number][column] is None):
                found[number, column] = str(cell.value)
    return found


def _unmerged(rows: list[Row], content: bytes, filled: list[int]) -> list[Row]:
    """What stands in cells merged over several rows holds for each of these rows."""
    from openpyxl.utils import column_index_from_string

    known = set(filled)
    for letters, first, last in _MERGED.findall(content):
        column, top = column_index_from_string(letters.decode()) - 1, int(first) - 1
        for number in range(top + 1, min(int(last), len(rows))):
            if number in known and top < len(rows) and column < len(rows[top]):
                row = rows[number] + (None,) * (column + 1 - len(rows[number]))
                rows[number] = (*row[:column], rows[top][column], *row[column + 1 :])
    return rows


def _column(values: Sequence[Any]) -> Any:
    """A pyarrow column: numbers where all cells are, else texts."""
    import pyarrow as pa

    plain = all(value is None or (isinstance(value, (int, float)) and not isinstance(value, bool)) for value in values)
    if plain and any(value is not None for value in values):
        return pa.chunked_array([pa.array([None if value is None else float(value) for value in values], pa.float64())])
    return pa.chunked_array([pa.array([_text(value) for value in values], pa.string())])


def _text(value: Any) -> str | None:
    """A value as the cell of a CSV would hold it; a number so that no locale reads its point as one of thousands."""
    match value:
        case None:
            return None
        case bool():
            return "true" if value else "false"
        case float():
            text = str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)
            return _GROUPED.sub(r"\g<1>0", text)
        case datetime.datetime():
            return value.date().isoformat() if value.time() == datetime.time() else value.isoformat(" ")
        case str():
            return value.encode("utf-8", "replace").decode() if value.strip() else None
    return str(value)
