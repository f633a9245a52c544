"""Turn a stack into distances from an ideal inside fixed bounds (SPOTIS: Dezert, Tchamova, Han & Tacnet 2020): nearer is better, ranks never reverse.

Score = sum over criteria of weight x |value - best bound| / (upper - lower bound).
"""

from __future__ import annotations

import numpy as np

from engine.diagnostics import Diagnostic
from engine.scoring.methods.method import Method, Scored, needed
from engine.scoring.stack import ScoringError, Stack


def score(stack: Stack, bounds: np.ndarray | None = None) -> Scored:
    """`bounds`: (C, 2), the least and the most that each criterion can be."""
    distances = parts(stack, bounds)
    result = np.zeros_like(distances[:, :, 0])
    for i in range(distances.shape[2]):
        result += distances[:, :, i]
    return Scored(result)


def parts(stack: Stack, bounds: np.ndarray | None = None) -> np.ndarray:
    """(N, K, C) the weighted distance on each criterion."""
    low, high = _bounds(stack, bounds)
    ideal = np.where(stack.maximise, high, low)
    return np.asarray(np.abs(stack.values - ideal) / (high - low) * stack.weights[:, None, :])


def _bounds(stack: Stack, bounds: np.ndarray | None) -> tuple[np.ndarray, np.ndarray]:
    if bounds is None or bounds.ndim != 2:
        raise needed("spotis", "bounds")
    low, high = bounds[:, 0], bounds[:, 1]
    if not (low < high).all():
        raise ScoringError(Diagnostic("X163", {"criterion": int(np.argmin(low < high))}))
    outside = (stack.values < low) | (stack.values > high)
    if stack.among is not None:
        outside &= stack.among[:, :, None]
    if outside.any():
        n, k, c = np.argwhere(outside)[0].tolist()
        raise ScoringError(Diagnostic("X164", {"alternative": k, "criterion": c, "value": float(stack.values[n, k, c])}))
    return low, high


METHOD = Method("spotis", False, score, parts, additive=True, numbers=("bounds",))
