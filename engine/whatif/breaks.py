"""Turn lines along which one number moves into the places where something seen on them changes: every neighbouring pair of values that differ."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from engine.whatif.search import neighbours

NOTHING = 1e-9  # what is smaller counts as zero
PARTS = 24  # into which a stretch is cut whose ends differ
Look = Callable[[np.ndarray, np.ndarray], np.ndarray]


@dataclass(frozen=True, slots=True)
class Break:
    """On the line at `line`, `far` is the first value at which something differs from what it is at `near`."""

    line: int
    near: float
    far: float


def breaks(look: Look, points: Sequence[np.ndarray], integer: Sequence[bool], finest: float = 0.0, most: int = 100_000) -> list[Break]:
    """Every change between points that differ, to neighbouring values, or to stretches relatively narrower than `finest`.

    `look(lines, values)`: what is seen, an array (S, N) whose columns are compared. `points`: of each line, in order; between two that show the same nothing
    is sought. `most`: how many values are looked at in all."""
    lines = np.repeat(np.arange(len(points)), [len(each) for each in points])
    values = np.concatenate(list(points)) if len(points) else np.zeros(0)
    whole = np.array(integer, dtype=bool)
    found: list[Break] = []
    seen = look(lines, values) if len(values) else np.zeros((0, 0))
    left = _differing(lines, values, seen)
    while left:
        done = [item for item in left if neighbours(item.near, item.far, bool(whole[item.line])) or _fine(item, finest) or most <= 0]
        found += done
        open_ = [item for item in left if item not in set(done)]
        cuts = [_cut(item, bool(whole[item.line])) for item in open_]
        lines = np.repeat([item.line for item in open_], [len(cut) for cut in cuts]).astype(np.int64)
        values = np.array([value for cut in cuts for value in cut])
        if not len(values):
            break
        most -= len(values)
        stretch = np.repeat(np.arange(len(cuts)), [len(cut) for cut in cuts])
        left = _differing(lines, values, look(lines, values), stretch)
    return sorted(found, key=lambda item: (item.line, item.far))


def _fine(item: Break, finest: float) -> bool:
    size = max(abs(item.near), abs(item.far))
    return abs(item.far - item.near) <= finest * size or size <= NOTHING


def _differing(lines: np.ndarray, values: np.ndarray, seen: np.ndarray, stretch: np.ndarray | None = None) -> list[Break]:
    group = lines if stretch is None else stretch
    differs = (seen[:, 1:] != seen[:, :-1]).any(axis=0) & (group[1:] == group[:-1])
    return [Break(int(lines[i]), float(values[i]), float(values[i + 1])) for i in np.flatnonzero(differs).tolist()]


def _cut(item: Break, integer: bool) -> list[float]:
    inner = item.near + (item.far - item.near) * (np.arange(PARTS + 1) / PARTS)
    if integer:
        inner = np.rint(inner)
    kept = dict.fromkeys([item.near, *(value for value in inner.tolist() if min(item.near, item.far) < value < max(item.near, item.far)), item.far])
    if len(kept) == 2 and not integer:
        kept = dict.fromkeys([item.near, math.nextafter(item.near, item.far), item.far])
    return list(kept)
