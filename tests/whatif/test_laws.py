"""Generated models: what is settled for a box holds at every point of it; every reported change turns the target, and nothing nearer that is tried does."""

from __future__ import annotations

from typing import Any

import numpy as np
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from engine.model.plan import Plan
from engine.whatif import Target, read_target, whatif
from engine.whatif.field import Boxes, Field
from tests.executors.models import Model, Row, columns, load, models

SLOW = settings.get_current_profile_name() == "slow"
CHECKS = [HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much]


def law(examples: int) -> settings:
    return settings(max_examples=examples * (40 if SLOW else 1), deadline=None, suppress_health_check=CHECKS)


def targets(plan: Plan) -> st.SearchStrategy[Target]:
    """Conditions on what generated models decide."""
    texts = [f"recommended = {id_}" for id_ in plan.structures] + [f"role.{id_}.active" for id_ in plan.roles] + [f"role.{id_}.fte > 1" for id_ in plan.roles]
    texts += [
        "people >= 2",
        "fte < 3",
        "cost_month < 500",
        "cash_month >= 1",
        "score > 0.4",
        "margin < 0.1",
        "coverage >= 1",
        "ranking.tie",
        "ranking.affordable",
    ]
    texts += [
        "staffing.span > 1 or staffing.overload > 1",
        "staffing.fragmentation < 0.5 and staffing.backup < 1",
        "staffing.roles_per_person > 1",
        "staffing.seats = 1",
    ]
    found = [read_target(plan, text)[0] for text in texts]
    return st.sampled_from([target for target in found if target is not None])


def field_of(plan: Plan, row: Row, target: Target) -> Field:
    return Field(plan, columns(plan, [row]), target)


def undecided(field: Field, name: str, values: np.ndarray) -> np.ndarray:
    """Where no decision can be made: such a point holds nothing, and no box speaks of it."""
    lost = np.zeros(len(values), dtype=bool)
    lost[[conflict.row for conflict in field.decided_at(name, values).conflicts]] = True
    return lost


@law(16)
@given(models(), st.data())
def test_what_is_settled_for_a_box_holds_everywhere_in_it(model: Model, data: Any) -> None:
    plan = load(model.files)
    numbers = [name for name, item in plan.inputs.items() if item.type.kind == "number"]
    assume(numbers)
    row = data.draw(model.rows(1))[0]
    field = field_of(plan, row, data.draw(targets(plan)))
    name = data.draw(st.sampled_from(numbers))
    least = max(plan.inputs[name].type.low, -50.0)
    low = np.array(data.draw(st.lists(st.integers(int(least * 4), 400).map(lambda n: n / 4), min_size=1, max_size=12)))
    width = np.array(data.draw(st.lists(st.sampled_from([0.0, 0.25, 1.0, 3.0, 20.0, 400.0]), min_size=len(low), max_size=len(low))))
    boxes = Boxes((name,), np.zeros(len(low), dtype=np.int64), low, low + width)
    yes, no = field.settled(boxes, np.zeros(len(low), dtype=bool))
    for part in (0.0, 0.013, 0.25, 0.5, 0.77, 1.0):
        at = low + width * part
        holds, lost = field.points([name], boxes.which, at), undecided(field, name, at)
        assert not (yes & ~holds & ~lost).any(), (name, low, width, part)
        assert not (no & holds).any(), (name, low, width, part)


@law(10)
@given(models(), st.data())
def test_a_point_is_settled(model: Model, data: Any) -> None:
    """Bounds that are equal give the decision itself: nothing is left open, but by what reads lists in order or ranks."""
    plan = load(model.files)
    numbers = [name for name, item in plan.inputs.items() if item.type.kind == "number"]
    assume(numbers)
    field = field_of(plan, data.draw(model.rows(1))[0], data.draw(targets(plan)))
    name = data.draw(st.sampled_from(numbers))
    at = np.array([0.0, 1.0, 2.5, 10.0, 99.0])
    yes, no = field.settled(Boxes((name,), np.zeros(5, dtype=np.int64), at, at), np.zeros(5, dtype=bool))
    holds, lost = field.points([name], np.zeros(5, dtype=np.int64), at), undecided(field, name, at)
    assert not (yes & ~holds & ~lost).any() and not (no & holds).any()


@law(6)
@given(models(), st.data())
def test_a_reported_change_turns_the_target_and_nothing_nearer_does(model: Model, data: Any) -> None:
    plan = load(model.files)
    row = data.draw(model.rows(1))[0]
    target = data.draw(targets(plan))
    field = field_of(plan, row, target)
    answer = whatif(plan, columns(plan, [row]), target)
    assert answer.holds == field.held
    for change in answer.changes:
        step = change.steps[0]
        assert field.changes([{step.input: step.value}])[0] != field.held, step
        if step.before is not None:
            assert field.changes([{step.input: step.before}])[0] == field.held, step
    for name, item in plan.inputs.items():
        today = field.value(name)
        if item.type.kind != "number" or today is None:
            continue
        step = next((change.steps[0] for change in answer.changes if change.inputs == (name,) and change.steps[0].value is not None), None)
        reach = 1000.0 if step is None else abs(step.value - today)
        parts = np.unique(np.concatenate([np.linspace(0.0, 1.0, 400), np.geomspace(1e-6, 1.0, 200)]))[:-1]
        tried = np.concatenate([today + reach * parts, today - reach * parts])
        tried = np.unique(np.rint(tried) if item.type.integer else tried)
        tried = tried[(np.abs(tried - today) < reach) & (tried >= item.type.low) & (tried <= item.type.high)]
        tried = tried[np.abs(tried - today) > 1e-11] if field.is_stated(name) else tried  # what is nearer to zero than that counts as zero
        turned = field.points([name], np.zeros(len(tried), dtype=np.int64), tried) != field.held
        assert not turned.any(), (target.text, name, today, step, tried[turned][:3])
