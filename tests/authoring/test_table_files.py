"""Decision tables as spreadsheets and back: nothing is lost on the way, and what is wrong is said."""

from __future__ import annotations

import shutil
import zipfile
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from engine.authoring.table_files import as_yaml, rows, write_table
from engine.diagnostics import Source
from engine.feel.nodes import Node
from engine.feel.parse import parse
from engine.feel.tree import Const
from engine.feel.types import BOOLEAN
from engine.model.load import load_plan
from engine.model.plan import Decision, Formula, Row, Table, Template
from engine.model.table_files import read_table
from engine.shipped import DEFAULT_MODEL
from engine.source import parse_yaml
from tests.model.base_model import BASE
from tests.program import run

NOWHERE = Source("t", "").span(0, 0)
TRUE = Const(True, BOOLEAN, 0)
ODD = [
    "=1",
    "'=1",
    "''=1",
    "+x",
    "-x + 3",
    "-",
    "-5",
    "@me",
    "1e5",
    "007",
    "#N/A",
    "TRUE",
    '"a, b"',
    'a "b"',
    "a\nb",
    "'",
    ";",
    "_x000D_",
    "\u00a9 \U0001f600",
    "ya",
]
CHARACTERS = st.characters(exclude_categories=("Cc", "Cs"), include_characters="\n\t", exclude_characters="\ufffe\uffff")
SAID = (st.sampled_from(ODD) | st.sampled_from([f"  {text} " for text in ODD]) | st.text(CHARACTERS, min_size=1)).filter(str.strip)
CELL = SAID.map(str.strip)
CITE = st.sampled_from(["", " x ", 'a; "b"', '"a"; b', ";"]) | st.text(CHARACTERS, max_size=8)


def node() -> Node:
    found, _ = parse("true")
    assert found is not None
    return found


NODE = node()


def formula(text: str) -> Formula:
    return Formula(text, NODE, TRUE, NOWHERE)


@st.composite
def tables(draw: st.DrawFn) -> Table:
    width = draw(st.integers(1, 3))
    made = []
    for number in range(1, draw(st.integers(1, 4)) + 1):
        texts = tuple(draw(CELL) for _ in range(width))
        because = Template({"en": draw(SAID), "id": draw(SAID)}, (), {}, None) if draw(st.booleans()) else None
        made.append(Row(number, (), texts, TRUE, formula(draw(CELL)), because, tuple(draw(st.lists(CITE, max_size=3))), NOWHERE))
    inputs = tuple(formula(text) for text in draw(st.lists(CELL.filter(lambda text: text != "then"), min_size=width, max_size=width)))
    return Table("first", None, inputs, None, tuple(made), None)


def decision(table: Table) -> Decision:
    return Decision("kind", {}, None, BOOLEAN, None, table, (), NOWHERE)


def said(table: Table) -> dict[str, Any]:
    return {"inputs": [formula.text.strip() for formula in table.inputs], "rules": rows(table)}


def table_of(*texts: str, because: str | None = None) -> Table:
    sentence = Template({"en": because, "id": because}, (), {}, None) if because is not None else None
    return Table("first", None, (formula("x"),), None, (Row(1, (), texts[:1], TRUE, formula(texts[1]), sentence, (), NOWHERE),), None)


@pytest.mark.parametrize("suffix", [".csv", ".xlsx"])
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(table=tables())
@example(table=table_of("=1", "'=1", because="  @x\n"))
def test_a_table_reads_back_from_a_spreadsheet_as_it_was(tmp_path, suffix, table):
    path = tmp_path / f"t{suffix}"
    assert write_table(decision(table), table, path) == []
    document, found = read_table(path, "t")
    assert document is not None and not found
    assert document.data == said(table)


@settings(max_examples=200, deadline=None)
@given(table=tables())
def test_a_table_reads_back_from_its_yaml_as_it_was(table):
    document, found = parse_yaml(Source("t", as_yaml(decision(table), table)))
    assert document is not None, [item.render() for item in found]
    written = document.data["kind"]["table"]
    assert {key: written[key] for key in ("inputs", "rules")} == said(table)


