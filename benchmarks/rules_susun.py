"""The activation rules by Susun's columnar executor: settled columns -> which rules fired."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from engine.executors.columnar import Frame
from engine.feel.arrays import Column
from engine.feel.tree import refs
from engine.model.plan import Plan


def activation_rules(plan: Plan) -> tuple[str, ...]:
    """The rules that decide about roles; notes are left out."""
    return tuple(rule.id for rule in plan.rules.values() if rule.effect != "note")


def settled_names(plan: Plan) -> frozenset[str]:
    """The inputs and decisions that the conditions name."""
    return frozenset(name for id_ in activation_rules(plan) for name in refs(plan.rules[id_].when.tree) if name not in plan.parameters)


def fire(plan: Plan, columns: Mapping[str, Column], size: int) -> dict[str, np.ndarray]:
    """columns: every settled name. Returns rule id -> mask (N,)."""
    with np.errstate(all="ignore"):
        frame = Frame(plan, {}, size)
        frame.columns |= columns
        for id_ in activation_rules(plan):
            frame.define(f"rule:{id_}")
    return frame.fired
