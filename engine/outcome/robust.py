"""Turn decisions into how firmly each holds, and that into columns of the output tables; or into diagnostics that say why it cannot be asked."""

from __future__ import annotations

from typing import Any

import numpy as np

from engine.decide import Decisions, number
from engine.diagnostics import Diagnostic, Hint
from engine.model.plan import Plan
from engine.scoring.robustness.label import DIGITS, Robustness, assess
from engine.scoring.robustness.samples import MOST_SAMPLES, Sampling
from engine.scoring.robustness.smaa import standard_error

SHARE_DIGITS = 6


def refused(plan: Plan, sampling: Sampling) -> list[Diagnostic]:
    """What is wrong with asking this model for robustness by such samples."""
    found = []
    if plan.settings.robust_weight_change is None:
        found.append(Diagnostic("X112", {"name": plan.name}, None, Hint("hint.robust_weight_change")))
    if not 1 <= sampling.samples <= MOST_SAMPLES:
        found.append(Diagnostic("X110", {"text": sampling.samples, "limit": MOST_SAMPLES}, None, Hint("hint.samples")))
    if sampling.seed < 0:
        found.append(Diagnostic("X111", {"text": sampling.seed}, None, Hint("hint.seed")))
    return found


def robustness_of(decisions: Decisions, sampling: Sampling) -> Robustness:
    """Every organisation of a batch; those that could not be decided take no part."""
    threshold = decisions.plan.settings.robust_weight_change
    assert threshold is not None
    sound = np.ones(decisions.size, dtype=bool)
    sound[[conflict.row for conflict in decisions.conflicts]] = False
    return assess(decisions.judged, decisions.ranked, number(decisions.staffing, threshold), sampling, sound)


def wide(decisions: Decisions, sampling: Sampling) -> dict[str, Any]:
    """Columns of the wide table: robustness, weight_change, challenger, acceptability, acceptability_se; empty where nothing is recommended."""
    import pyarrow as pa

    found, at = robustness_of(decisions, sampling), np.arange(decisions.size)
    share = found.acceptability[decisions.ranked.order[0], at]
    return {
        "robustness": pa.array(found.label, pa.string(), mask=found.label == ""),
        "weight_change": _numbers(found.change, DIGITS),
        "challenger": pa.array([*decisions.plan.structures]).take(pa.array(found.challenger, mask=found.challenger < 0)),
        "acceptability": _numbers(share, SHARE_DIGITS),
        "acceptability_se": _numbers(standard_error(share, sampling.samples), SHARE_DIGITS),
    }


def long(decisions: Decisions, sampling: Sampling, order: np.ndarray, rows: np.ndarray) -> dict[str, Any]:
    """Columns of the long table, whose lines are structure `order` of organisation `rows`: acceptability, weight_change; empty outside the winner's tier."""
    found = robustness_of(decisions, sampling)
    return {
        "acceptability": _numbers(found.acceptability[order, rows], SHARE_DIGITS),
        "weight_change": _numbers(found.changes[order, rows], DIGITS),
    }


def _numbers(values: np.ndarray, digits: int) -> Any:
    import pyarrow as pa

    known = np.isfinite(values)
    return pa.array(np.round(np.where(known, values, 0.0), digits), mask=~known)
