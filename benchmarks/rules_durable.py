"""The activation rules written for durable-rules itself: its own `when_all` over the fields, in the fastest form that was found.

Many profiles are asserted in one call and `cap` hands each action all profiles that its rule fired for: about three times as fast as one profile at a time,
because every call into the library copies messages as JSON. Batches of 64 and more are no faster and fail on some data (error 307, or a crash); 32 ran through
200,000 profiles. A set is a flag for each member.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from engine.feel.arrays import Column, to_values
from engine.model.plan import Plan

BATCH = CAP = 32
RULESET = "activation"
Facts = list[dict[str, Any]]


def load() -> Any:
    """durable.lang. On Python 3.13 one of its symbols exists no more; it is never called here, so it may stay unresolved."""
    flags = sys.getdlopenflags()
    sys.setdlopenflags(os.RTLD_LAZY)
    try:
        from durable import lang
    finally:
        sys.setdlopenflags(flags)
    return lang


def facts(columns: Mapping[str, Column], size: int) -> Facts:
    """The settled columns as one message a profile, made before the clock starts."""
    values = {name: to_values(column, size) for name, column in columns.items()}
    found: Facts = []
    for row in range(size):
        fact = {name: values[name][row] for name in columns if name not in ("goals", "measures")}
        goals, measures = values["goals"][row], values["measures"][row]
        fact |= {"goal_service": "service" in goals, "goal_branding": "branding" in goals, "measured": len(measures)}
        fact |= {f"measures_{word}": word in measures for word in ("sales", "seo", "ab_test")}
        found.append({"id": row, "sid": "1", **fact})
    return found


class Rules:
    """The ruleset; `fire` returns the ids of the rules that fired, a set for each profile."""

    def __init__(self, plan: Plan) -> None:
        self.lang = load()
        self.fired: list[set[str]] = []
        limit = {id_: parameter.value for id_, parameter in plan.parameters.items()}
        conditions = _conditions(self.lang.m, limit)
        self.ids = tuple(conditions)
        with self.lang.ruleset(RULESET):
            for id_, condition in conditions.items():
                self.lang.when_all(self.lang.cap(CAP), condition())(self._action(id_))

    def _action(self, id_: str) -> Callable[[Any], None]:
        def action(c: Any) -> None:
            for match in c.m:
                fact = match._d
                self.fired[fact["m"]["id"] if "m" in fact else fact["id"]].add(id_)

        return action

    def fire(self, messages: Sequence[dict[str, Any]]) -> list[set[str]]:
        self.fired = [set() for _ in messages]
        for start in range(0, len(messages), BATCH):
            self.lang.assert_facts(RULESET, messages[start : start + BATCH])
            self.lang.delete_state(RULESET, "1")
        return self.fired


def _conditions(m: Any, limit: Mapping[str, float]) -> dict[str, Callable[[], Any]]:
    """Made one by one: `m.x` is consumed by the rule that it stands in."""
    busy = limit["care_role_fte"] * limit["care_inquiries_per_agent_day"]
    few, minimum = limit["care_few_inquiries"], limit["care_minimum_inquiries"]
    true, false = True, False
    return {
        "agents-for-service-goal": lambda: (m.care_is_apart == true) & (m.goal_service == true) & ((m.customers != "none") | (m.inquiries_per_day >= minimum)),
        "agents-for-volume": lambda: (m.care_is_apart == true) & (m.is_company == true) & (m.inquiries_per_day >= busy),
        "analyst-for-followers": lambda: m.followers_total >= limit["analyst_followers"],
        "analyst-for-measures": lambda: (m.measures_sales == true) | (m.measures_seo == true) | (m.measures_ab_test == true),
        "analyst-for-platforms": lambda: m.platforms >= limit["analyst_platforms"],
        "approver-for-high-risk": lambda: m.risk == "high",
        "care-for-service-goal": lambda: (m.goal_service == true) & ((m.customers != "none") | (m.inquiries_per_day >= minimum)),
        "care-for-volume": lambda: (m.is_company == true) & (m.inquiries_per_day >= busy),
        "community-for-members": lambda: m.community_members > 0,
        "creator-for-many-visuals": lambda: m.visuals_per_week >= limit["creator_visuals_week"],
        "creator-for-media": lambda: (m.sector == "media") & (m.visuals_per_week >= limit["designer_visuals_week"]),
        "designer-for-branding": lambda: m.goal_branding == true,
        "designer-for-visuals": lambda: m.visuals_per_week >= limit["designer_visuals_week"],
        "liaison-for-units": lambda: m.units >= limit["hub_min_units"],
        "manager-always": lambda: +m.employees,
        "no-agents-without-goal": lambda: (m.is_company == false) & (m.goal_service == false),
        "no-analyst-for-information-only": lambda: (
            (m.mixed_goals == false) & (m.first_goal == "information") & (m.measured == 0) & (m.followers_total < limit["analyst_followers"])
        ),
        "no-analyst-in-a-small-organisation": lambda: (m.employees < limit["analyst_min_employees"]) & (m.followers_total < limit["analyst_followers"]),
        "no-care-without-goal": lambda: (m.is_company == false) & (m.goal_service == false),
        "no-community-yet": lambda: m.community_members == 0,
        "no-designer-without-posts": lambda: m.design_hours == 0,
        "no-liaison-in-a-small-organisation": lambda: m.employees < limit["liaison_min_employees"],
        "officer-for-platforms": lambda: m.platforms >= 1,
        "paid-specialist-for-sales": lambda: (
            (m.first_goal == "sales") & ((m.measures_sales == true) | (m.measures_ab_test == true)) & (m.employees >= limit["small_employees"])
        ),
        "small-community-with-officer": lambda: (m.community_members > 0) & (m.community_members < limit["community_small"]),
        "templates-instead-of-designer": lambda: (
            (m.employees < limit["small_employees"]) & (m.design_hours < limit["template_hours"]) & (m.goal_branding == false)
        ),
        "too-few-questions": lambda: (m.inquiries_per_day < few) & (m.risk != "high"),
        "too-few-questions-for-agents": lambda: (m.inquiries_per_day < few) & (m.risk != "high"),
        "unit-admins-for-units": lambda: m.units >= limit["hub_min_units"],
    }
