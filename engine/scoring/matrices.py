"""Turn one criteria matrix, or a stack of them, into scores and ranks by a named method: scoring for whoever has a matrix and no model."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np

from engine.diagnostics import Diagnostic, Hint, did_you_mean
from engine.scoring.methods import METHODS
from engine.scoring.methods.method import Method, Scored
from engine.scoring.stack import LARGEST, ScoringError, Stack, checked, refuse_unusable

PART = 512  # matrices at a time: what one part needs stays in the processor's cache
TIE = 1e-12  # scores nearer to each other than this share of the largest one are equal


@dataclass(frozen=True)
class Ranking:
    """`scores`: (K,) or (N, K), the method's own published quantity. `higher`: whether more of it is better. `extras`: what else the method gives.
    `weights`: the weights used, adding up to 1; `notes` say if they had to be divided by their sum."""

    scores: np.ndarray
    higher: bool
    weights: np.ndarray
    extras: Mapping[str, Any] = field(default_factory=dict)
    notes: tuple[Diagnostic, ...] = ()
    tolerance: float = TIE

    @cached_property
    def ranks(self) -> np.ndarray:
        """Competition ranks (1, 2, 2, 4), of the shape of `scores`: 1 + how many alternatives are better by more than the tolerance."""
        better = self.scores if self.higher else -self.scores
        return ranks(better, self.tolerance)


def rank(matrix: Any, weights: Any, directions: Sequence[str] | str = "max", method: str = "weighted-sum", *, tie: float = TIE, **params: Any) -> Ranking:
    """Score and rank alternatives.

    matrix: (K, C), K alternatives by C criteria, or a stack (N, K, C). weights: (C,), or (N, C) for a stack; not negative; divided by their sum.
    directions: "max" or "min" for each criterion, or one word for all. method, params and the score:

    - "weighted-sum": `normalization` "none" (costs count negative), "max", "sum" or "minmax"; the sum; higher is better
    - "spotis": `bounds` (C, 2); the distance to the ideal; lower is better
    - "topsis": `normalization` "vector" or "minmax"; the relative closeness; higher is better
    - "vikor": `v`; Q; lower is better. extras: S, R, `compromise` (a mask), for one matrix `compromise_set` (positions), and its two conditions
    - "promethee-ii": `preference` "usual", "v-shape", "linear" or "gaussian", `p`, `q`, `s`, each one for all criteria or one per criterion; the net flow
      divided by K - 1; higher is better

    tie: scores nearer than this share of the largest absolute score of their matrix share a rank. A criterion on which all alternatives are equal
    speaks for none of them. Results do not depend on how many matrices are scored together, and, but for
    the last bits of the scores, not on the order of the alternatives.

    Raises ScoringError (a ValueError) for values that are not finite numbers or above 1e150 in size, negative weights, weights that are all zero, unknown
    methods or options.
    """
    stack, single, divided = checked(matrix, weights, directions)
    if str(method) not in METHODS:
        hint = did_you_mean(str(method), METHODS) or Hint("hint.known", {"names": ", ".join(METHODS)})
        raise ScoringError(Diagnostic("X158", {"name": method}, None, hint))
    scored = score(METHODS[method], stack, params)
    notes = () if divided is None else (Diagnostic("X167", {"sum": divided}),)
    if single:
        extras: dict[str, Any] = {name: values[0] for name, values in scored.extras.items()}
        if "compromise" in extras:
            extras["compromise_set"] = tuple(np.flatnonzero(extras["compromise"]).tolist())
        return Ranking(scored.scores[0], METHODS[method].higher, stack.weights[0], extras, notes, tie)
    return Ranking(scored.scores, METHODS[method].higher, stack.weights, scored.extras, notes, tie)


def score(method: Method, stack: Stack, given: Mapping[str, Any]) -> Scored:
    """Scores of all matrices of a stack, a part at a time where that is faster. Raises ScoringError."""
    n, _, c = stack.values.shape
    options = method.options(given, c)
    with np.errstate(all="ignore"):
        if method.reads_once(options):
            whole = method.score(stack, **options)
            if not np.isfinite(whole.scores.sum()):
                refuse_unusable(stack.values)
            return whole
        found: list[Scored] = []
        for start in range(0, max(n, 1), PART):
            part = stack.part(start, min(start + PART, n))
            if not np.einsum("nkc,nkc->", part.values, part.values) < LARGEST:
                refuse_unusable(stack.values)
            found.append(method.score(part, **options))
    return Scored(_joined([item.scores for item in found]), {name: _joined([item.extras[name] for item in found]) for name in found[0].extras})


def _joined(parts: list[np.ndarray]) -> np.ndarray:
    """The parts in C order, one after another."""
    result = np.empty((sum(len(part) for part in parts), *parts[0].shape[1:]), dtype=parts[0].dtype)
    start = 0
    for part in parts:
        result[start : start + len(part)] = part
        start += len(part)
    return result


def ranks(better: np.ndarray, tolerance: float) -> np.ndarray:
    """Competition ranks of (..., K) values of which higher is better. `tolerance`: a share of the largest absolute value of each row."""
    if better.shape[-1] == 0:
        return np.zeros(better.shape, dtype=np.int64)
    reach = better + tolerance * np.abs(better).max(axis=-1, keepdims=True)
    result = np.ones(better.shape, dtype=np.int64)
    if better.shape[-1] <= 64:
        for k in range(better.shape[-1]):
            result += better[..., k, None] > reach
        return result
    rows, limits, out = (array.reshape(-1, better.shape[-1]) for array in (np.sort(better, axis=-1), reach, result))
    for i in range(len(rows)):
        out[i] = 1 + rows.shape[1] - np.searchsorted(rows[i], limits[i], side="right")
    return result
