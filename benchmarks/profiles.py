"""The shipped model, and profiles for it, as `susun sample` makes and `susun evaluate` reads them."""

from __future__ import annotations

from collections.abc import Mapping

from engine.api import read_profiles
from engine.feel.arrays import Column
from engine.model.load import load_plan
from engine.model.plan import Plan
from engine.profiles.sample import sample

SEED = 1


def load() -> Plan:
    plan, found = load_plan()
    if plan is None:
        raise SystemExit("\n".join(item.render() for item in found))
    return plan


def made(plan: Plan, rows: int) -> Mapping[str, Column]:
    """The inputs as they are stated, null where they are not: the batch that `decide` takes."""
    table, found = sample(plan, rows, SEED)
    profiles, more = read_profiles(plan, table) if table is not None else (None, [])
    if profiles is None or profiles.size != rows:
        raise SystemExit("\n".join(item.render() for item in [*found, *more]) or "generated profiles were rejected")
    return {name: profiles.columns[name] for name in plan.inputs if name in profiles.columns}
