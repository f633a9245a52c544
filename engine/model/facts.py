"""The names that staffing, structures and the ranking give to eligibility, criteria and notes, with their types."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from engine.feel.types import BOOLEAN, Type, number, words
from engine.model.plan import Formula, Role, Structure

COUNT = number(0.0, 1e9)
SHARE = number(0.0, 1.0)
MONEY = number(0.0, 1e18)

STAFFING_FACTS: dict[str, Type] = {
    "staffing.people": COUNT,
    "staffing.heads": COUNT,
    "staffing.borrowed": COUNT,
    "staffing.volunteers": COUNT,
    "staffing.vendors": COUNT,
    "staffing.fte": COUNT,
    "staffing.coverage": SHARE,
    "staffing.uncovered": COUNT,
    "staffing.cash_month": MONEY,
    "staffing.opportunity_month": MONEY,
    "staffing.cost_month": MONEY,
    "staffing.coordination": COUNT,
    "staffing.fragmentation": SHARE,
    "staffing.span": COUNT,
    "staffing.seats": COUNT,
    "staffing.reach": SHARE,
    "staffing.backup": SHARE,
    "staffing.overload": number(0.0, 1e15),
    "staffing.roles_per_person": COUNT,
}
BEFORE_COORDINATION = tuple(name for name in STAFFING_FACTS if name != "staffing.coordination")

RANKING_FACTS: dict[str, Type] = {
    "ranking.score": SHARE,
    "ranking.margin": number(0.0, 1.0, nullable=True),
    "ranking.affordable": BOOLEAN.with_null(),
    "ranking.budget_gap": number(0.0, 1e18, nullable=True),
    "ranking.eligible": COUNT,
    "ranking.tie": BOOLEAN,
}
POST_FACTS: dict[str, Type] = {"post.load": COUNT, "post.people": COUNT}


def staffing_facts(roles: Mapping[str, Role]) -> dict[str, Type]:
    return STAFFING_FACTS | {f"staffing.coverage_of.{id_}": SHARE for id_ in roles}


def structure_facts(
    structures: Mapping[str, Structure], roles: Mapping[str, Role], attributes: Mapping[str, Formula], places: Iterable[str]
) -> dict[str, Type]:
    """`structure.<attribute>` is typed by the widest of the structures' formulas."""
    facts: dict[str, Type] = {"structure.id": words((*sorted(structures), "current")), "structure.posts": COUNT}
    for name in attributes:
        types = [structure.attributes[name].tree.type for structure in structures.values() if name in structure.attributes]
        facts[f"structure.{name}"] = number(min([0.0, *(t.low for t in types)]), max([0.0, *(t.high for t in types)]))
    return facts | {f"structure.covers.{id_}": BOOLEAN for id_ in roles} | {"structure.places": words(tuple(places), "set")}
