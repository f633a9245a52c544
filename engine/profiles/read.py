"""Turn a path, a DataFrame, a dict or a list of dicts into a Sheet, or into diagnostics that say why it cannot be read."""

from __future__ import annotations

import difflib
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from engine.diagnostics import Diagnostic, Hint, Source
from engine.profiles.csv_file import read_csv
from engine.profiles.native import from_arrow, from_frame, from_records, read_json, read_jsonl, read_parquet
from engine.profiles.sheet import Sheet
from engine.profiles.workbook import read_xlsx

READERS = {
    ".csv": read_csv, ".txt": read_csv, "": read_csv,
    ".parquet": read_parquet, ".pq": read_parquet,
    ".xlsx": read_xlsx, ".xlsm": read_xlsx,
    ".json": read_json, ".jsonl": read_jsonl, ".ndjson": read_jsonl,
}  # fmt: skip


def read(source: Any, name: str | None = None, page: str | None = None) -> tuple[Sheet | None, list[Diagnostic]]:
    """The sheet of a source: a path to a CSV, XLSX, Parquet, JSON or JSON lines file, a DataFrame, a pyarrow Table, one profile (a dict) or a list of them.

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


def _file(path: Path, name: str, page: str | None) -> tuple[Sheet | None, list[Diagnostic]]:
    nowhere = Source(name, "").span(0, 0)
    if name == "-":
        return read_csv(name, sys.stdin.buffer.read())
    try:
        if path.is_dir():
            return None, [Diagnostic("P102", {"file": name}, nowhere, _one_inside(path, name))]
        if path.suffix.lower() not in READERS:
            return None, [Diagnostic("P110", {"suffix": path.suffix}, nowhere, Hint("hint.save_csv"))]
        data = path.read_bytes()
    except FileNotFoundError:
        return None, [Diagnostic("P101", {"file": name}, nowhere, _neighbour(path))]
    except (OSError, ValueError) as error:
        return None, [Diagnostic("P103", {"file": name, "why": getattr(error, "strerror", None) or str(error)}, nowhere)]
    reader = READERS[path.suffix.lower()]
    if reader is read_xlsx:
        return read_xlsx(name, data, page)
    if page is not None:
        return None, [Diagnostic("P119", {"sheet": page}, nowhere, Hint("hint.no_sheets"))]
    return reader(name, data)


def _neighbour(path: Path) -> Hint:
    """A hint with the file of that folder whose name is nearest."""
    try:
        near = difflib.get_close_matches(path.name, [item.name for item in path.parent.iterdir()][:10_000], n=1, cutoff=0.7)
    except OSError:
        near = []
    return Hint("hint.did_you_mean", {"name": str(path.parent / near[0])}) if near else Hint("hint.path")


def _one_inside(path: Path, name: str) -> Hint:
    try:
        files = sorted(item.name for item in path.iterdir() if item.suffix.lower() in READERS and item.suffix and item.is_file())
    except OSError:
        files = []
    return Hint("hint.folder", {"file": str(Path(name) / (files[0] if files else "orgs.csv"))})
