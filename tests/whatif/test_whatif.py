"""Small made-up models, gone through value by value: the reported change is the smallest there is; and what is asked wrongly is refused with a reason."""

from __future__ import annotations

import math
from itertools import pairwise
from typing import Any

import numpy as np
import pytest

from engine.model.plan import Plan
from engine.whatif import Change, WhatIf, movable, not_to_vary, read_target, whatif
from engine.whatif.field import Field
from tests.executors.models import BOTH, columns
from tests.executors.small import plan_of

WORK = {"type": "number", "range": "[0..200]"}


def model(**more: Any) -> Plan:
    """A team and an agency: people come in steps, the agency wants a fee, and what serves better is a quotient."""
    return plan_of(
        {
            "posts": {"type": "integer", "range": "[0..500]", "default": "10"},
            "hours": WORK | {"default": "4"},
            "budget": {"type": "number", "range": ">= 0"},
            "kind": {"type": "string", "values": ["shop", "school", "club"], "default": '"shop"'},
            "goals": {"type": "ranking", "values": ["sales", "service", "fame"], "default": '["fame"]'},
            "tools": {"type": "set", "values": ["maps", "chat", "shop"], "default": "[]"},
            "open": {"type": "boolean", "default": "false"},
        },
        (
            {"id": "writes", "when": "posts > 2", "activate": "writer"},
            {"id": "answers", "when": 'hours * 1.5 >= 10.4 or "service" in goals', "activate": "answerer"},
            {"id": "closed", "when": 'kind = "club" and not(open)', "exclude": "answerer"},
        ),
        roles={"writer": {"fte": "posts / 20 + 0.1", "wage": "2"}, "answerer": {"fte": "hours / 7", "wage": "1.5"}},
        structures={
            "team": {"posts": {"all": {"label": BOTH, "covers": ["answerer", "writer"]}}},
            "agency": {
                "posts": {
                    "lead": {"label": BOTH, "covers": ["answerer"], "max": "2"},
                    "out": {"label": BOTH, "covers": ["writer"], "engaged": "vendor", "fee": "120 + 30 * post.load"},
                },
                "eligible": [{"needs": "posts <= 140", "otherwise": BOTH}],
            },
        },
        criteria=[
            {"id": "price", "weight": "2", "value": "if staffing.cost_month > 0 then min(1, 400 / staffing.cost_month) else 1"},
            {"id": "does", "weight": 'if "chat" in tools then 1 else 1 + rank weight(goals, "service")', "value": "staffing.coverage"},
        ],
        model={"ranking": {"budget": "budget"}},
        **more,
    )


PLAN = model()
PROFILES: list[dict[str, Any]] = [
    {"posts": 30.0, "hours": 12.0},
    {"posts": 55.0, "hours": 3.0, "budget": 260.0, "kind": "club", "goals": ("fame",)},
    {"hours": 33.0, "tools": ("maps",), "goals": ("sales", "service"), "kind": "shop"},
    {"posts": 139.0, "hours": 0.0, "budget": 1000.0, "open": True},
]
TARGETS = ["recommended = agency", "role.answerer.active", "cost_month < 300", "people >= 3", "score > 0.8", "margin < 0.05", "recommended = null",
           "not(role.writer.active)",
           "ranking.affordable", "coverage < 1 and cash_month > 0"]  # fmt: skip


def asked(profile: dict[str, Any], want: str, plan: Plan = PLAN, **more: Any) -> tuple[Field, WhatIf]:
    target, found = read_target(plan, want)
    assert target is not None, [item.render() for item in found]
    stated = columns(plan, [{"org_id": "o", **profile}])
    return Field(plan, stated, target), whatif(plan, stated, target, **more)


def of(answer: WhatIf, name: str) -> Change | None:
    return next((change for change in answer.changes if change.inputs == (name,) and change.steps[0].value is not None), None)


@pytest.mark.parametrize("want", TARGETS)
@pytest.mark.parametrize("profile", range(len(PROFILES)))
def test_the_change_of_a_number_is_the_smallest_over_its_whole_range(profile: int, want: str) -> None:
    field, answer = asked(PROFILES[profile], want)
    for name, grid in (("posts", np.arange(0.0, 501.0)), ("hours", np.arange(0.0, 200.0, 1 / 128))):
        today = field.value(name)
        turned = field.points([name], np.zeros(len(grid), dtype=np.int64), grid) != field.held
        turned &= grid != today
        nearest = np.abs(grid[turned] - today).min(initial=math.inf)
        change = of(answer, name)
        size = math.inf if change is None else abs(change.steps[0].value - today)
        assert size <= nearest
        if change is not None:
            step = change.steps[0]
            assert field.changes([{name: step.value}])[0] != field.held
            assert step.before is None or field.changes([{name: step.before}])[0] == field.held
            if name == "posts":
                assert size == nearest and (step.before is None or abs(step.before - step.value) == 1)
            elif step.before is not None:
                assert size <= nearest < size + 1 / 64 or nearest == math.inf