@pytest.mark.parametrize(("suffix", "text"), [(".xlsx", "a\x07b"), (".csv", "a\r\nb"), (".csv", " "), (".xlsx", "x" * 40_000)])
def test_what_a_spreadsheet_would_not_hold_is_refused_and_nothing_is_written(tmp_path, suffix, text):
    table = table_of("-", "1", because=text)
    path = tmp_path / f"t{suffix}"
    assert [item.code for item in write_table(decision(table), table, path)] == ["X220"]
    assert list(tmp_path.iterdir()) == []


SHIPPED = [id_ for id_, item in (load_plan()[0].decisions.items()) if item.table is not None]  # type: ignore[union-attr]


@pytest.mark.parametrize("suffix", [".csv", ".xlsx"])
@pytest.mark.parametrize("name", SHIPPED)
def test_the_shipped_model_means_the_same_with_a_table_from_a_file(tmp_path, name, suffix):
    plan, _ = load_plan()
    assert plan is not None
    table = plan.decisions[name].table
    assert table is not None
    assert write_table(plan.decisions[name], table, tmp_path / f"t{suffix}") == []
    document, _ = read_table(tmp_path / f"t{suffix}", "t")
    assert document is not None
    changed, found = load_plan(tables={name: document})
    assert changed is not None, [item.render() for item in found]
    assert changed.digest == plan.digest


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    table = "kind: {table: {hit policy: first, inputs: [employees], rules: [{when: [10], then: 1}, {when: ['< 20'], then: 2.5}], default: 0}}\n"
    made = tmp_path / "small"
    made.mkdir()
    for name, text in {**BASE, "decisions.yaml": BASE["decisions.yaml"] + table}.items():
        (made / name).write_text(text, encoding="utf-8")
    return made


@pytest.mark.parametrize("name", ["placement", "employer_factor"])
def test_the_imported_yaml_is_a_file_of_a_model_that_extends(tmp_path, name):
    kind = "placement" if name == "placement" else "decisions"
    assert run(tmp_path, "rules", "export-table", name, "t.xlsx").code == 0
    assert run(tmp_path, "rules", "new", "mine", "--extends").code == 0
    done = run(tmp_path, "rules", "import-table", name, "t.xlsx", "-o", f"mine/{kind}.yaml")
    assert done.code == 0 and f"mine/{kind}.yaml" in done.err and done.out == ""
    with (tmp_path / "mine" / "model.yaml").open("a", encoding="utf-8") as head:
        head.write(f"  {kind}: [{kind}.yaml]\n")
    plan, found = load_plan(tmp_path / "mine")
    shipped, _ = load_plan()
    assert plan is not None and shipped is not None and not found
    mine, other = plan.decisions[name].table, shipped.decisions[name].table
    assert mine is not None and other is not None
    assert as_yaml(plan.decisions[name], mine) == as_yaml(shipped.decisions[name], other)


def test_a_table_in_place_of_its_rows_changes_no_digest(tmp_path, folder):
    before, _ = load_plan(folder)
    assert run(tmp_path, "rules", "export-table", "kind", "small/kind.csv", "--rules", "small").code == 0
    assert (folder / "kind.csv").read_text() == "employees,then\n10,1\n< 20,2.5\n"
    (folder / "decisions.yaml").write_text(BASE["decisions.yaml"] + "kind: {table: {hit policy: first, file: kind.csv, default: 0}}\n")
    after, found = load_plan(folder)
    assert before is not None and after is not None and not found
    assert after.digest == before.digest
    again = run(tmp_path, "rules", "export-table", "kind", "small/kind.csv", "--rules", "small")
    assert again.code == 2 and "it is the file that is being read" in again.err


