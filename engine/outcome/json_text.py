"""Turn a pyarrow table into JSON lines, a whole column at a time; whole numbers without a point, missing values null."""

from __future__ import annotations

import json
from typing import Any

import numpy as np

from engine.profiles.cells import flat, texts
from engine.profiles.csv_text import lines_text

_SHORT = {8: "\\b", 9: "\\t", 10: "\\n", 12: "\\f", 13: "\\r"}


def json_lines(table: Any) -> bytes:
    """One object a row, as the table's columns are named and ordered."""
    import pyarrow as pa
    import pyarrow.compute as pc

    if table.num_rows == 0:
        return b""
    kind = pa.large_string() if table.nbytes > 1 << 28 else pa.string()
    parts: list[Any] = []
    for i, name in enumerate(table.column_names):
        parts.append(pa.scalar(f"{', ' if i else '{'}{json.dumps(name, ensure_ascii=False)}: ", kind))
        parts.append(_values(flat(table.column(i))).fill_null("null").cast(kind))
    return lines_text(pc.binary_join_element_wise(*parts, pa.scalar("}", kind), pa.scalar("", kind)))


def _values(column: Any) -> Any:
    """Each value as JSON writes it."""
    import pyarrow as pa
    import pyarrow.compute as pc

    kind = column.type
    if pa.types.is_dictionary(kind):
        return _values(column.cast(kind.value_type))
    if pa.types.is_boolean(kind) or pa.types.is_integer(kind) or pa.types.is_null(kind):
        return column.cast(pa.string())
    if pa.types.is_floating(kind):
        return flat(texts(pc.if_else(pc.is_finite(column), column, None)))
    if pa.types.is_nested(kind):
        return pa.array([None if value is None else json.dumps(value, ensure_ascii=False, default=str) for value in column.to_pylist()], pa.string())
    text = _escaped(flat(texts(column)))
    quote = pa.scalar('"', text.type)
    return pc.binary_join_element_wise(quote, text, quote, pa.scalar("", text.type))


def _escaped(column: Any) -> Any:
    import pyarrow.compute as pc

    content = column.buffers()[2]
    if content is None:
        return column
    present = np.zeros(256, dtype=bool)
    present[np.frombuffer(content, dtype=np.uint8)] = True
    for code in (ord("\\"), ord('"'), *range(32)):
        if present[code]:
            column = pc.replace_substring(column, chr(code), _SHORT.get(code, f"\\u{code:04x}") if code < 32 else f"\\{chr(code)}")
    return column
