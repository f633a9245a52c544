"""Turn columns of numbers and codes into columns of text (pyarrow), a whole column at a time; the texts are those of `texts.shown`, to the letter."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from typing import Any

import numpy as np

from engine.texts import shown

EXACT = 2.0**53
DECIMALS = 4  # the most that the table of fractions holds


def take_texts(words: Sequence[str | None], codes: np.ndarray) -> Any:
    """The word of each code; null where the code is below 0."""
    import pyarrow as pa

    missing = codes < 0
    return pa.array(words, pa.string()).take(pa.array(codes, mask=missing if missing.any() else None))


def distinct(keys: Sequence[np.ndarray]) -> tuple[np.ndarray, np.ndarray]:
    """Of rows with a whole number from each of some columns: the first row of each kind, and each row's kind."""
    code = np.zeros(len(keys[0]), dtype=np.int64)
    for key in keys:
        numbers = np.asarray(key, dtype=np.int64)
        low = int(numbers.min(initial=0))
        wide = int(numbers.max(initial=0)) - low + 1
        if int(code.max(initial=0)) >= (1 << 62) // wide:
            code = np.unique(code, return_inverse=True)[1].ravel()
        code = code * wide + (numbers - low)
    _, first, kind = np.unique(code, return_index=True, return_inverse=True)
    return first, kind.ravel()


def joined(parts: Iterable[Any], between: str, size: int) -> Any:
    """For each row its texts with `between` between them; nulls are left out. A part may be one text for all rows."""
    import pyarrow as pa
    import pyarrow.compute as pc

    columns = [pa.scalar(part, pa.string()) if isinstance(part, str) else part for part in parts]
    if not any(isinstance(part, pa.Array) for part in columns):
        return pa.array([between.join(part.as_py() for part in columns)] * size, pa.string())
    arrays = [i for i, part in enumerate(columns) if isinstance(part, pa.Array)]
    if len(arrays) == len(columns) and all(columns[i].null_count for i in arrays):  # pyarrow 26 drops the rows that are null everywhere
        silent = np.logical_and.reduce([columns[i].is_null().to_numpy(zero_copy_only=False) for i in arrays])
        columns[0] = pc.if_else(pa.array(silent), "", columns[0])
    return pc.binary_join_element_wise(*columns, pa.scalar(between, pa.string()), null_handling="skip")


def joined_words(masks: Mapping[str, np.ndarray], size: int) -> Any:
    """For each row the names whose mask is true, joined by `;`. Names are taken some at a time: few combinations of those occur."""
    import pyarrow as pa

    names = list(masks)
    parts = []
    for start in range(0, len(names), 8):
        some = names[start : start + 8]
        codes = np.zeros(size, dtype=np.int64)
        for i, name in enumerate(some):
            codes |= masks[name].astype(np.int64) << i
        known, kind = np.unique(codes, return_inverse=True)
        words = [";".join(name for i, name in enumerate(some) if code >> i & 1) or None for code in known.tolist()]
        parts.append(take_texts(words, kind.ravel()))
    return joined(parts, ";", size) if parts else pa.array([""] * size, pa.string())


def numbers(values: np.ndarray, lang: str, decimals: int | None = None) -> Any:
    """`shown.number` of each value."""
    import pyarrow as pa

    size = np.abs(values)
    if decimals is None:
        places = np.where(size >= 1000, 0, np.where(size >= 100, 1, np.where((size >= 0.01) | (size == 0), 2, 4)))
    else:
        places = np.full(len(values), decimals)
    with np.errstate(invalid="ignore", over="ignore"):
        scaled = size * 10.0**places
        tied = ~(np.abs(scaled - np.floor(scaled) - 0.5) > scaled * 1e-15 + 1e-12) | ~(scaled < EXACT) | (places > DECIMALS)
    rounded = np.rint(np.where(tied, 0.0, scaled)).astype(np.int64)
    unit = 10**places
    whole = rounded // unit
    fraction = (rounded - whole * unit) * 10 ** (DECIMALS - np.minimum(places, DECIMALS))
    parts = [take_texts(("", "-"), ((values < 0) & (rounded > 0)).astype(np.int64))]
    for level in reversed(range(max(1, (len(str(int(whole.max(initial=0)))) + 2) // 3))):
        above = 1000**level
        group = whole // above % 1000
        parts.append(_groups(lang).take(pa.array(np.where(whole < above if level else False, 0, np.where(whole < above * 1000, 1, 1001) + group))))
    parts.append(_fractions(lang).take(pa.array(fraction)))
    found = joined(parts, "", len(values))
    rows = np.flatnonzero(tied)
    if not len(rows):
        return found
    exact = pa.array([shown.number(value, lang, decimals) for value in values[rows].tolist()], pa.string())
    index = np.arange(len(values))
    index[rows] = len(values) + np.arange(len(rows))
    return pa.concat_arrays([found, exact]).take(pa.array(index))


@cache
def _groups(lang: str) -> Any:
    """Nothing, then 0 to 999 as they begin a number, then as they go on."""
    import pyarrow as pa

    mark = "," if lang == "en" else "."
    return pa.array(["", *(str(i) for i in range(1000)), *(f"{mark}{i:03d}" for i in range(1000))], pa.string())


@cache
def _fractions(lang: str) -> Any:
    import pyarrow as pa

    mark = "." if lang == "en" else ","
    return pa.array(["", *(mark + f"{i:04d}".rstrip("0") for i in range(1, 10**DECIMALS))], pa.string())
