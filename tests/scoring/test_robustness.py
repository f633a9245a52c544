"""Stability intervals, the smallest change that dethrones the winner and dominance, against their definitions and against trying."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from engine.scoring.robustness import dominance, intervals, nearest_change, smaa2, uniform
from engine.scoring.robustness.dethrone import project

LEVEL = 1e-9


@st.composite
def contests(draw, most=5):
    """Weights (C,) adding up to 1, some of them 0, and values (K, C) with the winner first."""
    c, k = draw(st.integers(1, most)), draw(st.integers(2, 4))
    whole = st.one_of(st.integers(0, 10).map(lambda x: x / 10), st.floats(0, 1, width=32))
    weights = np.array(draw(st.lists(st.integers(0, 9), min_size=c, max_size=c)), dtype=float)
    assume(weights.sum() > 0)
    weights = weights / weights.sum()
    values = np.array(draw(st.lists(whole, min_size=c * k, max_size=c * k))).reshape(k, c)
    best = int(np.argmax(values @ weights))
    return weights, np.concatenate([values[[best]], np.delete(values, best, axis=0)])


@settings(max_examples=200, deadline=None)
@given(contests(), st.booleans())
def test_at_the_nearest_change_the_two_draw_level_and_beyond_it_the_challenger_wins(contest, some_fixed):
    weights, values = contest
    ahead = values[0] - values[1:]
    w = np.broadcast_to(weights, ahead.shape)
    free = w > 0 if some_fixed else None
    distance, new = nearest_change(w, ahead, free)
    can = np.isfinite(distance)
    open_ = ahead if free is None else np.where(free, ahead, np.inf)
    np.testing.assert_array_equal(can, (open_.min(axis=1) <= 1e-12) | ((w * ahead).sum(axis=1) <= 1e-15))
    assert np.isnan(new[~can]).all()
    assert (new[can] >= 0).all() and np.abs(new[can].sum(axis=1) - 1).max(initial=0) < LEVEL
    assert free is None or (new[can][~free[can]] == 0).all()
    np.testing.assert_allclose(distance[can], np.sqrt(((new - w)[can] ** 2).sum(axis=1)), atol=1e-12)
    lead = (new * ahead).sum(axis=1)
    assert np.abs(lead[can & (distance > 0)]).max(initial=0) < LEVEL
    beyond = new + 1e-6 * (np.eye(len(weights))[open_.argmin(axis=1)] - new)  # a hair further, to where the challenger is best
    wins = can & (open_.min(axis=1) < -1e-3)
    assert ((beyond * ahead).sum(axis=1)[wins] < 0).all()


@settings(max_examples=40, deadline=None)
@given(contests(3), st.integers(0, 10_000))
def test_no_smaller_change_of_weights_dethrones_the_winner(contest, seed):
    weights, values = contest
    ahead = values[0] - values[1:]
    distance, new = nearest_change(np.broadcast_to(weights, ahead.shape), ahead)
    tried = uniform(4000, len(weights), seed)
    near = [weights + share * (tried - weights) for share in (0.02, 0.1, 0.3)]
    at = [level + share * (tried - level) for level in new[np.isfinite(distance)] for share in (1e-4, 1e-2)]  # close to what is said to be nearest
    tried = np.concatenate([tried, *near, *at])
    away = np.sqrt(((tried - weights) ** 2).sum(axis=1))
    for challenger in range(len(ahead)):
        level = tried @ ahead[challenger] <= -1e-12
        assert away[level].min(initial=np.inf) >= distance[challenger] - 1e-9


def test_the_change_stays_on_the_simplex_where_the_plain_projection_leaves_it():
    weights, ahead = np.array([[0.6, 0.3, 0.1]]), np.array([[0.5, 0.1, -0.2]])
    plain = weights - (weights * ahead).sum() / ((ahead - ahead.mean()) ** 2).sum() * (ahead - ahead.mean())
    distance, new = nearest_change(np.array([[0.3, 0.6, 0.1]]), np.array([[0.9, 0.2, -0.1]]))
    assert plain.min() > 0 and np.allclose(nearest_change(weights, ahead)[1], plain, atol=1e-15)
    np.testing.assert_allclose(new, [[0, 1 / 3, 2 / 3]], atol=1e-12)  # the only point of that edge where 0.2 w2 = 0.1 w3
    np.testing.assert_allclose(distance, np.sqrt(0.3**2 + (0.6 - 1 / 3) ** 2 + (2 / 3 - 0.1) ** 2))


def test_the_nearest_challenger_need_not_be_the_runner_up():
    weights, values = np.array([0.5, 0.3, 0.2]), np.array([[0.8, 0.5, 0.5], [0.74, 0.49, 0.45], [0.2, 0.9, 0.9]])
    scores = values @ weights
    assert scores.argsort()[::-1].tolist() == [0, 1, 2]
    distance, _ = nearest_change(np.broadcast_to(weights, (2, 3)), values[0] - values[1:])
    assert np.isinf(distance[0]) and distance[1] < 0.2


def test_equal_alternatives_are_level_already_and_no_profiles_are_no_trouble():
    distance, new = nearest_change(np.array([[0.5, 0.5]]), np.array([[0.0, 0.0]]))
    assert distance.tolist() == [0.0] and new.tolist() == [[0.5, 0.5]]
    assert [part.shape for part in nearest_change(np.zeros((0, 3)), np.zeros((0, 3)))] == [(0,), (0, 3)]


@settings(max_examples=50, deadline=None)
@given(st.lists(st.floats(-2, 2), min_size=2, max_size=6), st.integers(0, 1000))
def test_no_point_of_the_simplex_is_nearer_than_the_projection(point, seed):
    v = np.array([point])
    found = project(v, np.ones(v.shape, dtype=bool))
    assert abs(found.sum() - 1) < 1e-12 and found.min() >= 0
    others = uniform(200, len(point), seed)
    assert (((others - v) ** 2).sum(axis=1) >= ((found - v) ** 2).sum() - 1e-12).all()


def moved(weights: np.ndarray, c: int, x: float) -> np.ndarray:
    """The definition: weight c becomes x, the others keep their proportions."""
    new = weights * (1 - x) / (1 - weights[c])
    new[c] = x
    return new


@settings(max_examples=150, deadline=None)
@given(contests())
def test_the_winner_is_first_within_the_interval_and_not_beyond_it(contest):
    weights, values = contest
    low, high = intervals(values, weights, np.array(0))
    for c in range(len(weights)):
        assert 0 <= low[c] <= weights[c] <= high[c] <= 1
        if weights[c] == 1:
            assert low[c] == high[c] == 1
            continue
        for x in np.linspace(low[c], high[c], 5):
            assert (values @ moved(weights, c, x) <= values[0] @ moved(weights, c, x) + LEVEL).all()
        for x, inside in ((low[c] - 1e-4, low[c]), (high[c] + 1e-4, high[c])):
            if 0 < x < 1 and abs(inside - weights[c]) > 1e-6:
                scores = values @ moved(weights, c, x)
                assert scores[1:].max() > scores[0]


def test_the_interval_of_two_criteria_by_hand():
    # the rival is ahead where 0.4 x < 0.2 (1 - x): below a third
    low, high = intervals(np.array([[0.9, 0.3], [0.5, 0.5]]), np.array([0.5, 0.5]), np.array(0))
    np.testing.assert_allclose(low, [1 / 3, 0])
    np.testing.assert_allclose(high, [1, 2 / 3])


def test_an_equal_rival_bounds_no_weight():
    values, weights = np.tile([0.1, 0.7, 0.3], (2, 1)), np.array([0.1, 0.3, 0.6])
    low, high = intervals(values, weights, np.array(0))
    assert low.tolist() == [0, 0, 0] and high.tolist() == [1, 1, 1]


def test_what_takes_no_part_bounds_nothing():
    values, weights = np.array([[0.9, 0.3], [0.5, 0.5]]), np.array([0.5, 0.5])
    low, high = intervals(values, weights, np.array(0), np.array([True, False]))
    assert low.tolist() == [0, 0] and high.tolist() == [1, 1]
    assert not dominance(np.array([[0.5, 0.5], [0.1, 0.1]]), np.array([True, False])).any()


@settings(max_examples=100, deadline=None)
@given(contests())
def test_a_dominated_alternative_is_never_ahead_and_cannot_dethrone(contest):
    weights, values = contest
    found = dominance(values)
    scores = uniform(100, len(weights)) @ values.T
    for i, j in np.argwhere(found).tolist():
        assert (scores[:, i] >= scores[:, j] - 1e-8).all() and not found[j, i] and i != j
    for i, j in np.argwhere(~found).tolist():
        assert (values[i] < values[j]).any() or np.abs(values[i] - values[j]).max() <= 1e-8


def test_a_stack_is_its_matrices_one_by_one():
    random = np.random.default_rng(1)
    values, weights = random.random((6, 4, 3)), uniform(6, 3, 2)
    winner = (values * weights[:, None]).sum(axis=2).argmax(axis=1)
    low, high = intervals(values, weights, winner)
    for i in range(6):
        one = intervals(values[i], weights[i], winner[i])
        np.testing.assert_array_equal(np.stack([low[i], high[i]]), np.stack(one))
        np.testing.assert_array_equal(dominance(values)[i], dominance(values[i]))


def test_lists_are_as_good_as_arrays() -> None:
    values, weights = [[1, 0], [0, 1], [0, 0]], [0.75, 0.25]
    assert nearest_change([weights], [[1, -1]])[0] == pytest.approx([2**0.5 / 4])
    assert [side.tolist() for side in intervals(values, weights, np.array(0))] == [[0.5, 0.0], [1.0, 0.5]]
    assert dominance(values).tolist() == [[False, False, True], [False, False, True], [False, False, False]]
    assert smaa2(values, [weights, [0.5, 0.5]]).acceptability[:, 0].tolist() == [1.0, 0.5, 0.0]
