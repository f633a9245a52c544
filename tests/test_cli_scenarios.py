"""`evaluate --set` and `--scenario` as processes: what is printed where, what is written, exit codes, both languages."""

from __future__ import annotations

import csv
import io
import json

import pandas as pd
import pytest

from engine.api import load_model
from tests.program import SAMPLE, run

SUFFIXES = ("status", "recommended", "score", "people", "fte", "cost_month", "currency", "affordable", "problem")
TWO = """\
scenarios:
  - {id: many, label: {en: Many more people, id: Jauh lebih banyak pegawai}, set: {employees: employees * 100}}
  - {id: fast, set: {inquiries_per_day: 'min(100000, inquiries_per_day * 2)'}, parameters: {care_inquiries_per_agent_day: 80}}
"""


@pytest.fixture
def two(tmp_path):
    (tmp_path / "two.yaml").write_text(TWO, encoding="utf-8")
    return tmp_path


def test_a_file_has_a_set_of_columns_for_each_scenario_and_the_totals_are_said(two):
    lines = SAMPLE.read_text(encoding="utf-8").splitlines()
    kept = ["many_score", *(str(i) for i in range(1, len(lines)))]
    (two / "orgs.csv").write_text("\n".join(f"{line},{more}" for line, more in zip(lines, kept, strict=True)) + "\n", encoding="utf-8")
    done = run(two, "evaluate", "orgs.csv", "--scenario", "two.yaml", "--keep", "many_score", "-o", "out.csv", "--rejects", "bad.csv", "--strict")
    assert (done.code, done.out) == (1, "")
    with (two / "out.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == len(lines) - 1
    names = list(rows[0])
    assert names[names.index("many_score_in") + 1 :] == [f"{id_}_{suffix}" for id_ in ("many", "fast") for suffix in SUFFIXES]
    assert [row["many_score_in"] for row in rows] == kept[1:]
    rejected = [row["org_id"] for row in rows if row["many_status"] == "rejected"]
    assert len(rejected) == 3 and {row["status"] for row in rows} == {"ok", "assumed"}
    with (two / "bad.csv").open(encoding="utf-8", newline="") as file:
        assert [(row["org_id"], row["column"], row["code"], row["scenario"]) for row in csv.DictReader(file)] == [
            (org, "employees", "P306", "many") for org in rejected
        ]
    assert "Many more people" in done.err and "As it is" in done.err and "Rejected under a scenario only" in done.err
    assert "counts only those decided both ways" in done.err


def test_on_a_terminal_the_totals_stand_below_the_answers_within_its_width(two):
    done = run(two, "evaluate", SAMPLE, "--scenario", "two.yaml", "--lang", "id", COLUMNS="80")
    assert (done.code, done.err) == (0, "")
    assert all(word in done.out for word in ("Tanpa perubahan", "Ganti tim", "Jauh lebih", "Hanya ditolak dalam skenario"))
    assert max(map(len, done.out.splitlines())) <= 80


def test_totals_alone_are_for_programs_too(two):
    done = run(two, "evaluate", SAMPLE, "--scenario", "two.yaml", "--group-by", "scenario", "-o", "-")
    totals = list(csv.DictReader(io.StringIO(done.out)))
    assert [(row["currency"], row["scenario"]) for row in totals] == [(money, id_) for money in ("IDR", "USD", "CAD") for id_ in ("base", "many", "fast")]


def test_set_changes_every_answer_and_says_how_many_are_other_teams(tmp_path):
    text = "inquiries_per_day := min(100000, inquiries_per_day * 2)"
    done = run(tmp_path, "evaluate", SAMPLE, "--set", text, "--set", "outsourcing=no", "--json")
    answer = [json.loads(line)["recommended"] for line in done.out.splitlines()]
    count = sum(a != b for a, b in zip(answer, load_model().evaluate(pd.read_csv(SAMPLE, dtype=str))["recommended"], strict=True))
    assert done.code == 0 and count > 0
    assert f"With {text}, outsourcing=no, the recommended team is another one for {count} of 76 organisations." in " ".join(done.err.split())


WRONG = {
    "a file that is not there": (["--scenario", "none.yaml"], "R101"),
    "an unknown input": (["--scenario", "wrong.yaml"], "wrong.yaml:2:19: R401"),
}


@pytest.mark.parametrize("name", WRONG)
def test_what_is_wrong_ends_the_command_before_anything_is_written(tmp_path, name):
    arguments, code = WRONG[name]
    (tmp_path / "wrong.yaml").write_text("scenarios:\n  - {id: a, set: {platfroms: 3}}\n", encoding="utf-8")
    done = run(tmp_path, "evaluate", SAMPLE, *arguments, "-o", "out.csv")
    assert (done.code, done.out) == (2, "") and code in done.err
    assert not (tmp_path / "out.csv").exists()
