"""A table as its source gives it, before anything is known about inputs: pyarrow columns of any type, every row of the input."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from engine.diagnostics import Diagnostic, Source, Span

Lines = Callable[[Sequence[int]], Sequence[int | None]]


def no_lines(rows: Sequence[int]) -> Sequence[int | None]:
    return [None] * len(rows)


@dataclass(frozen=True, slots=True)
class Broken:
    """A row that cannot be read as a whole. Its cells stand in the columns as far as they go, for its labels only. `column`: where it shows."""

    row: int
    text: str
    diagnostic: Diagnostic
    column: str | None = None


@dataclass(frozen=True, slots=True)
class Sheet:
    """`columns`: name -> pyarrow ChunkedArray of length `size`. `spans`: where each name stands in the header. `unnamed`: numbers of columns without a name.
    `line_of`: the lines on which some rows begin."""

    source: Source
    columns: Mapping[str, Any]
    size: int
    spans: Mapping[str, Span] = field(default_factory=dict)
    unnamed: tuple[int, ...] = ()
    broken: tuple[Broken, ...] = ()
    line_of: Lines = no_lines

    @property
    def name(self) -> str:
        return self.source.name

    def span(self, column: str) -> Span:
        """Where the column's name stands; the whole file when it is no text."""
        return self.spans.get(column, self.source.span(0, 0))
