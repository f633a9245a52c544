"""Turn YAML text into plain data plus the span of every key and value, or into diagnostics that say why not."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from engine.diagnostics import Diagnostic, Hint, Source, Span

MAX_BYTES = 1_000_000
MAX_DEPTH = 40
Path_ = tuple[str | int, ...]

_INTEGER = re.compile(r"[-+]?(0|[1-9][0-9_]*)\Z")
_FLOAT = re.compile(r"[-+]?([0-9][0-9_]*)?\.?[0-9]+([eE][-+]?[0-9]+)?\Z")


@dataclass
class Document:
    """One YAML file: `data` is plain (dict, list, str, int, float, bool, None); spans are found by path, as in `("posts", "lead", "covers", 0)`."""

    source: Source
    data: Any = None
    values: dict[Path_, tuple[int, int]] = field(default_factory=dict)
    keys: dict[Path_, tuple[int, int]] = field(default_factory=dict)
    texts: dict[Path_, tuple[str, str]] = field(default_factory=dict)  # scalar text and style

    def span(self, path: Path_) -> Span:
        """The span of the value at `path`, or of its nearest parent that is in the file."""
        while path not in self.values and path:
            path = path[:-1]
        start, end = self.values.get(path, (0, 0))
        return self.source.span(start, end)

    def key_span(self, path: Path_) -> Span:
        if path in self.keys:
            return self.source.span(*self.keys[path])
        return self.span(path)

    def raw(self, path: Path_) -> str | None:
        """The scalar's text as YAML reads it, before any number or boolean is made of it."""
        return self.texts[path][0] if path in self.texts else None

    def within(self, path: Path_, start: int, end: int) -> Span:
        """The span of characters `start` to `end` of the scalar at `path`."""
        if path not in self.texts or path not in self.values:
            return self.span(path)
        lo, hi = self.values[path]
        text, style = self.texts[path]
        offsets = _offsets(self.source.text[lo:hi], text, style)
        if offsets is None:
            return self.span(path)
        first = lo + (offsets[start] if start < len(offsets) else _after(offsets))
        last = lo + (offsets[end - 1] + 1 if 0 < end <= len(offsets) else _after(offsets))
        return self.source.span(first, max(first, last))


def _after(offsets: list[int]) -> int:
    return offsets[-1] + 1 if offsets else 0


def _offsets(raw: str, text: str, style: str) -> list[int] | None:
    """Where each character of a scalar's text stands in its raw YAML; None when the two cannot be aligned."""
    found: list[int] = []
    i = 1 if style in ("'", '"') else 0
    if style in ("|", ">"):
        i = raw.find("\n") + 1
    for position, char in enumerate(text):
        if char.isspace() and i < len(raw) and raw[i].isspace():
            found.append(i)
            i += 1
            if position + 1 < len(text) and not text[position + 1].isspace():
                while i < len(raw) and raw[i].isspace():
                    i += 1
            continue
        while i < len(raw) and raw[i].isspace() and not char.isspace():
            i += 1
        if i >= len(raw):
            return [*found, *[len(raw)] * (len(text) - position)] if text[position:].isspace() else None
        found.append(i)
        if style == '"' and raw[i] == "\\":
            i += 2 + {"x": 2, "u": 4, "U": 8}.get(raw[i + 1 : i + 2], 0)
        elif style == "'" and raw[i] == "'":
            i += 2
        elif raw[i] == char:
            i += 1
        else:
            return None
    return found


def read_file(path: Path, shown: str | None = None) -> tuple[Source | None, list[Diagnostic]]:
    """Read a text file as UTF-8; `shown` is the name that diagnostics print."""
    name = shown or str(path)
    nowhere = Source(name, "")
    try:
        if path.is_file() and path.stat().st_size > MAX_BYTES:
            return None, [Diagnostic("R103", {"size": path.stat().st_size, "limit": MAX_BYTES}, nowhere.span(0, 0))]
        data = path.read_bytes()
    except OSError as error:
        return None, [Diagnostic("R101", {"file": name, "why": error.strerror or str(error)}, nowhere.span(0, 0))]
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        before = data[: error.start].decode("utf-8", "replace")
        source = Source(name, before + "\ufffd")
        return None, [Diagnostic("R102", {"byte": f"0x{data[error.start]:02x}"}, source.span(len(before), len(before) + 1))]
    return Source(name, text.replace("\r\n", "\n")), []


