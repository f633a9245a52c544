"""Turn criteria values and sampled weights into how often each alternative takes each rank, and which weights put it first (SMAA-2).

Lahdelma & Salminen (2001), Operations Research 49:3, 444-454. Rank acceptability b(i, r): share of the samples in which alternative i has rank r, where
rank(i) = 1 + how many score higher; equals share a rank. Central weight: the mean of the weights with which i is first. Confidence factor: how often i is
first with its central weight, over the samples of the values. Standard error of an acceptability: sqrt(b (1 - b) / S).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from engine.scoring.robustness.contest import Contest
from engine.scoring.robustness.samples import SAME, Draw, group_sizes, importance

BLOCK = 1 << 14  # scores at a time: they stay in the cache, and OpenBLAS begins no threads for so small a product, which would fight with our own processes


@dataclass(frozen=True, slots=True)
class Smaa:
    """`acceptability`, `error`: (K, K), of alternative i at rank r + 1. `central`: (K, C) and `confidence`: (K,), nan for one that is never first."""

    acceptability: np.ndarray
    error: np.ndarray
    central: np.ndarray
    confidence: np.ndarray


def smaa2(values: np.ndarray, weights: np.ndarray) -> Smaa:
    """values: (K, C), or (S, K, C) sampled with the weights; higher is better, on scales of about 0 to 1: scores less than 1e-9 apart are equal.
    weights: (S, C), each row adds up to 1."""
    values, weights = np.asarray(values, dtype=np.float64), np.asarray(weights, dtype=np.float64)
    ranks = _ranks_of(_scores(values, weights))
    size, k = ranks.shape
    acceptability = np.stack([(ranks == rank).mean(axis=0) for rank in range(k)], axis=1)
    first = ranks == 0
    with np.errstate(invalid="ignore"):
        central = (first.T.astype(np.float64) @ weights) / first.sum(axis=0)[:, None]
    confidence = np.full(k, np.nan)
    for i in np.flatnonzero(first.any(axis=0)).tolist():
        confidence[i] = (_ranks_of(_scores(values, central[i][None]))[:, i] == 0).mean()
    return Smaa(acceptability, standard_error(acceptability, size), central, confidence)


def standard_error(acceptability: np.ndarray, samples: int) -> np.ndarray:
    """How far the share of `samples` may be from the true one: its standard deviation."""
    return np.asarray(np.sqrt(acceptability * (1.0 - acceptability) / samples))


def _scores(values: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """(S, K); one set of weights goes with every sample of the values."""
    return np.asarray(weights @ values.T if values.ndim == 2 else (values * weights[:, None, :]).sum(axis=2))


def _ranks_of(scores: np.ndarray) -> np.ndarray:
    """scores: (S, K). Returns (S, K), 0 for the first."""
    return np.stack([(scores > scores[:, i : i + 1] + SAME).sum(axis=1) for i in range(scores.shape[1])], axis=1)


def rank_acceptability(contest: Contest, weights: np.ndarray, draw: Draw, ordered: bool = True, places: int | None = 1) -> np.ndarray:
    """(P, places): how often each contestant of a batch takes each of the first places, all organisations asked the same samples.

    weights: (C, N), an organisation's own; 0 stays 0, and their order of importance is kept if `ordered`. `places`: 1, or None for as many as there can be.
    The organisations with as many contestants and the same groups of equal weights are one matrix product.
    """
    deep = int(contest.count.max(initial=1)) if places is None else places
    size = len(draw.shares)
    found = np.zeros((len(contest.row), deep), dtype=np.int64)
    found[contest.start[contest.count == 1], 0] = size
    rows = np.flatnonzero(contest.count > 1)
    by_weight, begins = importance(weights[:, rows], ordered)
    for group in _alike(contest.count[rows], begins):
        sizes = group_sizes(begins[:, group[0]])
        many, used = int(contest.count[rows[group[0]]]), sum(sizes)
        sampled = draw.in_order(sizes).T
        lines = contest.start[rows[group], None] + np.arange(many)
        values = contest.values[lines[:, :, None], by_weight[:used, group].T[:, None, :]]
        width = max(1, min(size, BLOCK // many))
        step = max(1, BLOCK // (many * width))
        for start in range(0, len(group), step):
            part = values[start : start + step]
            for left in range(0, size, width):
                scores = (part.reshape(-1, used) @ sampled[:, left : left + width]).reshape(len(part), many, -1)
                found[lines[start : start + step]] += _firsts(scores) if places == 1 else _places(scores, deep)
    return found / size


def _alike(count: np.ndarray, begins: np.ndarray) -> list[np.ndarray]:
    """Positions of the organisations that have as many contestants and the same groups of equal weights."""
    keys = np.vstack([count[None], begins]).T
    _, kind = np.unique(keys, axis=0, return_inverse=True)
    order = np.argsort(kind.ravel(), kind="stable")
    return np.split(order, np.flatnonzero(np.diff(kind.ravel()[order])) + 1) if len(order) else []


def _firsts(scores: np.ndarray) -> np.ndarray:
    """scores: (n, R, S). Returns (n, R, 1), in how many of the samples nobody scores higher."""
    return np.asarray(np.count_nonzero(scores >= scores.max(axis=1, keepdims=True) - SAME, axis=2)[:, :, None])


def _places(scores: np.ndarray, deep: int) -> np.ndarray:
    """scores: (n, R, S). Returns (n, R, deep), in how many of the samples each has each of the first places."""
    many = scores.shape[1]
    found = np.zeros((*scores.shape[:2], deep), dtype=np.int64)
    raised = scores + SAME
    for i in range(many):
        rank = np.zeros((scores.shape[0], scores.shape[2]), dtype=np.int8 if many < 128 else np.int64)
        for other in range(many):
            if other != i:
                rank += scores[:, other] > raised[:, i]
        for place in range(min(many, deep)):
            found[:, i, place] = np.count_nonzero(rank == place, axis=1)
    return found
