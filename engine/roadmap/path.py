"""Turn one organisation and the values of an input that grows into the stages of its recommended team, merged where nothing that is seen changes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import lru_cache
from typing import Any

import numpy as np

from engine.executors.stages import trees
from engine.feel.arrays import Column
from engine.feel.tree import Const, Op, Ref, subtrees
from engine.model.plan import Plan
from engine.roadmap.team import active_roles, seen
from engine.staffing.current import current, hires
from engine.whatif.breaks import breaks
from engine.whatif.field import Field
from engine.whatif.result import Outcome, outcomes
from engine.whatif.search import shortest
from engine.whatif.target import Target, read_target

FIRST_LOOK, PARTS, ROUNDS = 192, 6, 6
MOST = 4000  # stretches that are cut in one round
FINEST = 1e-6  # of the value: a stretch so narrow is known by its ends


@dataclass(frozen=True, slots=True)
class Gain:
    """People of one post, more (or, below 0, fewer) than at the stage before; `engaged` as in the model."""

    post: str
    roles: tuple[str, ...]
    people: float
    engaged: str


@dataclass(frozen=True, slots=True)
class Stage:
    """From `at` on. `gains`: against the stage before, post by post where the structure stays; all posts where it is another. `hires`: people to hire from the
    staff of today, where that is stated."""

    at: float
    after: Outcome
    gains: tuple[Gain, ...]
    roles_came: tuple[str, ...]
    roles_went: tuple[str, ...]
    new_structure: bool
    hires: float | None


@dataclass(frozen=True, slots=True)
class Roadmap:
    """`along` moves from `low` to `high`; the first stage is at `low`. `proved`: whether it is known that no change between was missed."""

    along: str
    today: Any
    assumed: bool
    low: float
    high: float
    stages: tuple[Stage, ...]
    proved: bool

    @property
    def data(self) -> dict[str, Any]:
        return asdict(self)


def reach(plan: Plan, columns: Mapping[str, Column], along: str) -> tuple[float, float]:
    """From where to where an input moves when nobody says: from today's value to four times as much, for the budget at least to what the team would cost
    without one and half as much again, for any other at least to twice the largest number that the rules compare it with."""
    field = Field(plan, columns, _anything(plan))
    type_ = plan.inputs[along].type
    today = field.value(along)
    high = 4.0 * (today or 0.0)
    if along == plan.settings.budget:
        cash = outcomes(field.decide_changes([{along: None}]))[0].cash_month
        high = max(high, 1.5 * cash)
    else:
        high = max(high, 2.0 * max(_compared_with(plan, along), default=0.0))
    low = max(type_.low, today if today is not None and today > 0 else 0.0)
    return low, min(type_.high, max(high, low + 10.0))


@lru_cache(maxsize=64)
def _compared_with(plan: Plan, name: str) -> tuple[float, ...]:
    """The constants and parameters that conditions compare an input with."""
    found: set[float] = set()
    comparisons = (
        part
        for other in plan.order
        if not other.endswith(".active")
        for tree in trees(plan, other)
        for part in subtrees(tree)
        if isinstance(part, Op) and any(isinstance(arg, Ref) and arg.name == name for arg in part.args)
    )
    for part in comparisons:
        for arg in part.args if part.type.kind == "boolean" else ():
            if isinstance(arg, Const) and isinstance(arg.value, float):
                found.add(arg.value)
            elif isinstance(arg, Ref) and arg.name in plan.parameters:
                found.add(plan.parameters[arg.name].value)
    return tuple(sorted(found))


def roadmap(plan: Plan, columns: Mapping[str, Column], along: str, low: float, high: float) -> Roadmap:
    """Every stage from `low` to `high`."""
    field = Field(plan, columns, _anything(plan))
    integer = plan.inputs[along].type.integer

    def look(_: np.ndarray, values: np.ndarray) -> np.ndarray:
        return seen(field.decided_at(along, values))

    points = np.linspace(low, high, FIRST_LOOK)
    if low > 0 and high > 8 * low:
        points = np.union1d(points, np.geomspace(low, high, FIRST_LOOK))
    points, proved = _points(field, along, np.unique(np.rint(points)) if integer else points, integer)
    found = breaks(look, [points], [integer], finest=1e-12)
    starts = [low, *(item.far if integer else shortest(item.near, item.far) for item in found)]
    return Roadmap(along, field.value(along), not field.is_stated(along), low, high, stages(field, along, starts), proved)


def _points(field: Field, along: str, points: np.ndarray, integer: bool) -> tuple[np.ndarray, bool]:
    """Points such that between two neighbours that show the same team nothing changes; and whether that is known of all."""
    known: set[tuple[float, float]] = set()
    for _ in range(ROUNDS):
        view = seen(field.decided_at(along, points))
        same = (view[:, 1:] == view[:, :-1]).all(axis=0)
        wide = points[1:] - points[:-1] > (1.0 if integer else FINEST * np.maximum(np.abs(points[1:]), 1e-9))
        pairs = [(a, b) for a, b, open_ in zip(points[:-1].tolist(), points[1:].tolist(), (same & wide).tolist(), strict=True) if open_ and (a, b) not in known]
        if not pairs:
            return points, True
        low, high = np.array(pairs).T
        calm = field.still(along, low, high)
        known |= {pair for pair, done in zip(pairs, calm.tolist(), strict=True) if done}
        left = [pair for pair, done in zip(pairs, calm.tolist(), strict=True) if not done]
        if not left:
            return points, True
        if len(left) > MOST:
            break
        inner = np.concatenate([a + (b - a) * np.arange(1, PARTS) / PARTS for a, b in left])
        points = np.union1d(points, np.rint(inner) if integer else inner)
    return points, False


def stages(field: Field, along: str, values: Sequence[float]) -> tuple[Stage, ...]:
    """The team at each of some values, with what it gains over the one before."""
    decisions = field.decided_at(along, np.array(values))
    plan, after = field.plan, outcomes(decisions)
    roles = active_roles(decisions)
    now = current(decisions.staffing)
    found: list[Stage] = []
    for i, at in enumerate(values):
        k = int(decisions.winner[i])
        people = _people(decisions, k, i)
        before = int(decisions.winner[i - 1]) if i else k
        old = _people(decisions, k, i - 1) if i and before == k else {}
        gains = []
        if k >= 0:
            for post in list(plan.structures.values())[k].posts:
                more = people[post.id] - old.get(post.id, 0.0)
                if abs(more) > 1e-9:
                    gains.append(Gain(post.id, tuple(r for r in post.covers if r in after[i].roles), more, post.engaged))
        came = tuple(id_ for r, id_ in enumerate(plan.roles) if i and roles[r, i] and not roles[r, i - 1])
        went = tuple(id_ for r, id_ in enumerate(plan.roles) if i and roles[r, i - 1] and not roles[r, i])
        need = float(hires(decisions.staffing, now, k)[i]) if k >= 0 and now.stated[i] else None
        found.append(Stage(float(at), after[i], tuple(gains), came, went, i == 0 or before != k, need))
    return tuple(found)


def _people(decisions: Any, k: int, i: int) -> dict[str, float]:
    if k < 0:
        return {}
    posts = list(decisions.plan.structures.values())[k].posts
    return {post.id: float(np.broadcast_to(people, (decisions.size,))[i]) for post, people in zip(posts, decisions.staffing.posts[k].people, strict=True)}


def plan_for(plan: Plan, columns: Mapping[str, Column], along: str, values: Sequence[float]) -> tuple[Stage, ...]:
    """The team at each step of a given path, with what it gains over the step before."""
    return stages(Field(plan, columns, _anything(plan)), along, values)


def _anything(plan: Plan) -> Target:
    target, _ = read_target(plan, "staffing.people >= 0")
    assert target is not None
    return target
