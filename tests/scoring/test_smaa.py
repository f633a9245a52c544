"""SMAA-2 gives what is published and what follows by hand; sampled weights are where they should be; a batch is its organisations one by one."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.scoring.robustness import draw, ordinal, rank_acceptability, smaa2, uniform
from engine.scoring.robustness.contest import contest
from engine.scoring.robustness.smaa import standard_error

FOLDER = Path(__file__).resolve().parent.parent / "cases" / "scoring"
CASES = yaml.safe_load((FOLDER / "smaa.yaml").read_text(encoding="utf-8"))
SAMPLES = 100_000  # standard error below 0.0016


def given_or_drawn(case):
    """Values and weights of a case: its own samples, or drawn as it says."""
    if "samples" in case:
        kept = np.load(FOLDER / case["samples"])
        return kept["values"] / 65_535, kept["weights"] / kept["weights"].sum(axis=1, keepdims=True)
    values = np.array(case["values"])
    weights = uniform(SAMPLES, values.shape[1], seed=7)
    if "uniform" in case:
        half, worst = np.array(case["uniform"]), values.min(axis=0)
        varied = values + half * np.random.default_rng(11).uniform(-1, 1, (SAMPLES, *values.shape))
        values = (varied - worst) / (values.max(axis=0) - worst)
    return values, weights


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["id"])
def test_a_case_gives_the_numbers_of_its_source(case):
    found = smaa2(*given_or_drawn(case))
    first, tolerance = found.acceptability[:, 0], case["tolerance"]
    np.testing.assert_allclose(first, case["acceptability"], atol=tolerance)
    shown = np.round(first, 2)
    assert [1 + int((shown > value).sum()) for value in shown] == case["ranks"]
    if "rank_acceptability" in case:
        np.testing.assert_allclose(found.acceptability, case["rank_acceptability"], atol=tolerance)
        np.testing.assert_allclose(found.central, case["central"], atol=tolerance)
    for value, published in zip(found.confidence, case.get("confidence", ()), strict=False):
        assert (published is None and np.isnan(value)) or abs(value - (published or 0)) <= case["tolerance_confidence"]


def test_uniform_weights_have_the_centre_and_the_spread_of_the_simplex():
    found = uniform(SAMPLES, 4, seed=3)
    np.testing.assert_allclose(found.sum(axis=1), 1, atol=1e-12)
    np.testing.assert_allclose(found.mean(axis=0), 0.25, atol=0.003)
    np.testing.assert_allclose(found.var(axis=0), 3 / 80, atol=0.001)  # Dirichlet(1): (C - 1) / (C^2 (C + 1))


def test_the_mean_of_ordered_weights_is_the_rank_order_centroid():
    found = ordinal(SAMPLES, 4, seed=3)
    assert (np.diff(found, axis=1) <= 0).all()
    np.testing.assert_allclose(found.mean(axis=0), [sum(1 / j for j in range(i, 5)) / 4 for i in range(1, 5)], atol=0.003)


def test_criteria_of_equal_weight_are_not_ordered_among_themselves():
    own = np.array([0.2, 0.0, 0.5, 0.2, 0.1])
    found = draw(SAMPLES, 5, 3).like(own)
    assert (found[:, 1] == 0).all() and (found[:, 2] >= found[:, [0, 3]].max(axis=1)).all() and (found[:, [0, 3]].min(axis=1) >= found[:, 4]).all()
    assert abs((found[:, 0] > found[:, 3]).mean() - 0.5) < 0.01
    np.testing.assert_allclose(found.sum(axis=1), 1, atol=1e-12)


def test_any_weights_still_leave_out_a_criterion_without_weight():
    found = draw(SAMPLES, 3, 3).like(np.array([0.9, 0.0, 0.1]), ordered=False)
    assert (found[:, 1] == 0).all() and abs((found[:, 0] > found[:, 2]).mean() - 0.5) < 0.01


def test_equal_alternatives_share_a_rank_and_one_alone_is_always_first():
    found = smaa2(np.array([[0.5, 0.5], [0.5, 0.5], [0.1, 0.2]]), uniform(50, 2))
    np.testing.assert_array_equal(found.acceptability, [[1, 0, 0], [1, 0, 0], [0, 0, 1]])
    assert np.isnan(found.central[2]).all() and np.isnan(found.confidence[2]) and found.confidence[0] == 1
    alone = smaa2(np.array([[0.3, 0.4]]), uniform(50, 2))
    assert alone.acceptability.tolist() == [[1.0]] and alone.error.tolist() == [[0.0]]


def batches():
    """(values (C, K, N), weights (C, N), part (K, N)): coarse numbers, so that ties of scores and of weights occur."""

    def build(size):
        c, k, n = size
        value, weight = st.integers(0, 4).map(lambda x: x / 4), st.integers(0, 3)
        return st.tuples(
            st.lists(value, min_size=c * k * n, max_size=c * k * n).map(lambda v: np.array(v).reshape(c, k, n)),
            st.lists(weight, min_size=c * n, max_size=c * n).map(lambda v: np.array(v, dtype=float).reshape(c, n)),
            st.lists(st.booleans(), min_size=k * n, max_size=k * n).map(lambda v: np.array(v, dtype=bool).reshape(k, n)),
        )

    return st.tuples(st.integers(1, 4), st.integers(1, 4), st.integers(0, 6)).flatmap(build)


@settings(max_examples=60, deadline=None)
@given(batches(), st.booleans())
def test_a_batch_is_its_organisations_one_by_one(batch, ordered):
    values, weights, part = batch
    weights = weights + (weights.sum(axis=0) == 0)
    weights = weights / weights.sum(axis=0)
    chance, field = draw(40, len(weights), 5), contest(list(values), part)
    whole = rank_acceptability(field, weights, chance, ordered, places=None)
    np.testing.assert_array_equal(rank_acceptability(field, weights, chance, ordered)[:, 0], whole[:, 0])
    for i in range(part.shape[1]):
        mine = np.flatnonzero(field.row == i)
        alone = smaa2(values[:, part[:, i], i].T, chance.like(weights[:, i], ordered)).acceptability if len(mine) else np.zeros((0, 0))
        np.testing.assert_array_equal(whole[mine, : len(mine)], alone)
        assert not whole[mine, len(mine) :].any()


@settings(max_examples=30, deadline=None)
@given(batches(), st.randoms(use_true_random=False))
def test_the_order_of_rows_and_of_structures_changes_nothing(batch, random):
    values, weights, part = batch
    weights = weights + (weights.sum(axis=0) == 0)
    weights = weights / weights.sum(axis=0)
    _, k, n = values.shape
    rows, structures = random.sample(range(n), n), random.sample(range(k), k)
    chance = draw(40, len(weights), 5)

    def spread(values, weights, part):
        field = contest(list(values), part)
        return field.spread(rank_acceptability(field, weights, chance)[:, 0], k)

    shuffled = spread(values[:, structures][:, :, rows], weights[:, rows], part[structures][:, rows])
    np.testing.assert_array_equal(shuffled, spread(values, weights, part)[structures][:, rows])


def test_no_samples_are_refused():
    with pytest.raises(ValueError, match="0 samples"):
        uniform(0, 3)


def test_the_standard_error_says_how_far_samples_of_that_size_are_off():
    values = np.array([[1.0, 0.0], [0.0, 1.0], [0.7, 0.7]])
    found = [smaa2(values, uniform(400, 2, seed)).acceptability[0, 0] for seed in range(200)]
    assert np.std(found) == pytest.approx(standard_error(np.array(0.3), 400), rel=0.15)
