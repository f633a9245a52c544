"""Turn the texts of a number column into numbers: how they are written is settled from its first rows, then every cell is read in that one way."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

import numpy as np

from engine.model.plan import Input
from engine.profiles.cells import Numbers, flat, is_typed, split, texts, trimmed

SAMPLE = 10_000  # rows from which the way of writing is settled
AGREE = 0.9  # share of the telling cells of the sample that have to be written in one way
FEW = 5  # different telling cells below which a column is not believed against most others of its file
LOCALES = ("en", "id")  # 1,250.5 and 1.250,5
MONEY, SHARE = "money", "share"  # units of inputs that may carry a currency, or a percent sign
CURRENCIES: Mapping[str, str] = MappingProxyType(
    {
        **{code.lower(): code for code in ("IDR", "USD", "CAD", "AUD", "SGD", "EUR", "GBP", "JPY", "MYR", "CNY", "INR")},
        **{"rp": "IDR", "us$": "USD", "ca$": "CAD", "c$": "CAD", "a$": "AUD", "s$": "SGD", "rm": "MYR", "$": "$", "€": "EUR", "£": "GBP", "¥": "¥"},
    }
)
MAGNITUDES: Mapping[str, str] = MappingProxyType(  # no `m`: a million to some, a thousand million (miliar) to others
    {
        **dict.fromkeys(("rb", "ribu", "k", "thousand"), "e3"),
        **dict.fromkeys(("jt", "juta", "mio", "mn", "million"), "e6"),
        **dict.fromkeys(("miliar", "milyar", "bn", "billion"), "e9"),
        **dict.fromkeys(("triliun", "trillion"), "e12"),
    }
)
_SPACES = "\u0020\u00a0\u2009\u202f"
_POWER = "(?:[eE][-+]?[0-9]+)?"
_CURRENCY = "(?:rp\\.?|" + "|".join(re.escape(word) for word in sorted(CURRENCIES, key=len, reverse=True) if word != "rp") + ")"
_BEFORE = rf"(?i)^([-+]?)\s*{_CURRENCY}\s*([-+]?)\s*"
_AFTER = rf"(?i)\s*{_CURRENCY}$"
_WORDS = "|".join(sorted(MAGNITUDES, key=len, reverse=True))
_MAGNITUDE = rf"(?i)([0-9.,])\s*({_WORDS})\.?$"


@dataclass(frozen=True, slots=True)
class Written:
    """How the numbers of one column are written: in which locale, and whether that is `sure`. If not, what could be read two ways is not read at all."""

    locale: str = "en"
    sure: bool = True


EN = Written()


def _grammar(group: str, point: str, power: str = _POWER) -> str:
    """Digits, in groups of three or in one, with decimals or without."""
    whole = rf"(?:[0-9]+|[1-9][0-9]{{0,2}}(?:(?:{group}[0-9]{{3}})+|(?:[{_SPACES}][0-9]{{3}})+))"
    return rf"^[-+]?(?:{whole}(?:{point}[0-9]*)?|{point}[0-9]+){power}$"


GRAMMARS = {"en": _grammar(",", r"\."), "id": _grammar(r"\.", ",")}
_WITHOUT_POWER = {"en": _grammar(",", r"\.", ""), "id": _grammar(r"\.", ",", "")}


def settled(item: Input, column: Any) -> tuple[Written, int]:
    """How the numbers of a column are written, by its first SAMPLE rows: surely in one way when at least AGREE of the cells that tell say so;
    and how many different cells do.

    A cell tells when it can be read in one way only (`1.250.000`, `12.5`), or when of two readings only one is possible for the input: whole, within its range.
    """
    import pyarrow.compute as pc

    if is_typed(column):
        return EN, 0
    words = pc.unique(trimmed(flat(texts(column.slice(0, SAMPLE)))))
    content = words.buffers()[2]
    if content is None or not any(mark in content.to_pybytes() for mark in (b".", b",")):
        return Written("en", False), 0
    en, id = (read_as(item, words, locale) for locale in LOCALES)
    alike = en.readable & id.readable & (en.values == id.values)
    both = en.readable & id.readable
    says_en = en.readable & ~alike & (~both | (_possible(item, en.values) & ~_possible(item, id.values)))
    says_id = id.readable & ~alike & (~both | (_possible(item, id.values) & ~_possible(item, en.values)))
    told = says_en.sum() + says_id.sum()
    for locale, says in (("en", says_en), ("id", says_id)):
        if told and says.sum() >= AGREE * told:
            return Written(locale), int(says.sum())
    return Written("en", False), 0


def numbers(item: Input, column: Any, written: Written) -> Numbers:
    """The numbers of a column that is written in a settled way. Cells of another way are no numbers here; where the way is not sure, those that
    could be two numbers are `two_ways`."""
    import pyarrow as pa
    import pyarrow.compute as pc

    column = texts(column)
    marks = (b".", b",") if written.locale == "id" else () if written.sure else (b".",)
    if not _holds(column, marks):
        try:
            values, null = split(column.cast(pa.float64()))
            if np.isfinite(values).all():
                return Numbers(values + 0.0, null)
        except pa.ArrowInvalid:
            pass
    column = trimmed(flat(column))
    found = read_as(item, column, written.locale)
    missing = column.is_null().to_numpy(zero_copy_only=False)
    unsure = np.zeros(len(column), dtype=bool)
    if not written.sure:
        other = read_as(item, column, "en" if written.locale == "id" else "id")
        unsure = found.readable & other.readable & (found.values != other.values)
    large = found.readable & ~np.isfinite(found.values)
    values = found.values + 0.0
    values[unsure | large] = 0.0
    wrong = ~found.readable & ~missing
    currency = None if found.currency is None else pc.if_else(pa.array(wrong), None, found.currency)
    return Numbers(values, missing if missing.any() else None, np.flatnonzero(wrong), np.flatnonzero(large & ~unsure), np.flatnonzero(unsure), currency)


class Reading:
    """Texts read in one way. `readable`: mask; `values`: float64, 0 where not readable; `currency`: the words for currencies beside the numbers, or None."""

    __slots__ = ("currency", "readable", "values")

    def __init__(self, readable: np.ndarray, values: np.ndarray, currency: Any) -> None:
        self.readable, self.values, self.currency = readable, values, currency


def read_as(item: Input, column: Any, locale: str) -> Reading:
    """Trimmed texts read as numbers of a locale; with a currency where the input is money, with a percent sign where it is a share, else with
    a word for thousands or millions."""
    import pyarrow as pa
    import pyarrow.compute as pc

    core = pc.replace_substring(column, "\u2212", "-")
    currency = None
    if item.unit == MONEY:
        core, currency = _without_currency(core)
    core, power = _without_percent(core) if item.unit == SHARE else _without_magnitude(core)
    readable = pc.match_substring_regex(core, GRAMMARS[locale])
    if power is not None:
        readable = pc.if_else(pc.equal(power, ""), readable, pc.match_substring_regex(core, _WITHOUT_POWER[locale]))
    digits = pc.if_else(readable, core, None)
    digits = pc.replace_substring_regex(digits, f"[{'.' if locale == 'id' else ','}{_SPACES}]", "")
    if locale == "id":
        digits = pc.replace_substring(digits, ",", ".")
    if power is not None:  # shifted as text, so that 7.1% is the very number 0.071
        digits = pc.binary_join_element_wise(digits, power, "")
    values = digits.cast(pa.float64()).fill_null(0.0).to_numpy(zero_copy_only=False).astype(np.float64)
    return Reading(readable.fill_null(False).to_numpy(zero_copy_only=False), values, currency)


def one(item: Input, text: str, locale: str) -> float | None:
    """A trimmed text read as one number, as `read_as` reads a column; None when it is none, or too large."""
    core = text.replace("\u2212", "-")
    if item.unit == MONEY:
        bare = re.sub(r",-+$", "", re.sub(_BEFORE, r"\1\2", core))
        core = re.sub(_AFTER, "", bare) if bare == core else bare
    power = ""
    if item.unit == SHARE:
        core, power = (re.sub(r"\s*%$", "", core), "e-2") if core.endswith("%") else (core, "")
    elif marked := re.search(_MAGNITUDE, core):
        core, power = core[: marked.start() + 1], MAGNITUDES[marked[2].lower()]
    if not re.match((_WITHOUT_POWER if power else GRAMMARS)[locale], core):
        return None
    digits = re.sub(f"[{'.' if locale == 'id' else ','}{_SPACES}]", "", core).replace(",", ".")
    value = float(digits + power)
    return value if math.isfinite(value) else None


def _without_currency(column: Any) -> tuple[Any, Any]:
    """Texts of money without the currency before or after them and without the `,-` that closes an amount; and that currency, None where there is none."""
    import pyarrow.compute as pc

    marked = pc.match_substring_regex(column, rf"{_BEFORE}|{_AFTER}|,-+$")
    if not pc.any(marked).as_py():
        return column, None
    number = rf"(?i:[-+0-9.,\s]+(?:e[-+]?[0-9]+|\s*(?:{_WORDS})\.?)?\s*)"
    word = pc.utf8_lower(pc.replace_substring_regex(column, f"^{number}|{number}$", ""))
    word = pc.if_else(pc.and_(marked, pc.not_equal(word, "")), word, None)
    bare = pc.replace_substring_regex(pc.replace_substring_regex(column, _BEFORE, r"\1\2"), r",-+$", "")
    once = pc.equal(bare, column)  # a currency stands before or after, not on both sides
    return pc.if_else(once, pc.replace_substring_regex(bare, _AFTER, ""), bare), word


def _without_percent(column: Any) -> tuple[Any, Any]:
    """Texts of shares without their percent sign, and by what power of ten each is shifted for it; None where none has one."""
    import pyarrow.compute as pc

    marked = pc.ends_with(column, "%")
    if not pc.any(marked).as_py():
        return column, None
    return pc.replace_substring_regex(column, r"\s*%$", ""), pc.if_else(marked, "e-2", "")


def _without_magnitude(column: Any) -> tuple[Any, Any]:
    """Texts without a thousand or a million after the number (`5 jt`, `1,2 miliar`, `12k`), and the power of ten of each; None where none has one."""
    import pyarrow as pa
    import pyarrow.compute as pc

    marked = pc.match_substring_regex(column, _MAGNITUDE)
    if not pc.any(marked).as_py():
        return column, None
    word = pc.utf8_lower(pc.replace_substring_regex(pc.replace_substring_regex(column, r"\.$", ""), r"^.*?([A-Za-z]*)$", r"\1"))
    power = pc.if_else(marked, pa.array(MAGNITUDES.values()).take(pc.index_in(word, pa.array(MAGNITUDES))), "")
    return pc.replace_substring_regex(column, _MAGNITUDE, r"\1"), power


def _possible(item: Input, values: np.ndarray) -> np.ndarray:
    """Which values the input may have."""
    inside = (values > item.type.low if item.low_open else values >= item.type.low) & (values < item.type.high if item.high_open else values <= item.type.high)
    return inside & (values == np.rint(values)) if item.type.integer else inside


def _holds(column: Any, marks: tuple[bytes, ...]) -> bool:
    """Whether texts may hold one of some bytes."""
    contents = [chunk.buffers()[2] for chunk in getattr(column, "chunks", [column])] if marks else []
    return any(mark in content.to_pybytes() for content in contents if content is not None for mark in marks)
