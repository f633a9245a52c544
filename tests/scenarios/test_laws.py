"""What holds of every scenario: it is the edited file, cell by cell; parameters are `--param`; assumptions stay what they are; no row is lost."""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pandas.testing import assert_frame_equal

import engine.batch
from engine.api import Model, SusunError, load_model, read_profiles
from engine.cross_check import cross_check
from engine.profiles.table import Profiles
from engine.scenarios.apply import changed
from engine.scenarios.changes import read_changes
from engine.scenarios.read import read_scenarios
from engine.scenarios.run import COLUMNS, compare
from tests.program import SAMPLE


@cache
def model() -> Model:
    return load_model()


@cache
def sample() -> pd.DataFrame:
    return pd.read_csv(SAMPLE, dtype=str)


@cache
def profiles() -> Profiles:
    found, _ = read_profiles(model().plan, SAMPLE)
    assert found is not None
    return found


@cache
def base() -> pd.DataFrame:
    return model().evaluate(sample())


def under(scenario: dict[str, Any], frame: pd.DataFrame | None = None, by: Model | None = None) -> pd.DataFrame:
    """The scenario's columns, named as in its own answer."""
    answer = (by or model()).evaluate(sample() if frame is None else frame, scenarios={"s": scenario})
    found = answer[[f"s_{name}" for name in COLUMNS]]
    return found.rename(columns={f"s_{name}": name for name in COLUMNS})


def plain(answer: pd.DataFrame) -> pd.DataFrame:
    """The same columns of an answer without scenarios; a decided row has no problem."""
    found = answer[list(COLUMNS.values())].rename(columns={"reason": "problem"})
    return found.assign(problem=found["problem"].where(found["status"] == "rejected", None))


def assert_same(a: pd.DataFrame, b: pd.DataFrame) -> None:
    assert_frame_equal(a, b, check_exact=True, check_dtype=False)


INPUTS = [name for name in model().plan.inputs if name != "org_id"]


@settings(max_examples=10)
@given(st.sets(st.sampled_from(INPUTS), min_size=1, max_size=8))
def test_setting_inputs_to_themselves_changes_no_cell(names):
    assert_same(under({"set": {name: name for name in names}}), plain(base()))


VALUES = {
    "inquiries_per_day": ["0", "35", "2000.5"], "social_budget_month": ["", "1500000", "90000000"], "goals": ["service;branding", "community", ""],
    "risk": ["low", "high", ""], "platforms": ["1", "6", ""], "outsourcing": ["no", "yes"], "units": ["1", "12"], "max_headcount": ["", "2"],
    "employees": ["3", "4000"], "country": ["ID", "US", ""], "departments": ["pr;marketing", "-"],
    "strategy_written": ["yes", "no"], "region": ["Jawa Timur", ""],
}  # fmt: skip


@settings(max_examples=10)
@given(st.fixed_dictionaries({}, optional={name: st.sampled_from(values) for name, values in VALUES.items()}))
def test_plain_values_answer_as_the_edited_file_does(values):
    changes, found = read_changes(model().plan, [f"{name}={value}" for name, value in values.items()])
    assert not found
    after = engine.batch.evaluate(model().plan, changed(model().plan, profiles(), changes)).table.to_pandas()
    assert_same(after, model().evaluate(sample().assign(**{name: value or None for name, value in values.items()})))


FORMULAS = {
    "inquiries_per_day": ("min(100000, inquiries_per_day * 2)", lambda value: min(1e5, value * 2)),
    "social_budget_month": ("social_budget_month * 0.75", lambda value: value * 0.75),
    "platforms": ("min(1000, platforms + 1)", lambda value: min(1000, value + 1)),
    "employees": ("employees * 1.5", lambda value: value * 1.5),
}


@pytest.mark.parametrize("names", [[name] for name in FORMULAS] + [["employees", "platforms"]], ids="+".join)
def test_expressions_answer_as_the_edited_file_does(names):
    """Where the cells they are worked out from are stated."""
    frame = sample()[sample()[names].notna().all(axis=1)].reset_index(drop=True)
    edited = frame.assign(**{name: [repr(float(FORMULAS[name][1](float(cell)))) for cell in frame[name]] for name in names})
    assert len(frame) > 30
    assert_same(under({"set": {name: FORMULAS[name][0] for name in names}}, frame), plain(model().evaluate(edited)))


