"""Turn values into text for reading: numbers with the language's separators, money, shares, lists of labels."""

from __future__ import annotations

from collections.abc import Iterable

_SYMBOLS = {"IDR": "Rp", "USD": "USD ", "CAD": "CAD "}


def number(value: float, lang: str = "en", decimals: int | None = None) -> str:
    """`1,234.5` in English, `1.234,5` in Indonesian; up to two decimals, more for small numbers, none that are zero."""
    value = value + 0.0
    if decimals is None:
        size = abs(value)
        decimals = 0 if size >= 1000 else 1 if size >= 100 else 2 if size >= 0.01 or size == 0 else 4
    text = f"{value:,.{decimals}f}"
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    if text in ("-0", ""):
        text = "0"
    return text if lang == "en" else text.translate(str.maketrans(",.", ".,"))


def money(value: float, currency: str | None, lang: str = "en") -> str:
    """`Rp8,685,285` or `Rp8.685.285`; whole units of the currency."""
    return f"{_SYMBOLS.get(currency or '', f'{currency} ' if currency else '')}{number(value, lang, 0)}"


def short_money(value: float, currency: str | None, lang: str = "en") -> str:
    """Money for a narrow column: millions and billions in two or three digits (`8.7 M`, in Indonesian `8,7 jt`)."""
    for size, (en, id_) in ((1e9, ("bn", "M")), (1e6, ("m", "jt"))):
        if abs(value) >= size:
            digits = 0 if abs(value) >= 100 * size else 1
            return f"{number(value / size, lang, digits)} {id_ if lang == 'id' else en}"
    return number(value, lang, 0)


def percent(value: float, lang: str = "en") -> str:
    return f"{number(100 * value, lang, 0)}%"


def listed(words: Iterable[str], lang: str = "en") -> str:
    """`a, b and c`. In Indonesian items that hold a "dan" themselves are joined by "serta"."""
    items = list(words)
    joiner = "and" if lang == "en" else "serta" if any(" dan " in item for item in items) else "dan"
    if len(items) < 2:
        return "".join(items)
    return f"{', '.join(items[:-1])}{',' if len(items) > 2 and lang == 'id' else ''} {joiner} {items[-1]}"
