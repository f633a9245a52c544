"""Generated models and profiles: every executor and the scalar reference agree with the columnar decision, cell by cell, bit for bit."""

from __future__ import annotations

from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from engine.cross_check import cross_check
from tests.executors.models import Model, columns, load, models

SLOW = settings.get_current_profile_name() == "slow"
CHECKS = [HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much]


def law(examples: int) -> Any:
    return settings(max_examples=examples * (40 if SLOW else 1), deadline=None, suppress_health_check=CHECKS)


@law(60)
@given(models(), st.data())
def test_every_way_of_deciding_gives_the_same_cells(model: Model, data: Any) -> None:
    plan = load(model.files)
    rows = data.draw(model.rows())
    assert cross_check(plan, columns(plan, rows), len(rows)) == []
