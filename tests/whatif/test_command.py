"""`susun whatif` through a process: what it prints in both languages and widths, as JSON, and what it refuses."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.program import SAMPLE, Result, run

ORG = "univ-antah-raya"


def ask(tmp_path: Any, *arguments: str, org: str = ORG, **more: str) -> Result:
    return run(tmp_path, "whatif", SAMPLE, "--org", org, *arguments, **more)


def test_the_smallest_change_is_shown_and_what_comes_of_it(tmp_path):
    done = ask(tmp_path, "--want", "recommended = two_teams", "--vary", "inquiries_per_day", "--vary", "languages")
    assert done.code == 0 and done.err == ""
    for text in ("Not so today: Hub and spoke is recommended", "Questions a day", "70.88", "+40.88 (+136%)", "Two teams", "Languages posted in (1 to 20)"):
        assert text in done.out
    assert "--set inquiries_per_day=70.88" in done.out


@pytest.mark.parametrize("columns", ["80", "120"])
def test_nothing_is_wider_than_the_terminal(tmp_path, columns):
    done = ask(tmp_path, "--want", "cost_month < 30000000", "--set", "units=2", "--lang", "id", COLUMNS=columns)
    assert done.code == 0 and max(map(len, done.out.splitlines())) <= int(columns)
    for text in ("Yang diinginkan: cost_month < 30000000", "Perubahan terkecil", "Skenario"):
        assert text in done.out


def test_the_answer_as_json_has_both_sides_of_each_change(tmp_path):
    data = json.loads(ask(tmp_path, "--want", "recommended = two_teams", "--vary", "inquiries_per_day", "--set", "units=12,goals=service", "--json").out)
    [change] = data["changes"]
    [step] = change["steps"]
    assert not data["holds"] and step["before"] < step["value"] and change["proved"]
    [scenario] = data["scenarios"]
    assert scenario["set"] == "units=12, goals=service" and scenario["holds"] in (True, False)


def test_what_holds_today_is_said_and_what_would_end_it(tmp_path):
    done = ask(tmp_path, "--want", "role.care_manager.active", "--vary", "inquiries_per_day")
    assert "It holds today already" in done.out and "that ends it" in done.out and "9.99" in done.out


def test_scenarios_stand_beside_today_without_anything_wanted(tmp_path):
    done = ask(tmp_path, "--set", "units=2", "--set", "inquiries_per_day=80,units=3")
    assert done.code == 0
    lines = done.out.splitlines()
    assert [line.split("  ")[0] for line in lines[3:6]] == ["Today", "units=2", "inquiries_per_day=80, units=3"]
    assert "Unit admin and Unit liaison dropped" in done.out


REFUSED = {
    "X120": ("--want", "score > 2"),
    "X121": ("--want", "not(role.social_media_manager.active)"),
    "X122": ("--want", "recommended = duo", "--vary", "currency"),
    "X123": (),
    "X206": ("--want", "recommended = two_team"),
    "X207": ("--set", "units"),
    "R401": ("--want", "recommended = duo", "--vary", "unitz"),
    "R408": ("--want", "employees"),
    "P306": ("--set", "units=-3"),
    "P303": ("--set", "employees="),
}


@pytest.mark.parametrize("code", REFUSED)
def test_a_wrong_question_is_refused_with_its_code(tmp_path, code):
    done = ask(tmp_path, *REFUSED[code], "--lang", ("en", "id")[list(REFUSED).index(code) % 2])
    assert (done.code, done.out) == (2, "") and code in done.err


def test_an_unknown_organisation_is_named(tmp_path):
    done = ask(tmp_path, "--want", "recommended = duo", org="nobody")
    assert done.code == 2 and "X204" in done.err
