"""The shipped knowledge base: everything cites, every number says where it comes from, every sentence stands in both languages, and generated and sample
organisations get answers that make sense as a whole."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

import numpy as np
import pytest

from engine import shipped
from engine.api import load_model
from engine.authoring.carriers import uncited
from engine.authoring.knowledge import COMMAND, ROWS, SEED, claims, estimates, practice
from engine.authoring.survey import BANDS, Survey, survey
from engine.authoring.tags import marks
from engine.feel.tree import refs
from engine.model.compile import formulas
from engine.model.plan import Template, Text
from tests.rules.shipped_model import plan

MOST = 0.40  # of all profiles that one structure may win
MOST_WARNED = 0.25  # of the sample organisations
TEAMS = ("hub_and_spoke", "two_teams", "centralised", "centralised_web_analyst", "care_cell", "dandelion", "honeycomb")


@cache
def found() -> Survey:
    return survey(plan(), ROWS, SEED)


# -- generated profiles


def test_no_structure_wins_more_than_four_in_ten() -> None:
    assert max(found().shares().values()) <= MOST, found().shares()


def test_every_structure_wins_somewhere() -> None:
    eligible = {id_ for k, id_ in enumerate(found().structures) if found().eligible[k].any()}
    assert eligible == set(plan().structures)
    assert eligible - set(found().shares()) == set()


def test_something_is_always_eligible() -> None:
    assert int((found().winner < 0).sum()) == 0


def test_organisations_grow_from_one_person_to_two_to_three_to_teams() -> None:
    """The structure that wins most in each size, and the share of one-person and of large teams along the sizes."""
    bands = [found().shares(found().band == i) for i in range(len(BANDS))]
    assert [next(iter(shares)) for shares in bands] == ["solo_generalist", "solo_generalist", "duo", "duo", "hub_and_spoke", "hub_and_spoke"]
    solo = [shares.get("solo_generalist", 0.0) for shares in bands]
    large = [sum(shares.get(id_, 0.0) for id_ in TEAMS) for shares in bands]
    assert solo == sorted(solo, reverse=True)
    assert large == sorted(large)
    assert bands[3].get("core_three", 0.0) > max(bands[0].get("core_three", 0.0), bands[5].get("core_three", 0.0))
    assert bands[5].get("dandelion", 0.0) > 0 and not any(shares.get("dandelion", 0.0) for shares in bands[:4])


def test_the_first_goal_moves_the_choice_within_a_size() -> None:
    goals = {goal: j for j, goal in enumerate(found().goals)}

    def share(structure: str, goal: str, *bands: int) -> float:
        where = (found().goal == goals[goal]) & np.isin(found().band, bands)
        return found().shares(where).get(structure, 0.0)

    assert share("community_led", "community", 1, 2, 3) > 2 * share("community_led", "information", 1, 2, 3)
    assert share("care_cell", "service", 3, 4, 5) > 2 * share("care_cell", "branding", 3, 4, 5)
    assert share("agency_led", "sales", 2, 3, 4) > 2 * share("agency_led", "service", 2, 3, 4)
    assert share("outside_design", "branding", 1, 2, 3) > 2 * share("outside_design", "service", 1, 2, 3)
    assert share("two_teams", "service", 4, 5) > share("two_teams", "information", 4, 5)
    assert share("honeycomb", "recruitment", 3, 4, 5) > share("honeycomb", "service", 3, 4, 5)


@pytest.mark.slow
def test_among_many_more_profiles_something_is_always_eligible() -> None:
    many = survey(plan(), 200_000, SEED + 1)
    assert int((many.winner < 0).sum()) == 0
    assert set(many.shares()) == set(plan().structures)


# -- the sample organisations


def test_the_sample_is_seldom_warned_and_always_answered() -> None:
    model = load_model()
    profiles = model.profiles(shipped.DATASETS / "sample_organisations.csv")
    decisions = [model.case(profiles, row, "en").decisions for row in range(profiles.size)]
    assert profiles.size >= 60
    assert all(decision.ranked.eligible[0] > 0 for decision in decisions)
    loud = [any(bool(decision.notes[id_][0]) for id_, rule in plan().rules.items() if rule.target == "warning") for decision in decisions]
    assert 0 < sum(loud) <= MOST_WARNED * len(loud), f"{sum(loud)} of {len(loud)} are warned"


# -- where it comes from


def test_everything_cites_something() -> None:
    assert uncited(plan()) == []


def test_every_row_of_the_placement_cites_and_gives_a_reason() -> None:
    table = plan().decisions["placement"].table
    assert table is not None
    assert [row.number for row in table.rows if not row.cites or row.because is None] == []


def test_every_parameter_has_a_source_or_is_an_estimate_with_a_range() -> None:
    parameters = plan().parameters.values()
    assert [item.id for item in parameters if bool(item.source) == item.estimate] == []
    assert [item.id for item in parameters if item.range is None or not item.range[0] <= item.value <= item.range[1]] == []
    assert [item.id for item in parameters if not item.unit or set(item.label) != {"en", "id"}] == []


def test_every_rule_of_practice_stands_somewhere() -> None:
    assert sorted({mark.number for mark in marks(shipped.DEFAULT_MODEL)}) == list(range(1, 45))
    assert list(claims("practice")) == [str(number) for number in range(1, 45)]


def test_the_page_is_current() -> None:
    """Except for what was counted among generated profiles, which follows the generator too."""
    page = (shipped.ROOT / "docs" / "knowledge-base.md").read_text(encoding="utf-8")
    for section in (practice(), estimates(plan())):
        assert "\n".join(section) in page, f"docs/knowledge-base.md is stale: run `{COMMAND}`"


def test_every_parameter_and_decision_is_named_somewhere() -> None:
    model = plan()
    named = {name for formula in formulas(model) for name in refs(formula.tree)} | {name for _, template in templates() for name in template.names}
    named |= {name for decision in model.decisions.values() if decision.table for row in decision.table.rows for name in refs(row.when)}
    named |= {"placement", *model.settings.thresholds.values()}
    assert [name for name in (*model.parameters, *model.decisions) if name not in named] == []


# -- sentences


def templates() -> Iterator[tuple[str, Template]]:
    model = plan()
    yield from ((f"rule {item.id}", item.because) for item in model.rules.values())
    yield from ((f"input {item.id}", item.because) for item in model.inputs.values() if item.because is not None)
    for structure in model.structures.values():
        yield from ((f"structure {structure.id}", requirement.otherwise) for requirement in structure.eligible)
    for decision in model.decisions.values():
        rows = decision.table.rows if decision.table is not None else ()
        yield from ((f"decision {decision.id} row {row.number}", row.because) for row in rows if row.because is not None)


def texts() -> Iterator[tuple[str, Text]]:
    model = plan()
    yield from ((where, template.texts) for where, template in templates())
    for item in (*model.inputs.values(), *model.criteria.values()):
        yield from ((f"{item.id}.label", item.label), (f"{item.id}.help", item.help))
    for role in model.roles.values():
        yield from ((f"role {role.id}", text) for text in (role.label, *role.duties))
    for structure in model.structures.values():
        yield from ((f"structure {structure.id}", text) for text in (structure.label, structure.summary, *(post.label for post in structure.posts)))
    for kpi in model.kpis.values():
        yield from ((f"KPI {kpi.id}", text) for text in (kpi.label, kpi.target))
    yield from ((f"place {id_}", text) for id_, text in model.places.items())


def test_texts_stand_in_both_languages() -> None:
    assert [where for where, text in texts() if text and set(text) != {"en", "id"}] == []


def test_sentences_show_the_same_values_in_both_languages() -> None:
    differ = [where for where, template in templates() if len({frozenset(re.findall(r"{([^}]+)}", text)) for text in template.texts.values()}) > 1]
    assert differ == []


def test_only_sentences_that_are_filled_hold_placeholders() -> None:
    filled = {where for where, _ in templates()}
    assert [(where, text) for where, by_language in texts() if where not in filled for text in by_language.values() if "{" in text] == []


def test_sentences_are_sentences_without_semicolons() -> None:
    """Notes are joined with semicolons in a CSV."""
    assert [(where, text) for where, by_language in texts() for text in by_language.values() if ";" in text] == []
    assert [(where, text) for where, template in templates() for text in template.texts.values() if not text.endswith(".")] == []
