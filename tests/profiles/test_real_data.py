"""Real organisations, whole files, through the shipped mappings. They are read from the folder that SUSUN_REAL_DATA names and are no part of the project."""

from __future__ import annotations

import csv
import os
from collections import Counter
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml

from engine.api import read_profiles
from engine.batch import Answer, evaluate
from engine.feel.arrays import to_values
from engine.profiles.table import Profiles
from tests.profiles.small import rejected
from tests.rules.shipped_model import plan

FOLDER = os.environ.get("SUSUN_REAL_DATA")
MAPPINGS = Path(__file__).resolve().parent.parent.parent / "datasets" / "mappings"
pytestmark = pytest.mark.skipif(not FOLDER, reason="SUSUN_REAL_DATA is not set: it names the folder with the files of real organisations")


@dataclass(frozen=True)
class Real:
    file: str
    mapping: str
    rows: int
    most_rejected: int
    sectors: frozenset[str]


FILES = {
    "libraries": Real("us_public_libraries_fy2022.csv", "us_public_libraries.yaml", 9248, 250, frozenset({"public_agency"})),
    "universities": Real("us_universities_twitter_2016.csv", "us_universities.yaml", 264, 0, frozenset({"university"})),
    "departments": Real("canada_federal_orgs.csv", "canada_federal.yaml", 93, 0, frozenset({"public_agency", "soe"})),
}
KINDS = pytest.mark.parametrize("kind", FILES)


@cache
def evaluated(kind: str) -> tuple[Profiles, Answer, list[dict[str, Any]]]:
    """The file's profiles, the answer, and its rows."""
    real = FILES[kind]
    profiles, found = read_profiles(plan(), Path(FOLDER or "", real.file), MAPPINGS / real.mapping)
    assert profiles is not None and not found, "\n".join(item.render() for item in found)
    answer = evaluate(plan(), profiles)
    return profiles, answer, answer.table.to_pylist()


@cache
def source(kind: str) -> list[dict[str, str]]:
    with Path(FOLDER or "", FILES[kind].file).open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


@KINDS
def test_every_row_of_the_file_is_one_row_of_the_answer_in_order(kind: str) -> None:
    profiles, answer, rows = evaluated(kind)
    assert profiles.read == answer.read == len(rows) == len(source(kind)) == FILES[kind].rows
    assert [row["org_id"] for row in rows] == profiles.labels["id"].to_pylist()
    names = {"libraries": "name", "universities": "university", "departments": "organisation"}
    for given, row in zip(source(kind), rows, strict=True):
        assert row["name"].startswith(given[names[kind]].strip())


@KINDS
def test_every_row_is_decided_or_rejected_and_none_undecided(kind: str) -> None:
    profiles, answer, rows = evaluated(kind)
    gone = {reject.row for reject in answer.rejects}
    assert gone == rejected(profiles), "no run-time conflict"
    assert answer.read == answer.decided + len(gone) and profiles.read == profiles.size + len(gone)
    assert len(gone) <= FILES[kind].most_rejected
    count = Counter(row["status"] for row in rows)
    assert set(count) <= {"ok", "assumed", "rejected"}
    assert count["rejected"] == len(gone)
    assert {position for position, row in enumerate(rows) if row["status"] == "rejected"} == gone


@KINDS
def test_a_decided_row_says_everything_and_a_rejected_one_why(kind: str) -> None:
    _, _, rows = evaluated(kind)
    for row in rows:
        assert row["reason"]
        if row["status"] == "rejected":
            assert all(row[name] is None for name in ("recommended", "score", "roles", "people", "cost_month", "placement", "rank_2"))
            continue
        assert row["recommended"] in plan().structures and row["runner_up"] != row["recommended"]
        assert set(row["roles"].split(";")) <= set(plan().roles) and row["placement"] and row["kpis"]
        assert 0 <= row["score"] <= 1 and 0 < row["confidence"] < 1
        assert row["people"] > 0 and row["fte"] > 0 and row["cost_month"] >= 0


