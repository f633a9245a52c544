"""Every command, run as a process: what is printed, what is written, and with which exit code it ends."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import openpyxl
import pytest
from pyarrow import parquet

from tests.program import SAMPLE, remembering

WIDE = [
    "org_id", "name", "status", "recommended", "score", "margin", "runner_up", "roles", "people", "fte", "cost_month", "currency", "affordable",
    "budget_gap", "placement", "kpis", "notes", "assumed", "confidence", "reason",
]  # fmt: skip
LONG = ["org_id", "name", "structure", "rank", "tier", "score"]
SERVICE = "univ-antah-raya"  # a university with service among its goals
STRUCTURES = 14


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Holds `few.csv`, seven organisations, and `bad.csv`, five and one that is wrong."""
    made = tmp_path_factory.mktemp("cli")
    lines = SAMPLE.read_text(encoding="utf-8").splitlines()
    (made / "few.csv").write_text("\n".join(lines[:8]) + "\n", encoding="utf-8")
    employees = lines[0].split(",").index("employees")
    wrong = ["bad-one", "Bad One", "university"] + [""] * (len(lines[0].split(",")) - 3)
    wrong[employees] = "abc"
    (made / "bad.csv").write_text("\n".join([*lines[:6], ",".join(wrong)]) + "\n", encoding="utf-8")
    return made


@pytest.fixture(scope="module")
def once(folder: Path):
    return remembering(folder)


def rows_of(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text)))


# -- evaluate: the table


def test_evaluate_prints_a_table_in_english(once):
    done = once("evaluate", str(SAMPLE))
    assert (done.code, done.err) == (0, "")
    assert "Organisation" in done.out.splitlines()[0] and "Recommended team" in done.out.splitlines()[0]
    assert "76 organisations read" in done.out


def test_evaluate_prints_a_table_in_indonesian(once):
    done = once("evaluate", "few.csv", "--lang", "id")
    assert (done.code, done.err) == (0, "")
    assert "Tim yang disarankan" in done.out.splitlines()[0]
    assert "7 organisasi dibaca" in done.out
    assert "Recommended" not in done.out


def test_the_language_follows_the_environment(once):
    assert "Tim yang disarankan" in once("evaluate", "few.csv", SUSUN_LANG="id").out
    assert "Menilai setiap organisasi" in once("--help", SUSUN_LANG="id").out


@pytest.mark.parametrize("width", [60, 80, 120])
@pytest.mark.parametrize(
    "arguments",
    [("evaluate", str(SAMPLE)), ("compare", "few.csv", "--org", SERVICE), ("explain", "few.csv", "--org", SERVICE)],
    ids=["evaluate", "compare", "explain"],
)
def test_pages_are_never_wider_than_the_terminal(once, arguments, width):
    done = once(*arguments, COLUMNS=str(width))
    assert done.code == 0
    assert [line for line in done.out.splitlines() if len(line) > width] == []


def test_nothing_is_coloured_through_a_pipe(once):
    for arguments in (("evaluate", str(SAMPLE)), ("compare", "few.csv", "--org", SERVICE), ("explain", "few.csv", "--org", SERVICE)):
        assert "\x1b" not in once(*arguments, COLUMNS="80").said


# -- evaluate: files


def test_evaluate_streams_csv_with_the_columns_of_the_contract(once):
    done = once("evaluate", "few.csv", "-o", "-")
    assert done.code == 0
    rows = rows_of(done.out)
    assert list(rows[0]) == [*WIDE, "rank_2", "score_2", "rank_3", "score_3"]
    assert [row["org_id"] for row in rows] == [row["org_id"] for row in rows_of(SAMPLE.read_text(encoding="utf-8"))][:7]
    assert {row["status"] for row in rows} <= {"ok", "assumed"}
    assert "7 organisations read" in done.err


@pytest.mark.parametrize("suffix", ["csv", "parquet", "jsonl", "xlsx"])
def test_evaluate_writes_the_same_rows_in_every_format(once, folder, suffix):
    done = once("evaluate", "few.csv", "-o", f"out.{suffix}")
    assert (done.code, done.out) == (0, "")
    path = folder / f"out.{suffix}"
    match suffix:
        case "csv":
            found = [row["recommended"] for row in rows_of(path.read_text(encoding="utf-8"))]
        case "parquet":
            found = parquet.read_table(path).column("recommended").to_pylist()
        case "jsonl":
            found = [json.loads(line)["recommended"] for line in path.read_text(encoding="utf-8").splitlines()]
        case _:
            sheet = list(openpyxl.load_workbook(path).active.iter_rows(values_only=True))
            found = [row[sheet[0].index("recommended")] for row in sheet[1:]]
    assert found == [row["recommended"] for row in rows_of(once("evaluate", "few.csv", "-o", "-").out)]
    assert [item.name for item in folder.iterdir() if item.name.startswith(".")] == []


