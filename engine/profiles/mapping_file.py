"""Turn a mapping file into the columns it declares and the expressions it gives for each input, or into diagnostics that say why not."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from engine.diagnostics import Diagnostic, Hint, did_you_mean
from engine.model.plan import NO_TEXT, Text
from engine.profiles.numerals import LOCALES
from engine.source import Document, Path_, parse_yaml, read_file
from engine.texts import Word

TYPES = ("number", "integer", "boolean", "text")


@dataclass(frozen=True, slots=True)
class Declared:
    """A column of the file: its type, the codes that mean "missing", and how its numbers are written where the file says so."""

    type: str
    missing: tuple[str | float, ...]
    path: Path_
    locale: str | None = None


@dataclass(frozen=True, slots=True)
class Alternative:
    """One way to get an input's value: FEEL over the file's columns. `assumed`: what is assumed when this one is used."""

    text: str
    path: Path_
    assumed: Text | None


@dataclass(frozen=True, slots=True)
class MappingFile:
    """`fields`: input -> alternatives; in each row the first that is not null counts."""

    document: Document
    title: Text
    columns: Mapping[str, Declared]
    fields: Mapping[str, tuple[Alternative, ...]]
    locale: str | None = None


def read_mapping(path: str | Path) -> tuple[MappingFile | None, list[Diagnostic]]:
    """The mapping file at a path. Names of inputs and columns, and the expressions, are checked when it is used."""
    source, found = read_file(Path(path), str(path))
    if source is None:
        return None, found
    document, found = parse_yaml(source)
    if document is None:
        return None, found
    reader = _Reader(document, [])
    mapping = reader.whole()
    return (None if reader.found else mapping), reader.found


@dataclass(slots=True)
class _Reader:
    document: Document
    found: list[Diagnostic]

    def whole(self) -> MappingFile | None:
        data = self.document.data
        if not self.is_a(data, dict, "mapping", ()):
            return None
        self.keys(data, ("title", "locale", "columns", "fields"), ())
        if "fields" not in data:
            self.found.append(Diagnostic("R202", {"key": "fields"}, self.document.span(())))
        title, columns, fields = data.get("title"), data.get("columns") or {}, data.get("fields") or {}
        if self.is_a(columns, dict, "mapping", ("columns",)) & self.is_a(fields, dict, "mapping", ("fields",)):
            declared = {name: self.column(name, value) for name, value in columns.items()}
            given = {name: self.alternatives(("fields", name), value) for name, value in fields.items()}
            return MappingFile(self.document, self.both(title, ("title",)) if title is not None else NO_TEXT, declared, given, self.locale(data, ()))
        return None

    def column(self, name: str, value: Any) -> Declared:
        path: Path_ = ("columns", name)
        if isinstance(value, str):
            value, place = {"type": value}, path
        else:
            place = (*path, "type")
        if not self.is_a(value, dict, "column_type", path):
            return Declared("text", (), path)
        self.keys(value, ("type", "missing", "locale"), path)
        kind = value.get("type", "text")
        if kind not in TYPES:
            hint = did_you_mean(str(kind), TYPES)
            self.found.append(Diagnostic("R204", {"text": kind, "values": ", ".join(TYPES)}, self.document.span(place), hint))
        missing = value.get("missing") or []
        if not isinstance(missing, list):
            missing = [missing]
        if any(isinstance(code, (dict, list)) for code in missing):
            self.found.append(Diagnostic("R203", {"wanted": Word("codes")}, self.document.span((*path, "missing"))))
            missing = []
        return Declared(kind, tuple(self.code(code, (*path, "missing", i)) for i, code in enumerate(missing)), path, self.locale(value, path))

    def locale(self, data: Mapping[str, Any], path: Path_) -> str | None:
        found = data.get("locale")
        if found is None or found in LOCALES:
            return found
        self.found.append(Diagnostic("R204", {"text": found, "values": ", ".join(LOCALES)}, self.document.span((*path, "locale"))))
        return None

    def code(self, value: Any, path: Path_) -> str | float:
        """A missing code: a number as such, anything else as it is written."""
        if isinstance(value, (int, float)) and not isinstance(value, bool):
            return float(value)
        return self.document.raw(path) or str(value)

    def alternatives(self, path: Path_, value: Any) -> tuple[Alternative, ...]:
        if isinstance(value, list):
            if not value:
                self.found.append(Diagnostic("R203", {"wanted": Word("field_value")}, self.document.span(path)))
            return tuple(item for i, one in enumerate(value) for item in self.alternative((*path, i), one))
        return tuple(self.alternative(path, value))

    def alternative(self, path: Path_, value: Any) -> list[Alternative]:
        assumed: Text | None = None
        if isinstance(value, dict):
            self.keys(value, ("value", "assumed"), path)
            if "value" not in value:
                self.found.append(Diagnostic("R202", {"key": "value"}, self.document.span(path)))
                return []
            if "assumed" in value:
                assumed = self.both(value["assumed"], (*path, "assumed"))
            path, value = (*path, "value"), value["value"]
        if value is None or isinstance(value, (dict, list)):
            self.found.append(Diagnostic("R203", {"wanted": Word("field_value")}, self.document.span(path)))
            return []
        return [Alternative(self.document.raw(path) or str(value), path, assumed)]

    def both(self, value: Any, path: Path_) -> Text:
        if isinstance(value, dict) and set(value) == {"en", "id"} and all(isinstance(text, str) for text in value.values()):
            return dict(value)
        self.found.append(Diagnostic("R203", {"wanted": Word("both_languages")}, self.document.span(path)))
        return NO_TEXT

    def keys(self, data: dict[str, Any], allowed: tuple[str, ...], path: Path_) -> None:
        for key in data:
            if key not in allowed:
                hint = did_you_mean(key, allowed) or Hint("hint.allowed", {"values": ", ".join(allowed)})
                self.found.append(Diagnostic("R201", {"key": key}, self.document.key_span((*path, key)), hint))

    def is_a(self, data: Any, kind: type, word: str, path: Path_) -> bool:
        if isinstance(data, kind):
            return True
        self.found.append(Diagnostic("R203", {"wanted": Word(word)}, self.document.span(path)))
        return False
