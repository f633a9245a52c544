"""Pages about definitions: complete, in both languages, as data too, and never wider than the terminal."""

from __future__ import annotations

import json
from functools import cache
from typing import Any

import pytest

from engine.authoring.graph.links import KINDS, Links, links
from engine.authoring.pages import page_data
from engine.commands.show import page
from engine.model.load import load_plan
from engine.model.plan import Plan
from tests.model.base_model import BASE
from tests.program import ROOT, run


@cache
def shipped() -> tuple[Plan, Links]:
    plan, found = load_plan()
    assert plan is not None, [item.render() for item in found]
    return plan, links(plan)


def shown(name: str, lang: str = "en", width: int = 140) -> str:
    done = run(ROOT, "rules", "show", name, "--lang", lang, COLUMNS=str(width))
    assert done.code == 0, done.err
    return done.out


PAGES = {
    "care-for-service-goal": ["Kind        rule", "activation.yaml:111", '"service" in goals', "activate Care manager", "seed:S14", "Used by (1)"],
    "care_minimum_inquiries": ["10 inquiry/day", "5 - 20", "Sprout 2016", "Used by (4)", "care-for-service-goal", "Pertanyaan per hari"],
    "employer_factor": ["unique, 2 rows", '1  "ID"          employer_factor_id', "Otherwise   employer_factor_other", "Depends on (4)", "model.yaml"],
    "placement": ["first_goal", "17", "leadership", "Row 17", "hub_and_spoke"],
    "care_manager": ["Answers for replies", "Activated by", "care-for-volume:", "Excluded by", "too-few-questions:", "Posts that cover it (15)"],
    "hub_and_spoke": ["many_units", "Pusat dan simpul baru perlu", "Posts (8)", "Reports to", "borrowed", "consistency = 0.75", "And on  staffing.coverage"],
    "responsiveness": ["criterion", "Weight", "worst 0, best 1", "Value"],
    "sector": ["university: University or one of its units / Perguruan tinggi atau unitnya", "every row must state it", "Also called", "Used by"],
    "csat": ["KPI", "Priority", "care_manager"],
    "reach": ["Target      More people reached", "Jangkauan naik", "Used by (1)"],
}  # fmt: skip


@pytest.mark.parametrize("name", PAGES)
def test_a_page_says_what_there_is_to_say(name):
    text = shown(name)
    assert [part for part in PAGES[name] if part not in text] == []


def test_the_chosen_language_comes_first():
    english, indonesian = shown("care_manager"), shown("care_manager", "id")
    assert english.splitlines()[0] == "care_manager: Care manager" and indonesian.splitlines()[0] == "care_manager: Manajer Layanan"
    for text in (english, indonesian):
        own, other = text.index("Answers for replies"), text.index("Bertanggung jawab atas jawaban")
        assert (own < other) == (text is english)
    assert "Dipakai oleh" in indonesian and "Used by" not in indonesian


@pytest.mark.parametrize("lang", ["en", "id"])
@pytest.mark.parametrize("width", [40, 60, 100])
def test_no_page_is_wider_than_the_terminal(width, lang, capsys, monkeypatch):
    monkeypatch.setenv("COLUMNS", str(width))
    plan, graph = shipped()
    chosen = [node for node in graph.nodes.values() if node.kind != "model"]
    for node in chosen[:: 4 if width == 60 else 16]:
        page(plan, graph, node, lang)
        lines = capsys.readouterr().out.splitlines()
        assert lines[0].startswith(node.id[:width])
        assert [line for line in lines if len(line) > width or line != line.rstrip()] == [], node.key


def test_what_uses_a_definition_is_the_reverse_of_what_it_needs():
    _, graph = shipped()
    forward = {(key, target) for key, targets in graph.needs.items() for target in targets}
    backward = {(user, key) for key, users in graph.users.items() for user in users}
    assert forward == backward and len(forward) > 1000