def test_standard_output_carries_the_same_csv_and_yaml(tmp_path, folder):
    written = run(tmp_path, "rules", "export-table", "kind", "kind.csv", "--rules", "small")
    assert written.err == "2 rows of `kind` written to kind.csv\n" and written.out == ""
    assert run(tmp_path, "rules", "export-table", "kind", "-", "--rules", "small").out == (tmp_path / "kind.csv").read_text()
    block = run(tmp_path, "rules", "import-table", "kind", "kind.csv", "--rules", "small").out
    assert block.splitlines()[:5] == ["kind:", "  table:", "    hit policy: first", "    inputs: [employees]", "    rules:"]
    assert block.splitlines()[5:] == ["      - {when: ['10'], then: '1'}", "      - {when: ['< 20'], then: '2.5'}", "    default: '0'"]


def test_a_workbook_is_for_people(tmp_path):
    assert run(tmp_path, "rules", "export-table", "placement", "p.xlsx").code == 0
    sheet = openpyxl.load_workbook(tmp_path / "p.xlsx")["placement"]
    assert sheet.freeze_panes == "A2" and sheet["A1"].font.bold
    assert {cell.number_format for row in sheet.iter_rows() for cell in row if cell.value} == {"@"}
    assert 8 <= sheet.column_dimensions["A"].width <= 60 and sheet.column_dimensions["M"].width == 60


def test_a_text_that_looks_like_a_formula_stays_a_text(tmp_path):
    table = table_of("=1+1", "+x", because="@all")
    assert write_table(decision(table), table, tmp_path / "t.xlsx") == write_table(decision(table), table, tmp_path / "t.csv") == []
    cells = [cell for row in openpyxl.load_workbook(tmp_path / "t.xlsx").worksheets[0].iter_rows(min_row=2) for cell in row]
    assert [cell.value for cell in cells] == ["=1+1", "+x", "@all", "@all"]
    assert all(cell.data_type == "s" and cell.quotePrefix for cell in cells)
    assert (tmp_path / "t.csv").read_text().splitlines()[1] == "'=1+1,'+x,'@all,'@all"


WRONG = [
    (("export-table", "placemen", "t.csv"), 2, "did you mean `placement`?"),
    (("export-table", "wage_base", "t.csv"), 2, "X221 `wage_base` is a formula, not a table"),
    (("export-table", "placement", "t.ods"), 2, "X202"),
    (("export-table", "placement", "t"), 2, "X202"),
    (("export-table", "placement", "nowhere/t.csv"), 2, "X201"),
    (("export-table", "placement", "folder.csv"), 2, "X201"),
    (("import-table", "placemen", "good.csv"), 2, "did you mean `placement`?"),
    (("import-table", "wage_base", "good.csv"), 2, "X221"),
    (("import-table", "placement", "nowhere.csv"), 2, "R101"),
    (("import-table", "placement", "good.ods"), 2, "R112"),
    (("import-table", "employer_factor", "typo.csv"), 1, "typo.csv:2:1: R401 unknown name `countri`"),
    (("import-table", "employer_factor", "good.csv", "-o", "good.csv"), 2, "it is the file that is being read"),
    (("import-table", "employer_factor", "good.csv", "-o", "nowhere/t.yaml"), 2, "X201"),
    (("import-table", "employer_factor", "macro.xlsx"), 1, "R115"),
    (("import-table", "employer_factor", "formula.xlsx"), 1, "R114"),
    (("import-table", "employer_factor", "merged.xlsx"), 1, "R113"),
    (("import-table", "employer_factor", "merged.xlsx", "--sheet", "Shet"), 1, "did you mean `Sheet`?"),
]


