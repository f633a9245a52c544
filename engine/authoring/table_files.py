"""Turn a decision table into a spreadsheet (CSV or .xlsx) that reads back as the same table, and into the YAML that rule files hold."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from engine.diagnostics import Diagnostic, Hint, Source
from engine.model.plan import Decision, Row, Table
from engine.model.table_files import FORMATS, SAID, read_table
from engine.outcome.write import write_with

NARROWEST, WIDEST = 8, 60  # characters of a workbook's column
_COMPUTED = re.compile(r"'*[=+\-@]")
_HARMLESS = re.compile(r"-(\d+(\.\d+)?)?\Z")
_SPECIAL = re.compile(r'[",\r\n]|\A\s|\s\Z')
_UNHELD = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")  # no workbook holds these
_WORD = re.compile(r"[a-z][a-z0-9_]*\Z")
_NO_TEXT = frozenset({"true", "false", "null", "yes", "no", "on", "off", "y", "n"})  # what YAML readers take for something else
_LINE = 150  # a row of YAML is in one line up to this length


class _Refused(Exception):
    """Internal: what was written does not read back as the table."""


def write_table(decision: Decision, table: Table, path: Path) -> list[Diagnostic]:
    """Write the table to `path` by its extension. What would not read back as it is, is not written."""
    if (wrong := wrong_format(path)) is not None:
        return [wrong]
    if path.suffix.lower() == ".xlsx" and (odd := next((row for row in table.rows if any(map(_UNHELD.search, _texts(row)))), None)) is not None:
        return [_refusal(decision, odd, path)]
    found: list[Diagnostic] = []

    def action(beside: str) -> None:
        if path.suffix.lower() == ".csv":
            text = as_csv(table)
            Path(beside).write_text(text, encoding="utf-8" if text.isascii() else "utf-8-sig", newline="")  # the mark tells Excel that it is UTF-8
        else:
            _xlsx(table, decision.id, beside)
        found.extend(_lost(decision, table, Path(beside), path))
        if found:
            raise _Refused

    try:
        return write_with(path, action)
    except _Refused:
        return found


def wrong_format(path: Path) -> Diagnostic | None:
    if path.suffix.lower() in FORMATS:
        return None
    return Diagnostic("X202", {"suffix": path.suffix or path.name}, Source(str(path), "").span(0, 0), Hint("hint.formats", {"formats": ", ".join(FORMATS)}))


def rows(table: Table) -> list[dict[str, Any]]:
    """The rows as a rule file has them."""
    found = []
    for row in table.rows:
        data: dict[str, Any] = {"when": [text.strip() for text in row.texts], "then": row.then.text.strip()}
        if row.because is not None and row.because.texts:
            data["because"] = dict(row.because.texts)
        if row.cites:
            data["cites"] = list(row.cites)
        found.append(data)
    return found


def _lost(decision: Decision, table: Table, beside: Path, path: Path) -> list[Diagnostic]:
    document, found = read_table(beside, str(path))
    if document is None:
        return found
    wanted, got = rows(table), document.data["rules"]
    for row, (here, there) in zip(table.rows, zip(wanted, got, strict=False), strict=False):
        if here != there:
            return [_refusal(decision, row, path)]
    same = len(wanted) == len(got) and document.data["inputs"] == [formula.text.strip() for formula in table.inputs]
    return [] if same else [_refusal(decision, table.rows[0], path)]


def _refusal(decision: Decision, row: Row, path: Path) -> Diagnostic:
    return Diagnostic("X220", {"file": str(path), "row": row.number, "name": decision.id}, row.span, Hint("hint.odd_characters"))


# -- spreadsheets


def grid(table: Table) -> list[list[str]]:
    """The header and the rows; a column of what is said of a row only where some row says it."""
    said = [name for name in SAID if any(_said(row, name) for row in table.rows)]
    head = [*(formula.text.strip() for formula in table.inputs), "then", *said]
    return [head, *(_texts(row)[: len(table.inputs) + 1] + [_said(row, name) for name in said] for row in table.rows)]


def _texts(row: Row) -> list[str]:
    return [*(text.strip() for text in row.texts), row.then.text.strip(), *(_said(row, name) for name in SAID)]


def _said(row: Row, name: str) -> str:
    if name == "cites":
        return "; ".join(_cite(text) for text in row.cites)
    return row.because.texts.get(name.removeprefix("because."), "") if row.because is not None else ""


def _cite(text: str) -> str:
    plain = text.strip() == text != "" and ";" not in text and not text.startswith('"')
    return text if plain else '"' + text.replace('"', '""') + '"'


def as_csv(table: Table) -> str:
    """The table as CSV. What a spreadsheet program would compute has an apostrophe before it, which the reader takes away."""
    return "".join(",".join(_quoted(_marked(text)) for text in row) + "\n" for row in grid(table))


def _marked(text: str) -> str:
    return "'" + text if _COMPUTED.match(text) and not _HARMLESS.match(text) else text


def _quoted(text: str) -> str:
    return '"' + text.replace('"', '""') + '"' if _SPECIAL.search(text) else text


def _xlsx(table: Table, title: str, path: str) -> None:
    import openpyxl
    from openpyxl.styles import Alignment, Font
    from openpyxl.utils import get_column_letter

    book = openpyxl.Workbook()
    book.remove(book.worksheets[0])
    sheet = book.create_sheet(title[:31])
    lines = grid(table)
    for i, line in enumerate(lines, 1):
        for j, text in enumerate(line, 1):
            cell = sheet.cell(i, j)
            cell.value = "'" + text if text.startswith("'") and _COMPUTED.match(text) else text or None
            if text:
                cell.data_type = "s"  # openpyxl takes `=...` for a formula and `#N/A` for an error
            cell.number_format = "@"  # a program that edits the cell keeps it as text
            cell.quotePrefix = bool(_COMPUTED.match(text))
            cell.alignment = Alignment(vertical="top", wrap_text=True)
            if i == 1:
                cell.font = Font(bold=True)
    for j in range(len(lines[0])):
        longest = max(len(part) for line in lines for part in (line[j].splitlines() or [""]))
        sheet.column_dimensions[get_column_letter(j + 1)].width = min(WIDEST, max(NARROWEST, longest + 2))
    sheet.freeze_panes = "A2"
    book.save(path)


# -- YAML


def as_yaml(decision: Decision, table: Table, places: Sequence[str] = ()) -> str:
    """The table under its decision's id, or the placement's `decide`: to be put into a rule file, or the whole file of a model that extends this one.
    The values of a placement are its `places` without being said."""
    lead = ["decide:"] if decision.id == "placement" else [f"{decision.id}:", "  table:"]
    inner = "  " if decision.id == "placement" else "    "
    return "\n".join([*lead, *(inner + line for line in _lines(table, places))]) + "\n"


def _lines(table: Table, places: Sequence[str]) -> Iterator[str]:
    yield f"hit policy: {table.policy}"
    if table.aggregate is not None:
        yield f"aggregate: {table.aggregate}"
    yield f"inputs: {_list([formula.text.strip() for formula in table.inputs])}"
    if table.values is not None and table.values != tuple(places):
        yield f"values: {_list(table.values)}"
    yield "rules:"
    for row in rows(table):
        parts = [f"when: {_list(row['when'])}", f"then: {_scalar(row['then'])}"]
        if "because" in row:
            parts.append("because: {" + ", ".join(f"{lang}: {_scalar(text)}" for lang, text in row["because"].items()) + "}")
        if "cites" in row:
            parts.append(f"cites: {_list(row['cites'])}")
        line = "  - {" + ", ".join(parts) + "}"
        if len(line) <= _LINE:
            yield line
        else:
            yield f"  - {parts[0]}"
            yield from (f"    {part}" for part in parts[1:])
    if table.default is not None:
        yield f"default: {_scalar(table.default.text.strip())}"


def _list(texts: Sequence[str]) -> str:
    return "[" + ", ".join(_scalar(text) for text in texts) + "]"


def _scalar(text: str) -> str:
    """A text as YAML reads it back: plain when it is a word, in single quotes when it is in one line, else with escapes."""
    if _WORD.match(text) and text not in _NO_TEXT:
        return text
    if text.isprintable() and "\ufeff" not in text:
        return "'" + text.replace("'", "''") + "'"
    return '"' + "".join(_escaped(char) for char in text) + '"'


def _escaped(char: str) -> str:
    if char.isprintable() and char not in '"\\\ufeff':
        return char
    if char in '"\\\n\t\r':
        return json.dumps(char)[1:-1]
    return f"\\u{ord(char):04x}" if ord(char) < 0x10000 else f"\\U{ord(char):08x}"
