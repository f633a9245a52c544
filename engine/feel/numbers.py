"""Turn float64 arithmetic into the language's numbers: 12 significant digits for comparing and rounding, alike for one value and for arrays.

Every function comes twice, on a float and on an array, with the same IEEE operations in the same order, so that all readers agree bit for bit.
"""

from __future__ import annotations

import math
import struct
from decimal import Decimal
from functools import lru_cache
from typing import Any

import numpy as np

from engine.feel.select import select

DIGITS = 12
NEAR = 1e-11  # two values further apart than this, relatively, round to different 12-digit numbers
CONSTANTS = 65_536  # as many are remembered: a model of 5,000 rules compares with 10,000, and finding one anew takes longer than comparing a whole batch
_POWERS = [float(f"1e{k}") for k in range(-12, 35)]
_POW = np.array(_POWERS)
_EXACT_LOW, _EXACT_HIGH = 1e-11, 1e33  # here every power of ten that is needed is an exact double


def round12(x: float) -> float:
    """`x` rounded to 12 significant digits, as the nearest double to that decimal."""
    size = abs(x)
    if not _EXACT_LOW <= size < _EXACT_HIGH:
        return x if x == 0 or not math.isfinite(x) else float(f"{x:.11e}")
    exponent = math.floor(math.log10(size))
    if size >= _POWERS[exponent + 13]:
        exponent += 1
    elif size < _POWERS[exponent + 12]:
        exponent -= 1
    shift = DIGITS - 1 - exponent
    if shift >= 0:
        size = float(round(size * 10.0**shift)) / 10.0**shift
    else:
        size = float(round(size / 10.0**-shift)) * 10.0**-shift
    return math.copysign(size, x)


def round12_array(x: np.ndarray) -> np.ndarray:
    """`round12` of every element; x is any shape, float64."""
    size = np.abs(x)
    with np.errstate(all="ignore"):
        exponent = np.floor(np.log10(select(size > 0, size, 1.0)))
        inside = (size >= _EXACT_LOW) & (size < _EXACT_HIGH)
        exponent = select(inside, exponent, 0.0).astype(np.int64)
        exponent += size >= _POW[exponent + 13]
        exponent -= size < _POW[exponent + 12]
        shift = select(inside, DIGITS - 1 - exponent, 0)
        up = _POW[np.maximum(shift, 0) + 12]
        down = _POW[np.maximum(-shift, 0) + 12]
        rounded = np.copysign(np.rint(size * up / down) / up * down, x)
    outside = ~inside & (x != 0) & np.isfinite(x)
    result = select(inside, rounded, x)
    if outside.any():
        result[outside] = [float(f"{value:.11e}") for value in x[outside]]
    return np.asarray(result)


def _ordered(x: float) -> int:
    bits = int(struct.unpack("<q", struct.pack("<d", x))[0])
    return bits if bits >= 0 else -(bits & 0x7FFFFFFFFFFFFFFF)


def _double(order: int) -> float:
    bits = order if order >= 0 else -order | -0x8000000000000000
    return float(struct.unpack("<d", struct.pack("<q", bits))[0])


@lru_cache(maxsize=CONSTANTS)
def at_least(constant: float) -> float:
    """The smallest double whose rounding reaches `constant`: `x >= constant` is `x >= at_least(constant)`, exactly."""
    goal = round12(constant)
    return _search(goal, lambda rounded: rounded >= goal)


@lru_cache(maxsize=CONSTANTS)
def above(constant: float) -> float:
    """The smallest double whose rounding exceeds `constant`: `x > constant` is `x >= above(constant)`, exactly."""
    goal = round12(constant)
    return _search(goal, lambda rounded: rounded > goal)


def _search(goal: float, reached: Any) -> float:
    margin = abs(goal) * 1e-11 or 1e-320
    low, high = _ordered(goal - margin), _ordered(goal + margin)
    while low + 1 < high:
        middle = (low + high) // 2
        if reached(round12(_double(middle))):
            high = middle
        else:
            low = middle
    return _double(high)


# -- comparing


def less(a: float, b: float) -> bool:
    return round12(a) < round12(b)


def same(a: float, b: float) -> bool:
    return a == b or round12(a) == round12(b)


def less_array(a: Any, b: Any) -> Any:
    """a < b on 12 digits; either side may be a scalar."""
    if np.ndim(b) == 0:
        return a < at_least(float(b))
    if np.ndim(a) == 0:
        return b >= above(float(a))
    return _settle(a < b, a, b, lambda x, y: x < y)


def same_array(a: Any, b: Any) -> Any:
    if np.ndim(a) == 0:
        a, b = b, a
    if np.ndim(b) == 0:
        if b == 0:
            return a == b  # nothing else is rounded to 0
        return (a >= at_least(float(b))) & (a < above(float(b)))
    return _settle(a == b, a, b, lambda x, y: x == y)


