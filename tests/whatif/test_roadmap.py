"""How a team grows: every stage that a walk through all values finds, what comes at each, the path that is given, and the next hire of many."""

from __future__ import annotations

import csv
import json
from typing import Any

import numpy as np
import pytest

from engine.api import read_profiles
from engine.commands import roadmap as command
from engine.commands.common import Stop
from engine.feel.arrays import take
from engine.roadmap import next_hires, plan_for, roadmap
from engine.roadmap.team import seen
from engine.whatif.field import Field
from engine.whatif.target import read_target
from tests.executors.models import columns
from tests.program import SAMPLE, run
from tests.rules.shipped_model import plan as shipped
from tests.whatif.test_whatif import PLAN, PROFILES


def field_of(profile: dict[str, Any]) -> tuple[Field, dict[str, Any]]:
    target, _ = read_target(PLAN, "people >= 0")
    assert target is not None
    stated = columns(PLAN, [{"org_id": "o", **profile}])
    return Field(PLAN, stated, target), stated


@pytest.mark.parametrize("profile", range(len(PROFILES)))
def test_the_stages_are_those_of_a_walk_through_every_whole_number(profile: int) -> None:
    field, stated = field_of(PROFILES[profile])
    values = np.arange(0.0, 301.0)
    view = seen(field.decided_at("posts", values))
    walked = [0.0, *values[1:][(view[:, 1:] != view[:, :-1]).any(axis=0)].tolist()]
    found = roadmap(PLAN, stated, "posts", 0.0, 300.0)
    assert [stage.at for stage in found.stages] == walked and found.proved


@pytest.mark.parametrize("profile", range(len(PROFILES)))
def test_no_dense_look_finds_a_stage_that_is_not_there(profile: int) -> None:
    field, stated = field_of(PROFILES[profile])
    found = roadmap(PLAN, stated, "hours", 0.0, 60.0)
    values = np.arange(0.0, 60.0, 1 / 256)
    view = seen(field.decided_at("hours", values))
    walked = values[1:][(view[:, 1:] != view[:, :-1]).any(axis=0)]
    at = np.array([stage.at for stage in found.stages])
    assert all(((at > value - 1 / 128) & (at <= value)).any() for value in walked)
    for stage in found.stages[1:]:
        before, after = seen(field.decided_at("hours", np.array([max(0.0, stage.at - 1e-9 * max(1.0, stage.at)), stage.at]))).T
        assert (before != after).any()


def test_a_stage_says_who_comes_and_what_it_costs() -> None:
    _, stated = field_of({"hours": 4.0})
    stages = plan_for(PLAN, stated, "posts", [10.0, 30.0, 60.0])
    for before, stage in zip(stages, stages[1:], strict=False):
        if not stage.new_structure:
            assert sum(gain.people for gain in stage.gains if gain.engaged == "employee") == pytest.approx(stage.after.people - before.after.people)
        assert set(stage.roles_came) == set(stage.after.roles) - set(before.after.roles)
    assert stages[0].new_structure and stages[0].gains


def test_the_next_hire_is_at_the_smallest_of_the_budgets_that_bring_one() -> None:
    plan = shipped()
    profiles, _ = read_profiles(plan, str(SAMPLE))
    assert profiles is not None
    together = next_hires(plan, profiles.columns, profiles.size)
    bought = [i for i, found in enumerate(together) if found[2] is not None]
    assert len(bought) > 5
    for i in bought[:3]:
        one = {name: take(column, np.array([i])) for name, column in profiles.columns.items() if name in plan.inputs}
        assert next_hires(plan, one, 1) == [together[i]]
        today, budget, price, then = together[i]
        assert budget is not None and price is not None and then is not None and price > budget
        just_below, at = plan_for(plan, one, plan.settings.budget or "", [price - 1.0, price])
        for stage, more in ((just_below, False), (at, True)):
            assert (stage.after.people > today.people or bool(set(stage.after.roles) - set(today.roles))) is more
    assert all(found[1] is not None for found in together if found[2] is not None)


# -- the command


def test_the_stages_of_one_organisation_as_json_and_as_a_page(tmp_path):
    done = run(tmp_path, "roadmap", SAMPLE, "--org", "teknik-awan", "--lang", "id", COLUMNS="80")
    assert done.code == 0 and max(map(len, done.out.splitlines())) <= 80
    assert "Langkah naik berikutnya pada Rp9.502.246" in done.out
    data = json.loads(run(tmp_path, "roadmap", SAMPLE, "--org", "teknik-awan", "--path", "9000000,15000000,30000000", "--json").out)
    assert [stage["when"] for stage in data["plan"]] == ["now", "half_year", "year"]


def test_all_organisations_are_written_as_a_table(tmp_path):
    done = run(tmp_path, "roadmap", SAMPLE, "-o", "next.csv")
    assert done.code == 0
    rows = {row["org_id"]: row for row in csv.DictReader((tmp_path / "next.csv").open(encoding="utf-8"))}
    assert float(rows["teknik-awan"]["next_budget"]) == 9502246 and rows["univ-antah-raya"]["next_budget"] == ""


REFUSED: dict[str, dict[str, Any]] = {
    "X124": {"along": "goals"},
    "X125": {"low": 5e6, "high": 1e6},
    "X126": {"org": None, "along": "units"},
    "X127": {"path": "1,2"},
    "X206": {"along": "unitz"},
    "X204": {"org": "nobody"},
}


@pytest.mark.parametrize("code", REFUSED)
def test_a_wrong_question_is_refused_with_its_code(capsys, monkeypatch, code):
    monkeypatch.setattr(command, "plan_of", lambda *_: shipped())
    given = {"orgs": str(SAMPLE), "org": "teknik-awan", "along": None, "low": None, "high": None, "path": None, "output": None, "rules": None}
    for lang in ("en", "id"):
        with pytest.raises(Stop) as stopped:
            command.run(**{**given, "params": (), "mapping": None, "as_json": False, "lang": lang, **REFUSED[code]})
        said = capsys.readouterr()
        assert (stopped.value.code, said.out) == (2, "") and code in said.err
