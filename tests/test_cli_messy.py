"""Messy files as a user meets them: what is said of them, `--locale`, `--sheet`, mapping files, and nothing in the output that a spreadsheet would run."""

from __future__ import annotations

import csv
import io
import sys

import openpyxl
import pytest

from tests.profiles.small import load, values
from tests.program import ROOT, run

MESSY = ROOT / "datasets" / "messy_organisations.csv"
FORMULA = '=HYPERLINK("http://a";"b")'


def table(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text)))


def test_a_messy_file_is_the_same_as_a_tidy_one(tmp_path):
    tidy = (
        "org_id,name,sector,region,employees,annual_budget,social_budget_month,goals,strategy_written,platforms,visual_share,followers_total,currency\n"
        "D-01,Dinas Komunikasi Lembah Biru,local_government,Jawa Tengah,1250,45000000000,25000000,information;service,yes,5,0.7,125000,IDR\n"
        "U-07,Universitas Antah Raya \u2013 Kampus Embun,university,DI Yogyakarta,2400.5,310000000000,40000000,recruitment;branding,yes,8,0.65,88500,IDR\n"
        "K-03,Café Senja,company_b2c,Bali,12,,3500000,sales;branding,no,3,0.8,5500,IDR\n"
        "S-11,SMK Pelangi Senja,school,Banten,85,6750000000,,information,no,2,,1900,IDR\n"
        "Y-02,=Yayasan Harapan Mulia,nonprofit,Lampung,8O,900000000,1000000,community,no,2,0.4,2100,IDR\n"
    )
    (tmp_path / "tidy.csv").write_text(tidy, encoding="utf-8")
    messy, plain = (run(tmp_path, "evaluate", file, "-o", "-") for file in (MESSY, "tidy.csv"))
    assert messy.code == plain.code == 0
    assert messy.out == plain.out
    assert "read as Windows-1252, separated by semicolons" in messy.err and "decimal comma" in messy.err
    assert "P11" not in plain.err
    assert "5 organisations read: 4 with assumptions, 1 rejected." in messy.err


def test_what_could_be_read_two_ways_is_rejected_until_the_locale_is_said(tmp_path):
    (tmp_path / "orgs.csv").write_text("org_id,name,sector,employees\na,A,school,1.250\nb,B,school,60\n", encoding="utf-8")
    unsure = run(tmp_path, "evaluate", "orgs.csv", "--strict", "--rejects", "rejects.csv", "-o", "-")
    assert unsure.code == 1 and [row["status"] for row in table(unsure.out)] == ["rejected", "assumed"]
    (reject,) = table((tmp_path / "rejects.csv").read_text(encoding="utf-8"))
    assert (reject["line"], reject["column"], reject["value"], reject["code"]) == ("2", "employees", "1.250", "P317")
    assert "1.25" in reject["reason"] and "1250" in reject["reason"] and "--locale id" in reject["hint"]
    small, large = (run(tmp_path, "evaluate", "orgs.csv", "--locale", locale, "-o", "-") for locale in ("en", "id"))
    assert small.code == large.code == 0
    assert table(small.out)[0]["fte"] != table(large.out)[0]["fte"]
    for command in ("explain", "compare"):
        assert run(tmp_path, command, "orgs.csv", "--org", "a", "--locale", "id").code == 0
        assert run(tmp_path, command, "orgs.csv", "--org", "a").code == 1


@pytest.mark.parametrize("where", ["locale: id\ncolumns: {n: number}", "columns: {n: {type: number, locale: id}}"])
def test_a_mapping_says_how_numbers_are_written(tmp_path, where):
    (tmp_path / "orgs.csv").write_text("k;n\na;1.250\n", encoding="utf-8")
    (tmp_path / "map.yaml").write_text(f"{where}\nfields: {{org_id: k, employees: n}}\n", encoding="utf-8")
    profiles, found = load(tmp_path / "orgs.csv", tmp_path / "map.yaml")
    assert profiles is not None and [item.code for item in found] == ["P115"]
    assert values(profiles, "employees") == [1250]
    (tmp_path / "map.yaml").write_text("locale: nl\nfields: {org_id: k}\n", encoding="utf-8")
    wrong = run(tmp_path, "evaluate", "orgs.csv", "--mapping", "map.yaml")
    assert wrong.code == 2 and "R204" in wrong.err and "en, id" in wrong.err


def test_a_sheet_of_a_workbook_is_chosen_by_name(tmp_path):
    book = openpyxl.Workbook()
    book.active.title = "Notes"
    page = book.create_sheet("Orgs")
    for row in (["Kode", "Nama", "Jenis", "Jumlah Pegawai"], ["a", FORMULA, "sekolah", "1.250,5"]):
        page.append(row)
    page["B2"].data_type = "s"
    book.save(tmp_path / "orgs.xlsx")
    done = run(tmp_path, "evaluate", "orgs.xlsx", "--sheet", "Orgs", "-o", "out.xlsx")
    assert done.code == 0, done.err
    rows = list(openpyxl.load_workbook(tmp_path / "out.xlsx").active.iter_rows())
    assert rows[1][1].value == f"'{FORMULA}" and rows[1][1].data_type == "s"
    other = run(tmp_path, "evaluate", "orgs.xlsx", "--sheet", "Org")
    assert other.code == 2 and "P119" in other.err and "`Orgs`" in other.err


def test_without_openpyxl_a_workbook_is_refused_with_a_hint(tmp_path, monkeypatch):
    from engine.profiles.workbook import read_xlsx

    monkeypatch.setitem(sys.modules, "openpyxl", None)
    sheet, found = read_xlsx("orgs.xlsx", b"PK")
    assert sheet is None and [item.code for item in found] == ["X203"] and "susun[xlsx]" in found[0].render()


def test_nothing_that_a_spreadsheet_would_run_is_written(tmp_path):
    texts = [FORMULA, "+A1", "-A1", "@SUM(A1)", "\t=1", "- item", "=1+1"]
    harmless = ["-", "-5", "+62 812", "+1.5e3", "a=b", "-1.250,50"]
    lines = [["org_id", "name", "sector", "employees", "note"]]
    lines += [[f"{text}{i}" if text in ("+A1",) else f"o{i}", text, "school", "5", text] for i, text in enumerate(texts + harmless)]
    lines += [["=bad", "x", "school", "=5", ""]]
    with (tmp_path / "orgs.csv").open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream).writerows(lines)
    done = run(tmp_path, "evaluate", "orgs.csv", "--keep", "note", "-o", "out.csv", "--rejects", "rejects.csv")
    assert done.code == 0
    rows = table((tmp_path / "out.csv").read_bytes().decode())
    assert [row["note"] for row in rows[: len(texts)]] == [f"'{text}" for text in texts]
    assert [row["name"] for row in rows[:2]] == [f"'{FORMULA}", "'+A1"] and rows[1]["org_id"] == "'+A11"
    assert [row["note"] for row in rows[len(texts) : -1]] == [text if text != "+62 812" else "'+62 812" for text in harmless]
    (reject,) = table((tmp_path / "rejects.csv").read_text(encoding="utf-8"))
    assert (reject["org_id"], reject["value"]) == ("'=bad", "'=5")
    for cell in (cell for row in rows for cell in row.values()):
        assert cell[:1] not in ("=", "@", "\t", "\r")
    written = run(tmp_path, "evaluate", "orgs.csv", "--keep", "note", "-o", "out.jsonl")
    assert written.code == 0 and '"note": "=1+1"' in (tmp_path / "out.jsonl").read_text(encoding="utf-8")
