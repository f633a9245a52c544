"""Turn what derived names may be into what each structure's staffing, score, tier and place may be, and so what a target may be."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np

from engine.feel.arrays import Str
from engine.feel.tree import refs
from engine.model.plan import Formula
from engine.scoring.ranking import AFFORDABLE, INELIGIBLE, OVER_BUDGET
from engine.staffing.layout import Covering, Layout, Seat, layouts
from engine.whatif import ranges
from engine.whatif.enclosure import SMOOTH, Bounds, Enclosure
from engine.whatif.ranges import Maybe, Range, Value, Whole, choose, constant, exact
from engine.whatif.target import RECOMMENDED

SLACK = 1e-9  # of sums that are added up in another order than the decision adds them
ZERO, ONE = constant(0.0), constant(1.0)


class Team:
    """Every structure within the boxes of an enclosure. Facts are of shape (K, N)."""

    def __init__(self, inner: Enclosure, facts: Iterable[str], size: int) -> None:
        self.inner, self.plan, self.size = inner, inner.plan, size
        self.layouts = layouts(self.plan)
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
        self.posts = [_Posts(self, layout) for layout in self.layouts]
        used = set(facts)
        self.rough_posts = self.rough_structures()
        for name in sorted(used - {"staffing.coordination"}):
            self.facts[name] = self.smoothed(self.stacked([posts.fact(name.removeprefix("staffing.")) for posts in self.posts]))
        if "staffing.coordination" in used:
            self.facts["staffing.coordination"] = self.smoothed(self.number(settings.coordination))

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
        structures = list(self.plan.structures.values())
        if short in structures[0].attributes:
            return self.stacked([self.number(structure.attributes[short]) for structure in structures])
        staffer = self.inner.memory.staffer
        return exact(staffer.structure_fact(f"structure.{short}"))

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
            before = (self.worst < self.best[k]) | (level & (self.scores.low > self.scores.high[k] + SLACK))
            before[k] = False
            if k > 0:
                before[0] |= self.best[k] == INELIGIBLE  # those stand in id order, after all others
            possible[k] = ~before.any(axis=0)
        return possible


def _row(array: Any, k: int) -> Any:
    """One structure's part of an array (K, N), (K, 1), (N,) or ()."""
    return array if np.ndim(array) < 2 else array[k, 0] if array.shape[1] == 1 else array[k]


