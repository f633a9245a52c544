"""Turn the text of a cell that cannot stand into a diagnostic: what is wrong with it and how to write it."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Mapping

from engine.diagnostics import Diagnostic, Hint, did_you_mean
from engine.feel.numbers import number_text
from engine.model.plan import Input
from engine.profiles.numerals import LOCALES, one
from engine.profiles.table import SHOWN, shortened

UNKNOWN = frozenset(
    {"nan", "n/a", "na", "n.a.", "none", "null", "nil", "-", "--", "?", "unknown", "tidak ada", "tidak diketahui", "kosong", "#n/a", "belum ada"}
)
_GROUPED = re.compile(r"[-+]?[0-9]{1,3}([., \u00a0'_][0-9]{3})+\Z")
_GROUPED_DECIMALS = re.compile(r"[-+]?[0-9]{1,3}(?:(?P<a>[.,])[0-9]{3})+(?P<b>[.,])[0-9]+\Z")
_COMMA = re.compile(r"[-+]?[0-9]*,[0-9]+\Z")
_MILLION_OR_MILIAR = re.compile(r"[0-9]\s*m\.?\Z", re.IGNORECASE)
_AFFIXES = re.compile(r"\A(?:rp\.?|idr|usd|cad|us\$|c\$|\$)?\s*(.*?)\s*(?:[%]|,-|[a-z/ ]+)?\Z", re.IGNORECASE | re.DOTALL)


def not_a_number(item: Input, locale: str, text: str) -> Diagnostic:
    """`locale`: how the column's numbers are written."""
    return Diagnostic("P304", {"text": shortened(text)}, None, _number_hint(item, locale, text.strip()))


def two_ways(item: Input, text: str) -> Diagnostic:
    """A number that is one with a decimal point and another one with a decimal comma."""
    en, id = (number_text(one(item, text.strip(), locale) or 0.0) for locale in LOCALES)
    return Diagnostic("P317", {"text": shortened(text), "en": en, "id": id}, None, Hint("hint.locale", {"en": en, "id": id}))


def too_large(text: str) -> Diagnostic:
    return Diagnostic("P305", {"text": shortened(text)}, None, Hint("hint.leave_empty"))


def not_whole(text: str) -> Diagnostic:
    try:
        whole = number_text(math.floor(float(text) + 0.5))
    except (ValueError, OverflowError):
        return Diagnostic("P307", {"text": shortened(text)})
    return Diagnostic("P307", {"text": shortened(text)}, None, Hint("hint.write_if", {"text": whole}))


def out_of_range(item: Input, text: str) -> Diagnostic:
    unknown = text.strip() in ("-1", "-9", "-99", "-999", "-9999", "9999", "99999")
    return Diagnostic("P306", {"text": shortened(text), "range": range_text(item)}, None, Hint("hint.leave_empty") if unknown else None)


def range_text(item: Input, name: str | None = None) -> str:
    """`0 < employees <= 3000000`, or one side of it."""
    name = name or item.id
    low, high = item.type.low, item.type.high
    below, above = "<" if item.low_open else "<=", "<" if item.high_open else "<="
    if math.isfinite(low) and (not math.isfinite(high) or high >= 1e15 > abs(low)):
        return f"{name} {'>' if item.low_open else '>='} {number_text(low)}"
    if math.isfinite(high) and (not math.isfinite(low) or low <= -1e15 < -abs(high)):
        return f"{name} {above} {number_text(high)}"
    if not math.isfinite(low):
        return name
    return f"{number_text(low)} {below} {name} {above} {number_text(high)}"


def not_yes_or_no(text: str) -> Diagnostic:
    return Diagnostic("P308", {"text": shortened(text)}, None, Hint("hint.leave_empty") if text.lower() in UNKNOWN else Hint("hint.yes_no"))


class Spelled:
    """Every way to write one of an input's words, found by the pairs of letters in it: most unknown words are near none, which should show at once."""

    def __init__(self, known: Mapping[str, str]) -> None:
        self.known = known
        self._pairs: dict[str, list[str]] = {}
        for way in known:
            for pair in _pairs(way):
                self._pairs.setdefault(pair, []).append(way)

    def near(self, text: str) -> Hint | None:
        """A hint with the nearest word that shares a third of the pairs of letters."""
        if len(text) > SHOWN:
            return None
        mine = _pairs(text)
        shared = Counter(way for pair in mine for way in self._pairs.get(pair, ()))
        near = did_you_mean(text, [way for way, count in shared.items() if 3 * count >= max(len(mine), len(way))]) if shared else None
        return near and Hint("hint.did_you_mean", {"name": self.known[str(near.values["name"])]})


def _pairs(text: str) -> set[str]:
    whole = f"^{text.lower()}$"
    return {whole[i : i + 2] for i in range(len(whole) - 1)}


def unknown_word(item: Input, text: str, known: Spelled) -> Diagnostic:
    values = item.type.values or ()
    allowed = Hint("hint.allowed", {"values": ", ".join(values[:20])})
    parts = [part.strip() for part in re.split(r"[,/|+&]", text)]
    if item.type.kind in ("set", "ranking") and len(parts) > 1 and any(part.lower() in values for part in parts):
        hint = Hint("hint.semicolons", {"text": shortened(";".join(part for part in parts if part))})
    elif text.lower() in UNKNOWN:
        hint = Hint("hint.leave_empty")
    else:
        hint = known.near(text) or allowed
    return Diagnostic("P309", {"text": shortened(text), "input": item.id}, None, hint)


def _number_hint(item: Input, locale: str, text: str) -> Hint:
    if text.lower() in UNKNOWN:
        return Hint("hint.leave_empty")
    if _MILLION_OR_MILIAR.search(text):
        return Hint("hint.magnitude")
    other = "en" if locale == "id" else "id"
    value = one(item, text, other)
    if value is not None:
        written = number_text(value) if locale == "en" else number_text(value).replace(".", ",")
        return Hint("hint.other_locale", {"text": written, "locale": other})
    if locale == "id":
        return Hint("hint.decimal_comma")
    plain = _plain(text)
    if plain is not None:
        return Hint("hint.write", {"text": plain})
    inner = _AFFIXES.match(text)
    if inner and inner.group(1) != text:
        number = inner.group(1) if re.fullmatch(r"[-+]?[0-9]+(\.[0-9]+)?", inner.group(1)) else _plain(inner.group(1))
        if number is not None and "%" not in text:
            return Hint("hint.write_if", {"text": number})
    return Hint("hint.plain_number")


def _plain(text: str) -> str | None:
    """A number written with separators or a decimal comma, as it should be written."""
    if _GROUPED.match(text):
        return re.sub(r"[., \u00a0'_]", "", text)
    both = _GROUPED_DECIMALS.match(text)
    if both and both["a"] != both["b"]:
        return text.replace(both["a"], "").replace(both["b"], ".")
    return text.replace(",", ".") if _COMMA.match(text) else None
