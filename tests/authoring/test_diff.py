"""What changed between two models, what that does, and which change is responsible: on models nobody prepared the answers for, each claim tried anew."""

from __future__ import annotations

import csv
import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
import yaml

from engine.api import load_model
from engine.authoring.diff.changes import changes, patched
from engine.authoring.diff.groups import groups
from engine.authoring.diff.say import sentence
from engine.model.compile import compile_plan
from engine.model.entries import read_folder
from tests.model.base_model import BASE
from tests.program import SAMPLE, run

SHIPPED = Path(__file__).resolve().parents[2] / "rules" / "social_media_team"


def write(folder: Path, **changed: str) -> Path:
    folder.mkdir(parents=True)
    for name, text in {**BASE, **{f"{key}.yaml": value for key, value in changed.items()}}.items():
        (folder / name).write_text(text, encoding="utf-8")
    return folder


def found(old: Path, new: Path) -> list[str]:
    a, b = read_folder(old), read_folder(new)
    (p, _), (q, _) = compile_plan(a), compile_plan(b)
    assert p is not None and q is not None
    return [sentence(change, p, q, "en") for change in changes(a, b)]


TABLE = "kind: {{table: {{hit policy: unique, inputs: [employees], rules: [{{when: ['< {a}'], then: '{x}'}}, {{when: ['>= {a}'], then: '2'}}]}}}}\n"
SENTENCES = [
    ({"parameters": "pay: {value: 120, unit: IDR, estimate: true}\n"}, ["parameter pay: 100 -> 120 IDR", "parameter pay, unit: added IDR"]),
    ({"rules": BASE["rules.yaml"].replace("'true'", "'employees > 5'")}, ["rule officer-always: condition tightened, true -> employees > 5"]),
    ({"rules": BASE["rules.yaml"].replace("Always.", "Ever.")}, ["rule officer-always, because: {...} -> {...}"]),
    (
        {"rules": BASE["rules.yaml"] + "- {id: more, when: open, activate: officer, because: {en: a, id: b}}\n", "inputs": BASE["inputs.yaml"]},
        ["rule more: added"],
    ),
    ({"decisions": BASE["decisions.yaml"] + "idle: {value: '1'}\n"}, ["decision idle: added"]),
    ({"structures": BASE["structures.yaml"].replace("covers: [officer]", "covers: [officer], max: '2'")}, ["structure solo, posts.one.max: added 2"]),
    ({"model": BASE["model.yaml"].replace("wage_base: 'pay'", "wage_base: 'pay * 2'")}, ["setting model, staffing.wage_base: pay -> pay * 2"]),
]


@pytest.mark.parametrize("changed, expected", SENTENCES)
def test_a_change_is_said_by_its_meaning(tmp_path, changed, expected):
    assert found(write(tmp_path / "old"), write(tmp_path / "new", **changed)) == expected


def test_conditions_are_compared_by_what_they_mean(tmp_path):
    def rule(when: str) -> str:
        return BASE["rules.yaml"].replace("'true'", f"'{when}'")

    old = write(tmp_path / "old", rules=rule("employees > 5 and open"))
    for name, when, how in (
        ("a", "employees > 5", "loosened"),
        ("b", "employees > 9 and open", "tightened"),
        ("c", "open and not(employees <= 5)", "rewritten, it means the same"),
        ("d", "questions > 5", "employees > 5 and open -> questions > 5"),
    ):
        [said] = found(old, write(tmp_path / name, rules=rule(when)))
        assert how in said, said


def test_cells_are_told_apart(tmp_path):
    old = write(tmp_path / "old", decisions=BASE["decisions.yaml"] + TABLE.format(a=10, x=1))
    assert found(old, write(tmp_path / "b", decisions=BASE["decisions.yaml"] + TABLE.format(a=10, x=3))) == ["decision kind, row 1, then: 1 -> 3"]
    assert found(old, write(tmp_path / "a", decisions=BASE["decisions.yaml"] + TABLE.format(a=20, x=1))) == [
        "decision kind, row 1, cell 1: < 10 -> < 20",
        "decision kind, row 2, cell 1: >= 10 -> >= 20",
    ]


