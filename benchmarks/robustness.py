"""How firmly the recommendations of many profiles hold: decided, and asked for the smallest change of weights and for shares of sampled weights."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from engine.batch import decide_chunks
from engine.decide import Decisions
from engine.feel.arrays import Column
from engine.model.plan import Plan
from engine.outcome.robust import robustness_of
from engine.scoring.ranking import INELIGIBLE
from engine.scoring.robustness import Sampling, draw, rank_acceptability
from engine.scoring.robustness.contest import contest

SAMPLES = 1000
ORGANISATIONS = 100_000


def labelled(plan: Plan, columns: Mapping[str, Column], size: int) -> float:
    """What `evaluate --robustness` works out for each profile; the share of robust recommendations."""

    def robust(_: int, decisions: Decisions) -> int:
        return int((robustness_of(decisions, Sampling(SAMPLES)).label == "robust").sum())

    return float(sum(decide_chunks(plan, columns, size, robust)) / size)


def ranked(plan: Plan, columns: Mapping[str, Column], size: int, eligible: bool = False) -> float:
    """Decided, and the shares of all ranks for the winner's tier, or, `eligible`, for all eligible structures; the mean share of first ranks."""

    def shares(_: int, decisions: Decisions) -> float:
        judged, tier = decisions.judged, decisions.ranked.tier
        best = tier[decisions.ranked.order[0], np.arange(decisions.size)]
        field = contest(judged.values, (tier != INELIGIBLE) & (eligible | (tier == best)))
        return float(rank_acceptability(field, judged.weights, draw(SAMPLES, len(judged.weights)), places=None)[:, 0].sum())

    return float(sum(decide_chunks(plan, columns, size, shares)) / size)
