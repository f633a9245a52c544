"""Turn a stack into net outranking flows (PROMETHEE II: Brans & Vincke 1985): how far each alternative is preferred to the others, less how far they are to it.

Score = sum over criteria of weight x sum over the others of (P(difference) - P(-difference)) / (K - 1). P is 0 for no preference and 1 for a full one:
`usual` (any difference counts fully), `v-shape` (up to `p` in proportion), `linear` (nothing up to `q`, full from `p`), `gaussian` (spread `s`).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from engine.diagnostics import Diagnostic
from engine.scoring.methods.method import Method, Scored, needed
from engine.scoring.stack import ScoringError, Stack

Thresholds = dict[str, np.ndarray]  # each (C, 1, 1)


def usual(own: np.ndarray, other: np.ndarray, at: Thresholds) -> np.ndarray:
    return np.asarray(np.greater(own, other).view(np.int8) - np.less(own, other).view(np.int8))


def v_shape(own: np.ndarray, other: np.ndarray, at: Thresholds) -> np.ndarray:
    return _within(own - other, at["p"])


def linear(own: np.ndarray, other: np.ndarray, at: Thresholds) -> np.ndarray:
    """What exceeds q on either side, at most p - q."""
    difference = own - other
    most = np.minimum(difference, at["p"])
    np.maximum(most, -at["p"], out=most)
    most -= _within(difference, at["q"])
    return np.asarray(most)


def gaussian(own: np.ndarray, other: np.ndarray, at: Thresholds) -> np.ndarray:
    difference = own - other
    grown = difference * difference
    grown *= -1.0 / (2.0 * at["s"] ** 2)
    np.negative(np.expm1(grown, out=grown), out=grown)
    return np.asarray(np.copysign(grown, difference, out=grown))


def _within(difference: np.ndarray, most: np.ndarray) -> np.ndarray:
    np.minimum(difference, most, out=difference)
    return np.asarray(np.maximum(difference, -most, out=difference))


@dataclass(frozen=True, slots=True)
class Preference:
    """`signed(own, other, thresholds)`: P(difference) - P(-difference), times `whole(thresholds)`. `needs`: the thresholds it has."""

    signed: Callable[[np.ndarray, np.ndarray, Thresholds], np.ndarray]
    needs: tuple[str, ...] = ()
    whole: Callable[[Thresholds], Any] = lambda at: 1.0


PREFERENCES = {
    "usual": Preference(usual),
    "v-shape": Preference(v_shape, ("p",), lambda at: at["p"]),
    "linear": Preference(linear, ("q", "p"), lambda at: at["p"] - at["q"]),
    "gaussian": Preference(gaussian, ("s",)),
}


def score(stack: Stack, preference: str | tuple[str, ...] = "usual", **thresholds: Any) -> Scored:
    flows = _flows(stack, preference, thresholds)
    result = flows[0]
    for flow in flows[1:]:
        result = result + flow
    return Scored(result.T)


def parts(stack: Stack, preference: str | tuple[str, ...] = "usual", **thresholds: Any) -> np.ndarray:
    """(N, K, C) each criterion's weighted net flow; they add up to the score."""
    return _flows(stack, preference, thresholds).transpose(2, 1, 0)


def _flows(stack: Stack, preference: str | tuple[str, ...], given: dict[str, Any]) -> np.ndarray:
    """(C, K, N) weighted net flows."""
    values = stack.upward().transpose(2, 1, 0)
    c, k, n = values.shape
    names = (preference,) * c if isinstance(preference, str) else preference
    found = np.empty((c, k, n))
    share = stack.weights.T[:, None, :] / np.maximum(stack.count - 1.0, 1.0)
    for name in sorted(set(names)):
        where = [i for i in range(c) if names[i] == name]
        at = _thresholds(name, where, c, given)
        own = values if len(where) == c else values[where]
        flows = _net(PREFERENCES[name], own, at, None if stack.among is None else stack.among.T)
        found[where] = flows * share[where] / PREFERENCES[name].whole(at)
    return found


def _net(preference: Preference, own: np.ndarray, at: Thresholds, among: np.ndarray | None) -> np.ndarray:
    """(C, K, N). What one is preferred to another is what that one lacks: each pair is looked at once."""
    _, k, _ = own.shape
    flow = np.zeros(own.shape, dtype=np.int8 if preference.signed is usual and k < 128 else np.float64)
    for j in range(k - 1):
        signed = preference.signed(own[:, j + 1 :], own[:, j : j + 1], at)
        if among is not None:
            signed *= among[j + 1 :] & among[j]
        flow[:, j + 1 :] += signed
        flow[:, j] -= np.add.reduce(signed, axis=1, dtype=flow.dtype)
    return flow


def _thresholds(preference: str, where: list[int], criteria: int, given: dict[str, Any]) -> Thresholds:
    at: Thresholds = {}
    for name in PREFERENCES[preference].needs:
        if name not in given:
            raise needed(f"promethee-ii, {preference}", name)
        if np.ndim(given[name]) > 1:
            raise ScoringError(Diagnostic("X161", {"option": name, "value": given[name].tolist(), "criteria": criteria}))
        at[name] = np.broadcast_to(given[name], (criteria,))[where][:, None, None]
    low = at.get("q", np.zeros(1))
    if not (low >= 0).all() or not all((at[name] > low).all() for name in ("p", "s") if name in at):
        shown = ", ".join(f"{name} = {np.ravel(values)[0]:g}" for name, values in at.items())
        raise ScoringError(Diagnostic("X166", {"thresholds": shown}))
    return at


METHOD = Method("promethee-ii", True, score, parts, additive=True, choices={"preference": tuple(PREFERENCES)}, numbers=("p", "q", "s"))