def test_an_overlay_is_spoken_of_as_one(tmp_path):
    write(tmp_path / "base")
    (tmp_path / "over").mkdir()
    (tmp_path / "over" / "model.yaml").write_text("name: small\nversion: 1.0.0\nextends: ../base\n")
    (tmp_path / "over" / "parameters.yaml").write_text("pay: {value: 250}\n")
    assert "parameter pay: 100 -> 250 (in the overlay)" in found(tmp_path / "base", tmp_path / "over")


def test_all_changes_made_to_the_old_model_give_the_new_one(tmp_path):
    files = {path.relative_to(SHIPPED): path.read_text(encoding="utf-8") for path in SHIPPED.rglob("*.yaml")}
    new = tmp_path / "new"
    for name, text in files.items():
        (new / name).parent.mkdir(parents=True, exist_ok=True)
        data = yaml.safe_load(text)
        if str(name) == "activation.yaml":
            data = [*data[2:], {**data[0], "when": "employees > 3"}]
        if str(name) == "kpis.yaml":
            data = dict(list(data.items())[1:])
        (new / name).write_text(json.dumps(data, ensure_ascii=False, default=str) if name.suffix == ".yaml" else text, encoding="utf-8")
    old, other = read_folder(SHIPPED), read_folder(new)
    both = changes(old, other)
    assert both
    assert not changes(patched(old, other, both, forward=True), other)
    assert not changes(patched(other, old, both, forward=False), old)


def test_changes_that_need_each_other_are_one_group(tmp_path):
    old = write(tmp_path / "old")
    new = write(
        tmp_path / "new",
        parameters=BASE["parameters.yaml"].replace("100", "150") + "least: {value: 4, estimate: true}\n",
        rules=BASE["rules.yaml"].replace("'true'", "'employees >= least'"),
    )
    a, b = read_folder(old), read_folder(new)
    assert [group.name for group in groups(a, b, changes(a, b))] == ["least, officer-always", "pay"]


# -- through the program


@pytest.fixture(scope="module")
def models(tmp_path_factory) -> Path:
    """Two copies of the shipped model: in `new` two parameters and a rule are changed."""
    folder = tmp_path_factory.mktemp("models")
    assert run(folder, "rules", "new", "old").code == 0 and run(folder, "rules", "new", "new").code == 0
    edits = {
        "parameters/thresholds.yaml": [("analyst_followers:\n  {value: 50000", "analyst_followers:\n  {value: 20000")],
        "activation.yaml": [("when: 'true'", "when: 'employees > 20 or platforms > 2'")],
    }
    for name, pairs in edits.items():
        text = (folder / "new" / name).read_text(encoding="utf-8")
        for old, new in pairs:
            assert old in text
            text = text.replace(old, new, 1)
        (folder / "new" / name).write_text(text, encoding="utf-8")
    return folder


def data(folder: Path, *arguments: str) -> tuple[int, Any]:
    outcome = run(folder, "rules", "diff", *arguments, "--json")
    return outcome.code, json.loads(outcome.out)


def test_a_model_does_not_differ_from_itself(models):
    code, told = data(models, "old", "old", str(SAMPLE))
    assert code == 0 and told["changes"] == [] and told["organisations"]["changed"] == 0


def test_what_changes_is_what_evaluating_with_both_shows(models):
    code, told = data(models, "old", "new", str(SAMPLE))
    assert code == 1
    before, after = (load_model(models / name).evaluate(pd.read_csv(SAMPLE)) for name in ("old", "new"))
    for field, column in (("recommended", "recommended"), ("roles", "roles"), ("placement", "placement")):
        differs = before[column].fillna("") != after[column].fillna("")
        if field == "placement":
            differs = before[column].str.split(";").str[0] != after[column].str.split(";").str[0]
        assert told["fields"][field] == int(differs.sum()), field
    assert told["fields"]["cost_month"] == int((~np.isclose(before["cost_month"], after["cost_month"], rtol=0, atol=1e-5, equal_nan=True)).sum())
    assert {row["org_id"] for row in told["changed"]} >= set(before["org_id"][before["roles"].fillna("") != after["roles"].fillna("")])
    for row in told["totals"]:
        mine = before[(before["currency"] == row["currency"]) & before["recommended"].notna()]
        assert row["people_before"] == pytest.approx(mine["people"].sum(), abs=1e-6)


