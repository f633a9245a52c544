"""Every case of tests/cases/profiles: what a file, a header, a row, a cell or a mapping gives, or what is said against it, and where."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import openpyxl
import pandas as pd
import pytest
import yaml

from engine.diagnostics import Diagnostic
from engine.profiles.rejects import COLUMNS, rejects_csv, summary
from engine.profiles.table import SHOWN, Profiles
from engine.texts.codes_profiles import PROFILE_CODES
from tests.profiles.small import INPUTS, load, rejected, values

FOLDER = Path(__file__).parent.parent / "cases" / "profiles"
CASES = {path.stem: yaml.safe_load(path.read_text(encoding="utf-8")) for path in sorted(FOLDER.glob("*.yaml"))}
WHOLE = [pytest.param(case, id=f"{stem}: {case['name']}") for stem in ("files", "columns", "rows") for case in CASES[stem]]
GIVEN = {
    "name",
    "csv",
    "file",
    "encoding",
    "start",
    "end",
    "absent",
    "beside",
    "folder",
    "source",
    "object",
    "frame",
    "keep",
    "locale",
    "sheets",
    "merged",
    "page",
    "columns",
    "fields",
}
KEYS = GIVEN | {"found", "rejects", "gives"}
CELL_KEYS = {"gives", "code", "hint", "says"}
BIG = 10_000_000


def source_of(case: dict[str, Any], folder: Path) -> Any:
    """What is read: a file in the folder, with the case's bytes, or an object in memory."""
    if "object" in case:
        return case["object"]
    if "frame" in case:
        return pd.DataFrame(case["frame"]["rows"], columns=case["frame"]["columns"])
    if "source" in case:
        return folder / case["source"]
    path = folder / case.get("file", "orgs.csv")
    if "beside" in case:
        (folder / case["beside"]).parent.mkdir(exist_ok=True)
        (folder / case["beside"]).write_text("org_id\n", encoding="utf-8")
    if "sheets" in case:
        book = openpyxl.Workbook()
        book.remove(book.active)
        for title, rows in case["sheets"].items():
            page = book.create_sheet(title)
            for number, row in enumerate(rows, 1):
                for column, value in enumerate(row, 1):
                    page.cell(number, column, value)
        for area in case.get("merged", ()):
            book.worksheets[0].merge_cells(area)
        book.save(path)
    if "csv" in case:
        text = case["csv"].replace("{10 MB}", "x" * BIG)
        data = bytes.fromhex(case.get("start", "")) + text.encode(case.get("encoding", "utf-8")) + bytes.fromhex(case.get("end", ""))
        path.write_bytes(re.sub(rb"\{([0-9a-f]{2})\}", lambda found: bytes.fromhex(found[1].decode()), data))
    return path


def check_diagnostic(item: Diagnostic, wanted: dict[str, Any]) -> None:
    assert item.code.startswith(wanted["code"]), item.render()
    if "underlined" in wanted:
        assert item.span is not None and item.span.text == wanted["underlined"], item.render()
    if "at" in wanted:
        assert item.span is not None and f"{item.span.line}:{item.span.column}" == wanted["at"], item.render()
    if "hint" in wanted:
        assert item.hint is not None and wanted["hint"] in item.hint.text(), item.render()
    assert all(text in item.message() for text in wanted.get("says", ())), item.render()
    for lang in ("en", "id"):
        assert item.message(lang) in item.render(lang)
    json.dumps(item.to_json())


def check_found(found: list[Diagnostic], wanted: list[dict[str, Any]]) -> None:
    assert [item.code[: len(one["code"])] for item, one in zip(found, wanted, strict=False)] == [one["code"] for one in wanted], [i.render() for i in found]
    assert len(found) == len(wanted), [item.render() for item in found]
    for item, one in zip(found, wanted, strict=True):
        check_diagnostic(item, one)


def check_profiles(profiles: Profiles, case: dict[str, Any]) -> None:
    wanted = case.get("rejects", [])
    assert [reject.diagnostic.code for reject in profiles.rejects] == [one["code"] for one in wanted]
    for reject, one in zip(profiles.rejects, wanted, strict=True):
        check_diagnostic(reject.diagnostic, {key: one[key] for key in ("code", "hint", "says") if key in one})
        got = {"row": reject.row, "line": reject.line, "org_id": reject.org_id, "column": reject.column, "value": reject.value}
        assert {key: got[key] for key in got if key in one} == {key: one[key] for key in got if key in one}
        assert reject.value is None or len(reject.value) <= SHOWN
    assert profiles.read == profiles.size + len(rejected(profiles))
    assert not rejected(profiles) & set(profiles.rows.tolist())
    for name, given in case["gives"].items():
        assert values(profiles, name) == [tuple(one) if isinstance(one, list) else one for one in given]


