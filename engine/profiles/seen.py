"""Turn the ids of piece after piece into which of them stood in an earlier piece, and where; twelve bytes are kept for an id, on disk when they are many."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from typing import Any

import numpy as np

IN_MEMORY = 1 << 24  # ids; larger runs are mapped from a file
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


class Seen:
    """What has been seen so far: sorted runs, each at least twice as long as the next."""

    def __init__(self) -> None:
        self._runs: list[_Run] = []

    def add(self, keys: np.ndarray, start: int) -> dict[int, int]:
        """Positions of keys that were seen before -> the row at which. Keys that are 0 are nobody's; the others are remembered, at `start` and on."""
        order = np.argsort(keys, kind="stable")
        order = order[keys[order] != 0]
        mine = keys[order]
        first = np.ones(len(mine), dtype=bool)
        first[1:] = mine[1:] != mine[:-1]
        found: dict[int, int] = {}
        for run in self._runs:
            at = np.searchsorted(run.keys, mine)
            at[at == len(run.keys)] = 0
            hit = np.flatnonzero(run.keys[at] == mine)
            found |= dict(zip(order[hit].tolist(), run.rows[at[hit]].tolist(), strict=True))
            first[hit] = False
        if not first.any():
            return found
        self._runs.append(_Run(mine[first], (order[first] + start).astype(np.uint32 if start < 1 << 31 else np.uint64)))
        while len(self._runs) > 1 and len(self._runs[-2].keys) < 2 * len(self._runs[-1].keys):
            self._runs[-2:] = [_merged(*self._runs[-2:])]
        return found


def _merged(a: _Run, b: _Run) -> _Run:
    size = len(a.keys) + len(b.keys)
    keys, rows = _empty(size, a.keys.dtype), _empty(size, np.promote_types(a.rows.dtype, b.rows.dtype))
    there = np.searchsorted(a.keys, b.keys) + np.arange(len(b.keys))  # where each of the shorter run goes; the longer one fills the rest
    rest = np.ones(size, dtype=bool)
    rest[there] = False
    keys[there], keys[rest] = b.keys, a.keys
    rows[there], rows[rest] = b.rows, a.rows
    return _Run(keys, rows)


def _empty(size: int, kind: Any) -> np.ndarray:
    if size <= IN_MEMORY:
        return np.empty(size, dtype=kind)
    with tempfile.TemporaryFile() as file:  # it goes when the array does
        return np.memmap(file, dtype=kind, mode="w+", shape=(size,))
