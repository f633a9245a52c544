"""Robustness as users meet it: columns of evaluate, the section of compare, JSON, the Python face, refusals; and that what it reports happens when tried."""

from __future__ import annotations

import csv
import io
import json
from functools import cache
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from benchmarks.profiles import load, made
from engine.api import SusunError, load_model
from engine.commands.common import Stop
from engine.commands.robust import sampling_of
from engine.decide import decide
from engine.feel.arrays import take
from engine.outcome.robust import robustness_of
from engine.scoring.robustness import FRAGILE, ROBUST, Sampling, nearest_change
from tests.model.base_model import BASE
from tests.program import SAMPLE, Result, remembering, run

COLUMNS = ["robustness", "weight_change", "challenger", "acceptability", "acceptability_se"]
CLOSE = "kopi-tapak-kancil"  # fragile
ALONE = "pmb-awan"  # one structure in reach


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Holds some organisations of the sample, one of them rejected, and models of a few structures judged by weights that are parameters."""
    made_ = tmp_path_factory.mktemp("robust")
    lines = SAMPLE.read_text(encoding="utf-8").splitlines()
    wrong = ["bad-one", "Bad One", "no-such-sector", *[""] * (len(lines[0].split(",")) - 3)]
    (made_ / "orgs.csv").write_text("\n".join([*lines, ",".join(wrong)]) + "\n", encoding="utf-8")
    write_model(made_ / "three", three(), "ranking: {robust_weight_change: 0.1}")
    write_model(made_ / "silent", three(), "")
    write_model(made_ / "one", three()[:1], "ranking: {robust_weight_change: 0.1}")
    write_model(made_ / "twins", [("first", (0.5, 0.5, 0.5), "true"), ("second", (0.5, 0.5, 0.5), "true")], "ranking: {robust_weight_change: 0.1}")
    ladder = [("best", (0.9, 0.9, 0.9), "true"), ("worse", (0.5, 0.9, 0.4), "true"), ("worst", (0.1, 0.1, 0.1), "true")]
    write_model(made_ / "ladder", ladder, "ranking: {robust_weight_change: 0.1}")
    write_model(made_ / "peak", [ladder[0], ladder[2]], "ranking: {robust_weight_change: 0.1}")
    write_model(
        made_ / "close", [("best", (0.51, 0.51, 0.51), "true"), ("worst", (0.5, 0.5, 0.5), "true")], "ranking: {robust_weight_change: 0.1, tie_tolerance: 0.02}"
    )
    write_model(made_ / "hair", [("best", (0.5, 0.5001, 0.5), "true"), ("next", (0.9, 0.0429, 0.5), "true")], "ranking: {robust_weight_change: 0.1}")
    (made_ / "few.csv").write_text("org_id,employees\nsmall,5\nlarge,500\n", encoding="utf-8")
    return made_


def three() -> list[tuple[str, tuple[float, float, float], str]]:
    """Structures, their values on three criteria, when they are eligible. Nothing is eligible for the smallest."""
    return [("even", (0.6, 0.6, 0.6), "employees > 2"), ("keen", (0.9, 0.2, 0.5), "employees > 100"), ("slow", (0.1, 0.9, 0.6), "employees > 100")]


def write_model(folder: Path, structures: list[tuple[str, tuple[float, float, float], str]], ranking: str) -> None:
    folder.mkdir()
    files = dict(BASE)
    files["model.yaml"] += f"{ranking}\n"
    files["parameters.yaml"] += "".join(f"w{i}: {{value: {value}, unit: weight, estimate: true}}\n" for i, value in enumerate((0.4, 0.35, 0.25)))
    parts = "{{label: {{en: {id}, id: {id}}}, posts: {{one: {{covers: [officer]}}}}, attributes: {{a0: {0}, a1: {1}, a2: {2}}}, "
    parts += "eligible: [{{needs: '{needs}', otherwise: {{en: No., id: Tidak.}}}}]}}"
    files["structures.yaml"] = "".join(f"{id_}: " + parts.format(*values, id=id_.title(), needs=needs) + "\n" for id_, values, needs in structures)
    labels = ("Speed", "Calm", "Thrift")
    files["criteria.yaml"] = "".join(
        f"- {{id: c{i}, label: {{en: {label}, id: {label}}}, weight: w{i}, value: structure.a{i}}}\n" for i, label in enumerate(labels)
    )
    for name, text in files.items():
        (folder / name).write_text(text, encoding="utf-8")


@pytest.fixture(scope="module")
def once(folder: Path):
    return remembering(folder)


def rows_of(result: Result) -> list[dict[str, str]]:
    assert result.code == 0, result.err
    return list(csv.DictReader(io.StringIO(result.out)))


# -- evaluate


def test_the_columns_stand_after_the_reason_and_are_empty_for_rejected_rows(once):
    rows = rows_of(once("evaluate", "orgs.csv", "--robustness", "-o", "-"))
    names = list(rows[0])
    start = names.index("reason") + 1
    assert names[start : start + 6] == [*COLUMNS, "rank_2"]
    plain = rows_of(once("evaluate", "orgs.csv", "-o", "-"))
    assert [{name: row[name] for name in row if name not in COLUMNS} for row in rows] == plain
    assert rows[-1]["status"] == "rejected" and not any(rows[-1][name] for name in COLUMNS)


def test_every_label_fits_its_numbers(once):
    rows = rows_of(once("evaluate", "orgs.csv", "--robustness", "-o", "-"))[:-1]
    assert {row["robustness"] for row in rows} == {"robust", "fragile", "tie"}
    for row in rows:
        tied = row["margin"] != "" and float(row["margin"]) <= 0.01
        small = row["weight_change"] != "" and float(row["weight_change"]) < 0.04
        assert row["robustness"] == ("tie" if tied else "fragile" if small else "robust"), row["org_id"]
        assert bool(row["weight_change"]) == bool(row["challenger"]) and row["challenger"] != row["recommended"]
        share = float(row["acceptability"])
        assert 0 <= share <= 1 and float(row["acceptability_se"]) == pytest.approx((share * (1 - share) / 1000) ** 0.5, abs=1e-6)
        assert row["margin"] != "" or (share == 1 and row["weight_change"] == "")


def test_the_long_format_has_every_structures_share_and_change(once):
    rows = rows_of(once("evaluate", "orgs.csv", "--robustness", "--format", "long", "-o", "-"))
    wide = {row["org_id"]: row for row in rows_of(once("evaluate", "orgs.csv", "--robustness", "-o", "-"))}
    for row in rows:
        first = row["rank"] == "1"
        assert row["tier"] != "3" or (row["acceptability"] == "" and row["weight_change"] == "")
        if first:
            assert row["acceptability"] == wide[row["org_id"]]["acceptability"] and row["weight_change"] == ""
        if row["structure"] == wide[row["org_id"]]["challenger"]:
            assert row["weight_change"] == wide[row["org_id"]]["weight_change"]


def test_the_table_shows_the_label_and_what_the_words_mean(once):
    english, indonesian = once("evaluate", "orgs.csv", "--robustness"), once("evaluate", "orgs.csv", "--robustness", "--lang", "id", COLUMNS="80")
    assert "Holds" in english.out and "fragile: a small one would" in english.out
    assert "Kekokohan" in indonesian.out and "goyah: perubahan kecil" in indonesian.out and max(map(len, indonesian.out.splitlines())) <= 80


def test_python_gives_what_the_command_line_gives(once):
    frame = pd.read_csv(SAMPLE, dtype=str)
    found = load_model().evaluate(frame, robustness=True, samples=200, seed=3)
    shown = rows_of(once("evaluate", "orgs.csv", "--robustness", "--samples", "200", "--seed", "3", "-o", "-"))[:-1]
    assert found["robustness"].tolist() == [row["robustness"] for row in shown]
    assert found["acceptability"].tolist() == [float(row["acceptability"]) for row in shown]
    nobody = load_model().evaluate(frame.iloc[:1].assign(sector="no-such-sector"), robustness=True)
    assert nobody["status"].tolist() == ["rejected"] and nobody[COLUMNS].isna().all(axis=None)
    with pytest.raises(SusunError, match="X110"):
        load_model().evaluate(frame, robustness=True, samples=0)


# -- compare


def test_compare_says_what_it_would_take_how_far_weights_may_move_and_who_wins_how_often(once):
    page = once("compare", "orgs.csv", "--org", CLOSE, "--robustness").out
    assert "Fragile: if just 3.7% of the total weight moves between criteria, Community-led draws level with Hub and spoke." in page
    assert "More weight mainly for Resilience (from 4.2% to 6%)" in page
    assert "Reach into the units                   9.7%  from 0.4% up" in page
    assert "Core three in none of them." in page
    indonesian = once("compare", "orgs.csv", "--org", CLOSE, "--robustness", "--lang", "id", COLUMNS="80").out
    assert "Goyah: bila 3,7% saja" in indonesian and "draws level" not in indonesian and max(map(len, indonesian.splitlines())) <= 80


def test_a_structure_without_a_rival_is_robust(once):
    assert "Robust: Core three has no rival" in once("compare", "orgs.csv", "--org", ALONE, "--robustness").out
    assert "Robust: Even has no rival" in once("compare", "few.csv", "--org", "small", "--rules", "one", "--robustness").out


def test_structures_that_cannot_win_are_named(once):
    page = once("compare", "few.csv", "--org", "small", "--rules", "ladder", "--robustness").out
    assert "Worst: impossible, Best is better on every criterion that counts." in page
    assert "Worse: 65% of the weight would have to move (distance 0.803). More weight for Calm (from 35% to 100%)." in page
    assert "Worse: Best is nowhere worse and somewhere better." in page and "Worst: Best and Worse are nowhere worse" in page
    assert (
        "Robust: no weights at all would put another structure ahead of Best."
        in once("compare", "few.csv", "--org", "small", "--rules", "peak", "--robustness").out
    )


def test_a_close_winner_that_is_nowhere_worse_is_a_tie_everywhere(once):
    assert rows_of(once("evaluate", "few.csv", "--rules", "close", "--robustness", "-o", "-"))[0]["robustness"] == "tie"
    page = once("compare", "few.csv", "--org", "small", "--rules", "close", "--robustness").out
    assert "Tie: Best is first by so little that it hardly counts, though no weights at all" in page and "Robust:" not in page


def test_only_equal_scores_are_said_to_be_equal(once):
    """Best has 0.500035, Next 0.500015."""
    page = once("compare", "few.csv", "--org", "small", "--rules", "hair", "--robustness").out
    assert "Best (0.5) and Next (0.5) are practically level: Best is the better one in calm" in page and " 0 ahead" not in page
    assert "exactly the same" not in page and "level with Best already" not in page
    assert "Fragile: if just <0.1% of the total weight moves between criteria, Next draws level with Best." in page


def test_structures_that_are_equal_are_a_tie(once):
    page = once("compare", "few.csv", "--org", "small", "--rules", "twins", "--robustness")
    assert page.code == 0 and "Tie: First and Second score exactly the same" in page.out
    row = rows_of(once("evaluate", "few.csv", "--rules", "twins", "--robustness", "-o", "-"))[0]
    assert [row[name] for name in COLUMNS] == ["tie", "0", "second", "1", "0"]


def test_where_nothing_is_eligible_there_is_nothing_to_question(folder):
    (folder / "tiny.csv").write_text("org_id,employees\ntiny,1\n", encoding="utf-8")
    row = rows_of(run(folder, "evaluate", "tiny.csv", "--rules", "three", "--robustness", "-o", "-"))[0]
    assert row["status"] == "undecided" and not any(row[name] for name in COLUMNS)
    page = run(folder, "compare", "tiny.csv", "--org", "tiny", "--rules", "three", "--robustness")
    assert page.code == 0 and "so there is no ranking to question" in page.out


def test_at_the_reported_weights_the_decision_is_level_and_beyond_them_the_challenger_wins(once, folder):
    data = json.loads(once("compare", "few.csv", "--org", "large", "--rules", "three", "--robustness", "--json").out)["robustness"]
    assert data["winner"] == "even" and [item["structure"] for item in data["challengers"]] == [data["challenger"], "slow"]
    profile = {"org_id": "large", "employees": 500}

    def decided(weights):
        return load_model(folder / "three", {f"w{i}": weights[i] for i in range(3)}).decide(profile)

    for item in data["challengers"]:
        before, at = (np.array([move[side] for move in item["weights"].values()]) for side in ("from", "to"))
        scores = {one["id"]: one["score"] for one in decided(at).data["structures"]}
        assert scores["even"] == pytest.approx(scores[item["structure"]], abs=1e-9)
        assert decided(before + 1.001 * (at - before)).recommended == item["structure"]
        assert decided(before + 0.999 * (at - before)).recommended == "even"
    for item in data["stability"]:
        i = int(item["criterion"][1])
        weights = np.array([0.4, 0.35, 0.25])

        def moved(x, i=i, weights=weights):
            return [x if j == i else weights[j] * (1 - x) / (1 - weights[i]) for j in range(3)]

        for x, inside in ((item["low"], 1e-3), (item["high"], -1e-3)):
            if 0 < x < 1:
                assert decided(moved(x + inside)).recommended == "even" != decided(moved(x - inside)).recommended


# -- batches


@cache
def batch():
    plan, size = load(), 600
    columns = made(plan, size)
    return plan, columns, size


def test_a_part_of_a_batch_gives_what_the_whole_gives():
    plan, columns, size = batch()
    sampling = Sampling(100, 4)
    whole = robustness_of(decide(plan, columns, size), sampling)
    for start, end in ((0, 1), (1, 250), (250, size)):
        part = robustness_of(decide(plan, {name: take(column, slice(start, end)) for name, column in columns.items()}, end - start), sampling)
        for name in ("label", "change", "challenger", "changes", "acceptability"):
            np.testing.assert_array_equal(getattr(part, name), getattr(whole, name)[..., start:end])


def test_every_fragile_recommendation_of_a_batch_topples_and_no_robust_one_does():
    plan, columns, size = batch()
    decisions = decide(plan, columns, size)
    found = robustness_of(decisions, Sampling(1))
    weights, matrix = decisions.judged.weights, decisions.judged.matrix
    rows = np.flatnonzero(found.challenger >= 0)
    ahead = (matrix[:, decisions.winner[rows], rows] - matrix[:, found.challenger[rows], rows]).T
    own = weights[:, rows].T
    _, new = nearest_change(own, ahead, own > 0)
    assert ((own + 1.001 * (new - own)) * ahead).sum(axis=1).max() < 1e-12
    robust = rows[found.label[rows] == ROBUST]
    tried = np.random.default_rng(2).normal(size=(200, len(weights)))
    for row in robust[:60]:  # as far as the threshold in any direction that keeps the sum and what has no weight
        used = weights[:, row] > 0
        away = np.where(used, tried - tried[:, used].mean(axis=1, keepdims=True), 0)
        near = weights[:, row] + 0.04 * away / np.sqrt((away**2).sum(axis=1, keepdims=True))
        near = near[(near >= 0).all(axis=1)]
        scores = near @ matrix[:, found.part[:, row], row]
        assert (scores.max(axis=1) <= near @ matrix[:, decisions.winner[row], row] + 1e-12).all()
    assert (found.label == FRAGILE).any() and len(robust) > 60


# -- refusals


REFUSED = {
    (True, 0, None, None): "X110 0 is no number of samples: from 1 to 1000000",
    (True, -5, None, None): "X110 -5 is no number of samples",
    (True, 10**12, None, None): "X110 1000000000000 is no number",
    (True, None, -1, None): "X111 -1 is no seed",
    (False, 10, None, None): "X113 `--samples` has nothing to work on without `--robustness`",
    (False, None, 10, None): "X113 `--seed` has nothing to work on",
    (True, None, None, "--group-by"): "X114 `--robustness` and `--group-by` do not go together",
    (True, None, None, "--method"): "X114 `--robustness` and `--method` do not go together",
}


@pytest.mark.parametrize("asked", REFUSED)
def test_what_cannot_be_asked_is_refused_with_a_hint(asked, capsys):
    with pytest.raises(Stop) as stopped:
        sampling_of(batch()[0], *asked, "en")
    assert stopped.value.code == 2
    said = capsys.readouterr().err
    assert REFUSED[asked] in said and "hint: " in said


def test_no_samples_are_a_wrong_use(once):
    done = once("evaluate", "orgs.csv", "--robustness", "--samples", "0", "--lang", "id")
    assert done.code == 2 and done.out == ""
    assert "X110 jumlah sampel tidak boleh 0: harus dari 1 sampai 1000000" in done.err and "saran: dengan 1.000 sampel" in done.err


def test_a_model_that_does_not_say_what_is_robust_is_told_how(once):
    done = once("compare", "few.csv", "--org", "large", "--rules", "silent", "--robustness")
    assert done.code == 2 and "X112 the model `small` does not say when a recommendation is robust" in done.err
    assert "hint: write `robust_weight_change: 0.04` below `ranking:` in model.yaml" in done.err


def test_the_long_format_counts_as_the_wide_one(once, folder):
    """Rows with assumptions and rows that nothing suits are not `decided` without a word."""
    (folder / "two.csv").write_text("org_id,employees\ntiny,1\nsmall,5\n", encoding="utf-8")
    for arguments in (("orgs.csv",), ("two.csv", "--rules", "three")):
        wide, long = (once("evaluate", *arguments, *form, "-o", "-").err.splitlines()[-1] for form in ((), ("--format", "long")))
        assert wide == long and ("with assumptions" in wide or "1 undecided" in wide)


def test_where_nothing_is_recommended_nothing_is_said_to_hold_or_to_lag(folder):
    (folder / "tiny.csv").write_text("org_id,employees\ntiny,1\n", encoding="utf-8")
    page = run(folder, "evaluate", "tiny.csv", "--rules", "three", "--robustness").out
    assert "undecided" in page and "How firmly" not in page
    page = run(folder, "explain", "tiny.csv", "--org", "tiny", "--rules", "three", "--structure", "keen").out
    assert "contributes 0.36 [" in page and "less than" not in page


def test_python_refuses_robustness_with_another_method():
    frame = pd.read_csv(SAMPLE, dtype=str).iloc[:2]
    with pytest.raises(SusunError, match="X114 `robustness` and `method` do not go together"):
        load_model().evaluate(frame, robustness=True, method="vikor")
    same = (load_model().evaluate(frame, robustness=True, samples=9, method=method) for method in (None, "weighted-sum"))
    pd.testing.assert_frame_equal(*same)


def test_a_recommendation_over_the_budget_is_said_to_be_so_where_it_is_explained(tmp_path):
    write_model(tmp_path / "dear", [("first", (0.5, 0.5, 0.5), "true")], "ranking: {budget: questions}")
    model = load_model(tmp_path / "dear")
    for budget, said in ((10, True), (50, False), (None, False)):
        section = model.explain({"org_id": "a", "employees": 5, "questions": budget}).sections[0]
        assert ("Over the stated budget by 40 a month" in " ".join(line.text for line in section.lines)) is said
