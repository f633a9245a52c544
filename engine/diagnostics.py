"""Diagnostics: code, severity, message, span, hint, the only way anything is reported about a file; rendered as text and JSON."""

from __future__ import annotations

import difflib
from bisect import bisect_right
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from engine.texts import fill, say
from engine.texts.codes import CODES

ERROR, WARNING, INFO = "error", "warning", "info"


@dataclass(frozen=True)
class Source:
    """A text and the name by which messages call it."""

    name: str
    text: str

    @cached_property
    def _starts(self) -> list[int]:
        starts = [0]
        for i, char in enumerate(self.text):
            if char == "\n":
                starts.append(i + 1)
        return starts

    def offset(self, line: int, column: int) -> int:
        """Character offset of a 0-based line and column."""
        return min(len(self.text), self._starts[min(line, len(self._starts) - 1)] + column)

    def place(self, offset: int) -> tuple[int, int]:
        """1-based line and column of a character offset."""
        row = bisect_right(self._starts, offset) - 1
        return row + 1, offset - self._starts[row] + 1

    def line(self, number: int) -> str:
        """The text of a 1-based line."""
        start = self._starts[number - 1]
        end = self._starts[number] - 1 if number < len(self._starts) else len(self.text)
        return self.text[start:end]

    def span(self, start: int, end: int) -> Span:
        return Span(self, start, end)

    def mark(self, offset: int) -> str:
        """How messages point at an offset."""
        line, column = self.place(offset)
        return f"{line}:{column}"


@dataclass(frozen=True)
class GridSource(Source):
    """The cells of a sheet as a text, tabs between them. `marks`: where each cell begins -> its name, as in `Sheet1!B7`."""

    marks: Mapping[int, str] = field(default_factory=dict)

    def mark(self, offset: int) -> str:
        before = [start for start in self.marks if start <= offset]
        return self.marks[max(before)] if before else super().mark(offset)


@dataclass(frozen=True, slots=True)
class Span:
    """Characters `start` to `end` (exclusive) of a source."""

    source: Source = field(repr=False)
    start: int
    end: int

    @property
    def text(self) -> str:
        return self.source.text[self.start : self.end]

    @property
    def line(self) -> int:
        return self.source.place(self.start)[0]

    @property
    def column(self) -> int:
        return self.source.place(self.start)[1]

    def __str__(self) -> str:
        return f"{self.source.name}:{self.source.mark(self.start)}"


@dataclass(frozen=True, slots=True)
class Hint:
    """What to do about it: a key of the catalogue and its values."""

    key: str
    values: Mapping[str, Any] = field(default_factory=dict)

    def text(self, lang: str = "en") -> str:
        return say(self.key, lang, **self.values)


@dataclass(frozen=True, slots=True)
class Diagnostic:
    """One finding. `values` fill the placeholders of the code's message in either language."""

    code: str
    values: Mapping[str, Any]
    span: Span | None = None
    hint: Hint | None = None
    level: str | None = None  # the severity that a model gives a lint instead of its own

    @property
    def severity(self) -> str:
        return self.level or CODES[self.code].severity

    def message(self, lang: str = "en") -> str:
        return fill(CODES[self.code].message, lang, self.values)

    def render(self, lang: str = "en") -> str:
        """The finding as text: place, code, message; the line with the span underlined; the hint."""
        head = f"{self.code} {self.message(lang)}"
        if self.span is None:
            lines = [head]
        elif not self.span.source.text:
            lines = [f"{self.span.source.name}: {head}"]
        else:
            lines = [f"{self.span}: {head}", *_underline(self.span)]
        if self.hint:
            lines.append(f"  {say('diagnostic.hint', lang)}: {self.hint.text(lang)}")
        return "\n".join(lines)

    def to_json(self, lang: str = "en") -> dict[str, Any]:
        found: dict[str, Any] = {"code": self.code, "severity": self.severity, "message": self.message(lang)}
        if self.span is not None:
            end = self.span.source.place(self.span.end)
            found |= {"file": self.span.source.name, "line": self.span.line, "column": self.span.column}
            found |= {"end_line": end[0], "end_column": end[1], "text": self.span.text}
        if self.hint:
            found["hint"] = self.hint.text(lang)
        return found


def _underline(span: Span, width: int = 160) -> list[str]:
    number, column = span.source.place(span.start)
    line = span.source.line(number).replace("\t", " ")
    length = max(1, min(span.end - span.start, len(line) - column + 1))
    if len(line) > width:  # a very long line is shown around the span
        cut = max(0, column - 1 - width // 3)
        line, column = ("…" if cut else "") + line[cut : cut + width] + "…", column - cut + (1 if cut else 0)
        length = min(length, max(1, len(line) - column))
    line = "".join(char if char.isprintable() else "\ufffd" for char in line)
    gutter = " " * (len(str(number)) + 1)
    return [f" {number} | {line}", f"{gutter} | {' ' * (column - 1)}{'^' * length}"]


def annotation(item: Diagnostic, lang: str = "en") -> str:
    """The finding as a workflow command of GitHub Actions, which shows it at its line."""

    def escaped(text: str, more: str = "") -> str:
        for char in "%\r\n" + more:
            text = text.replace(char, f"%{ord(char):02X}")
        return text

    level = {ERROR: "error", WARNING: "warning"}.get(item.severity, "notice")
    place = {"title": item.code}
    if item.span is not None and item.span.source.text:
        end = item.span.source.place(max(item.span.start, item.span.end - 1))
        place |= {"file": item.span.source.name, "line": str(item.span.line), "endLine": str(end[0])}
        if end[0] == item.span.line:
            place |= {"col": str(item.span.column), "endColumn": str(end[1])}
    elif item.span is not None:
        place["file"] = item.span.source.name
    said = item.message(lang) + (f"\n{say('diagnostic.hint', lang)}: {item.hint.text(lang)}" if item.hint else "")
    properties = ",".join(f"{key}={escaped(value, ':,')}" for key, value in place.items())
    return f"::{level} {properties}::{escaped(said)}"


def did_you_mean(word: str, known: Iterable[str]) -> Hint | None:
    """A hint with the known words nearest to `word`, or None."""
    names = sorted(set(known))
    lowered = {name.lower(): name for name in names}
    if word.lower() in lowered:
        return Hint("hint.did_you_mean", {"name": lowered[word.lower()]})
    near = difflib.get_close_matches(word, names, n=1, cutoff=0.6) if len(word) <= 80 else []
    return Hint("hint.did_you_mean", {"name": near[0]}) if near else None


def errors(found: Iterable[Diagnostic]) -> list[Diagnostic]:
    return [item for item in found if item.severity == ERROR]
