"""Turn a seed into sets of weights, uniform on the simplex or on the part of it that keeps an order of importance; every organisation is asked the same ones.

Exponentials divided by their sum are uniform on the simplex (Dirichlet with all parameters 1). Sorted descending they are uniform on the part where
w1 >= w2 >= ..., whose mean is the rank-order centroid (Barron & Barrett 1996, Management Science 42:11). Criteria of equal weight are not ordered among
themselves: the sorted values of their places are dealt out to them at random.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

SAMPLES, SEED = 1000, 0
MOST_SAMPLES = 1_000_000
SAME = 1e-9  # weights and scores no further apart than this are equal, so that the last bits of a sum decide nothing


@dataclass(frozen=True, slots=True)
class Sampling:
    """How weights are sampled: how many sets, from which seed, and whether they keep the order of an organisation's own weights (else any weights)."""

    samples: int = SAMPLES
    seed: int = SEED
    ordered: bool = True


@dataclass(frozen=True, slots=True)
class Draw:
    """What chance gives, before it is made into weights. `shares`: (S, C), exponentials. `lots`: (S, C) in [0, 1), by which equals are dealt their places."""

    shares: np.ndarray
    lots: np.ndarray

    def uniform(self, criteria: int | None = None) -> np.ndarray:
        """(S, criteria), each row adds up to 1: any weights for that many criteria."""
        shares = self.shares[:, :criteria]
        return np.asarray(shares / shares.sum(axis=1, keepdims=True))

    def in_order(self, sizes: Sequence[int]) -> np.ndarray:
        """(S, sum of sizes): the first `sizes[0]` criteria weigh at least as much as the next `sizes[1]`, and so on; within a group in any order."""
        weights = -np.sort(-self.uniform(sum(sizes)), axis=1)
        if max(sizes) == 1:
            return weights
        group = np.repeat(np.arange(len(sizes)), sizes)
        return np.take_along_axis(weights, np.argsort(group + self.lots[:, : len(group)], axis=1), axis=1)

    def like(self, weights: np.ndarray, ordered: bool = True) -> np.ndarray:
        """(S, C) for one organisation's weights (C,): criteria of weight 0 stay at 0, the others keep their order of importance if `ordered`."""
        by_weight, begins = importance(weights[:, None], ordered)
        found = np.zeros((len(self.shares), len(weights)))
        sizes = group_sizes(begins[:, 0])
        if sizes:
            found[:, by_weight[: sum(sizes), 0]] = self.in_order(sizes)
        return found


def draw(samples: int, criteria: int, seed: int = SEED) -> Draw:
    """The same numbers for the same seed, on any machine and however the work is shared out. Raises ValueError for less than one sample."""
    if samples < 1:
        raise ValueError(f"{samples} samples")
    random = np.random.Generator(np.random.PCG64(seed))
    return Draw(random.standard_exponential((samples, criteria)), random.random((samples, criteria)))


def uniform(samples: int, criteria: int, seed: int = SEED) -> np.ndarray:
    """(S, C): sets of weights, uniform on the simplex."""
    return draw(samples, criteria, seed).uniform()


def ordinal(samples: int, criteria: int, seed: int = SEED) -> np.ndarray:
    """(S, C): sets of weights, uniform where w1 >= w2 >= ..."""
    return draw(samples, criteria, seed).in_order([1] * criteria)


def importance(weights: np.ndarray, ordered: bool = True) -> tuple[np.ndarray, np.ndarray]:
    """weights: (C, N). Returns, both (C, N), the criteria by falling weight and 1 where a group of equals begins, 0 where it goes on, -1 for weight 0."""
    by_weight = np.argsort(-weights, axis=0, kind="stable")
    falling = np.take_along_axis(weights, by_weight, axis=0)
    begins = np.zeros(weights.shape, dtype=np.int8)
    begins[:1] = 1
    if ordered:
        begins[1:] = falling[:-1] - falling[1:] > SAME
    begins[~(falling > 0)] = -1
    return by_weight, begins


def group_sizes(begins: np.ndarray) -> list[int]:
    """How many criteria are in each group of equals, most important first. begins: (C,) as `importance` gives it."""
    starts = np.flatnonzero(begins == 1)
    return np.diff([*starts, np.count_nonzero(begins >= 0)]).tolist() if len(starts) else []
