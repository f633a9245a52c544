"""Turn rows whose ids may be the same into which of them repeat an earlier row's id, and which row that is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from engine.diagnostics import Diagnostic
from engine.profiles.gather import repeated

MOST = 5_000_000  # rows whose ids are not their own: what every worker can be told of


@dataclass(frozen=True, slots=True)
class Repeats:
    """`rows`: (n,) int64 ascending, each repeats the id of the row in `firsts`, which begins on the line in `lines` (0: the input has none)."""

    rows: np.ndarray
    firsts: np.ndarray
    lines: np.ndarray

    def among(self, places: np.ndarray, ids: Any) -> dict[int, Diagnostic]:
        """Of some rows, by their positions, what is to be said of those that repeat an id."""
        at = np.searchsorted(self.rows, places)
        at[at == len(self.rows)] = 0
        here = np.flatnonzero(self.rows[at] == places) if len(self.rows) else np.zeros(0, dtype=np.int64)
        found: dict[int, Diagnostic] = {}
        for row in here.tolist():
            line, first = int(self.lines[at[row]]), int(self.firsts[at[row]])
            found[row] = repeated(ids[row].as_py() or "", line or None, first)
        return found


_NONE = np.zeros(0, dtype=np.int64)
NO_REPEATS = Repeats(_NONE, _NONE, _NONE)


def repeats_of(table: Any) -> Repeats:
    """`table`: pyarrow, `row`, `line` and `id` of all rows that may share an id; the first row of each id has it, the others repeat it."""
    order = np.argsort(rows := table.column("row").to_numpy(), kind="stable")
    rows = rows[order]
    lines = table.column("line").fill_null(0).to_numpy()[order]
    codes = table.column("id").combine_chunks().dictionary_encode().indices.to_numpy()[order] if len(rows) else _NONE
    _, first, which = np.unique(codes, return_index=True, return_inverse=True)
    again = np.flatnonzero(first[which] != np.arange(len(rows)))
    return Repeats(rows[again], rows[first[which[again]]], lines[first[which[again]]])
