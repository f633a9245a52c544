"""Turn a sentence's template and columns into one text per row, filled in the language, formatted by unit; each distinct text is made once."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from typing import Any

import numpy as np

from engine.feel.arrays import Bits, Bool, Column, Items, Num, Str, take, to_values
from engine.model.plan import Plan, Template
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
    if name in MONEY_NAMES or (unit is not None and unit.startswith("money")):
        return shown.money(value, currency, lang)
    if unit is not None and len(unit) > 3 and unit[:3].isupper() and unit[3] == "/":
        return shown.money(value, unit[:3], lang)
    if name in SHARES or name.startswith("staffing.coverage_of.") or unit == "share":
        return shown.percent(value, lang)
    return shown.number(value, lang)


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


def fill_rows(plan: Plan, template: Template, lang: str, column_of: Callable[[str], Column], rows: np.ndarray, currency: Sequence[str | None]) -> list[str]:
    """The sentence for each of some rows."""
    names = sorted(set(_PLACEHOLDER.findall(template.texts.get(lang, ""))))
    if not names:
        return [template.texts.get(lang, "")] * len(rows)
    values = {name: _values(column_of(name), rows) for name in names}
    made: dict[Any, str] = {}
    out = []
    for i in range(len(rows)):
        key = (*(values[name][i] for name in names), currency[i])
        if key not in made:
            row = dict(zip(names, key, strict=False))
            made[key] = fill_one(plan, template, lang, row.__getitem__, currency[i])
        out.append(made[key])
    return out


def _values(column: Column, rows: np.ndarray) -> list[Any]:
    if _is_constant(column):
        return to_values(column, 1) * len(rows)
    return to_values(take(column, rows), len(rows))


def _is_constant(column: Column) -> bool:
    match column:
        case Num(values=array) | Bits(bits=array) | Str(codes=array):
            return np.ndim(array) == 0
        case Bool():
            return np.ndim(column.true) == 0
        case Items(count=count, items=items):
            return np.ndim(count) == 0 and all(_is_constant(item) for item in items)


def joined_words(masks: Mapping[str, np.ndarray], size: int) -> list[str]:
    """For each row the names whose mask is true, joined by `;`; each combination is joined once."""
    names = list(masks)
    if not names:
        return [""] * size
    codes = np.zeros(size, dtype=np.uint64)
    for i, name in enumerate(names):
        codes |= masks[name].astype(np.uint64) << np.uint64(i)
    distinct, inverse = np.unique(codes, return_inverse=True)
    texts = [";".join(name for i, name in enumerate(names) if int(code) >> i & 1) for code in distinct]
    return [texts[i] for i in inverse.tolist()]
