"""Turn the raw values of a stack into comparable ones, criterion by criterion: by range, by sum, by the largest, by Euclidean length.

The formulas are those of Hwang & Yoon (1981), Multiple Attribute Decision Making, section 2.3; costs are turned so that more is better.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from engine.diagnostics import Diagnostic
from engine.scoring.stack import ScoringError, Stack, highest, lowest, over, spread, total

SMALLEST, RAISED = 1e-140, 2.0**900  # of columns so short that squares vanish, the same columns longer are looked at


def none(stack: Stack) -> np.ndarray:
    """(N, K, C) the values as they are; costs negative."""
    return stack.upward()


def minmax(stack: Stack) -> np.ndarray:
    """(N, K, C) 0 at the worst of the alternatives, 1 at the best; 1 for all where they are equal."""
    values = stack.upward()
    low = lowest(values, stack.among)
    wide = spread(low, highest(values, stack.among))
    return np.where(wide > 0, over(values - low, wide), 1.0)


def by_max(stack: Stack) -> np.ndarray:
    """(N, K, C) value / largest; for costs smallest / value. Values must not be negative, costs above 0."""
    _refuse_negative(stack, "max")
    most = over(stack.values, highest(stack.values, stack.among))
    return most if stack.maximise.all() else np.where(stack.maximise, most, over(np.asarray(lowest(stack.values, stack.among)), stack.values))


def by_sum(stack: Stack) -> np.ndarray:
    """(N, K, C) value / sum; for costs (1 / value) / sum of those. Values must not be negative, costs above 0."""
    _refuse_negative(stack, "sum")
    values = stack.values if stack.maximise.all() else np.where(stack.maximise, stack.values, over(np.ones(()), stack.values))
    return over(values, total(values, stack.among))


def vector(stack: Stack) -> np.ndarray:
    """(N, K, C) value / Euclidean length of its column; costs negative."""
    values = stack.upward()
    length = np.sqrt(total(values * values, stack.among))
    small = length < SMALLEST
    if small.any():
        values = np.where(small, values * RAISED, values)
        length = np.sqrt(total(values * values, stack.among))
    return over(values, length)


NORMALIZATIONS: dict[str, Callable[[Stack], np.ndarray]] = {"none": none, "max": by_max, "sum": by_sum, "minmax": minmax, "vector": vector}


def _refuse_negative(stack: Stack, name: str) -> None:
    wrong = np.where(stack.maximise, stack.values < 0, stack.values <= 0)
    if stack.among is not None:
        wrong &= stack.among[:, :, None]
    if wrong.any():
        n, k, c = np.argwhere(wrong)[0].tolist()
        raise ScoringError(Diagnostic("X157", {"name": name, "alternative": k, "criterion": c, "value": float(stack.values[n, k, c])}))
