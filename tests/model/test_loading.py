"""Laws of loading: what order and layout do not change, what an overlay does, and that a digest says whether two models mean the same."""

from __future__ import annotations

import json
import random
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from engine.api import load_model, read_profiles
from engine.batch import evaluate
from engine.diagnostics import Source
from engine.model.load import load_plan
from engine.model.plan import Plan
from engine.shipped import DEFAULT_MODEL
from engine.source import parse_yaml
from tests.model.base_model import BASE
from tests.program import SAMPLE, run

ROWS = pd.DataFrame(
    [("a", 5, 10.0, True), ("b", 250, None, False), ("c", 1000, 0.0, None)],
    columns=["org_id", "employees", "questions", "open"],
)


def write(folder: Path, files: Mapping[str, str]) -> Path:
    folder.mkdir(parents=True)
    for name, text in files.items():
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    return folder


def good(folder: Path, parameters: Mapping[str, float] | None = None) -> Plan:
    plan, found = load_plan(folder, parameters)
    assert plan is not None and not found, "\n".join(item.render() for item in found)
    return plan


def answers(folder: Path, parameters: Mapping[str, float] | None = None) -> list[dict[str, Any]]:
    """What the small model answers to a few rows; NaN is null."""
    table = load_model(folder, parameters).evaluate(ROWS)
    rows: list[dict[str, Any]] = json.loads(table.to_json(orient="records"))
    return rows


def data_of(path: Path) -> Any:
    document, found = parse_yaml(Source(str(path), path.read_text(encoding="utf-8")))
    assert document is not None and not found
    return document.data


@pytest.fixture
def base(tmp_path: Path) -> Path:
    return write(tmp_path / "base", BASE)


# -- order and layout


def shuffled(data: Any, dice: random.Random, rows: bool) -> Any:
    """The same with keys and, where `rows`, the rows of unique tables in another order. Lists whose order means something stay."""
    if isinstance(data, dict):
        keys = list(data)
        dice.shuffle(keys)
        found = {key: shuffled(data[key], dice, rows) for key in keys}
        if rows and "inputs" in found and found.get("hit policy", "unique") in ("unique", "any") and isinstance(found.get("rules"), list):
            dice.shuffle(found["rules"])
        return found
    return [shuffled(item, dice, rows) for item in data] if isinstance(data, list) else data


def rearranged(target: Path, seed: int, rows: bool = False) -> Path:
    """The shipped model: its entries dealt out to other files, in another order."""
    dice = random.Random(seed)
    head = data_of(DEFAULT_MODEL / "model.yaml")
    files: dict[str, Any] = {}
    listed: dict[str, list[str]] = {}
    for kind, names in head["files"].items():
        parts = [data_of(DEFAULT_MODEL / name) for name in names] if kind != "tests" else []
        if kind == "placement":
            listed[kind], files["placement.yaml"] = ["placement.yaml"], shuffled(parts[0], dice, rows)
        elif kind != "tests":
            count = dice.choice((1, 2, 3))
            listed[kind] = [f"{kind}_{i}.yaml" for i in range(count)]
            entries = [(key, value) for part in parts for key, value in (part.items() if isinstance(part, dict) else ((None, item) for item in part))]
            dice.shuffle(entries)
            for i, name in enumerate(listed[kind]):
                dealt = [(key, shuffled(value, dice, rows)) for key, value in entries[i::count]]
                files[name] = dict(dealt) if entries[0][0] is not None else [value for _, value in dealt]
    files["model.yaml"] = {**shuffled(head, dice, rows), "files": shuffled(listed, dice, rows)}
    return write(target, {name: json.dumps(part, ensure_ascii=False) for name, part in files.items()})


def shipped_answers(plan: Plan) -> list[dict[str, Any]]:
    profiles, found = read_profiles(plan, SAMPLE)
    assert profiles is not None and not found
    rows: list[dict[str, Any]] = evaluate(plan, profiles).table.to_pylist()
    for row in rows:  # both are listed in the order in which inputs and places are declared; the first place is where the lead sits
        first, *others = row["placement"].split(";")
        row |= {"placement": (first, set(others)), "assumed": set(row["assumed"].split(";"))}
    return rows


@pytest.mark.parametrize("seed", [1, 2])
def test_the_order_of_files_entries_and_keys_changes_neither_the_digest_nor_a_result(tmp_path, seed):
    plan, moved = good(DEFAULT_MODEL), good(rearranged(tmp_path / "moved", seed))
    assert moved.digest == plan.digest
    assert shipped_answers(moved) == shipped_answers(plan)


def test_the_order_of_rows_in_unique_tables_changes_no_result(tmp_path):
    assert shipped_answers(good(rearranged(tmp_path / "moved", 3, rows=True))) == shipped_answers(good(DEFAULT_MODEL))


def test_comments_line_ends_a_byte_order_mark_and_the_way_texts_are_quoted_change_nothing(tmp_path, base):
    other = write(tmp_path / "other", BASE)
    roles = BASE["roles.yaml"].replace("'work'", '"work"')
    (other / "roles.yaml").write_bytes(b"\xef\xbb\xbf# a comment\r\n" + roles.replace("\n", "\r\n").encode())
    assert good(other).digest == good(base).digest
    assert answers(other) == answers(base)


def test_a_digest_is_the_same_in_every_process(tmp_path, base):
    told = {json.loads(run(tmp_path, "rules", "check", "base", "--json", PYTHONHASHSEED=seed).out)["digest"] for seed in ("1", "2")}
    assert told == {good(base).digest}


