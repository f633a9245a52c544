"""How firmly a ranking by weighted sum holds: sampled weights (SMAA-2), stability intervals, the smallest change that dethrones the winner, dominance."""

from engine.scoring.robustness.dethrone import nearest_change
from engine.scoring.robustness.dominance import dominance
from engine.scoring.robustness.label import FRAGILE, ROBUST, TIE, Robustness, assess
from engine.scoring.robustness.samples import Sampling, draw, ordinal, uniform
from engine.scoring.robustness.smaa import Smaa, rank_acceptability, smaa2
from engine.scoring.robustness.stability import intervals

__all__ = [
    "FRAGILE", "ROBUST", "TIE", "Robustness", "Sampling", "Smaa", "assess", "dominance", "draw", "intervals", "nearest_change", "ordinal", "rank_acceptability",
    "smaa2", "uniform",
]  # fmt: skip
