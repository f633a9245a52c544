"""Turn what single inputs come to into the smallest joint change of two: candidates of each are tried together, the best is then settled exactly."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import combinations

import numpy as np

from engine.decide import Decisions
from engine.feel.arrays import Bool
from engine.whatif.breaks import breaks
from engine.whatif.field import Field
from engine.whatif.moves import others
from engine.whatif.result import Change, Step, outcomes
from engine.whatif.search import Ray, search, shortest

LADDER = (0.01, 0.02, 0.05, 0.1, 0.15, 0.2, 0.3, 0.4, 0.5, 0.65, 0.8, 1.0, 1.5, 2.0, 3.0)  # relative changes that are tried
NEAREST = 12  # breakpoints of one input in one direction
ROWS = 60_000  # of one batch


def pairs_of(field: Field, names: Sequence[str], rays: Mapping[str, list[Ray]], changes: Sequence[Change]) -> tuple[Change, ...]:
    """For every two inputs the smallest joint change that turns the target, where it is smaller than what either alone takes. The size of a joint change is
    the sum of both sizes. It is the least among the candidates, settled exactly for either input while the other stays; a smaller one off them is possible."""
    alone = {name: min((change.size for change in changes if change.inputs == (name,)), default=math.inf) for name in names}
    tried = {name: found for name in names if (found := _candidates(field, name, rays.get(name, []), alone[name]))}
    best = _best_of(field, tried, alone)
    settled = (_settled(field, rays, a, b) for a, b in best.values())
    exact = [(a, b) for a, b in settled if a.size + b.size < min(alone[a.input], alone[b.input])]
    if not exact:
        return ()
    decisions = field.decide_changes([{step.input: step.value for step in both} for both in exact])
    turned = field.target.holds(decisions) != field.held
    told = zip(exact, outcomes(decisions), turned.tolist(), strict=True)
    joint = [Change((a, b), a.size + b.size, after, (), False) for (a, b), after, ok in told if ok]
    return tuple(sorted(joint, key=lambda change: (change.size, change.inputs)))


# -- candidates


def _candidates(field: Field, name: str, rays: Sequence[Ray], alone: float) -> list[Step]:
    """Other values of an input, each smaller a change than what alone turns the target."""
    plan, today, assumed = field.plan, field.value(name), not field.is_stated(name)
    item = plan.inputs[name]
    if item.type.kind != "number":
        return [Step(name, today, assumed, value, None, None, float(n)) for n, value in others(plan, item, today, not assumed) if n == 1 and n < alone]
    if today is None:
        return []
    values = [float(round(x)) if item.type.integer else x for x in _rungs(today, rays)] + _breakpoints(field, rays)
    found = {value: abs(value - today) / (abs(today) or 1.0) for value in values if value != today}
    return [Step(name, today, assumed, value, None, None, size) for value, size in found.items() if size < alone]


def _rungs(today: float, rays: Sequence[Ray]) -> list[float]:
    found = []
    for ray in rays:
        sign = math.copysign(1.0, ray.end - today)
        length = abs(ray.end - today)
        sizes = [part * (abs(today) or 1.0) for part in LADDER] if today else [10.0**power for power in range(7)]
        found += [today + sign * size for size in sizes if size <= length]
    return found


def _breakpoints(field: Field, rays: Sequence[Ray]) -> list[float]:
    """Where, as this input alone moves, roles, eligibility, tiers, the recommended structure or a yes-or-no decision change: the nearest."""
    found: list[float] = []
    for ray in rays:
        reach = min(abs(ray.end - ray.start), 3.0 * (abs(ray.start) or 1e3))
        if not reach:
            continue
        ends = ray.start + math.copysign(1.0, ray.end - ray.start) * reach * (np.arange(97) / 96)
        points = np.unique(np.rint(ends)) if ray.integer else np.sort(ends)
        points = points if ray.end > ray.start else points[::-1]

        def look(_: np.ndarray, values: np.ndarray, name: str = ray.name) -> np.ndarray:
            return _seen(field.decided_at(name, values))

        near = breaks(look, [points], [ray.integer], finest=1e-9, most=4000)
        near.sort(key=lambda item: abs(item.far - ray.start))
        found += [item.far if ray.integer else shortest(item.near, item.far) for item in near[:NEAREST]]
    return found


def _seen(decisions: Decisions) -> np.ndarray:
    """(S, N) what a breakpoint is a change of."""
    columns = [column.true for column in decisions.activations.columns.values() if isinstance(column, Bool)]
    parts = [decisions.judged.eligible, decisions.ranked.tier, decisions.ranked.order[:1], *(np.broadcast_to(mask, (1, decisions.size)) for mask in columns)]
    return np.concatenate([np.asarray(part, dtype=np.int64) for part in parts])


# -- together


def _best_of(field: Field, tried: Mapping[str, list[Step]], alone: Mapping[str, float]) -> dict[tuple[str, str], tuple[Step, Step]]:
    """Of each pair of inputs the smallest candidates that together turn the target."""
    rows: list[tuple[Step, Step]] = []
    for a, b in combinations(tried, 2):
        bound = min(alone[a], alone[b])
        rows += [(first, second) for first in tried[a] for second in tried[b] if first.size + second.size < bound]
    best: dict[tuple[str, str], tuple[Step, Step]] = {}
    for start in range(0, len(rows), ROWS):
        part = rows[start : start + ROWS]
        turned = field.changes([{first.input: first.value, second.input: second.value} for first, second in part]) != field.held
        for (first, second), ok in zip(part, turned.tolist(), strict=True):
            known = best.get((first.input, second.input))
            if ok and (known is None or first.size + second.size < known[0].size + known[1].size):
                best[first.input, second.input] = (first, second)
    return best


def _settled(field: Field, rays: Mapping[str, list[Ray]], a: Step, b: Step) -> tuple[Step, Step]:
    """Either number moved as near to today's value as it may be while the other stays; the second first."""
    second = _nearest(field, rays, b, a)
    first = _nearest(field, rays, a, second)
    return first, second


def _nearest(field: Field, rays: Mapping[str, list[Ray]], step: Step, other: Step) -> Step:
    if not isinstance(step.value, float) or step.input not in rays:
        return step
    integer = field.plan.inputs[step.input].type.integer
    ray = Ray(step.input, step.today, step.value, integer)
    search(field, [ray], not field.held, {other.input: other.value})
    if ray.far is None or ray.near is None:
        return step
    value = ray.far if integer or ray.near == ray.far else shortest(ray.near, ray.far)
    return replace(step, value=value, before=ray.near, size=abs(value - step.today) / (abs(step.today) or 1.0))
