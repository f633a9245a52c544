"""Bad input through a process: an exit code, a message that says what to do, nothing half written, and never a traceback."""

from __future__ import annotations

import csv
import subprocess
import sys
from pathlib import Path

import pytest

from tests.program import CLI, SAMPLE, environment, run

HEAD = "org_id,name,sector,employees,goals,currency"
GOOD = "a,Shop A,university,12,branding,IDR"
BIG_CELL = 10_000_000


def organisations(folder: Path, *lines: str, name: str = "orgs.csv") -> Path:
    path = folder / name
    path.write_text("\n".join(lines) + "\n" if lines else "", encoding="utf-8")
    return path


# -- files of organisations: the command ends

FILES = {
    "empty": (b"", "P104 the file is empty"),
    "header-only": (HEAD.encode() + b"\n", "P105 there are no rows, only column names"),
    "no-id-column": (b"name,sector,employees,goals,currency\nShop A,university,12,branding,IDR\n", "P203 required column `org_id` is missing"),
    "damaged-header": (f"{HEAD},\u00e9".encode() + b"\xe9\n", "P106 not UTF-8: byte 0xe9 begins no character"),
    "zero-byte": (f"{HEAD}\x00\n{GOOD}\n".encode(), "P107 a zero byte stands among the column names"),
    "column-twice": (f"{HEAD},employees\n{GOOD},12\n".encode(), "P201 column `employees` stands twice"),
    "open-quote": (f'{HEAD}\n"a,Shop A,university,12,branding,IDR\n'.encode(), "P108 this quote is opened and never closed"),
}


OTHERWISE = {
    "semicolons": (f"{HEAD}\n{GOOD}\n".replace(",", ";").encode(), "read as UTF-8, separated by semicolons"),
    "latin-1": (f"{HEAD}\na,Caf\u00e9,university,12,branding,IDR\n".encode("latin-1"), "read as Windows-1252, separated by commas"),
    "utf-16": (f"{HEAD}\n{GOOD}\n".replace(",", "\t").encode("utf-16"), "read as UTF-16, separated by tabs"),
}


@pytest.mark.parametrize("name", OTHERWISE)
def test_a_table_written_otherwise_is_read_and_that_is_said(tmp_path, name):
    content, message = OTHERWISE[name]
    (tmp_path / "orgs.csv").write_bytes(content)
    done = run(tmp_path, "evaluate", "orgs.csv", "-o", "-")
    assert done.code == 0 and len(done.out.splitlines()) == 2
    assert message in done.err


@pytest.mark.parametrize("name", FILES)
def test_a_file_that_cannot_be_read_as_organisations_ends_the_command(tmp_path, name):
    content, message = FILES[name]
    (tmp_path / "orgs.csv").write_bytes(content)
    done = run(tmp_path, "evaluate", "orgs.csv", "-o", "out.csv")
    assert done.code == 2 and done.out == ""
    assert message in done.err
    assert "orgs.csv" in done.err
    assert [item.name for item in tmp_path.iterdir()] == ["orgs.csv"]


def test_a_missing_file_or_a_folder_is_named(tmp_path):
    missing = run(tmp_path, "evaluate", "nowhere.csv")
    assert missing.code == 2 and "P101 there is no file `nowhere.csv`" in missing.err
    folder = run(tmp_path, "evaluate", ".")
    assert folder.code == 2 and "P102" in folder.err


def test_a_missing_file_is_named_in_indonesian(tmp_path):
    assert "tidak ada berkas `nowhere.csv`" in run(tmp_path, "evaluate", "nowhere.csv", "--lang", "id").err


def test_an_unknown_column_warns_with_a_suggestion_and_the_rows_are_decided(tmp_path):
    organisations(tmp_path, f"{HEAD},inquires_per_day", f"{GOOD},3")
    done = run(tmp_path, "evaluate", "orgs.csv", "-o", "-")
    assert done.code == 0 and len(done.out.splitlines()) == 2
    assert "P202 unknown column `inquires_per_day`" in done.err and "did you mean `inquiries_per_day`" in done.err


# -- rows: each is rejected with its reason, the others are decided

