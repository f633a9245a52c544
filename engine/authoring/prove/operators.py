"""The operator table of the prover: one row per operator of the language, with the term that it makes of its arguments' terms.

A new operator is a row here besides its row in `feel/operators.py`. A row without a formula of its own makes an abstraction: a function of which only
little is known. What is proved with it is proved; what is refuted with it is looked at by the interpreter.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction

from engine.authoring.prove import lists, powers, texts
from engine.authoring.prove.solver import Term, both, choose, either, known, opposite, real
from engine.authoring.prove.store import Encoder
from engine.authoring.prove.values import Sym, equal_terms, numeric, pick, same, size_of, truth
from engine.feel.operators import BY_NAME
from engine.feel.tree import Op

Encode = Callable[[Encoder, Op, list[Sym]], Sym]


@dataclass(frozen=True, slots=True)
class Row:
    """`encode` gives the value for arguments that are not null; where the operator is strict, null arguments are seen to by `apply`."""

    name: str
    encode: Encode


def apply(encoder: Encoder, op: Op, args: list[Sym]) -> Sym:
    """The value of an operator on its arguments' values."""
    found = TABLE[op.name].encode(encoder, op, args)
    return found.nullable(either(*(arg.null for arg in args))) if BY_NAME[op.name].strict else found


def _number(make: Callable[..., Term]) -> Encode:
    return lambda _, __, args: numeric(make(*(arg.term for arg in args)))


def _boolean(make: Callable[..., Term]) -> Encode:
    return lambda _, __, args: truth(make(*(arg.term for arg in args)))


def _add(a: Term, b: Term) -> Term:
    x, y = known(a), known(b)
    return b if x == 0 else a if y == 0 else real(x + y) if x is not None and y is not None else a + b


def _sub(a: Term, b: Term) -> Term:
    x, y = known(a), known(b)
    return a if y == 0 else real(x - y) if x is not None and y is not None else a - b


def _mul(a: Term, b: Term) -> Term:
    x, y = known(a), known(b)
    if x == 0 or y == 0:
        return real(0)
    return b if x == 1 else a if y == 1 else real(x * y) if x is not None and y is not None else a * b


def _div(encoder: Encoder, _: Op, args: list[Sym]) -> Sym:
    a, b = (arg.term for arg in args)
    return numeric(encoder.quotient(a, b), equal_terms(b, real(0)))


def _negate(a: Term) -> Term:
    x = known(a)
    return -a if x is None else real(-x)


def _abs(a: Term) -> Term:
    return choose(below(a, real(0)), _negate(a), a)


def below(a: Term, b: Term) -> Term:
    """a < b"""
    x, y = known(a), known(b)
    return x < y if x is not None and y is not None else False if a.eq(b) else a < b


def at_most(a: Term, b: Term) -> Term:
    return opposite(below(b, a))


def _modulo(encoder: Encoder, _: Op, args: list[Sym]) -> Sym:
    a, b = (arg.term for arg in args)
    return numeric(a - b * encoder.floor(encoder.quotient(a, b)), equal_terms(b, real(0)))


def _round(encoder: Encoder, op: Op, args: list[Sym]) -> Sym:
    """Halves away from zero; the scale is cut to a whole number, as `int` does."""
    x, scale = (arg.term for arg in args)
    digits = known(scale)
    if digits is None:
        return numeric(encoder.abstraction(op.name, "number", x, scale))
    shift = Fraction(10) ** min(max(math.trunc(digits), -300), 300)
    size = encoder.floor(_add(_mul(_abs(x), real(shift)), real(Fraction(1, 2))))
    rounded = _mul(size, real(1 / shift))
    return numeric(choose(below(x, real(0)), _negate(rounded), rounded))


def _and(_: Encoder, __: Op, args: list[Sym]) -> Sym:
    return truth(both(*(arg.term for arg in args)), both(either(*(arg.null for arg in args)), *(opposite(arg.false) for arg in args)))


def _or(_: Encoder, __: Op, args: list[Sym]) -> Sym:
    return truth(either(*(arg.true for arg in args)), both(either(*(arg.null for arg in args)), *(opposite(arg.true) for arg in args)))


def _sized(xs: Sym, empty: Term) -> Term:
    return either(empty, opposite(xs.present[0]) if xs.present else True)


def _extreme(least: bool) -> Encode:
    def encode(encoder: Encoder, _: Op, args: list[Sym]) -> Sym:
        xs = args[0]
        result = numeric(real(0))
        for i, (item, here) in enumerate(zip(xs.items, xs.present, strict=True)):
            better = below(item.term, result.term) if least else below(result.term, item.term)
            result = numeric(choose(both(here, either(better, i == 0)), item.term, result.term))
        return result.nullable(_sized(xs, lists.any_null(xs)))

    return encode


def _sum(_: Encoder, __: Op, args: list[Sym]) -> Sym:
    result = real(0)
    for item, here in zip(args[0].items, args[0].present, strict=True):
        result = _add(result, choose(here, item.term, real(0)))
    return numeric(result, lists.any_null(args[0]))


_ROWS: tuple[Row, ...] = (
    Row("add", _number(_add)),
    Row("concat", texts.abstract),
    Row("sub", _number(_sub)),
    Row("mul", _number(_mul)),
    Row("div", _div),
    Row("power", powers.power),
    Row("negate", _number(_negate)),
    Row("less", _boolean(below)),
    Row("less_equal", _boolean(at_most)),
    Row("greater", _boolean(lambda a, b: below(b, a))),
    Row("greater_equal", _boolean(lambda a, b: at_most(b, a))),
    Row("equal", lambda _, __, args: truth(same(*args))),
    Row("same_set", lambda _, __, args: truth(same(*args))),
    Row("is_null", lambda _, __, args: truth(args[0].null)),
    Row("between", _boolean(lambda x, low, high: both(at_most(low, x), at_most(x, high)))),
    Row("range_closed_open", _boolean(lambda x, low, high: both(at_most(low, x), below(x, high)))),
    Row("range_open_closed", _boolean(lambda x, low, high: both(below(low, x), at_most(x, high)))),
    Row("range_open", _boolean(lambda x, low, high: both(below(low, x), below(x, high)))),
    Row("and", _and),
    Row("or", _or),
    Row("not", lambda _, __, args: truth(opposite(args[0].term))),
    Row("if", lambda _, __, args: pick(args[0].true, args[1], args[2])),
    Row("list", lists.list_of),
    Row("item", lists.item),
    Row("count", lambda _, __, args: numeric(size_of(args[0]))),
    Row("sum", _sum),
    Row("min", _extreme(True)),
    Row("max", _extreme(False)),
    Row("contains_item", lists.contains_item),
    Row("index_of", lists.index_of),
    Row("sublist", lists.sublist),
    Row("floor", lambda encoder, _, args: numeric(encoder.floor(args[0].term))),
    Row("ceiling", lambda encoder, _, args: numeric(_negate(encoder.floor(_negate(args[0].term))))),
    Row("abs", _number(_abs)),
    Row("modulo", _modulo),
    Row("round_half_up", _round),
    Row("string", texts.abstract),
    Row("number", texts.abstract),
    Row("lower_case", texts.mapped),
    Row("upper_case", texts.mapped),
    Row("contains", texts.abstract),
    Row("starts_with", texts.abstract),
    Row("is_defined", lambda _, __, args: truth(opposite(args[0].null))),
    Row("rank_weight", lists.rank_weight),
)
TABLE = {row.name: row for row in _ROWS}
