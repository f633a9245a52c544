"""What each operator does with whole columns: numbers, comparison, logic, choice. Cell by cell it equals `scalar`; arrays broadcast."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from engine.feel import numbers
from engine.feel.arrays import Bits, Bool, Column, Items, Mask, Num, Str, either, merge_words, null_of, recode
from engine.feel.select import select

# -- arithmetic


def _arithmetic(function: Callable[..., Any]) -> Callable[..., Num]:
    def apply(*args: Num, safe: bool = False) -> Num:
        null: Mask = None
        for arg in args:
            null = either(null, arg.null)
        return finite(function(*(arg.values for arg in args)), null, safe)

    return apply


def finite(values: Any, null: Mask, safe: bool) -> Num:
    """A number that overflowed, or that is not one, is null."""
    if not safe:
        good = np.isfinite(values)
        if not good.all():
            null = either(null, ~good)
            values = select(good, values, 0.0)
    return Num(values, null)


def divide(a: Num, b: Num, safe: bool = False) -> Num:
    null = either(a.null, b.null)
    if safe:
        return Num(np.divide(a.values, b.values), null)
    zero = np.equal(b.values, 0)
    if zero.any():
        null = either(null, zero)
        return finite(np.divide(a.values, select(zero, 1.0, b.values)), null, False)
    return finite(np.divide(a.values, b.values), null, False)


def _modulo(a: Any, b: Any) -> Any:
    return numbers.modulo_array(*np.broadcast_arrays(np.asarray(a, dtype=np.float64), np.asarray(b, dtype=np.float64)))


def _power(a: Any, b: Any) -> Any:
    if np.ndim(a):
        return numbers.power_array(a, b)
    found = numbers.power_array(np.array([a]), b)
    return found if np.ndim(b) else found[0]


add = _arithmetic(np.add)
sub = _arithmetic(np.subtract)
mul = _arithmetic(np.multiply)
power = _arithmetic(_power)
negate = _arithmetic(np.negative)
absolute = _arithmetic(np.abs)
modulo = _arithmetic(_modulo)
floor = _arithmetic(lambda x: numbers.floor_array(np.asarray(x, dtype=np.float64)))
ceiling = _arithmetic(lambda x: numbers.ceiling_array(np.asarray(x, dtype=np.float64)))
round_half_up = _arithmetic(lambda x, scale: numbers.round_half_up_array(np.asarray(x, dtype=np.float64), scale))

# -- comparison


def truth(answer: Any, null: Mask) -> Bool:
    if null is None:
        return Bool(answer)
    known = ~null
    return Bool(answer & known, ~answer & known)


def less(a: Num, b: Num) -> Bool:
    return truth(numbers.less_array(a.values, b.values), either(a.null, b.null))


def greater(a: Num, b: Num) -> Bool:
    return less(b, a)


def less_equal(a: Num, b: Num) -> Bool:
    return truth(np.logical_not(numbers.less_array(b.values, a.values)), either(a.null, b.null))


def greater_equal(a: Num, b: Num) -> Bool:
    return less_equal(b, a)


def _range(low_closed: bool, high_closed: bool) -> Callable[..., Bool]:
    def apply(x: Num, low: Num, high: Num) -> Bool:
        after = np.logical_not(numbers.less_array(x.values, low.values)) if low_closed else numbers.less_array(low.values, x.values)
        before = np.logical_not(numbers.less_array(high.values, x.values)) if high_closed else numbers.less_array(x.values, high.values)
        return truth(after & before, either(either(x.null, low.null), high.null))

    return apply


between = _range(True, True)
range_closed_open = _range(True, False)
range_open_closed = _range(False, True)
range_open = _range(False, False)


def equal(a: Column, b: Column) -> Bool:
    return Bool(same(a, b))


def same(a: Column, b: Column) -> Any:
    """Where two columns of one kind are equal; null equals null only."""
    match a, b:
        case Str(), Str():
            return np.equal(a.codes, recode(b, a.words))  # null is -1 in both
        case Num(), Num():
            answer = numbers.same_array(a.values, b.values)
        case Bool(), Bool():
            answer = np.equal(a.true, b.true)
        case Bits(), Bits():
            answer = np.equal(a.bits, b.bits) if a.words == b.words else _same_members(a, b)
        case Items(), Items():
            answer = np.equal(a.count, b.count)
            for i in range(max(len(a.items), len(b.items))):
                if i < min(len(a.items), len(b.items)):
                    answer = answer & (same(a.items[i], b.items[i]) | (np.asarray(a.count) <= i))
        case _:
            raise TypeError(f"{type(a).__name__} = {type(b).__name__}")
    left, right = null_of(a), null_of(b)
    if left is None and right is None:
        return answer
    left = False if left is None else left
    right = False if right is None else right
    return select(np.logical_or(left, right), np.logical_and(left, right), answer)


def _same_members(a: Bits, b: Bits) -> Any:
    """Equality of sets whose words are declared differently: word by word."""

    def has(column: Bits, word: str) -> Any:
        if word not in column.words:
            return np.bool_(False)
        return (column.bits >> np.uint64(column.words.index(word)) & np.uint64(1)).astype(bool)

    answer: Any = np.bool_(True)
    for word in merge_words(a.words, b.words):
        answer = answer & (has(a, word) == has(b, word))
    return answer


def is_null(a: Column) -> Bool:
    null = null_of(a)
    return Bool(np.bool_(False) if null is None else null)


def defined(a: Column) -> Bool:
    null = null_of(a)
    return Bool(np.bool_(True) if null is None else ~null)


# -- logic


def all_of(*args: Bool) -> Bool:
    true = args[0].true
    for arg in args[1:]:
        true = true & arg.true
    if all(arg._false is None for arg in args):
        return Bool(true)
    false = args[0].false
    for arg in args[1:]:
        false = false | arg.false
    return Bool(true, false)


def any_of(*args: Bool) -> Bool:
    true = args[0].true
    for arg in args[1:]:
        true = true | arg.true
    if all(arg._false is None for arg in args):
        return Bool(true)
    false = args[0].false
    for arg in args[1:]:
        false = false & arg.false
    return Bool(true, false)


def negation(a: Bool) -> Bool:
    return Bool(a.false, a.true)


# -- choice


def choose(condition: Bool, yes: Column, no: Column) -> Column:
    return pick(condition.true, yes, no)


def pick(where: Any, yes: Column, no: Column) -> Column:
    """`yes` where the mask is true, else `no`; both of one kind."""
    if np.ndim(where) == 0:
        return yes if where else no

    def null(a: Mask, b: Mask) -> Mask:
        if a is None and b is None:
            return None
        found = select(where, False if a is None else a, False if b is None else b)
        return found if found.any() else None

    if type(yes) is not type(no):  # one of them is a null of no kind
        yes, no = (yes, nothing_like(yes)) if isinstance(no, Num) else (nothing_like(no), no)
    match yes, no:
        case Num(), Num():
            return Num(select(where, yes.values, no.values), null(yes.null, no.null))
        case Bool(), Bool():
            false = None if yes._false is None and no._false is None else select(where, yes.false, no.false)
            return Bool(select(where, yes.true, no.true), false)
        case Str(), Str():
            words = merge_words(yes.words, no.words)
            return Str(select(where, recode(yes, words), recode(no, words)), words)
        case Bits(), Bits():
            return Bits(select(where, yes.bits, no.bits), yes.words, null(yes.null, no.null))
        case Items(), Items():
            items = []
            for i in range(max(len(yes.items), len(no.items))):
                left = yes.items[i] if i < len(yes.items) else nothing_like(no.items[i])
                right = no.items[i] if i < len(no.items) else nothing_like(left)
                items.append(pick(where, left, right))
            return Items(items, select(where, yes.count, no.count), null(yes.null, no.null))
    raise TypeError(f"if .. then {type(yes).__name__} else {type(no).__name__}")


def nothing_like(column: Column) -> Column:
    """A null of the column's kind."""
    match column:
        case Num():
            return Num(np.float64(0.0), np.bool_(True))
        case Bool():
            return Bool(np.bool_(False), np.bool_(False))
        case Str(words=words):
            return Str(np.int64(-1), words)
        case Bits(words=words):
            return Bits(np.uint64(0), words, np.bool_(True))
        case Items():
            return Items([], np.int64(0), np.bool_(True))
