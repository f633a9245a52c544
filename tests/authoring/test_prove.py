"""Properties of small models: proved, refuted with a profile that the interpreter confirms, unknown with the reason; and what is said of wrong ones."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from engine.authoring.prove.builtins import divisions
from engine.authoring.prove.case import Case
from engine.authoring.prove.counterexample import allowed
from engine.authoring.prove.goals import PROVED, REFUTED, UNKNOWN, Outcome
from engine.authoring.prove.properties import read_properties
from engine.authoring.prove.run import properties_of, prove
from engine.model.plan import Plan
from tests.executors.models import BOTH
from tests.executors.small import STARTED, plan_of

INPUTS: dict[str, Any] = {
    "people": {"type": "integer", "range": "[1..1000]", "required": True},
    "asked": {"type": "number", "range": "[0..100]", "default": "people / 100"},
    "size": {"type": "number", "range": "[1..2]", "required": True},
    "note": "string",
    "kind": ["shop", "school"],
    "goals": {"type": "ranking", "values": ["brand", "service"]},
}
RULES = [
    {"id": "start", "when": "people >= 10 or asked > 50", "activate": "worker"},
    {"id": "not-in-schools", "when": 'kind = "school" and asked < 20', "exclude": "worker"},
]
ROLES = {"worker": {"fte": "asked / 10"}, "lead": {"fte": "1"}}
DECISIONS = {
    "work": {"value": "role.worker.fte + 1"},
    "root": {"value": "(asked + 1) ** 0.3"},
    "plain": {"value": 'if note = null then "" else lower case(note)'},
}


@pytest.fixture(scope="module")
def plan() -> Plan:
    return plan_of(INPUTS, RULES, roles=ROLES, decisions=DECISIONS)


def answered(plan: Plan, folder: Path, timeout: float = 5.0, **written: str) -> Outcome:
    """What becomes of one property."""
    properties, found = read_properties([_file(folder, **written)], plan)
    assert not found, [item.render() for item in found]
    return next(prove(plan, properties, timeout))


def _file(folder: Path, **written: str) -> Path:
    file = folder / "properties.yaml"
    lines = [f"{key}: " + (f"'{value}'" if isinstance(value, str) else json.dumps(value)) for key, value in {"id": "it", "label": BOTH, **written}.items()]
    file.write_text("- " + "\n  ".join(lines) + "\n", encoding="utf-8")
    return file


def refuted(plan: Plan, folder: Path, **written: str) -> dict[str, Any]:
    """The profiles that refute a property. They may be stated, and the interpreter confirms them."""
    outcome = answered(plan, folder, **written)
    answer = outcome.answers[0]
    assert outcome.status == REFUTED and answer.profiles is not None
    assert all(allowed(plan.inputs[id_], value) for stated in answer.profiles.values() for id_, value in stated.items())
    assert not answer.goal.confirm({name: Case(plan, stated) for name, stated in answer.profiles.items()})
    return {name: {id_: value for id_, value in stated.items() if id_ != "org_id"} for name, stated in answer.profiles.items()}


TRUE = {
    "a rule": {"when": 'p.people >= 10 and p.kind != "school"', "then": "p.role.worker.active"},
    "a default": {"when": "p.assumed.asked", "then": "p.asked = p.people / 100"},
    "missing values": {"when": "p.kind = null", "then": 'not(p.kind = "shop") and p.goals[3] = null'},
    "work": {"then": "p.work >= 1 and p.work <= 11"},
    "a ranking": {"when": 'p.goals[1] = "brand"', "then": '"brand" in p.goals and rank weight(p.goals, "brand") > rank weight(p.goals, "service")'},
    "whole numbers": {"then": "p.people <= 2 or p.people >= 3"},
    "steps": {"then": "floor(p.asked / 3) * 3 <= p.asked and p.asked < 3 * floor(p.asked / 3) + 3"},
    "a square": {"then": "p.asked ** 2 + 1 >= 2 * p.asked"},
    "a power that grows": {"for_all": "pq", "when": "p.asked <= q.asked", "then": "p.root <= q.root"},
    "a power at an end": {"then": "p.root < 4"},
    "a parameter-free structure": {"when": "p.eligible.team", "then": "p.staffing.team.people >= p.role.worker.fte"},
    "one more": {"for_all": "pq", "when": "p.people <= q.people and same(p, q, except people)", "then": "not(p.role.worker.active) or q.role.worker.active"},
    "the same": {"for_all": "pq", "when": "same(p, q)", "then": "p.work = q.work and p.goals = q.goals"},
}


@pytest.mark.parametrize("name", TRUE)
def test_what_is_true_of_every_profile_is_proved(plan, tmp_path, name):
    written = TRUE[name] | ({"for_all": ["p", "q"]} if "for_all" in TRUE[name] else {})
    outcome = answered(plan, tmp_path, **written)
    assert outcome.status == PROVED, outcome.answers


@pytest.mark.parametrize("name", TRUE)
def test_its_opposite_is_refuted_so_that_nothing_is_proved_of_no_profile_at_all(plan, tmp_path, name):
    written = TRUE[name] | ({"for_all": ["p", "q"]} if "for_all" in TRUE[name] else {})
    assert refuted(plan, tmp_path, **{**written, "then": f"not({written['then']})"})


def test_a_refutation_shows_only_what_matters(plan, tmp_path):
    profiles = refuted(plan, tmp_path, then="p.role.worker.active")
    assert set(profiles["p"]) == {"people", "size"}, "what is required, and nothing else"
    assert profiles["p"]["people"] < 10


def test_a_refutation_needs_an_integer_where_the_input_is_one(plan, tmp_path):
    profiles = refuted(plan, tmp_path, when="p.people > 7", then="p.people >= 9")
    assert profiles["p"]["people"] == 8


def test_two_profiles_differ_only_where_they_may(plan, tmp_path):
    written = {"when": "p.asked <= q.asked and same(p, q, except asked)", "then": "p.role.worker.active or not(q.role.worker.active)"}
    profiles = refuted(plan, tmp_path, for_all=["p", "q"], **written)
    differing = {id_ for id_ in profiles["p"].keys() | profiles["q"].keys() if profiles["p"].get(id_) != profiles["q"].get(id_)}
    assert differing == {"asked"}


def test_an_input_that_is_left_out_is_not_the_same_as_its_default_stated(plan, tmp_path):
    """`same` is about what the profiles state; both leave `asked` out here, and it follows `people`."""
    profiles = refuted(plan, tmp_path, for_all=["p", "q"], when="p.people < q.people and same(p, q, except people)", then="p.asked = q.asked")
    assert all("asked" not in stated for stated in profiles.values())


def test_what_takes_too_long_is_unknown(plan, tmp_path):
    plan = plan_of({name: {"type": "integer", "range": "[1..1000]", "required": True} for name in "xyz"})
    outcome = answered(plan, tmp_path, timeout=0.2, then="p.x ** 3 + p.y ** 3 != p.z ** 3")
    assert (outcome.status, outcome.answers[0].reason) == (UNKNOWN, "prove.timeout_tried")
    assert outcome.seconds < 10


def test_no_time_at_all_proves_nothing(plan, tmp_path):
    assert answered(plan, tmp_path, timeout=0.0, then="p.work >= 1").status == UNKNOWN


def test_a_property_of_no_profile_at_all_is_not_said_to_be_proved(plan, tmp_path):
    outcome = answered(plan, tmp_path, when="p.people > 7.2 and p.people < 7.8", then="p.work >= 1")
    assert (outcome.status, outcome.answers[0].reason) == (UNKNOWN, "prove.vacuous")


def test_what_only_rounding_makes_true_is_unknown(plan, tmp_path):
    """On exact numbers it is false of every profile; the interpreter compares 12 digits."""
    outcome = answered(plan, tmp_path, then="not(p.size + 0.000000000000000001 > p.size)")
    assert (outcome.status, outcome.answers[0].reason) == (UNKNOWN, "prove.rounding")


def test_what_rests_on_an_operator_without_a_formula_is_unknown_and_says_which(plan, tmp_path):
    outcome = answered(plan, tmp_path, when="p.note != null", then='contains(p.plain + "x", "x")')
    assert (outcome.status, outcome.answers[0].reason) == (UNKNOWN, "prove.abstract")
    assert outcome.answers[0].abstracted == ("concat", "contains", "lower_case")


def test_what_holds_of_any_function_is_proved_with_an_abstraction(plan, tmp_path):
    outcome = answered(plan, tmp_path, for_all=["p", "q"], when="p.note = q.note", then="p.plain = q.plain")
    assert outcome.status == PROVED
    assert outcome.answers[0].abstracted == ("lower_case",)


def test_upper_and_lower_case_of_texts_that_are_named_are_known(plan, tmp_path):
    assert answered(plan, tmp_path, when='p.note = "ABC"', then='p.plain = "abc"').status == PROVED
    assert refuted(plan, tmp_path, when='p.plain = "abc"', then='p.note = "ABC"')["p"]["note"] == "abc"


# -- built-in properties


def builtin(plan: Plan, id_: str) -> Outcome:
    properties, _ = properties_of(plan, None)
    return next(prove(plan, [item for item in properties if item.id == id_]))


def table(*rows: tuple[str, str], **more: Any) -> dict[str, Any]:
    return {
        "sized": {"table": {"hit policy": "unique", "inputs": ["people + asked"], "rules": [{"when": [cell], "then": then} for cell, then in rows], **more}}
    }


@pytest.mark.parametrize(
    ("decisions", "status"),
    [
        (table(("< 10", "1"), (">= 10", "2")), PROVED),
        (table(("< 10", "1"), ("> 10", "2")), REFUTED),
        (table(("< 10", "1"), ("> 10", "2"), default="3"), PROVED),
        (table(("<= 10", "1"), (">= 10", "2")), REFUTED),
    ],
)
def test_a_unique_table_has_one_row(decisions, status):
    assert builtin(plan_of(INPUTS, decisions=decisions), "one-row").status == status


@pytest.mark.parametrize(
    ("value", "status"),
    [
        ("1 / people", PROVED),
        ("1 / (people - asked)", REFUTED),
        ("if people = asked then 0 else 1 / (people - asked)", PROVED),
        ("if people = asked then 1 / (people - asked) else 0", REFUTED),
        ("if people > asked and 1 / (people - asked) > 2 then 1 else 0", PROVED),
        ("if people = asked or 1 / (people - asked) > 2 then 1 else 0", PROVED),
        ("modulo(people, asked - 7)", REFUTED),
        ("modulo(people, asked ** 2 + 1)", PROVED),
    ],
)
def test_a_division_is_by_zero_only_where_it_is_reached(value, status):
    plan = plan_of(INPUTS, decisions={"it": {"value": value}})
    outcome = builtin(plan, "no-division-by-zero")
    assert outcome.status == status
    assert len([division for division in divisions(plan) if division.what == "it"]) == 1


@pytest.mark.parametrize(("fte", "status"), [("asked", PROVED), ("people - asked", REFUTED), ("if people > asked then people - asked else 0", PROVED)])
def test_the_work_of_a_role_is_not_negative(fte, status):
    outcome = builtin(plan_of(INPUTS, [STARTED], roles={"worker": {"fte": fte}}), "fte-is-a-number")
    assert outcome.status == status


def test_an_inactive_role_may_have_any_formula():
    rules = [{"id": "start", "when": "people > asked", "activate": "worker"}]
    assert builtin(plan_of(INPUTS, rules, roles={"worker": {"fte": "people - asked"}}), "fte-is-a-number").status == PROVED


@pytest.mark.parametrize(("weight", "negative", "some"), [("people", PROVED, PROVED), ("people - 500", REFUTED, REFUTED), ("asked", PROVED, REFUTED)])
def test_weights(weight, negative, some):
    plan = plan_of(INPUTS, criteria=[{"id": "only", "weight": weight, "value": "1"}])
    assert (builtin(plan, "weights-are-not-negative").status, builtin(plan, "some-weight-is-positive").status) == (negative, some)


def structures(*needs: str) -> dict[str, Any]:
    return {f"team_{i}": {"eligible": [{"needs": text, "otherwise": BOTH}]} for i, text in enumerate(needs)}


@pytest.mark.parametrize(
    ("needs", "status"),
    [
        (("people < 10", "people >= 10"), PROVED),
        (("people < 10", "people > 10"), REFUTED),
        (("staffing.coverage >= 0.9",), PROVED),
        (("staffing.people >= 1",), PROVED),
        (("staffing.people >= 1.5",), REFUTED),
        (("staffing.overload <= 1 and staffing.heads <= 2",), PROVED),
    ],
)
def test_every_profile_has_an_eligible_structure(needs, status):
    assert builtin(plan_of(INPUTS, structures=structures(*needs), roles={"worker": {"fte": "0.6"}}), "some-structure-is-eligible").status == status


COVERING = {"team": {"posts": {"post": {"covers": ["worker"]}}}}
LEADS = [STARTED, {"id": "lead", "when": "people > 500", "activate": "lead"}]
SAID = {"id": "said", "note": "warning"}


@pytest.mark.parametrize(
    ("rules", "status"),
    [
        ([STARTED], PROVED),
        (LEADS, REFUTED),
        ([*LEADS, {**SAID, "when": "staffing.uncovered > 0"}], PROVED),
        ([*LEADS, {**SAID, "when": "role.lead.active and not(structure.covers.lead)"}], PROVED),
        ([*LEADS, {**SAID, "when": "staffing.uncovered > 2"}], REFUTED),
    ],
)
def test_an_active_role_is_covered_or_said_to_be_missing(rules, status):
    assert builtin(plan_of(INPUTS, rules, roles=ROLES, structures=COVERING), "active-roles-are-covered").status == status


# -- wrong properties


@pytest.mark.parametrize(
    ("written", "code", "underlined", "hint"),
    [
        ({"then": "p.peple > 1"}, "R401", "p.peple", "did you mean `p.people`?"),
        ({"then": "people > 1"}, "R401", "people", "did you mean `p.people`?"),
        ({"when": "p.role.worke.active", "then": "true"}, "R401", "p.role.worke.active", "did you mean `p.role.worker.active`?"),
        ({"then": "p.people"}, "R408", "p.people", None),
        ({"then": "p.kind = \"shopp\""}, "R405", '"shopp"', "did you mean `shop`?"),
        ({"then": "q.people > 1"}, "R401", "q.people", "did you mean `p.people`?"),
        ({"for_all": ["p", "q"], "when": "same(p, q, except peopl)", "then": "true"}, "R503", "peopl", "did you mean `people`?"),
        ({"for_all": ["p", "q"], "when": "same(p, r)", "then": "true"}, "R401", "r", None),
        ({"for_all": ["p", "q"], "when": "not(same(p, q))", "then": "true"}, "R531", "same(p, q)", None),
        ({"for_all": ["p", "q"], "then": "same(p, q)"}, "R531", "same(p, q)", None),
        ({"then": "p.people >"}, "R302", "", None),
    ],
)  # fmt: skip
def test_a_wrong_property_is_a_diagnostic_with_its_place(plan, tmp_path, written, code, underlined, hint):
    properties, found = read_properties([_file(tmp_path, **written)], plan)
    assert properties == []
    assert [(item.code, item.span.text, item.hint.text() if item.hint else None) for item in found] == [(code, underlined, hint)]


@pytest.mark.parametrize(
    ("text", "code"),
    [("it: {}", "R203"), ("- {id: it, then: 'true'}", "R202"), ("- {id: it, thn: 'true', then: 'true', label: {en: It, id: Itu}}", "R201"), ("- [", "R104")],
)
def test_a_file_of_another_shape_is_a_diagnostic(plan, tmp_path, text, code):
    (tmp_path / "properties.yaml").write_text(text, encoding="utf-8")
    properties, found = read_properties([tmp_path / "properties.yaml"], plan)
    assert (properties, [item.code for item in found]) == ([], [code])


def test_an_id_stands_once(plan, tmp_path):
    entry = "- {id: it, then: 'true', label: {en: It, id: Itu}}\n"
    (tmp_path / "properties.yaml").write_text(entry * 2, encoding="utf-8")
    properties, found = read_properties([tmp_path / "properties.yaml"], plan)
    assert (len(properties), [item.code for item in found]) == (1, ["R501"])


def test_a_later_file_replaces_a_property(plan, tmp_path):
    files = []
    for name, then in (("base", "p.people < 5"), ("over", "p.people >= 1")):
        (tmp_path / name).mkdir()
        files.append(_file(tmp_path / name, then=then))
    properties, found = read_properties(files, plan)
    assert (len(properties), found) == (1, [])
    assert next(prove(plan, properties)).status == PROVED
