"""Turn what derived names may be into what each structure's staffing, score, tier and place may be, and so what a target may be."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np

from engine.feel.arrays import mapped
from engine.feel.tree import refs
from engine.model.plan import Formula
from engine.scoring.ranking import AFFORDABLE, INELIGIBLE, OVER_BUDGET
from engine.staffing.layout import Layout, layouts
from engine.whatif import ranges
from engine.whatif.enclosure import SMOOTH, Bounds, Enclosure
from engine.whatif.posts import ONE, SLACK, ZERO, Within
from engine.whatif.ranges import Maybe, Range, Value, choose, constant, exact
from engine.whatif.target import RECOMMENDED


class Team:
    """The structures that may be eligible within the boxes of an enclosure, K of them: the `kept` ones of the plan's. Facts are of shape (K, N)."""

    def __init__(self, inner: Enclosure, facts: Iterable[str], size: int) -> None:
        self.inner, self.plan, self.size = inner, inner.plan, size
        self.reader = Bounds(inner.memory, self.value, inner.looks, self.rough)
        self.reader.trees, self.reader.roughs = inner.reader.trees, inner.reader.roughs
        self.looks = self.reader.looks
        self.known: dict[Any, Any] = {}
        self.facts: dict[str, Range] = {}
        roles = self.plan.roles
        self.demand = {id_: self.named(f"role.{id_}.fte") for id_ in roles}
        self.active = {id_: inner.value(f"role.{id_}.active") for id_ in roles}
        settings = self.plan.settings
        self.rate = ranges.mul(self.number(settings.wage_base), self.number(settings.employer_factor))
        self.wages = {id_: self.number(role.wage) for id_, role in roles.items()}
        self.kept = [k for k, layout in enumerate(layouts(self.plan)) if k == 0 or self.within_reach(layout)]
        self.layouts = tuple(layouts(self.plan)[k] for k in self.kept)
        self.posts = [Within(self, layout) for layout in self.layouts]
        used = set(facts)
        self.rough_posts = self.rough_structures()
        for name in sorted(used - {"staffing.coordination"}):
            self.facts[name] = self.smoothed(self.stacked([posts.fact(name.removeprefix("staffing.")) for posts in self.posts]))
        if "staffing.coordination" in used:
            self.facts["staffing.coordination"] = self.smoothed(self.number(settings.coordination))

    def within_reach(self, layout: Layout) -> bool:
        """Whether a structure may be eligible in some box: of those that no profile lets in, only the first may ever be listed, where nothing is eligible."""
        for requirement in layout.structure.eligible:
            tree = requirement.needs.tree
            if not any(name.startswith(("staffing.", "structure.")) for name in refs(tree)) and not np.any(self.reader.truth(tree).can):
                return False
        return True

    def stacked(self, rows: list[Range]) -> Range:
        """Ranges (N,) of each structure as one of shape (K, N)."""
        shape = (self.size,)
        low = np.stack([np.broadcast_to(row.low, shape) for row in rows])
        if all(row.low is row.high for row in rows):
            return Range(low, low)
        return Range(low, np.stack([np.broadcast_to(row.high, shape) for row in rows]))

    def rough_structures(self) -> Any:
        """(K, M) where anything that a structure's staffing rests on changes within a narrow box; a post's people among it."""
        if self.looks is None:
            return SMOOTH
        settings = self.plan.settings
        common: Any = SMOOTH
        for formula in (settings.wage_base, settings.employer_factor, settings.units, settings.fragment, *(role.wage for role in self.plan.roles.values())):
            common = common | self.reader.rough(formula.tree)
        for role in self.plan.roles:
            common = common | self.inner.rough(f"role.{role}.active")
        if "placement" in self.plan.decisions:
            common = common | self.inner.rough("placement")
        return np.stack([np.broadcast_to(common | posts.rough, (len(self.looks.boxes),)) for posts in self.posts])

    def rough(self, name: str) -> Any:
        if name.startswith("structure."):
            short, found = name.removeprefix("structure."), SMOOTH
            if self.looks is not None and short in self.layouts[0].structure.attributes:
                for layout in self.layouts:
                    found = found | self.reader.rough(layout.structure.attributes[short].tree)
            return found
        if name.startswith("ranking.") or name == RECOMMENDED:
            return np.bool_(True)  # rests on every structure: nothing is presumed of it
        return self.rough_posts if name.startswith("staffing.") else self.inner.rough(name)

    def smoothed(self, value: Range) -> Range:
        return value if self.looks is None else self.looks.smoothed(value, self.rough_posts)

    def presumed(self, value: Value, rough: Any) -> tuple[Value, Any]:
        return (value, rough) if self.looks is None else self.looks.presumed(value, rough)

    def value(self, name: str) -> Value:
        if name in self.facts:
            return self.facts[name]
        if name.startswith("structure."):
            if name not in self.inner.values:
                self.inner.values[name] = self.structure_fact(name.removeprefix("structure."))
            return self.inner.values[name]
        return self.inner.value(name)

    def named(self, name: str) -> Range:
        found = self.inner.value(name)
        assert isinstance(found, Range)
        return found

    def number(self, formula: Formula) -> Range:
        return self.reader.number(formula.tree)

    def once(self, key: Any, compute: Any) -> Any:
        if key not in self.known:
            self.known[key] = compute()
        return self.known[key]

    def structure_fact(self, short: str) -> Value:
        structures = [layout.structure for layout in self.layouts]
        if short in structures[0].attributes:
            return self.stacked([self.number(structure.attributes[short]) for structure in structures])
        column = self.inner.memory.staffer.structure_fact(f"structure.{short}")
        return exact(mapped(column, lambda array: array if np.ndim(array) < 2 else array[self.kept]))

    # -- judging

    def met(self, k: int) -> Maybe:
        """Whether the structure at `k` may be eligible, and whether it may not be."""
        found = Maybe(np.bool_(True), np.bool_(False))
        for requirement in self.plan.structures[self.layouts[k].structure.id].eligible:
            one = self.reader.truth(requirement.needs.tree)
            row = Maybe(_row(one.can, k), ~_row(one.sure, k))
            found = ranges.all_of(found, row)
        if self.plan.settings.max_headcount is not None:
            limit = self.number(self.plan.settings.max_headcount)
            heads = self.facts["staffing.heads"]
            over: Value = Maybe(np.greater(heads.high[k], limit.low), np.less_equal(heads.low[k], limit.high))
            if self.looks is not None:
                over, _ = self.presumed(over, self.rough_posts[k] | self.reader.rough(self.plan.settings.max_headcount.tree))
            over = choose(ranges.is_null(limit), Maybe(np.bool_(False), np.bool_(True)), over)
            found = ranges.all_of(found, ranges.negation(over))  # type: ignore[arg-type]
        return found

    def weights(self) -> list[Range]:
        parts = [self.number(criterion.weight) for criterion in self.plan.criteria.values()]
        if all(part.low is part.high for part in parts):
            total: Any = 0.0
            for part in parts:
                total = total + part.low
            return [Range(value, value) for value in (part.low / np.where(total > 0, total, 1.0) for part in parts)]
        found = []
        for i, part in enumerate(parts):
            others_low: Any = sum((other.low for j, other in enumerate(parts) if j != i), np.float64(0.0))
            others_high: Any = sum((other.high for j, other in enumerate(parts) if j != i), np.float64(0.0))
            low = part.low / np.maximum(part.low + others_high, 1e-300)
            high = part.high / np.maximum(part.high + others_low, 1e-300)
            found.append(Range(low * (1 - SLACK), np.minimum(high * (1 + SLACK), 1.0)))
        return found

    def criteria(self) -> list[Range]:
        found = []
        for criterion in self.plan.criteria.values():
            value = self.number(criterion.value)
            if criterion.worst != 0 or criterion.best != 1:
                value = ranges.div(ranges.sub(value, constant(criterion.worst)), constant(criterion.best - criterion.worst))
            found.append(ranges.least(ranges.most(value, ZERO), ONE))
        return found

    def judged(self) -> Judged:
        """Scores as the decision adds them up, weight by weight; tiers; and which structures may be listed first."""
        k, n = len(self.layouts), self.size
        low, high = np.zeros((k, n)), np.zeros((k, n))
        for weight, value in zip(self.weights(), self.criteria(), strict=True):
            part = ranges.mul(value, weight)
            low, high = low + part.low, high + part.high
        met = [self.met(i) for i in range(k)]
        can = np.stack([np.broadcast_to(one.can, (n,)) for one in met])
        sure = np.stack([np.broadcast_to(one.sure, (n,)) for one in met])
        stated = self.budget_stated()
        best, worst = self.tiers(can, sure, stated)
        return Judged(self.calm_scores(Range(low, high)), can, sure, best, worst, stated)

    def calm_scores(self, scores: Range) -> Range:
        if self.looks is None:
            return scores
        rough = self.rough_posts
        for criterion in self.plan.criteria.values():
            rough = rough | self.reader.rough(criterion.value.tree) | self.reader.rough(criterion.weight.tree)
        return self.looks.smoothed(scores, rough)

    def budget_stated(self) -> Maybe:
        name = self.plan.settings.budget
        if name is None:
            return Maybe(np.bool_(False), np.bool_(True))
        return ranges.all_of(ranges.negation(ranges.is_null(self.inner.value(name))), ranges.negation(self.inner.assumed_of(name)))

    def tiers(self, can: np.ndarray, sure: np.ndarray, stated: Maybe) -> tuple[np.ndarray, np.ndarray]:
        """(K, N) each: the best and the worst tier that a structure may be in."""
        settings = self.plan.settings
        fits = Maybe(np.bool_(True), np.bool_(False))
        if settings.budget is not None:
            budget = self.named(settings.budget)
            cash = self.facts["staffing.cash_month"]
            limit = ranges.mul(Range(budget.low, budget.high), ranges.add(ONE, self.number(settings.budget_slack)))
            under: Value = Maybe(np.less_equal(cash.low, limit.high), np.greater(cash.high, limit.low))
            under, _ = self.presumed(under, self.rough_posts | self.inner.rough(settings.budget))
            fits = choose(stated, under, fits)  # type: ignore[assignment]
        inside, outside = np.broadcast_to(fits.can, can.shape), np.broadcast_to(fits.cannot, can.shape)
        best = np.where(can, np.where(inside, AFFORDABLE, OVER_BUDGET), INELIGIBLE)
        worst = np.where(sure, np.where(outside, OVER_BUDGET, AFFORDABLE), INELIGIBLE)
        return best, worst


