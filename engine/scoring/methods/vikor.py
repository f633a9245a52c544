"""Turn a stack into compromise scores (VIKOR: Opricovic & Tzeng 2004): a small total regret S and a small worst regret R together; lower is better.

Regret on a criterion = weight x (best - value) / (best - worst). Q = v (S - S*) / (S- - S*) + (1 - v) (R - R*) / (R- - R*).
The compromise set is the first by Q alone if it leads by at least 1 / (K - 1) (acceptable advantage) and is also first by S or by R (acceptable stability);
without stability it is the first and those second to it, without advantage all that are nearer to the first than that.
"""

from __future__ import annotations

import numpy as np

from engine.diagnostics import Diagnostic
from engine.scoring.methods.method import Method, Scored
from engine.scoring.stack import EQUAL, ScoringError, Stack, highest, lowest, over, spread


def score(stack: Stack, v: np.ndarray | float = 0.5) -> Scored:
    """`v`: the weight of the total against the worst regret, 0 to 1; 0.5 is the authors' consensus."""
    if np.ndim(v) != 0 or not 0 <= float(v) <= 1:
        raise ScoringError(Diagnostic("X165", {"value": v}))
    regrets = parts(stack)
    whole = np.zeros_like(regrets[:, :, 0])
    for i in range(regrets.shape[2]):
        whole += regrets[:, :, i]
    worst = np.maximum.reduce(regrets, axis=2)
    q = float(v) * _within(whole, stack) + (1.0 - float(v)) * _within(worst, stack)
    return Scored(q, {"S": whole, "R": worst, **_compromise(q, whole, worst, stack)})


def parts(stack: Stack, v: np.ndarray | float = 0.5) -> np.ndarray:
    """(N, K, C) the regret on each criterion; they add up to S."""
    values = stack.upward()
    best = highest(values, stack.among)
    return np.asarray(stack.weights[:, None, :] * over(best - values, spread(lowest(values, stack.among), best)))


def _within(values: np.ndarray, stack: Stack) -> np.ndarray:
    """(N, K) 0 at the least of the alternatives, 1 at the most; 0 where they are equal."""
    least = lowest(values, stack.among)
    wide = highest(values, stack.among) - least
    return over(np.where(wide > EQUAL, values - least, 0.0), wide)


def _compromise(q: np.ndarray, s: np.ndarray, r: np.ndarray, stack: Stack) -> dict[str, np.ndarray]:
    n, k = q.shape
    taking_part: np.ndarray = np.ones((n, k), dtype=bool) if stack.among is None else stack.among
    first_q = np.asarray(taking_part & (q <= lowest(q, stack.among) + EQUAL))
    others = np.asarray(taking_part & ~first_q)
    several = first_q.sum(axis=1) > 1
    step = 1.0 / np.maximum(stack.count - 1.0, 1.0)
    second = np.where(several, lowest(q, stack.among)[:, 0], np.where(others, q, np.inf).min(axis=1))
    lead = second - lowest(q, stack.among)[:, 0]
    advantage = np.asarray((lead >= step - EQUAL) | (stack.count < 2))
    first_s = s <= lowest(s, stack.among) + EQUAL
    first_r = r <= lowest(r, stack.among) + EQUAL
    stability = np.asarray((first_q & (first_s | first_r)).any(axis=1))
    near: np.ndarray = taking_part & (q - lowest(q, stack.among) < step[:, None] - EQUAL)
    limit: np.ndarray = np.where(np.isfinite(second), second, 0.0)
    next_ = others & (q <= limit[:, None] + EQUAL)
    chosen = np.where(advantage[:, None], np.where(stability[:, None], first_q, first_q | next_), near | first_q)
    return {"compromise": chosen, "acceptable_advantage": advantage, "acceptable_stability": stability}


METHOD = Method("vikor", False, score, parts, additive=False, numbers=("v",))