@pytest.mark.parametrize("case", WHOLE)
def test_a_file_gives_its_profiles_or_says_what_is_wrong(case: dict[str, Any], tmp_path: Path) -> None:
    assert set(case) <= KEYS
    if case.get("folder"):
        (tmp_path / case["file"]).mkdir()
    profiles, found = load(source_of(case, tmp_path), keep=case.get("keep", ()), locale=case.get("locale"), page=case.get("page"))
    check_found(found, case.get("found", []))
    assert (profiles is not None) == ("gives" in case)
    if profiles is not None:
        check_profiles(profiles, case)


@pytest.mark.parametrize("case", CASES["cells"], ids=str)
def test_a_cell_gives_its_value_or_rejects_its_row(case: dict[str, Any]) -> None:
    ((key, cell),) = ((key, cell) for key, cell in case.items() if key not in CELL_KEYS)
    profiles, found = load([{"org_id": "a", "employees": "5", key: cell}])
    assert profiles is not None and not {item.code for item in found} - {"P117"}
    if "code" not in case:
        check_profiles(profiles, {"gives": {key: [case["gives"]]}})
        return
    (reject,) = profiles.rejects
    check_diagnostic(reject.diagnostic, {name: case[name] for name in ("code", "hint", "says") if name in case})
    assert (reject.row, reject.org_id, reject.column, profiles.size) == (0, "a", key, 0)
    assert reject.value == " ".join(cell.split()) or case["code"] == "P310"


@pytest.mark.parametrize("case", CASES["cells"], ids=str)
def test_a_cell_means_the_same_among_other_cells(case: dict[str, Any], tmp_path: Path) -> None:
    """The same cell in a file, quoted, between rows that have no such cell."""
    ((key, cell),) = ((key, cell) for key, cell in case.items() if key not in CELL_KEYS)
    others = {"employees": 5, "units": 2, "budget": 1, "visual": 1, "currency": "IDR", "plan": "no"}
    others |= {"sector": "company", "name": "x", "goals": "community", "parts": "marketing"}
    head = f"org_id,{key}" if key == "employees" else f"org_id,employees,{key}"
    rest = "" if key == "employees" else "5,"
    path = tmp_path / "orgs.csv"
    path.write_text(f'{head}\na,{rest}{others[key]}\nb,{rest}"{cell}"\nc,{rest}{others[key]}\n', encoding="utf-8")
    profiles, found = load(path)
    assert profiles is not None and not {item.code for item in found} - {"P117"}
    assert [(reject.row, reject.line, reject.diagnostic.code) for reject in profiles.rejects] == ([(1, 3, case["code"])] if "code" in case else [])
    if "gives" in case:
        assert values(profiles, key)[1] == (tuple(case["gives"]) if isinstance(case["gives"], list) else case["gives"])


@pytest.mark.parametrize("case", CASES["mappings"], ids=lambda case: case["name"])
def test_a_mapping_that_does_not_fit_is_underlined(case: dict[str, Any], tmp_path: Path) -> None:
    assert set(case) <= KEYS
    mapping = tmp_path / "mapping.yaml"
    mapping.write_text(yaml.safe_dump({key: case[key] for key in ("columns", "fields") if key in case}), encoding="utf-8")
    profiles, found = load(source_of(case, tmp_path), mapping, case.get("keep", ()))
    assert profiles is None
    check_found(found, case["found"])


def test_every_code_of_profiles_has_a_case() -> None:
    codes = {one["code"] for cases in CASES.values() for case in cases for one in (*case.get("found", ()), *case.get("rejects", ()), case) if "code" in one}
    assert set(PROFILE_CODES) - codes == set()


def test_rejects_are_written_as_a_table_and_told_in_a_paragraph(tmp_path: Path) -> None:
    path = tmp_path / "orgs.csv"
    path.write_text('org_id,name,employees\na,Inn,5\nb,"B, ""C""",abc\nc,Bar\n', encoding="utf-8")
    profiles, _ = load(path)
    assert profiles is not None
    (tmp_path / "rejects.csv").write_text(rejects_csv(profiles.rejects), encoding="utf-8")
    table = pd.read_csv(tmp_path / "rejects.csv", dtype=str, keep_default_na=False)
    assert tuple(table.columns) == COLUMNS
    assert table[["line", "row", "org_id", "column", "value", "code"]].values.tolist() == [
        ["3", "2", "b", "employees", "abc", "P304"],
        ["4", "3", "c", "", "c,Bar", "P301"],
    ]
    for lang in ("en", "id"):
        told = summary(profiles, lang)
        assert "2" in told and "3" in told and "abc" in told


def test_a_cell_that_is_nan_in_a_frame_is_missing() -> None:
    profiles, _ = load(pd.DataFrame({"org_id": ["a", "b"], "employees": [5.0, float("nan")], "units": [None, 3]}))
    assert profiles is not None
    assert [(reject.diagnostic.code, reject.row) for reject in profiles.rejects] == [("P303", 1)]
    assert values(profiles, "units") == [None]


def test_the_small_inputs_have_every_kind() -> None:
    assert {item.type.kind for item in INPUTS.all.values()} == {"string", "number", "boolean", "set", "ranking"}
