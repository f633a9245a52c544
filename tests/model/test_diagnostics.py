"""Every diagnostic of a rule file: its code, the exact text it underlines, its hint. The cases are in tests/cases/diagnostics/."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from engine.diagnostics import Diagnostic
from engine.model.load import load_plan
from engine.texts.codes import CODES
from tests.model.base_model import BASE

CASES: list[dict[str, Any]] = [
    {"file": path.stem, **case}
    for path in sorted((Path(__file__).parent.parent / "cases" / "diagnostics").glob("*.yaml"))
    for case in yaml.safe_load(path.read_text(encoding="utf-8"))
]
# What no rule file alone can bring about, and where it is tested.
ELSEWHERE = {
    **dict.fromkeys(("R112", "R113", "R114", "R115", "R116", "R117"), "tests/model/test_table_files.py"),
    "R515": "tests/test_cli_bad_input.py: only `--param` brings it about",
    "R531": "tests/authoring/test_prove.py: only properties.yaml brings it about",
}


NAMED = [pytest.param(case, id=f"{case['code']}-{case['name'].replace(' ', '-')}") for case in CASES]


def write(folder: Path, case: dict[str, Any]) -> Path:
    """The base model, or what `files` has in its place; `bytes` are written in hexadecimal, `big` is that many bytes of comment, null leaves a file out."""
    model = folder / "model"
    model.mkdir()
    files = {**({} if case.get("bare") else BASE), **case.get("files", {})}
    for name, content in files.items():
        if content is None:
            continue
        if isinstance(content, dict):
            data = bytes.fromhex(content["bytes"]) if "bytes" in content else b"#" * content["big"]
        else:
            data = BASE.get(name, "").encode() + content[2:].encode() if content.startswith("+\n") else content.encode()
        (model / name).write_bytes(data)
    return model


def found_in(folder: Path, case: dict[str, Any]) -> list[Diagnostic]:
    _, found = load_plan(write(folder, case))
    return found


def test_the_base_model_is_right(tmp_path):
    plan, found = load_plan(write(tmp_path, {}))
    assert plan is not None and found == []


@pytest.mark.parametrize("case", NAMED)
def test_a_case_is_reported_once_at_the_text_it_is_about(tmp_path, case):
    found = found_in(tmp_path, case)
    shown = "\n".join(item.render() for item in found)
    assert [item.code for item in found] == [case["code"]], shown
    [item] = found
    assert (item.span.text if item.span else None) == case["underlined"], shown
    if "line" in case:
        assert item.span is not None and item.span.line == case["line"], shown
    assert case.get("message", "") in item.message(), shown
    if "hint" in case:
        assert item.hint is not None and case["hint"] in item.hint.text(), shown


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case['code']}-{case['name'].replace(' ', '-')}")
def test_a_case_reads_well_in_both_languages(tmp_path, case):
    [item, *_] = found_in(tmp_path, case)
    for lang in ("en", "id"):
        text = item.render(lang)
        assert not re.search(r"\{\w+\}(?!` (in this sentence|dalam kalimat))", item.message(lang)), text
        assert "None" not in text and "<" + "class" not in text
        assert item.to_json(lang)["code"] == case["code"]
        if item.span is not None and item.span.text:
            assert "^" in text


def test_every_code_of_rule_files_has_a_case():
    codes = {code for code in CODES if code.startswith("R")}
    covered = {case["code"] for case in CASES} | set(ELSEWHERE)
    assert codes - covered == set()
    assert covered - codes == set()


def test_everything_wrong_is_reported_in_one_run(tmp_path):
    files = {
        "decisions.yaml": "work: {value: 'employees / 100'}\nother: {value: 'emploees + 1'}\n",
        "roles.yaml": "officer: {label: {en: Officer, id: Petugas}, fte: 'work', wagee: 2}\n",
        "criteria.yaml": "- {id: covered, label: {en: Covered, id: Tercakup}, weight: 1, value: '\"much\"'}\n",
    }
    assert {item.code for item in found_in(tmp_path, {"files": files})} == {"R201", "R401", "R408"}


CONFLICT = """\
work: {value: 'employees / 100'}
band:
  table:
    hit policy: POLICY
    inputs: ['employees * 1', 'open']
    rules:
      - {when: ['<= 10', '-'], then: '1'}
      - {when: ['>= 100', '-'], then: '2'}
      - {when: ['> 5', 'false'], then: '3'}
    default: '0'
"""


def decided(folder: Path, policy: str) -> Any:
    import pandas as pd

    from engine.api import load_model

    model = load_model(write(folder, {"files": {"decisions.yaml": CONFLICT.replace("POLICY", policy)}}))
    rows = [("a", 5, True), ("b", 8, False), ("c", 50, True), ("d", 200, False), ("e", 7, True)]
    return model.evaluate(pd.DataFrame(rows, columns=["org_id", "employees", "open"]))


@pytest.mark.parametrize(("policy", "code"), [("unique", "X101"), ("any", "X102")])
def test_a_conflict_at_run_time_rejects_only_its_rows_and_names_both_lines_of_the_table(tmp_path, policy, code):
    answer = decided(tmp_path, policy)
    rejected = answer[answer["status"] == "rejected"]
    assert answer["org_id"].tolist() == ["a", "b", "c", "d", "e"]
    assert rejected["org_id"].tolist() == ["b", "d"]
    for (org, rows), reason in zip((("b", "rows 1 and 3"), ("d", "rows 2 and 3")), rejected["reason"], strict=True):
        assert org in reason and rows in reason and "band" in reason
    assert code in CODES
