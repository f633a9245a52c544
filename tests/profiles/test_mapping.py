"""Mapping files: anybody's columns become inputs; what was estimated is marked row by row; what is wrong is told as of a cell."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine.diagnostics import Diagnostic
from engine.profiles.table import Profiles
from tests.profiles.small import load, rejected, values

CSV = """key,Staff Count,visits,kind,open
a,12,100,shop,yes
b,-1,500,school,no
c,,,school,yes
d,0,300,shop,
e,abc,300,shop,yes
f,-3,90,inn,no
"""
MAPPING = """\
columns:
  Staff Count: {type: number, missing: [-1, -3]}
  visits: number
  open: boolean
fields:
  org_id: '"x-" + key'
  name: key
  sector: 'if kind = "school" then "university" else "company"'
  employees:
    - 'if `Staff Count` > 0 then `Staff Count` else null'
    - {value: 'visits / 10', assumed: {en: a tenth of the visits, id: sepersepuluh kunjungan}}
    - {value: '7', assumed: {en: seven, id: tujuh}}
  units: '3'
  goals: 'if open then ["service", "branding"] else []'
  parts: '"it;pr"'
  plan: open
"""


def mapped(folder: Path, mapping: str = MAPPING, text: str = CSV, keep: tuple[str, ...] = ()) -> tuple[Profiles | None, list[Diagnostic]]:
    (folder / "orgs.csv").write_text(text, encoding="utf-8")
    (folder / "mapping.yaml").write_text(mapping, encoding="utf-8")
    return load(folder / "orgs.csv", folder / "mapping.yaml", keep)


@pytest.fixture
def profiles(tmp_path: Path) -> Profiles:
    found, wrong = mapped(tmp_path)
    assert found is not None and not wrong
    return found


def test_each_row_takes_the_first_alternative_that_gives_a_value(profiles: Profiles) -> None:
    assert values(profiles, "org_id") == ["x-a", "x-b", "x-c", "x-d", "x-f"]
    assert values(profiles, "employees") == [12, 50, 7, 30, 9]


def test_only_the_rows_whose_value_is_an_estimate_are_marked(profiles: Profiles) -> None:
    assert {key: mask.tolist() for key, mask in profiles.estimated.items()} == {"employees": [False, True, True, True, True]}
    assert profiles.estimate_reasons["employees"]["en"] == "a tenth of the visits; seven"
    assert profiles.estimate_reasons["employees"]["id"] == "sepersepuluh kunjungan; tujuh"


def test_an_assumption_that_no_row_needs_is_not_mentioned(tmp_path: Path) -> None:
    found, _ = mapped(tmp_path, text="key,Staff Count,visits,kind,open\na,12,100,shop,yes\n")
    assert found is not None and not found.estimated and not found.estimate_reasons


def test_constants_lists_sets_and_booleans_become_inputs(profiles: Profiles) -> None:
    assert values(profiles, "units") == [3] * 5
    assert values(profiles, "sector") == ["company", "university", "university", "company", "company"]
    assert values(profiles, "parts") == [("pr", "it")] * 5
    assert values(profiles, "goals")[:3] == [("service", "branding"), (), ("service", "branding")]
    assert values(profiles, "plan") == [True, False, True, None, False]
    assert values(profiles, "budget") == [None] * 5


def test_a_cell_that_cannot_be_read_rejects_its_row_in_spite_of_alternatives(profiles: Profiles) -> None:
    (reject,) = profiles.rejects
    assert (reject.row, reject.line, reject.org_id, reject.column, reject.value) == (4, 6, "x-e", "Staff Count", "abc")
    assert reject.diagnostic.code == "P304"
    assert profiles.read == 6 == profiles.size + len(rejected(profiles))


def test_missing_codes_are_never_numbers(tmp_path: Path) -> None:
    mapping = "columns: {n: {type: number, missing: [-1, 999, n.a.]}}\nfields: {org_id: k, employees: 'if n = null then 5 else n'}\n"
    found, _ = mapped(tmp_path, mapping, "k,n\na,-1\nb,-1.0\nc,999\nd,n.a.\ne,\nf,8\ng,-2\n")
    assert found is not None
    assert values(found, "employees") == [5, 5, 5, 5, 5, 8]
    assert [(item.row, item.diagnostic.code, item.value) for item in found.rejects] == [(6, "P306", "-2")]


def test_missing_codes_of_texts_are_as_written(tmp_path: Path) -> None:
    mapping = "columns: {t: {missing: [NO, 0]}}\nfields: {org_id: k, employees: '1', name: t}\n"
    found, _ = mapped(tmp_path, mapping, "k,t\na,NO\nb,0\nc,no\nd,x\n")
    assert found is not None
    assert values(found, "name") == [None, None, "no", "x"]


def test_a_row_without_a_required_value_says_that_the_mapping_gives_none(tmp_path: Path) -> None:
    mapping = "columns: {n: number}\nfields: {org_id: k, employees: 'if n > 0 then n else null'}\n"
    found, _ = mapped(tmp_path, mapping, "k,n\na,0\nb,5\n")
    assert found is not None
    (reject,) = found.rejects
    assert (reject.diagnostic.code, reject.row, reject.column, reject.value) == ("P303", 0, "n", "0")
    assert reject.diagnostic.hint is not None and reject.diagnostic.hint.key == "hint.map_value"


@pytest.mark.parametrize(
    ("field", "code", "value"),
    [
        ("sector: t", "P309", "bakery"),
        ("units: n + 0.5", "P307", "5.5"),
        ("units: n * 1000", "P306", "5000"),
        ("goals: '[\"service\", t]'", "P309", "service;bakery"),
        ('goals: \'["service", "service"]\'', "P310", "service;service"),
        ("parts: t", "P309", "bakery"),
    ],
)
def test_a_computed_value_is_checked_like_a_cell_that_says_the_same(field: str, code: str, value: str, tmp_path: Path) -> None:
    found, wrong = mapped(tmp_path, f"columns: {{n: number}}\nfields:\n  org_id: k\n  employees: '1'\n  {field}\n", "k,n,t\na,5,bakery\n")
    assert found is not None and not wrong
    (reject,) = found.rejects
    assert reject.diagnostic.code == code
    assert reject.value in (value, "5")  # of one column: what stands in it


def test_ids_that_the_mapping_makes_equal_are_told_apart_by_line(tmp_path: Path) -> None:
    found, _ = mapped(tmp_path, "fields: {org_id: k + t, employees: '1'}\n", "k,t\na,bc\nab,c\nb,c\n")
    assert found is not None
    assert values(found, "org_id") == ["abc", "bc"]
    assert [(item.row, item.line, item.org_id, item.diagnostic.code) for item in found.rejects] == [(1, 3, "abc", "P311")]


def test_a_finding_points_into_the_mapping_file(tmp_path: Path) -> None:
    mapping = MAPPING.replace("visits / 10", "visitors / 10").replace("kind =", "kinds =")
    found, wrong = mapped(tmp_path, mapping)
    assert found is None
    assert [(item.code, item.span and item.span.text, item.span and (item.span.line, item.span.column)) for item in wrong] == [
        ("R401", "kinds", (8, 15)),
        ("R401", "visitors", (11, 16)),
    ]
    assert all(item.span is not None and item.span.source.name.endswith("mapping.yaml") for item in wrong)
    assert all(item.hint is not None and name in item.hint.text() for item, name in zip(wrong, ("`kind`", "`visits`"), strict=True))


def test_a_mapping_file_that_is_not_there_or_no_yaml_is_told(tmp_path: Path) -> None:
    (tmp_path / "orgs.csv").write_text(CSV, encoding="utf-8")
    profiles, found = load(tmp_path / "orgs.csv", tmp_path / "none.yaml")
    assert profiles is None and [item.code[0] for item in found] == ["R"]
    profiles, found = mapped(tmp_path, "fields: {org_id: [")
    assert profiles is None and [item.code[:2] for item in found] == ["R1"]


def test_columns_are_carried_over_for_every_row_of_the_file(tmp_path: Path) -> None:
    found, _ = mapped(tmp_path, keep=("visits", "Staff Count"))
    assert found is not None
    assert found.kept["visits"].to_pylist() == ["100", "500", None, "300", "300", "90"]
    assert found.kept["Staff Count"].to_pylist() == ["12", "-1", None, "0", "abc", "-3"]


def test_rows_of_another_width_are_rejected_before_they_are_mapped(tmp_path: Path) -> None:
    found, _ = mapped(tmp_path, "columns: {n: number}\nfields: {org_id: k, employees: n}\n", "k,n\na,5\nb\nc,7,8\nd,9\n")
    assert found is not None
    assert values(found, "employees") == [5, 9]
    assert [(item.line, item.diagnostic.code) for item in found.rejects] == [(3, "P301"), (4, "P301")]
