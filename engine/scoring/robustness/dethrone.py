"""Turn the winner's lead over a challenger into the smallest change of weights that makes the two draw level.

With w the weights and d the winner's values minus the challenger's, that is the point nearest to w (Euclidean) on the simplex with w.d = 0. Where it keeps
every weight at 0 or above, it is the plain projection w - g / |d'|^2 d', with d' = d - mean(d) and g = w.d: the distance is g / |d'|. Otherwise it is
P(w - m d) for the one m at which the lead is 0, P being the projection on the simplex (Held, Wolfe & Crowder 1974, Mathematical Programming 6): the lead
falls piecewise linearly as m grows, so Newton's steps within a bracket end on the exact piece.
"""

from __future__ import annotations

import numpy as np

LEVEL = 1e-15  # a lead of less is none
EQUAL = 1e-12  # values of a criterion no further apart are the same
MOST_STEPS = 200


def nearest_change(weights: np.ndarray, ahead: np.ndarray, free: np.ndarray | None = None) -> tuple[np.ndarray, np.ndarray]:
    """weights: (P, C), each row adds up to 1; ahead: (P, C), winner's values minus challenger's; free: (P, C), which weights may change (None: all; those
    that may not are 0). Returns the distances (P,) and the weights (P, C) at which they draw level: inf and nan where no weights would do, 0 and the weights
    themselves where the winner does not lead. A challenger that is nowhere better, and somewhere as good, can draw level and no more."""
    weights, ahead = np.asarray(weights, dtype=np.float64), np.asarray(ahead, dtype=np.float64)
    free = np.ones(weights.shape, dtype=bool) if free is None else free
    d = np.where(free & (np.abs(ahead) > EQUAL), ahead, 0.0)
    lead = (weights * d).sum(axis=1)
    with np.errstate(divide="ignore", invalid="ignore"):
        tilted = np.where(free, d - (d.sum(axis=1) / free.sum(axis=1))[:, None], 0.0)
        step = lead / (tilted * tilted).sum(axis=1)
        new = weights - step[:, None] * tilted
    behind = np.where(free, d, np.inf).min(axis=1, initial=np.inf) <= 0  # on some criterion the challenger is at least as good: all weight on it would do
    level = lead <= LEVEL
    hard = np.flatnonzero(behind & ~level & ~(new >= 0).all(axis=1))
    if len(hard):
        new[hard] = _on_the_simplex(weights[hard], d[hard], free[hard], step[hard])
    new = np.where(level[:, None], weights, np.where((behind | level)[:, None], new, np.nan))
    distance = np.sqrt(((new - weights) ** 2).sum(axis=1))
    return np.where(np.isnan(distance), np.inf, distance), new


def _on_the_simplex(weights: np.ndarray, d: np.ndarray, free: np.ndarray, m: np.ndarray) -> np.ndarray:
    """The nearest points that also keep every weight at 0 or above. m: (P,), where to begin."""
    found = np.empty_like(weights)
    low, high, m = np.zeros(len(m)), np.full(len(m), np.inf), np.where(np.isfinite(m) & (m > 0), m, 1.0)
    left = np.arange(len(m))
    for _ in range(MOST_STEPS):
        new = project(weights[left] - m[left, None] * d[left], free[left])
        found[left] = new
        lead = (new * d[left]).sum(axis=1)
        high[left] = np.where(lead <= 0, m[left], high[left])
        low[left] = np.where(lead > 0, m[left], low[left])
        going = np.abs(lead) > LEVEL
        left, new, lead = left[going], new[going], lead[going]
        if not len(left):
            break
        used = new > 0
        tilted = np.where(used, d[left] - ((d[left] * used).sum(axis=1) / used.sum(axis=1))[:, None], 0.0)
        with np.errstate(divide="ignore", invalid="ignore"):
            next_ = m[left] + lead / (tilted * tilted).sum(axis=1)
        inside = (next_ > low[left]) & (next_ < high[left])
        middle = np.where(np.isinf(high[left]), 2.0 * m[left], (low[left] + high[left]) / 2)
        next_ = np.where(inside, next_, middle)
        moved = next_ != m[left]
        m[left] = next_
        left = left[moved]
    return found


def project(points: np.ndarray, free: np.ndarray) -> np.ndarray:
    """points: (P, C) to the nearest points on the simplex of the free coordinates, the others 0 (sorting: Held, Wolfe & Crowder 1974)."""
    falling = -np.sort(-np.where(free, points, -np.inf), axis=1)
    count = np.arange(1, points.shape[1] + 1)
    with np.errstate(invalid="ignore"):
        excess = (np.cumsum(falling, axis=1) - 1.0) / count
        kept = (falling > excess).sum(axis=1)
    taken = np.take_along_axis(excess, kept[:, None] - 1, axis=1)
    return np.where(free, np.maximum(points - taken, 0.0), 0.0)
