"""Turn the text of a CSV record into its cells, each with the place where it stands."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Record:
    """The record at the start of a text: its cells, each with its first and last character; where it ends; where a quote stays open;
    whether a cell goes on after its closing quote."""

    cells: tuple[tuple[str, int, int], ...]
    end: int
    open_at: int | None = None
    goes_on: bool = False


def record(text: str, delimiter: str = ",", quote: str = '"') -> Record:
    """Read one record, quotes as in RFC 4180."""
    ends = delimiter + "\r\n"
    cells: list[tuple[str, int, int]] = []
    at, goes_on = 0, False
    while True:
        start, cell, quoted = at, "", text[at : at + 1] == quote
        if quoted:
            at += 1
            while True:
                close = text.find(quote, at)
                if close < 0:
                    return Record(tuple(cells), len(text), start)
                cell += text[at:close]
                at = close + 1
                if text[at : at + 1] != quote:
                    break
                cell += quote
                at += 1
        stop = at
        while stop < len(text) and text[stop] not in ends:
            stop += 1
        goes_on = goes_on or (quoted and stop > at)
        cells.append((cell + text[at:stop], start, stop))
        at = stop + 1
        if stop >= len(text) or text[stop] != delimiter:
            return Record(tuple(cells), stop, None, goes_on)