CHANGES = {
    "a parameter": ("parameters.yaml", "100", "101"),
    "a condition": ("rules.yaml", "when: 'true'", "when: 'employees > 1'"),
    "a sentence": ("rules.yaml", "Always.", "Ever."),
    "a default": ("inputs.yaml", "default: 'true'", "default: 'false'"),
    "a weight": ("criteria.yaml", "weight: 1", "weight: 2"),
    "the version": ("model.yaml", "1.0.0", "1.0.1"),
}


@pytest.mark.parametrize("what", CHANGES)
def test_a_digest_changes_with_what_the_files_mean(tmp_path, base, what):
    name, old, new = CHANGES[what]
    assert old in BASE[name]
    changed = write(tmp_path / "changed", {**BASE, name: BASE[name].replace(old, new)})
    assert good(changed).digest != good(base).digest


# -- parameters for one run


def test_a_parameter_for_one_run_is_as_if_it_stood_in_the_file(tmp_path, base):
    edited = write(tmp_path / "edited", {**BASE, "parameters.yaml": BASE["parameters.yaml"].replace("100", "250")})
    assert answers(base, {"pay": 250.0}) == answers(edited) != answers(base)
    assert good(base, {"pay": 250.0}).digest != good(base).digest


# -- overlays


def overlay(tmp_path: Path, name: str, onto: str, **files: str) -> Path:
    head = f"name: small\nversion: 1.0.0\nextends: ../{onto}\n"
    return write(tmp_path / name, {"model.yaml": head, **{f"{kind}.yaml": text for kind, text in files.items()}})


def test_an_overlay_without_entries_means_what_it_extends(tmp_path, base):
    over = overlay(tmp_path, "over", "base")
    assert good(over).digest == good(base).digest
    assert answers(over) == answers(base)


OVERLAYS = {
    "a parameter": ({"parameters": "pay: {value: 250}\n"}, ("parameters.yaml", "value: 100", "value: 250")),
    "a rule by its id": ({"rules": "- {id: officer-always, when: 'employees > 100'}\n"}, ("rules.yaml", "when: 'true'", "when: 'employees > 100'")),
    "a post of a structure": (
        {"structures": "solo: {posts: {one: {covers: [officer], max: '1'}}}\n"},
        ("structures.yaml", "covers: [officer]", "covers: [officer], max: '1'"),
    ),
    "a criterion": ({"criteria": "- {id: covered, value: '1 - staffing.coverage'}\n"}, ("criteria.yaml", "'staffing.coverage'", "'1 - staffing.coverage'")),
    "one word of an input": (
        {"inputs": "colour: {values: {blue: {en: Azure, id: Biru langit}}}\n"},
        ("inputs.yaml", "{en: Blue, id: Biru}", "{en: Azure, id: Biru langit}"),
    ),
    "an input removed": ({"inputs": "colour: null\n"}, ("inputs.yaml", BASE["inputs.yaml"].splitlines(keepends=True)[3], "")),
    "a word removed": ({"inputs": "colour: {values: {blue: null}}\n"}, ("inputs.yaml", ", blue: {en: Blue, id: Biru}", "")),
}


@pytest.mark.parametrize("what", OVERLAYS)
def test_an_overlay_means_the_same_as_the_edited_file(tmp_path, base, what):
    files, (name, old, new) = OVERLAYS[what]
    assert old in BASE[name]
    edited = write(tmp_path / "edited", {**BASE, name: BASE[name].replace(old, new)})
    over = overlay(tmp_path, "over", "base", **files)
    assert good(over).digest == good(edited).digest != good(base).digest
    assert answers(over) == answers(edited)


def test_overlays_lie_on_each_other_and_the_last_word_counts(tmp_path, base):
    overlay(tmp_path, "first", "base", parameters="pay: {value: 200}\nmore: {value: 1, estimate: true}\n")
    second = overlay(tmp_path, "second", "first", parameters="pay: {value: 300}\n", decisions="work: {value: 'employees / 100 + more'}\n")
    plan = good(second)
    assert (plan.parameters["pay"].value, plan.parameters["more"].value) == (300, 1)
    assert plan.decisions["work"].formula is not None and plan.decisions["work"].formula.text == "employees / 100 + more"


def test_an_overlay_of_the_shipped_model_names_it(tmp_path):
    over = write(tmp_path / "over", {"model.yaml": "name: ours\nextends: social_media_team\n", "parameters.yaml": "care_minimum_inquiries: {value: 15}\n"})
    plan = good(over)
    assert plan.name == "ours" and plan.parameters["care_minimum_inquiries"].value == 15
    assert plan.parameters["care_minimum_inquiries"].source == good(DEFAULT_MODEL).parameters["care_minimum_inquiries"].source
    assert len(plan.rules) == len(good(DEFAULT_MODEL).rules)


def test_what_an_overlay_breaks_is_shown_where_the_overlay_says_it(tmp_path, base):
    over = overlay(tmp_path, "over", "base", decisions="work: {value: 'emploees / 100'}\n")
    _, found = load_plan(over)
    assert [(item.code, item.span.text if item.span else "") for item in found] == [("R401", "emploees")]
    assert found[0].span is not None and found[0].span.source.name.endswith("over/decisions.yaml")


def test_what_an_overlay_takes_away_is_missed_where_it_is_needed(tmp_path, base):
    _, found = load_plan(overlay(tmp_path, "over", "base", decisions="work: null\n"))
    assert [(item.code, item.span.text if item.span else "") for item in found] == [("R401", "work")]
    assert found[0].span is not None and found[0].span.source.name.endswith("base/roles.yaml")


def test_models_that_extend_each_other_are_a_ring(tmp_path):
    overlay(tmp_path, "one", "two")
    two = overlay(tmp_path, "two", "one")
    plan, found = load_plan(two)
    assert plan is None and found[0].code == "R502" and found[0].span is not None and found[0].span.text == "../two"
