"""Turn scores, eligibility and budgets into tiers, an order of structures per profile, margins and ties."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from engine.feel.numbers import round12_array

AFFORDABLE, OVER_BUDGET, INELIGIBLE = 1, 2, 3


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


def rank(
    scores: np.ndarray, eligible: np.ndarray, cash: np.ndarray, budget: np.ndarray, stated: np.ndarray, slack: float, tolerance: float, depth: int
) -> Ranked:
    """scores, eligible, cash: (K, N); budget: (N,) money a month; stated: (N,), whether the profile itself states it. `depth`: how many places are ordered."""
    k, n = scores.shape
    affordable = ~stated | (cash <= budget * (1.0 + slack))
    tier = np.where(eligible, np.where(affordable, AFFORDABLE, OVER_BUDGET), INELIGIBLE).astype(np.int8)
    order = _order(scores, tier, min(depth, k))
    first = order[0]
    at = np.arange(n)
    margin = np.full(n, np.nan)
    if k > 1 and order.shape[0] > 1:
        second = order[1]
        comparable = (tier[first, at] == tier[second, at]) & (tier[first, at] != INELIGIBLE)
        margin = np.where(comparable, scores[first, at] - scores[second, at], np.nan)
    with np.errstate(invalid="ignore"):
        tie = margin <= tolerance + 1e-12
    return Ranked(tier, order, eligible.sum(axis=0), margin, tie, affordable, stated)


def _order(scores: np.ndarray, tier: np.ndarray, depth: int) -> np.ndarray:
    """By tier, then score on 12 digits, then id. Ineligible structures have no score to be ordered by."""
    key = np.where(tier == INELIGIBLE, -100.0, scores - 10.0 * tier)
    order = np.empty((depth, scores.shape[1]), dtype=np.int64)
    _select(key, order)
    if depth and _near(key, order).any():
        rows = np.flatnonzero(_near(key, order))
        exact = np.where(tier[:, rows] == INELIGIBLE, -100.0, round12_array(scores[:, rows]) - 10.0 * tier[:, rows])
        fixed = np.empty((depth, len(rows)), dtype=np.int64)
        _select(exact, fixed)
        order[:, rows] = fixed
    return order


def _select(key: np.ndarray, order: np.ndarray) -> None:
    """Pick the largest again and again; argmax takes the first of equals, which is the smaller id."""
    depth, n = order.shape
    if depth > 4:
        order[:] = np.argsort(-key, axis=0, kind="stable")[:depth]
        return
    left = key.copy()
    at = np.arange(n)
    for place in range(depth):
        order[place] = left.argmax(axis=0)
        left[order[place], at] = -np.inf


def _near(key: np.ndarray, order: np.ndarray) -> np.ndarray:
    """Profiles in which two eligible structures' keys are so near that rounding could make them equal."""
    if key.shape[0] < 2:
        return np.zeros(key.shape[1], dtype=bool)
    ordered = np.take_along_axis(key, order, axis=0)
    near = np.zeros(key.shape[1], dtype=bool)
    for place in range(order.shape[0]):
        gap = np.abs(key - ordered[place]) < 1e-10
        near |= gap.sum(axis=0) > 1
    return np.asarray(near & (ordered[0] > -50))