ROWS = {
    "P311": ("a,Again,university,12,branding,IDR", "org_id", "already given in line 2"),
    "P304": ("b,B,university,abc,branding,IDR", "employees", "`abc` is not a number"),
    "P306": ("c,C,university,-5,branding,IDR", "employees", "`-5` is out of range"),
    "P305": ("d,D,university,1e400,branding,IDR", "employees", "`1e400` is too large"),
    "P304 NaN": ("e,E,university,NaN,branding,IDR", "employees", "`NaN` is not a number"),
    "P309": ("f,F,university,12,brandin,IDR", "goals", "`brandin` is not a value of"),
    "P310": ("g,G,university,12,branding;branding,IDR", "goals", "stands twice in the ranking"),
    "P301": ("h,H,university,12,branding,IDR,more", "", "the number of cells is 7"),
    "P301 few": ("i,I,university", "", "the number of cells is 3"),
    "P303": (",J,university,12,branding,IDR", "org_id", "is required and empty"),
}


def test_a_wrong_row_is_rejected_with_its_reason_and_the_others_are_decided(tmp_path):
    organisations(tmp_path, HEAD, GOOD, *(row for row, _, _ in ROWS.values()), '"q","Two\nlines",university,12,branding,IDR', "z,Z,university,9,branding,IDR")
    done = run(tmp_path, "evaluate", "orgs.csv", "-o", "out.csv", "--rejects", "rejects.csv")
    assert done.code == 0
    with (tmp_path / "out.csv").open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    assert [row["status"] == "rejected" for row in rows] == [False, *[True] * len(ROWS), False, False]
    assert rows[-2]["name"] == "Two\nlines"
    with (tmp_path / "rejects.csv").open(encoding="utf-8", newline="") as stream:
        rejects = list(csv.DictReader(stream))
    assert [int(item["line"]) for item in rejects] == list(range(3, 3 + len(ROWS)))
    for item, (code, (_, column, reason)) in zip(rejects, ROWS.items(), strict=True):
        assert (item["code"], item["column"]) == (code.split()[0], column)
        assert reason in item["reason"]


def test_a_cell_of_ten_megabytes_is_read_or_rejected_without_flooding_the_terminal(tmp_path):
    organisations(tmp_path, HEAD, f"big,Big,university,{'9x' * (BIG_CELL // 2)},branding,IDR", f"long,{'x' * BIG_CELL},university,3,branding,IDR", GOOD)
    done = run(tmp_path, "evaluate", "orgs.csv", "--rejects", "rejects.csv")
    assert done.code == 0
    assert "is not a number" in done.out
    assert len(done.said) < 100_000
    assert (tmp_path / "rejects.csv").stat().st_size < 1_000_000


# -- rule files

MODEL = "name: mine\nversion: 1.0.0\nextends: social_media_team\n"
NOTE = "- id: my-note\n  when: '{when}'\n  note: info\n  because: {{en: x, id: x}}\n"
RULES = {
    "yaml-error": ("parameters.yaml", "a: [1, 2\n", "R104 not YAML"),
    "duplicate-key": ("parameters.yaml", "care_minimum_inquiries: {value: 11}\ncare_minimum_inquiries: {value: 12}\n", "R105 key `care_minimum_inquiries`"),
    "alias": ("parameters.yaml", "care_minimum_inquiries: &a {value: 11}\nother: *a\n", "R106 anchors and aliases"),
    "unknown-name": ("rules.yaml", NOTE.format(when="inquires_per_day > 3"), "R401 unknown name `inquires_per_day`"),
    "cycle": ("decisions.yaml", "one: {value: 'two + 1'}\ntwo: {value: 'one + 1'}\n", "R502 these definitions need each other"),
    "wrong-type": ("rules.yaml", NOTE.format(when='employees > "many"'), "R402 `>` needs a number"),
    "unknown-role": ("rules.yaml", NOTE.format(when="true").replace("note: info", "activate: care_agnt"), "R503 unknown role `care_agnt`"),
    "overlap": (
        "decisions.yaml",
        "band:\n  table:\n    inputs: [employees]\n    rules:\n      - {when: ['<= 10'], then: small}\n      - {when: ['>= 10'], then: large}\n",
        "R504 rows 1 and 2 both match employees = 10",
    ),
    "division": ("roles.yaml", "care_agent: {fte: '1 / inquiries_per_day'}\n", "R406 `1 / inquiries_per_day` may be null"),
    "unknown-key": ("parameters.yaml", "care_minimum_inquiries: {valu: 11}\n", "R201 unknown key `valu`"),
    "not-utf8": ("parameters.yaml", b"# caf\xe9\n", "R102 not UTF-8: byte 0xe9"),
}


