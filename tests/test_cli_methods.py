"""`--method` and `--methods` as a user runs them: other rankings of the same structures, where they disagree, and wrong words."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pandas as pd
import pytest

from engine.api import load_model
from engine.decide import decide
from engine.explain.methods import disagreements, views
from engine.feel.arrays import take
from engine.scoring.chosen import choose, choose_all
from tests.program import SAMPLE, run
from tests.test_robustness_faces import write_model

UNIVERSITY = "univ-antah-raya"


def rows(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text)))


def test_evaluate_ranks_by_another_method(tmp_path: Path) -> None:
    usual, spotis, vikor = (rows(run(tmp_path, "evaluate", SAMPLE, "-o", "-", *more).out) for more in ((), ("--method", "spotis"), ("--method", "vikor")))
    assert [row["recommended"] for row in spotis] == [row["recommended"] for row in usual]
    assert all(float(a["score"]) == pytest.approx(1 - float(b["score"]), abs=2e-9) for a, b in zip(spotis, usual, strict=True))
    assert all(float(a["margin"] or 0) == pytest.approx(float(b["margin"] or 0), abs=2e-9) for a, b in zip(spotis, usual, strict=True))
    assert [row["recommended"] for row in vikor] != [row["recommended"] for row in usual]
    close = [row for row in vikor if row["margin"]]
    assert all(float(row["margin"]) == pytest.approx(float(row["score_2"]) - float(row["score"]), abs=2e-9) for row in close)
    assert all(float(row["margin"]) >= 0 for row in close)
    assert all("VIKOR" in row["reason"] for row in vikor)


def test_the_long_format_has_contributions_only_where_they_add_up(tmp_path: Path) -> None:
    for method, additive in (("promethee-ii", True), ("weighted-sum:normalization=minmax", True), ("topsis", False)):
        found = [row for row in rows(run(tmp_path, "evaluate", SAMPLE, "-o", "-", "--format", "long", "--method", method).out) if row["rank"]]
        parts = [[row[name] for name in row if name.startswith("contribution_")] for row in found]
        if additive:
            assert all(sum(map(float, part)) == pytest.approx(float(row["score"]), abs=1e-8) for part, row in zip(parts, found, strict=True))
        else:
            assert all(not any(part) for part in parts)


def test_compare_shows_where_methods_disagree_and_why(tmp_path: Path) -> None:
    found = run(tmp_path, "compare", SAMPLE, "--org", UNIVERSITY, "--methods", "all", "--json")
    data = json.loads(found.out)
    assert [row["method"] for row in data["methods"]][:2] == ["weighted-sum", "weighted-sum:normalization=minmax"]
    first = {row["method"]: row["first"] for row in data["methods"]}
    assert first["weighted-sum"] == first["spotis"] == data["recommended"]
    other = [row["method"] for row in data["methods"] if row["first"] != data["recommended"]]
    assert other
    assert len([line for line in data["disagreements"] if "prefers" in line]) == len(other)
    agreeing = [row for row in data["methods"] if row["agreement"] == 1.0]
    best = {item["id"]: item["rank"] for item in data["structures"] if item["rank"]}
    assert all(row["ranks"] == best for row in agreeing)


@pytest.mark.parametrize("lang", ["en", "id"])
def test_compare_prints_them_beside_each_other(tmp_path: Path, lang: str) -> None:
    found = run(
        tmp_path, "compare", SAMPLE, "--org", UNIVERSITY, "--methods", "topsis:normalization=minmax,vikor:v=0.5,promethee-ii:preference=linear,q=0,p=1",
        "--lang", lang, COLUMNS="100",
    )  # fmt: skip
    page = found.out.split({"en": "By other methods", "id": "Menurut metode lain"}[lang])[1]
    assert [word for word in ("TOPSIS", "VIKOR", "PROMETHEE II") if word not in page] == []
    assert found.code == 0
    assert max(map(len, found.out.splitlines())) <= 100


def test_it_is_said_how_many_methods_agree() -> None:
    said = {
        "topsis": "TOPSIS puts Dandelion first, too.",
        "topsis,spotis": "Both methods put Dandelion first.",
        "topsis,spotis,vikor": "2 of 3 methods put Dandelion first.",
        "vikor,promethee-ii": "None of the 2 methods puts Dandelion first.",
        "vikor": "VIKOR prefers Two teams: branding and service.",
    }
    model = load_model()
    profiles = model.profiles(SAMPLE)
    row = pd.read_csv(SAMPLE)["org_id"].tolist().index("univ-samudra-bintang")
    case = model.case(profiles, row, "en")
    for methods, sentence in said.items():
        assert disagreements(case, views(case, choose_all(methods.split(","), model.plan)))[0].startswith(sentence)


def test_what_evaluate_says_is_of_the_chosen_method(tmp_path: Path) -> None:
    """The warnings are those of the team that the method recommends, and the next command shows that ranking."""
    write_model(tmp_path / "two", [("even", (0.5, 0.2, 0.3), "true"), ("keen", (0.9, 0.1, 0.1), "true")], "")
    with (tmp_path / "two" / "rules.yaml").open("a", encoding="utf-8") as file:
        file.write("- {id: loud, when: 'structure.a0 > 0.8', note: warning, because: {en: Too fast., id: Terlalu cepat.}}\n")
    (tmp_path / "one.csv").write_text("org_id,employees\nsmall,5\n", encoding="utf-8")
    usual, other = (run(tmp_path, "evaluate", "one.csv", "--rules", "two", *more).out for more in ((), ("--method", "vikor")))
    assert "Keen" in usual and "Too fast." in usual and "`susun explain one.csv --rules two --org small`" in usual
    assert "Even" in other and "Too fast." not in other and "`susun compare one.csv --rules two --method vikor --org small`" in other


def test_no_method_makes_a_winner_of_rounding(tmp_path: Path) -> None:
    """0.1 + 0.2 is 0.3 to whoever compares, so both structures are level on every criterion, by every method."""
    write_model(tmp_path / "level", [("first", (0.3, 0.5, 0.5), "true"), ("second", (0.1 + 0.2, 0.5, 0.5), "true"), ("third", (0.3, 0.5, 0.4), "true")], "")
    (tmp_path / "one.csv").write_text("org_id,employees\nsmall,5\n", encoding="utf-8")
    found = json.loads(run(tmp_path, "compare", "one.csv", "--org", "small", "--rules", "level", "--methods", "all", "--json").out)
    assert {row["first"] for row in found["methods"]} == {"first"}
    assert all(row["scores"]["first"] == row["scores"]["second"] for row in found["methods"])


@pytest.mark.parametrize("method", ["weighted-sum:normalization=sum", "spotis", "topsis", "vikor", "promethee-ii:preference=gaussian,s=0.1"])
def test_a_lone_structure_and_no_organisation_at_all(method: str) -> None:
    frame = pd.read_csv(SAMPLE)
    found = load_model().evaluate(frame, method=method)
    assert found["runner_up"].isna().any()
    assert found["recommended"].notna().all()
    plan, profiles = load_model().plan, load_model().profiles(frame)
    none = {name: take(profiles.columns[name], slice(0, 0)) for name in plan.inputs}
    assert decide(plan, none, 0, method=choose(method, plan)).scores.shape == (len(plan.structures), 0)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["evaluate", SAMPLE, "--method", "topsiss"], "X158 no scoring method `topsiss`\n  hint: did you mean `topsis`?"),
        (["evaluate", SAMPLE, "--method", "topsis:minmax"], "X168 `minmax` is not `option=value`"),
        (["evaluate", SAMPLE, "--method", "topsis:v=1"], "X159 `topsis` has no option `v`"),
        (["evaluate", SAMPLE, "--method", "spotis:bounds=3"], "X147 the bounds of `spotis` are the scales of the model's criteria and cannot be given"),
        (["evaluate", SAMPLE, "--method", "vikor:v=0.5,v=1"], "X148 the option `v` is given twice"),
        (["evaluate", SAMPLE, "--method", "vikor:v=much"], "X161 `much` does not fit the option `v` of 15 criteria"),
        (["compare", SAMPLE, "--org", UNIVERSITY, "--methods", "vikor,nothing"], "X158 no scoring method `nothing`"),
        (
            ["compare", SAMPLE, "--org", UNIVERSITY, "--method", "promethee-ii:preference=linear,q=1,p=0.5"],
            "X166 the thresholds q = 1, p = 0.5 are not in order",
        ),
    ],
)
def test_wrong_words_are_told_with_a_hint(tmp_path: Path, words: list[str], said: str) -> None:
    found = run(tmp_path, *words)
    assert found.code == 2
    assert said in found.err
    assert found.out == ""


@pytest.mark.parametrize("method", ["vikor", "spotis", "topsis"])
def test_a_method_agrees_with_itself(tmp_path: Path, method: str) -> None:
    data = json.loads(run(tmp_path, "compare", SAMPLE, "--org", UNIVERSITY, "--method", method, "--methods", f"{method},weighted-sum", "--json").out)
    own, other = data["methods"]
    assert own["agreement"] == 1.0
    assert own["first"] == data["recommended"]
    assert (other["agreement"] == 1.0) == (method in ("spotis", "topsis"))
