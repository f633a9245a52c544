"""Scenario files: what is said against them and where, and that the shipped ones are right. The cases are in tests/cases/scenarios.yaml."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from engine import shipped
from engine.diagnostics import Diagnostic
from engine.model.load import load_plan
from engine.scenarios.changes import read_changes
from engine.scenarios.read import read_scenarios
from tests.model.base_model import BASE
from tests.rules.shipped_model import plan

CASES: list[dict[str, Any]] = yaml.safe_load((Path(__file__).parent.parent / "cases" / "scenarios.yaml").read_text(encoding="utf-8"))
FILES = sorted((shipped.DATASETS / "scenarios").glob("*.yaml"))


def check(item: Diagnostic, wanted: dict[str, Any]) -> None:
    shown = item.render()
    assert item.code == wanted["code"], shown
    assert item.span is not None, shown
    if "underlined" in wanted:
        assert item.span.text.strip() == wanted["underlined"], shown
    if "line" in wanted:
        assert item.span.line == wanted["line"], shown
    assert wanted.get("says", "") in item.message(), shown
    if "hint" in wanted:
        assert item.hint is not None and wanted["hint"] in item.hint.text(), shown
    for lang in ("en", "id"):
        assert item.message(lang) in item.render(lang)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_what_is_wrong_with_a_file_is_shown_where_it_stands(case, tmp_path):
    (tmp_path / "scenarios.yaml").write_text(case["file"], encoding="utf-8")
    scenarios, found = read_scenarios(tmp_path / "scenarios.yaml", plan(), lambda values: load_plan(None, values))
    assert [item.code for item in found] == [wanted["code"] for wanted in case["found"]], "\n".join(item.render() for item in found)
    for item, wanted in zip(found, case["found"], strict=True):
        check(item, wanted)
    assert bool(scenarios) == all(item.severity == "warning" for item in found)


def test_parameters_with_which_the_model_does_not_hold_are_shown_with_what_it_lacks(tmp_path):
    for name, content in {
        **BASE,
        "parameters.yaml": "pay: {value: 100, estimate: true}\nper_person: {value: 100, estimate: true}\n",
        "decisions.yaml": "work: {value: employees / per_person}\n",
    }.items():
        (tmp_path / name).write_text(content, encoding="utf-8")
    model, _ = load_plan(tmp_path)
    assert model is not None
    scenarios, [first, *rest] = read_scenarios({"idle": {"parameters": {"per_person": 0}}}, model, lambda values: load_plan(tmp_path, values))
    assert not scenarios and first.code == "X142" and first.span is not None and first.span.text == '"parameters"'
    assert rest and all(item.code.startswith("R4") for item in rest)


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.name)
def test_a_shipped_file_is_right_and_every_scenario_has_a_label_in_both_languages(file):
    scenarios, found = read_scenarios(file, plan(), lambda values: load_plan(None, values))
    assert found == [] and len(scenarios) >= 5
    for item in scenarios:
        assert item.changes and item.label["en"] != item.label["id"] != item.id


SETS = [
    ("foo", "X207", None),
    ("=5", "X207", None),
    ("zzz=5", "R401", "zzz"),
    ("org_id=x", "X141", "org_id"),
    ("platforms=2.5", "P307", "2.5"),
    ("platforms := platforms / 2", "X145", "platforms / 2"),
    ("risk=hihg", "P309", "hihg"),
    ("inquiries_per_day := inquires_per_day", "R401", "inquires_per_day"),
    ("employees=", "P303", ""),
    ("name=a:=b", None, None),
    ("inquiries_per_day:=2*(inquiries_per_day+1)", None, None),
    ("goals=service;branding", None, None),
    ("max_headcount=", None, None),
    ("measures=-", None, None),
]


@pytest.mark.parametrize(("text", "code", "underlined"), SETS, ids=[text for text, _, _ in SETS])
def test_what_set_says_is_read_or_underlined(text, code, underlined):
    changes, found = read_changes(plan(), [text])
    assert [item.code for item in found] == ([code] if code else []), found
    assert len(changes) == (code is None)
    if underlined is not None:
        assert found[0].span is not None and found[0].span.text == underlined


def test_an_input_is_set_once():
    changes, [wrong] = read_changes(plan(), ["platforms=2", "platforms := platforms + 1"])
    assert not changes and wrong.code == "X140" and wrong.span is not None and wrong.span.text == "platforms := platforms + 1"
