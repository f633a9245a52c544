"""The activation rules written by hand with NumPy, as someone would who knew them all and never meant to change them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from engine.feel.arrays import Bits, Bool, Column, Items, Num, Str
from engine.model.plan import Plan

Array = Any


class Fields:
    """The settled columns as bare arrays, and words as the codes they have in them."""

    def __init__(self, plan: Plan, columns: Mapping[str, Column]) -> None:
        self.limit = {id_: parameter.value for id_, parameter in plan.parameters.items()}
        self.columns = columns

    def number(self, name: str) -> Array:
        column = self.columns[name]
        assert isinstance(column, Num) and column.null is None, name
        return column.values

    def flag(self, name: str) -> Array:
        column = self.columns[name]
        assert isinstance(column, Bool), name
        return column.true

    def equals(self, name: str, word: str) -> Array:
        column = self.columns[name]
        assert isinstance(column, Str), name
        return column.codes == column.words.index(word)

    def ranks(self, name: str, word: str) -> Array:
        column = self.columns[name]
        assert isinstance(column, Items) and column.null is None, name
        found = np.zeros(len(column.count), dtype=bool)
        for place, item in enumerate(column.items):
            assert isinstance(item, Str)
            found |= (item.codes == item.words.index(word)) & (column.count > place)
        return found

    def any_of(self, name: str, *words: str) -> Array:
        column = self.columns[name]
        assert isinstance(column, Bits) and column.null is None, name
        return (column.bits & np.uint64(sum(1 << column.words.index(word) for word in words))) != 0

    def empty(self, name: str) -> Array:
        column = self.columns[name]
        assert isinstance(column, Bits) and column.null is None, name
        return column.bits == 0


def fire(plan: Plan, columns: Mapping[str, Column], size: int) -> dict[str, Array]:
    """columns: every settled name. Returns rule id -> mask (N,)."""
    f = Fields(plan, columns)
    limit = f.limit
    inquiries, visuals, followers = f.number("inquiries_per_day"), f.number("visuals_per_week"), f.number("followers_total")
    employees, platforms, members, units = f.number("employees"), f.number("platforms"), f.number("community_members"), f.number("units")
    company, apart = f.flag("is_company"), f.flag("care_is_apart")
    service = f.ranks("goals", "service")
    risky = f.equals("risk", "high")
    asked = service & (~f.equals("customers", "none") | (inquiries >= limit["care_minimum_inquiries"]))
    busy = company & (inquiries >= limit["care_role_fte"] * limit["care_inquiries_per_agent_day"])
    no_care = ~(company | service)
    quiet = (inquiries < limit["care_few_inquiries"]) & ~risky
    some_visuals = visuals >= limit["designer_visuals_week"]
    few_followers = followers < limit["analyst_followers"]
    small, branding, design = employees < limit["small_employees"], f.ranks("goals", "branding"), f.number("design_hours")
    community = members > 0
    spread = units >= limit["hub_min_units"]
    return {
        "agents-for-service-goal": apart & asked,
        "agents-for-volume": apart & busy,
        "analyst-for-followers": ~few_followers,
        "analyst-for-measures": f.any_of("measures", "sales", "seo", "ab_test"),
        "analyst-for-platforms": platforms >= limit["analyst_platforms"],
        "approver-for-high-risk": risky,
        "care-for-service-goal": asked,
        "care-for-volume": busy,
        "community-for-members": community,
        "creator-for-many-visuals": visuals >= limit["creator_visuals_week"],
        "creator-for-media": f.equals("sector", "media") & some_visuals,
        "designer-for-branding": branding,
        "designer-for-visuals": some_visuals,
        "liaison-for-units": spread,
        "manager-always": np.ones(size, dtype=bool),
        "no-agents-without-goal": no_care,
        "no-analyst-for-information-only": ~f.flag("mixed_goals") & f.equals("first_goal", "information") & f.empty("measures") & few_followers,
        "no-analyst-in-a-small-organisation": (employees < limit["analyst_min_employees"]) & few_followers,
        "no-care-without-goal": no_care,
        "no-community-yet": members == 0,
        "no-designer-without-posts": design == 0,
        "no-liaison-in-a-small-organisation": employees < limit["liaison_min_employees"],
        "officer-for-platforms": platforms >= 1,
        "paid-specialist-for-sales": f.equals("first_goal", "sales") & f.any_of("measures", "sales", "ab_test") & ~small,
        "small-community-with-officer": community & (members < limit["community_small"]),
        "templates-instead-of-designer": small & (design < limit["template_hours"]) & ~branding,
        "too-few-questions": quiet,
        "too-few-questions-for-agents": quiet,
        "unit-admins-for-units": spread,
    }
