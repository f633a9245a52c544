"""Turn a profile and an input that grows into the stages of its recommended team: where it changes, who comes then, and what it costs."""

from __future__ import annotations

from engine.roadmap.batch import next_hires
from engine.roadmap.path import Gain, Roadmap, Stage, plan_for, reach, roadmap

__all__ = ["Gain", "Roadmap", "Stage", "next_hires", "plan_for", "reach", "roadmap"]
