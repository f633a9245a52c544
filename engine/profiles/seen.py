"""Turn the ids of piece after piece into which of them stood in an earlier piece, and where.

The last million ids are kept in memory, twelve bytes each; of those before, which are on disk, a filter of three bytes each says which can't have been there.
"""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from typing import Any

import numpy as np

IN_MEMORY = 1 << 20  # ids; then they go to disk together
FILTER = 24  # bits of a filter for an id: about one in a thousand that was not there is looked for on disk
BLOCK = 512  # ids that are read from disk together
_PLACES = tuple(np.uint64(6 * i) for i in range(5))  # where in an id's key the five bits are written that it has in its word of the filter
_FACTOR = np.uint64(0x9E3779B97F4A7C15)


def keys_of(ids: Any) -> np.ndarray:
    """(n,) uint64, the same for the same text; for nulls 0. `ids`: a pyarrow array of strings. Different texts share a key by chance one time in 2**64."""
    import pyarrow as pa

    found = np.zeros(len(ids), dtype=np.uint64)
    if not len(ids):
        return found
    kind = np.int64 if pa.types.is_large_string(ids.type) else np.int32
    _, offsets, content = ids.buffers()
    ends = np.frombuffer(offsets, dtype=kind)[ids.offset : ids.offset + len(ids) + 1].astype(np.int64)
    text = np.frombuffer(content, dtype=np.uint8)[ends[0] : ends[-1]] if content is not None else np.zeros(0, dtype=np.uint8)
    lengths = np.diff(ends)
    inside = np.arange(len(text)) - np.repeat(ends[:-1] - ends[0], lengths)
    with np.errstate(over="ignore"):
        places = _mixed((np.arange(int(lengths.max(initial=0)) + 1, dtype=np.uint64) + np.uint64(1)) * _FACTOR)
        parts = (text.astype(np.uint64) + np.uint64(1)) * places[inside]
        some = np.flatnonzero(lengths)
        if len(some):
            found[some] = np.add.reduceat(parts, (ends[:-1] - ends[0])[some])
        found = _mixed(found + lengths.astype(np.uint64) * _FACTOR)
    found[found == 0] = 1
    if ids.null_count:
        found[ids.is_null().to_numpy(zero_copy_only=False)] = 0
    return found


