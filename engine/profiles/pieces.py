"""Turn a CSV file or stream into pieces of whole records, each small enough to be held, decided and written while the others wait."""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Protocol

from engine.profiles.csv_scan import well_quoted

SIZE = 2 << 20  # bytes of a piece: some 10,000 organisations


class _Bytes(Protocol):
    def read(self, size: int = -1, /) -> bytes: ...


@dataclass(frozen=True, slots=True)
class Piece:
    """Whole records. `number`: from 0. `start`: byte of the file at which it begins; `line`: lines before it. `rest`: nothing of the file comes after it
    because quotes that do not pair make it unsafe to cut any further."""

    number: int
    start: int
    line: int
    body: bytes
    rest: bool = False


def pieces(stream: _Bytes, start: int, line: int, carry: bytes = b"", size: int = SIZE) -> Iterator[Piece]:
    """The records of a stream that stands behind `carry`, cut where a line ends outside quotes. `start`, `line`: bytes and lines before `carry`.

    A quote that neither opens nor closes a cell may hide where records end: from there on the rest of the stream is one piece.
    """
    number = 0
    ended = False
    stream, carry = Behind(carry, stream), b""
    while True:
        want = max(0, size - len(carry))
        more = stream.read(want) if want and not ended else b""
        ended = ended or len(more) < want
        block = carry + more
        if not block:
            return
        cut = len(block) if ended else _cut(block)
        while cut == 0 and not ended:  # a record larger than a piece
            more = stream.read(len(block))
            ended = len(more) < len(block)
            block += more
            cut = len(block) if ended else _cut(block)
        body = block[:cut]
        if b'"' in body and not well_quoted(body):
            body = block + stream.read()
            yield Piece(number, start, line, body, rest=True)
            return
        yield Piece(number, start, line, body)
        number, start, line, carry = number + 1, start + cut, line + body.count(b"\n"), block[cut:]
        if ended and not carry:
            return


def _cut(block: bytes) -> int:
    """After the last line break with a whole number of pairs of quotes before it; 0 where there is none."""
    at = block.rfind(b"\n")
    odd = block.count(b'"', 0, at + 1) % 2
    while at >= 0 and odd:
        before = block.rfind(b"\n", 0, at)
        odd = (odd + block.count(b'"', before + 1, at + 1)) % 2
        at = before
    return at + 1


class Behind(io.RawIOBase):
    """A stream with some bytes in front that have been read already."""

    def __init__(self, front: bytes, stream: _Bytes) -> None:
        self._front, self._stream = io.BytesIO(front), stream

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        found = self.read(len(buffer))
        buffer[: len(found)] = found
        return len(found)

    def read(self, size: int = -1) -> bytes:
        found = self._front.read(size)
        return found + self._stream.read(size - len(found) if size >= 0 else -1) if size < 0 or len(found) < size else found
