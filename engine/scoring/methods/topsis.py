"""Turn a stack into relative closeness to the ideal (TOPSIS: Hwang & Yoon 1981): near the best and far from the worst of the alternatives is better.

Score = distance to the worst / (distance to the best + distance to the worst), Euclidean, after weighting. Alternatives that are all equal score 0.5.
"""

from __future__ import annotations

import numpy as np

from engine.scoring.methods.method import Method, Scored
from engine.scoring.normalization import NORMALIZATIONS
from engine.scoring.stack import EQUAL, Stack, highest, lowest


def score(stack: Stack, normalization: str = "vector") -> Scored:
    values = _weighted(stack, normalization)
    to_best = _distance(values, highest(values, stack.among))
    to_worst = _distance(values, lowest(values, stack.among))
    both = to_best + to_worst
    with np.errstate(invalid="ignore"):
        return Scored(np.where(both > EQUAL, to_worst / both, 0.5), {"to_best": to_best, "to_worst": to_worst})


def parts(stack: Stack, normalization: str = "vector") -> np.ndarray:
    """(N, K, C) the squared weighted distance to the best on each criterion: how much each speaks against an alternative."""
    values = _weighted(stack, normalization)
    return np.asarray((values - highest(values, stack.among)) ** 2)


def _weighted(stack: Stack, normalization: str) -> np.ndarray:
    return np.asarray(NORMALIZATIONS[normalization](stack) * stack.weights[:, None, :])


def _distance(values: np.ndarray, point: np.ndarray) -> np.ndarray:
    """(N, K) Euclidean."""
    result = np.zeros_like(values[:, :, 0])
    for i in range(values.shape[2]):
        gap = values[:, :, i] - point[:, :, i]
        result += gap * gap
    return np.asarray(np.sqrt(result))


METHOD = Method("topsis", True, score, parts, additive=False, choices={"normalization": ("vector", "minmax")})
