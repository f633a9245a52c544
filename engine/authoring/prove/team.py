"""Turn a structure and one possible profile into the terms of its staffing: `staffing.scalar` once more, fact by fact as asked."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from fractions import Fraction

from engine.authoring.prove.encode import Names, Reader
from engine.authoring.prove.lists import minus
from engine.authoring.prove.solver import Term, both, choose, either, exactly, known, opposite, real, z3
from engine.authoring.prove.store import Encoder
from engine.authoring.prove.values import Inexpressible, Sym, numeric, total, truth
from engine.feel.tree import refs
from engine.model.facts import STAFFING_FACTS
from engine.model.plan import Formula, Plan, Rule
from engine.staffing.layout import Covering, Layout, Seat


@dataclass(frozen=True, slots=True)
class Filled:
    """One post: the terms of what `staffing.scalar.Filled` holds."""

    load: Term
    people: Term
    capacity: Term
    heads: Term
    used: Term


class Team:
    """One structure for one profile."""

    def __init__(self, plan: Plan, encoder: Encoder, names: Names, profile: Reader, layout: Layout) -> None:
        self.plan, self.encoder, self.names, self.profile, self.layout = plan, encoder, names, profile, layout
        self.reader = Reader(encoder, self.value)
        self._facts: dict[str, Sym] = {}
        self._posts: list[Filled] | None = None

    def value(self, name: str) -> Sym:
        if not name.startswith(("staffing.", "structure.")):
            return self.names(name)
        if name not in self._facts:
            self._facts[name] = self._fact(name)
        return self._facts[name]

    def eligible(self) -> Term:
        """Whether every requirement is met and the headcount allows it."""
        met = [self.reader.read(requirement.needs.tree).true for requirement in self.layout.structure.eligible]
        return both(*met, self.within())

    def within(self) -> Term:
        most = self.plan.settings.max_headcount
        if most is None:
            return True
        limit = self.profile.read(most.tree)
        return True if limit.null is True else either(limit.null, self.value("staffing.heads").term <= limit.term)

    def said(self, role: str) -> Term:
        """Whether a note about this structure speaks of a role that no post covers."""
        return either(*(self.reader.read(rule.when.tree).true for rule in notes_about(self.plan, role)))

    # -- posts

    @property
    def posts(self) -> list[Filled]:
        if self._posts is None:
            self._posts = [self._post(seat) for seat in self.layout.seats]
        return self._posts

    def _number(self, formula: Formula) -> Term:
        """The number of a formula that has one for every profile (the loader has seen to that)."""
        return self.profile.read(formula.tree).term

    def _post(self, seat: Seat) -> Filled:
        post, encoder = seat.post, self.encoder
        load = _sum([self._number(post.fte), *(self._work(covering) for covering in seat.coverings)])
        steps = encoder.floor(_times(load, real(-1 / exactly(post.step))))
        people = _most(_times(steps, real(-post.step)), self._number(post.min))
        if post.max is not None:
            people = _least(people, self._number(post.max))
        heads = _times(encoder.floor(_times(people, real(-1))), real(-1))
        return Filled(load, people, _times(people, self._number(post.productivity)), heads, _positive(people))

    def share(self, covering: Covering) -> Term | None:
        if covering.share is not None:
            return self._number(covering.share)
        if covering.whole:
            return None
        rest = real(1)
        for stated in covering.rest_of:
            rest = minus(rest, self._number(stated))
        return _times(_most(rest, real(0)), real(Fraction(1, covering.split)))

    def _work(self, covering: Covering) -> Term:
        share, demand = self.share(covering), self.demand(covering.role)
        return demand if share is None else _times(share, demand)

    def demand(self, role: str) -> Term:
        return self.names(f"role.{role}.fte").term

    def active(self, role: str) -> Term:
        return self.names(f"role.{role}.active").term

    def engaged(self, *kinds: str) -> list[Filled]:
        return [post for seat, post in zip(self.layout.seats, self.posts, strict=True) if seat.post.engaged in kinds]

    # -- facts

    def _fact(self, name: str) -> Sym:
        area, _, short = name.partition(".")
        if area == "structure":
            return self._structure_fact(short)
        if short.startswith("coverage_of."):
            return numeric(self._coverage_of(short.removeprefix("coverage_of.")))
        if short == "coordination":
            return self.reader.read(self.plan.settings.coordination.tree)
        if short in FACTS:
            return numeric(FACTS[short](self))
        return self._bounded(name)

    def _bounded(self, name: str) -> Sym:
        """A fact that has no formula here: any value within its bounds."""
        type_ = STAFFING_FACTS[name]
        self.encoder.abstracted.add(name)
        term = self.encoder.number(self.encoder.fresh(name))
        self.encoder.axiom(term >= real(type_.low))
        self.encoder.axiom(term <= real(type_.high))
        return numeric(term)

    def _structure_fact(self, short: str) -> Sym:
        structure, texts = self.layout.structure, self.encoder.texts
        if short == "id":
            return Sym("string", term=texts.code(structure.id))
        if short == "posts":
            return numeric(real(len(structure.posts)))
        if short == "places":
            return Sym("set", bits={place: any(place in post.sits_in for post in structure.posts) for place in self.plan.places})
        if short.startswith("covers."):
            return truth(any(short.removeprefix("covers.") in post.covers for post in structure.posts))
        if short in structure.attributes:
            return self.profile.read(structure.attributes[short].tree)
        raise Inexpressible(f"structure.{short}")

    def uncovered(self) -> Term:
        return _sum(self.demand(role) for role in self.plan.roles if role not in self.layout.covered)

    def coverage(self) -> Term:
        work = _sum([*(post.load for post in self.posts), self.uncovered()])
        done = _sum(_least(post.load, post.capacity) for post in self.posts)
        return choose(_positive(work), _least(self.encoder.quotient(done, work), real(1)), real(1))

    def fragmentation(self) -> Term:
        limit, posts = self._number(self.plan.settings.fragment), self.engaged("employee")
        small = _sum(_one(both(post.used, post.load < limit)) for post in posts)
        used = _sum(_one(post.used) for post in posts)
        return choose(_positive(used), self.encoder.quotient(small, used), real(0))

    def span(self) -> Term:
        widest = real(0)
        for lead, members in self.layout.leads:
            reports = _sum(self.posts[i].heads for i in members)
            widest = _most(widest, self.encoder.quotient(reports, _most(self.posts[lead].heads, real(1))))
        return widest

    def reach(self) -> Term:
        units = self._number(self.plan.settings.units)
        seats = zip(self.layout.seats, self.posts, strict=True)
        reached = _sum(_times(post.people, self._number(seat.post.reaches)) for seat, post in seats)
        return choose(_positive(units), _least(self.encoder.quotient(reached, units), real(1)), real(1))

    def backup(self) -> Term:
        covered = self.layout.covered.items()
        backed = _sum(_one(both(self.active(role), _sum(self.posts[i].heads for i in posts) >= 2)) for role, posts in covered)
        active = _sum(_one(self.active(role)) for role, _ in covered)
        return choose(_positive(active), self.encoder.quotient(backed, active), real(1))

    def overload(self) -> Term:
        highest = real(0)
        for post in self.posts:
            highest = _most(highest, choose(_positive(post.capacity), self.encoder.quotient(post.load, post.capacity), real(0)))
        return highest

    def roles_per_person(self) -> Term:
        highest = real(0)
        for seat, post in zip(self.layout.seats, self.posts, strict=True):
            if seat.coverings:
                roles = _sum(_one(self.active(covering.role)) for covering in seat.coverings)
                highest = _most(highest, choose(post.used, self.encoder.quotient(roles, _most(post.heads, real(1))), real(0)))
        return highest

    def _coverage_of(self, role: str) -> Term:
        done = []
        for i in self.layout.covered.get(role, ()):
            post = self.posts[i]
            part = choose(_positive(post.load), _least(self.encoder.quotient(post.capacity, post.load), real(1)), real(1))
            share = self.share(next(c for c in self.layout.seats[i].coverings if c.role == role))
            done.append(part if share is None else _times(part, share))
        return choose(opposite(self.active(role)), real(1), _least(_sum(done), real(1)))


def notes_about(plan: Plan, role: str) -> list[Rule]:
    """The notes about a structure that ask what covers a role, or whether any work is left uncovered."""
    about = {"staffing.uncovered", f"structure.covers.{role}", f"staffing.coverage_of.{role}"}
    names = {rule.id: set(refs(rule.when.tree)) for rule in plan.rules.values() if rule.stage == "winner"}
    return [plan.rules[id_] for id_, used in names.items() if about & used and not any(name.startswith("ranking.") for name in used)]


FACTS: dict[str, Callable[[Team], Term]] = {
    "people": lambda t: _sum(post.people for post in t.engaged("employee")),
    "heads": lambda t: _sum(post.heads for post in t.engaged("employee")),
    "borrowed": lambda t: _sum(post.people for post in t.engaged("borrowed")),
    "volunteers": lambda t: _sum(post.people for post in t.engaged("volunteer")),
    "vendors": lambda t: _sum(_one(post.used) for post in t.engaged("vendor")),
    "fte": lambda t: _sum(post.load for post in t.posts),
    "coverage": Team.coverage,
    "uncovered": Team.uncovered,
    "fragmentation": Team.fragmentation,
    "span": Team.span,
    "reach": Team.reach,
    "backup": Team.backup,
    "overload": Team.overload,
    "roles_per_person": Team.roles_per_person,
}  # seats and money have no formula here: places and wages would make every question large


def _sum(parts: Iterable[Term]) -> Term:
    kept = [part for part in parts if known(part) != 0]
    return total(kept)


def _one(condition: Term) -> Term:
    return choose(condition, real(1), real(0))


def _times(a: Term, b: Term) -> Term:
    x, y = known(a), known(b)
    if x is not None and y is not None:
        return real(x * y)
    if x == 0 or y == 0:
        return real(0)
    return b if x == 1 else a if y == 1 else a * b


def _positive(term: Term) -> Term:
    exact = known(term)
    return term > 0 if exact is None else exact > 0


def _most(a: Term, b: Term) -> Term:
    x, y = known(a), known(b)
    if x is not None and y is not None:
        return real(max(x, y))
    return z3.If(a < b, b, a)


def _least(a: Term, b: Term) -> Term:
    x, y = known(a), known(b)
    if x is not None and y is not None:
        return real(min(x, y))
    return z3.If(b < a, b, a)
