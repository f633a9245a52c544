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
from engine.whatif.search import Ray, neighbours, shortest

LADDER = (0.01, 0.02, 0.05, 0.1, 0.15, 0.2, 0.3, 0.4, 0.5, 0.65, 0.8, 1.0, 1.5, 2.0, 3.0)  # relative changes that are tried
NEAREST = 12  # breakpoints of one input in one direction
ROWS = 60_000  # of one batch
LOOKS, MOST = 96, 20_000  # points of a ray that are looked at first, and of all in all
SECTIONS = 32  # into which what is left of a number's way is cut
NOTHING = 1e-9  # what is smaller counts as zero


def pairs_of(field: Field, names: Sequence[str], rays: Mapping[str, list[Ray]], changes: Sequence[Change]) -> tuple[Change, ...]:
    """For every two inputs the smallest joint change that turns the target, where it is smaller than what either alone takes. The size of a joint change is
    the sum of both sizes. It is the least among the candidates, then settled to neighbours for either number while the other stays; a smaller one off the
    candidates is possible."""
    alone = {name: min((change.size for change in changes if change.inputs == (name,)), default=math.inf) for name in names}
    marks = _breakpoints(field, [ray for name in names for ray in rays.get(name, []) if not ray.apart])
    tried = {name: found for name in names if (found := _candidates(field, name, rays.get(name, []), marks.get(name, []), alone[name]))}
    both = list(_best_of(field, tried, alone).values())
    for place in (1, 0):
        both = _settled(field, both, place)
    exact = [(a, b) for a, b in both if a.size + b.size < min(alone[a.input], alone[b.input])]
    if not exact:
        return ()
    decisions = field.decide_changes([{step.input: step.value for step in pair} for pair in exact])
    told = zip(exact, outcomes(decisions), (field.target.holds(decisions) != field.held).tolist(), strict=True)
    joint = [Change((a, b), a.size + b.size, after, (), False) for (a, b), after, ok in told if ok]
    return tuple(sorted(joint, key=lambda change: (change.size, change.inputs)))


# -- candidates


def _candidates(field: Field, name: str, rays: Sequence[Ray], marks: Sequence[float], alone: float) -> list[Step]:
    """Other values of an input, each smaller a change than what alone turns the target."""
    plan, today, assumed = field.plan, field.value(name), not field.is_stated(name)
    item = plan.inputs[name]
    if item.type.kind != "number":
        return [Step(name, today, assumed, value, None, None, float(n)) for n, value in others(plan, item, today, not assumed) if n == 1 and n < alone]
    if today is None:
        return []
    values = [float(round(x)) if item.type.integer else x for x in _rungs(today, rays)] + list(marks)
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


def _breakpoints(field: Field, rays: Sequence[Ray]) -> dict[str, list[float]]:
    """Where, as one input alone moves, roles, eligibility, tiers, the recommended structure or a yes-or-no decision change: the nearest of each ray."""
    names = tuple(dict.fromkeys(ray.name for ray in rays))
    which = np.array([names.index(ray.name) for ray in rays], dtype=np.int64)
    points = []
    for ray in rays:
        reach = min(abs(ray.end - ray.start), 3.0 * (abs(ray.start) or 1e3))
        values = ray.start + math.copysign(1.0, ray.end - ray.start) * reach * (np.arange(LOOKS + 1) / LOOKS)
        points.append(np.array(list(dict.fromkeys((np.rint(values) if ray.integer else values).tolist()))))
    near = breaks(lambda lines, values: _seen(field.decided_on(names, which[lines], values)), points, [ray.integer for ray in rays], finest=1e-6, most=MOST)
    found: dict[str, list[float]] = {}
    for i, ray in enumerate(rays):
        mine = sorted((item for item in near if item.line == i), key=lambda item: abs(item.far - ray.start))
        found.setdefault(ray.name, []).extend(item.far for item in mine[:NEAREST])
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


def _settled(field: Field, pairs: list[tuple[Step, Step]], place: int) -> list[tuple[Step, Step]]:
    """One number of each pair as near to today's value as it may be while the other input stays: of all pairs together, cut by cut, to neighbours."""
    integer = {pair[place].input: field.plan.inputs[pair[place].input].type.integer for pair in pairs}
    ends = {i: (pair[place].today, pair[place].value) for i, pair in enumerate(pairs) if isinstance(pair[place].value, float)}
    open_ = dict(ends)
    while open_ := {i: ends[i] for i in open_ if not neighbours(*ends[i], integer[pairs[i][place].input]) and max(map(abs, ends[i])) > NOTHING}:
        cuts = {i: _inner(*end, integer[pairs[i][place].input]) for i, end in open_.items()}
        asked = [(i, value) for i, cut in cuts.items() for value in cut]
        turned = field.changes([{pairs[i][1 - place].input: pairs[i][1 - place].value, pairs[i][place].input: value} for i, value in asked]) != field.held
        answers = dict(zip(asked, turned.tolist(), strict=True))
        for i, cut in cuts.items():
            near, far = ends[i]
            first = next((value for value in cut if answers[i, value]), far)
            before = [value for value in cut if abs(value - near) < abs(first - near)]
            ends[i] = (before[-1] if before else near, first)
    found = list(pairs)
    for i, (near, far) in ends.items():
        step = pairs[i][place]
        value = far if integer[step.input] or near == far else shortest(near, far)
        moved = replace(step, value=value, before=near, size=abs(value - step.today) / (abs(step.today) or 1.0))
        found[i] = (moved, pairs[i][1]) if place == 0 else (pairs[i][0], moved)
    return found


def _inner(near: float, far: float, integer: bool) -> list[float]:
    values = near + (far - near) * (np.arange(1, SECTIONS) / SECTIONS)
    low, high = min(near, far), max(near, far)
    kept = [value for value in dict.fromkeys((np.rint(values) if integer else values).tolist()) if low < value < high]
    return kept or ([] if integer else [math.nextafter(near, far)])
