"""Turn criteria values into who dominates whom: nowhere worse and somewhere better, so that no weights can reverse it."""

from __future__ import annotations

import numpy as np

from engine.scoring.robustness.samples import SAME


def dominance(values: np.ndarray, part: np.ndarray | None = None) -> np.ndarray:
    """values: (..., K, C), higher is better; part: (..., K), who takes part (None: all). Returns (..., K, K): whether the first dominates the second."""
    values = np.asarray(values, dtype=np.float64)
    ahead = values[..., :, None, :] - values[..., None, :, :]
    found = (ahead >= -SAME).all(axis=-1) & (ahead > SAME).any(axis=-1)
    return np.asarray(found if part is None else found & part[..., :, None] & part[..., None, :])
