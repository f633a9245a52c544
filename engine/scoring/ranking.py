"""Turn scores, eligibility and budgets into tiers, an order of structures per profile, margins and ties."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from engine.feel.numbers import round12_array
from engine.feel.select import largest, select

AFFORDABLE, OVER_BUDGET, INELIGIBLE = 1, 2, 3
NEAR = 1e-10  # scores further apart than this differ on 12 digits


@dataclass(frozen=True, slots=True)
class Ranked:
    """`tier`: (K, N) int8. `order`: (depth, N), positions of structures, best first; ineligible ones come last, in id order. `eligible`: (N,), how many are.
    `margin`: (N,), score of the first minus the next in the same tier, nan when there is none. `tie`: (N,), margin within the tolerance.
    `affordable`: (K, N), None where no budget is stated: `stated` (N,) says where one is."""

    tier: np.ndarray
    order: np.ndarray
    eligible: np.ndarray
    margin: np.ndarray
    tie: np.ndarray
    affordable: np.ndarray
    stated: np.ndarray


def rank(scores: np.ndarray, eligible: np.ndarray, cash: np.ndarray, budget: np.ndarray, stated: np.ndarray, slack: Any, tolerance: Any, depth: int) -> Ranked:
    """scores, eligible, cash: (K, N); budget: (N,) money a month; stated: (N,), whether the profile itself states it. `depth`: how many places are ordered."""
    k, n = scores.shape
    affordable = ~stated | (cash <= budget * (1.0 + slack))
    tier = select(eligible, select(affordable, AFFORDABLE, OVER_BUDGET), INELIGIBLE).astype(np.int8)
    order = _order(scores, tier, min(depth, k))
    first = order[0]
    at = np.arange(n)
    margin = np.full(n, np.nan)
    if k > 1 and order.shape[0] > 1:
        second = order[1]
        comparable = (tier[first, at] == tier[second, at]) & (tier[first, at] != INELIGIBLE)
        margin = select(comparable, scores[first, at] - scores[second, at], np.nan)
    with np.errstate(invalid="ignore"):
        tie = margin <= tolerance + 1e-12
    return Ranked(tier, order, eligible.sum(axis=0), margin, tie, affordable, stated)


def _order(scores: np.ndarray, tier: np.ndarray, depth: int) -> np.ndarray:
    """By tier, then score on 12 digits, then id. Ineligible structures have no score to be ordered by."""
    key = select(tier == INELIGIBLE, -100.0, scores - 10.0 * tier)
    order = np.empty((depth, scores.shape[1]), dtype=np.int64)
    rows = np.flatnonzero(_select(key, order))
    if len(rows):
        rounded = select(tier[:, rows] == INELIGIBLE, 0.0, round12_array(scores[:, rows]))
        order[:, rows] = np.lexsort((-rounded, tier[:, rows]), axis=0)[:depth]
    return order


def _select(key: np.ndarray, order: np.ndarray) -> np.ndarray:
    """Fill `order`, the largest key first; of equals, the smaller position. Returns (N,), the profiles in which two neighbours in the order, both eligible,
    are so near each other that rounding could make them equal."""
    k, n = key.shape
    depth = len(order)
    places = min(depth + 1, k)
    if places > 4:
        whole = np.argsort(-key, axis=0, kind="stable")[:places]
        best = np.take_along_axis(key, whole, axis=0)
        order[:] = whole[:depth]
        return np.asarray(((best[:-1] - best[1:] < NEAR) & (best[1:] > -50)).any(axis=0))
    near = np.zeros(n, dtype=bool)
    left = key.copy()
    flat, at = left.reshape(-1), np.arange(n)
    before: Any = np.inf
    for place in range(places):
        value, first = largest(left)
        near |= (before - value < NEAR) & (value > -50)
        if place < depth:
            order[place] = first
            flat[first * n + at] = -np.inf
        before = value
    return near
