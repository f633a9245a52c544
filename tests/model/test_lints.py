"""Every lint: files with the defect, found at the right text, and near misses, silent. The cases are in tests/cases/lints/."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from engine.diagnostics import annotation
from engine.model.lint import LINTS, lint
from engine.model.load import load_plan
from tests.model.base_model import BASE
from tests.program import run

CASES: list[dict[str, Any]] = [
    case for path in sorted((Path(__file__).parent.parent / "cases" / "lints").glob("*.yaml")) for case in yaml.safe_load(path.read_text(encoding="utf-8"))
]
REASON = "because: {en: a, id: b}"


def files_of(case: dict[str, Any]) -> dict[str, str]:
    """The base model with what a case changes: `files` whole or added to; `rule`, `rules` and `exclude` for the rules; `table` for a decision `kind`."""
    files = dict(BASE)
    for name, text in case.get("files", {}).items():
        files[name] = BASE.get(name, "") + text[2:] if text.startswith("+\n") else text
    files["decisions.yaml"] += case.get("decisions", "")
    rules = {"r": case["rule"]} if "rule" in case else case.get("rules", {})
    lines = [f"- {{id: {id_}, when: {_quoted(when)}, {case.get('effect', 'activate: officer')}, {REASON}}}" for id_, when in rules.items()]
    if "exclude" in case:
        lines.append(f"- {{id: x, when: {_quoted(case['exclude'])}, exclude: officer, {REASON}}}")
    if lines:
        files["rules.yaml"] = "\n".join(lines) + "\n"
    if "table" in case:
        columns = list(case["table"].values())
        outputs = case.get("outputs", ["1"] * len(columns[0]))
        rows = [f"{{when: [{', '.join(_quoted(cell) for cell in cells)}], then: {_quoted(then)}}}" for *cells, then in zip(*columns, outputs, strict=True)]
        default = f", default: {_quoted(case['default'])}" if "default" in case else ""
        table = f"{{hit policy: {case['policy']}, inputs: [{', '.join(case['table'])}], rules: [{', '.join(rows)}]{default}}}"
        files["decisions.yaml"] += f"kind: {{table: {table}}}\n"
    return files


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def write(folder: Path, files: dict[str, str]) -> Path:
    for name, text in files.items():
        (folder / name).write_text(text, encoding="utf-8")
    return folder


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case['code']}-{case['name'].replace(' ', '-')}")
def test_a_lint_finds_what_it_is_for_and_nothing_near_it(tmp_path, case):
    plan, found = load_plan(write(tmp_path, files_of(case)))
    assert plan is not None, "\n".join(item.render() for item in found)
    about = [item for item in lint(plan) if item.code == case["code"]]
    assert sorted(item.span.text.strip("'") for item in about if item.span) == sorted(case["finds"]), "\n".join(item.render() for item in about)
    for item in about:
        assert case.get("says", "") in item.message()
        assert "{" not in item.message("id").replace("{when", "").replace("{employees}", "")
        assert item.hint is not None and item.hint.text() != item.hint.text("id")


def test_every_lint_has_a_case_that_finds_and_one_that_does_not():
    for each in LINTS:
        assert {bool(case["finds"]) for case in CASES if case["code"] == each.code} >= ({True} if each.code in ("L113", "L115") else {True, False}), each.name


def test_a_model_chooses_its_lints(tmp_path):
    head = BASE["model.yaml"] + "lints: {unused-input: off, estimate-without-range: error}\n"
    plan, _ = load_plan(write(tmp_path, {**BASE, "model.yaml": head.replace(": off", ": 'off'")}))
    assert plan is not None
    found = {item.code: item.severity for item in lint(plan)}
    assert "L101" not in found and found["L113"] == "error"


def test_a_lint_that_there_is_not_is_an_error(tmp_path):
    plan, found = load_plan(write(tmp_path, {**BASE, "model.yaml": BASE["model.yaml"] + "lints: {unused-inputs: info}\n"}))
    assert plan is None and [item.span.text for item in found if item.span] == ["unused-inputs"]
    assert "unused-input" in str(found[0].hint.text() if found[0].hint else "")


def test_an_annotation_is_one_line_at_its_place(tmp_path):
    plan, _ = load_plan(write(tmp_path, files_of({"rules": {"a": "questions >= 10", "b": "questions >= 20"}})))
    assert plan is not None
    [item] = [item for item in lint(plan) if item.code == "L105"]
    text = annotation(item)
    assert text.startswith("::warning title=L105,file=") and "line=2,endLine=2,col=17," in text
    assert "\n" not in text and "%0Ahint" in text


def test_what_stands_beside_the_model_is_checked_too(tmp_path):
    head = (
        BASE["model.yaml"]
        + "files: {inputs: [inputs.yaml], parameters: [parameters.yaml], decisions: [decisions.yaml], roles: [roles.yaml], rules: [rules.yaml],"
    )
    files = {**BASE, "model.yaml": head + " structures: [structures.yaml], criteria: [criteria.yaml], tests: [tests.yaml], properties: [properties.yaml]}\n"}
    files["tests.yaml"] = "- {name: one, given: {emploees: 5}}\n"
    files["properties.yaml"] = "- {id: p, then: 'p.emploees > 0', label: {en: a, id: b}}\n"
    write(tmp_path, files)
    outcome = run(tmp_path, "rules", "check", ".")
    assert outcome.code == 1 and "tests.yaml:1:23: R503" in outcome.out and "properties.yaml:1:" in outcome.out
