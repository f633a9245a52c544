"""Turn a sentence's template and values into a text, filled in the language, formatted by unit; for one profile, or for many rows at once."""

from __future__ import annotations

import re
from collections.abc import Callable
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from typing import Any

import numpy as np

from engine.feel.arrays import Bits, Bool, Column, Items, Num, Str, take, to_values
from engine.feel.select import select
from engine.model.plan import Plan, Template
from engine.outcome.words import Piece, Pool, distinct, instead, numbers
from engine.texts import shown

_PLACEHOLDER = re.compile(r"\{([^{}\s]+)\}")
MONEY_NAMES = ("staffing.cash_month", "staffing.cost_month", "staffing.opportunity_month", "ranking.budget_gap")
SHARES = ("staffing.coverage", "staffing.reach", "staffing.fragmentation", "staffing.backup", "staffing.overload")


def value_text(plan: Plan, name: str, value: Any, lang: str, currency: str | None = None) -> str:
    """One value of a model's name as a reader sees it: with separators, money's currency, labels of declared words."""
    if value is None:
        return "-"
    if isinstance(value, bool):
        return {"en": ("no", "yes"), "id": ("tidak", "ya")}[lang][value]
    if isinstance(value, tuple):
        return shown.listed((value_text(plan, name, item, lang, currency) for item in value), lang) or "-"
    if isinstance(value, str):
        return label_of(plan, name, value, lang)
    unit = unit_of(plan, name)
    if _is_money(plan, name):
        return shown.money(value, currency, lang)
    if unit is not None and len(unit) > 3 and unit[:3].isupper() and unit[3] == "/":
        return shown.money(value, unit[:3], lang)
    if _is_share(name, unit):
        return shown.percent(value, lang)
    return shown.number(value, lang)


def _is_money(plan: Plan, name: str) -> bool:
    unit = unit_of(plan, name)
    return name in MONEY_NAMES or (unit is not None and unit.startswith("money"))


def _is_share(name: str, unit: str | None) -> bool:
    return name in SHARES or name.startswith("staffing.coverage_of.") or unit == "share"


def outward(plan: Plan, name: str, value: float, sign: int) -> float:
    """A number rounded up (`sign` 1) or down (-1) to the digits that `value_text` shows of it."""
    unit = unit_of(plan, name) or ""
    size = abs(value)
    decimals = 0 if unit.startswith("money") or size >= 1000 else 2 if unit == "share" else 1 if size >= 100 else 2 if size >= 0.01 or size == 0 else 4
    rounding = ROUND_CEILING if sign > 0 else ROUND_FLOOR
    return float(Decimal(repr(value)).quantize(Decimal(1).scaleb(-decimals), rounding=rounding))


def unit_of(plan: Plan, name: str) -> str | None:
    if name in plan.inputs:
        return plan.inputs[name].unit
    if name in plan.parameters:
        return plan.parameters[name].unit
    if name in plan.decisions:
        return plan.decisions[name].unit
    return None


def label_of(plan: Plan, name: str, word: str, lang: str) -> str:
    """The label of a declared word: of an input's value, a place, a structure; else the word itself."""
    if name in plan.inputs and word in plan.inputs[name].value_labels:
        return plan.inputs[name].value_labels[word][lang]
    if name == "placement" and word in plan.places:
        return plan.places[word][lang]
    if name == "structure.id" and word in plan.structures:
        return plan.structures[word].label[lang]
    if name in plan.decisions:  # a decision that passes on an input's words, such as the first goal
        values = plan.decisions[name].type.values or ()
        for item in plan.inputs.values():
            if word in item.value_labels and set(values) <= set(item.value_labels):
                return item.value_labels[word][lang]
    return word


def fill_one(plan: Plan, template: Template, lang: str, value_of: Callable[[str], Any], currency: str | None) -> str:
    """The sentence for one profile."""
    text = template.texts.get(lang, "")
    return _PLACEHOLDER.sub(lambda match: value_text(plan, match.group(1), value_of(match.group(1)), lang, currency), text)