LINKS = [
    ("roles/care_manager", "rules/care-for-volume", "a role rests on the rules that activate it"),
    ("roles/care_manager", "rules/too-few-questions", "and on those that exclude it"),
    ("structures/duo", "roles/social_analyst", "a structure rests on the roles that it covers"),
    ("roles/care_manager", "kpis/csat", "a role answers for KPIs"),
    ("rules/wage-base-unknown", "decisions/wage_base", "a sentence shows a value"),
    ("rules/wage-base-unknown", "inputs/local_min_wage", "`assumed.x` is about x"),
    ("decisions/placement", "decisions/has_pr", "a table reads its inputs"),
    ("decisions/employer_factor", "parameters/employer_factor_other", "a table's default is read"),
    ("structures/hub_and_spoke", "decisions/placement", "posts sit where the placement says"),
    ("model/model.yaml", "decisions/employer_factor", "the head of the model names what employing costs"),
]


@pytest.mark.parametrize(("key", "target", "why"), LINKS, ids=[case[2] for case in LINKS])
def test_a_definition_rests_on_another(key, target, why):
    _, graph = shipped()
    assert target in graph.needs[key] and key in graph.users[target]


def test_facts_are_named_and_are_no_definitions():
    _, graph = shipped()
    assert "staffing.coverage" in graph.facts["structures/hub_and_spoke"]
    made = {node.id for node in graph.nodes.values()}
    assert not {name for names in graph.facts.values() for name in names} & made


def definitions(*arguments: str) -> Any:
    done = run(ROOT, "rules", "show", *arguments, "--json")
    assert done.code == 0
    return json.loads(done.out)


def test_a_page_as_json_has_the_same_parts():
    (data,) = definitions("care_manager")["definitions"]
    assert data["kind"] == "roles" and data["label"] == {"en": "Care manager", "id": "Manajer Layanan"}
    assert {item["rule"] for item in data["activated_by"]} == {"care-for-service-goal", "care-for-volume"}
    assert {item["structure"] for item in data["covered_by"]} >= {"two_teams", "duo"}
    assert data["file"].endswith("roles.yaml") and isinstance(data["line"], int)
    assert {(item["kind"], item["id"]) for item in data["used_by"]} >= {("criteria", "responsiveness")}
    (table,) = definitions("employer_factor")["definitions"]
    assert table["table"]["rules"][0] == {"when": ['"ID"'], "then": "employer_factor_id", "line": table["table"]["rules"][0]["line"]}


def test_the_model_as_json_has_every_definition():
    plan, graph = shipped()
    data = definitions()
    assert data["digest"] == plan.digest
    assert {(item["kind"], item["id"]) for item in data["definitions"]} == {(kind, id_) for kind in KINDS for id_ in getattr(plan, kind)}
    assert json.loads(json.dumps(page_data(plan, graph, graph.named("goals")[0]))) in data["definitions"]


def test_a_name_that_two_kinds_have_shows_both(tmp_path):
    for name, text in {**BASE, "kpis.yaml": "officer: {label: {en: Officers, id: Petugas}}\n"}.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    done = run(tmp_path, "rules", "show", "officer", "--rules", ".")
    assert done.code == 0 and "officer: Officer\n" in done.out and "officer: Officers\n" in done.out


def test_an_unknown_name_gets_a_suggestion():
    done = run(ROOT, "rules", "show", "care_manger", "--json")
    assert done.code == 2 and "did you mean `care_manager`" in done.err and done.out == ""


def test_pages_and_drawings_of_a_model_that_extends_name_the_files_of_both(tmp_path):
    assert run(tmp_path, "rules", "new", "mine", "--extends").code == 0
    (tmp_path / "mine" / "parameters.yaml").write_text("care_minimum_inquiries: {value: 11}\n", encoding="utf-8")
    done = run(tmp_path, "rules", "show", "care_minimum_inquiries", "--rules", "mine", COLUMNS="80")
    assert done.code == 0 and "11 inquiry/day" in done.out and "social_media_team/activation.yaml:111" in done.out
    assert run(tmp_path, "rules", "show", "care_minimum_inquiries", "--rules", "mine", "--graph", "g.svg").code == 0
    assert "\nsocial_media_team/activation.yaml:111</title>" in (tmp_path / "g.svg").read_text(encoding="utf-8")
    assert run(tmp_path, "rules", "show", "care_manager", "--rules", "mine", "--json").code == 0
