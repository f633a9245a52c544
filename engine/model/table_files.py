"""Turn a decision table kept as a spreadsheet (CSV or .xlsx) into what its YAML would say, each cell with its place; or into diagnostics.

The first row names the columns: expressions for the inputs, then `then`, then what may be said of a row: `because.en`, `because.id`, `cites`; a column whose
name begins with `#` is for people. Every further row is a rule; its cells are unary tests, an empty one is `-`. An apostrophe before `=`, `+`, `-` or `@`
only keeps spreadsheet programs from computing; a source that holds `;` or begins with `"` stands in double quotes.
"""

from __future__ import annotations

import re
import warnings
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from engine.cells import record
from engine.diagnostics import Diagnostic, GridSource, Hint, Source, did_you_mean
from engine.source import Document, Path_, read_file
from engine.texts import Word

SAID = ("because.en", "because.id", "cites")
FORMATS = (".csv", ".xlsx")
_MARKED = re.compile(r"'+[=+\-@]")
_CITE = re.compile(r'\s*(?:"((?:[^"]|"")*)"|([^;]*))\s*(?:;|\Z)')


@dataclass(frozen=True, slots=True)
class Cell:
    text: str
    start: int
    end: int


Grid = list[list[Cell]]


def read_table(path: Path, shown: str, sheet: str | None = None) -> tuple[Document | None, list[Diagnostic]]:
    """A document whose `data` has `inputs` and `rules`. `sheet`: which of a workbook's sheets, its first by default."""
    if path.suffix.lower() not in FORMATS:
        return None, [Diagnostic("R112", {"file": shown}, Source(shown, "").span(0, 0), Hint("hint.formats", {"formats": ", ".join(FORMATS)}))]
    source, grid, found = _csv(path, shown) if path.suffix.lower() == ".csv" else _xlsx(path, shown, sheet)
    if source is None or found:
        return None, found
    return _table(source, [row for row in grid if any(cell.text.strip() for cell in row)])


def _csv(path: Path, shown: str) -> tuple[Source | None, Grid, list[Diagnostic]]:
    source, found = read_file(path, shown)
    if source is None:
        return None, [], found
    grid: Grid = []
    at = 0
    while at < len(source.text):
        one = record(source.text[at:])
        if one.open_at is not None:
            begin = at + one.open_at
            return None, [], [Diagnostic("R304", {"what": '"'}, source.span(begin, begin + 1))]
        grid.append([Cell(text, at + start, at + end) for text, start, end in one.cells])
        at += one.end
        at += 2 if source.text[at : at + 2] == "\r\n" else 1
    return source, grid, []


def _xlsx(path: Path, shown: str, sheet: str | None) -> tuple[Source | None, Grid, list[Diagnostic]]:
    nowhere = Source(shown, "").span(0, 0)
    try:
        import openpyxl
    except ImportError:
        return None, [], [Diagnostic("X203", {"file": shown}, nowhere, Hint("hint.install_xlsx"))]
    try:
        if not path.is_file():
            return None, [], read_file(path, shown)[1]
        with zipfile.ZipFile(path) as archive:
            if any(name.endswith("vbaProject.bin") for name in archive.namelist()):
                return None, [], [Diagnostic("R115", {"file": shown}, nowhere)]
        with warnings.catch_warnings(action="ignore"):
            pages = openpyxl.load_workbook(path).worksheets
    except OSError as error:
        return None, [], [Diagnostic("R101", {"file": shown, "why": error.strerror or Word("broken_workbook")}, nowhere)]
    except Exception:  # whatever a part that is missing or cut off makes openpyxl stumble over: KeyError, TypeError, ParseError, zlib.error, ...
        pages = []
    if not pages:
        return None, [], [Diagnostic("R101", {"file": shown, "why": Word("broken_workbook")}, nowhere)]
    page = next((page for page in pages if page.title == sheet), None) if sheet is not None else pages[0]
    if page is None:
        return None, [], [Diagnostic("R116", {"sheet": sheet}, nowhere, did_you_mean(str(sheet), [page.title for page in pages]))]
    text, marks, grid, found = "", {}, [], []
    formulas = []
    for row in page.iter_rows():
        cells = []
        for cell in row:
            value = _written(cell.value)
            marks[len(text)] = f"{page.title}!{cell.coordinate}"
            cells.append(Cell(value, len(text), len(text) + len(value)))
            if cell.data_type == "f":
                formulas.append((cell.coordinate, cells[-1]))
            text += value.replace("\n", " ") + "\t"
        text = text[:-1] + "\n"
        grid.append(cells)
    source = GridSource(shown, text, marks)
    places = {marks[cell.start].split("!")[1]: cell for row in grid for cell in row}
    for area in page.merged_cells.ranges:
        first = places.get(area.coord.split(":")[0])
        found.append(Diagnostic("R113", {"cells": area.coord}, source.span(first.start, first.end) if first else nowhere))
    found += [Diagnostic("R114", {"cell": where}, source.span(cell.start, cell.end)) for where, cell in formulas]
    return source, grid, found


