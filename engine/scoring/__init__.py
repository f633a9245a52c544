"""Scoring: criteria matrices into scores and rankings. `rank` needs no model: `from engine.scoring import rank`."""

from engine.scoring.matrices import Ranking, rank
from engine.scoring.stack import ScoringError

__all__ = ["Ranking", "ScoringError", "rank"]
