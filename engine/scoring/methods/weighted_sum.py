"""Turn a stack into weighted sums (Fishburn 1967; Triantaphyllou 2000, section 2.2): score = sum over criteria of weight x value.

On fixed scales (`normalization="none"`) what one alternative scores does not depend on the others: dropping or adding one never reorders the rest.
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from engine.scoring.methods.method import Method, Scored
from engine.scoring.normalization import NORMALIZATIONS
from engine.scoring.stack import Stack


def score(stack: Stack, normalization: str = "none") -> Scored:
    values = NORMALIZATIONS[normalization](stack)
    if values is stack.values and values.flags.c_contiguous:
        return Scored(np.einsum("nkc,nc->nk", values, stack.weights))
    result = np.zeros_like(values[:, :, 0])
    for i in range(values.shape[2]):
        result += values[:, :, i] * stack.weights[:, i, None]
    return Scored(result)


def parts(stack: Stack, normalization: str = "none") -> np.ndarray:
    return np.asarray(NORMALIZATIONS[normalization](stack) * stack.weights[:, None, :])


METHOD = Method(
    "weighted-sum",
    True,
    score,
    parts,
    additive=True,
    choices={"normalization": ("none", "max", "sum", "minmax")},
    reads_once=lambda options: options.get("normalization", "none") == "none",
)


# -- the same on a decision's path, where a criterion that does not differ between profiles is one column


def contributions(matrix: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """matrix: (C, K, N) in 0..1, higher is better; weights: (C, N), adding up to 1. Returns (C, K, N)."""
    return np.asarray(matrix * weights[:, None, :])


def scores(matrix: Iterable[np.ndarray], weights: np.ndarray, shape: tuple[int, int]) -> np.ndarray:
    """matrix: C arrays that broadcast to `shape` (K, N); weights: (C, N). Returns (K, N), the left-to-right sum of the contributions, to the last bit."""
    total = np.zeros(shape)
    part = np.empty(shape)
    for values, weight in zip(matrix, weights, strict=True):
        np.multiply(values, weight, out=part)
        total += part
    return total
