"""Turn one derived profile and a plan's structures into people, FTE, cost and coverage, in plain Python: the reference of `staffing.columnar`.

Both do the same IEEE operations in the same order, so that they agree bit for bit.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from engine.diagnostics import Diagnostic
from engine.executors.interpret import Profile
from engine.feel.interpret import Lookup, interpret
from engine.feel.numbers import ceiling
from engine.feel.tree import refs
from engine.model.facts import STAFFING_FACTS
from engine.model.plan import Formula, Plan, Structure
from engine.staffing.layout import Covering, Layout, Seat, layouts


@dataclass(frozen=True, slots=True)
class Filled:
    """One post for one profile. `wage`: the multiple of the wage base. `place`: where it sits, None when it is not in use or has no place."""

    load: float
    people: float
    capacity: float
    wage: float
    fee: float
    place: str | None

    @property
    def heads(self) -> float:
        return ceiling(self.people)

    @property
    def used(self) -> bool:
        return self.people > 0


@dataclass(frozen=True, slots=True)
class Team:
    """One structure for one profile. `posts`: in id order. `facts`: every `staffing.*` and the `structure.*` that the plan names."""

    structure: Structure
    posts: Mapping[str, Filled]
    facts: Mapping[str, Any]


def staff(plan: Plan, profile: Profile) -> tuple[dict[str, Team], list[Diagnostic]]:
    """Every structure's team for one profile, and the formulas that gave no number where one is required."""
    found: list[Diagnostic] = []
    fixed, named = _fixed(plan)
    teams = {layout.structure.id: _Staffer(plan, profile, layout, found).team(named) for layout in fixed}
    return teams, found


@lru_cache(maxsize=4)
def _fixed(plan: Plan) -> tuple[tuple[Layout, ...], tuple[str, ...]]:
    """What is the same for every profile: the layouts, and the `structure.*` names that something asks for."""
    asked = [requirement.needs for structure in plan.structures.values() for requirement in structure.eligible]
    asked += [formula for criterion in plan.criteria.values() for formula in (criterion.weight, criterion.value)]
    asked += [rule.when for rule in plan.rules.values() if rule.stage == "winner"]
    return layouts(plan), tuple(sorted({name for formula in asked for name in refs(formula.tree) if name.startswith("structure.")}))