def _written(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    return str(int(value)) if isinstance(value, float) and value == int(value) else str(value)


# -- rows


def _table(source: Source, grid: Grid) -> tuple[Document | None, list[Diagnostic]]:
    names = [cell.text.strip() for cell in grid[0]] if grid else []
    if "then" not in names or names.index("then") == 0:
        cell = grid[0][0] if grid else Cell("", 0, 0)
        return None, [Diagnostic("R117", {}, source.span(cell.start, cell.end), Hint("hint.table_header"))]
    width = names.index("then")
    found = [
        Diagnostic("R201", {"key": name}, source.span(cell.start, cell.end), did_you_mean(name, SAID) or Hint("hint.table_header"))
        for name, cell in list(zip(names, grid[0], strict=True))[width + 1 :]
        if name and name not in SAID and not name.startswith("#")
    ]
    document = Document(source)
    rules = []
    for number, row in enumerate(grid[1:]):
        extra = [cell for cell in row[len(names) :] if cell.text.strip()]
        if extra:
            found.append(Diagnostic("R207", {"got": len(row) - 1, "wanted": width}, source.span(extra[0].start, extra[0].end)))
            continue
        rules.append(_rule(document, ("rules", number), names, width, row))
        document.values["rules", number] = (row[0].start, row[-1].end)
    inputs = [_put(document, ("inputs", i), cell) for i, cell in enumerate(grid[0][:width])]
    document.values["inputs",] = (grid[0][0].start, grid[0][width - 1].end)
    document.values["rules",] = (grid[1][0].start if len(grid) > 1 else 0, len(source.text))
    document.data = {"inputs": inputs, "rules": rules}
    return (None if found else document), found


def _rule(document: Document, path: Path_, names: list[str], width: int, row: list[Cell]) -> dict[str, Any]:
    end = row[-1].end
    cells = [*row, *(Cell("", end, end) for _ in range(len(names) - len(row)))]
    rule: dict[str, Any] = {"when": [_put(document, (*path, "when", i), cell, "-") for i, cell in enumerate(cells[:width])]}
    document.values[(*path, "when")] = (cells[0].start, cells[width - 1].end)
    rule["then"] = _put(document, (*path, "then"), cells[width])
    for name, cell in _said(names, width, cells):
        if name == "cites":
            rule["cites"] = list(_cites(_unmarked(cell.text)))
            document.values[(*path, "cites")] = (cell.start, cell.end)
        else:
            document.values[(*path, "because")] = (cell.start, cell.end)
            rule.setdefault("because", {})[name.removeprefix("because.")] = _put(document, (*path, "because", name.removeprefix("because.")), cell, said=True)
    return rule


def _said(names: list[str], width: int, cells: list[Cell]) -> Iterator[tuple[str, Cell]]:
    yield from ((name, cell) for name, cell in list(zip(names, cells, strict=False))[width + 1 :] if name in SAID and cell.text.strip())


def _cites(text: str) -> Iterator[str]:
    """The sources of a cell, `;` between them."""
    for found in _CITE.finditer(text):
        quoted, plain = found.groups()
        if quoted is not None:
            yield quoted.replace('""', '"')
        elif plain.strip():
            yield plain.strip()


def _unmarked(text: str) -> str:
    return text[1:] if _MARKED.match(text) else text


def _put(document: Document, path: Path_, cell: Cell, empty: str = "", said: bool = False) -> str:
    """The cell's text, noted at its place; blanks around it belong to what is `said`, not to an expression."""
    text = _unmarked(cell.text if said else cell.text.strip()) or empty
    document.values[path] = (cell.start, cell.end)
    raw = document.source.text[cell.start : cell.end]
    document.texts[path] = (text, '"' if raw.startswith('"') and raw != cell.text else "")
    return text
