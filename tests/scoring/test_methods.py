"""Scoring methods against published tables, where the textbooks are silent, and by their laws."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from engine.scoring import ScoringError, matrices, rank
from engine.scoring.methods import METHODS
from engine.scoring.stack import checked

CASES = Path(__file__).parent.parent / "cases" / "scoring"
VARIANTS: list[tuple[str, dict[str, Any]]] = [
    ("weighted-sum", {}),
    ("weighted-sum", {"normalization": "max"}),
    ("weighted-sum", {"normalization": "sum"}),
    ("weighted-sum", {"normalization": "minmax"}),
    ("spotis", {"bounds": [[0.0, 1.0]] * 3}),
    ("topsis", {}),
    ("topsis", {"normalization": "minmax"}),
    ("vikor", {"v": 0.3}),
    ("promethee-ii", {}),
    ("promethee-ii", {"preference": "v-shape", "p": 0.4}),
    ("promethee-ii", {"preference": "linear", "q": 0.1, "p": 0.4}),
    ("promethee-ii", {"preference": ("usual", "gaussian", "gaussian"), "s": 0.3}),
]
NAMES = [f"{name}-{'-'.join(str(value) for value in options.values())[:20]}" for name, options in VARIANTS]
DIRECTIONS = ["max", "min", "max"]


def read(name: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = yaml.safe_load((CASES / name).read_text(encoding="utf-8"))
    return found


def values(size: int) -> st.SearchStrategy[np.ndarray]:
    return arrays(np.float64, (size, 5, 3), elements=st.integers(1, 20).map(lambda number: number / 20))


@pytest.mark.parametrize("case", [*read("published.yaml"), *read("defined.yaml")], ids=lambda case: case["name"])
def test_gives_the_published_numbers(case: dict[str, Any]) -> None:
    found = rank(case["matrix"], case["weights"], case.get("directions", "max"), case["method"], **case.get("options", {}))
    assert found.scores == pytest.approx(case["scores"], abs=case.get("tolerance", 1e-9))
    assert found.ranks.tolist() == case["ranks"]
    for name, expected in case.get("extras", {}).items():
        got = found.extras[name]
        assert (list(got) == expected) if name == "compromise_set" else (got == pytest.approx(expected, abs=case.get("tolerance", 1e-9))), name
    assert [note.code for note in found.notes] == ([] if sum(case["weights"]) == pytest.approx(1, abs=1e-12) else ["X167"])


@pytest.mark.parametrize("case", read("errors.yaml"), ids=lambda case: case["says"].split("\n")[0][:60])
def test_says_why_it_cannot_score(case: dict[str, Any]) -> None:
    with pytest.raises(ScoringError) as error:
        rank(**case["given"])
    assert str(error.value).replace("error ", "") == case["says"]
    assert error.value.diagnostic.message("id") != error.value.diagnostic.message("en")


def test_what_is_masked_or_complex_is_no_number() -> None:
    masked = np.ma.masked_array([[1.0, 2.0], [3.0, 4.0]], mask=[[False, True], [False, False]])
    for matrix, code in ((masked, "X156"), (np.array([[1 + 2j, 2], [3, 4]]), "X150")):
        with pytest.raises(ScoringError) as error:
            rank(matrix, [1, 1])
        assert error.value.diagnostic.code == code


def test_the_note_names_a_sum_that_is_not_1() -> None:
    found = rank(np.ones((3, 2, 2)), [[0.5, 0.5], [1, 3], [0.5, 0.5]])
    assert [note.values for note in found.notes] == [{"sum": 4.0}]


@pytest.mark.parametrize(("method", "options"), VARIANTS, ids=NAMES)
@given(values(6), st.integers(0, 2**32 - 1))
def test_a_matrix_scores_alone_as_in_any_stack(method: str, options: dict[str, Any], stack: np.ndarray, seed: int) -> None:
    rng = np.random.default_rng(seed)
    weights = rng.random((6, 3)) + 0.01
    whole = rank(stack, weights, DIRECTIONS, method, **options)
    order = rng.permutation(6)
    shuffled = rank(np.asfortranarray(stack[order]), weights[order], DIRECTIONS, method, **options)
    assert np.array_equal(shuffled.scores, whole.scores[order])
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(matrices, "PART", 4)
        assert np.array_equal(rank(stack, weights, DIRECTIONS, method, **options).scores, whole.scores)
    for i in range(6):
        alone = rank(stack[i], weights[i], DIRECTIONS, method, **options)
        assert np.array_equal(alone.scores, whole.scores[i])
        assert np.array_equal(alone.ranks, whole.ranks[i])
        for name, extra in whole.extras.items():
            assert np.array_equal(alone.extras[name], extra[i])


@pytest.mark.parametrize(("method", "options"), VARIANTS, ids=NAMES)
@given(values(1), st.integers(0, 2**32 - 1))
def test_the_order_of_alternatives_and_criteria_does_not_matter(method: str, options: dict[str, Any], stack: np.ndarray, seed: int) -> None:
    rng = np.random.default_rng(seed)
    weights = rng.random(3) + 0.01
    found = rank(stack[0], weights, DIRECTIONS, method, **options)
    order = rng.permutation(5)
    moved = rank(stack[0][order], weights, DIRECTIONS, method, **options)
    assert moved.scores == pytest.approx(found.scores[order], abs=1e-12)
    if not isinstance(options.get("preference", ""), tuple):
        columns = rng.permutation(3)
        turned = rank(stack[0][:, columns], weights[columns], [DIRECTIONS[c] for c in columns], method, **options)
        assert turned.scores == pytest.approx(found.scores, abs=1e-12)


@pytest.mark.parametrize("options", [{}, {"bounds": [[0.0, 1.0]] * 3}], ids=["weighted-sum", "spotis"])
@given(values(1), st.integers(0, 4), st.integers(0, 2**32 - 1))
def test_leaving_an_alternative_out_reorders_nobody_on_fixed_scales(options: dict[str, Any], stack: np.ndarray, out: int, seed: int) -> None:
    method = "spotis" if options else "weighted-sum"
    weights = np.random.default_rng(seed).random(3) + 0.01
    whole = rank(stack[0], weights, DIRECTIONS, method, **options)
    rest = [k for k in range(5) if k != out]
    fewer = rank(stack[0][rest], weights, DIRECTIONS, method, **options)
    assert np.array_equal(fewer.scores, whole.scores[rest])


@pytest.mark.parametrize(("method", "options"), VARIANTS, ids=NAMES)
@given(values(3), st.integers(0, 2**32 - 1))
def test_an_alternative_that_takes_no_part_changes_nothing(method: str, options: dict[str, Any], stack: np.ndarray, seed: int) -> None:
    """What a decision needs: structures that are not eligible are no alternatives."""
    rng = np.random.default_rng(seed)
    weights = rng.random((3, 3)) + 0.01
    given_, _, _ = checked(stack, weights, DIRECTIONS)
    among = rng.random((3, 5)) < 0.7
    masked = matrices.score(METHODS[method], type(given_)(given_.values, given_.weights, given_.maximise, among), options)
    for i in range(3):
        here = np.flatnonzero(among[i])
        if len(here):
            fewer = rank(stack[i][here], weights[i], DIRECTIONS, method, **options)
            assert masked.scores[i][here] == pytest.approx(fewer.scores, abs=1e-12)
            for name in ("S", "R", "compromise"):
                if name in fewer.extras:
                    assert masked.extras[name][i][here] == pytest.approx(fewer.extras[name], abs=1e-12)


@pytest.mark.parametrize(("method", "options"), [item for item in VARIANTS if METHODS[item[0]].additive])
@given(values(2), st.integers(0, 2**32 - 1))
def test_parts_add_up_to_the_score(method: str, options: dict[str, Any], stack: np.ndarray, seed: int) -> None:
    weights = np.random.default_rng(seed).random(3) + 0.01
    given_, _, _ = checked(stack, weights, DIRECTIONS)
    taken = METHODS[method].options(options, 3)
    assert METHODS[method].parts(given_, **taken).sum(axis=2) == pytest.approx(METHODS[method].score(given_, **taken).scores, abs=1e-12)


@given(values(1), st.integers(0, 2**32 - 1))
def test_spotis_is_what_the_weighted_sum_leaves_on_the_same_scales(stack: np.ndarray, seed: int) -> None:
    weights = np.random.default_rng(seed).random(3) + 0.01
    distance = rank(stack[0], weights, "max", "spotis", bounds=[[0, 1]] * 3).scores
    assert 1 - distance == pytest.approx(rank(stack[0], weights).scores, abs=1e-12)


@given(values(1))
def test_net_flows_add_up_to_nothing(stack: np.ndarray) -> None:
    for preference in METHODS["promethee-ii"].choices["preference"]:
        assert rank(stack[0], [1, 2, 3], "max", "promethee-ii", preference=preference, p=0.5, q=0.1, s=0.2).scores.sum() == pytest.approx(0, abs=1e-12)


@given(st.lists(st.integers(0, 5), min_size=1, max_size=90))
def test_ranks_are_one_more_than_how_many_are_better(numbers: list[int]) -> None:
    expected = [1 + sum(other > number for other in numbers) for number in numbers]
    assert matrices.ranks(np.array(numbers, dtype=np.float64), 1e-12).tolist() == expected


def test_an_empty_stack_has_no_ranks() -> None:
    for method, options in VARIANTS:
        found = rank(np.empty((0, 5, 3)), [1, 1, 1], DIRECTIONS, method, **options)
        assert found.scores.shape == found.ranks.shape == (0, 5)
