"""Why one structure beats another: contributions, gaps, arguments and reason codes add up, and every number is traced to where it is set."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from engine.api import Model, load_model
from engine.profiles.table import Profiles
from engine.scoring.reason_codes import reason_codes
from tests.program import SAMPLE


@cache
def model() -> Model:
    return load_model()


@cache
def profiles() -> Profiles:
    return model().profiles(SAMPLE)


@cache
def data(row: int, lang: str = "en") -> dict[str, Any]:
    from engine.explain import explain

    return explain(model().case(profiles(), row, lang)).data


ROWS = range(0, 40, 3)


def test_reason_codes_of_a_published_scorecard() -> None:
    """DMG's sample scorecard: 29 points; the reasons are age (18 below its baseline), then department (16 below), and no third: income is above its."""
    baseline, parts = np.array([19.0, 18.0, 10.0]), np.array([3.0, 0.0, 26.0])
    assert parts.sum() == 29
    assert reason_codes(baseline, parts, 3).tolist() == [1, 0, -1]
    assert reason_codes(baseline[:, None], np.stack([parts, baseline], axis=1), 4).tolist() == [[1, -1], [0, -1], [-1, -1], [-1, -1]]


@pytest.mark.parametrize("row", ROWS)
def test_contributions_and_gaps_add_up(row: int) -> None:
    found = data(row)
    ranked = [item for item in found["structures"] if item["rank"] is not None]
    best = ranked[0]["score"]
    for item in ranked:
        assert sum(item["contributions"].values()) == pytest.approx(item["score"], abs=1e-12)
        assert sum(item["gaps"].values()) == pytest.approx(item["score"] - best, abs=1e-12)
        points = [code["points"] for code in item["reason_codes"]]
        assert sum(points) == pytest.approx(1 - item["score"], abs=1e-12)
        assert points == sorted(points, reverse=True)
        assert all(point > 0 for point in points)
    for one in ranked:
        for other in ranked:
            gap = sum(one["contributions"][id_] - other["contributions"][id_] for id_ in one["contributions"])
            assert gap == pytest.approx(one["score"] - other["score"], abs=1e-12)


@pytest.mark.parametrize("row", ROWS)
@pytest.mark.parametrize("lang", ["en", "id"])
def test_every_loser_has_its_best_and_its_worst_argument(row: int, lang: str) -> None:
    found = data(row, lang)
    plan = model().plan
    for item in [item for item in found["structures"] if item["rank"] is not None][1:]:
        gaps = item["gaps"]
        best, worst = max(gaps, key=lambda id_: gaps[id_]), min(gaps, key=lambda id_: gaps[id_])
        assert item["best_argument"] == (best if gaps[best] > 1e-9 else None)
        assert item["worst_argument"] == (worst if gaps[worst] < -1e-9 else None)
        said = item["because"]
        assert item["label"] in said
        assert re.search(r"[{}]|None|\bnan\b", said) is None
        if item["worst_argument"] and item["tier"] == found["structures"][0]["tier"]:
            assert plan.criteria[worst].label[lang].lower() in said.lower()


def test_a_structure_over_budget_is_said_to_be_dear() -> None:
    frame = {"org_id": "a", "name": "A", "sector": "university", "employees": 2500, "goals": "branding;service", "inquiries_per_day": 200, "units": 10}
    said = [
        item["because"]
        for budget in (10_000_000, 30_000_000, 45_000_000)
        for item in model().decide({**frame, "social_budget_month": budget}).data["structures"]
        if item["rank"] and item["tier"] == 2 and item["because"] and "more a month than is stated" in item["because"]
    ]
    assert said


@pytest.mark.parametrize("method", ["spotis", "vikor", "promethee-ii", "weighted-sum:normalization=sum"])
def test_another_method_is_not_explained_by_sums_it_does_not_have(method: str) -> None:
    """Its scores may be better when lower, and no sum of contributions."""
    from engine.api import case_of
    from engine.explain import explain
    from engine.scoring.chosen import choose

    chosen = choose(method, model().plan)
    found = explain(case_of(model().plan, profiles(), 1, "en", chosen)).data["structures"]
    ranked = [item for item in found if item["rank"] is not None]
    assert len(ranked) > 1
    for item in ranked:
        assert [item[name] for name in ("because", "best_argument", "worst_argument", "reason_codes")] == [None] * 4
        if chosen.method.additive:
            assert sum(item["contributions"].values()) == pytest.approx(item["score"], abs=1e-12)
            assert sum(item["gaps"].values()) == pytest.approx(item["score"] - ranked[0]["score"], abs=1e-12)
        else:
            assert item["contributions"] is None and item["gaps"] is None


def test_a_structure_that_is_not_eligible_is_compared_as_if_it_were() -> None:
    """A small office with a headcount of 0: the core duo would score more than what is left, and is not said to score less than nothing less."""
    frame = {"org_id": "a", "name": "A", "sector": "company_b2c", "employees": 3000, "goals": "branding;service", "inquiries_per_day": 900, "platforms": 20}
    frame |= {"posts_per_week": 200, "units": 20, "outsourcing": "no", "max_headcount": 0}
    for lang, said in (("en", "Core duo would score 0.111 more than Distributed"), ("id", "Skor Duo Inti akan 0,111 lebih tinggi daripada Tersebar")):
        lines = [line.text for section in model().explain(frame, lang, structure="duo").sections for line in section.lines]
        assert any(line.startswith(said) for line in lines), lines


def test_every_number_is_traced_to_a_line_that_has_its_name() -> None:
    root = Path(__file__).parent.parent.parent
    found = data(1)
    assert found["trace"]["structure"] == found["recommended"]
    places = 0
    for traced in found["trace"]["criteria"].values():
        for origin in (*traced["weight"], *traced["value"], *traced["rules"]):
            if origin["kind"] in ("input", "fact"):
                continue
            file, _, line = origin["place"].rpartition(":")
            text = (root / file).read_text(encoding="utf-8").splitlines()[int(line) - 1]
            assert origin["name"].rpartition(".")[2] in text or origin["name"] == "placement", origin
            places += 1
    assert places > 60
    rules = {rule["name"] for traced in found["trace"]["criteria"].values() for rule in traced["rules"]}
    assert rules == {
        rule["id"] for role in found["roles"].values() if role["active"] for rule in role["rules"] if rule["fired"] and rule["effect"] == "activate"
    }


def test_the_long_table_names_what_costs_most() -> None:
    import pandas as pd

    frame = model().evaluate(pd.read_csv(SAMPLE).iloc[:12], form="long")
    for _, row in frame.iterrows():
        named = [] if pd.isna(row["rank"]) else row["shortfalls"].split(";") if row["shortfalls"] else []
        assert len(named) <= 3
        if named:
            item = next(item for item in data(_ids().index(row["org_id"]))["structures"] if item["id"] == row["structure"])
            assert [code["criterion"] for code in item["reason_codes"]][:3] == named


@cache
def _ids() -> list[Any]:
    from engine.feel.arrays import to_values

    return to_values(profiles().columns["org_id"], profiles().size)