def overlay(folder: Path, file: str, content: str | bytes) -> Path:
    made = folder / "mine"
    made.mkdir()
    (made / "model.yaml").write_text(MODEL, encoding="utf-8")
    (made / file).write_bytes(content.encode() if isinstance(content, str) else content)
    return made


@pytest.mark.parametrize("name", RULES)
def test_a_wrong_rule_file_is_found_and_shown_with_its_place(tmp_path, name):
    file, content, message = RULES[name]
    overlay(tmp_path, file, content)
    done = run(tmp_path, "rules", "check", "mine")
    assert done.code == 1
    assert message in done.out
    assert f"mine/{file}:" in done.out and "^" in done.out


def test_wrong_rules_stop_an_evaluation_before_anything_is_written(tmp_path):
    overlay(tmp_path, *RULES["cycle"][:2])
    done = run(tmp_path, "evaluate", SAMPLE, "--rules", "mine", "-o", "out.csv")
    assert done.code == 1 and done.out == "" and "R502" in done.err
    assert not (tmp_path / "out.csv").exists()


def test_a_missing_model_is_a_wrong_use(tmp_path):
    for arguments in (("rules", "check", "nowhere"), ("evaluate", SAMPLE, "--rules", "nowhere")):
        done = run(tmp_path, *arguments)
        assert done.code == 2 and "R101 cannot read" in done.said and "social_media_team" in done.said


# -- writing


def test_an_output_that_cannot_be_written_is_named_and_the_older_file_stays(tmp_path):
    orgs = organisations(tmp_path, HEAD, GOOD)
    missing = run(tmp_path, "evaluate", orgs, "-o", "no/such/out.csv")
    assert missing.code == 2 and "X201 cannot write `no/such/out.csv`" in missing.err
    (tmp_path / "folder.csv").mkdir()
    folder = run(tmp_path, "evaluate", orgs, "-o", "folder.csv")
    assert folder.code == 2 and "X201 cannot write `folder.csv`" in folder.err
    format_ = run(tmp_path, "evaluate", orgs, "-o", "out.docx")
    assert format_.code == 2 and "X202" in format_.err and ".parquet" in format_.err
    rejects = run(tmp_path, "evaluate", orgs, "--rejects", "no/such/rejects.csv")
    assert rejects.code == 2 and "X201" in rejects.err
    sample = run(tmp_path, "sample", "--rows", "3", "-o", "no/such/sample.csv")
    assert sample.code == 2 and "X201" in sample.err
    assert sorted(item.name for item in tmp_path.iterdir()) == ["folder.csv", "orgs.csv"]


@pytest.mark.parametrize(
    "arguments",
    [("evaluate", str(SAMPLE), "-o", "-"), ("sample", "--rows", "20000"), ("evaluate", str(SAMPLE), "--json"), ("evaluate", str(SAMPLE))],
    ids=["csv", "sample", "json", "table"],
)
def test_a_closed_pipe_is_no_fault(tmp_path, arguments):
    program = subprocess.Popen([sys.executable, str(CLI), *arguments], cwd=tmp_path, env=environment(), stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    assert program.stdout is not None and program.stderr is not None
    if arguments[-1] == "-" or arguments[0] == "sample":
        assert program.stdout.readline().strip().startswith((b'"org_id"', b"org_id"))
    program.stdout.close()
    err = program.stderr.read().decode()
    assert program.wait(timeout=60) == 0, err
    assert "Traceback" not in err and "Exception" not in err and "Broken" not in err
