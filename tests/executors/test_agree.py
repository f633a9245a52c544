"""Generated models and profiles: every executor and the scalar reference agree with the columnar decision, cell by cell, bit for bit, and what must not matter
does not: the order of rows, how a batch is cut, the order of rules and files."""

from __future__ import annotations

import random
from typing import Any

import numpy as np
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from engine.cross_check import cross_check
from engine.decide import decide
from engine.feel.arrays import to_values
from engine.model.plan import Plan
from engine.scoring.scalar import reference
from tests.executors.models import KINDS, Files, Model, Row, columns, load, models

SLOW = settings.get_current_profile_name() == "slow"
CHECKS = [HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much]


def law(examples: int) -> settings:
    return settings(max_examples=examples * (50 if SLOW else 1), deadline=None, suppress_health_check=CHECKS)


@law(100)
@given(models(), st.data())
def test_every_way_of_deciding_gives_the_same_cells(model: Model, data: Any) -> None:
    plan = load(model.files)
    rows = data.draw(model.rows())
    assert cross_check(plan, columns(plan, rows), len(rows)) == []


@law(30)
@given(models(), st.data())
def test_a_profile_does_not_depend_on_its_batch(model: Model, data: Any) -> None:
    plan = load(model.files)
    rows = data.draw(model.rows())
    together = answers(plan, rows)
    assert answers(plan, rows[::-1]) == together[::-1]
    cut = data.draw(st.integers(0, len(rows)))
    assert answers(plan, rows[:cut]) + answers(plan, rows[cut:]) == together
    assert answers(plan, rows * 3) == together * 3


@law(30)
@given(models(), st.data())
def test_the_order_of_rules_and_files_does_not_matter(model: Model, data: Any) -> None:
    plan, other = load(model.files), load(shuffled(model.files, data.draw(st.randoms(use_true_random=False))))
    rows = data.draw(model.rows(5))
    assert other.digest == plan.digest
    assert answers(other, rows) == answers(plan, rows)
    assert cross_check(other, columns(other, rows), len(rows)) == []


@law(20)
@given(models(), st.data())
def test_the_first_places_are_those_of_the_whole_ranking(model: Model, data: Any) -> None:
    plan = load(model.files)
    rows = data.draw(model.rows())
    whole = decide(plan, columns(plan, rows), len(rows), depth=len(plan.structures)).ranked
    for depth in range(2, len(plan.structures)):
        ranked = decide(plan, columns(plan, rows), len(rows), depth=depth).ranked
        assert np.array_equal(ranked.order, whole.order[:depth]) and np.array_equal(ranked.margin, whole.margin, equal_nan=True)


@law(10)
@given(models(), st.data())
def test_a_sample_of_rows_can_be_checked(model: Model, data: Any) -> None:
    plan = load(model.files)
    rows = data.draw(model.rows())
    chosen = data.draw(st.lists(st.integers(0, len(rows) - 1), unique=True, min_size=1))
    assert cross_check(plan, columns(plan, rows), len(rows), rows=chosen) == []


@law(20)
@given(models(), st.data())
def test_the_reference_of_one_profile_is_the_decision_of_a_batch_of_one(model: Model, data: Any) -> None:
    plan = load(model.files)
    row = data.draw(model.rows(1))[0]
    found, (batch,) = reference(plan, row), answers(plan, [row])
    if "conflicts" not in batch:
        assert [found["order"], found["margin"], list(found["scores"].values())] == [batch["order"], batch["margin"], batch["scores"]]
        assert {id_ for id_, said in found["notes"].items() if said} == batch["notes"]
        assert found["values"] == batch["values"]


def answers(plan: Plan, rows: list[Row]) -> list[dict[str, Any]]:
    """Everything that a batch says of each row, as plain values; of a row in conflict only why."""
    n = len(rows)
    if not n:
        return []
    made = decide(plan, columns(plan, rows), n, depth=len(plan.structures))
    conflicts: list[set[tuple[Any, ...]]] = [set() for _ in rows]
    for conflict in made.conflicts:
        said = conflict.diagnostic
        conflicts[conflict.row].add((said.code, *sorted((key, value) for key, value in said.values.items() if key != "profile")))
    values = {name: to_values(made.activations.columns[name], n) for name in plan.order if not name.startswith("rule:")}
    return [
        {"conflicts": conflicts[row]}
        if conflicts[row]
        else {
            "values": {name: column[row] for name, column in values.items()},
            "fired": {id_ for id_, mask in made.activations.fired.items() if mask[row]},
            "assumed": {id_ for id_, mask in made.activations.assumed.items() if mask[row]},
            "staffing": {name: fact.values[:, row].tolist() for name, fact in made.staffing.facts.items()},
            "scores": made.scores[:, row].tolist(),
            "order": [list(plan.structures)[k] for k in made.ranked.order[:, row]],
            "margin": None if np.isnan(made.ranked.margin[row]) else float(made.ranked.margin[row]),
            "notes": {id_ for id_, mask in made.notes.items() if mask[row]},
        }
        for row in range(n)
    ]


def shuffled(files: Files, chance: random.Random) -> Files:
    """The same model with its entries in another order, each kind in two files."""
    found = dict(files)
    for kind in set(KINDS) - {"placement"}:
        entries = list(files[kind].items() if isinstance(files[kind], dict) else files[kind])
        chance.shuffle(entries)
        cut = chance.randint(0, len(entries))
        parts = [part for part in (entries[:cut], entries[cut:]) if part]
        found[kind] = tuple(dict(part) if isinstance(files[kind], dict) else part for part in parts)
    return found
