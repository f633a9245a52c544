"""Turn scores per criterion into reason codes: what costs an alternative most against a baseline, the largest shortfall first.

Scorecards name their reasons in this way (PMML 4.4, Scorecard, `pointsBelow`): shortfall = baseline - score, only where it is positive.
"""

from __future__ import annotations

import numpy as np


def reason_codes(baseline: np.ndarray, parts: np.ndarray, most: int) -> np.ndarray:
    """baseline and parts broadcast to (C, ...): points that could be had and that were got. Returns (most, ...) positions of criteria, the largest shortfall
    first, of equal ones the first criterion; -1 where there is none left."""
    short = baseline - parts
    order = np.argsort(-short, axis=0, kind="stable")[:most]
    found = np.where(np.take_along_axis(short, order, axis=0) > 0, order, -1)
    if len(found) < most:
        found = np.concatenate([found, np.full((most - len(found), *found.shape[1:]), -1)])
    return np.asarray(found)