@dataclass(frozen=True, slots=True)
class Judged:
    """Of each structure, (K, N): its `scores`; whether it `can` be eligible, and `sure`ly is; the `best` and the `worst` tier that it may be in."""

    scores: Range
    can: np.ndarray
    sure: np.ndarray
    best: np.ndarray
    worst: np.ndarray
    stated: Maybe  # whether the profile states a budget

    def first(self) -> np.ndarray:
        """(K, N) whether a structure may be listed first: no other surely stands before it."""
        possible = np.ones(self.can.shape, dtype=bool)
        for k in range(len(possible)):
            level = (self.worst <= self.best[k]) & (self.best[k] != INELIGIBLE)
            ahead = self.scores.low > self.scores.high[k] + SLACK
            ahead[:k] |= self.scores.low[:k] >= self.scores.high[k]  # of equal scores the earlier id stands first
            before = (self.worst < self.best[k]) | (level & ahead)
            before[k] = False
            if k > 0:
                before[0] |= self.best[k] == INELIGIBLE  # those stand in id order, after all others
            possible[k] = ~before.any(axis=0)
        return possible


def _row(array: Any, k: int) -> Any:
    """One structure's part of an array (K, N), (K, 1), (N,) or ()."""
    return array if np.ndim(array) < 2 else array[k, 0] if array.shape[1] == 1 else array[k]
