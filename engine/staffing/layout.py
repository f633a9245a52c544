"""Turn a plan's structures into the fixed part of staffing: which post covers which role with which share, who leads whom, what sits where."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache

from engine.feel.tree import Op, Ref, Tree, refs
from engine.model.compile import formulas
from engine.model.plan import Formula, Plan, Post, Structure

ALWAYS = ("staffing.people", "staffing.heads", "staffing.fte", "staffing.coverage", "staffing.cash_month", "staffing.cost_month")


@dataclass(frozen=True, slots=True)
class Covering:
    """One role's work in one post: all of it (`share` None), a stated share, or a part of what the others leave (`rest_of`, split evenly)."""

    role: str
    share: Formula | None
    rest_of: tuple[Formula, ...]  # the shares that other posts state
    split: int  # how many posts divide the rest

    @property
    def whole(self) -> bool:
        return self.share is None and not self.rest_of and self.split == 1


@dataclass(frozen=True, slots=True)
class Seat:
    """A post of a structure with its coverings, in role order."""

    post: Post
    coverings: tuple[Covering, ...]


@dataclass(frozen=True, slots=True)
class Layout:
    """`seats`: posts in id order. `leads`: posts that others report to, with those others. `covered`: role -> its posts' positions."""

    structure: Structure
    seats: tuple[Seat, ...]
    leads: tuple[tuple[int, tuple[int, ...]], ...]
    covered: Mapping[str, tuple[int, ...]]


@lru_cache(maxsize=8)
def layouts(plan: Plan) -> tuple[Layout, ...]:
    """One layout per structure, in id order."""
    return tuple(_layout(structure) for structure in plan.structures.values())


def _layout(structure: Structure) -> Layout:
    posts = structure.posts
    place = {post.id: i for i, post in enumerate(posts)}
    covered: dict[str, list[int]] = {}
    for i, post in enumerate(posts):
        for role in post.covers:
            covered.setdefault(role, []).append(i)
    seats = []
    for post in posts:
        coverings = []
        for role in post.covers:
            others = [posts[i] for i in covered[role]]
            stated = tuple(other.share[role] for other in others if role in other.share)
            open_ = sum(role not in other.share for other in others)
            coverings.append(Covering(role, post.share.get(role), () if role in post.share else stated, open_))
        seats.append(Seat(post, tuple(coverings)))
    leads: dict[int, list[int]] = {}
    for i, post in enumerate(posts):
        if post.reports_to is not None:
            leads.setdefault(place[post.reports_to], []).append(i)
    return Layout(
        structure,
        tuple(seats),
        tuple((lead, tuple(members)) for lead, members in sorted(leads.items())),
        {role: tuple(found) for role, found in sorted(covered.items())},
    )


@lru_cache(maxsize=8)
def facts_used(plan: Plan) -> frozenset[str]:
    """The staffing facts that eligibility, criteria, coordination and notes name."""
    parts: tuple[object, ...] = (
        *plan.structures.values(),
        *plan.criteria.values(),
        *(rule for rule in plan.rules.values() if rule.stage == "winner"),
        plan.settings,
    )
    return frozenset(name for part in parts for formula in _all(part) for name in refs(formula.tree) if name.startswith("staffing."))


@lru_cache(maxsize=8)
def team_keys(plan: Plan) -> frozenset[int]:
    """Keys of the trees that name `staffing.*` or `structure.*`: they have a value per structure, all others one per profile."""
    found: set[int] = set()

    def visit(tree: Tree) -> bool:
        if isinstance(tree, Ref):
            return tree.name.startswith(("staffing.", "structure."))
        inner = [visit(arg) for arg in tree.args] if isinstance(tree, Op) else []
        if any(inner):
            found.add(tree.key)
        return any(inner)

    for part in (*plan.structures.values(), *plan.criteria.values(), plan.settings):
        for formula in _all(part):
            visit(formula.tree)
    return frozenset(found)


def _all(part: object) -> Iterator[Formula]:
    yield from formulas(part)