class _Staffer:
    """One structure for one profile, while it is being staffed."""

    def __init__(self, plan: Plan, profile: Profile, layout: Layout, found: list[Diagnostic]) -> None:
        self.plan, self.profile, self.layout, self.found = plan, profile, layout, found
        self.facts: dict[str, Any] = {}
        self.demand: dict[str, float] = {id_: profile.values[f"role.{id_}.fte"] for id_ in plan.roles}
        self.active: dict[str, bool] = {id_: profile.values[f"role.{id_}.active"] for id_ in plan.roles}
        self.wages = {id_: self.number(role.wage, f"role.{id_}.wage") for id_, role in plan.roles.items()}
        settings = plan.settings
        self.rate = self.number(settings.wage_base, "wage_base") * self.number(settings.employer_factor, "employer_factor")
        self.seats = layout.seats
        self.posts = [self.post(seat) for seat in layout.seats]

    def value(self, name: str) -> Any:
        return self.facts[name] if name in self.facts else self.profile.value(name)

    def number(self, formula: Formula, what: str, value_of: Lookup | None = None) -> float:
        value = interpret(formula.tree, value_of or self.value)
        if value is None:
            self.missing(what, formula)
            return 0.0
        return float(value)

    def missing(self, what: str, formula: Formula) -> None:
        self.found.append(Diagnostic("X103", {"profile": self.profile.label, "what": what}, formula.span))

    def team(self, named: Iterable[str]) -> Team:
        for name, fact in FACTS.items():
            self.facts[name] = fact(self)
        for role in self.plan.roles:
            self.facts[f"staffing.coverage_of.{role}"] = self.coverage_of(role)
        self.facts["staffing.coordination"] = self.number(self.plan.settings.coordination, "staffing.coordination")
        self.facts |= {name: self.structure_fact(name.removeprefix("structure.")) for name in named}
        return Team(self.layout.structure, {seat.post.id: post for seat, post in zip(self.seats, self.posts, strict=True)}, self.facts)

    # -- posts

    def post(self, seat: Seat) -> Filled:
        post = seat.post
        where = f"{self.layout.structure.id}.{post.id}"
        shares = [(covering.role, self.share(covering, where)) for covering in seat.coverings]
        load = self.number(post.fte, where)
        for role, share in shares:
            load = load + self.work(role, share)
        if not math.isfinite(load):
            self.missing(where, post.fte)
            load = 0.0
        people = ceiling(load / post.step) * post.step
        people = max(people, self.number(post.min, where))
        if post.max is not None:
            people = min(people, self.number(post.max, where))
        capacity = people * self.number(post.productivity, where)
        wage = 0.0
        if post.engaged != "vendor":
            wage = self.number(post.grade, where) if post.grade is not None else self.mixed_wage(shares)
        local = {"post.load": load, "post.people": people}
        fee = self.number(post.fee, where, lambda name: local[name] if name in local else self.value(name))
        used = people > 0
        return Filled(load, people, capacity, wage, fee if used else 0.0, self.place(post.sits_in) if used else None)

    def share(self, covering: Covering, where: str) -> float | None:
        """The part of the role's work that the post does; None for all of it."""
        if covering.share is not None:
            return self.number(covering.share, where)
        if covering.whole:
            return None
        rest = 1.0
        for stated in covering.rest_of:
            rest = rest - self.number(stated, where)
        return max(rest, 0.0) / covering.split

    def work(self, role: str, share: float | None) -> float:
        return self.demand[role] if share is None else share * self.demand[role]

    def mixed_wage(self, shares: list[tuple[str, float | None]]) -> float:
        """The roles' wages weighted by their work here; 0 where there is none."""
        if len(shares) == 1:
            role = shares[0][0]
            return self.wages[role] if self.demand[role] > 0 else 0.0
        paid = work = 0.0
        for role, share in shares:
            part = self.work(role, share)
            work = work + part
            paid = paid + part * self.wages[role]
        return paid / work if work > 0 else 0.0

    def place(self, sits_in: tuple[str, ...]) -> str | None:
        """The team's placement if the post may sit there, else the first of its places."""
        placement = self.profile.values.get("placement")
        if placement is not None and (not sits_in or placement in sits_in):
            return str(placement)
        return sits_in[0] if sits_in else None

    # -- facts

    def engaged(self, *kinds: str) -> list[Filled]:
        return [post for seat, post in zip(self.seats, self.posts, strict=True) if seat.post.engaged in kinds]

    def pay(self, post: Filled) -> float:
        return post.people * post.wage * self.rate

    def cash_month(self) -> float:
        costs = zip(self.seats, self.posts, strict=True)
        return _sum(self.pay(post) + post.fee if seat.post.engaged == "employee" else post.fee for seat, post in costs)

    def opportunity_month(self) -> float:
        return _sum(self.pay(post) for post in self.engaged("borrowed", "volunteer"))

    def uncovered(self) -> float:
        return _sum(demand for role, demand in self.demand.items() if role not in self.layout.covered)

    def coverage(self) -> float:
        work = _sum(post.load for post in self.posts) + self.uncovered()
        done = _sum(min(post.load, post.capacity) for post in self.posts)
        return min(done / work, 1.0) if work > 0 else 1.0

    def fragmentation(self) -> float:
        limit = self.number(self.plan.settings.fragment, "fragment")
        used = [post for post in self.engaged("employee") if post.used]
        return sum(post.load < limit for post in used) / float(len(used)) if used else 0.0

    def span(self) -> float:
        widest = 0.0
        for lead, members in self.layout.leads:
            reports = _sum(self.posts[i].heads for i in members)
            widest = max(widest, reports / max(self.posts[lead].heads, 1.0))
        return widest

    def reach(self) -> float:
        units = self.number(self.plan.settings.units, "units")
        reached = _sum(post.people * self.number(seat.post.reaches, "reaches") for seat, post in zip(self.seats, self.posts, strict=True))
        return min(reached / units, 1.0) if units > 0 else 1.0

    def backup(self) -> float:
        active = [posts for role, posts in self.layout.covered.items() if self.active[role]]
        backed = sum(_sum(self.posts[i].heads for i in posts) >= 2 for posts in active)
        return backed / float(len(active)) if active else 1.0

    def overload(self) -> float:
        return max([0.0, *(post.load / post.capacity for post in self.posts if post.capacity > 0)])

    def roles_per_person(self) -> float:
        highest = 0.0
        for seat, post in zip(self.seats, self.posts, strict=True):
            if seat.coverings and post.used:
                roles = float(sum(self.active[covering.role] for covering in seat.coverings))
                highest = max(highest, roles / max(post.heads, 1.0))
        return highest

    def coverage_of(self, role: str) -> float:
        """How much of the role's work its posts get done: each does all of its work in the same proportion."""
        if not self.active[role]:
            return 1.0
        done = 0.0
        for i in self.layout.covered.get(role, ()):
            post = self.posts[i]
            part = min(post.capacity / post.load, 1.0) if post.load > 0 else 1.0
            share = self.share(next(c for c in self.seats[i].coverings if c.role == role), "share")
            done = done + (part if share is None else part * share)
        return min(done, 1.0)

    def structure_fact(self, short: str) -> Any:
        structure = self.layout.structure
        if short == "id":
            return structure.id
        if short == "posts":
            return float(len(structure.posts))
        if short == "places":
            return tuple(place for place in self.plan.places if any(place in post.sits_in for post in structure.posts))
        if short.startswith("covers."):
            return any(short.removeprefix("covers.") in post.covers for post in structure.posts)
        return self.number(structure.attributes[short], f"{structure.id}.{short}")