def test_the_long_format_has_a_row_for_each_organisation_and_structure(once):
    rows = rows_of(once("evaluate", "few.csv", "--format", "long", "-o", "-").out)
    assert len(rows) == 7 * STRUCTURES
    assert list(rows[0])[: len(LONG)] == LONG and list(rows[0])[-1] == "reason"
    for row in rows:
        if row["score"]:
            added = sum(float(value) for key, value in row.items() if key.startswith("contribution_"))
            assert added == pytest.approx(float(row["score"]), abs=1e-8)
        else:
            assert row["rank"] == "" and row["reason"] != ""


def test_top_and_keep_add_their_columns_at_the_end(once):
    rows = rows_of(once("evaluate", "few.csv", "--top", "5", "--keep", "region,sector", "-o", "-").out)
    more = [f"{name}_{place}" for place in (2, 3, 4, 5) for name in ("rank", "score")]
    assert list(rows[0]) == [*WIDE, *more, "region", "sector"]
    assert rows[0]["region"] == "Jawa Tengah"


def test_top_one_names_no_alternatives(once):
    assert list(rows_of(once("evaluate", "few.csv", "--top", "1", "-o", "-").out)[0]) == WIDE


def test_group_by_adds_up_organisations_people_cost_and_hires(once):
    wide = rows_of(once("evaluate", "few.csv", "-o", "-").out)
    done = once("evaluate", "few.csv", "--group-by", "sector", "-o", "-")
    [total] = rows_of(done.out)
    assert list(total) == ["sector", "currency", "organisations", "decided", "people", "cost_month", "hires"]
    assert (total["sector"], total["currency"], total["organisations"]) == ("university", "IDR", "7")
    assert float(total["people"]) == pytest.approx(sum(float(row["people"]) for row in wide))
    assert float(total["cost_month"]) == pytest.approx(sum(float(row["cost_month"]) for row in wide))


def test_group_by_an_unknown_column_says_which_there_are(once):
    done = once("evaluate", "few.csv", "--group-by", "sectr")
    assert done.code == 2 and "sectr" in done.err and "sector" in done.err


def test_a_parameter_changes_the_decision_for_one_run(once):
    assert "care_manager" in rows_of(once("evaluate", "few.csv", "-o", "-").out)[1]["roles"]
    outside = once("evaluate", "few.csv", "--param", "care_minimum_inquiries=200")
    assert outside.code == 1 and "R506" in outside.err
    unknown = once("evaluate", "few.csv", "--param", "care_minimum_inquirys=20")
    assert unknown.code == 2 and "did you mean `care_minimum_inquiries`" in unknown.err


def test_rejects_are_written_with_line_column_value_reason_and_hint(once, folder):
    done = once("evaluate", "bad.csv", "--rejects", "rejects.csv", "--strict", "-o", "-")
    assert done.code == 1
    [reject] = rows_of((folder / "rejects.csv").read_text(encoding="utf-8"))
    assert list(reject) == ["line", "row", "org_id", "column", "value", "reason", "hint", "code"]
    assert (reject["line"], reject["org_id"], reject["column"], reject["value"], reject["code"]) == ("7", "bad-one", "employees", "abc", "P304")
    rows = rows_of(done.out)
    assert len(rows) == 6 and rows[5]["org_id"] == "bad-one" and rows[5]["status"] == "rejected"


def test_rejects_without_strict_are_no_failure(once):
    done = once("evaluate", "bad.csv")
    assert done.code == 0
    assert "line 7 (bad-one, employees): `abc` is not a number" in done.out


def test_json_is_an_object_a_line(once):
    done = once("evaluate", "bad.csv", "--json")
    rows = [json.loads(line) for line in done.out.splitlines()]
    assert done.code == 0 and len(rows) == 6
    assert isinstance(rows[0]["score"], float) and rows[5]["status"] == "rejected" and rows[5]["score"] is None


def test_the_durable_engine_decides_all_sample_rows_alike(once):
    assert once("evaluate", str(SAMPLE), "--engine", "durable", "-o", "-") == once("evaluate", str(SAMPLE), "-o", "-")


def test_cross_check_finds_that_all_executors_agree(once):
    done = once("evaluate", "few.csv", "--cross-check", "-o", "-")
    assert done.code == 0 and "columnar, interpret, durable" in done.err


# -- compare, explain


def test_compare_sets_chosen_structures_side_by_side(once):
    done = once("compare", "few.csv", "--org", SERVICE, "--structures", "hub_and_spoke,centralised")
    assert (done.code, done.err) == (0, "")
    assert "Hub and spoke" in done.out and "Centralised" in done.out and "Dandelion" not in done.out


def test_compare_as_json_holds_the_chosen_structures(once):
    data = json.loads(once("compare", "few.csv", "--org", SERVICE, "--structures", "hub_and_spoke,centralised", "--json").out)
    assert {item["id"] for item in data["structures"]} == {"hub_and_spoke", "centralised"}


