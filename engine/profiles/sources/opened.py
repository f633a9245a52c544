"""Turn a path, or `-` for standard input, into the Source that reads it: by its name's ending, or by its first bytes where it has none."""

from __future__ import annotations

import stat
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from engine.profiles.native import ARROW
from engine.profiles.read import FRONT, STDIN, content, kind_of, refused
from engine.profiles.sources.base import Refused, Source
from engine.profiles.sources.lines import JsonLines
from engine.profiles.sources.streams import Again, Counted, Whole, spooled, unpacked, unread
from engine.profiles.sources.tables import ArrowFile, ArrowStream, Parquet
from engine.profiles.sources.text import Text
from engine.profiles.sources.whole import WholeSheet


@dataclass(frozen=True, slots=True)
class _Opened:
    """A stream of plain bytes. `file`: the bytes anywhere in it, where they can be had. `front`: its first bytes, which it still gives."""

    name: str
    stream: Whole
    raw: Counted
    size: int
    front: bytes
    file: Any = None

    @property
    def again(self) -> Again | None:
        return None if self.file is None else self._again

    def _again(self, start: int, size: int) -> bytes:
        self.file.seek(start)
        found: bytes = self.file.read(size)
        return found

    def anywhere(self) -> Any:
        """The bytes as a file that can be read anywhere."""
        import pyarrow as pa

        return pa.PythonFile(self.file or spooled(self.stream), mode="r")


@contextmanager
def opened(orgs: str, page: str | None = None) -> Iterator[Source]:
    """The source of an input. `page`: of a workbook. Raises Refused where it can't be read."""
    with ExitStack() as stack:
        stream: Any
        file: Any = None
        size = 0
        if orgs == STDIN:
            stream = sys.stdin.buffer
        else:
            path = Path(orgs)
            if found := refused(path, orgs):
                raise Refused(found)
            try:
                stream = stack.enter_context(path.open("rb"))
                facts = path.stat()
                if stat.S_ISREG(facts.st_mode):
                    file, size = stack.enter_context(path.open("rb")), facts.st_size
            except OSError as error:
                raise Refused([unread(orgs, error)]) from None
        raw = Counted(orgs, stream)
        whole, packed = unpacked(orgs, raw)
        front = whole.read(FRONT)
        yield _source(_Opened(orgs, Whole(orgs, whole, front=front), raw, size, front, None if packed else file), page)


def _source(given: _Opened, page: str | None) -> Source:
    kind = kind_of(given.name, given.front)
    if page is None:
        match kind:
            case "text":
                return Text(given.name, given.stream, given.raw, given.size, given.again)
            case "lines":
                return JsonLines(given.name, given.stream, given.raw, given.size, given.again)
            case "parquet":
                return Parquet(given.name, given.anywhere(), given.raw, given.size)
            case "arrow" if given.front.startswith(ARROW):
                return ArrowFile(given.name, given.anywhere(), given.raw, given.size)
            case "arrow":
                import pyarrow as pa

                return ArrowStream(given.name, pa.PythonFile(given.stream, mode="r"), given.raw, given.size)
    sheet, found = content(kind, given.name, given.stream.read(), page)
    if sheet is None:
        raise Refused(found)
    return WholeSheet(sheet, found, given.size)
