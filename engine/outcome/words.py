"""Turn columns of numbers and codes into columns of text (pyarrow), a whole column at a time; the texts are those of `texts.shown`, to the letter.

Every text is put together from pieces out of a pool. A piece is a number in the pool, for all rows or for each, so that the characters are copied once.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cache
from typing import Any

import numpy as np

from engine.feel.arrays import Texts
from engine.feel.select import select
from engine.texts import shown

EXACT = 2.0**53
DECIMALS = 4  # the most that the table of fractions holds
NAMES = 8  # names taken together: few combinations of so many occur

Piece = int | np.ndarray  # number(s) in a pool: of all rows, or (N,)


class Pool:
    """Short texts with a number each; 0 is the empty text. `change` is done to every text that comes in, but not to `mark`s."""

    def __init__(self, change: Callable[[str], str] | None = None) -> None:
        import pyarrow as pa

        self._change = change
        self._parts: list[Any] = [pa.array([""], pa.string())]
        self._size = 1
        self._known: dict[Any, int] = {}

    def mark(self, text: str) -> int:
        """A text that stays as it is."""
        return self.table(("mark", text), lambda: [text])

    def word(self, text: str) -> int:
        return self.coded([text], np.zeros(1, dtype=np.int64))[0] if text else 0

    def coded(self, words: Sequence[str | None], codes: np.ndarray) -> np.ndarray:
        """(N,) the piece of each code; nothing where it is below 0 or its word is None."""
        made = tuple("" if word is None else word if self._change is None else self._change(word) for word in words)
        base = self.table(made, lambda: made)
        return np.asarray(select(codes < 0, 0, codes + base))

    def table(self, name: Any, make: Callable[[], Any]) -> int:
        """Where the texts of a table begin that is added once. `make()`: texts, or a pyarrow array of them."""
        import pyarrow as pa

        if name not in self._known:
            made = make()
            part = made if isinstance(made, pa.Array) else pa.array(made, pa.string())
            self._known[name] = self._size
            self._parts.append(part)
            self._size += len(part)
        return self._known[name]

    def texts(self, flat: np.ndarray, bounds: np.ndarray) -> Any:
        """A text for each pair of neighbours in `bounds`: what stands between them in `flat`, one behind the other."""
        import pyarrow as pa

        laid = pa.concat_arrays(self._parts).take(pa.array(flat))
        _, ends, content = laid.buffers()
        offsets = np.frombuffer(ends, dtype=np.int32)[bounds] if len(laid) else np.zeros(len(bounds), dtype=np.int32)
        return pa.StringArray.from_buffers(len(bounds) - 1, pa.py_buffer(np.ascontiguousarray(offsets)), content if content is not None else pa.py_buffer(b""))

    def line(self, pieces: Sequence[Piece], size: int) -> Any:
        """A text for each row: its pieces, one behind the other. A pyarrow array."""
        flat = np.empty((size, len(pieces)), dtype=np.int32)
        for i, piece in enumerate(pieces):
            flat[:, i] = piece
        return self.texts(flat.reshape(-1), np.arange(size + 1) * len(pieces))

    def lines(self, parts: Iterable[tuple[np.ndarray, Sequence[Piece]]], between: str, size: int) -> Any:
        """For each row the texts said to it, in order, with `between` between them. `parts`: (rows, pieces)."""
        parts, comma = list(parts), self.mark(between)
        counts = np.zeros(size, dtype=np.int32)
        for rows, pieces in parts:
            counts[rows] += len(pieces) + 1
        bounds = np.concatenate([np.zeros(1, dtype=np.int32), np.cumsum(counts, dtype=np.int32)])
        flat, start, at = np.empty(int(bounds[-1]), dtype=np.int32), bounds[:-1], bounds[:-1].copy()
        for rows, pieces in parts:
            here = at[rows]
            flat[here] = select(here > start[rows], comma, 0)
            for i, piece in enumerate(pieces, 1):
                flat[here + i] = piece
            at[rows] = here + len(pieces) + 1
        return self.texts(flat, bounds)


def take_texts(words: Sequence[str | None] | Texts, codes: np.ndarray) -> Any:
    """The word of each code; null where the code is below 0."""
    import pyarrow as pa

    missing = codes < 0
    array = words.array if isinstance(words, Texts) else pa.array(words, pa.string())
    found = array.take(pa.array(codes, mask=missing if missing.any() else None))
    return found if pa.types.is_string(found.type) else found.cast(pa.string())


def distinct(keys: Sequence[np.ndarray]) -> tuple[np.ndarray, np.ndarray]:
    """Of rows with a whole number from each of some columns: a row of each kind, and each row's kind."""
    import pyarrow as pa

    code = np.zeros(len(keys[0]), dtype=np.int64)
    for key in keys:
        numbers = np.asarray(key, dtype=np.int64)
        low = int(numbers.min(initial=0))
        wide = int(numbers.max(initial=0)) - low + 1
        if int(code.max(initial=0)) >= (1 << 62) // wide:
            code = np.unique(code, return_inverse=True)[1].ravel()
        code = code * wide + (numbers - low)
    found = pa.array(code).dictionary_encode()
    kind = found.indices.to_numpy()
    row = np.empty(len(found.dictionary), dtype=np.int64)
    row[kind] = np.arange(len(kind))
    return row, kind


