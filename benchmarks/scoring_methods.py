"""Scoring a stack of criteria matrices: Susun against pymcdm and scikit-criteria, one matrix at a time as they do it, and against a plain einsum."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from benchmarks.timing import shortest
from engine.scoring import rank

ALTERNATIVES, CRITERIA = 10, 8
DIRECTIONS = ["max", "min"] * (CRITERIA // 2)
SIGNS = np.array([1, -1] * (CRITERIA // 2))
BOUNDS = np.array([[0.0, 1.0]] * CRITERIA)
Score = Callable[[np.ndarray], Any]


@dataclass(frozen=True, slots=True)
class Method:
    """One method as each library has it; None where it has none. Peers take one matrix (K, C)."""

    name: str
    options: dict[str, Any]
    directions: list[str]
    pymcdm: Score | None
    skcriteria: tuple[Score, Score] | None  # what makes its kind of matrix (not timed), and what scores that


@dataclass(frozen=True, slots=True)
class Compared:
    """`susun`: seconds for a matrix in the stack, scores alone and with ranks. `times`: library -> how many times as long it takes, scores alone."""

    name: str
    susun: float
    with_ranks: float
    times: dict[str, float]


def stack(size: int) -> tuple[np.ndarray, np.ndarray]:
    """(N, K, C) values in 0.05..1 and (C,) weights."""
    rng = np.random.default_rng(1)
    weights = rng.random(CRITERIA) + 0.1
    return rng.random((size, ALTERNATIVES, CRITERIA)) * 0.95 + 0.05, weights / weights.sum()


def methods(weights: np.ndarray) -> list[Method]:
    """Every method that a peer has too, set up so that all compute the same."""
    from pymcdm import methods as peer
    from pymcdm import normalizations as by
    from skcriteria import mkdm
    from skcriteria.agg import simple, spotis, topsis, vikor
    from skcriteria.preprocessing.scalers import VectorScaler

    def mcdm(made: Any) -> Score:
        return lambda matrix: made(matrix, weights, SIGNS)

    def skc(made: Any, objectives: list[int], scaler: Any = None) -> tuple[Score, Score]:
        return (
            lambda matrix: mkdm(matrix, objectives, weights=weights),
            lambda problem: made.evaluate(problem if scaler is None else scaler.transform(problem)),
        )

    def linear(matrix: np.ndarray) -> Any:
        made = peer.PROMETHEE_II("vshape_2", p=[0.4] * CRITERIA, q=[0.1] * CRITERIA)  # it is used up by one matrix
        return made(matrix, weights, SIGNS)

    signs, up = SIGNS.tolist(), [1] * CRITERIA
    return [
        Method("weighted-sum", {}, ["max"] * CRITERIA, None, skc(simple.WeightedSumModel(), up)),
        Method("weighted-sum", {"normalization": "minmax"}, DIRECTIONS, mcdm(peer.WSM(by.minmax_normalization)), None),
        Method("weighted-sum", {"normalization": "sum"}, DIRECTIONS, mcdm(peer.WSM(by.sum_normalization)), None),
        Method("spotis", {"bounds": BOUNDS}, DIRECTIONS, mcdm(peer.SPOTIS(BOUNDS)), skc(spotis.SPOTIS(), signs)),
        Method("topsis", {}, DIRECTIONS, mcdm(peer.TOPSIS(by.vector_normalization)), skc(topsis.TOPSIS(), signs, VectorScaler("matrix"))),
        Method("topsis", {"normalization": "minmax"}, DIRECTIONS, mcdm(peer.TOPSIS(by.minmax_normalization)), None),
        Method("vikor", {}, DIRECTIONS, mcdm(peer.VIKOR()), skc(vikor.VIKOR(), signs)),
        Method("promethee-ii", {}, DIRECTIONS, mcdm(peer.PROMETHEE_II("usual")), None),
        Method("promethee-ii", {"preference": "linear", "q": 0.1, "p": 0.4}, DIRECTIONS, linear, None),
    ]


def compare(size: int, sample: int = 200) -> list[Compared]:
    """Peers score `sample` of the matrices, one after another; Susun the whole stack at once."""
    matrices, weights = stack(size)
    found = []
    for method in methods(weights):
        scores = shortest(lambda m=method: rank(matrices, weights, m.directions, m.name, **m.options), 3) / size  # type: ignore[misc]
        ranked = shortest(lambda m=method: rank(matrices, weights, m.directions, m.name, **m.options).ranks, 3) / size  # type: ignore[misc]
        peers: dict[str, tuple[Score, Sequence[Any]]] = {}
        if method.pymcdm is not None:
            peers["pymcdm"] = method.pymcdm, list(matrices[:sample])
        if method.skcriteria is not None:
            peers["scikit-criteria"] = method.skcriteria[1], [method.skcriteria[0](matrix) for matrix in matrices[:sample]]
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # a peer's advice on costs, once a matrix
            times = {name: shortest(lambda s=score, i=items: [s(item) for item in i], 2) / sample / scores for name, (score, items) in peers.items()}  # type: ignore[misc]
        variant = ", ".join(str(value) for name, value in method.options.items() if name in ("normalization", "preference"))
        found.append(Compared(f"{method.name} ({variant})" if variant else method.name, scores, ranked, times))
    return found


def einsum_ratio(size: int) -> float:
    """The weighted sum's time, scores alone, to that of a plain einsum over the same stack."""
    matrices, weights = stack(size)
    plain = shortest(lambda: np.einsum("nkc,c->nk", matrices, weights), 7)
    return shortest(lambda: rank(matrices, weights), 7) / plain
