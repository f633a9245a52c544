"""Turn the columns of several posts or roles into one: sums, counts and ratios, rounded as the scalar reference rounds."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np

from engine.feel.select import select


def ratio(a: Any, b: Any, otherwise: float) -> Any:
    """a / b, and `otherwise` where b is not above zero."""
    positive = np.greater(b, 0)
    if np.all(positive):
        return a / b
    return select(positive, np.divide(a, b), otherwise)


def count(masks: Iterable[Any]) -> Any:
    """How many of the masks are true, as numbers."""
    found = list(masks)
    kind = np.uint8 if len(found) < 256 else np.uint32
    number: Any = 0
    for mask_ in found:
        number = number + np.asarray(mask_).astype(kind)
    return np.asarray(number).astype(np.float64)


def total(parts: Iterable[Any]) -> Any:
    """Left to right: the same order and rounding as the scalar reference, which begins at 0 (adding 0 first changes nothing)."""
    result: Any = None
    own = False  # whether `result` is an array of ours, which may be added to in place
    for part in parts:
        if result is None:
            result = part
        elif own and np.shape(part) in ((), result.shape):
            np.add(result, part, out=result)
        else:
            result = result + part
            own = isinstance(result, np.ndarray) and result.dtype == np.float64
    return 0.0 if result is None else result