@pytest.fixture(scope="module")
def wrong(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made: Path = tmp_path_factory.mktemp("wrong")
    (made / "folder.csv").mkdir()
    (made / "good.csv").write_text('country_code,then\n"""ID""",employer_factor_id\n')
    (made / "typo.csv").write_text("country_code,then\ncountri,employer_factor_id\n")
    for name in ("macro", "formula", "merged"):
        book = openpyxl.Workbook()
        for row in (["country_code", "then"], ['"ID"', "employer_factor_id"], ['"US"', "=1+1" if name == "formula" else "2"]):
            book.worksheets[0].append(row)
        if name == "merged":
            book.worksheets[0].merge_cells("A2:A3")
        book.save(made / f"{name}.xlsx")
    with zipfile.ZipFile(made / "macro.xlsx", "a") as archive:
        archive.writestr("xl/vbaProject.bin", b"x")
    return made


@pytest.mark.parametrize(("arguments", "code", "message"), WRONG, ids=["-".join(case[0]).replace("/", "_") for case in WRONG])
def test_what_is_wrong_is_said(wrong, arguments, code, message):
    before = sorted(item.name for item in wrong.iterdir())
    done = run(wrong, "rules", *arguments)
    assert (done.code, done.out) == (code, "") and message in done.err
    assert sorted(item.name for item in wrong.iterdir()) == before


def test_a_file_that_exists_is_replaced_unless_the_model_reads_it(tmp_path):
    shutil.copytree(DEFAULT_MODEL, tmp_path / "mine")
    (tmp_path / "t.csv").write_text("old")
    assert run(tmp_path, "rules", "export-table", "employer_factor", "t.csv", "--rules", "mine").code == 0
    assert (tmp_path / "t.csv").read_text().startswith("country_code,then")
    done = run(tmp_path, "rules", "import-table", "employer_factor", "t.csv", "--rules", "mine", "-o", "mine/roles.yaml")
    assert done.code == 2 and "it is the file that is being read" in done.err
    assert run(tmp_path, "rules", "import-table", "employer_factor", "t.csv", "--rules", "mine", "--lang", "id", "-o", "t.yaml").err.startswith(
        "`employer_factor`"
    )


def test_a_csv_with_more_than_ascii_tells_spreadsheet_programs_that_it_is_utf_8(tmp_path):
    for text, mark in (("Caf\u00e9", b"\xef\xbb\xbfx,"), ("Cafe", b"x,")):
        table = table_of("-", "1", because=text)
        assert write_table(decision(table), table, tmp_path / "t.csv") == []
        assert (tmp_path / "t.csv").read_bytes().startswith(mark)


def test_without_the_extra_for_workbooks_the_program_says_what_to_install(tmp_path):
    (tmp_path / "without").mkdir()
    (tmp_path / "without" / "openpyxl.py").write_text("raise ImportError\n")
    (tmp_path / "t.xlsx").write_bytes(b"")
    for command in ("export-table", "import-table"):
        done = run(tmp_path, "rules", command, "placement", "t.xlsx", PYTHONPATH=str(tmp_path / "without"))
        assert done.code == 2 and "X203" in done.err and "susun[xlsx]" in done.err
    assert (tmp_path / "t.xlsx").read_bytes() == b""


@pytest.mark.parametrize("part", ["[Content_Types].xml", "xl/workbook.xml", "xl/worksheets/sheet1.xml", "xl/_rels/workbook.xml.rels", "xl/styles.xml"])
@pytest.mark.parametrize("instead", [b"", b"<x/>", b"<worksheet", None])
def test_a_broken_workbook_is_read_or_refused_and_never_a_fault_of_ours(tmp_path, part, instead):
    table = table_of("-", "1")
    assert write_table(decision(table), table, tmp_path / "t.xlsx") == []
    with zipfile.ZipFile(tmp_path / "t.xlsx") as sound, zipfile.ZipFile(tmp_path / "b.xlsx", "w") as broken:
        for name in sound.namelist():
            if name != part:
                broken.writestr(name, sound.read(name))
            elif instead is not None:
                broken.writestr(name, instead)
    document, found = read_table(tmp_path / "b.xlsx", "b.xlsx")
    assert (document is None) == bool(found) and {item.code for item in found} <= {"R101", "R117"}
    if instead == b"<worksheet":
        assert [item.message() for item in found] == ["cannot read `b.xlsx`: it is no sound .xlsx workbook"]