FACTS: dict[str, Callable[[_Staffer], float]] = {
    "staffing.people": lambda s: _sum(post.people for post in s.engaged("employee")),
    "staffing.heads": lambda s: _sum(post.heads for post in s.engaged("employee")),
    "staffing.borrowed": lambda s: _sum(post.people for post in s.engaged("borrowed")),
    "staffing.volunteers": lambda s: _sum(post.people for post in s.engaged("volunteer")),
    "staffing.vendors": lambda s: float(sum(post.used for post in s.engaged("vendor"))),
    "staffing.fte": lambda s: _sum(post.load for post in s.posts),
    "staffing.coverage": _Staffer.coverage,
    "staffing.uncovered": _Staffer.uncovered,
    "staffing.cash_month": _Staffer.cash_month,
    "staffing.opportunity_month": _Staffer.opportunity_month,
    "staffing.cost_month": lambda s: s.cash_month() + s.opportunity_month(),
    "staffing.fragmentation": _Staffer.fragmentation,
    "staffing.span": _Staffer.span,
    "staffing.seats": lambda s: float(len({post.place for post in s.posts} - {None})),
    "staffing.reach": _Staffer.reach,
    "staffing.backup": _Staffer.backup,
    "staffing.overload": _Staffer.overload,
    "staffing.roles_per_person": _Staffer.roles_per_person,
}
assert FACTS.keys() | {"staffing.coordination"} == STAFFING_FACTS.keys()


def _sum(parts: Iterable[float]) -> float:
    """Left to right, from 0, rounded at every step: Python 3.12's `sum` is not."""
    result = 0.0
    for part in parts:
        result = result + part
    return result
