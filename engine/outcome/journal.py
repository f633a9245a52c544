"""Turn answers into numbered parts on disk with a journal of them, from which an interrupted run goes on, and which at last become the output.

A folder beside the output holds `journal`, a line of JSON with its own checksum for what is asked and one for each part, and the parts: of every piece of the
input in turn the bytes of the output, of the rejects, and what later pieces need to know of it. A part is on disk before the journal names it, so what the
journal names is whole; what a checksum contradicts is taken as not done, and so is all that comes after it.
"""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import time
import zlib
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, BinaryIO, Protocol

import numpy as np

from engine.interrupts import deferred
from engine.outcome.write import folder_to_disk, held, to_disk
from engine.profiles.sources.base import Piece

SIZE, SECONDS = 64 << 20, 5.0  # a part ends when it has so many bytes or is so old: no more than that has to be done again
BLOCK = 1 << 20
_JOURNAL = "journal"


class Answers(Protocol):
    """What is kept of a piece's answers."""

    @property
    def read(self) -> int: ...
    @property
    def content(self) -> bytes: ...
    @property
    def statuses(self) -> Counter[str]: ...
    @property
    def moved(self) -> tuple[int, int]: ...
    @property
    def keys(self) -> np.ndarray: ...
    @property
    def lines(self) -> np.ndarray | None: ...


class Busy(Exception):
    """Another process writes this journal."""


class Damaged(Exception):
    """A part is no longer what was written."""


class Different(Exception):
    """The journal is of a run that was asked something else. `before`: what. `rows`: how many it has decided."""

    def __init__(self, before: Mapping[str, str], rows: int) -> None:
        super().__init__()
        self.before, self.rows = before, rows


@dataclass(frozen=True, slots=True)
class Entry:
    """A piece in the journal. `start`, `line`, `size`, `row`, `check`: which piece of the input. `read`: its rows. `content`, `rejects`, `keys`, `lines`: bytes
    of each in its part, one after another; `lines` below 0: there are none."""

    start: int
    line: int
    size: int
    row: int
    check: int
    read: int
    content: int
    rejects: int
    keys: int
    lines: int

    @property
    def bytes(self) -> int:
        return self.content + self.rejects + self.keys + max(0, self.lines)


@dataclass(frozen=True, slots=True)
class Part:
    """Some pieces, one after another, in one file. `statuses`: how many of their rows have which. `moved`: how many of them a change moves, and of how many."""

    number: int
    check: int
    statuses: Mapping[str, int]
    moved: tuple[int, int]
    entries: tuple[Entry, ...]

    @property
    def bytes(self) -> int:
        return sum(entry.bytes for entry in self.entries)

    @property
    def rows(self) -> int:
        return sum(entry.read for entry in self.entries)


@dataclass(frozen=True, slots=True)
class Kept:
    """What later pieces need to know of one that has been answered. `keys`: (read,) uint64, of the ids. `lines`: of its rows, if it can't be read again."""

    read: int
    keys: np.ndarray
    lines: np.ndarray | None
    entry: Entry
    exact: bool

    def is_of(self, piece: Piece) -> bool:
        """Whether this piece is the one that was answered."""
        entry = self.entry
        return (entry.start, entry.line, entry.size, entry.row, entry.check) == _mark(piece, self.exact)


def folder_of(output: Path) -> Path:
    """Where the parts of an output lie until it is there."""
    return output.parent / f".{output.name}.parts"


