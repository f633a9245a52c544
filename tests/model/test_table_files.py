"""Decision tables kept as spreadsheets: they mean what the YAML means, and what is wrong in them is shown at its cell."""

from __future__ import annotations

import zipfile
from pathlib import Path

import openpyxl
import pytest

from engine.model.load import load_plan
from tests.model.base_model import BASE
from tests.program import run

YAML = """\
kind:
  table:
    hit policy: first
    inputs: [employees, colour]
    rules:
      - {when: ['< 10', '-'], then: small, because: {en: 'Few, really.', id: 'Sedikit, sungguh.'}, cites: [a, b]}
      - {when: ['[10..50)', '"red", "blue"'], then: '"middle"'}
      - {when: ['-', 'null'], then: large}
    default: other
"""
ROWS = [
    ["employees", "colour", "then", "because.en", "because.id", "cites", "# for us"],
    ["< 10", "-", "small", "Few, really.", "Sedikit, sungguh.", "a; b", "ask Budi"],
    ["[10..50)", '"red", "blue"', '"middle"', None, None, None, None],
    [None, "null", "large", None, None, None, None],
]
FILED = "kind: {{table: {{hit policy: first, file: {file}, default: other}}}}\n"


def model(folder: Path, decisions: str) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in {**BASE, "decisions.yaml": BASE["decisions.yaml"] + decisions}.items():
        (folder / name).write_text(text, encoding="utf-8")
    return folder


def csv(folder: Path, rows: list[list[str | None]] = ROWS, name: str = "kind.csv") -> None:
    import csv as writer

    with (folder / name).open("w", encoding="utf-8", newline="") as file:
        writer.writer(file).writerows([[cell or "" for cell in row] for row in rows])


def xlsx(folder: Path, rows: list[list[str | None]] = ROWS, name: str = "kind.xlsx") -> openpyxl.Workbook:
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    book.save(folder / name)
    return book


def found_in(folder: Path) -> list[str]:
    _, found = load_plan(folder)
    return [f"{item.code} {str(item.span).rsplit('/', 1)[-1]} {item.span.text if item.span else ''}".rstrip() for item in found]


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_a_spreadsheet_means_what_the_yaml_means(tmp_path, kind):
    written = load_plan(model(tmp_path / "yaml", YAML))
    folder = model(tmp_path / kind, FILED.format(file=f"kind.{kind}"))
    (csv if kind == "csv" else xlsx)(folder)
    filed = load_plan(folder)
    assert written[0] is not None and filed[0] is not None and not filed[1], [item.render() for item in filed[1]]
    assert filed[0].digest == written[0].digest
    assert any(name.endswith(f"kind.{kind}") for name in filed[0].files)


def test_numbers_and_booleans_in_cells_are_tests(tmp_path):
    folder = model(tmp_path, "kind: {table: {hit policy: first, file: k.xlsx, default: '0'}}\n")
    xlsx(folder, [["employees", "open", "then"], [10, True, 1.5], [20.0, None, 2]], "k.xlsx")  # type: ignore[list-item]
    plan, found = load_plan(folder)
    assert plan is not None and not found
    table = plan.decisions["kind"].table
    assert table is not None and [row.texts for row in table.rows] == [("10", "true"), ("20", "-")]


def test_a_named_sheet_is_read(tmp_path):
    folder = model(tmp_path, "kind: {table: {hit policy: first, file: k.xlsx, sheet: Second, default: '0'}}\n")
    book = openpyxl.Workbook()
    page = book.create_sheet("Second")
    page.append(["employees", "then"])
    page.append(["< 10", "1"])
    book.save(folder / "k.xlsx")
    assert load_plan(folder)[0] is not None
    (folder / "decisions.yaml").write_text(BASE["decisions.yaml"] + "kind: {table: {file: k.xlsx, sheet: Secnd}}\n")
    _, found = load_plan(folder)
    assert found[0].code == "R116" and found[0].hint is not None and "Second" in found[0].hint.text()


