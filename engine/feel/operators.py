"""The operator table: one row per operator with its name in FEEL, its arguments, its result's type, and its meaning for one value and for columns.

A new operator is a row here, a function in `scalar` and one in `vector`, and its cases in `tests/cases/feel/`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from engine.feel import bounds, scalar, vector, vector_lists
from engine.feel.types import BOOLEAN, STRING, Type, member, number

Result = Callable[[list[Type]], Type]


@dataclass(frozen=True, slots=True)
class Operator:
    """`feel`: how it is written. `params`: the kind of each argument; `any` for all, a trailing `?` for one that may be left out, `numbers` for a list of
    numbers or several numbers. `strict`: null as soon as one argument is null. `partial`: may be null even when no argument is."""

    name: str
    feel: str
    params: tuple[str, ...]
    result: Result
    scalar: Callable[..., Any]
    vector: Callable[..., Any]
    strict: bool = True
    partial: bool = False
    arithmetic: bool = False

    @property
    def least_args(self) -> int:
        return sum(not param.endswith("?") for param in self.params)


def _boolean(_: list[Type]) -> Type:
    return BOOLEAN


def _string(_: list[Type]) -> Type:
    return STRING


def _count(types: list[Type]) -> Type:
    return number(0.0, float(types[0].length or 1e6), integer=True)


def _total(types: list[Type]) -> Type:
    inner = member(types[0])
    return number() if inner is None else bounds.mul(inner, number(0.0, float(types[0].length or 1e6)))


def _inner(types: list[Type]) -> Type:
    inner = member(types[0])
    return number() if inner is None else inner.with_null(False)


def _positions(types: list[Type]) -> Type:
    return Type("list", item=number(1.0, float(types[0].length or 1e6), integer=True), length=types[0].length)


def _both(rule: Callable[[Type, Type], Type]) -> Result:
    return lambda types: rule(types[0], types[1])


def _one(rule: Callable[[Type], Type]) -> Result:
    return lambda types: rule(types[0])


_NN = ("number", "number")
_NNN = ("number", "number", "number")
_BB = ("boolean", "boolean")

OPERATORS: tuple[Operator, ...] = (
    Operator("add", "+", _NN, _both(bounds.add), scalar.add, vector.add, arithmetic=True),
    Operator("concat", "+", ("string", "string"), _string, scalar.concat, vector_lists.concat),
    Operator("sub", "-", _NN, _both(bounds.sub), scalar.sub, vector.sub, arithmetic=True),
    Operator("mul", "*", _NN, _both(bounds.mul), scalar.mul, vector.mul, arithmetic=True),
    Operator("div", "/", _NN, _both(bounds.div), scalar.div, vector.divide, arithmetic=True),
    Operator("power", "**", _NN, _both(bounds.power), scalar.power, vector.power, arithmetic=True),
    Operator("negate", "-x", ("number",), _one(bounds.negate), scalar.negate, vector.negate, arithmetic=True),
    Operator("less", "<", _NN, _boolean, scalar.less, vector.less),
    Operator("less_equal", "<=", _NN, _boolean, scalar.less_equal, vector.less_equal),
    Operator("greater", ">", _NN, _boolean, scalar.greater, vector.greater),
    Operator("greater_equal", ">=", _NN, _boolean, scalar.greater_equal, vector.greater_equal),
    Operator("equal", "=", ("any", "any"), _boolean, scalar.equal, vector.equal, strict=False),
    Operator("same_set", "= {}", ("any", "any"), _boolean, scalar.same_set, vector.equal, strict=False),
    Operator("is_null", "= null", ("any",), _boolean, scalar.is_null, vector.is_null, strict=False),
    Operator("between", "between", _NNN, _boolean, scalar.between, vector.between),
    Operator("range_closed_open", "[..)", _NNN, _boolean, scalar.range_closed_open, vector.range_closed_open),
    Operator("range_open_closed", "(..]", _NNN, _boolean, scalar.range_open_closed, vector.range_open_closed),
    Operator("range_open", "(..)", _NNN, _boolean, scalar.range_open, vector.range_open),
    Operator("and", "and", _BB, _boolean, scalar.all_of, vector.all_of, strict=False),
    Operator("or", "or", _BB, _boolean, scalar.any_of, vector.any_of, strict=False),
    Operator("not", "not", ("boolean",), _boolean, scalar.negation, vector.negation),
    Operator("if", "if", ("boolean", "any", "any"), _one(lambda t: t), scalar.choose, vector.choose, strict=False),
    Operator("list", "[,]", (), _one(lambda t: t), scalar.list_of, vector_lists.list_of, strict=False),
    Operator("item", "[]", ("list", "number"), _inner, scalar.item, vector_lists.item, partial=True),
    Operator("count", "count", ("list",), _count, scalar.count, vector_lists.count),
    Operator("sum", "sum", ("numbers",), _total, scalar.total, vector_lists.total),
    Operator("min", "min", ("numbers",), _inner, scalar.least, vector_lists.least),
    Operator("max", "max", ("numbers",), _inner, scalar.most, vector_lists.most),
    Operator("contains_item", "list contains", ("list", "any"), _boolean, scalar.contains_item, vector_lists.contains_item, strict=False),
    Operator("index_of", "index of", ("list", "any"), _positions, scalar.index_of, vector_lists.index_of, strict=False),
    Operator("sublist", "sublist", ("list", "number", "number?"), _one(lambda t: t), scalar.sublist, vector_lists.sublist, partial=True),
    Operator("floor", "floor", ("number",), _one(bounds.whole), scalar.floor, vector.floor),
    Operator("ceiling", "ceiling", ("number",), _one(bounds.whole), scalar.ceiling, vector.ceiling),
    Operator("abs", "abs", ("number",), _one(bounds.absolute), scalar.absolute, vector.absolute),
    Operator("modulo", "modulo", _NN, _both(bounds.modulo), scalar.modulo, vector.modulo, arithmetic=True),
    Operator("round_half_up", "round half up", _NN, _one(bounds.rounded), scalar.round_half_up, vector.round_half_up),
    Operator("string", "string", ("any",), _string, scalar.string, vector_lists.string),
    Operator("number", "number", ("string",), lambda _: number(), scalar.number, vector_lists.number, partial=True),
    Operator("lower_case", "lower case", ("string",), _string, scalar.lower_case, vector_lists.lower_case),
    Operator("upper_case", "upper case", ("string",), _string, scalar.upper_case, vector_lists.upper_case),
    Operator("contains", "contains", ("string", "string"), _boolean, scalar.contains, vector_lists.contains),
    Operator("starts_with", "starts with", ("string", "string"), _boolean, scalar.starts_with, vector_lists.starts_with),
    Operator("is_defined", "is defined", ("any",), _boolean, lambda x: x is not None, vector.defined, strict=False),
    Operator("rank_weight", "rank weight", ("ranking", "string"), lambda _: number(0.0, 1.0), scalar.rank_weight, vector_lists.rank_weight),
)

BY_NAME = {row.name: row for row in OPERATORS}
BY_FEEL: dict[str, tuple[Operator, ...]] = {row.feel: tuple(r for r in OPERATORS if r.feel == row.feel) for row in OPERATORS}
FUNCTIONS = tuple(row.feel for row in OPERATORS if row.feel[0].isalpha() and row.feel not in ("if", "and", "or", "between"))