class Journal:
    """The parts of one run. `exact`: pieces are compared by their content. `parts`: those that are done. `damaged`: some that were done had to be given up."""

    def __init__(self, folder: Path, stream: BinaryIO, exact: bool) -> None:
        self.folder, self.exact = folder, exact
        self.parts: list[Part] = []
        self.damaged = False
        self._stream = stream
        self._file: BinaryIO | None = None
        self._begun, self._check = 0.0, 0
        self._entries: list[Entry] = []
        self._statuses: Counter[str] = Counter()
        self._moved = (0, 0)

    @property
    def rows(self) -> int:
        """How many rows are decided and kept."""
        return sum(part.rows for part in self.parts)

    @property
    def statuses(self) -> Counter[str]:
        return sum((Counter(part.statuses) for part in self.parts), Counter())

    @property
    def moved(self) -> tuple[int, int]:
        return sum(part.moved[0] for part in self.parts), sum(part.moved[1] for part in self.parts)

    def kept(self) -> Iterator[Kept]:
        """Every piece that is done, in order."""
        for part in self.parts:
            with self._path(part.number).open("rb") as file:
                for entry in part.entries:
                    file.seek(entry.content + entry.rejects, os.SEEK_CUR)
                    keys = np.frombuffer(file.read(entry.keys), dtype=np.uint64)
                    lines = np.frombuffer(file.read(max(0, entry.lines)), dtype=np.int64)
                    yield Kept(entry.read, keys, None if entry.lines < 0 else lines, entry, self.exact)

    def add(self, piece: Piece, done: Answers, rejects: bytes) -> None:
        """The answers of the next piece. `rejects`: what they add to the rejects."""
        with deferred():
            self._add(piece, done, rejects)

    def _add(self, piece: Piece, done: Answers, rejects: bytes) -> None:
        if self._file is None:
            self._file = self._path(len(self.parts)).open("wb")
            self._begun, self._check = time.monotonic(), 0
        blobs = [done.content, rejects, done.keys.astype(np.uint64).tobytes(), b"" if done.lines is None else done.lines.astype(np.int64).tobytes()]
        for blob in blobs:
            self._file.write(blob)
            self._check = zlib.crc32(blob, self._check)
        sizes = [len(blob) for blob in blobs]
        if done.lines is None:
            sizes[-1] = -1
        self._entries.append(Entry(*(*_mark(piece, self.exact), done.read, *sizes)))
        self._statuses.update(done.statuses)
        self._moved = (self._moved[0] + done.moved[0], self._moved[1] + done.moved[1])
        if self._file.tell() >= SIZE or time.monotonic() - self._begun >= SECONDS:
            self._end_part()

    def end_part(self) -> None:
        """What has been added is on disk, and the journal says so."""
        with deferred():
            self._end_part()

    def _end_part(self) -> None:
        if self._file is None:
            return
        to_disk(self._file)
        self._file.close()
        folder_to_disk(self.folder)
        part = Part(len(self.parts), self._check, dict(self._statuses), self._moved, tuple(self._entries))
        self._note({**asdict(part), "entries": [list(asdict(entry).values()) for entry in part.entries]})
        self.parts.append(part)
        self._file, self._entries, self._statuses, self._moved = None, [], Counter(), (0, 0)

    def contents(self) -> Iterator[tuple[bytes, bytes]]:
        """What each piece adds to the output and to the rejects, in order. Raises Damaged."""
        for part in self.parts:
            check = 0
            with self._path(part.number).open("rb") as file:
                for entry in part.entries:
                    blob = file.read(entry.bytes)
                    check = zlib.crc32(blob, check)
                    yield blob[: entry.content], blob[entry.content : entry.content + entry.rejects]
            if check != part.check:
                raise Damaged

    def remove(self) -> None:
        """The output is there."""
        shutil.rmtree(self.folder, ignore_errors=True)

    def _path(self, number: int) -> Path:
        return self.folder / f"{number:06d}.part"

    def _note(self, data: Mapping[str, Any]) -> None:
        self._stream.write(_line(data))
        to_disk(self._stream)

    def find(self, asked: Mapping[str, str], anew: bool) -> None:
        """What an earlier run has done; if it has done nothing, this one begins. `anew`: whatever is there does not count. Raises Different."""
        lines = _lines(self._stream)
        end = 0
        if lines and not anew:
            (head, end), *rest = lines
            parts = [(Part(**{**data, "entries": tuple(Entry(*values) for values in data["entries"])}), after) for data, after in rest]
            if head["asked"] != asked:
                raise Different(head["asked"], sum(part.rows for part, _ in parts))
            for part, after in parts:
                if not self._is_whole(part):
                    break
                self.parts.append(part)
                end = after
        self.damaged = 0 < end < self._stream.seek(0, os.SEEK_END)
        self._stream.truncate(end)
        self._stream.seek(end)
        if not end:
            self._note({"asked": dict(asked)})
        for path in set(self.folder.glob("*.part")) - {self._path(part.number) for part in self.parts}:
            path.unlink()
        folder_to_disk(self.folder)

    def _is_whole(self, part: Part) -> bool:
        check = 0
        try:
            with self._path(part.number).open("rb") as file:
                while block := file.read(BLOCK):
                    check = zlib.crc32(block, check)
                return check == part.check and file.tell() == part.bytes
        except OSError:
            return False


@contextlib.contextmanager
def journal(output: Path, asked: Mapping[str, str], exact: bool, anew: bool = False) -> Iterator[Journal]:
    """The journal of an output, held by this process. `asked`: what the answers depend on. Raises Busy, Different, and OSError where nothing can be written."""
    folder = folder_of(output)
    folder.mkdir(exist_ok=True)
    with open(os.open(folder / _JOURNAL, os.O_RDWR | os.O_CREAT, 0o666), "r+b") as stream:  # noqa: PTH123 - no mode of `Path.open` begins a file and keeps it
        with contextlib.suppress(OSError):
            if not held(stream):
                raise Busy
        found = Journal(folder, stream, exact)
        found.find(asked, anew)
        try:
            yield found
        except BaseException as error:
            if isinstance(error, KeyboardInterrupt):
                with contextlib.suppress(OSError):
                    found.end_part()
            if not found.parts:
                found.remove()
            raise


def abandoned(output: Path) -> Path | None:
    """The folder of a run that was interrupted, if there is one that no process holds."""
    folder = folder_of(output)
    try:
        with (folder / _JOURNAL).open("rb") as stream:
            return folder if held(stream) else None
    except OSError:
        return None


def _mark(piece: Piece, exact: bool) -> tuple[int, int, int, int, int]:
    """Which piece of the input it is; `exact`: and with which content."""
    return piece.start, piece.line, piece.size, piece.row, zlib.crc32(piece.body) if exact else 0


def _line(data: Mapping[str, Any]) -> bytes:
    text = json.dumps(data, ensure_ascii=False).encode()
    return b"%08x %s\n" % (zlib.crc32(text), text)


def _lines(stream: BinaryIO) -> list[tuple[dict[str, Any], int]]:
    """The lines of a journal up to the first that is not as it was written, each with where it ends."""
    found: list[tuple[dict[str, Any], int]] = []
    end = 0
    stream.seek(0)
    for line in stream:
        check, _, text = line.rstrip(b"\n").partition(b" ")
        if not line.endswith(b"\n") or check != b"%08x" % zlib.crc32(text):
            break
        end += len(line)
        found.append((json.loads(text), end))
    return found