def parse_yaml(source: Source) -> tuple[Document | None, list[Diagnostic]]:
    """Parse one YAML document. Everything wrong with the YAML itself comes back as R1 diagnostics."""
    import yaml

    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    document = Document(source)
    problems: list[Diagnostic] = []
    try:
        found = _refused(yaml, loader, source)
        if found:
            return None, found
        nodes = list(yaml.compose_all(source.text, Loader=loader))
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        at = source.offset(mark.line, mark.column) if mark else 0
        why = (error.problem or error.context or "").replace("%", "")
        return None, [Diagnostic("R104", {"why": why}, source.span(at, at + 1), Hint("hint.yaml"))]
    except (yaml.YAMLError, ValueError, UnicodeError) as error:
        at = min(getattr(error, "position", 0), max(0, len(source.text) - 1))
        return None, [Diagnostic("R104", {"why": "character not allowed"}, source.span(at, at + 1), Hint("hint.yaml"))]
    if len(nodes) > 1:
        start = source.text.rfind("---", 0, source.offset(nodes[1].start_mark.line, nodes[1].start_mark.column) + 3)
        return None, [Diagnostic("R108", {}, source.span(start, start + 3))]
    if nodes and nodes[0] is not None:
        document.data = _plain(yaml, nodes[0], (), document, problems)
    return (None if problems else document), problems


def _refused(yaml: Any, loader: Any, source: Source) -> list[Diagnostic]:
    """Aliases, anchors, tags and deep nesting are refused while they are still events."""
    problems: list[Diagnostic] = []
    depth = 0
    for event in yaml.parse(source.text, Loader=loader):
        start = source.offset(event.start_mark.line, event.start_mark.column)
        end = source.offset(event.end_mark.line, event.end_mark.column)
        if isinstance(event, yaml.AliasEvent):
            problems.append(Diagnostic("R106", {"what": f"*{event.anchor}"}, source.span(start, end), Hint("hint.alias")))
        elif getattr(event, "anchor", None):
            width = len(event.anchor) + 1
            problems.append(Diagnostic("R106", {"what": f"&{event.anchor}"}, source.span(start, start + width), Hint("hint.alias")))
        elif getattr(event, "tag", None):
            word = source.text[start:end].split(None, 1)[0] if source.text[start:end].strip() else "!"
            problems.append(Diagnostic("R107", {"what": word}, source.span(start, start + len(word))))
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
            if depth > MAX_DEPTH:
                return [*problems, Diagnostic("R109", {"limit": MAX_DEPTH}, source.span(start, start + 1))]
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1
    return problems


def _plain(yaml: Any, node: Any, path: Path_, document: Document, problems: list[Diagnostic]) -> Any:
    source = document.source
    start = source.offset(node.start_mark.line, node.start_mark.column)
    end = source.offset(node.end_mark.line, node.end_mark.column)
    while end > start and source.text[end - 1 : end].isspace():
        end -= 1
    document.values[path] = (start, end)
    if isinstance(node, yaml.MappingNode):
        data: dict[str, Any] = {}
        for key, value in node.value:
            at = source.offset(key.start_mark.line, key.start_mark.column)
            to = source.offset(key.end_mark.line, key.end_mark.column)
            if not isinstance(key, yaml.ScalarNode):
                problems.append(Diagnostic("R110", {}, source.span(at, to)))
                continue
            word = key.value
            if word in data:
                problems.append(Diagnostic("R105", {"key": word}, source.span(at, to), Hint("hint.duplicate_key")))
                continue
            document.keys[(*path, word)] = (at, to)
            data[word] = _plain(yaml, value, (*path, word), document, problems)
        return data
    if isinstance(node, yaml.SequenceNode):
        return [_plain(yaml, item, (*path, i), document, problems) for i, item in enumerate(node.value)]
    document.texts[path] = (node.value, node.style or "")
    value = node.value if node.style else resolve(node.value)
    if isinstance(value, (int, float)) and not math.isfinite(value):
        problems.append(Diagnostic("R111", {"text": node.value}, source.span(start, end)))
        return None
    return value


def resolve(text: str) -> Any:
    """What an unquoted scalar means: numbers, true, false and null are what they look like, the rest is text."""
    if text in ("", "~", "null"):
        return None
    if text in ("true", "false"):
        return text == "true"
    if _INTEGER.match(text):
        digits = text.replace("_", "")
        return int(digits) if len(digits) < 40 else math.inf
    if _FLOAT.match(text):
        return float(text.replace("_", ""))
    return text


def walk(data: Any, path: Path_ = ()) -> Iterator[tuple[Path_, Any]]:
    """Every (path, value) of plain data, parents first."""
    yield path, data
    if isinstance(data, dict):
        for key, value in data.items():
            yield from walk(value, (*path, key))
    elif isinstance(data, list):
        for i, value in enumerate(data):
            yield from walk(value, (*path, i))


__all__ = ["Document", "parse_yaml", "read_file", "resolve", "walk"]