@pytest.mark.parametrize("want", TARGETS)
@pytest.mark.parametrize("profile", range(len(PROFILES)))
def test_the_change_of_words_takes_the_fewest(profile: int, want: str) -> None:
    field, answer = asked(PROFILES[profile], want)
    assert [change.size for change in answer.changes] == sorted(change.size for change in answer.changes)
    for name, values in {"kind": ["shop", "school", "club"], "open": [True, False]}.items():
        turned = [value for value in values if value != field.value(name) and field.changes([{name: value}])[0] != field.held]
        change = of(answer, name)
        assert ([] if change is None or change.size == 0 else [change.steps[0].value, *change.alternatives]) == turned or (
            change is not None and change.size == 0
        )
    change = of(answer, "tools")
    today = set(field.value("tools") or ())
    if change is not None and change.size > 1:
        for word in PLAN.inputs["tools"].type.values or ():
            other = tuple(w for w in PLAN.inputs["tools"].type.values or () if (w in today) != (w == word))
            assert field.changes([{"tools": other}])[0] == field.held


def test_every_change_leads_where_it_says() -> None:
    for profile in PROFILES:
        field, answer = asked(profile, "recommended = agency")
        for change in answer.changes:
            assert (change.after.recommended == "agency") != answer.holds
            assert change.after.recommended in (*PLAN.structures, None)
            step = change.steps[0]
            if step.handy is not None:
                assert field.changes([{step.input: step.handy}])[0] != field.held


def test_what_holds_already_is_said_to_and_what_would_end_it() -> None:
    _, answer = asked({"posts": 30.0}, "role.writer.active")
    change = of(answer, "posts")
    assert answer.holds and change is not None and (change.steps[0].value, change.steps[0].before) == (2.0, 3.0)
    assert change.after.roles == ()


def test_an_assumed_value_is_where_the_search_starts_and_is_said_to_be_one() -> None:
    _, answer = asked({}, "role.answerer.active")
    change = of(answer, "hours")
    assert change is not None and change.steps[0].assumed and change.steps[0].today == 4.0
    assert change.steps[0].value == pytest.approx(10.4 / 1.5, rel=1e-11)


def test_a_missing_number_may_be_stated_and_a_stated_one_left_out() -> None:
    _, answer = asked({"posts": 30.0, "hours": 12.0}, "ranking.affordable")
    change = of(answer, "budget")
    assert change is not None and change.steps[0].today is None and change.after.cash_month <= change.steps[0].value
    _, answer = asked({"posts": 30.0, "budget": 5000.0}, "ranking.affordable")
    left_out = [change for change in answer.changes if change.inputs == ("budget",) and change.steps[0].value is None]
    assert answer.holds and len(left_out) == 1


def test_what_nothing_in_the_range_does_is_none_with_the_range() -> None:
    _, answer = asked({"posts": 30.0, "hours": 12.0}, "cost_month > 9000")
    assert of(answer, "hours") is None
    without = {item.input: item for item in answer.without}
    assert (without["hours"].low, without["hours"].high, without["hours"].proved) == (0.0, 200.0, True)


def test_only_what_is_asked_for_is_varied() -> None:
    _, answer = asked(PROFILES[0], "recommended = agency", vary=["hours"])
    assert {*(change.inputs[0] for change in answer.changes), *(item.input for item in answer.without)} == {"hours"}


@pytest.mark.parametrize("want", ["recommended = agency", "cost_month < 300", "score > 0.8"])
def test_a_pair_turns_the_target_with_less_than_either_alone(want: str) -> None:
    for profile in PROFILES[:2]:
        field, answer = asked(profile, want, pairs=True)
        alone = {name: min((c.size for c in answer.changes if c.inputs == (name,)), default=math.inf) for name in movable(PLAN)}
        for change in answer.pairs:
            a, b = change.steps
            assert field.changes([{a.input: a.value, b.input: b.value}])[0] != field.held
            assert change.size == a.size + b.size < min(alone[a.input], alone[b.input])
            for step, other in ((a, b), (b, a)):
                if step.before is not None:
                    assert field.changes([{step.input: step.before, other.input: other.value}])[0] == field.held
        assert all(x.size <= y.size for x, y in pairwise(answer.pairs))


# -- wrong questions

WRONG = {
    "score > 2": ("X120", "score > 2"),
    "role.writer.active and not(role.writer.active)": ("X120", "role.writer.active and not(role.writer.active)"),
    "recommended = team and recommended = agency": ("X120", "recommended = team and recommended = agency"),
    "recommended = teem": ("X206", "teem"),
    'recommended in ("team", "nobody")': ("X206", '"nobody"'),
    "role.writter.active": ("R401", "role.writter.active"),
    "posts + 1": ("R408", "posts + 1"),
    "cost_month <": ("R302", ""),
}


@pytest.mark.parametrize("want", WRONG)
def test_a_target_that_cannot_be_asked_for_is_refused_at_its_place(want: str) -> None:
    target, found = read_target(PLAN, want)
    assert target is None and [item.code for item in found] == [WRONG[want][0]]
    assert found[0].span is not None and found[0].span.text == WRONG[want][1]
    for lang in ("en", "id"):
        assert "{" not in found[0].render(lang)


def test_what_tells_organisations_apart_is_not_varied() -> None:
    assert [item.code for item in not_to_vary(PLAN, ["org_id", "hourss", "hours"])] == ["X122", "R401"]
    assert "org_id" not in movable(PLAN)