def test_an_unknown_organisation_structure_or_role_is_named_with_a_hint(once):
    for arguments, word in (
        (("compare", "few.csv", "--org", "univ-antah-ray"), SERVICE),
        (("compare", "few.csv", "--org", SERVICE, "--structures", "hub"), "hub_and_spoke"),
        (("explain", "few.csv", "--org", SERVICE, "--role", "care_agnt"), "care_agent"),
    ):
        done = once(*arguments)
        assert done.code == 2 and word in done.err and "hint:" in done.err


def test_explain_says_why_a_role_is_not_active_and_how_far_it_is(once):
    done = once("explain", "few.csv", "--org", SERVICE, "--role", "care_agent")
    assert done.code == 0
    assert "Care agent is not active" in done.out and "must be at least" in " ".join(done.out.split())


def test_explain_sets_a_structure_against_the_recommended_one_after_a_change(once):
    done = once("explain", "few.csv", "--org", SERVICE, "--structure", "centralised", "--set", "inquiries_per_day=5")
    assert done.code == 0
    assert "Centralised" in done.out and "inquiries_per_day=5" in done.out


def test_explain_as_json_has_contributions_that_add_up(once):
    data = json.loads(once("explain", "few.csv", "--org", SERVICE, "--json").out)
    assert data["recommended"] == "hub_and_spoke"
    assert {"roles", "structures", "confidence", "status"} <= set(data)
    assert data["roles"]["care_agent"]["active"] is False


def test_explain_in_indonesian_has_no_english_headings(once):
    done = once("explain", "few.csv", "--org", SERVICE, "--lang", "id")
    assert done.code == 0 and "The recommended team" not in done.out and "Manajer" in done.out


# -- template, sample


def test_the_template_can_be_evaluated_as_it_is(once, folder):
    done = once("template", "-o", "template.csv")
    assert (done.code, done.out) == (0, "")
    assert len((folder / "template.csv").read_text(encoding="utf-8").splitlines()) == 2
    assert "1 organisations read" in once("evaluate", "template.csv", "-o", "-").err.replace("1 organisation read", "1 organisations read")


def test_template_describes_each_field(once):
    done = once("template", "--describe", COLUMNS="100")
    assert done.code == 0
    assert "employees" in done.out and "required" in done.out.lower()
    assert max(map(len, done.out.splitlines())) <= 100


def test_a_sample_is_the_same_for_the_same_seed_and_can_be_evaluated(once, folder):
    first = once("sample", "--rows", "30", "--seed", "7")
    again = once("sample", "--rows", "30", "--seed", "7", "-o", "sample.csv")
    assert first.code == again.code == 0
    assert (folder / "sample.csv").read_text(encoding="utf-8") == first.out
    assert len(rows_of(first.out)) == 30
    assert once("evaluate", "sample.csv", "--strict", "-o", "-").code == 0


# -- rules


def test_the_shipped_rules_are_right(once):
    done = once("rules", "check")
    assert done.code == 0 and "is right" in done.out


def test_rules_check_as_json_is_for_programs(once):
    data = json.loads(once("rules", "check", "social_media_team", "--json").out)
    assert data["diagnostics"] == [] and len(data["digest"]) == 64


def test_rules_show_lists_the_model_or_one_definition(once):
    whole = once("rules", "show")
    assert whole.code == 0 and "care_manager" in whole.out and "hub_and_spoke" in whole.out
    page = once("rules", "show", "care_minimum_inquiries")
    assert page.code == 0 and "care-for-service-goal" in page.out and "parameters/thresholds.yaml" in page.out
    unknown = once("rules", "show", "care_minimum_inquirie")
    assert unknown.code == 2 and "did you mean `care_minimum_inquiries`" in unknown.err


def test_a_new_model_is_a_copy_that_decides_the_same(once):
    assert once("rules", "new", "copied").code == 0
    assert once("evaluate", "few.csv", "--rules", "copied", "-o", "-").out == once("evaluate", "few.csv", "-o", "-").out
    assert once("rules", "new", "copied", "--lang", "id").code == 2


def test_a_new_overlay_changes_only_what_it_says(once, folder):
    assert once("rules", "new", "overlay", "--extends").code == 0
    assert sorted(item.name for item in (folder / "overlay").iterdir()) == [".schema", "model.yaml", "parameters.yaml"]
    assert once("rules", "check", "overlay").code == 0
    (folder / "overlay" / "parameters.yaml").write_text("care_minimum_inquiries: {value: 11}\n", encoding="utf-8")
    page = once("rules", "show", "care_minimum_inquiries", "--rules", "overlay")
    assert page.code == 0 and "11" in page.out


def test_rules_explain_tells_more_about_a_code(once):
    done = once("rules", "explain", "R401")
    assert done.code == 0 and "unknown name" in done.out and "double quotes" in done.out
    assert once("rules", "explain", "r401", "--lang", "id").out.startswith("R401: nama")
    assert once("rules", "explain", "R999").code == 2


def test_a_wrong_option_is_a_wrong_use(once):
    done = once("evaluate", "few.csv", "--formt", "long")
    assert done.code == 2 and "--format" in done.err
