"""Turn a goal that the solver leaves open into a profile that refutes it, found by trying many unusual ones at once; or into nothing, which says nothing."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

import numpy as np

from engine.authoring.prove.counterexample import refutes, smaller
from engine.authoring.prove.goals import Goal, Stated
from engine.authoring.prove.solver import SEED
from engine.decide import Decisions, decide
from engine.executors.base import mask
from engine.feel.arrays import Bool, Column, Num, from_values
from engine.feel.tree import Const, subtrees
from engine.model.compile import formulas
from engine.model.plan import Input, Plan
from engine.outcome import parts

BATCH, BATCHES, LOOKED_AT = 1 << 14, 4, 20
UNSTATED, TYPICAL, FROM_MODEL, AT_END = 0.4, 0.3, 0.2, 0.05  # how often an input is left out; a number is small, one of the model's own, at an end
WIDEST_DECADE, SMALLEST_DECADE, TYPICAL_MOST, MOST_CHOSEN = 11.0, -2.0, 300.0, 4


def search(plan: Plan, goal: Goal) -> Stated | None:
    """Profiles that refute the goal, made small."""
    if goal.violated is None:
        return None
    for number in range(BATCHES):
        drawn, decided = {}, {}
        for place, name in enumerate(goal.profiles):
            drawn[name], decided[name] = _batch(plan, number, place)
        if goal.like is not None:
            same = {id_: values for id_, values in drawn[goal.like.first].items() if id_ not in goal.like.except_}
            drawn[goal.like.second] = drawn[goal.like.second] | same
            decided[goal.like.second] = _decided(plan, drawn[goal.like.second])
        try:
            found = goal.violated(decided)
        except KeyError:  # it asks for a fact of staffing that the model itself has no use for
            return None
        for row in np.flatnonzero(found)[:LOOKED_AT].tolist():
            profiles = {name: {id_: values[row] for id_, values in rows.items() if values[row] is not None} for name, rows in drawn.items()}
            if refutes(plan, goal, profiles):
                return smaller(plan, goal, profiles)
    return None


@lru_cache(maxsize=2 * BATCHES)
def _batch(plan: Plan, number: int, place: int) -> tuple[dict[str, list[Any]], Decisions]:
    """The same unusual profiles for every goal, decided once."""
    rows = unusual(plan, BATCH, np.random.default_rng([SEED, number, place]))
    return rows, _decided(plan, rows)


def _decided(plan: Plan, rows: Mapping[str, list[Any]]) -> Decisions:
    columns = {id_: from_values(values, plan.inputs[id_].type.kind, plan.inputs[id_].type.values, None) for id_, values in rows.items()}
    return decide(plan, columns, BATCH)


def column(decisions: Decisions, name: str) -> Column:
    """A name of one profile, as properties know them, for the batch. KeyError where staffing has not computed it."""
    area, _, rest = name.partition(".")
    structures = list(decisions.plan.structures)
    if area == "eligible":
        return Bool(decisions.judged.eligible[structures.index(rest)])
    if area == "weight":
        return decisions.staffing.reader.read(decisions.plan.criteria[rest].weight.tree)
    if area == "staffing" and rest.count("."):
        structure, _, fact = rest.partition(".")
        values = decisions.staffing.facts[f"staffing.{fact}"].values
        return Num(np.broadcast_to(values, decisions.scores.shape)[structures.index(structure)])
    return parts.column_of(decisions, name)


def not_true(found: Column, size: int) -> np.ndarray:
    return ~mask(found.true, size) if isinstance(found, Bool) else np.ones(size, dtype=bool)


# -- profiles


def unusual(plan: Plan, size: int, generator: np.random.Generator) -> dict[str, list[Any]]:
    """Profiles drawn from all that the declared types allow, with a liking for ends and for the model's own numbers and texts."""
    numbers = np.array([parameter.value for parameter in plan.parameters.values()] or [1.0])
    trees = (tree for formula in formulas(plan) for tree in subtrees(formula.tree))
    texts = sorted({tree.value for tree in trees if isinstance(tree, Const) and isinstance(tree.value, str)}) or ["text"]
    drawn = {}
    for id_, item in plan.inputs.items():
        values = _values(item, size, generator, numbers, texts)
        left_out = generator.random(size) < (0 if item.required else UNSTATED)
        drawn[id_] = [None if out else value for out, value in zip(left_out.tolist(), values, strict=True)]
    return drawn


def _values(item: Input, size: int, generator: np.random.Generator, numbers: np.ndarray, texts: list[str]) -> list[Any]:
    type_ = item.type
    match type_.kind:
        case "number":
            return _numbers(item, size, generator, numbers)
        case "boolean":
            return [bool(bit) for bit in generator.integers(0, 2, size)]
        case "string":
            words = list(type_.values or texts)
            return [words[i] for i in generator.integers(0, len(words), size)]
    words = list(type_.values or ())
    order = np.argsort(generator.random((size, len(words))), axis=1).tolist()
    counts = generator.integers(0, min(len(words), MOST_CHOSEN) + 1, size).tolist()
    rows = [row[:count] if type_.kind == "ranking" else sorted(row[:count]) for row, count in zip(order, counts, strict=True)]
    return [tuple(words[i] for i in row) for row in rows]


def _numbers(item: Input, size: int, generator: np.random.Generator, numbers: np.ndarray) -> list[float]:
    low, high = item.type.low, item.type.high
    kind = generator.random(size)
    wide = 10.0 ** generator.uniform(SMALLEST_DECADE, min(WIDEST_DECADE, np.log10(max(high, 10.0))), size)
    if low < 0:
        wide = wide * generator.choice([-1.0, 1.0], size)
    steps = (TYPICAL, TYPICAL + FROM_MODEL, TYPICAL + FROM_MODEL + AT_END)
    at_end = generator.choice([low, high], size)
    choices = [generator.uniform(max(low, -TYPICAL_MOST), min(high, TYPICAL_MOST), size), generator.choice(numbers, size), at_end]
    values = np.select([kind < step for step in steps], choices, wide)
    values = np.clip(np.round(values) if item.type.integer else values, low, high)
    inner = low + min(1.0, (high - low) / 2)
    values = np.where((item.low_open & (values <= low)) | (item.high_open & (values >= high)), inner, values)
    return [float(value) for value in values]
