"""Turn a sentence's template and values into a text, filled in the language, formatted by unit; for one profile, or for many rows at once."""

from __future__ import annotations

import re
from collections.abc import Callable
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from typing import Any

import numpy as np

from engine.feel.arrays import Bits, Bool, Column, Items, Num, Str, take, to_values
from engine.model.plan import Plan, Template
from engine.outcome.words import distinct, joined, numbers, take_texts
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
    text = template.texts.get(lang, "")
    parts: list[Any] = []
    for i, piece in enumerate(_PLACEHOLDER.split(text)):  # every second piece is a name
        if i % 2 == 0:
            parts.append(piece)
        else:
            parts.append(value_texts(plan, piece, column_of(piece), rows, lang, currency))
    return joined([part for part in parts if not isinstance(part, str) or part], "", len(rows))


def value_texts(plan: Plan, name: str, column: Column, rows: np.ndarray, lang: str, currency: Str) -> Any:
    """`value_text` of some rows of a column."""
    constant = _is_constant(column)
    money = _is_money(plan, name)
    if constant and not money:
        return value_text(plan, name, to_values(column, 1)[0], lang)
    some = column if constant else take(column, rows)
    match some:
        case Num(values=values, null=null):
            found = _number_texts(plan, name, np.broadcast_to(np.asarray(values, dtype=np.float64), (len(rows),)), lang, currency, rows)
            return found if null is None else _without(found, null)
        case Bool():
            codes = np.where(some.true, 1, np.where(some.false, 0, -1))
            words = [value_text(plan, name, value, lang) for value in (False, True)]
            return take_texts([*words, "-"], np.where(codes < 0, 2, codes))
        case Str(codes=codes, words=words):
            labels = [value_text(plan, name, word, lang) for word in words]
            return take_texts([*labels, "-"], np.where(codes < 0, len(words), codes))
    first, kind = distinct(_keys(some, len(rows)))
    kinds = [value_text(plan, name, value, lang) for value in to_values(take(some, first), len(first))]
    return take_texts(kinds, kind)


def _number_texts(plan: Plan, name: str, values: np.ndarray, lang: str, currency: Str, rows: np.ndarray) -> Any:
    unit = unit_of(plan, name)
    if _is_money(plan, name):
        codes = currency.codes[rows]
        symbols = [shown.symbol(word) for word in currency.words]
        return joined([take_texts([*symbols, ""], np.where(codes < 0, len(symbols), codes)), numbers(values, lang, 0)], "", len(values))
    if unit is not None and len(unit) > 3 and unit[:3].isupper() and unit[3] == "/":
        return joined([shown.symbol(unit[:3]), numbers(values, lang, 0)], "", len(values))
    if _is_share(name, unit):
        return joined([numbers(100 * values, lang, 0), "%"], "", len(values))
    return numbers(values, lang)


def _without(found: Any, null: Any) -> Any:
    import pyarrow as pa
    import pyarrow.compute as pc

    return pc.if_else(pa.array(np.broadcast_to(np.asarray(null), (len(found),))), "-", found)


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
