"""The shipped model, and profiles for it, as `susun sample` makes them."""

from __future__ import annotations

import sys; sys.path.insert(0, "/tmp")
from collections.abc import Mapping
from engine.feel.arrays import Column
from engine.model.load import load_plan
from engine.model.plan import Plan

SEED = 1


def load() -> Plan:
    plan, found = load_plan()
    assert plan is not None, "\n".join(item.render() for item in found)
    return plan


def made(plan: Plan, rows: int) -> Mapping[str, Column]:
    from gen import profiles
    return profiles(plan, rows, SEED)
