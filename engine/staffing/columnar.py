"""Turn a batch's activations and a plan's structures into people, FTE, cost and coverage, for every profile and structure at once."""

from __future__ import annotations

from collections.abc import Iterable
from functools import reduce
from typing import Any

import numpy as np

from engine.diagnostics import Diagnostic
from engine.executors.base import Activations, Conflict, label, mask
from engine.executors.columnar import parameter_columns
from engine.feel.arrays import Bits, Bool, Column, Num, Str
from engine.feel.columns import Reader, weakly
from engine.feel.numbers import ceiling_array
from engine.feel.select import select
from engine.model.plan import Formula, Plan
from engine.staffing.layout import ALWAYS, Layout, Seat, facts_used, layouts
from engine.staffing.result import Posts, Staffing
from engine.staffing.sums import count, ratio, total


def staff(plan: Plan, activations: Activations, more_facts: Iterable[str] = ()) -> Staffing:
    """Staff every structure for every profile. Only facts that the model (or `more_facts`) names are computed, and the few that every answer shows."""
    with np.errstate(all="ignore"):
        return _Staffer(plan, activations).run(frozenset(more_facts))


class _Staffer:
    def __init__(self, plan: Plan, activations: Activations) -> None:
        self.plan = plan
        self.n = activations.size
        self.activations = activations
        self.layouts = layouts(plan)
        self.base: dict[str, Column] = {**parameter_columns(plan), **activations.columns}
        self.base |= {f"assumed.{id_}": Bool(found) for id_, found in activations.assumed.items()}
        self.facts: dict[str, Num] = {}
        self.reader = Reader(weakly(self.column), plan.shared)
        self.known: dict[Any, Any] = {}  # equal work in several structures is computed once
        self.parts: dict[str, Any] = {}  # facts of the structure at hand
        self.conflicts: list[Conflict] = []
        roles = plan.roles
        self.demand = {id_: self.values(f"role.{id_}.fte") for id_ in roles}
        self.active = {id_: self._bool(f"role.{id_}.active") for id_ in roles}

    def column(self, name: str) -> Column:
        if name in self.base:
            return self.base[name]
        if name.startswith("staffing."):
            return self.facts[name]
        self.base[name] = found = self.structure_fact(name)
        return found

    def values(self, name: str) -> Any:
        column = self.base[name]
        assert isinstance(column, Num)
        return column.values

    def _bool(self, name: str) -> Any:
        column = self.base[name]
        assert isinstance(column, Bool)
        return column.true

    def number(self, formula: Formula, what: str) -> Any:
        """The formula's values; a row for which it has none can't be decided."""
        return self.checked(self.reader.read(formula.tree), formula, what)

    def checked(self, column: Column, formula: Formula, what: str) -> Any:
        assert isinstance(column, Num)
        if column.null is not None and np.any(column.null):
            self.missing(column.null, what, formula)
        return column.values

    def missing(self, rows: Any, what: str, formula: Formula) -> None:
        for row in np.flatnonzero(mask(rows, self.n)).tolist():
            values = {"profile": label(self.plan, self.activations.columns, row), "what": what}
            self.conflicts.append(Conflict(row, Diagnostic("X103", values, formula.span)))

    def run(self, more: frozenset[str]) -> Staffing:
        settings = self.plan.settings
        used = facts_used(self.plan) | set(ALWAYS) | more
        self.rate = self.number(settings.wage_base, "wage_base") * self.number(settings.employer_factor, "employer_factor")
        self.wages = {id_: self.number(role.wage, f"role.{id_}.wage") for id_, role in self.plan.roles.items()}
        posts = tuple(self.posts(layout) for layout in self.layouts)
        names = sorted(used - {"staffing.coordination"})
        values = {name: np.empty((len(posts), self.n)) for name in names}
        for k, (layout, found) in enumerate(zip(self.layouts, posts, strict=True)):
            self.parts = {}
            for name in names:
                values[name][k] = self.fact(name.removeprefix("staffing."), layout, found)
        self.facts |= {name: Num(array) for name, array in values.items()}
        if "staffing.coordination" in used:
            hours = self.number(settings.coordination, "staffing.coordination")
            self.facts["staffing.coordination"] = Num(np.broadcast_to(hours, (len(self.layouts), self.n)))
        self.known.clear()  # what is kept for other structures is not needed any more
        self.parts = {}
        return Staffing(self.plan, self.activations, self.layouts, posts, self.facts, self.reader, self, self.conflicts)

    # -- posts

    def posts(self, layout: Layout) -> Posts:
        parts = [self.post(layout, seat) for seat in layout.seats]
        return Posts(*(tuple(part[i] for part in parts) for i in range(6)))

    def post(self, layout: Layout, seat: Seat) -> tuple[Any, ...]:
        post = seat.post
        where = f"{layout.structure.id}.{post.id}"
        own = self.number(post.fte, where)
        shares = [(covering.role, self.share(covering, where)) for covering in seat.coverings]
        spec = (tuple((covering.role, _spec(covering)) for covering in seat.coverings), post.fte.tree.key)
        load, unbounded = self.once(("load", spec), lambda: self.load(own, shares))
        if unbounded is not None:
            self.missing(unbounded, where, post.fte)
        least = self.number(post.min, where)
        most = None if post.max is None else self.number(post.max, where)
        limits = (post.step, post.min.tree.key, post.max.tree.key if post.max else None)
        people = self.once(("people", spec, limits), lambda: self.people(load, post.step, least, most))
        productivity = self.number(post.productivity, where)
        same_size = np.ndim(productivity) == 0 and productivity == 1
        capacity = people if same_size else self.once(("capacity", spec, limits, post.productivity.tree.key), lambda: people * productivity)
        wage: Any = 0.0
        if post.engaged != "vendor":
            wage = self.number(post.grade, where) if post.grade is not None else self.once(("wage", spec), lambda: self.mixed_wage(shares))
        fee = self.fee(post.fee, load, people, where)
        used = self.once(("used", spec, limits), lambda: np.greater(people, 0))
        return load, people, capacity, wage, fee, (used, post.sits_in)

    def once(self, key: Any, compute: Any) -> Any:
        if key not in self.known:
            self.known[key] = compute()
        return self.known[key]

    def share(self, covering: Any, where: str) -> Any:
        if covering.share is not None:
            return self.number(covering.share, where)
        if covering.whole:
            return None
        rest: Any = 1.0
        for stated in covering.rest_of:
            rest = rest - self.number(stated, where)
        return np.maximum(rest, 0.0) / covering.split

    def load(self, own: Any, shares: list[tuple[str, Any]]) -> tuple[Any, Any]:
        """A post's work, and where it is more than a number holds."""
        load = own
        for role, share in shares:
            work = self.demand[role] if share is None else share * self.demand[role]
            load = load + work
        finite = np.isfinite(load)
        return (load, None) if finite.all() else (select(finite, load, 0.0), ~finite)

    def people(self, load: Any, step: float, least: Any, most: Any) -> Any:
        people = ceiling_array(np.asarray(load / step, dtype=np.float64)) * step
        people = np.maximum(people, least)
        if most is not None:
            people = np.minimum(people, most)
        return people

    def mixed_wage(self, shares: list[tuple[str, Any]]) -> Any:
        """The roles' wages weighted by their work here; 0 where there is none."""
        if len(shares) == 1:
            return select(self.demand[shares[0][0]] > 0, self.wages[shares[0][0]], 0.0)
        paid: Any = 0.0
        work: Any = 0.0
        for role, share in shares:
            part = self.demand[role] if share is None else share * self.demand[role]
            work = work + part
            paid = paid + part * self.wages[role]
        positive = np.greater(work, 0)
        return select(positive, np.divide(paid, work), 0.0)

    def fee(self, formula: Formula, load: Any, people: Any, where: str) -> Any:
        local = {"post.load": Num(load), "post.people": Num(people)}
        reader = Reader(lambda name: local[name] if name in local else self.column(name))
        values = self.checked(reader.read(formula.tree), formula, where)
        if np.ndim(values) == 0 and values == 0:
            return 0.0
        return select(np.greater(people, 0), values, 0.0)

    # -- facts

    def fact(self, short: str, layout: Layout, found: Posts) -> Any:
        """One fact of one structure."""
        if short.startswith("coverage_of."):
            return self.coverage_of(layout, found, short.removeprefix("coverage_of."))
        return self.part(short, layout, found)

    def part(self, short: str, layout: Layout, found: Posts) -> Any:
        """The same, computed once for the structure at hand."""
        if short not in self.parts:
            self.parts[short] = getattr(self, f"_{short}")(layout, found)
        return self.parts[short]

    def _engaged(self, layout: Layout, found: Posts, *kinds: str) -> list[int]:
        return [i for i, seat in enumerate(layout.seats) if seat.post.engaged in kinds]

    def _people(self, layout: Layout, found: Posts) -> Any:
        return total(found.people[i] for i in self._engaged(layout, found, "employee"))

    def heads_of(self, layout: Layout, found: Posts, i: int) -> Any:
        people = found.people[i]
        return self.once(("heads", id(people)), lambda: (ceiling_array(np.asarray(people, dtype=np.float64)), people))[0]

    def two_or_more(self, layout: Layout, found: Posts, posts: tuple[int, ...]) -> Any:
        """Whether some posts together have at least two persons."""
        key = ("two", tuple(id(found.people[i]) for i in posts))
        return self.once(key, lambda: np.greater_equal(total(self.heads_of(layout, found, i) for i in posts), 2))

    def count_active(self, roles: tuple[str, ...]) -> Any:
        return self.once(("active", roles), lambda: count(self.active[role] for role in roles))

    def _heads(self, layout: Layout, found: Posts) -> Any:
        return total(self.heads_of(layout, found, i) for i in self._engaged(layout, found, "employee"))

    def _borrowed(self, layout: Layout, found: Posts) -> Any:
        return total(found.people[i] for i in self._engaged(layout, found, "borrowed"))

    def _volunteers(self, layout: Layout, found: Posts) -> Any:
        return total(found.people[i] for i in self._engaged(layout, found, "volunteer"))

    def _vendors(self, layout: Layout, found: Posts) -> Any:
        return count(found.place[i][0] for i in self._engaged(layout, found, "vendor"))

    def _fte(self, layout: Layout, found: Posts) -> Any:
        return total(found.load)

    def _uncovered(self, layout: Layout, found: Posts) -> Any:
        return total(demand for role, demand in self.demand.items() if role not in layout.covered)

    def _coverage(self, layout: Layout, found: Posts) -> Any:
        work = self.part("fte", layout, found) + self.part("uncovered", layout, found)
        done = total(
            self.once(("done", id(load), id(capacity)), lambda a=load, b=capacity: (np.minimum(a, b), a, b))[0]
            for load, capacity in zip(found.load, found.capacity, strict=True)
        )
        return np.minimum(ratio(done, work, 1.0), 1.0)

    def _cash_month(self, layout: Layout, found: Posts) -> Any:
        return total(self.cost(found, i) if seat.post.engaged == "employee" else found.fee[i] for i, seat in enumerate(layout.seats))

    def _opportunity_month(self, layout: Layout, found: Posts) -> Any:
        return total(self.pay(found, i) for i in self._engaged(layout, found, "borrowed", "volunteer"))

    def _cost_month(self, layout: Layout, found: Posts) -> Any:
        return self.part("cash_month", layout, found) + self.part("opportunity_month", layout, found)

    def pay(self, found: Posts, i: int) -> Any:
        people, wage = found.people[i], found.wage[i]
        return self.once(("pay", id(people), id(wage)), lambda: (people * wage * self.rate, people, wage))[0]

    def cost(self, found: Posts, i: int) -> Any:
        fee = found.fee[i]
        pay = self.pay(found, i)
        return pay if np.ndim(fee) == 0 and fee == 0 else pay + fee

    def _fragmentation(self, layout: Layout, found: Posts) -> Any:
        limit = self.number(self.plan.settings.fragment, "fragment")
        posts = self._engaged(layout, found, "employee")
        used = count(found.place[i][0] for i in posts)
        return ratio(count(self.small(found, i, limit) for i in posts), used, 0.0)

    def small(self, found: Posts, i: int, limit: Any) -> Any:
        """Whether a post is in use with less work than `limit`."""
        used, load = found.place[i][0], found.load[i]
        return self.once(("small", id(used), id(load)), lambda: (used & np.less(load, limit), used, load))[0]

    def _span(self, layout: Layout, found: Posts) -> Any:
        widest: Any = 0.0
        for lead, members in layout.leads:
            reports = total(self.heads_of(layout, found, i) for i in members)
            widest = np.maximum(widest, reports / np.maximum(self.heads_of(layout, found, lead), 1.0))
        return widest

    def place_bits(self, layout: Layout, found: Posts) -> Any:
        """For each profile, the places that the structure's posts in use sit in, as bits in the order of the model's places."""
        bits: Any = np.uint64(0)
        for used, sits_in in found.place:
            bits = bits | select(used, self.seat_bit(sits_in), np.uint64(0))
        return bits

    def seat_bit(self, sits_in: tuple[str, ...]) -> Any:
        """The bit of the place where a post sits: the team's placement if it may sit there, else the first of its places."""
        places = tuple(self.plan.places)
        placement = self.base.get("placement")
        if not isinstance(placement, Str):
            return np.uint64(1 << places.index(sits_in[0]) if sits_in else 0)

        def bits() -> Any:
            own = np.array([1 << places.index(word) for word in placement.words] + [0], dtype=np.uint64)
            fits = [not sits_in or word in sits_in for word in placement.words]
            first = np.uint64(1 << places.index(sits_in[0]) if sits_in else 0)
            return select([*fits, False], own, first)[placement.codes]

        return self.once(("seat", sits_in), bits)

    def _seats(self, layout: Layout, found: Posts) -> Any:
        return np.bitwise_count(self.place_bits(layout, found)).astype(np.float64)

    def _reach(self, layout: Layout, found: Posts) -> Any:
        units = self.number(self.plan.settings.units, "units")
        reached = total(
            people * self.number(seat.post.reaches, "reaches") for people, seat in zip(found.people, layout.seats, strict=True) if _not_zero(seat.post.reaches)
        )
        return np.minimum(ratio(reached, units, 1.0), 1.0)

    def _backup(self, layout: Layout, found: Posts) -> Any:
        backed = count(self.active[role] & self.two_or_more(layout, found, posts) for role, posts in layout.covered.items())
        return ratio(backed, self.count_active(tuple(layout.covered)), 1.0)

    def _overload(self, layout: Layout, found: Posts) -> Any:
        highest: Any = 0.0
        for load, capacity in zip(found.load, found.capacity, strict=True):
            highest = np.maximum(highest, self.once(("busy", id(load), id(capacity)), lambda a=load, b=capacity: (ratio(a, b, 0.0), a, b))[0])
        return highest

    def _roles_per_person(self, layout: Layout, found: Posts) -> Any:
        highest: Any = 0.0
        for i, seat in enumerate(layout.seats):
            if seat.coverings:
                highest = np.maximum(highest, self.roles_each(layout, found, i))
        return highest

    def roles_each(self, layout: Layout, found: Posts, i: int) -> Any:
        """Active roles for each person of a post; 0 where it is not in use."""
        used, people = found.place[i][0], found.people[i]
        roles = tuple(covering.role for covering in layout.seats[i].coverings)

        def each() -> Any:
            return select(used, self.count_active(roles) / np.maximum(self.heads_of(layout, found, i), 1.0), 0.0), people

        return self.once(("each", roles, id(people)), each)[0]

    def coverage_of(self, layout: Layout, found: Posts, role: str) -> Any:
        """How much of the role's work its posts get done: each does all of its work in the same proportion."""
        if role not in layout.covered:
            return select(self.active[role], 0.0, 1.0)
        done: Any = 0.0
        for i in layout.covered[role]:
            load, capacity = found.load[i], found.capacity[i]
            part = self.once(("met", id(load), id(capacity)), lambda a=load, b=capacity: (np.minimum(ratio(b, a, 1.0), 1.0), a, b))[0]
            covering = next(c for c in layout.seats[i].coverings if c.role == role)
            share = self.share(covering, "share")
            done = done + (part if share is None else part * share)
        return select(self.active[role], np.minimum(done, 1.0), 1.0)

    # -- structure.*

    def structure_fact(self, name: str) -> Column:
        """A fact of the structures themselves: shape (K, 1), or (K, N) for attributes that depend on the profile."""
        short = name.removeprefix("structure.")
        structures = list(self.plan.structures.values())
        if short == "id":
            type_ = self.plan.names[name]
            assert type_.values is not None
            return Str(np.array([type_.values.index(s.id) for s in structures])[:, None], type_.values)
        if short == "posts":
            return Num(np.array([float(len(s.posts)) for s in structures])[:, None])
        if short == "places":
            places = tuple(self.plan.places)
            bits = [reduce(lambda a, b: a | b, (1 << places.index(p) for post in s.posts for p in post.sits_in), 0) for s in structures]
            return Bits(np.array(bits, dtype=np.uint64)[:, None], places)
        if short.startswith("covers."):
            role = short.removeprefix("covers.")
            return Bool(np.array([any(role in post.covers for post in s.posts) for s in structures])[:, None])
        values = [self.number(s.attributes[short], f"{s.id}.{short}") for s in structures]
        if all(np.ndim(value) == 0 for value in values):
            return Num(np.array([float(value) for value in values])[:, None])
        return Num(np.stack([np.broadcast_to(value, (self.n,)) for value in values]))


def seat_bits(staffing: Staffing) -> list[Any]:
    """Per structure, the places its posts in use sit in for each profile, as bits in the order of the model's places."""
    staffer = staffing.staffer
    return [staffer.place_bits(layout, posts) for layout, posts in zip(staffing.layouts, staffing.posts, strict=True)]


def _spec(covering: Any) -> Any:
    return (covering.share.tree.key if covering.share else None, tuple(f.tree.key for f in covering.rest_of), covering.split)


def _not_zero(formula: Formula) -> bool:
    type_ = formula.tree.type
    return not (type_.low == type_.high == 0)
