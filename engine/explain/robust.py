"""Turn one decided profile into how firmly its recommendation holds: what would topple it, how far each weight may move, which priorities favour whom."""

from __future__ import annotations

from typing import Any

import numpy as np

from engine.decide import number
from engine.explain.case import Case
from engine.outcome.robust import robustness_of
from engine.scoring.robustness import dominance, draw, intervals, nearest_change, smaa2
from engine.scoring.robustness.samples import Sampling

Data = dict[str, Any]


def robustness(case: Case, sampling: Sampling) -> Data:
    """Everything for programs: ids and numbers, None where there is none. Weights of criteria are shares; those that the rules leave at 0 are not listed."""
    decisions, plan = case.decisions, case.plan
    found = robustness_of(decisions, sampling)
    ids, criteria = list(plan.structures), list(plan.criteria)
    assert plan.settings.robust_weight_change is not None
    data: Data = {
        "label": str(found.label[0]) or None,
        "weight_change": _known(found.change[0]),
        "threshold": float(np.ravel(number(decisions.staffing, plan.settings.robust_weight_change))[0]),
        "winner": None,
        "challenger": ids[found.challenger[0]] if found.challenger[0] >= 0 else None,
        "samples": sampling.samples,
        "seed": sampling.seed,
        "challengers": [],
        "stability": [],
        "acceptability": [],
        "dominated": [],
    }
    if data["label"] is None:
        return data
    weights = decisions.judged.weights[:, 0]
    used = np.flatnonzero(weights > 0)
    named = [criteria[c] for c in used]
    order = [k for k in decisions.ranked.order[:, 0].tolist() if found.part[k, 0]]  # the winner first
    values = decisions.judged.matrix[:, order, 0].T
    data["winner"] = ids[order[0]]
    data["challengers"] = _challengers(values[:, used], weights[used], [ids[k] for k in order], named)
    low, high = intervals(values, weights, np.array(0))
    data["stability"] = [
        {"criterion": criteria[c], "weight": float(weights[c]), "low": float(low[c]), "high": float(high[c])}
        for c in used[np.argsort(-weights[used], kind="stable")]
    ]
    tried = draw(sampling.samples, len(criteria), sampling.seed).like(weights, sampling.ordered)
    smaa = smaa2(values, tried)
    data["usual_weights"] = {criterion: float(mean) for criterion, mean in zip(named, tried[:, used].mean(axis=0), strict=True)}
    data["acceptability"] = [
        {
            "structure": ids[k],
            "first": float(smaa.acceptability[i, 0]),
            "first_se": float(smaa.error[i, 0]),
            "ranks": smaa.acceptability[i].tolist(),
            "central_weights": None if np.isnan(smaa.central[i, 0]) else dict(zip(named, smaa.central[i, used].tolist(), strict=True)),
            "confidence": _known(smaa.confidence[i]),
        }
        for i, k in enumerate(order)
    ]
    beaten = dominance(values[:, used])
    data["dominated"] = [
        {"structure": ids[k], "by": [ids[order[j]] for j in np.flatnonzero(beaten[:, i]).tolist()]} for i, k in enumerate(order) if beaten[:, i].any()
    ]
    return data


def _challengers(values: np.ndarray, weights: np.ndarray, ids: list[str], criteria: list[str]) -> list[Data]:
    """Every structure but the first, the nearest first: the smallest change of weights by which it draws level, and how much weight that moves."""
    own = np.broadcast_to(weights, (len(ids) - 1, len(weights)))
    distance, new = nearest_change(own, values[0] - values[1:])
    found = []
    for i in np.argsort(distance, kind="stable").tolist():
        possible = bool(np.isfinite(distance[i]))
        found.append(
            {
                "structure": ids[i + 1],
                "weight_change": _known(distance[i]),
                "moved": float(np.maximum(new[i] - weights, 0).sum()) if possible else None,
                "weights": {criterion: {"from": float(before), "to": float(after)} for criterion, before, after in zip(criteria, weights, new[i], strict=True)}
                if possible
                else None,
            }
        )
    return found


def _known(value: float) -> float | None:
    return float(value) if np.isfinite(value) else None