def _mixed(bits: np.ndarray) -> np.ndarray:
    """Every bit of each number spread over all of its bits (the finalizer of SplitMix64: Steele, Lea & Flood 2014)."""
    bits = (bits ^ (bits >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    bits = (bits ^ (bits >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return np.asarray(bits ^ (bits >> np.uint64(31)))


@dataclass(frozen=True, slots=True)
class _Run:
    """Keys in ascending order, and the row of each."""

    keys: np.ndarray
    rows: np.ndarray

    def find(self, keys: np.ndarray, _: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Which of some sorted keys are here, by position, and the row of each."""
        at = np.searchsorted(self.keys, keys)
        at[at == len(self.keys)] = 0
        hit = np.flatnonzero(self.keys[at] == keys)
        return hit, self.rows[at[hit]]


class _OnDisk:
    """A run in a file: of its keys the first of each block is known, and the bits of a filter (Putze, Sanders & Singler 2009: all of a key's in one word)."""

    def __init__(self, run: _Run) -> None:
        self._size, self._kind = len(run.keys), run.rows.dtype
        self._firsts = run.keys[::BLOCK].copy()
        self._filter = np.zeros(max(1, self._size * FILTER // 64), dtype=np.uint64)
        np.bitwise_or.at(self._filter, self._word(run.keys), bits_of(run.keys))
        self._file = tempfile.TemporaryFile(buffering=0)  # noqa: SIM115 - it is open, and there, as long as the run
        self._file.write(run.keys.tobytes())
        self._file.write(run.rows.tobytes())

    def find(self, keys: np.ndarray, bits: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """As `_Run.find`. `bits`: of each key, as `bits_of` says."""
        maybe = np.flatnonzero(self._filter[self._word(keys)] & bits == bits)
        blocks = np.searchsorted(self._firsts, keys[maybe], side="right") - 1
        hits: list[int] = []
        rows: list[int] = []
        for position, key, block in zip(maybe.tolist(), keys[maybe], blocks.tolist(), strict=True):
            some = self._read(np.dtype(np.uint64), 0, block * BLOCK, min(BLOCK, self._size - block * BLOCK)) if block >= 0 else keys[:0]
            at = int(some.searchsorted(key))
            if at < len(some) and some[at] == key:
                hits.append(position)
                rows.append(int(self._read(self._kind, 8 * self._size, block * BLOCK + at, 1)[0]))
        return np.array(hits, dtype=np.int64), np.array(rows, dtype=np.int64)

    def _word(self, keys: np.ndarray) -> np.ndarray:
        return (keys >> np.uint64(32)) * np.uint64(len(self._filter)) >> np.uint64(32)

    def _read(self, kind: np.dtype[Any], after: int, start: int, count: int) -> np.ndarray:
        self._file.seek(after + kind.itemsize * start)
        return np.frombuffer(self._file.read(kind.itemsize * count), kind)


def bits_of(keys: np.ndarray) -> np.ndarray:
    """The bits that each key has in its word of a filter."""
    bits = np.zeros(len(keys), dtype=np.uint64)
    for place in _PLACES:
        bits |= np.uint64(1) << (keys >> place & np.uint64(63))
    return bits


class Seen:
    """What has been seen so far: sorted runs, on disk those of IN_MEMORY ids, in memory each at least twice as long as the next."""

    def __init__(self) -> None:
        self._on_disk: list[_OnDisk] = []
        self._runs: list[_Run] = []

    def add(self, keys: np.ndarray, start: int) -> dict[int, int]:
        """Positions of keys that were seen before -> the row at which. Keys that are 0 are nobody's; the others are remembered, at `start` and on."""
        order = np.argsort(keys, kind="stable")
        order = order[keys[order] != 0]
        mine = keys[order]
        bits = bits_of(mine) if self._on_disk else mine
        first = np.ones(len(mine), dtype=bool)
        first[1:] = mine[1:] != mine[:-1]
        found: dict[int, int] = {}
        runs: list[_Run | _OnDisk] = [*self._on_disk, *self._runs]
        for run in runs:
            hit, rows = run.find(mine, bits)
            found |= dict(zip(order[hit].tolist(), rows.tolist(), strict=True))
            first[hit] = False
        if first.any():
            self._keep(_Run(mine[first], (order[first] + start).astype(np.uint32 if start < 1 << 31 else np.uint64)))
        return found

    def _keep(self, run: _Run) -> None:
        self._runs.append(run)
        while len(self._runs) > 1 and len(self._runs[-2].keys) < 2 * len(self._runs[-1].keys):
            self._runs[-2:] = [_merged(*self._runs[-2:])]
        if sum(len(run.keys) for run in self._runs) >= IN_MEMORY:
            while len(self._runs) > 1:
                self._runs[-2:] = [_merged(*self._runs[-2:])]
            self._on_disk.append(_OnDisk(self._runs.pop()))


def _merged(a: _Run, b: _Run) -> _Run:
    size = len(a.keys) + len(b.keys)
    keys, rows = np.empty(size, dtype=a.keys.dtype), np.empty(size, dtype=np.promote_types(a.rows.dtype, b.rows.dtype))
    there = np.searchsorted(a.keys, b.keys) + np.arange(len(b.keys))  # where each of the shorter run goes; the longer one fills the rest
    rest = np.ones(size, dtype=bool)
    rest[there] = False
    keys[there], keys[rest] = b.keys, a.keys
    rows[there], rows[rest] = b.rows, a.rows
    return _Run(keys, rows)
