"""Turn an operator and what its arguments may be into what its result may be: bounds of numbers, possible truths, texts that stand or are open.

Interval arithmetic (Moore, Interval Analysis, 1966). Every operation takes the bounds through the very operation that decides a single value. Rounding is
monotone, so a decided value always lies within; nothing is widened for it, and where both bounds are equal the result is the decided value itself.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from engine.feel import vector
from engine.feel.arrays import Bool, Column, Mask, Num, either, null_of
from engine.feel.numbers import ceiling_array, floor_array, less_array, power_array, same_array

FARTHEST = 1e300  # what lies beyond is taken to be this: no number of a model comes near


@dataclass(slots=True)
class Range:
    """A number: `low` to `high`, both float64 arrays that broadcast. `null`: where it may be null; `gone`: where it is."""

    low: Any
    high: Any
    null: Mask = None
    gone: Mask = None

    @property
    def open(self) -> Any:
        """Where it is not known."""
        unsure = np.not_equal(self.low, self.high) if self.low is not self.high else np.bool_(False)
        if self.null is None:
            return unsure
        return (self.null & ~_mask(self.gone)) | (unsure & ~_mask(self.gone))


@dataclass(slots=True)
class Maybe:
    """A boolean: whether it may be true (`can`), false (`cannot`), null."""

    can: Any
    cannot: Any
    null: Mask = None

    @property
    def sure(self) -> Any:
        """Where it is true."""
        return self.can & ~self.cannot if self.null is None else self.can & ~self.cannot & ~self.null

    @property
    def open(self) -> Any:
        if self.null is None:
            return self.can & self.cannot
        return (self.can & self.cannot) | (self.null & (self.can | self.cannot))


@dataclass(slots=True)
class Whole:
    """A text, set, ranking or list: `column`, except where it is `open`, where it may be anything."""

    column: Column
    open: Any = np.False_


Value = Range | Maybe | Whole


def _mask(mask: Mask) -> Any:
    return np.bool_(False) if mask is None else mask


def exact(column: Column) -> Value:
    """What is known, as what it may be."""
    null = null_of(column)
    match column:
        case Num(values=values):
            return Range(values, values, null, null)
        case Bool():
            return Maybe(column.true, column.false, null)
    return Whole(column)


def known(value: Value) -> Column:
    """The value where it is not open; elsewhere one of those it may be."""
    match value:
        case Range(low=low, gone=gone):
            return Num(low, gone)
        case Maybe(can=can, cannot=cannot):
            return Bool(can, cannot & ~can)
        case Whole(column=column):
            return column


def constant(number: float) -> Range:
    return Range(np.float64(number), np.float64(number))


def unknown(column: Column, open_: Any, low: float, high: float, nullable: bool) -> Value:
    """A column, except where it is open: there a number lies between the bounds, and anything else may be anything."""
    if not np.any(open_):
        return exact(column)
    null = _mask(null_of(column))
    may = (null | open_) if nullable else null & ~open_
    match column:
        case Num(values=values):
            return Range(np.where(open_, low, values), np.where(open_, high, values), may, null & ~open_)
        case Bool():
            return Maybe(column.true | open_, column.false | open_, may)
    return Whole(column, open_)


# -- numbers


def _tidy(low: Any, high: Any, a: Range, b: Range | None = None) -> Range:
    """The result of arithmetic: null where an argument may be, or where the number overflows."""
    null, gone = a.null, a.gone
    if b is not None and b.null is not None:
        null, gone = either(null, b.null), either(gone, b.gone)
    if np.isfinite(low).all() and (low is high or np.isfinite(high).all()):
        return Range(low, high, null, gone)
    if low is high:
        bad = ~np.isfinite(low)
        values = np.where(bad, 0.0, low)
        return Range(values, values, either(null, bad), either(gone, bad))
    wild = ~(np.isfinite(low) & np.isfinite(high))
    low = np.where(np.isnan(low), -FARTHEST, np.maximum(low, -FARTHEST))
    high = np.where(np.isnan(high), FARTHEST, np.minimum(high, FARTHEST))
    return Range(low, high, either(null, wild), gone)


def _single(a: Range, b: Range) -> bool:
    return a.low is a.high and b.low is b.high


def add(a: Range, b: Range) -> Range:
    low = np.add(a.low, b.low)
    return _tidy(low, low if _single(a, b) else np.add(a.high, b.high), a, b)


def sub(a: Range, b: Range) -> Range:
    low = np.subtract(a.low, b.high)
    return _tidy(low, low if _single(a, b) else np.subtract(a.high, b.low), a, b)


def _corners(function: Callable[[Any, Any], Any], a: Range, b: Range) -> tuple[Any, Any]:
    """The least and the most of a function that is monotone in each argument."""
    if _single(a, b):
        found = function(a.low, b.low)
        return found, found
    if a.low is a.high:
        first, second = function(a.low, b.low), function(a.low, b.high)
        return np.minimum(first, second), np.maximum(first, second)
    if b.low is b.high:
        first, second = function(a.low, b.low), function(a.high, b.low)
        return np.minimum(first, second), np.maximum(first, second)
    found = [function(x, y) for x in (a.low, a.high) for y in (b.low, b.high)]
    low = np.minimum(np.minimum(found[0], found[1]), np.minimum(found[2], found[3]))
    return low, np.maximum(np.maximum(found[0], found[1]), np.maximum(found[2], found[3]))


def mul(a: Range, b: Range) -> Range:
    return _tidy(*_corners(np.multiply, a, b), a, b)


def div(a: Range, b: Range) -> Range:
    zero = np.less_equal(b.low, 0) & np.greater_equal(b.high, 0)
    if not zero.any():
        return _tidy(*_corners(np.divide, a, b), a, b)
    if b.low is b.high:
        safe = np.where(zero, 1.0, b.low)
        divisor = Range(safe, safe, either(b.null, zero), either(b.gone, zero))
        return _tidy(*_corners(np.divide, a, divisor), a, divisor)
    only = np.equal(b.low, 0) & np.equal(b.high, 0)
    low, high = _corners(np.divide, a, Range(np.where(zero, 1.0, b.low), np.where(zero, 1.0, b.high)))
    # a divisor down to zero: from the quotient by its largest value on, if neither changes sign; anything, if one does
    rest = np.where(b.high > 0, b.high, 1.0)
    above = zero & np.greater_equal(b.low, 0) & np.greater_equal(a.low, 0)
    low = np.where(above, a.low / rest, np.where(zero, -FARTHEST, low))
    found = _tidy(low, np.where(zero, FARTHEST, high), a, b)
    return Range(found.low, found.high, either(found.null, zero), either(found.gone, only))


def power(a: Range, b: Range) -> Range:
    if _single(a, b):
        raised = vector.power(Num(a.low), Num(b.low))
        return Range(raised.values, raised.values, either(either(a.null, b.null), raised.null), either(either(a.gone, b.gone), raised.null))
    shape = np.broadcast_shapes(*(np.shape(x) for x in (a.low, a.high, b.low, b.high)))
    lows, highs = np.broadcast_to(a.low, shape), np.broadcast_to(a.high, shape)

    def to_the(x: Any, y: Any) -> Any:
        return power_array(np.asarray(x), np.broadcast_to(y, shape))

    low, high = _corners(to_the, Range(np.maximum(lows, 0.0), np.maximum(highs, 0.0)), b)
    square = np.equal(b.low, 2) & np.equal(b.high, 2)
    below = lows < 0
    if np.any(below):
        furthest = np.maximum(np.abs(lows), np.abs(highs)) ** 2
        nearest = np.where(highs < 0, highs**2, 0.0)
        low = np.where(below, np.where(square, nearest, -FARTHEST), low)
        high = np.where(below, np.where(square, furthest, FARTHEST), high)
    slack = 1e-14  # a power is not rounded as strictly as a sum
    found = _tidy(low - np.abs(low) * slack, high + np.abs(high) * slack, a, b)
    return Range(found.low, found.high, either(found.null, below & ~square) if np.any(below) else found.null, found.gone)


def negate(a: Range) -> Range:
    low = np.negative(a.high)
    return Range(low, low if a.low is a.high else np.negative(a.low), a.null, a.gone)


def absolute(a: Range) -> Range:
    first, second = np.abs(a.low), np.abs(a.high)
    if a.low is a.high:
        return Range(first, first, a.null, a.gone)
    within = np.less(a.low, 0) & np.greater(a.high, 0)
    return Range(np.where(within, 0.0, np.minimum(first, second)), np.maximum(first, second), a.null, a.gone)


def whole(function: Callable[[np.ndarray], np.ndarray], a: Range) -> Range:
    low = function(np.asarray(a.low, dtype=np.float64))
    return _tidy(low, low if a.low is a.high else function(np.asarray(a.high, dtype=np.float64)), a)


def floor(a: Range) -> Range:
    return whole(floor_array, a)


def ceiling(a: Range) -> Range:
    return whole(ceiling_array, a)


def round_half_up(a: Range, scale: Range) -> Range:
    from_, to = (vector.round_half_up(Num(x), Num(scale.low)) for x in (a.low, a.high))
    if scale.low is not scale.high:
        return Range(np.minimum(a.low, -FARTHEST), np.maximum(a.high, FARTHEST), either(a.null, scale.null), either(a.gone, scale.gone))
    return _tidy(from_.values, from_.values if a.low is a.high else to.values, a, scale)


def least(a: Range, b: Range) -> Range:
    low = np.minimum(a.low, b.low)
    return _tidy(low, low if _single(a, b) else np.minimum(a.high, b.high), a, b)


def most(a: Range, b: Range) -> Range:
    low = np.maximum(a.low, b.low)
    return _tidy(low, low if _single(a, b) else np.maximum(a.high, b.high), a, b)


# -- truth


def _compared(can: Any, cannot: Any, *args: Range) -> Maybe:
    null: Mask = None
    gone: Mask = None
    for arg in args:
        if arg.null is not None:
            null, gone = either(null, arg.null), either(gone, arg.gone)
    return Maybe(can, cannot, null) if gone is None else Maybe(can & ~gone, cannot & ~gone, null)


def less(a: Range, b: Range) -> Maybe:
    can = less_array(a.low, b.high)
    return _compared(can, np.logical_not(can if _single(a, b) else less_array(a.high, b.low)), a, b)


def less_equal(a: Range, b: Range) -> Maybe:
    return negation(less(b, a))


def between(low_closed: bool, high_closed: bool) -> Callable[..., Maybe]:
    def apply(x: Range, low: Range, high: Range) -> Maybe:
        after = less_equal(low, x) if low_closed else less(low, x)
        before = less_equal(x, high) if high_closed else less(x, high)
        return _compared(after.can & before.can, after.cannot | before.cannot, x, low, high)

    return apply


def equal(a: Value, b: Value) -> Maybe:
    if isinstance(a, Range) and isinstance(b, Range):
        can = np.logical_not(less_array(a.high, b.low)) & np.logical_not(less_array(b.high, a.low))
        point = np.equal(a.low, a.high) & np.equal(b.low, b.high)
        cannot = np.logical_not(point & same_array(a.low, b.low))
        if a.null is None and b.null is None:
            return Maybe(can, cannot)
        left, right, lost, missing = _mask(a.null), _mask(b.null), _mask(a.gone), _mask(b.gone)
        there = ~lost & ~missing
        return Maybe((can & there) | (left & right), (cannot & there) | (left & ~missing) | (right & ~lost))
    found, unsure = vector.equal(known(a), known(b)), a.open | b.open
    return Maybe(found.true | unsure, ~found.true | unsure)


def is_null(a: Value) -> Maybe:
    if isinstance(a, Range):
        return Maybe(_mask(a.null), ~_mask(a.gone))
    if isinstance(a, Maybe):
        null = _mask(a.null)
        return Maybe(null, a.can | a.cannot)
    null = _mask(null_of(a.column))
    return Maybe(null | a.open, ~null | a.open)


def negation(a: Maybe) -> Maybe:
    return Maybe(a.cannot, a.can, a.null)


def all_of(*args: Maybe) -> Maybe:
    can, cannot, null = args[0].can, args[0].cannot, args[0].null
    for arg in args[1:]:
        can, cannot, null = can & arg.can, cannot | arg.cannot, either(null, arg.null)
    if null is not None:
        for arg in args:
            null = null & (arg.can | _mask(arg.null))
    return Maybe(can, cannot, null)


def any_of(*args: Maybe) -> Maybe:
    return negation(all_of(*(negation(arg) for arg in args)))


# -- choice


def hull(a: Value, b: Value) -> Value:
    """What may be either."""
    a, b = _alike(a, b)
    if isinstance(a, Range) and isinstance(b, Range):
        gone = None if a.gone is None or b.gone is None else a.gone & b.gone
        left, right = _mask(a.gone), _mask(b.gone)
        low = np.where(left, b.low, np.where(right, a.low, np.minimum(a.low, b.low)))
        high = np.where(left, b.high, np.where(right, a.high, np.maximum(a.high, b.high)))
        return Range(low, high, either(a.null, b.null), gone)
    if isinstance(a, Maybe) and isinstance(b, Maybe):
        return Maybe(a.can | b.can, a.cannot | b.cannot, either(a.null, b.null))
    assert isinstance(a, Whole) and isinstance(b, Whole)
    return Whole(a.column, a.open | b.open | ~vector.same(a.column, b.column))


def _alike(a: Value, b: Value) -> tuple[Value, Value]:
    """A null of no kind takes the kind of the other."""
    if type(a) is type(b) and (not isinstance(a, Whole) or type(a.column) is type(known(b))):
        return a, b
    if isinstance(b, Range):
        return a, exact(vector.nothing_like(known(a)))
    return exact(vector.nothing_like(known(b))), b


def choose(condition: Maybe, yes: Value, no: Value) -> Value:
    sure = condition.sure
    never = ~condition.can
    if np.ndim(sure) == 0 and np.ndim(never) == 0:
        if sure:
            return yes
        if never:
            return no
    unsure = ~(sure | never)
    yes, no = _alike(yes, no)
    if isinstance(yes, Range) and isinstance(no, Range) and yes.null is None and no.null is None:
        low = np.where(sure, yes.low, no.low)
        if not np.any(unsure):
            return Range(low, low if _single(yes, no) else np.where(sure, yes.high, no.high))
        high = np.where(sure, yes.high, no.high)
        return Range(np.where(unsure, np.minimum(yes.low, no.low), low), np.where(unsure, np.maximum(yes.high, no.high), high))
    settled = _pick(sure, yes, no)
    return settled if not np.any(unsure) else _pick(unsure, hull(yes, no), settled)


def _pick(where: Any, yes: Value, no: Value) -> Value:
    """One or the other, by a mask."""
    if np.ndim(where) == 0:
        return yes if where else no
    if isinstance(yes, Range) and isinstance(no, Range):
        null = None if yes.null is None and no.null is None else np.where(where, _mask(yes.null), _mask(no.null))
        gone = None if yes.gone is None and no.gone is None else np.where(where, _mask(yes.gone), _mask(no.gone))
        low = np.where(where, yes.low, no.low)
        return Range(low, low if _single(yes, no) else np.where(where, yes.high, no.high), null, gone)
    if isinstance(yes, Maybe) and isinstance(no, Maybe):
        null = None if yes.null is None and no.null is None else np.where(where, _mask(yes.null), _mask(no.null))
        return Maybe(np.where(where, yes.can, no.can), np.where(where, yes.cannot, no.cannot), null)
    assert isinstance(yes, Whole) and isinstance(no, Whole)
    return Whole(vector.pick(where, yes.column, no.column), np.where(where, yes.open, no.open))