WRONG = [
    ("a wrong cell", [["employees", "then"], ["< 10", "1"], ["< ten", "2"]], ["R401 kind.csv:3:3 ten"], ["R401 kind.xlsx:Sheet!A3 ten"]),
    ("a cell that breaks off", [["employees", "then"], ["< 10 and", "1"]], ["R310 kind.csv:2:6 and"], ["R310 kind.xlsx:Sheet!A2 and"]),
    ("no then", [["employees", "result"], ["< 10", "1"]], ["R117 kind.csv:1:1 employees"], ["R117 kind.xlsx:Sheet!A1 employees"]),
    ("an unknown column", [["employees", "then", "becuase.en"], ["< 10", "1", "x"]], ["R201 kind.csv:1:16 becuase.en"], ["R201 kind.xlsx:Sheet!C1 becuase.en"]),
    ("an unknown input", [["emploees", "then"], ["< 10", "1"]], ["R401 kind.csv:1:1 emploees"], ["R401 kind.xlsx:Sheet!A1 emploees"]),
    ("one language only", [["employees", "then", "because.en"], ["< 10", "1", "x"]], ["R202 kind.csv:2:8 x"], ["R202 kind.xlsx:Sheet!C2 x"]),
]


@pytest.mark.parametrize(("rows", "in_csv", "in_xlsx"), [case[1:] for case in WRONG], ids=[case[0] for case in WRONG])
def test_what_is_wrong_is_shown_at_its_cell(tmp_path, rows, in_csv, in_xlsx):
    for kind, expected in (("csv", in_csv), ("xlsx", in_xlsx)):
        folder = model(tmp_path / kind, FILED.format(file=f"kind.{kind}"))
        (csv if kind == "csv" else xlsx)(folder, rows)
        assert found_in(folder)[:1] == expected


def test_merged_cells_formulas_and_macros_are_refused(tmp_path):
    folder = model(tmp_path, FILED.format(file="kind.xlsx"))
    book = xlsx(folder, [["employees", "then"], ["< 10", "1"], ["< 20", "=1+1"]])
    assert found_in(folder) == ["R114 kind.xlsx:Sheet!B3 =1+1"]
    book.active["B3"] = "2"
    book.active.merge_cells("A2:A3")
    book.save(folder / "kind.xlsx")
    assert found_in(folder) == ["R113 kind.xlsx:Sheet!A2 < 10"]
    with zipfile.ZipFile(folder / "kind.xlsx", "a") as archive:
        archive.writestr("xl/vbaProject.bin", b"x")
    assert found_in(folder) == ["R115 kind.xlsx:1:1"]


def test_files_that_cannot_be_read(tmp_path):
    folder = model(tmp_path, FILED.format(file="kind.xlsx"))
    assert found_in(folder)[0].startswith("R101")
    (folder / "kind.xlsx").write_bytes(b"no workbook")
    assert found_in(folder)[0].startswith("R101")
    assert found_in(model(tmp_path / "ods", FILED.format(file="kind.ods")))[0].startswith("R112")
    assert found_in(model(tmp_path / "up", FILED.format(file="../kind.csv")))[0].startswith("R208")
    both = model(tmp_path / "both", "kind: {table: {file: kind.csv, inputs: [employees], rules: [{when: ['-'], then: '1'}]}}\n")
    csv(both)
    assert found_in(both)[0].startswith("R206")
    open_quote = model(tmp_path / "quote", FILED.format(file="kind.csv"))
    (open_quote / "kind.csv").write_text('employees,then\n"< 10,1\n')
    assert found_in(open_quote)[0].startswith("R304")


def test_the_program_shows_the_place(tmp_path):
    folder = model(tmp_path / "m", FILED.format(file="kind.xlsx"))
    xlsx(folder, [["employees", "then"], ["< ten", "1"]])
    outcome = run(tmp_path, "rules", "check", "m")
    assert outcome.code == 1 and "m/kind.xlsx:Sheet!A2: R401" in outcome.out
