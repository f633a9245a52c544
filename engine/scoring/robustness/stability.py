"""Turn criteria values and weights into the interval within which each weight may move while the winner stays first.

Weight c becomes x and the others keep their proportions: w_j (1 - x) / (1 - w_c). The winner's lead over a rival is then linear in x: with d the winner's
values minus the rival's, g the lead now and r = (g - w_c d_c) / (1 - w_c) the lead on the other criteria alone, lead(x) = r + x (d_c - r). Its zero is
where the two change places (weight stability intervals: Mareschal 1988, European Journal of Operational Research 33:1).
"""

from __future__ import annotations

import numpy as np

from engine.scoring.robustness.samples import SAME


def intervals(values: np.ndarray, weights: np.ndarray, winner: np.ndarray, part: np.ndarray | None = None) -> tuple[np.ndarray, np.ndarray]:
    """values: (..., K, C); weights: (..., C), adding up to 1; winner: (...), its position; part: (..., K), who takes part (None: all).

    Returns low and high, (..., C): the winner is first, perhaps beside another, for every x in between. A criterion with all the weight cannot lend or
    borrow: 1 and 1. Where a rival is level with the winner, the interval ends at the weight itself on the side that favours the rival."""
    values, weights = np.asarray(values, dtype=np.float64), np.asarray(weights, dtype=np.float64)
    own = np.take_along_axis(values, np.asarray(winner)[..., None, None], axis=-2)
    ahead = own - values
    lead = (weights[..., None, :] * ahead).sum(axis=-1, keepdims=True)
    weight = weights[..., None, :]
    with np.errstate(divide="ignore", invalid="ignore"):
        others = (lead - weight * ahead) / (1.0 - weight)
        zero = others / (others - ahead)
    if part is not None:
        others, ahead = (np.where(part[..., None], array, 0.0) for array in (others, ahead))
    # the rival leads below the zero where the winner is behind on the other criteria, above it where the winner is behind on this one
    low = np.where(others < -SAME, zero, 0.0).max(axis=-2, initial=0.0)
    high = np.where(ahead < -SAME, zero, 1.0).min(axis=-2, initial=1.0)
    alone = weights >= 1.0
    return np.where(alone, 1.0, np.minimum(low, weights)), np.where(alone, 1.0, np.maximum(high, weights))
