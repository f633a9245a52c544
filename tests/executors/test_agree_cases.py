"""Cases in which the ways of deciding once did not agree."""

from __future__ import annotations

from typing import Any

import pytest

from tests.executors.models import BOTH
from tests.executors.small import STARTED, decided, differences, plan_of

NUMBER = {"type": "number"}
SURE = {"type": "number", "required": True}
POST = {"label": BOTH, "covers": ["worker"]}


def table(policy: str, *rules: tuple[str, str], subject: str = "x", **more: Any) -> dict[str, Any]:
    return {"table": {"hit policy": policy, "inputs": [subject], "rules": [{"when": [when], "then": then} for when, then in rules], **more}}


def team(**post: Any) -> dict[str, Any]:
    return {"posts": {"post": {**POST, **post}}}


# name: (what `small` takes, rows)
CASES: dict[str, tuple[dict[str, Any], list[dict[str, Any]]]] = {
    "assumed.x is needed before x": (
        {"inputs": {"x": {**NUMBER, "default": "3"}}, "decisions": {"a": {"value": "if assumed.x then 1 else 2"}}},
        [{"x": 1.0}, {}],
    ),
    "assumed.x is needed in a cell before x": (
        {"inputs": {"x": {**NUMBER, "default": "3"}}, "decisions": {"a": table("first", ("assumed.x", "1"), ("-", "2"), subject="true")}},
        [{"x": 1.0}, {}],
    ),
    "a default gives a word that is not declared": (
        {
            "inputs": {"t": "string", "size": {"type": "string", "values": ["big", "tiny"], "default": 'lower case(if t = null then "big" else t)'}},
            "decisions": {"d": table("first", ('"big"', "1"), ('"tiny"', "2"), ("-", "3"), subject="size"), "n": {"value": "size = null"}},
        },
        [{"t": "TINY"}, {"t": "huge"}, {}],
    ),
    "the first row of a table gives null": (
        {"inputs": {"x": NUMBER}, "decisions": {"d": table("first", ("null", "null"), ("-", '"some"'))}},
        [{"x": 1.0}, {}],
    ),
    "the default of a table of texts is null": (
        {"inputs": {"x": NUMBER}, "decisions": {"d": table("first", ("> 0", '"some"'), default="null")}},
        [{"x": 1.0}, {}],
    ),
    "a list of texts with a null": (
        {"inputs": {"x": NUMBER}, "decisions": {"d": table("collect", ("null", "null"), ("-", '"some"'))}},
        [{"x": 1.0}, {}],
    ),
    "priority goes by what a row gives": (
        {"inputs": {"x": SURE}, "decisions": {"d": table("priority", ("-", 'if x > 3 then "high" else "low"'), ("-", '"low"'), values=["high", "low"])}},
        [{"x": 1.0}, {"x": 5.0}],
    ),
    "output order goes by what a row gives": (
        {
            "inputs": {"x": SURE},
            "decisions": {"d": table("output order", ("-", 'if x > 3 then "low" else "high"'), ("-", '"low"'), ("-", '"high"'), values=["high", "low"])},
        },
        [{"x": 1.0}, {"x": 5.0}],
    ),
    "the tie tolerance depends on the profile": (
        {
            "inputs": {"x": SURE},
            "model": {"ranking": {"tie_tolerance": "x"}},
            "structures": {"one": {}, "two": team(fte="1")},
            "criteria": [{"id": "only", "weight": "1", "value": "if staffing.fte > 1 then 0.5 else 0"}],
        },
        [{"x": 0.0}, {"x": 5.0}],
    ),
    "the budget slack depends on the profile": (
        {
            "inputs": {"x": SURE, "budget": SURE},
            "model": {"ranking": {"budget": "budget", "budget_slack": "x"}},
        },
        [{"x": 0.0, "budget": 60.0}, {"x": 5.0, "budget": 60.0}],
    ),
    "a list of what matches, for each word": (
        {"inputs": {"t": "string"}, "decisions": {"d": table("rule order", ("null", "1"), ("not(null)", "2"), subject="t")}},
        [{"t": "a"}, {"t": "b"}, {"t": "a"}, {}, {}],
    ),
    "a list of what may match, for each word": (
        {"inputs": {"t": "string"}, "decisions": {"d": table("rule order", ("-", "if t = null then 0 else null"), ("-", "1"), subject="t")}},
        [{"t": "a"}, {"t": "b"}, {"t": "a"}, {}, {}],
    ),
    "a requirement that is null": (
        {"structures": {"one": {"eligible": [{"needs": "null", "otherwise": BOTH}]}}},
        [{}],
    ),
    "a note on the recommended structure whose condition is null": (
        {"rules": [STARTED, {"id": "n", "when": "null", "note": "info", "because": {"en": "{staffing.fte}", "id": "x"}}]},
        [{}],
    ),
    "work below zero": (
        {"inputs": {"x": SURE}, "structures": {"one": team(fte="x"), "two": team(fte="x", min="if x > 0 then 0 else 0")}},
        [{"x": -3.0}, {"x": 0.5}],
    ),
    "scores that are tiny": (
        {
            "structures": {"one": {}, "two": team(fte="1")},
            "criteria": [{"id": "only", "weight": "1", "value": "if staffing.fte > 1 then 0.00000000000000002 else 0.00000000000000001"}],
        },
        [{}],
    ),
    "work that is too large for a number": (
        {"inputs": {"x": SURE}, "structures": {"one": team(fte=f"x * {10.0**307}")}, "roles": {"worker": {"fte": f"x * {10.0**307}"}}},
        [{"x": 10.0}, {"x": 1.0}],
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_all_ways_of_deciding_agree(name: str) -> None:
    files, rows = CASES[name]
    assert differences(plan_of(**files), *rows) == []


def test_a_conflict_names_the_profile_whatever_the_table_is_called() -> None:
    plan = plan_of({"x": "number"}, decisions={"a": table("unique", ("> 1", "1"), ("> 2", "2"), subject="x * 2")})
    assert [conflict.diagnostic.values["profile"] for conflict in decided(plan, {}, {"x": 9.0}).conflicts] == ["o1"]


def test_a_number_that_is_missing_in_staffing_names_the_profile() -> None:
    plan = plan_of({"x": "number"}, structures={"one": team(fte=f"if x = null then 0 else x * {10.0**308} * 10")})
    assert [conflict.diagnostic.values["profile"] for conflict in decided(plan, {}, {"x": 9.0}).conflicts] == ["o1"]


def test_columns_are_constants_or_as_long_as_the_batch() -> None:
    plan = plan_of({"x": "number"}, decisions={"a": {"value": "2 ** 0.7"}, "b": {"value": "[1, 2][2]"}, "c": table("collect", ("-", "1"), subject="1")})
    shapes = {name: column.values.shape for name, column in decided(plan, {}, {}, {}).activations.columns.items() if hasattr(column, "values")}
    assert set(shapes.values()) <= {(), (3,)}
