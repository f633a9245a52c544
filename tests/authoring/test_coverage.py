"""What profiles reach: against a plain reading of masking MC/DC, one profile at a time, and examples that really meet what they are written for."""

from __future__ import annotations

import json
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from engine.api import read_profiles
from engine.authoring.coverage.measure import Coverage, measure
from engine.authoring.coverage.obligations import text_of
from engine.feel.interpret import interpret
from engine.feel.tree import Op, Tree
from engine.model.load import load_plan
from engine.model.plan import Plan
from tests.model.base_model import BASE
from tests.program import SAMPLE, run

ROWS: list[dict[str, Any]] = [
    {"employees": employees, "questions": questions, "colour": colour, "open": open_}
    for employees in (1, 5, 6, 50)
    for questions in (None, 3.0, 9.0)
    for colour in (None, "red", "blue")
    for open_ in (True, False)
]


def plan_of(folder: Path, when: str) -> Plan:
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in {**BASE, "rules.yaml": BASE["rules.yaml"].replace("'true'", "'" + when.replace("'", "''") + "'")}.items():
        (folder / name).write_text(text, encoding="utf-8")
    plan, found = load_plan(folder)
    assert plan is not None, [item.message() for item in found]
    return plan


def coverage_of(plan: Plan, rows: list[dict[str, Any]]) -> Coverage:
    profiles, _ = read_profiles(plan, pd.DataFrame([{"org_id": f"o{i}", **row} for i, row in enumerate(rows)]).astype({"questions": "float64"}))
    assert profiles is not None and profiles.size == len(rows), profiles
    return measure(plan, profiles.columns, profiles.size)


def told(coverage: Coverage) -> dict[tuple[str, bool], int]:
    return {
        (text_of(coverage.conditions[each.condition], each.guard), each.holds): int(hits)
        for each, hits in zip(coverage.obligations, coverage.hits, strict=True)
        if coverage.conditions[each.condition].kind == "rule"
    }


def decides(tree: Tree, leaf: Tree, row: Mapping[str, Any]) -> bool:
    """Whether a comparison decides a condition of and, or and comparisons: everything it is joined with must leave it the word."""
    if tree is leaf:
        return True
    if not isinstance(tree, Op) or tree.name not in ("and", "or"):
        return False
    for i, arg in enumerate(tree.args):
        if decides(arg, leaf, row):
            others = [interpret(other, lambda name: row.get(name)) is True for j, other in enumerate(tree.args) if j != i]
            return all(others) if tree.name == "and" else not any(others)
    return False


def leaves(tree: Tree) -> list[Tree]:
    return [leaf for arg in tree.args for leaf in leaves(arg)] if isinstance(tree, Op) and tree.name in ("and", "or") else [tree]


ATOMS = st.sampled_from(["employees > 5", "employees < 50", "questions > 5", 'colour = "red"', "open"])
ONCE = ("employees > 5", "employees < 50", "questions > 5", "colour", "open")


def joined(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    words = st.sampled_from([" and ", " or "])
    return st.tuples(words, st.lists(inner, min_size=2, max_size=3)).map(lambda two: f"({two[0].join(two[1])})")


TEXTS = st.recursive(ATOMS, joined, max_leaves=5).filter(lambda text: all(text.count(atom) <= 1 for atom in ONCE))


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.filter_too_much, HealthCheck.too_slow])
@given(text=TEXTS)
def test_counts_are_those_of_a_plain_reading(tmp_path, text):
    plan = plan_of(tmp_path / "model", text)
    rule = plan.rules["officer-always"]
    found = told(coverage_of(plan, ROWS))
    for leaf in leaves(rule.when.tree):
        written = rule.when.text[slice(*leaf.span)]
        for holds in (True, False):
            expected = sum(
                (interpret(leaf, lambda name, row=row: row.get(name)) is True) is holds and decides(rule.when.tree, leaf, row)  # type: ignore[misc]
                for row in ROWS
            )
            assert found[written, holds] == expected, (text, written, holds)