def joined_words(masks: Mapping[str, np.ndarray], size: int) -> Any:
    """For each row the names whose mask is true, joined by `;`."""
    names, pool = list(masks), Pool()
    pieces: list[Piece] = []
    before = np.zeros(size, dtype=bool)
    for start in range(0, len(names), NAMES):
        some = names[start : start + NAMES]
        codes = np.zeros(size, dtype=np.int64)
        for i, name in enumerate(some):
            codes |= masks[name].astype(np.int64) << i
        row, kind = distinct([codes])
        words = [";".join(name for i, name in enumerate(some) if code >> i & 1) for code in codes[row].tolist()]
        words += [word and f";{word}" for word in words]
        pieces.append(pool.coded(words, kind + select(before, len(row), 0)))
        before |= codes > 0
    return pool.line(pieces, size)


def numbers(pool: Pool, values: np.ndarray, lang: str, decimals: int | None = None) -> list[Piece]:
    """`shown.number` of each value, in pieces."""
    size = np.abs(values)
    places: Any = decimals
    power: Any = 10.0 ** (decimals or 0)
    if decimals is None:
        places = np.where(size >= 1000, 0, np.where(size >= 100, 1, np.where((size >= 0.01) | (size == 0), 2, 4)))
        power = 10.0**places
    with np.errstate(invalid="ignore", over="ignore"):
        scaled = size * power
        tied = ~(np.abs(scaled - np.floor(scaled) - 0.5) > scaled * 1e-15 + 1e-12) | ~(scaled < EXACT) | (places > DECIMALS)
    rounded = np.rint(select(tied, 0.0, scaled)).astype(np.int64)
    unit = 10**places
    whole = rounded // unit if np.any(places) else rounded
    sign = pool.coded(["-"], select((values < 0) & (rounded > 0), 0, -1))
    groups = pool.table(("groups", lang), lambda: _groups(lang))
    pieces: list[Piece] = [sign] if sign.any() else []
    most = int(whole.max(initial=0))
    for level in reversed(range(max(1, (len(str(most)) + 2) // 3))):
        above = 1000**level
        group = whole // above if level else whole
        if most >= above * 1000:
            group = group % 1000 + select(whole < above * 1000, 1, 1001)
        else:
            group = group + 1
        pieces.append(groups + (select(whole < above, 0, group) if level else group))
    fractions = pool.table(("fractions", lang), lambda: _fractions(lang))
    if np.any(places):
        pieces.append(fractions + (rounded - whole * unit) * 10 ** (DECIMALS - np.minimum(places, DECIMALS)))
    return _instead(pool, pieces, tied, lambda rows: [shown.number(value, lang, decimals) for value in values[rows].tolist()])


def instead(pool: Pool, pieces: list[Piece], where: np.ndarray, text: str) -> list[Piece]:
    """The pieces, but another text where a mask is true."""
    return _instead(pool, pieces, where, lambda rows: [text] * len(rows))


def _instead(pool: Pool, pieces: list[Piece], where: np.ndarray, texts: Callable[[np.ndarray], Sequence[str]]) -> list[Piece]:
    rows = np.flatnonzero(where)
    if not len(rows):
        return pieces
    words = texts(rows)
    known = {word: i for i, word in enumerate(dict.fromkeys(words))}
    found = [np.array(np.broadcast_to(piece, where.shape)) for piece in pieces]
    for piece in found:
        piece[rows] = 0
    found[0][rows] = pool.coded(list(known), np.array([known[word] for word in words]))
    return list(found)


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
