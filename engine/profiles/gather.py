"""Turn what is wrong with the rejected rows, column by column, into Rejects, row by row."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any

import numpy as np

from engine.diagnostics import Diagnostic, Hint
from engine.profiles.cells import texts, trimmed
from engine.profiles.fields import Field
from engine.profiles.sheet import Sheet
from engine.profiles.table import Reject, shortened

MOST_REASONS = 5  # reported for one row
Reason = tuple[str | None, str | None, Diagnostic]  # column, value, why


def gather(
    sheet: Sheet,
    fields: Mapping[str, Field],
    others: Sequence[Field],
    required: Collection[str],
    id: str,
    ids: Any,
    again: Mapping[int, int],
    bad: np.ndarray,
) -> tuple[Reject, ...]:
    """The reasons for each rejected row, in the order of rows and of columns. `again`: rows that repeat the id of an earlier one."""
    import pyarrow as pa

    rows = bad.tolist()
    named = dict(zip(rows, ids.take(pa.array(bad)).to_pylist(), strict=True))
    lines = dict(zip(rows, sheet.line_of(rows), strict=True))
    found: dict[int, list[Reason]] = {row: [] for row in rows}
    whole: dict[int, Reason] = {item.row: (item.column, shortened(item.text), item.diagnostic) for item in sheet.broken}
    unnamed = np.array([row for row in rows if named[row] is None and row not in whole], dtype=np.int64)
    whole |= dict.fromkeys(_empty(sheet, unnamed), (None, None, Diagnostic("P302", {}, None, Hint("hint.remove_row"))))
    firsts = dict(zip(first := sorted(set(again.values())), sheet.line_of(first), strict=True))
    for row, earlier in again.items():
        found[row].append((fields[id].source, shortened(named[row] or ""), repeated(named[row] or "", firsts[earlier], earlier)))
    unread = np.zeros(sheet.size, dtype=bool)  # an input is no longer missing where a column it is made of cannot be read
    for given in others:
        for row, reason in _wrong(given):
            found[row].append(reason)
            unread[row] = True
    for key, given in fields.items():
        for row, reason in (*_wrong(given), *(_missing(key, given, unread) if key in required else ())):
            found[row].append(reason)
    return tuple(Reject(row, lines[row], named[row], *reason) for row in rows for reason in ([whole[row]] if row in whole else found[row][:MOST_REASONS]))


def _wrong(given: Field) -> Iterator[tuple[int, Reason]]:
    for wrong in given.wrongs:
        for row, which in zip(wrong.rows.tolist(), wrong.which.tolist(), strict=True):
            text, diagnostic = wrong.findings[which]
            yield row, (given.source, None if text is None else shortened(text), diagnostic)


def _missing(key: str, given: Field, unread: np.ndarray) -> Iterator[tuple[int, Reason]]:
    """The rows in which a required input is empty; a cell that is wrong is reported as that."""
    if given.null is None:
        return
    missing = given.null & ~unread
    for wrong in given.wrongs:
        missing[wrong.rows] = False
    rows = np.flatnonzero(missing)
    plain, mapped = Diagnostic("P303", {"input": key}), Diagnostic("P303", {"input": key}, None, Hint("hint.map_value"))
    for row, text in zip(rows.tolist(), given.shown(rows), strict=True):
        text = text and text.strip()
        yield row, (given.source, shortened(text) if text else None, mapped if text else plain)


def repeated(text: str, line: int | None, row: int) -> Diagnostic:
    """What is to be said of a row whose id an earlier row has."""
    if line is None:
        return Diagnostic("P312", {"text": shortened(text), "row": row + 1}, None, Hint("hint.own_id"))
    return Diagnostic("P311", {"text": shortened(text), "line": line}, None, Hint("hint.own_id"))


def _empty(sheet: Sheet, rows: np.ndarray) -> list[int]:
    """Those rows that hold nothing in any column."""
    import pyarrow as pa

    for column in sheet.columns.values():
        if not rows.size:
            break
        rows = rows[trimmed(texts(column.take(pa.array(rows)))).is_null().to_numpy()]
    found: list[int] = rows.tolist()
    return found