def _settle(answer: np.ndarray, a: np.ndarray, b: np.ndarray, compare: Any) -> np.ndarray:
    """Compare again, rounded, the few pairs that are near each other but not equal."""
    with np.errstate(invalid="ignore", over="ignore"):
        near = (np.abs(a - b) <= NEAR * np.abs(b)) & (a != b)
    if near.any():
        left, right = np.broadcast_to(a, near.shape)[near], np.broadcast_to(b, near.shape)[near]
        answer[near] = compare(round12_array(left), round12_array(right))
    return answer


# -- rounding


def floor(x: float) -> float:
    return float(math.floor(round12(x)))


def ceiling(x: float) -> float:
    return float(math.ceil(round12(x)))


def floor_array(x: np.ndarray) -> np.ndarray:
    return _whole(x, np.floor)


def ceiling_array(x: np.ndarray) -> np.ndarray:
    return _whole(x, np.ceil)


def _whole(x: np.ndarray, step: Any) -> np.ndarray:
    """Only values that rounding could carry over a whole number are rounded: those whose step is almost 1, and very large ones."""
    result = np.asarray(step(x))
    with np.errstate(invalid="ignore"):
        gap = np.subtract(result, x)
        largest = max(float(x.max(initial=0.0)), -float(x.min(initial=0.0)))
        margin = NEAR * largest if largest < 1e11 else 1.0
        if max(float(gap.max(initial=0.0)), -float(gap.min(initial=0.0))) < 1.0 - margin:  # false where anything is not a number
            return result
        near = (np.abs(gap) >= 1.0 - NEAR * np.abs(x)) | (np.abs(x) >= 1e11)
    result[near] = step(round12_array(x[near]))
    return result


def round_half_up(x: float, scale: float) -> float:
    """Rounded to `scale` decimals, halves away from zero (DMN 1.5, 10.3.4.5)."""
    shift = 10.0 ** min(max(int(scale), -300), 300)
    shifted = round12(abs(round12(x)) * shift)
    if shifted >= 1e15:
        return x
    return math.copysign(math.floor(shifted + 0.5) / shift, x)


def round_half_up_array(x: np.ndarray, scale: np.ndarray | float) -> np.ndarray:
    if np.ndim(scale):
        x, scale = np.broadcast_arrays(x, scale)
        found = [round_half_up(float(a), float(b)) for a, b in zip(x.ravel(), np.asarray(scale).ravel(), strict=True)]
        return np.array(found).reshape(x.shape)
    shift = 10.0 ** min(max(int(scale), -300), 300)
    with np.errstate(all="ignore"):
        shifted = round12_array(np.abs(round12_array(x)) * shift)
        return np.asarray(select(shifted >= 1e15, x, np.copysign(np.floor(shifted + 0.5) / shift, x)))


def modulo(a: float, b: float) -> float:
    result = a - b * floor(a / b) if math.isfinite(a / b) else math.nan
    return 0.0 if abs(result) <= 1e-12 * max(abs(a), abs(b)) else result


def modulo_array(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    with np.errstate(all="ignore"):
        quotient = np.asarray(a / b)
        quotient = select(np.isfinite(quotient), quotient, np.nan)
        result = a - b * floor_array(quotient)
        return np.asarray(select(np.abs(result) <= 1e-12 * np.maximum(np.abs(a), np.abs(b)), 0.0, result))


def power(x: float, y: float) -> float:
    """x ** y; nan where the result is not a real number."""
    return float(power_array(np.array([x]), y)[0])


def power_array(x: np.ndarray, y: np.ndarray | float) -> np.ndarray:
    """The one function that every reader raises to a power with: exact for 0, 1, 2 and square roots, else NumPy's own loop."""
    with np.errstate(all="ignore"):
        x = np.ascontiguousarray(x, dtype=np.float64)
        if np.ndim(y) == 0:
            if y == 2:
                return np.asarray(x * x)
            if y == 0.5:
                return np.asarray(np.sqrt(x))
        shape = np.broadcast_shapes(np.shape(x), np.shape(y))
        base, exponent = (np.ascontiguousarray(np.broadcast_to(v, shape), dtype=np.float64) for v in (x, y))
        result = np.power(base, exponent)
        result = select(exponent == 0.5, np.sqrt(base), result)
        result = select(exponent == -1, 1.0 / base, result)  # NumPy takes another path for a single exponent of -1
        return np.asarray(select(exponent == 2, base * base, result))


# -- as text


def number_text(x: float) -> str:
    """A number as FEEL's string() writes it: 12 digits, no exponent up to 1e21, no trailing zeros."""
    rounded = round12(x) + 0.0
    if rounded == int(rounded) and abs(rounded) < 1e21:
        return str(int(rounded))
    text = repr(rounded)
    if "e" in text:
        text = format(Decimal(text), "f")
    return text
