"""Turn what roles' work may be into what one structure's posts may be: load, people, capacity, wage and fee, and the facts that come of them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np

from engine.feel.arrays import Str
from engine.feel.tree import refs
from engine.model.plan import Formula
from engine.staffing.layout import Covering, Layout, Seat
from engine.whatif import ranges
from engine.whatif.enclosure import SMOOTH, Bounds
from engine.whatif.ranges import Maybe, Range, Whole, choose, constant

SLACK = 1e-9  # of sums that are added up in another order than the decision adds them
ZERO, ONE = constant(0.0), constant(1.0)


class Within:
    """One structure's posts, and the facts that come of them."""

    def __init__(self, team: Any, layout: Layout) -> None:
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
            stated: Range = team.number(covering.share)
            return stated
        if covering.whole:
            return None
        rest = ONE
        for other in covering.rest_of:
            rest = ranges.sub(rest, team.number(other))
        return ranges.div(ranges.most(rest, ZERO), constant(float(covering.split)))

    def work(self, role: str, share: Range | None) -> Range:
        demand: Range = self.team.demand[role]
        return demand if share is None else ranges.mul(share, demand)

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
            least: Any = np.float64(np.inf)
            most: Any = np.float64(-np.inf)
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
        staffer = self.team.inner.memory.staffer
        low: Any = np.uint64(0)
        high: Any = np.uint64(0)
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