def test_all_changes_happen_at_once_in_any_order():
    swap = {"platforms": "min(1000, units)", "units": "max(1, platforms)", "inquiries_per_day": "platforms * 10"}
    changes, _ = read_changes(model().plan, [f"{name} := {text}" for name, text in swap.items()])
    after = changed(model().plan, profiles(), changes)
    known = engine.batch.decide_chunks(model().plan, profiles().columns, profiles().size, lambda _, found: found.activations.columns)[0]
    assert np.array_equal(after.columns["units"].values, np.maximum(1, known["platforms"].values))
    assert np.array_equal(after.columns["inquiries_per_day"].values, known["platforms"].values * 10)
    assert_same(under({"set": swap}), under({"set": dict(reversed(swap.items()))}))


def test_parameters_are_those_of_param():
    values = {"care_inquiries_per_agent_day": 80.0, "tie_tolerance": 0.02}
    assert_same(under({"parameters": values}), plain(load_model(parameters=values).evaluate(sample())))


def test_scenarios_are_ranked_by_the_chosen_method():
    values = {"platforms_assumed": 3.0}
    answer = model().evaluate(sample(), method="topsis", scenarios={"s": {"parameters": values}})
    found = answer[[f"s_{name}" for name in COLUMNS]].rename(columns={f"s_{name}": name for name in COLUMNS})
    assert_same(found, plain(load_model(parameters=values).evaluate(sample(), method="topsis")))
    assert not found["recommended"].equals(under({"parameters": values})["recommended"])


def test_an_assumption_is_made_under_the_scenarios_own_parameters():
    values = {"platforms_assumed": 3.0}
    first = under({"parameters": values, "set": {"platforms": "platforms"}})
    assert_same(first, plain(load_model(parameters=values).evaluate(sample())))
    assert not first.equals(plain(base()))


def test_what_is_worked_out_from_an_assumption_stays_one_and_what_is_set_is_stated():
    frame = sample()[sample()["social_budget_month"].isna() & sample()["annual_budget"].notna()].reset_index(drop=True)
    more = under({"set": {"social_budget_month": "social_budget_month * 0.01"}}, frame)
    assert len(frame) > 3 and more["affordable"].isna().all() and (more["status"] == "assumed").all()
    assert under({"set": {"social_budget_month": 1000000}}, frame)["affordable"].notna().all()


MAPPING = """\
columns: {staff: number, budget: number}
fields:
  org_id: key
  name: key
  sector: '"school"'
  employees: [staff, {value: '40', assumed: {en: forty, id: empat puluh}}]
  social_budget_month: budget
"""


def test_what_is_worked_out_from_a_mappings_estimate_stays_one(tmp_path):
    (tmp_path / "orgs.csv").write_text("key,staff,budget\na,100,5000000\nb,,5000000\n", encoding="utf-8")
    (tmp_path / "mapping.yaml").write_text(MAPPING, encoding="utf-8")
    found = model().profiles(tmp_path / "orgs.csv", tmp_path / "mapping.yaml")
    changes, _ = read_changes(model().plan, ["employees := employees * 2", "inquiries_per_day := employees / 4", "social_budget_month=1"])
    after = changed(model().plan, found, changes)
    assert {name: mask.tolist() for name, mask in after.estimated.items()} == {key: [False, True] for key in ("employees", "inquiries_per_day")}
    assert after.estimate_reasons["inquiries_per_day"]["id"] == "empat puluh"
    plain, _ = read_changes(model().plan, ["employees=80"])
    assert not changed(model().plan, found, plain).estimated


def test_every_way_of_deciding_agrees_on_changed_profiles():
    changes, _ = read_changes(model().plan, ["social_budget_month := social_budget_month * 1.2", "risk=high", "platforms := max(1, units)"])
    after = changed(model().plan, profiles(), changes)
    assert any(name.startswith("assumed.") for name in after.columns)
    assert cross_check(model().plan, after.columns, after.size, rows=range(0, after.size, 7)) == []


