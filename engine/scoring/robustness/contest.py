"""Turn a batch's criteria values and tiers into contestants: a line for every structure that can be first, with its values on all criteria."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True, slots=True)
class Contest:
    """P lines, those of an organisation together and in structure order. `row`, `structure`: (P,) positions. `values`: (P, C), higher is better.
    `count`: (N,) how many contestants an organisation has; `start`: (N,) its first line."""

    row: np.ndarray
    structure: np.ndarray
    values: np.ndarray
    count: np.ndarray
    start: np.ndarray

    def spread(self, values: np.ndarray, structures: int) -> np.ndarray:
        """(P,) -> (K, N), nan for what takes no part."""
        found = np.full((structures, len(self.count)), np.nan)
        found[self.structure, self.row] = values
        return found


def contest(values: Sequence[np.ndarray], part: np.ndarray) -> Contest:
    """values: per criterion an array that broadcasts to (K, N); part: (K, N), who takes part. Only those are looked at."""
    row, structure = np.nonzero(part.T)
    each = [np.broadcast_to(value, part.shape)[structure, row] for value in values]
    count = part.sum(axis=0)
    return Contest(row, structure, np.stack(each, axis=1) if each else np.zeros((len(row), 0)), count, np.cumsum(count) - count)