class _Posts:
    """One structure's posts, and the facts that come of them."""

    def __init__(self, team: Team, layout: Layout) -> None:
        self.team, self.layout = team, layout
        self.rough: Any = SMOOTH
        parts = [self.post(seat) for seat in layout.seats]
        self.load, self.people, self.capacity, self.wage, self.fee = ([part[i] for part in parts] for i in range(5))

    def post(self, seat: Seat) -> tuple[Range, Range, Range, Range, Range]:
        team, post = self.team, seat.post
        own = team.number(post.fte)
        shares = [(covering.role, self.share(covering)) for covering in seat.coverings]
        spec = (tuple(_spec(covering) for covering in seat.coverings), post.fte.tree.key)
        load = team.once(("load", spec), lambda: self.loaded(own, shares))
        limits = (post.step, post.min.tree.key, post.max.tree.key if post.max else None)
        people, rough = team.once(("people", spec, limits), lambda: self.staffed(load, seat))
        self.rough = self.rough | rough | self.rough_pay(seat)
        productivity = team.number(post.productivity)
        capacity = team.once(("capacity", spec, limits, post.productivity.tree.key), lambda: ranges.mul(people, productivity))
        wage = ZERO
        if post.engaged != "vendor":
            wage = team.number(post.grade) if post.grade is not None else team.once(("wage", spec), lambda: self.mixed(shares))
        return load, people, capacity, wage, self.fees(post.fee, load, people)

    def share(self, covering: Covering) -> Range | None:
        team = self.team
        if covering.share is not None:
            return team.number(covering.share)
        if covering.whole:
            return None
        rest = ONE
        for stated in covering.rest_of:
            rest = ranges.sub(rest, team.number(stated))
        return ranges.div(ranges.most(rest, ZERO), constant(float(covering.split)))

    def work(self, role: str, share: Range | None) -> Range:
        return self.team.demand[role] if share is None else ranges.mul(share, self.team.demand[role])

    def loaded(self, own: Range, shares: list[tuple[str, Range | None]]) -> Range:
        load = own
        for role, share in shares:
            load = ranges.add(load, self.work(role, share))
        return load

    def staffed(self, load: Range, seat: Seat) -> tuple[Range, Any]:
        """A post's people, and where, in narrow boxes, their number may change or rests on something that does."""
        team, step = self.team, constant(seat.post.step)
        limits = [seat.post.min] if seat.post.max is None else [seat.post.min, seat.post.max]
        rough: Any = SMOOTH
        if team.looks is not None:
            rough = team.reader.rough(seat.post.fte.tree)
            for covering in seat.coverings:
                rough = rough | team.inner.rough(f"role.{covering.role}.fte")
                for share in (covering.share,) if covering.share is not None else covering.rest_of:
                    rough = rough | team.reader.rough(share.tree)
        steps, rough = team.presumed(ranges.ceiling(ranges.div(load, step)), rough)
        assert isinstance(steps, Range)
        people = ranges.most(ranges.mul(steps, step), team.number(seat.post.min))
        if seat.post.max is not None:
            people = ranges.least(people, team.number(seat.post.max))
        if team.looks is not None and people.low is not people.high:
            for limit in limits:
                rough = rough | team.reader.rough(limit.tree)
            rough = rough | team.looks.at(people.low != people.high)
        return people, rough

    def rough_pay(self, seat: Seat) -> Any:
        """Where what a post's capacity and cost rest on changes."""
        found: Any = SMOOTH
        if self.team.looks is not None:
            post = seat.post
            for formula in (post.productivity, post.fee, post.reaches, *([post.grade] if post.grade is not None else [])):
                if not {"post.load", "post.people"} & set(refs(formula.tree)):
                    found = found | self.team.reader.rough(formula.tree)
        return found

    def mixed(self, shares: list[tuple[str, Range | None]]) -> Range:
        wages = self.team.wages
        if len(shares) == 1:
            return _where_positive(self.team.demand[shares[0][0]], wages[shares[0][0]])
        paid, work = ZERO, ZERO
        for role, share in shares:
            part = self.work(role, share)
            work, paid = ranges.add(work, part), ranges.add(paid, ranges.mul(part, wages[role]))
        mean = ranges.div(paid, work)
        if mean.low is not mean.high and shares:  # a mean lies between the wages of the roles that may have work here
            able = [(np.greater(self.work(role, share).high, 0), wages[role]) for role, share in shares]
            least, most = np.float64(np.inf), np.float64(-np.inf)
            for may, wage in able:
                least, most = np.minimum(least, np.where(may, wage.low, np.inf)), np.maximum(most, np.where(may, wage.high, -np.inf))
            least, most = least * (1 - SLACK), most * (1 + SLACK)
            some = np.isfinite(least)
            mean = Range(np.where(some, np.maximum(mean.low, least), 0.0), np.where(some, np.minimum(mean.high, most), 0.0))
        return _where_positive(work, mean)

    def fees(self, formula: Formula, load: Range, people: Range) -> Range:
        names = set(refs(formula.tree))
        if not names & {"post.load", "post.people"}:
            fee = self.team.number(formula)
        else:
            local = {"post.load": load, "post.people": people}
            reader = Bounds(self.team.inner.memory, lambda name: local[name] if name in local else self.team.value(name))
            fee = reader.number(formula.tree)
        if fee.low is fee.high and np.ndim(fee.low) == 0 and fee.low == 0:
            return ZERO
        return _where_positive(people, fee)

    # -- facts

    def fact(self, short: str) -> Range:
        if short.startswith("coverage_of."):
            return self.coverage_of(short.removeprefix("coverage_of."))
        found: Range = self.team.once((short, self.layout.structure.id), lambda: getattr(self, f"_{short}")())
        return found

    def engaged(self, *kinds: str) -> list[int]:
        return [i for i, seat in enumerate(self.layout.seats) if seat.post.engaged in kinds]

    def total(self, parts: Iterable[Range]) -> Range:
        found: Range | None = None
        for part in parts:
            found = part if found is None else ranges.add(found, part)
        return ZERO if found is None else found

    def heads_of(self, i: int) -> Range:
        return self.team.once(("heads", id(self.people[i])), lambda: ranges.ceiling(self.people[i]))  # type: ignore[no-any-return]

    def used(self, i: int) -> Maybe:
        return Maybe(np.greater(self.people[i].high, 0), np.less_equal(self.people[i].low, 0))

    def counted(self, masks: Iterable[Maybe]) -> Range:
        low: Any = np.float64(0.0)
        high: Any = np.float64(0.0)
        for one in masks:
            low, high = low + one.sure, high + one.can
        return Range(low, high)

    def _people(self) -> Range:
        return self.total(self.people[i] for i in self.engaged("employee"))

    def _heads(self) -> Range:
        return self.total(self.heads_of(i) for i in self.engaged("employee"))

    def _borrowed(self) -> Range:
        return self.total(self.people[i] for i in self.engaged("borrowed"))

    def _volunteers(self) -> Range:
        return self.total(self.people[i] for i in self.engaged("volunteer"))

    def _vendors(self) -> Range:
        return self.counted(self.used(i) for i in self.engaged("vendor"))

    def _fte(self) -> Range:
        return self.total(self.load)

    def _uncovered(self) -> Range:
        return self.total(demand for role, demand in self.team.demand.items() if role not in self.layout.covered)

    def _coverage(self) -> Range:
        work = ranges.add(self.fact("fte"), self.fact("uncovered"))
        done = self.total(ranges.least(load, capacity) for load, capacity in zip(self.load, self.capacity, strict=True))
        share = _ratio(done, work, 1.0)
        if share.low is not share.high:  # the same from what is left undone: tight where almost all is done
            missing: Range = self.fact("uncovered")
            for load, capacity in zip(self.load, self.capacity, strict=True):
                missing = ranges.add(missing, ranges.most(ranges.sub(load, capacity), ZERO))
            undone = _ratio(missing, work, 0.0)
            share = Range(np.maximum(share.low, 1 - undone.high - SLACK), np.minimum(share.high, 1 - undone.low + SLACK))
        return ranges.least(share, ONE)

    def _cash_month(self) -> Range:
        return self.total(self.cost(i) if seat.post.engaged == "employee" else self.fee[i] for i, seat in enumerate(self.layout.seats))

    def _opportunity_month(self) -> Range:
        return self.total(self.pay(i) for i in self.engaged("borrowed", "volunteer"))

    def _cost_month(self) -> Range:
        return ranges.add(self.fact("cash_month"), self.fact("opportunity_month"))

    def pay(self, i: int) -> Range:
        people, wage = self.people[i], self.wage[i]
        return self.team.once(("pay", id(people), id(wage)), lambda: ranges.mul(ranges.mul(people, wage), self.team.rate))  # type: ignore[no-any-return]

    def cost(self, i: int) -> Range:
        return self.pay(i) if self.fee[i] is ZERO else ranges.add(self.pay(i), self.fee[i])

    def _fragmentation(self) -> Range:
        limit = self.team.number(self.team.plan.settings.fragment)
        posts = self.engaged("employee")
        small = [ranges.all_of(self.used(i), Maybe(np.less(self.load[i].low, limit.high), np.greater_equal(self.load[i].high, limit.low))) for i in posts]
        return ranges.least(_ratio(self.counted(small), self.counted(self.used(i) for i in posts), 0.0), ONE)

    def _span(self) -> Range:
        widest = ZERO
        for lead, members in self.layout.leads:
            reports = self.total(self.heads_of(i) for i in members)
            widest = ranges.most(widest, ranges.div(reports, ranges.most(self.heads_of(lead), ONE)))
        return widest

    def _seats(self) -> Range:
        plan = self.team.plan
        places = tuple(plan.places)
        placement = self.team.inner.value("placement") if "placement" in plan.decisions else None
        most = np.float64(min(len(places), len(self.layout.seats)))
        if not isinstance(placement, Whole) or not isinstance(placement.column, Str):
            return Range(np.float64(0.0), most)
        staffer, low, high = self.team.inner.memory.staffer, np.uint64(0), np.uint64(0)
        for i, seat in enumerate(self.layout.seats):
            bit, used = _seat_bit(staffer, placement.column, seat.post.sits_in), self.used(i)
            low, high = low | np.where(used.sure, bit, np.uint64(0)), high | np.where(used.can, bit, np.uint64(0))
        count_low, count_high = np.bitwise_count(low).astype(np.float64), np.bitwise_count(high).astype(np.float64)
        return Range(np.where(placement.open, 0.0, count_low), np.where(placement.open, most, count_high))

    def _reach(self) -> Range:
        reached = self.total(ranges.mul(people, self.team.number(seat.post.reaches)) for people, seat in zip(self.people, self.layout.seats, strict=True))
        return ranges.least(_ratio(reached, self.team.number(self.team.plan.settings.units), 1.0), ONE)

    def _backup(self) -> Range:
        backed = []
        for role, posts in self.layout.covered.items():
            heads = self.total(self.heads_of(i) for i in posts)
            backed.append(ranges.all_of(self.is_active(role), Maybe(np.greater_equal(heads.high, 2), np.less(heads.low, 2))))
        whole = self.counted(self.is_active(role) for role in self.layout.covered)
        return ranges.least(_ratio(self.counted(backed), whole, 1.0), ONE)

    def is_active(self, role: str) -> Maybe:
        found = self.team.active[role]
        assert isinstance(found, Maybe)
        return found

    def _overload(self) -> Range:
        highest = ZERO
        for load, capacity in zip(self.load, self.capacity, strict=True):
            highest = ranges.most(highest, _ratio(load, capacity, 0.0))
        return highest

    def _roles_per_person(self) -> Range:
        highest = ZERO
        for i, seat in enumerate(self.layout.seats):
            if seat.coverings:
                roles = self.counted(self.is_active(covering.role) for covering in seat.coverings)
                highest = ranges.most(highest, _where_positive(self.people[i], ranges.div(roles, ranges.most(self.heads_of(i), ONE))))
        return highest

    def coverage_of(self, role: str) -> Range:
        active = self.is_active(role)
        if role not in self.layout.covered:
            return choose(active, ZERO, ONE)  # type: ignore[return-value]
        done = ZERO
        for i in self.layout.covered[role]:
            part = ranges.least(_ratio(self.capacity[i], self.load[i], 1.0), ONE)
            share = self.share(next(c for c in self.layout.seats[i].coverings if c.role == role))
            done = ranges.add(done, part if share is None else ranges.mul(part, share))
        return choose(active, ranges.least(done, ONE), ONE)  # type: ignore[return-value]


