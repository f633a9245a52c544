"""Turn a criteria matrix and weights into scores by the weighted sum on fixed scales, with every criterion's contribution.

Score = sum over criteria of weight x value (Fishburn 1967; weights normalised to 1). The score is the left-to-right sum of the contributions in criterion
order, so contributions add up to it exactly.
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np


def contributions(matrix: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """matrix: (C, K, N) in 0..1, higher is better; weights: (C, N), adding up to 1. Returns (C, K, N)."""
    return np.asarray(matrix * weights[:, None, :])


def scores(matrix: Iterable[np.ndarray], weights: np.ndarray, shape: tuple[int, int]) -> np.ndarray:
    """matrix: C arrays that broadcast to `shape` (K, N); weights: (C, N). Returns (K, N)."""
    total = np.zeros(shape)
    part = np.empty(shape)
    for values, weight in zip(matrix, weights, strict=True):
        np.multiply(values, weight, out=part)
        total += part
    return total
