"""Turn a stream of UTF-8 text into pieces of whole records, each small enough to be held, decided and written while the others wait."""

from __future__ import annotations

from collections.abc import Iterator

from engine.profiles.csv_scan import records, well_quoted
from engine.profiles.dialect import PLAIN, Dialect
from engine.profiles.sources.base import Piece
from engine.profiles.sources.streams import Bytes, Whole

SIZE = 2 << 20  # bytes of a piece: some 10,000 organisations


def pieces(stream: Bytes, start: int, line: int, carry: bytes = b"", dialect: Dialect | None = PLAIN, size: int | None = None) -> Iterator[Piece]:
    """The records of a stream that stands behind `carry`, cut where a line ends outside quotes. `start`, `line`: bytes and lines before `carry`.
    `stream.read(n)` gives fewer bytes at its end only. Without a `dialect` quotes mean nothing.

    A quote that neither opens nor closes a cell may hide where records end: from there on the rest of the stream is one piece.
    """
    size = size or SIZE
    number = 0
    ended = False
    quote = dialect.quote if dialect is not None else ""
    stream, carry = Whole("", stream, front=carry), b""
    while True:
        want = max(0, size - len(carry))
        more = stream.read(want) if want and not ended else b""
        ended = ended or len(more) < want
        block = carry + more
        if not block:
            return
        at = len(block) if ended else cut(block, quote)
        while at == 0 and not ended:  # a record larger than a piece
            more = stream.read(len(block))
            ended = len(more) < len(block)
            block += more
            at = len(block) if ended else cut(block, quote)
        body = block[:at]
        if dialect is not None and quote.encode() in body and not well_quoted(body, dialect):
            body = block + stream.read()
            yield Piece(number, start, line, body, len(body), rest=True)
            return
        yield Piece(number, start, line, body, len(body))
        number, start, line, carry = number + 1, start + at, line + _lines(body, dialect), block[at:]
        if ended and not carry:
            return


def _lines(body: bytes, dialect: Dialect | None) -> int:
    """The lines of a piece. A return without a line break ends one too, unless it stands in a cell."""
    if dialect is None or body.count(b"\r") == body.count(b"\r\n"):
        return body.count(b"\n")
    return sum(raw.count("\n") or raw.count("\r") for raw in records(body, dialect))


def cut(block: bytes, quote: str = '"') -> int:
    """After the last line break with a whole number of pairs of quotes before it; 0 where there is none. A `quote` of "" never stands in the way."""
    mark = quote.encode()
    at = block.rfind(b"\n")
    odd = block.count(mark, 0, at + 1) % 2 if mark else 0
    while at >= 0 and odd:
        before = block.rfind(b"\n", 0, at)
        odd = (odd + block.count(mark, before + 1, at + 1)) % 2
        at = before
    return at + 1
