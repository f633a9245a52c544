"""One organisation with inputs that move: where a target holds when they take values, and where it surely does or does not while they lie within bounds."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np

from engine.decide import Decisions, decide
from engine.feel.arrays import Bool, Column, Num, Str, from_values, mapped, null_of, to_values
from engine.feel.tree import refs
from engine.model.compile import formulas
from engine.model.plan import Plan
from engine.scoring.ranking import AFFORDABLE, OVER_BUDGET
from engine.whatif import ranges
from engine.whatif.enclosure import Bounds, Enclosure, Looks, Memory
from engine.whatif.posts import SLACK
from engine.whatif.ranges import FARTHEST, Maybe, Range, Value, Whole, choose, constant
from engine.whatif.target import RECOMMENDED, Target
from engine.whatif.team import Judged, Team

LOOKS = (0.0, 0.24, 0.51, 0.77, 1.0)  # where narrow boxes are looked into


@dataclass(frozen=True, slots=True)
class Boxes:
    """N boxes: in the i-th, the input at `which[i]` of `names` lies from `low[i]` to `high[i]`, both ends included."""

    names: tuple[str, ...]
    which: np.ndarray
    low: np.ndarray
    high: np.ndarray


@lru_cache(maxsize=8)
def _team_facts(plan: Plan) -> frozenset[str]:
    """The staffing facts that the ranking takes."""
    parts: tuple[Any, ...] = (*plan.structures.values(), *plan.criteria.values(), plan.settings)
    used = {name for part in parts for formula in formulas(part) for name in refs(formula.tree) if name.startswith("staffing.")}
    return frozenset({*used, "staffing.cash_month", "staffing.heads"})


class Field:
    """One profile and one target. `columns`: the stated inputs, of one row."""

    def __init__(self, plan: Plan, columns: Mapping[str, Column], target: Target) -> None:
        self.plan, self.target = plan, target
        self.one = {name: columns[name] for name in plan.inputs if name in columns}
        self.stated = {name: _scalar(column) for name, column in self.one.items()}
        self.today = decide(plan, self.one, 1, depth=len(plan.structures), facts=target.facts)
        self.held = bool(target.holds(self.today)[0])
        self.memories: dict[frozenset[str], tuple[Memory, Memory]] = {}
        self.rows = 0  # decided so far

    def value(self, name: str) -> Any:
        """An input as it is today, stated or assumed."""
        return to_values(self.today.activations.columns[name], 1)[0]

    def is_stated(self, name: str) -> bool:
        column = self.one.get(name)
        return column is not None and to_values(column, 1)[0] is not None

    # -- points

    def points(self, names: Sequence[str], which: np.ndarray, values: np.ndarray) -> np.ndarray:
        """(N,) whether the target holds when in row i the input at `which[i]` of `names` has `values[i]`."""
        return self.target.holds(self.decided_on(names, which, values))

    def decided_on(self, names: Sequence[str], which: np.ndarray, values: np.ndarray) -> Decisions:
        """The decisions when in row i the input at `which[i]` of `names` has `values[i]`."""
        changed: dict[str, Column] = {name: self.moved(name, which == i, values) for i, name in enumerate(names)}
        return self.decided({**self.stated, **changed}, len(values))

    def decided_at(self, name: str, values: np.ndarray) -> Decisions:
        """The decisions when one input has each of some values."""
        return self.decided({**self.stated, name: Num(np.asarray(values, dtype=np.float64))}, len(values))

    def moved(self, name: str, rows: np.ndarray, values: np.ndarray) -> Num:
        """A number that is `values` in some rows and the profile's in the others."""
        base = self.stated.get(name)
        assert base is None or isinstance(base, Num)
        null = np.bool_(True) if base is None else null_of(base)
        gone = ~rows & np.bool_(False if null is None else null)
        return Num(np.where(rows, values, 0.0 if base is None else base.values), gone if gone.any() else None)

    def changes(self, changes: Sequence[Mapping[str, Any]]) -> np.ndarray:
        """(N,) whether the target holds with each of some changes: input -> value, None for not stated."""
        return self.target.holds(self.decide_changes(changes)) if changes else np.zeros(0, dtype=bool)

    def decide_changes(self, changes: Sequence[Mapping[str, Any]]) -> Decisions:
        columns: dict[str, Column] = dict(self.stated)
        for name in {name for change in changes for name in change}:
            own = to_values(self.one[name], 1)[0] if name in self.one else None
            columns[name] = _column(self.plan, name, [change.get(name, own) for change in changes])
        return self.decided(columns, len(changes))

    def decided(self, columns: Mapping[str, Column], size: int) -> Decisions:
        self.rows += size
        return decide(self.plan, columns, size, facts=self.target.facts)

    # -- boxes

    def settled(self, boxes: Boxes, narrow: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """(N,) each: whether the target holds, and whether it does not, wherever in the box the input lies. `narrow`: boxes that are looked into."""
        n = len(boxes.which)
        all_, looks = _with_looks(boxes, narrow)
        size = len(all_.which)
        with np.errstate(all="ignore"):
            own, its = self.memory(frozenset(boxes.names))
            stated: dict[str, Value] = {}
            for i, name in enumerate(boxes.names):
                rows = all_.which == i
                low, high = self.moved(name, rows, all_.low), self.moved(name, rows, all_.high)
                stated[name] = Range(low.values, high.values, low.null, low.null)
            inner = Enclosure(own, stated, looks)
            found = self.with_team(inner, its, size) if self.target.of_team else Bounds(its, inner.value, looks, inner.rough).truth(self.target.tree)
            return np.broadcast_to(found.sure, (size,))[:n], np.broadcast_to(~found.can, (size,))[:n]

    def still(self, name: str, low: np.ndarray, high: np.ndarray) -> np.ndarray:
        """(N,) whether one structure surely stays recommended from `low` to `high` of an input, with the people of each post and the roles as they are."""
        n = len(low)
        narrow = high - low <= 0.1 * np.maximum(np.abs(low), np.abs(high))
        boxes, looks = _with_looks(Boxes((name,), np.zeros(n, dtype=np.int64), low, high), narrow)
        size = len(boxes.which)
        with np.errstate(all="ignore"):
            inner = Enclosure(self.memory(frozenset({name}))[0], {name: Range(boxes.low, boxes.high)}, looks)
            team = Team(inner, _team_facts(self.plan), size)
            judged = team.judged()
            first = judged.first()
            calm = np.array(first.sum(axis=0) == 1)
            for k, posts in enumerate(team.posts):
                fixed = judged.sure[k] | ~judged.can[k]
                for people in posts.people:
                    fixed = fixed & (people.low == people.high)
                calm &= np.broadcast_to(fixed | ~first[k], (size,))
            for role in self.plan.roles:
                calm &= ~np.broadcast_to(inner.truth(f"role.{role}.active").open, (size,))
        return calm[:n]

    def memory(self, moving: frozenset[str]) -> tuple[Memory, Memory]:
        """What does not move, for the model's own trees and for the target's."""
        if moving not in self.memories:
            columns = {name: _scalar(column) for name, column in self.today.activations.columns.items()}
            columns |= {f"stated.{name}": column for name, column in self.stated.items()}
            columns |= {f"assumed.{name}": Bool(np.bool_(found[0])) for name, found in self.today.activations.assumed.items()}
            both = [Memory(self.plan, moving, columns, self.today.staffing.staffer) for _ in range(2)]
            self.memories[moving] = (both[0], both[1])
        return self.memories[moving]

    def with_team(self, inner: Enclosure, memory: Memory, n: int) -> Maybe:
        team = Team(inner, _team_facts(self.plan) | self.target.facts, n)
        judged = team.judged()
        first = judged.first()
        found = Bounds(memory, lambda name: _of_recommended(name, team, judged), inner.looks, team.rough).truth(self.target.tree)
        shape = first.shape
        can, sure = np.broadcast_to(found.can, shape), np.broadcast_to(found.sure, shape)
        return Maybe((first & can).any(axis=0), (first & ~sure).any(axis=0))


def _of_recommended(name: str, team: Team, judged: Judged) -> Value:
    """A name as a target sees it if the structure of each row of (K, N) were listed first."""
    if name == RECOMMENDED:
        ids = tuple(team.plan.structures)
        codes = np.where(judged.can, np.array(team.kept)[:, None], -1)
        return Whole(Str(codes, ids), judged.can & ~judged.sure)
    if not name.startswith("ranking."):
        return team.value(name)
    eligible = Maybe(judged.can, ~judged.sure)
    match name.removeprefix("ranking."):
        case "score":
            return choose(eligible, judged.scores, constant(0.0))
        case "eligible":
            return Range(judged.sure.sum(axis=0).astype(np.float64), judged.can.sum(axis=0).astype(np.float64))
        case "margin":
            return _margin(judged)
        case "budget_gap":
            return _gap(team, judged)
        case "tie":
            return ranges.less_equal(_margin(judged), ranges.add(team.number(team.plan.settings.tie_tolerance), constant(1e-12)))
    known = ranges.all_of(judged.stated, eligible)  # what is left is `ranking.affordable`
    return Maybe(known.can & (judged.best == AFFORDABLE), known.can & (judged.best <= OVER_BUDGET) & (judged.worst >= OVER_BUDGET), ~known.sure)


def _margin(judged: Judged) -> Range:
    """How far a structure may be ahead of the next in its tier, if it is listed first."""
    low, high = np.empty(judged.can.shape), np.empty(judged.can.shape)
    null, gone = np.empty(judged.can.shape, dtype=bool), np.empty(judged.can.shape, dtype=bool)
    for k in range(len(judged.can)):
        others = (np.arange(len(judged.can)) != k)[:, None]
        rivals = others & judged.can & (judged.best <= judged.worst[k]) & (judged.worst >= judged.best[k])
        certain = others & judged.sure & (judged.best == judged.worst) & (judged.best == judged.best[k]) & (judged.best[k] == judged.worst[k])
        nearest = np.where(rivals, judged.scores.high, -FARTHEST).max(axis=0)
        surely = np.where(certain, judged.scores.low, -FARTHEST).max(axis=0)
        gone[k] = ~rivals.any(axis=0)
        null[k] = ~certain.any(axis=0)
        low[k] = np.where(gone[k], 0.0, np.maximum(judged.scores.low[k] - nearest, 0.0))
        high[k] = np.where(null[k], 1.0, np.maximum(judged.scores.high[k] - surely, 0.0))
    high = np.where(gone, low, high)
    same = low == high
    return Range(np.where(same, low, low - SLACK), np.where(same, high, high + SLACK), null, gone)


def _gap(team: Team, judged: Judged) -> Range:
    """What is lacking of a stated budget."""
    budget = team.plan.settings.budget
    known = ranges.all_of(judged.stated, Maybe(judged.can, ~judged.sure))
    if budget is None:
        return Range(np.float64(0.0), np.float64(0.0), np.bool_(True), np.bool_(True))
    value = team.named(budget)
    found = ranges.most(ranges.sub(team.facts["staffing.cash_month"], Range(value.low, value.high)), constant(0.0))
    return Range(found.low, found.high, ~known.sure, ~known.can)


def _with_looks(boxes: Boxes, narrow: np.ndarray) -> tuple[Boxes, Looks]:
    """The boxes, then points of the narrow ones."""
    at = np.flatnonzero(narrow)
    low, high = boxes.low[at], boxes.high[at]
    points = [low + (high - low) * part for part in LOOKS]
    n, m = len(boxes.which), len(at)
    which = np.concatenate([boxes.which, *[boxes.which[at]] * len(LOOKS)])
    both = Boxes(boxes.names, which, np.concatenate([boxes.low, *points]), np.concatenate([boxes.high, *points]))
    return both, Looks(at, tuple(slice(n + m * i, n + m * (i + 1)) for i in range(len(LOOKS))))


def _scalar(column: Column) -> Column:
    """The first row of a column, of shape ()."""
    return mapped(column, lambda array: array if array is None or np.ndim(array) == 0 else np.asarray(array)[..., 0])


def _column(plan: Plan, name: str, values: list[Any]) -> Column:
    type_ = plan.inputs[name].type
    return from_values(values, type_.kind, type_.values)