@KINDS
def test_every_estimate_of_the_mapping_is_marked_in_its_rows(kind: str) -> None:
    profiles, _, rows = evaluated(kind)
    fields = yaml.safe_load((MAPPINGS / FILES[kind].mapping).read_text(encoding="utf-8"))["fields"]
    estimates = {key for key, value in fields.items() if isinstance(value, dict) and "assumed" in value}
    assert "goals" in estimates, "none of these files states goals"
    assert set(profiles.estimated) == set(profiles.estimate_reasons) == estimates
    for key in estimates:
        assert profiles.estimated[key].all() and all(profiles.estimate_reasons[key].values())
    for row in rows:
        if row["status"] != "rejected":
            assert row["status"] == "assumed", "goals are estimated, and they matter"
            assert estimates <= set(row["assumed"].split(";"))
            assert not {"org_id", "name", "sector", "country", "currency"} & set(row["assumed"].split(";"))


def test_universities_state_no_employees_so_these_are_estimated_and_said_so() -> None:
    profiles, _, rows = evaluated("universities")
    assert profiles.estimated["employees"].all()
    assert "undergraduates" in profiles.estimate_reasons["employees"]["en"] and "mahasiswa" in profiles.estimate_reasons["employees"]["id"]
    assert all("employees" in row["assumed"].split(";") for row in rows)


def test_exactly_the_libraries_without_reported_staff_are_rejected() -> None:
    profiles, _, rows = evaluated("libraries")
    given = source("libraries")
    assert rejected(profiles) == {position for position, row in enumerate(given) if float(row["staff"]) <= 0}
    assert {reject.diagnostic.code for reject in profiles.rejects} == {"P303", "P306"}
    for reject in profiles.rejects:
        row = given[reject.row]
        assert reject.column == "staff" and reject.value == row["staff"]
        assert reject.line == reject.row + 2
        assert reject.org_id == rows[reject.row]["org_id"] == f"{row['state']} {row['id']}"


@KINDS
def test_ids_are_unique_although_those_of_the_files_are_not(kind: str) -> None:
    ids = evaluated(kind)[0].labels["id"].to_pylist()
    assert len(set(ids)) == len(ids) and None not in ids
    if kind == "libraries":
        assert len({row["id"] for row in source(kind)}) < len(ids)


@pytest.mark.parametrize(("kind", "column", "least"), [("libraries", "op_revenue", 0), ("departments", "expenditure_last_year_cad", 5)])
def test_a_missing_budget_is_missing_and_never_a_number(kind: str, column: str, least: int) -> None:
    profiles, _, _ = evaluated(kind)
    given = [source(kind)[position][column].strip() for position in profiles.rows.tolist()]
    wanted = [None if text == "" or float(text) in (-1, -3) else float(text) for text in given]
    assert to_values(profiles.columns["annual_budget"], profiles.size) == wanted
    assert wanted.count(None) >= least and all(value is None or value >= 0 for value in wanted)


@KINDS
def test_money_is_in_the_currency_of_the_country(kind: str) -> None:
    _, _, rows = evaluated(kind)
    assert {row["currency"] for row in rows if row["status"] != "rejected"} == {"CAD" if kind == "departments" else "USD"}


@KINDS
def test_the_long_form_has_every_decided_row_with_every_structure(kind: str) -> None:
    profiles, wide, rows = evaluated(kind)
    answer = evaluate(plan(), profiles, form="long")
    assert answer.table.num_rows == wide.decided * len(plan().structures)
    firsts = [row for row in answer.table.select(["org_id", "structure", "rank"]).to_pylist() if row["rank"] == 1]
    assert [(row["org_id"], row["structure"]) for row in firsts] == [(row["org_id"], row["recommended"]) for row in rows if row["status"] != "rejected"]