def test_a_row_that_cannot_stand_is_rejected_under_that_scenario_only():
    answer = model().evaluate(sample(), scenarios={"many": {"set": {"employees": "employees * 100"}}, "few": {"set": {"employees": "employees / 100"}}})
    wrong = answer["many_status"] == "rejected"
    assert 0 < wrong.sum() < 10
    assert (wrong == (pd.to_numeric(sample()["employees"]) * 100 > 3e6)).all()
    assert answer.loc[wrong, "many_problem"].str.contains("3000000").all() and answer.loc[~wrong, "many_problem"].isna().all()
    assert answer.loc[wrong, ["status", "few_status"]].isin(["ok", "assumed"]).all(axis=None)
    assert_same(answer[base().columns], base())


@pytest.mark.parametrize("form", ["wide", "long"])
def test_chunks_do_not_matter(monkeypatch, form):
    scenarios = {"more": {"set": {"employees": "employees * 100", "region": 'if employees > 50 then "Bali" else region'}}}
    whole = model().evaluate(sample(), form=form, scenarios=scenarios)
    monkeypatch.setattr(engine.batch, "CHUNK", 40)
    assert_frame_equal(model().evaluate(sample(), form=form, scenarios=scenarios), whole)


def test_the_long_format_has_the_rows_of_every_scenario_one_after_the_other():
    answer = model().evaluate(sample(), form="long", scenarios={"more": {"set": {"employees": "employees * 100"}}})
    alone = model().evaluate(sample(), form="long")
    assert answer["scenario"].drop_duplicates().tolist() == ["base", "more"]
    assert_same(answer[answer["scenario"] == "base"].drop(columns="scenario"), alone)
    assert len(answer[answer["scenario"] == "more"]) == len(alone) - 3 * len(model().plan.structures)


@pytest.mark.parametrize("group", [None, "sector", "currency"])
def test_totals_are_the_sums_over_the_rows(group):
    found, _ = read_profiles(model().plan, SAMPLE, keep=("sector",))
    assert found is not None
    texts = {"many": {"set": {"employees": "employees * 100"}}, "tiny": {"set": {"max_headcount": 0, "outsourcing": "no"}}}
    scenarios, wrong = read_scenarios(texts, model().plan, lambda _: (None, []))
    assert not wrong
    compared = compare(model().plan, found, engine.batch.evaluate(model().plan, found), scenarios, group_by=group)
    rows = compared.answer.table.to_pandas()
    keys = ["currency"] if group in (None, "currency") else [group, "currency"]
    totals = compared.totals(group).to_pandas().set_index([*keys, "scenario"])
    assert len(totals) == 3 * len(rows[keys].drop_duplicates())
    for (*key, id_), total in totals.iterrows():
        mine = rows[(rows[keys] == key).all(axis=1)]
        after = mine if id_ == "base" else mine[[f"{id_}_{name}" for name in COLUMNS]].rename(columns=lambda name, id_=id_: name.removeprefix(f"{id_}_"))
        decided = after["status"].isin(["ok", "assumed"])
        both = decided & mine["status"].isin(["ok", "assumed"])
        other = (after["status"] != "rejected") & (after["recommended"].fillna("-") != mine["recommended"].fillna("-"))
        assert (total["decided"], total["changed"]) == (decided.sum(), other.sum())
        for name in ("people", "cost_month"):
            assert total[name] == pytest.approx(after.loc[decided, name].sum(), abs=0.02)
            assert total[f"{name}_difference"] == pytest.approx((after[name] - mine[name])[both].sum(), abs=0.02)


def test_a_file_in_which_every_row_is_rejected_has_its_scenario_columns():
    frame = sample().head(3).assign(employees="abc")
    answer = model().evaluate(frame, scenarios={"a": {"set": {"platforms": "platforms + 1"}}})
    assert (answer[["status", "a_status"]] == "rejected").all(axis=None)
    assert (answer["a_problem"] == answer["reason"]).all() and answer["a_cost_month"].isna().all()


def test_wrong_scenarios_raise_with_their_diagnostics():
    with pytest.raises(SusunError, match="R401") as raised:
        model().evaluate(sample(), scenarios={"a": {"set": {"platfroms": 1, "risk": "hihg"}}})
    assert [item.code for item in raised.value.diagnostics] == ["R401", "P309"]
