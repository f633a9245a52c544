"""Turn one pyarrow column into texts, into numbers, or into codes over its distinct words: the forms that inputs are made from."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from engine.diagnostics import Diagnostic
from engine.feel.arrays import Mask

NONE = np.zeros(0, dtype=np.int64)

ASCII_SPACE = "\t\n\v\f\r\x1c\x1d\x1e\x1f "  # the characters of ASCII that count as space


@dataclass(frozen=True, slots=True)
class Wrong:
    """Cells of one column that cannot stand: `rows`, and for each the finding (offending text, diagnostic) that `which` points to."""

    rows: np.ndarray
    which: np.ndarray
    findings: tuple[tuple[str | None, Diagnostic], ...]


@dataclass(frozen=True, slots=True)
class Numbers:
    """`values`: float64, finite, 0 where null or wrong. `not_numbers`: rows whose text is no number, `too_large`: rows whose number is not finite,
    `two_ways`: rows whose text could be either of two numbers. `currency`: the words for currencies that stand beside the numbers, or None."""

    values: np.ndarray
    null: Mask
    not_numbers: np.ndarray = field(default_factory=lambda: NONE)
    too_large: np.ndarray = field(default_factory=lambda: NONE)
    two_ways: np.ndarray = field(default_factory=lambda: NONE)
    currency: Any = None


def is_typed(column: Any) -> bool:
    """Whether a column's values are numbers already."""
    import pyarrow as pa

    return bool(pa.types.is_integer(column.type) or pa.types.is_floating(column.type) or pa.types.is_decimal(column.type))


def typed_numbers(column: Any) -> Numbers:
    """A column of numbers; NaN is missing."""
    import pyarrow as pa

    kind = column.type
    column = column.cast(pa.float64(), safe=False)
    values, null = split(column)
    if pa.types.is_floating(kind):
        missing = np.isnan(values)
        null = _or_none(missing if null is None else null | missing)
        values = np.where(missing, 0.0, values) if missing.any() else values
    large = np.flatnonzero(~np.isfinite(values))
    return Numbers(_cleared(values, large), null, too_large=large)


def split(column: Any) -> tuple[np.ndarray, Mask]:
    """A float64 column as values, 0 at nulls, and the mask of its nulls."""
    null = column.is_null().to_numpy() if column.null_count else None
    values = np.array(column.fill_null(0.0).to_numpy() if column.null_count else column.to_numpy(), dtype=np.float64)
    return values, null


def _cleared(values: np.ndarray, rows: np.ndarray) -> np.ndarray:
    values = values + 0.0  # no negative zero
    values[rows] = 0.0
    return values


def _or_none(mask: np.ndarray) -> Mask:
    return mask if mask.any() else None


def texts(column: Any) -> Any:
    """A column as texts, as the cells of a CSV would hold them: lists joined by `;`, the empty list `-`, whole numbers without a point."""
    import pyarrow as pa
    import pyarrow.compute as pc

    kind = column.type
    if pa.types.is_dictionary(kind):
        return texts(column.cast(kind.value_type))
    if pa.types.is_string(kind):
        return column
    if pa.types.is_null(kind):
        return column.cast(pa.string())
    if pa.types.is_floating(kind):
        column = pc.if_else(pc.is_nan(column), None, column.cast(pa.float64()))
        whole = pc.and_(pc.equal(pc.floor(column), column), pc.less(pc.abs(column), 1e15))
        return pc.if_else(whole, pc.if_else(whole, column, 0.0).cast(pa.int64()).cast(pa.string()), column.cast(pa.string()))
    if (pa.types.is_list(kind) or pa.types.is_large_list(kind)) and pa.types.is_string(kind.value_type) and not pc.list_flatten(column).null_count:
        joined = pc.binary_join(column, ";")
        return pc.if_else(pc.equal(pc.list_value_length(column), 0), "-", joined)
    if not pa.types.is_nested(kind):
        try:
            return column.cast(pa.string())
        except (pa.ArrowInvalid, pa.ArrowNotImplementedError):
            pass
    found = [None if value is None else _text_of(value) for value in column.to_pylist()]
    return pa.chunked_array([pa.array(found, pa.string())])


def _text_of(value: Any) -> str:
    if isinstance(value, list):
        return ";".join("null" if item is None else str(item) for item in value) or "-"
    return json.dumps(value, default=str) if isinstance(value, dict) else str(value)


def words(column: Any) -> tuple[np.ndarray, list[str]]:
    """A column of texts as codes, -1 where null, over its distinct words, in order of first appearance and as they are written."""
    codes, distinct = encoded(column)
    return codes, distinct.to_pylist()


def encoded(column: Any) -> tuple[np.ndarray, Any]:
    """The same, the words as a pyarrow array."""
    import pyarrow.compute as pc

    found = pc.dictionary_encode(flat(column))
    return found.indices.fill_null(-1).to_numpy().astype(np.int64), found.dictionary


def flat(column: Any) -> Any:
    """A column as one array; more than 2 GB of texts need larger offsets."""
    import pyarrow as pa

    if not isinstance(column, pa.ChunkedArray):
        return column
    found = column.combine_chunks()
    return column.cast(pa.large_string()).combine_chunks() if isinstance(found, pa.ChunkedArray) and pa.types.is_string(column.type) else found


def trimmed(column: Any) -> Any:
    """Texts without space around them; the empty text is null."""
    import pyarrow.compute as pc

    column = pc.ascii_trim(column, ASCII_SPACE) if _is_ascii(column) else pc.utf8_trim_whitespace(column)
    return pc.if_else(pc.equal(column, ""), None, column)


def _is_ascii(column: Any) -> bool:
    """Whether texts are ASCII only: of such texts space is found at once, for others tables have to be made first."""
    contents = [chunk.buffers()[2] for chunk in getattr(column, "chunks", [column])]
    return not any(np.frombuffer(content, dtype=np.int8).min(initial=0) < 0 for content in contents if content is not None)


def at(column: Any, rows: np.ndarray) -> list[str | None]:
    """The texts of a column at some rows."""
    import pyarrow as pa

    found: list[str | None] = texts(column.take(pa.array(rows))).to_pylist()
    return found


def wrong(rows: np.ndarray, shown: list[str | None], explain: Any) -> Wrong:
    """The finding of each distinct text, by `explain(text)`."""
    place: dict[str | None, int] = {}
    which = np.fromiter((place.setdefault(text, len(place)) for text in shown), dtype=np.int64, count=len(shown))
    return Wrong(rows, which, tuple((text, explain(text or "")) for text in place))
