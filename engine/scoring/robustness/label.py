"""Turn the judged and ranked structures of a batch into a label for every organisation: tie, robust or fragile, with its number, and how often each wins."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from engine.scoring.criteria import Judged
from engine.scoring.ranking import INELIGIBLE, Ranked
from engine.scoring.robustness.contest import contest
from engine.scoring.robustness.dethrone import nearest_change
from engine.scoring.robustness.samples import Sampling, draw
from engine.scoring.robustness.smaa import rank_acceptability

TIE, ROBUST, FRAGILE = "tie", "robust", "fragile"
DIGITS = 9  # of changes that are compared: the nearest challenger does not hang on the last bits


@dataclass(frozen=True, slots=True)
class Robustness:
    """`part`: (K, N), the eligible structures of the winner's tier. `label`: (N,) tie, robust or fragile, empty where nothing can be first.
    `change`: (N,), the smallest change of weights by which another structure draws level, nan where none would do; `challenger`: (N,) its position, -1.
    `changes`: (K, N) for every challenger, inf where no weights would do, nan for the winner and what takes no part.
    `acceptability`: (K, N), the share of the sampled weights with which a structure is first, nan for what takes no part."""

    part: np.ndarray
    label: np.ndarray
    change: np.ndarray
    challenger: np.ndarray
    changes: np.ndarray
    acceptability: np.ndarray


def assess(judged: Judged, ranked: Ranked, threshold: Any, sampling: Sampling, sound: np.ndarray) -> Robustness:
    """threshold: (N,) or one number, from which on a change is large enough to be called robust. sound: (N,), the profiles that could be decided.

    Criteria to which the rules give no weight keep none."""
    k, n = ranked.tier.shape
    at = np.arange(n)
    winner = ranked.order[0]
    best = ranked.tier[winner, at]
    part = (ranked.tier == best) & (best != INELIGIBLE) & sound
    field = contest(judged.values, part)
    share = rank_acceptability(field, judged.weights, draw(sampling.samples, len(judged.weights), sampling.seed), sampling.ordered)

    lines = np.flatnonzero(field.structure != winner[field.row])
    row = field.row[lines]
    own = np.zeros(n, dtype=np.int64)
    first = np.flatnonzero(field.structure == winner[field.row])
    own[field.row[first]] = first
    weights = judged.weights[:, row].T
    distance, _ = nearest_change(weights, field.values[own[row]] - field.values[lines], weights > 0)
    changes = np.full((k, n), np.nan)
    changes[field.structure[lines], row] = distance

    compared = np.where(np.isnan(changes), np.inf, np.round(changes, DIGITS))
    challenger = compared.argmin(axis=0)
    change = compared[challenger, at]
    lost = np.isinf(change)
    label = np.where(~part.any(axis=0), "", np.where(ranked.tie, TIE, np.where(change >= threshold, ROBUST, FRAGILE)))
    return Robustness(part, label, np.where(lost, np.nan, change), np.where(lost, -1, challenger), changes, field.spread(share[:, 0], k))