def fill_rows(plan: Plan, template: Template, lang: str, column_of: Callable[[str], Column], rows: np.ndarray, currency: Str) -> Any:
    """The sentence for each of some rows, as a pyarrow array. `currency`: of all rows."""
    pool = Pool()
    return pool.line(fill_pieces(pool, plan, template, lang, column_of, rows, currency), len(rows))


def fill_pieces(pool: Pool, plan: Plan, template: Template, lang: str, column_of: Callable[[str], Column], rows: np.ndarray, currency: Str) -> list[Piece]:
    """The sentence for each of some rows, in pieces of a pool."""
    parts: list[Any] = []
    for i, part in enumerate(_PLACEHOLDER.split(template.texts.get(lang, ""))):  # every second part is a name
        found = [part] if i % 2 == 0 else value_pieces(pool, plan, part, column_of(part), rows, lang, currency)
        for piece in found:
            if isinstance(piece, str) and parts and isinstance(parts[-1], str):
                parts[-1] += piece
            else:
                parts.append(piece)
    return [pool.word(part) if isinstance(part, str) else part for part in parts]


def value_pieces(pool: Pool, plan: Plan, name: str, column: Column, rows: np.ndarray, lang: str, currency: Str) -> list[Any]:
    """`value_text` of some rows of a column, in pieces; one that is the same for all is a text."""
    constant = _is_constant(column)
    if constant and not _is_money(plan, name):
        return [value_text(plan, name, to_values(column, 1)[0], lang)]
    some = column if constant else take(column, rows)
    match some:
        case Num(values=values, null=null):
            found = _number_pieces(pool, plan, name, np.broadcast_to(np.asarray(values, dtype=np.float64), (len(rows),)), lang, currency, rows)
            return found if null is None else instead(pool, found, np.broadcast_to(np.asarray(null), (len(rows),)), "-")
        case Bool():
            words = [value_text(plan, name, value, lang) for value in (False, True)]
            return [pool.coded(["-", *words], select(some.true, 2, select(some.false, 1, 0)))]
        case Str(codes=codes, words=words):
            return [pool.coded(["-", *(value_text(plan, name, word, lang) for word in words)], np.maximum(codes, -1) + 1)]
    first, kind = distinct(_keys(some, len(rows)))
    kinds = [value_text(plan, name, value, lang) for value in to_values(take(some, first), len(first))]
    return [pool.coded(kinds, kind)]


def _number_pieces(pool: Pool, plan: Plan, name: str, values: np.ndarray, lang: str, currency: Str, rows: np.ndarray) -> list[Any]:
    unit = unit_of(plan, name)
    if _is_money(plan, name):
        symbols = [shown.symbol(word) for word in currency.words]
        return [pool.coded(symbols, currency.codes[rows]), *numbers(pool, values, lang, 0)]
    if unit is not None and len(unit) > 3 and unit[:3].isupper() and unit[3] == "/":
        return [pool.word(shown.symbol(unit[:3])), *numbers(pool, values, lang, 0)]
    if _is_share(name, unit):
        return [*numbers(pool, 100 * values, lang, 0), pool.word("%")]
    return numbers(pool, values, lang)


def _keys(column: Column, size: int) -> list[np.ndarray]:
    """Whole numbers that tell a set's or a ranking's values apart."""

    def whole(array: Any) -> np.ndarray:
        return np.broadcast_to(np.asarray(array), (size,)).astype(np.int64)

    match column:
        case Bits(bits=bits, null=null):
            return [whole(bits), whole(False if null is None else null)]
        case Items(items=items, count=count, null=null):
            return [whole(count), whole(False if null is None else null), *(whole(item.codes) for item in items if isinstance(item, Str))]
    raise TypeError(type(column).__name__)


def _is_constant(column: Column) -> bool:
    match column:
        case Num(values=array) | Bits(bits=array) | Str(codes=array):
            return np.ndim(array) == 0
        case Bool():
            return np.ndim(column.true) == 0
        case Items(count=count, items=items):
            return np.ndim(count) == 0 and all(_is_constant(item) for item in items)
