"""`susun whatif` through a process: what it prints in both languages and widths, as JSON, and what it refuses."""

from __future__ import annotations

import json
from typing import Any

import pytest

from engine.commands import whatif as command
from engine.commands.common import Stop
from tests.program import SAMPLE, Result, run
from tests.rules.shipped_model import plan

ORG = "univ-antah-raya"


def ask(tmp_path: Any, *arguments: str, org: str = ORG, **more: str) -> Result:
    return run(tmp_path, "whatif", SAMPLE, "--org", org, *arguments, **more)


def test_the_smallest_change_is_shown_and_what_comes_of_it(tmp_path):
    done = ask(tmp_path, "--want", "recommended = two_teams", "--vary", "inquiries_per_day", "--vary", "languages")
    assert done.code == 0 and done.err == ""
    for text in ("Not so today: Hub and spoke is recommended", "Questions a day", "70.88", "+40.88 (+136%)", "Two teams", "Languages posted in (1 to 20)"):
        assert text in done.out
    assert "--set inquiries_per_day=70.88" in done.out


def test_nothing_is_wider_than_the_terminal(tmp_path):
    done = ask(tmp_path, "--want", "cost_month < 30000000", "--vary", "units", "--set", "units=2", "--lang", "id", COLUMNS="80")
    assert done.code == 0 and max(map(len, done.out.splitlines())) <= 80
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


REFUSED: dict[str, dict[str, Any]] = {
    "X120": {"want": "score > 2"},
    "X121": {"want": "not(role.social_media_manager.active)"},
    "X122": {"want": "recommended = duo", "vary": ("currency",)},
    "X123": {},
    "X204": {"want": "recommended = duo", "org": "nobody"},
    "X206": {"want": "recommended = two_team"},
    "X207": {"scenarios": ("units",)},
    "R401": {"want": "recommended = duo", "vary": ("unitz",)},
    "R408": {"want": "employees"},
    "P306": {"scenarios": ("units=-3",)},
    "P303": {"scenarios": ("employees=",)},
}


@pytest.mark.parametrize("code", REFUSED)
def test_a_wrong_question_is_refused_with_its_code(capsys, monkeypatch, code):
    monkeypatch.setattr(command, "plan_of", lambda *_: plan())
    given = {"orgs": str(SAMPLE), "org": ORG, "want": None, "vary": (), "pairs": False, "scenarios": (), "rules": None, "params": (), "mapping": None}
    for lang in ("en", "id"):
        with pytest.raises(Stop) as stopped:
            command.run(**{**given, "as_json": False, "lang": lang, **REFUSED[code]})
        said = capsys.readouterr()
        assert (stopped.value.code, said.out) == (2, "") and code in said.err


def test_a_wrong_question_ends_the_program_without_a_traceback(tmp_path):
    done = ask(tmp_path, "--want", "recommended = duo and")
    assert (done.code, done.out) == (2, "") and "--want:1:" in done.err
