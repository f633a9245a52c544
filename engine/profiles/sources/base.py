"""What every kind of input gives, whatever its format: pieces of whole rows in order, each of which any process can turn into a Sheet."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from engine.diagnostics import Diagnostic
from engine.profiles.sheet import Sheet

ROWS = 10_000  # rows of a piece of a table that is not text


class Refused(Exception):
    """Internal: the input can't be read, or not to its end; `found` says why."""

    def __init__(self, found: Sequence[Diagnostic]) -> None:
        super().__init__()
        self.found = list(found)


@dataclass(frozen=True, slots=True)
class Piece:
    """Whole rows. `number`: from 0. `start`: where it begins, as its source counts: bytes of text, or rows. `line`: lines before it, 0 where there are none.
    `body`: the rows as the source's reader takes them; it bears pickling. `size`: of it, in bytes of text, or in rows. `row`: rows before it, where the source
    needs to know. `rest`: nothing of the file comes after it because quotes that do not pair make it unsafe to cut any further."""

    number: int
    start: int
    line: int
    body: Any
    size: int
    row: int = 0
    rest: bool = False


class Reader(Protocol):
    """The part of a source that works in other processes: it bears pickling, and no reading of a piece changes it."""

    @property
    def name(self) -> str:
        """What diagnostics call the input."""

    def sheet(self, piece: Piece) -> tuple[Sheet | None, list[Diagnostic]]:
        """The piece as a sheet of its own, with the columns of the whole input and the lines of the file; or what is wrong with it."""

    def rows(self, piece: Piece) -> int | None:
        """The rows of the piece, counted in another way than `sheet` does; None where there is no other."""


class Source(Protocol):
    """An input that is being read. Reading it raises Refused where it can't be read any further.

    `said`: what is to be said of how it is written. `size`: bytes of the file, 0 where nobody knows. `done`: how many of them have been read.
    `rows`: how many rows there are, where the file itself says so.
    """

    said: list[Diagnostic]
    size: int
    rows: int | None

    @property
    def reader(self) -> Reader: ...

    @property
    def done(self) -> int: ...

    def sample(self) -> Sheet | None:
        """The first rows, `numerals.SAMPLE` or more if there are so many; None where they cannot be read, of which the pieces will say more."""

    def use(self, columns: Collection[str]) -> None:
        """Only these columns will be asked for; before the pieces."""

    def pieces(self) -> Iterator[Piece]:
        """All rows from the first on, once."""

    @property
    def twice(self) -> bool:
        """Whether pieces can be read again."""

    def again(self, piece: Piece) -> Piece:
        """A piece whose body has been dropped, read again."""

    def nothing(self) -> list[Diagnostic]:
        """What to say when there was no row."""
