"""The typed table of profiles: what the rest of the engine decides about, and which rows of the input were rejected, and why."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any

import numpy as np

from engine.diagnostics import Diagnostic
from engine.feel.arrays import Column, take
from engine.model.plan import Text

SHOWN = 80


@dataclass(frozen=True, slots=True)
class Reject:
    """One thing wrong with one rejected row.

    `row`: position among the input's data rows, from 0. `line`: line of the file where the row begins, from 1. `column`: as the file calls it.
    `value`: the offending text, shortened. The diagnostic's message is the reason.
    """

    row: int
    line: int | None
    org_id: str | None
    column: str | None
    value: str | None
    diagnostic: Diagnostic


@dataclass(frozen=True, slots=True, eq=False)
class Profiles:
    """The accepted rows of an input, typed. `read` equals `size` plus the number of rejected rows, always.

    `columns`: every input of the model, arrays of length `size`, null where not stated. `rows`: int64, position of each accepted row in the input.
    `estimated`: input -> mask of the accepted rows whose value is a mapping's estimate. `labels`: `id` and `name` of all `read` rows, pyarrow strings.
    `kept`: columns of the source to carry over, all `read` rows.
    """

    size: int
    columns: Mapping[str, Column]
    rows: np.ndarray
    read: int
    rejects: tuple[Reject, ...] = ()
    estimated: Mapping[str, np.ndarray] = field(default_factory=dict)
    estimate_reasons: Mapping[str, Text] = field(default_factory=dict)
    labels: Mapping[str, Any] = field(default_factory=dict)
    kept: Mapping[str, Any] = field(default_factory=dict)


class Columns(Mapping[str, Column]):
    """Columns by input. Free texts, which few decisions read, are made when first asked for: a million names take as long as all numbers."""

    def __init__(self, made: Mapping[str, Column | Callable[[], Column]]) -> None:
        self._made = dict(made)

    def __getitem__(self, name: str) -> Column:
        found = self._made[name]
        if callable(found):
            found = self._made[name] = found()
        return found

    def __iter__(self) -> Iterator[str]:
        return iter(self._made)

    def __len__(self) -> int:
        return len(self._made)


def without(profiles: Profiles, column: str, why: Mapping[int, Diagnostic], line_of: Callable[[Sequence[int]], Sequence[int | None]]) -> Profiles:
    """Without some rows, which are rejected instead. `column`: of the cell that each was rejected for; a row that was rejected before gets one more reason."""
    rows = sorted(why)
    lines = dict(zip(rows, line_of(rows), strict=True))
    more = [Reject(row, lines[row], text := profiles.labels["id"][row].as_py(), column, text, why[row]) for row in rows]
    stays = np.flatnonzero(~np.isin(profiles.rows, rows))
    return replace(
        profiles,
        size=len(stays),
        columns=Columns({name: partial(_some, profiles.columns, name, stays) for name in profiles.columns}),
        rows=profiles.rows[stays],
        rejects=tuple(sorted((*more, *profiles.rejects), key=lambda reject: reject.row)),
        estimated={name: mask[stays] for name, mask in profiles.estimated.items()},
    )


def _some(columns: Mapping[str, Column], name: str, rows: np.ndarray) -> Column:
    return take(columns[name], rows)


def shortened(text: str) -> str:
    """A text as messages show it: on one line, at most 80 characters."""
    if len(text) > 4 * SHOWN:
        text = text[: 4 * SHOWN]
        return " ".join(text.split())[: SHOWN - 1] + "…"
    text = " ".join(text.split())
    return text if len(text) <= SHOWN else text[: SHOWN - 1] + "…"
