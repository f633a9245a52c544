"""Turn one profile and a target into the smallest changes of inputs after which the target holds, or no longer does."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from engine.feel.arrays import Column
from engine.model.plan import Plan
from engine.outcome.fill import outward
from engine.whatif.field import Field
from engine.whatif.moves import movable, not_to_vary, others, rays
from engine.whatif.pairs import pairs_of
from engine.whatif.result import Change, Outcome, Step, WhatIf, Without, outcomes
from engine.whatif.search import Ray, search, shortest
from engine.whatif.target import Target, read_target

__all__ = ["Change", "Outcome", "Step", "Target", "WhatIf", "Without", "movable", "not_to_vary", "outcomes", "read_target", "whatif"]


def whatif(plan: Plan, columns: Mapping[str, Column], target: Target, vary: Sequence[str] | None = None, pairs: bool = False) -> WhatIf:
    """For each input alone the smallest change that turns the target; with `pairs` also of two inputs together, where that is smaller or neither alone does.

    `columns`: the stated inputs of one profile. `vary`: only these inputs."""
    field = Field(plan, columns, target)
    names = movable(plan, target) if vary is None else list(dict.fromkeys(vary))
    possible = set(movable(plan, target))
    numbers = [name for name in names if plan.inputs[name].type.kind == "number" and name in possible]
    found = {name: rays(plan.inputs[name], field.value(name)) for name in numbers}
    search(field, [ray for each in found.values() for ray in each], not field.held)
    numbers_found = {name: _of_number(field, name, found[name]) for name in numbers}
    words = _of_words(field, [name for name in names if name in possible])
    proved = {name: all(ray.proved for ray in found.get(name, [])) for name in names}
    groups = {name: [*numbers_found.get(name, []), *words.get(name, [])] for name in names}
    changes, without = _told(field, names, groups, proved)
    joint = pairs_of(field, names, found, changes) if pairs else ()
    return WhatIf(target.text, field.held, outcomes(field.today)[0], changes, without, joint)


Group = tuple[Step, ...]  # the nearest change of an input, and others as near


def _of_number(field: Field, name: str, each: list[Ray]) -> list[Group]:
    """The nearest change of a number. Where it has no value today: the least that will do, and the most."""
    today, assumed = field.value(name), not field.is_stated(name)
    turned = [ray for ray in each if ray.far is not None]
    if not turned:
        return []
    if today is not None:
        step = _step(field.plan, min(turned, key=lambda ray: ray.distance))
        return [(replace(step, today=today, assumed=assumed, size=relative(today, step.value)),)]
    steps = [_step(field.plan, ray) for ray in turned if ray.far != ray.start] or [_step(field.plan, turned[0])]
    return [(step,) for step in steps[: 1 if steps[0].value == steps[-1].value else 2]]


def _step(plan: Plan, ray: Ray) -> Step:
    """To where a ray turns the target, by the shortest decimal there."""
    assert ray.near is not None and ray.far is not None
    value = ray.far if ray.integer or ray.near == ray.far else shortest(ray.near, ray.far)
    item = plan.inputs[ray.name].type
    handy = outward(plan, ray.name, value, 1 if ray.end > ray.start else -1)
    return Step(ray.name, None, False, value, None if ray.near == ray.far else ray.near, handy if item.low <= handy <= item.high else value, 1.0)


def relative(today: float, value: float) -> float:
    """How large a change is: against today's value, and from nothing, in units."""
    return abs(value - today) / (abs(today) or 1.0)


def _of_words(field: Field, names: Sequence[str]) -> dict[str, list[Group]]:
    """The fewest words to change, of every input that is no number; and of every input, not to state it."""
    plan = field.plan
    tried: list[tuple[str, int, Any]] = []
    for name in names:
        item = plan.inputs[name]
        stated = field.is_stated(name)
        if item.type.kind != "number":
            tried += [(name, steps, value) for steps, value in others(plan, item, field.value(name), stated)]
        if stated and not item.required:
            tried.append((name, 1, None))
    turned = field.changes([{name: value} for name, _, value in tried]) != field.held
    found: dict[tuple[str, bool], list[Step]] = {}
    for (name, steps, value), other in zip(tried, turned.tolist(), strict=True):
        group = found.setdefault((name, value is None), [])
        if other and (not group or group[0].size == steps):
            group.append(Step(name, field.value(name), not field.is_stated(name), value, None, None, float(steps)))
    return {name: [tuple(found[key]) for key in ((name, False), (name, True)) if found.get(key)] for name in names}


def _told(field: Field, names: Sequence[str], groups: Mapping[str, list[Group]], proved: Mapping[str, bool]) -> tuple[tuple[Change, ...], tuple[Without, ...]]:
    """Every nearest change with what it leads to, and the inputs that have none."""
    plan = field.plan
    without: list[Without] = []
    for name in names:
        if not groups[name]:
            type_ = plan.inputs[name].type
            low, high = (type_.low, type_.high) if type_.kind == "number" else (None, None)
            without.append(Without(name, field.value(name), not field.is_stated(name), low, high, proved[name]))
    chosen = [group for name in names for group in groups[name]]
    if not chosen:
        return (), tuple(without)
    exact = [{group[0].input: group[0].value} for group in chosen]
    near = [{group[0].input: group[0].value if group[0].handy is None else group[0].handy} for group in chosen]
    decisions = field.decide_changes([*exact, *near])
    after = outcomes(decisions)
    does = field.target.holds(decisions)[len(chosen) :] != field.held
    changes = []
    for i, (first, *more) in enumerate(chosen):
        step = first if does[i] else replace(first, handy=first.value)
        changes.append(Change((step,), step.size, after[i], tuple(other.value for other in more), proved[step.input]))
    return tuple(sorted(changes, key=lambda change: (change.size, names.index(change.inputs[0])))), tuple(without)