def _spec(covering: Covering) -> Any:
    """What tells one way of sharing a role from another."""
    return covering.role, covering.share.tree.key if covering.share else None, tuple(f.tree.key for f in covering.rest_of), covering.split


def _seat_bit(staffer: Any, placement: Str, sits_in: tuple[str, ...]) -> Any:
    """The bit of the place where a post sits, with the placement that it may be."""
    places = tuple(staffer.plan.places)
    fits = [not sits_in or word in sits_in for word in placement.words]
    first = 1 << places.index(sits_in[0]) if sits_in else 0
    bits = np.array([1 << places.index(word) if fit else first for word, fit in zip(placement.words, fits, strict=True)] + [first], dtype=np.uint64)
    return bits[placement.codes]


def _where_positive(condition: Range, value: Range) -> Range:
    """The value where a number is above zero, else 0."""
    found = choose(Maybe(np.greater(condition.high, 0), np.less_equal(condition.low, 0)), value, ZERO)
    assert isinstance(found, Range)
    return found


def _ratio(a: Range, b: Range, otherwise: float) -> Range:
    """a / b, and `otherwise` where b is not above zero; neither is negative."""
    sure, may = np.greater(b.low, 0), np.greater(b.high, 0)
    if a.low is a.high and b.low is b.high:
        value = np.where(sure, np.divide(a.low, np.where(sure, b.low, 1.0)), otherwise)
        return Range(value, value)
    low = np.divide(a.low, np.where(may, b.high, 1.0))
    high = np.where(sure, np.divide(a.high, np.where(sure, b.low, 1.0)), np.where(np.less_equal(a.high, 0), 0.0, ranges.FARTHEST))
    unsure = may & ~sure
    low = np.where(may, np.where(unsure, np.minimum(low, otherwise), low), otherwise)
    high = np.where(may, np.where(unsure, np.maximum(high, otherwise), high), otherwise)
    return Range(low, high)
