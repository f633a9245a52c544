"""Find places in the bytes of a CSV file: the cells of a record, the lines on which rows begin, quotes that break the file. Only for what is to be reported."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence

import numpy as np

from engine.cells import record
from engine.diagnostics import Source, Span
from engine.profiles.dialect import PLAIN, Dialect

LONGEST_CELL = 2**31 - 1
STEP = 1 << 20  # bytes looked at together: they stay in the cache


def records(body: bytes, dialect: Dialect = PLAIN) -> Iterator[str]:
    """The raw text of each record, line breaks and blank lines included, the header first; bytes that are no text as surrogates, so that none is lost."""
    taken: list[str] = []

    def lines() -> Iterator[str]:
        for line in io.TextIOWrapper(io.BytesIO(body), encoding="utf-8", errors="surrogateescape", newline=""):
            taken.append(line)
            yield line

    limit = csv.field_size_limit(LONGEST_CELL)
    try:
        for _ in csv.reader(lines(), delimiter=dialect.delimiter, quotechar=dialect.quote):
            yield "".join(taken)
            taken.clear()
    finally:
        csv.field_size_limit(limit)


def well_quoted(body: bytes, dialect: Dialect = PLAIN) -> bool:
    """Whether every quote opens a cell, closes one, or is doubled within one. Then no quote can have joined two rows."""
    text = np.frombuffer(body, dtype=np.uint8)
    quotes = np.concatenate([start + np.flatnonzero(text[start : start + STEP] == ord(dialect.quote)) for start in range(0, text.size, STEP)])
    if quotes.size % 2:
        return False
    edges = np.zeros(256, dtype=bool)
    edges[list(f"{dialect.delimiter}\r\n{dialect.quote}".encode())] = True
    opening, closing = quotes[::2], quotes[1::2]
    before = edges[text[np.maximum(opening - 1, 0)]] | (opening == 0)
    after = edges[text[np.minimum(closing + 1, text.size - 1)]] | (closing == text.size - 1)
    return bool(before.all() and after.all())


def broken_quotes(body: bytes, dialect: Dialect = PLAIN) -> tuple[int | None, dict[int, str]]:
    """The byte at which a quote opens that never closes; and the data rows, by number, in which a cell goes on after its closing quote."""
    row, at = -1, 0
    odd: dict[int, str] = {}
    for raw in records(body, dialect):
        if dialect.quote in raw:
            found = record(raw, dialect.delimiter, dialect.quote)
            if found.open_at is not None:
                return at + len(_bytes(raw[: found.open_at])), odd
            if found.goes_on and row >= 0:
                odd[row] = _bytes(raw).decode("utf-8", "replace")
        at += len(_bytes(raw))
        row += bool(raw.strip("\r\n"))
    return None, odd


def _bytes(raw: str) -> bytes:
    return raw.encode("utf-8", "surrogateescape")


def lines_of(body: bytes, size: int, blank: int, rows: Sequence[int], dialect: Dialect = PLAIN) -> Sequence[int | None]:
    """The line on which each of some rows begins: counted when every row is a line, else found by reading the file again.

    size: number of rows; blank: empty lines before the header.
    """
    if body.count(b"\n") == size + body.endswith(b"\n") and body.count(b"\r") == body.count(b"\r\n"):
        return [row + 2 + blank for row in rows]
    wanted = set(rows)
    last = max(wanted, default=-1)
    found: dict[int, int] = {}
    line, row = 1 + blank, -1
    for raw in records(body, dialect):
        if raw.strip("\r\n"):
            if row in wanted:
                found[row] = line
            if row >= last:
                break
            row += 1
        line += raw.count("\n") or raw.count("\r")
    return [found.get(row) for row in rows]


def place(name: str, body: bytes, at: int, blank: int = 0) -> Span:
    """The span of the character at byte `at`. Its line stands alone in the source, below as many empty lines as come before it."""
    lines = body.count(b"\n", 0, at) + blank
    start = body.rfind(b"\n", 0, at) + 1
    end = body.find(b"\n", at)
    before = body[start:at].decode("utf-8", "replace")
    rest = body[at : len(body) if end < 0 else end].decode("utf-8", "replace")
    offset = lines + len(before)
    return Source(name, "\n" * lines + before + rest.rstrip("\r")).span(offset, offset + 1)
