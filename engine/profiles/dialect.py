"""Turn the first bytes of a text table into its dialect (encoding, separator, quote), and bytes in a dialect into plain UTF-8."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from dataclasses import dataclass
from itertools import islice

from engine.diagnostics import Diagnostic, Source
from engine.texts import Word

HEAD = 1 << 22  # bytes from which the encoding is found
BEGIN = 1 << 16  # characters from which the separator and the quote are found
RECORDS = 100
DELIMITERS = {",": "commas", ";": "semicolons", "\t": "tabs", "|": "bars"}
ENCODINGS = {"utf-8": "UTF-8", "utf-16-le": "UTF-16", "utf-16-be": "UTF-16", "windows-1252": "Windows-1252"}
UNREADABLE = "\ufffd\0"  # what `plain` puts for bytes that are no character of the encoding: no text holds a zero of its own
_MARKS = {b"\xef\xbb\xbf": "utf-8", b"\xff\xfe": "utf-16-le", b"\xfe\xff": "utf-16-be"}
_DECLARED = re.compile(r'\s*"?sep=([!-~\t])"?[^\S\r\n]*(?:\r\n|\r|\n)', re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Dialect:
    """How a file is written. It is found from the start of the file only, so that a file read in pieces is read as if it were whole."""

    encoding: str = "utf-8"
    delimiter: str = ","
    quote: str = '"'

    def said(self, name: str) -> list[Diagnostic]:
        """What to say about a file that is not UTF-8 with commas; nothing of one that is."""
        if self == Dialect():
            return []
        char: str = Word(DELIMITERS[self.delimiter]) if self.delimiter in DELIMITERS else f"`{self.delimiter}`"
        values = {"encoding": ENCODINGS[self.encoding], "char": char}
        return [Diagnostic("P115" if self.quote == '"' else "P116", values, Source(name, "").span(0, 0))]


PLAIN = Dialect()


def dialect_of(data: bytes) -> Dialect:
    """The dialect of a file that begins with `data`; only its first HEAD bytes are looked at."""
    encoding = _encoding(data[:HEAD])
    text = plain(data[: 4 * BEGIN], encoding).decode("utf-8", "replace")[:BEGIN].lstrip("\r\n")
    declared = _DECLARED.match(text)
    text = text[declared.end() if declared else 0 :]
    whole = text[: text.rfind("\n") + 1] or text
    found = {char: _fit(whole, char) for char in DELIMITERS}
    delimiter = declared.group(1) if declared and not declared.group(1).isalnum() else max(found, key=lambda char: found[char])
    return Dialect(encoding, delimiter, "'" if _single_quotes(whole, delimiter) else '"')


def without_declaration(body: bytes) -> bytes:
    """Plain UTF-8 without a first line that declares the separator (`sep=;`), as some spreadsheets write it."""
    declared = _DECLARED.match(body[:100].decode("utf-8", "replace"))
    return body[declared.end() :] if declared else body


def plain(data: bytes, encoding: str, marked: bool = True) -> bytes:
    """Bytes as UTF-8 without a byte order mark, which `marked` bytes may begin with. UTF-8 itself is left as it is: `mended` puts its mistakes right,
    where there are any."""
    mark = next((mark for mark, known in _MARKS.items() if known == encoding), b"")
    data = data.removeprefix(mark) if marked else data
    if encoding == "utf-8":
        return data
    if encoding == "windows-1252":
        return _sound(data.decode("windows-1252", "surrogateescape"))
    odd = len(data) % 2
    return _sound(data[: len(data) - odd].decode(encoding, "surrogatepass")) + (UNREADABLE.encode() if odd else b"")


def mended(body: bytes) -> bytes:
    """UTF-8 with UNREADABLE for each byte that is none."""
    return _sound(body.decode("utf-8", "surrogateescape"))


def _sound(text: str) -> bytes:
    try:
        return text.encode()
    except UnicodeEncodeError:
        return re.sub("[\ud800-\udfff]", UNREADABLE, text).encode()


def _encoding(head: bytes) -> str:
    for mark, encoding in _MARKS.items():
        if head.startswith(mark):
            return encoding
    text = head.decode("utf-8", "surrogateescape")
    if text.isascii():
        return "utf-8"
    text = text[: len(text) - 3] if len(head) == HEAD else text  # a character cut in two is no mistake
    wrong = len(re.findall("[\udc80-\udcff]", text))
    right = len(re.findall("[^\0-\x7f\ud800-\udfff]", text)) if wrong else 0
    return "utf-8" if right >= wrong else "windows-1252"  # letters of Windows-1252 hardly ever make a character of UTF-8


def _fit(text: str, delimiter: str) -> tuple[bool, bool, float, int]:
    """How well the first records fall into columns: as many cells as the header, more than one, in most records, and many of them."""
    try:
        widths = [len(row) for row in islice(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter), RECORDS) if row]
    except csv.Error:
        return False, False, 0.0, 0
    width, count = Counter(widths).most_common(1)[0] if widths else (0, 0)
    return (widths[0] == width, widths[0] > 1, count / len(widths), width) if width > 1 else (False, False, 0.0, 0)


def _single_quotes(text: str, delimiter: str) -> bool:
    """Whether cells stand in single quotes: two at least, each of them closed, and none in double quotes."""
    edge = re.escape(delimiter)
    opened = len(re.findall(rf"(?:^|{edge})'", text, re.MULTILINE))
    if opened < 2 or re.search(rf'(?:^|{edge})"', text, re.MULTILINE):
        return False
    return len(re.findall(rf"(?:^|(?<={edge}))'(?:[^']|'')*'(?={edge}|\r|\n|\Z)", text, re.MULTILINE)) == opened