def test_what_cannot_be_is_left_out(tmp_path):
    coverage = coverage_of(plan_of(tmp_path, "employees > 5 and employees > 3"), ROWS)
    impossible = [
        (text_of(coverage.conditions[0], each.guard), each.holds)
        for each, possible in zip(coverage.obligations, coverage.possible, strict=True)
        if not possible
    ]
    assert impossible == [("employees > 3", False)]
    assert coverage.share == 1.0


def test_a_missing_value_counts_as_not_true(tmp_path):
    coverage = coverage_of(plan_of(tmp_path, "questions > 5"), [{"employees": 1, "questions": None, "colour": None, "open": True}])
    assert told(coverage) == {("questions > 5", True): 0, ("questions > 5", False): 1}


# -- through the program


@pytest.fixture
def model(tmp_path) -> Path:
    assert run(tmp_path, "rules", "new", "model").code == 0
    return tmp_path


def data(folder: Path, *arguments: str) -> Any:
    return json.loads(run(folder, "rules", "coverage", *arguments, "--json").out)


@pytest.mark.slow
def test_suggested_examples_pass_and_meet_what_they_say(model):
    before = data(model, "model")
    outcome = run(model, "rules", "coverage", "model", "--suggest", "model/tests/suggested.yaml")
    assert outcome.code == 0
    met, open_ = _counts(outcome.err)
    head = (model / "model" / "model.yaml").read_text(encoding="utf-8")
    listed = head.replace("    - tests/roles.yaml\n", "    - tests/roles.yaml\n    - tests/suggested.yaml\n")
    assert listed != head
    (model / "model" / "model.yaml").write_text(listed, encoding="utf-8")
    after = data(model, "model")
    opened = [each for each in before["comparisons"] if each["possible"] and not each["met"]]
    still = [each for each in after["comparisons"] if each["possible"] and not each["met"]]
    assert len(opened) == open_ and len(opened) - len(still) == met > 0

    from engine.authoring.example_files import example_files, read_examples
    from engine.authoring.examples import run_examples

    plan, _ = load_plan(model / "model")
    assert plan is not None
    examples, found = read_examples(example_files(model / "model"), plan)
    assert not found
    assert [str(result) for result in run_examples(plan, examples) if not result.passed] == []


def _counts(text: str) -> tuple[int, int]:
    words = text.split()
    return int(words[words.index("meet") + 1]), int(words[words.index("meet") + 3])


def test_a_floor_is_kept(model):
    assert run(model, "rules", "coverage", "model", str(SAMPLE), "--fail-under", "10").code == 0
    outcome = run(model, "rules", "coverage", "model", str(SAMPLE), "--fail-under", "100")
    assert outcome.code == 1 and "less than the 100% asked for" in outcome.err


def test_the_page_stands_alone_and_shows_every_condition(model):
    assert run(model, "rules", "coverage", "model", str(SAMPLE), "--html", "page.html", "--lang", "id").code == 0
    text = (model / "page.html").read_text(encoding="utf-8")
    plan, _ = load_plan(model / "model")
    assert plan is not None
    assert all(id_ in text for id_ in (*plan.rules, *plan.structures))
    assert "<script" not in text and "http" not in text and "Cakupan" in text


def test_a_model_without_examples_says_so(tmp_path):
    for name, text in BASE.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    outcome = run(tmp_path, "rules", "coverage", ".")
    assert outcome.code == 2 and "lists no examples" in outcome.err


def test_bad_input_is_said(model):
    assert run(model, "rules", "coverage", "nowhere").code == 2
    assert run(model, "rules", "coverage", "model", "nowhere.csv").code == 2
    assert run(model, "rules", "coverage", "model", "--html", "no/such/page.html").code == 2
    shutil.rmtree(model / "model" / "tests")
    assert run(model, "rules", "coverage", "model").code in (1, 2)
