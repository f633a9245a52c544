"""Turn an output table into a file by its extension; a file appears whole or not at all."""

from __future__ import annotations

import errno
import os
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

from engine.diagnostics import Diagnostic, Hint, Source
from engine.outcome.sinks import SINKS, Sink, ending
from engine.profiles.neutral import neutral
from engine.texts import Word

FORMATS = (*SINKS, ".xlsx")
MOST_ROWS = 1_048_575  # of a sheet, below the column names


def write(table: Any, path: Path) -> list[Diagnostic]:
    """Write `table` to `path`, in the format that its name says. The file is written beside and renamed, so a reader never sees half of it."""
    found = _format(path)
    if found:
        return found
    sink = SINKS.get(ending(path))
    if sink is None and table.num_rows > MOST_ROWS:
        values = {"file": str(path), "rows": f"{table.num_rows:,}", "most": f"{MOST_ROWS:,}"}
        return [Diagnostic("X230", values, Source(str(path), "").span(0, 0), Hint("hint.formats", {"formats": ", ".join(SINKS)}))]
    return write_with(path, partial(_xlsx, table) if sink is None else partial(_through, sink, table))


def refused(path: Path, reading: Path, any_format: bool = False) -> list[Diagnostic]:
    """What `write` would find before it has anything to write, so that a long run does not end in a wrong path. `reading`: the file that must survive."""
    if path.is_dir():
        return [cannot(path, os.strerror(errno.EISDIR))]
    if path.exists() and reading.exists() and path.samefile(reading):
        return [cannot(path, Word("being_read"))]
    if not any_format and (found := _format(path)):
        return found
    try:
        with tempfile.NamedTemporaryFile(dir=path.parent):
            return []
    except OSError as error:
        return [cannot(path, error.strerror or str(error))]


def _format(path: Path) -> list[Diagnostic]:
    if ending(path) in FORMATS:
        return []
    return [Diagnostic("X202", {"suffix": ending(path) or path.name}, Source(str(path), "").span(0, 0), Hint("hint.formats", {"formats": ", ".join(FORMATS)}))]


def cannot(path: Path, why: str) -> Diagnostic:
    return Diagnostic("X201", {"file": str(path), "why": why}, Source(str(path), "").span(0, 0), Hint("hint.writable"))


def write_text(text: str, path: Path) -> list[Diagnostic]:
    """Write a text the same way."""
    return write_with(path, lambda beside: Path(beside).write_text(text, encoding="utf-8"))


def write_with(path: Path, action: Callable[[str], Any]) -> list[Diagnostic]:
    try:
        with beside(path) as stream:
            action(stream.name)
    except OSError as error:
        return [cannot(path, error.strerror or str(error))]
    except ImportError:
        return [Diagnostic("X203", {"file": str(path)}, Source(str(path), "").span(0, 0), Hint("hint.install_xlsx"))]
    return []


@contextmanager
def beside(path: Path) -> Iterator[Any]:
    """A new file in the same folder that takes the path's place when all has been written; if that fails, it goes and an old file stays."""
    handle, name = tempfile.mkstemp(prefix=f".{path.name}.", suffix=path.suffix, dir=path.parent)
    try:
        os.close(handle)
        Path(name).chmod(0o666 & ~_umask())
        with Path(name).open("wb") as stream:
            yield stream
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


def _umask() -> int:
    found = os.umask(0)
    os.umask(found)
    return found


def _through(sink: type[Sink], table: Any, path: str) -> None:
    with Path(path).open("wb") as stream:
        to = sink(stream)
        to.add(sink.shaped(table, True))
        to.close()


def _xlsx(table: Any, path: str) -> None:
    import openpyxl

    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet("susun")
    sheet.append(table.column_names)
    for batch in table.to_batches(max_chunksize=10_000):
        for row in zip(*(column.to_pylist() for column in batch.columns), strict=True):
            sheet.append([_cell(value) for value in row])
    book.save(path)


def _cell(value: Any) -> Any:
    """A text that a spreadsheet would run as a formula is marked as text; control characters that it cannot hold are dropped."""
    if not isinstance(value, str):
        return value
    return neutral("".join(char for char in value if char in "\t\n\r" or ord(char) >= 32))
