"""Turn a file or standard input into a stream of plain bytes: unpacked, counted, and with what goes wrong while reading as Refused."""

from __future__ import annotations

import gzip
import io
import tempfile
import zlib
from collections.abc import Callable
from dataclasses import replace
from typing import Any, Protocol

from engine.diagnostics import Diagnostic, Hint, Source
from engine.profiles.dialect import plain
from engine.profiles.sources.base import Piece, Refused

BLOCK = 1 << 20
GZIP, ZSTD = b"\x1f\x8b", b"\x28\xb5\x2f\xfd"
PACKED = {".gz": "gzip", ".gzip": "gzip", ".zst": "zstd", ".zstd": "zstd"}


class Bytes(Protocol):
    def read(self, size: int = -1, /) -> bytes: ...


class Counted(io.RawIOBase):
    """A stream that counts what has been read, and raises Refused where it cannot be read on. `front`: bytes that were read from it before."""

    def __init__(self, name: str, stream: Bytes, front: bytes = b"") -> None:
        self._name, self._stream, self._front = name, stream, front
        self.done = 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        found = self.read(len(buffer))
        buffer[: len(found)] = found
        return len(found)

    def read(self, size: int = -1) -> bytes:
        if self._front:
            found, self._front = (self._front, b"") if size < 0 else (self._front[:size], self._front[size:])
            found += self._stream.read() if size < 0 else b""
        else:
            try:
                found = self._stream.read(size)
            except OSError as error:
                raise Refused([unread(self._name, error)]) from None
        self.done += len(found)
        return found


class Whole:
    """A stream of which `read(size)` gives fewer bytes at its end only. `front`: bytes put before it. An archive that is cut off or damaged is Refused."""

    def __init__(self, name: str, stream: Bytes, packed: str | None = None, front: bytes = b"") -> None:
        self._name, self._stream, self._packed, self._front = name, stream, packed, front
        self.closed = False  # pyarrow asks

    def read(self, size: int = -1, /) -> bytes:
        parts, count = [self._front if size < 0 else self._front[:size]], len(self._front)
        self._front = b"" if size < 0 else self._front[size:]
        while size < 0 or count < size:
            more = self._more(BLOCK if size < 0 else size - count)
            if not more:
                break
            parts.append(more)
            count += len(more)
        return b"".join(parts)

    def _more(self, size: int) -> bytes:
        if self._packed is None:
            return self._stream.read(size)
        try:
            return self._stream.read(size)
        except (EOFError, OSError, zlib.error, ValueError) as error:  # what gzip and pyarrow raise of their own
            cut = isinstance(error, EOFError) or "runcated" in str(error)
            raise Refused([Diagnostic("P130" if cut else "P131", {"packed": self._packed}, Source(self._name, "").span(0, 0), Hint("hint.whole"))]) from None


def unread(name: str, error: OSError | ValueError) -> Diagnostic:
    """What is to be said of a file that the system does not give, or not to its end."""
    return Diagnostic("P103", {"file": name, "why": getattr(error, "strerror", None) or str(error)}, Source(name, "").span(0, 0))


def unpacked(name: str, raw: Counted) -> tuple[Whole, str | None]:
    """The content of a stream, and how it was packed, by its first bytes."""
    first = Whole(name, raw).read(4)
    behind = Counted(name, raw, first)
    if first.startswith(GZIP):
        return Whole(name, gzip.GzipFile(fileobj=behind, mode="rb"), "gzip"), "gzip"
    if first.startswith(ZSTD):
        import pyarrow as pa

        return Whole(name, pa.CompressedInputStream(pa.PythonFile(behind, mode="r"), "zstd"), "zstd"), "zstd"
    return Whole(name, raw, front=first), None


def unpacked_bytes(name: str, data: bytes) -> bytes:
    """The same of bytes that have been read. Raises Refused where the archive is cut off or damaged."""
    return unpacked(name, Counted(name, io.BytesIO(data)))[0].read() if data.startswith((GZIP, ZSTD)) else data


def spooled(stream: Bytes) -> Any:
    """All of a stream in a temporary file, for what cannot be read from front to back."""
    file = tempfile.TemporaryFile()  # noqa: SIM115 - it goes when whoever reads it does
    while block := stream.read(BLOCK):
        file.write(block)
    file.seek(0)
    return file


class Decoded:
    """The text of a stream as UTF-8, without a byte order mark; the same bytes as `plain` gives for all of it."""

    def __init__(self, stream: Bytes, encoding: str) -> None:
        self._stream, self._encoding = stream, encoding
        self._left, self._ready, self._mark = b"", b"", True

    def read(self, size: int = -1, /) -> bytes:
        parts, count = [self._ready], len(self._ready)
        while size < 0 or count < size:
            raw = self._stream.read(BLOCK if size < 0 else max(size - count, 64))
            text = self._text(self._left + raw, ended=not raw)
            parts.append(text)
            count += len(text)
            if not raw:
                break
        whole = b"".join(parts)
        if size < 0:
            size = len(whole)
        self._ready = whole[size:]
        return whole[:size]

    def _text(self, raw: bytes, ended: bool) -> bytes:
        """What can be read of some bytes without those that come next."""
        self._left = b""
        if self._mark and not ended and len(raw) < 4:
            self._left = raw
            return b""
        if self._encoding.startswith("utf-16") and not ended:
            low = -2 if self._encoding.endswith("be") else -1
            cut = len(raw) - len(raw) % 2
            if cut and 0xD8 <= raw[cut + low] <= 0xDB:  # the first half of a character
                cut -= 2
            raw, self._left = raw[:cut], raw[cut:]
        found = plain(raw, self._encoding, marked=self._mark)
        self._mark = self._mark and not raw
        return found


Again = Callable[[int, int], bytes]  # bytes of the input from a place on


class Rereadable:
    """A source whose pieces are bytes of the file; `_mark`: bytes of a byte order mark before what it counts."""

    _again: Again | None
    _mark: int

    @property
    def twice(self) -> bool:
        return self._again is not None

    def again(self, piece: Piece) -> Piece:
        assert self._again is not None
        return replace(piece, body=self._again(piece.start + self._mark, piece.size))
