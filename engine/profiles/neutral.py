"""Turn texts that a spreadsheet would run as a formula into texts that it shows: an apostrophe goes before them."""

from __future__ import annotations

import re
from typing import Any

import numpy as np

STARTS = "=+-@\t\r"  # what a spreadsheet takes for the beginning of a formula, or skips before one
_NUMBER = r"^[-+][0-9.,]*[0-9][0-9.,]*(?:[eE][-+]?[0-9]+)?$"
_LONE = r"^[-+=@]$"  # a dash alone is a text


def neutral(text: str) -> str:
    """One text. Numbers with a sign, and a lone dash, stay as they are."""
    return f"'{text}" if text[:1] and text[0] in STARTS and not re.match(_NUMBER, text) and not re.match(_LONE, text) else text


def neutral_table(table: Any) -> Any:
    """The same for every text of a pyarrow table; columns without such a text are not touched."""
    import pyarrow as pa

    for i, field in enumerate(table.schema):
        if pa.types.is_string(field.type) or pa.types.is_large_string(field.type):
            column = table.column(i)
            if any(_suspect(chunk) for chunk in column.chunks):
                table = table.set_column(i, field.name, _prefixed(column))
    return table


def _suspect(column: Any) -> bool:
    """Whether a text of a column begins like a formula, by the first bytes alone."""
    import pyarrow as pa

    _, ends, content = column.buffers()
    if content is None or not len(column):
        return False
    wide = pa.types.is_large_string(column.type)
    bounds = np.frombuffer(ends, dtype=np.int64 if wide else np.int32)[column.offset : column.offset + len(column) + 1].astype(np.int64)
    firsts = bounds[:-1][np.diff(bounds) > 0]
    known = np.zeros(256, dtype=bool)
    known[list(STARTS.encode())] = True
    return bool(known[np.frombuffer(content, dtype=np.uint8)[firsts]].any())


def _prefixed(column: Any) -> Any:
    import pyarrow as pa
    import pyarrow.compute as pc

    starts = pc.match_substring_regex(column, r"^[=+\-@\t\r]")
    harmless = pc.or_(pc.match_substring_regex(column, _NUMBER), pc.match_substring_regex(column, _LONE))
    quote, nothing = pa.scalar("'", column.type), pa.scalar("", column.type)
    return pc.if_else(pc.and_(starts, pc.invert(harmless)), pc.binary_join_element_wise(quote, column, nothing), column)