def test_the_responsible_change_is_the_one_without_which_nothing_changes(models, tmp_path):
    _, told = data(models, "old", "new", str(SAMPLE))
    assert {row["responsible"] for row in told["changed"]} >= {"analyst_followers", "manager-always"}
    only = [row["org_id"] for row in told["changed"] if row["responsible"] == "analyst_followers"]
    half = shutil.copytree(models / "old", tmp_path / "half")
    shutil.copy(models / "new" / "activation.yaml", half / "activation.yaml")
    _, without = data(tmp_path, str(models / "old"), "half", str(SAMPLE))
    assert only and not set(only) & {row["org_id"] for row in without["changed"]}


def test_the_report_reads_in_both_languages(models):
    for lang, words in (
        ("en", ("What changed", "condition tightened", "Responsible", "-Social media manager")),
        ("id", ("Yang berubah", "syarat diperketat", "Penyebab")),
    ):
        outcome = run(models, "rules", "diff", "old", "new", str(SAMPLE), "--lang", lang)
        assert outcome.code == 1 and all(word in outcome.out for word in words), outcome.out


def test_every_changed_organisation_is_written(models):
    _, told = data(models, "old", "new", str(SAMPLE))
    outcome = run(models, "rules", "diff", "old", "new", str(SAMPLE), "-o", "changed.csv")
    assert outcome.code == 1
    rows = list(csv.DictReader((models / "changed.csv").open(encoding="utf-8")))
    assert [row["org_id"] for row in rows] == [row["org_id"] for row in told["changed"]]
    assert all(row["responsible"] for row in rows)


def git(folder: Path, *arguments: str) -> None:
    subprocess.run(["git", "-c", "user.name=a", "-c", "user.email=a@b.invalid", *arguments], cwd=folder, check=True, capture_output=True)


def test_the_old_model_may_be_a_git_revision(tmp_path):
    write(tmp_path / "repo" / "rules")
    repo = tmp_path / "repo"
    git(repo, "init", "-q")
    git(repo, "add", "-A")
    git(repo, "commit", "-qm", "one")
    (repo / "rules" / "parameters.yaml").write_text("pay: {value: 130, estimate: true}\n")
    outcome = run(repo, "rules", "diff", "HEAD", "rules")
    assert outcome.code == 1 and "parameter pay: 100 -> 130" in outcome.out
    git(repo, "commit", "-qam", "two")
    assert run(repo, "rules", "diff", "HEAD", "rules").code == 0
    assert run(repo, "rules", "diff", "HEAD~1", "rules").code == 1
    other = write(repo / "later")
    assert other.exists()
    outcome = run(repo, "rules", "diff", "HEAD~1", "later")
    assert outcome.code == 2 and "has no model in `later`" in outcome.err
    outcome = run(repo, "rules", "diff", "nonsense", "rules")
    assert outcome.code == 2 and "`nonsense` is no folder, no shipped model and no git revision" in outcome.err


def test_a_file_that_fits_only_the_new_model_is_said(tmp_path):
    write(tmp_path / "old")
    write(tmp_path / "new", inputs=BASE["inputs.yaml"] + "floor: {type: number, label: {en: F, id: F}, required: true}\n")
    (tmp_path / "a.csv").write_text("org_id,employees,floor\na,5,1\nb,7,2\n")
    (tmp_path / "b.csv").write_text("org_id,employees\na,5\nb,7\n")
    outcome = run(tmp_path, "rules", "diff", "old", "new", "a.csv")
    assert outcome.code == 1 and "Traceback" not in outcome.err and "floor: added" in outcome.out
    outcome = run(tmp_path, "rules", "diff", "old", "new", "b.csv")
    assert outcome.code == 1 and "fits the old model only" in outcome.out and "Traceback" not in outcome.err


def test_rows_that_one_model_refuses_are_counted(tmp_path):
    write(tmp_path / "old")
    write(tmp_path / "new", inputs=BASE["inputs.yaml"].replace("[1..1000]", "[1..100]"))
    (tmp_path / "a.csv").write_text("org_id,employees\na,5\nb,700\n")
    code, told = data(tmp_path, "old", "new", "a.csv")
    assert code == 1 and told["organisations"] == {"compared": 1, "changed": 0, "only_old": 1, "only_new": 0}


def test_a_broken_model_says_where(tmp_path):
    write(tmp_path / "old")
    write(tmp_path / "new", decisions="work: {value: 'emploees'}\n")
    outcome = run(tmp_path, "rules", "diff", "old", "new")
    assert outcome.code == 1 and "R401" in outcome.err and "emploees" in outcome.err
