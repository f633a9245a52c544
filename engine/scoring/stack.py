"""Turn criteria matrices, weights and directions that a caller hands over into a checked stack that every scoring method reads."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from engine.diagnostics import Diagnostic, did_you_mean
from engine.texts import Word

DIRECTIONS = ("max", "min")
EQUAL = 1e-12  # alternatives no further apart than this share of the larger are equal on a criterion: rounding must not be stretched to a whole range
LARGEST = 1e150  # beyond it squares overflow


class ScoringError(ValueError):
    """A matrix, its weights or a method's options can't be used; `diagnostic` says why, the text is its text."""

    def __init__(self, diagnostic: Diagnostic) -> None:
        super().__init__(diagnostic.render())
        self.diagnostic = diagnostic


@dataclass(frozen=True, slots=True)
class Stack:
    """N matrices of K alternatives and C criteria: `values` (N, K, C); `weights` (N, C), each row adding up to 1; `maximise` (C,), where more is better;
    `among` (N, K), the alternatives that take part, None for all. Memory may lie in any order: methods give the same bits for each."""

    values: np.ndarray
    weights: np.ndarray
    maximise: np.ndarray
    among: np.ndarray | None = None

    @property
    def count(self) -> np.ndarray:
        """(N,) how many alternatives take part."""
        n, k, _ = self.values.shape
        return np.full(n, float(k)) if self.among is None else self.among.sum(axis=1).astype(np.float64)

    def part(self, start: int, end: int) -> Stack:
        """Some of the matrices, laid out so that one criterion of one alternative lies beside that of the next matrix: arithmetic over matrices is fast."""
        values = np.ascontiguousarray(self.values[start:end].transpose(2, 1, 0)).transpose(2, 1, 0)
        return Stack(values, self.weights[start:end], self.maximise, None if self.among is None else self.among[start:end])

    def upward(self) -> np.ndarray:
        """(N, K, C) the values with the sign at which more is better."""
        return self.values if self.maximise.all() else np.where(self.maximise, self.values, -self.values)


def lowest(values: np.ndarray, among: np.ndarray | None) -> np.ndarray:
    """(N, 1, ...) over the alternatives that take part; 0 where none does."""
    return _extreme(values, among, np.inf, np.minimum)


def highest(values: np.ndarray, among: np.ndarray | None) -> np.ndarray:
    """(N, 1, ...) over the alternatives that take part; 0 where none does."""
    return _extreme(values, among, -np.inf, np.maximum)


def _extreme(values: np.ndarray, among: np.ndarray | None, absent: float, of: np.ufunc) -> np.ndarray:
    if among is None:
        return np.asarray(of.reduce(values, axis=1, keepdims=True))
    kept = np.where(among if values.ndim == 2 else among[:, :, None], values, absent)
    found = of.reduce(kept, axis=1, keepdims=True)
    return np.where(np.isfinite(found), found, 0.0)


def total(values: np.ndarray, among: np.ndarray | None) -> np.ndarray:
    """(N, 1, ...) the sum over the alternatives that take part, from the first to the last."""
    result = np.zeros_like(values[:, :1])
    for i in range(values.shape[1]):
        part = values[:, i : i + 1]
        if among is not None:
            part = np.where(among[:, i : i + 1] if values.ndim == 2 else among[:, i : i + 1, None], part, 0.0)
        result = result + part
    return result


def spread(low: np.ndarray, high: np.ndarray) -> np.ndarray:
    """high - low, and 0 where only rounding sets them apart."""
    wide = high - low
    return np.where(wide > EQUAL * np.maximum(np.abs(low), np.abs(high)), wide, 0.0)


def over(parts: np.ndarray, whole: np.ndarray) -> np.ndarray:
    """parts / whole, and 0 where the whole is 0: a criterion on which nothing differs speaks for nobody."""
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(whole != 0, parts / whole, 0.0)


# -- what a caller hands over


def checked(matrix: Any, weights: Any, directions: Sequence[str] | str) -> tuple[Stack, bool, float | None]:
    """The stack, whether one matrix was given instead of a stack, and the first sum by which weights had to be divided, if any. Raises ScoringError."""
    values, given = _numbers(matrix), _numbers(weights)
    if values.ndim not in (2, 3) or 0 in values.shape[-2:]:
        raise ScoringError(Diagnostic("X150", {"shape": values.shape}))
    single = values.ndim == 2
    if single:
        values = values[None]
    n, _, c = values.shape
    if given.shape not in ((c,), (n, c)):
        raise ScoringError(Diagnostic("X151", {"shape": given.shape, "criteria": c}))
    stack = Stack(values, _normalised(given, n), _directions(directions, c))
    with np.errstate(over="ignore"):
        sums = np.ravel(given.sum(axis=-1))
    others = sums[np.abs(sums - 1.0) > EQUAL]
    return stack, single, float(others[0]) if len(others) else None


def _numbers(given: Any) -> np.ndarray:
    """As float64; what is masked is no number."""
    try:
        if np.iscomplexobj(given):
            raise TypeError
        masked = np.ma.getmask(given)
        values = np.asarray(given, dtype=np.float64)
    except (TypeError, ValueError):
        raise ScoringError(Diagnostic("X150", {"shape": Word("not_numbers")})) from None
    return np.where(masked, np.nan, values) if np.any(masked) else values


def _normalised(weights: np.ndarray, n: int) -> np.ndarray:
    """(N, C) each row divided by its sum."""
    if not np.isfinite(weights).all() or (weights < 0).any():
        raise ScoringError(Diagnostic("X152", {"weight": float(weights[~(np.isfinite(weights) & (weights >= 0))][0])}))
    if (weights > LARGEST).any():
        weights = weights / np.maximum(weights.max(axis=-1, keepdims=True), 1.0)
    whole = weights.sum(axis=-1, keepdims=True)
    if not (whole > 0).all():
        raise ScoringError(Diagnostic("X153", {}))
    shares = weights if np.all(whole == 1.0) else weights / whole
    return np.broadcast_to(shares, (n, shares.shape[-1]))


def _directions(directions: Sequence[str] | str, c: int) -> np.ndarray:
    each = [directions] * c if isinstance(directions, str) or not isinstance(directions, Iterable) else list(directions)
    for word in each:
        if word not in DIRECTIONS:
            raise ScoringError(Diagnostic("X154", {"name": word}, None, did_you_mean(str(word), DIRECTIONS)))
    if len(each) != c:
        raise ScoringError(Diagnostic("X155", {"count": len(each), "criteria": c}))
    return np.array([word == "max" for word in each])


def refuse_unusable(values: np.ndarray) -> None:
    """Raise if a value is not a finite number or is too large to be squared, naming the first."""
    wrong = np.argwhere(~np.isfinite(values))
    if len(wrong):
        n, k, c = wrong[0].tolist()
        raise ScoringError(Diagnostic("X156", {"count": len(wrong), "matrix": n, "alternative": k, "criterion": c, "value": float(values[n, k, c])}))
    large = np.argwhere(np.abs(values) > LARGEST)
    if len(large):
        n, k, c = large[0].tolist()
        raise ScoringError(Diagnostic("X146", {"value": float(values[n, k, c]), "matrix": n, "alternative": k, "criterion": c, "limit": LARGEST}))
