"""Turn a pyarrow table into CSV text, cells quoted only where they must be, whole numbers without a point."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from engine.profiles.cells import flat, texts

_SPECIAL = '[",\r\n]'
_LARGE = 2**28  # bytes of cells from which joined lines need larger offsets


def header_text(names: Sequence[str]) -> bytes:
    """The header line."""
    import pyarrow as pa

    return (",".join(_quoted(pa.array(list(names), pa.string())).to_pylist()) + "\n").encode()


def csv_text(table: Any) -> bytes:
    """The table's rows, without a header. Columns are joined a whole column at a time; the joined lines' bytes are the text."""
    import pyarrow as pa
    import pyarrow.compute as pc

    if table.num_rows == 0:
        return b""
    kind = pa.large_string() if table.nbytes > _LARGE else pa.string()
    return lines_text(pc.binary_join_element_wise(*cells_of(table, kind), pa.scalar(",", kind)))


def cells_of(table: Any, kind: Any) -> list[Any]:
    """The cells of each column as they stand in a line."""
    return [_quoted(flat(texts(column))).fill_null("").cast(kind) for column in table.columns]


def lines_text(lines: Any) -> bytes:
    """A pyarrow array of lines as text."""
    import pyarrow as pa
    import pyarrow.compute as pc

    lines = pc.binary_join_element_wise(lines, *(pa.scalar(text, lines.type) for text in ("\n", "")))
    _, offsets, content = lines.buffers()
    width = 8 if pa.types.is_large_string(lines.type) else 4
    text: bytes = content.to_pybytes()
    return text[: int.from_bytes(offsets.slice(width * len(lines), width).to_pybytes(), "little")]


def _quoted(column: Any) -> Any:
    """The cells that hold a comma, a quote or a line break, in quotes."""
    import pyarrow as pa
    import pyarrow.compute as pc

    buffer = column.buffers()[2]
    content = b"" if buffer is None else buffer.to_pybytes()
    if not any(mark in content for mark in (b",", b'"', b"\n", b"\r")):
        return column
    quote, nothing = pa.scalar('"', column.type), pa.scalar("", column.type)
    inner = pc.replace_substring(column, '"', '""')
    return pc.if_else(pc.match_substring_regex(column, _SPECIAL), pc.binary_join_element_wise(quote, inner, quote, nothing), column)
