"""Every hit policy, as data: what a table gives in each executor, alone and in a batch, and how a conflict names its rows and its profile."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from engine.cross_check import EXECUTORS
from engine.decide import decide
from engine.executors.base import Activations, Executor
from engine.executors.columnar import Columnar
from engine.feel.arrays import to_values
from engine.model.plan import Plan
from tests.executors.models import Row, columns
from tests.executors.small import differences, plan_of

CASES = yaml.safe_load((Path(__file__).parents[1] / "cases" / "model" / "hit_policies.yaml").read_text(encoding="utf-8"))
ALL: tuple[Executor, ...] = (Columnar(), *EXECUTORS)


def case_plan(case: dict[str, Any]) -> Plan:
    rules = [{**rule, "then": str(rule["then"])} for rule in case["table"]["rules"]]
    table = {**case["table"], "rules": rules} | ({"default": str(case["table"]["default"])} if "default" in case["table"] else {})
    return plan_of(case["inputs"], decisions={"result": {"table": table}})


def plain(value: Any) -> Any:
    return [plain(item) for item in value] if isinstance(value, tuple) else value


def values(found: Activations) -> list[Any]:
    return [plain(value) for value in to_values(found.columns["result"], found.size)]


def conflicts(found: Activations, row: int) -> list[list[Any]]:
    said = [conflict.diagnostic for conflict in found.conflicts if conflict.row == row]
    return [[each.code, each.values["a"], each.values["b"]] for each in said]


@pytest.mark.parametrize("executor", ALL, ids=lambda executor: executor.name)
@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_a_table_gives(case: dict[str, Any], executor: Executor) -> None:
    plan = case_plan(case)
    rows: list[Row] = [{"org_id": f"o{i}", **row["given"]} for i, row in enumerate(case["rows"])]
    together = executor.activate(plan, columns(plan, rows), len(rows))
    assert values(together) == [row["gives"] for row in case["rows"]]
    assert [conflicts(together, i) for i in range(len(rows))] == [row.get("conflicts", []) for row in case["rows"]]
    for row, wanted in zip(rows, case["rows"], strict=True):
        alone = executor.activate(plan, columns(plan, [row]), 1)
        assert (values(alone), conflicts(alone, 0)) == ([wanted["gives"]], wanted.get("conflicts", []))


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_all_ways_of_deciding_agree(case: dict[str, Any]) -> None:
    assert differences(case_plan(case), *(row["given"] for row in case["rows"])) == []


@pytest.mark.parametrize("executor", ALL, ids=lambda executor: executor.name)
def test_a_conflict_names_the_table_both_rows_and_the_profile(executor: Executor) -> None:
    table = {"hit policy": "unique", "inputs": ["x * 2"], "rules": [{"when": ["> 2"], "then": "1"}, {"when": ["> 1"], "then": "2"}]}
    plan = plan_of({"x": "number"}, decisions={"zone": {"table": table}})
    rows: list[Row] = [{"org_id": "quiet", "x": 0.0}, {"org_id": "torn", "x": 9.0}]
    made = decide(plan, columns(plan, rows), 2, executor)
    assert [conflict.row for conflict in made.conflicts] == [1]
    message = made.conflicts[0].diagnostic.message("en")
    for part in ("zone", "1", "2", "torn"):
        assert part in message
    assert made.conflicts[0].diagnostic.message("id") != message
