"""Turn a path, a DataFrame, a dict or a list of dicts into a Sheet, or into diagnostics that say why it cannot be read."""

from __future__ import annotations

import difflib
import re
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from engine.diagnostics import Diagnostic, Hint, Source
from engine.profiles.csv_file import read_csv
from engine.profiles.native import ARROW, from_arrow, from_frame, from_records, read_arrow, read_json, read_jsonl, read_parquet
from engine.profiles.sheet import Sheet
from engine.profiles.sources.base import Refused
from engine.profiles.sources.streams import PACKED, unpacked_bytes, unread
from engine.profiles.workbook import read_xlsx

STDIN = "-"
KINDS = {
    ".csv": "text", ".txt": "text", ".tsv": "text",
    ".parquet": "parquet", ".pq": "parquet",
    ".arrow": "arrow", ".feather": "arrow", ".arrows": "arrow", ".ipc": "arrow",
    ".xlsx": "workbook", ".xlsm": "workbook",
    ".json": "json", ".jsonl": "lines", ".ndjson": "lines",
}  # fmt: skip
READERS = {"text": read_csv, "parquet": read_parquet, "arrow": read_arrow, "workbook": read_xlsx, "json": read_json, "lines": read_jsonl}
FRONT = 4096  # bytes that tell kinds apart
_FRONTS = {b"PAR1": "parquet", ARROW: "arrow", b"\xff\xff\xff\xff": "arrow", b"PK\x03\x04": "workbook"}
_OBJECT, _LIST = re.compile(rb"(?:\xef\xbb\xbf)?\s*\{\s*[\"}]"), re.compile(rb"(?:\xef\xbb\xbf)?\s*\[\s*[{\]]")


def read(source: Any, name: str | None = None, page: str | None = None) -> tuple[Sheet | None, list[Diagnostic]]:
    """The sheet of a source: a path to a CSV, XLSX, Parquet, Arrow, JSON or JSON lines file, packed or not, a DataFrame, a pyarrow Table, one profile (a
    dict) or a list of them.

    `name` is what diagnostics call it, `page` the sheet of a workbook, else its first. Tables in memory have no lines; an unreadable source gives no
    sheet and at least one error.
    """
    if isinstance(source, (str, Path)):
        return _file(Path(source), name or str(source), page)
    if isinstance(source, Mapping):
        return from_records(name or "profile", [source])
    if isinstance(source, (list, tuple)):
        return from_records(name or "profiles", source)
    module = type(source).__module__.split(".")[0]
    if module == "pandas" and hasattr(source, "columns"):
        return from_frame(name or "DataFrame", source)
    if hasattr(source, "__arrow_c_stream__"):
        import pyarrow as pa

        return from_arrow(name or "table", source if isinstance(source, pa.Table) else pa.table(source))
    return None, [Diagnostic("P114", {"got": f"{type(source).__name__}"}, Source(name or "profiles", "").span(0, 0), Hint("hint.sources"))]


def kind_of(name: str, front: bytes) -> str:
    """What a file is by its name's ending, or, where it has none, by its first bytes."""
    if found := KINDS.get(_suffix(Path(name))):
        return found
    for mark, kind in _FRONTS.items():
        if front.startswith(mark):
            return kind
    return "lines" if _OBJECT.match(front) else "json" if _LIST.match(front) else "text"


def content(kind: str, name: str, data: bytes, page: str | None) -> tuple[Sheet | None, list[Diagnostic]]:
    """The sheet of a file's bytes."""
    if kind == "workbook":
        return read_xlsx(name, data, page)
    if page is not None:
        return None, [Diagnostic("P119", {"sheet": page}, Source(name, "").span(0, 0), Hint("hint.no_sheets"))]
    return READERS[kind](name, data)


def refused(path: Path, name: str) -> list[Diagnostic]:
    """What is wrong with a path before it is read."""
    nowhere = Source(name, "").span(0, 0)
    try:
        if path.is_dir():
            return [Diagnostic("P102", {"file": name}, nowhere, _one_inside(path, name))]
        if _suffix(path) not in ("", *KINDS):
            return [Diagnostic("P110", {"suffix": path.suffix}, nowhere, Hint("hint.save_csv"))]
        path.stat()
    except FileNotFoundError:
        return [Diagnostic("P101", {"file": name}, nowhere, _neighbour(path))]
    except (OSError, ValueError) as error:
        return [unread(name, error)]
    return []


def _suffix(path: Path) -> str:
    """The ending of a name, without that of an archive."""
    return (Path(path.stem) if path.suffix.lower() in PACKED else path).suffix.lower()


def _file(path: Path, name: str, page: str | None) -> tuple[Sheet | None, list[Diagnostic]]:
    try:
        if name == STDIN:
            data = sys.stdin.buffer.read()
        elif found := refused(path, name):
            return None, found
        else:
            data = path.read_bytes()
        data = unpacked_bytes(name, data)
    except (OSError, ValueError) as error:
        return None, [unread(name, error)]
    except Refused as error:
        return None, error.found
    return content(kind_of(name, data[:FRONT]), name, data, page)


def _neighbour(path: Path) -> Hint:
    """A hint with the file of that folder whose name is nearest."""
    try:
        near = difflib.get_close_matches(path.name, [item.name for item in path.parent.iterdir()][:10_000], n=1, cutoff=0.7)
    except OSError:
        near = []
    return Hint("hint.did_you_mean", {"name": str(path.parent / near[0])}) if near else Hint("hint.path")


def _one_inside(path: Path, name: str) -> Hint:
    try:
        files = sorted(item.name for item in path.iterdir() if _suffix(item) in KINDS and item.is_file())
    except OSError:
        files = []
    return Hint("hint.folder", {"file": str(Path(name) / (files[0] if files else "orgs.csv"))})
